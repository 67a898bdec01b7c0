"""Defines what a simulator's users meet as exceptions; each message says what would be right instead."""


class SimulatorError(Exception):
    """Says that the simulator was used in a way that is not possible, and what would be right."""


class Refused(SimulatorError):
    """Says that a request was refused, or that no simulator answered it.

    ``status`` is the HTTP status, 0 without an answer; ``code`` is the error code of the answer: a word of the control
    API, a number of the platform, None without one.
    """

    def __init__(self, message: str, status: int = 0, code: str | int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class CalloutRefused(SimulatorError):
    """Says that the platform refuses a callout: ``code`` is its error code (40001), ``status`` the HTTP status."""

    def __init__(self, message: str, *, code: int, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class ScenarioFailed(AssertionError):
    """Names the step of a scenario file that is not so, and shows the ladder of each call of the scenario."""


class NotSeen(AssertionError):
    """Says that what was waited for did not come and what the call is doing instead, and shows its ladder."""

    def __init__(self, message: str, *, call_id: str | None = None) -> None:
        super().__init__(message)
        self.call_id = call_id
        """The call whose ladder is shown."""
