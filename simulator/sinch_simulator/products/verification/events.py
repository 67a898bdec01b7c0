"""What happens to a verification, beside what phones and callbacks tell of it."""

from typing import Any, ClassVar

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import TimerFired
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import Word, frozen
from sinch_simulator.phones.app_signals import MobileDataUsed
from sinch_simulator.phones.signals import Answered, Declined, DigitPressed, HungUp, TextDelivered, TextFailed
from sinch_simulator.products.verification.model import Reason, Request, Status


class Timer(Word):
    """What a verification waits for by the clock; a text for people."""

    EXPIRY = "expiry"
    DIAL = "dial"
    SPEECH = "speech"
    PIN = "pin"


@frozen
class Started(Happened):
    """The app has started a verification."""

    journal_kind: ClassVar[str | None] = "verification.started"
    subject: str
    request: Request

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        fields: dict[str, Any] = {"method": self.request.method.value, "to": self.request.number}
        return fields if self.request.reference is None else {**fields, "reference": self.request.reference}


@frozen
class Reported(Happened):
    """Somebody has reported a code, or the number of a flash call; the machine finds out whether it is right."""

    journal_kind: ClassVar[str | None] = "verification.reported"
    subject: str
    secret: str
    source: str | None = None

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"secret": self.secret, **({} if self.source is None else {"source": self.source})}


@frozen
class ReportedRight(Reported):
    """The secret that was reported is right."""


@frozen
class ReportedWrong(Reported):
    """The secret that was reported is wrong."""


@frozen
class Superseded(Happened):
    """The app has started another verification of the same number."""

    journal_kind: ClassVar[str | None] = "verification.superseded"
    subject: str


@frozen
class DeviceFetched(Happened):
    """Somebody has followed the target URI of a data verification to its end."""

    journal_kind: ClassVar[str | None] = "verification.fetched"
    subject: str


@frozen
class Concluded(Happened):
    """The platform ends a verification by itself, as somebody who controls the simulator wants it."""

    journal_kind: ClassVar[str | None] = "verification.concluded"
    subject: str
    status: Status
    reason: Reason | None

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"status": self.status.value, "reason": None if self.reason is None else self.reason.value}


Event = (
    Started
    | ReportedRight
    | ReportedWrong
    | Superseded
    | DeviceFetched
    | Concluded
    | MobileDataUsed
    | TextDelivered
    | TextFailed
    | Answered
    | Declined
    | DigitPressed
    | HungUp
    | TimerFired
    | AppReplied
    | AppFailed
)
