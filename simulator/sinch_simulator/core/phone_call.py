"""A call to a phone that another product than Voice has placed: the call of a verification.

A product that places such calls keeps a ``PhoneCall`` for each in the world's ``phone_calls``; there the list of calls
finds them, beside those of Voice. Moments are simulated milliseconds since the world began.
"""

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import Word, define


class CallResult(Word):
    """What became of such a call (docs/platform/verification.md#5.2)."""

    ANSWERED = "ANSWERED"
    COMPLETED = "COMPLETED"
    NO_ANSWER = "NO_ANSWER"
    CANCEL = "CANCEL"
    BUSY = "BUSY"
    FAILED = "FAILED"


@define(eq=False)
class PhoneCall:
    """One call from the platform to the phone with the number ``to``, which is shown ``cli``."""

    id: str
    """The subject of its timers, phones and journal lines, unique in the simulator."""
    application: Application
    origin: str
    """Why the platform calls, in a word: ``verification``."""
    cli: str
    to: str
    dialled_ms: int
    custom: str | None = None
    answered_ms: int | None = None
    ended_ms: int | None = None
    result: CallResult | None = None
    """None while it goes on."""
    hung_up_by_phone: bool = False
    menu_id: str | None = None
    """The menu in which keys count; None where none do."""
    heard: list[str] = field(factory=list)
    pressed: str = ""

    @property
    def final(self) -> bool:
        """Returns whether it is over."""
        return self.ended_ms is not None

    @property
    def ringing(self) -> bool:
        """Returns whether the phone rings."""
        return self.answered_ms is None and self.ended_ms is None

    def duration_s(self, now: int) -> int:
        """Returns for how many started seconds it has been answered; 0 when it was not."""
        if self.answered_ms is None:
            return 0
        return -(-((now if self.ended_ms is None else self.ended_ms) - self.answered_ms) // 1000)
