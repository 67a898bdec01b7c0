"""The settings with which scenarios are played, and what comes of each."""

from sinch_scenarios.playing.timing import BACKGROUND_S, ClockChoice
from sinch_simulator.client.control import Answer
from sinch_simulator.core.application import DEFAULT_NUMBER
from sinch_simulator.core.values import frozen

LONGEST_PLAY_S = 120.0


@frozen
class Failure:
    """Says why a scenario failed. ``step`` counts from one; ``ladders`` are its calls as text."""

    step: int
    line: int
    column: int
    message: str
    ladders: tuple[str, ...] = ()


@frozen
class Result:
    """The result of a scenario. ``seconds`` are real; ``simulated_s`` passed in its world."""

    file: str
    name: str
    seconds: float
    simulated_s: float = 0.0
    failure: Failure | None = None
    expected_failures: frozenset[tuple[str, int]] = frozenset()
    """Id and attempt of the callbacks of which a step said that the app would fail them."""
    warnings: tuple[Answer, ...] = ()
    """The findings of severity warning that there were in its world, as the control API shows them."""

    @property
    def passed(self) -> bool:
        """Whether every step was as the scenario says."""
        return self.failure is None


@frozen
class Settings:
    """Settings of how scenarios are played. ``longest_s`` is real seconds for one scenario."""

    clock: ClockChoice = ClockChoice.AUTO
    seed: int = 0
    background_s: float = BACKGROUND_S
    longest_s: float = LONGEST_PLAY_S
    numbers: tuple[str, ...] = (DEFAULT_NUMBER,)
    """Those of the application, where the file names none."""
    fail_on: frozenset[str] = frozenset()
    """Severities of findings that fail a scenario, beside those that its file names: ``warning``, ``error``."""
