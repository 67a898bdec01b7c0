"""What the faces raise: each says what to do instead."""


class SimulatorError(Exception):
    """The simulator was used in a way that can't be; the message says what would be right."""


class CalloutRefused(SimulatorError):
    """The platform does not take a callout: ``code`` is its error code (40001), ``status`` the HTTP status (400)."""

    def __init__(self, message: str, *, code: int, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class ScenarioFailed(AssertionError):
    """A step of a scenario file is not so; the message has its place, and the ladder of each call of the scenario."""


class NotSeen(AssertionError):
    """What was waited for did not come; the message says what the call is doing instead, and shows its ladder."""

    def __init__(self, message: str, *, call_id: str | None = None) -> None:
        super().__init__(message)
        self.call_id = call_id
        """The call whose ladder is shown."""
