"""What products say to a phone beside calls and texts, and what it says back: its app, its mobile data, its call list.

As in ``signals``, orders are in the imperative and what a phone does is in the past tense. ``subject`` is the id of
what it is about in its product, ``to`` the number of the phone.
"""

from typing import Any, ClassVar

from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import frozen


@frozen
class ShowToApp(Happened):
    """Shows an app on the phone what has arrived there for it: a code, or the number that calls.

    Nothing comes of it where the persona has no ``app``. An app that intercepts declines the call that ``rings``.
    """

    subject: str
    to: str
    secret: str
    rings: bool = False


@frozen
class UseMobileData(Happened):
    """Asks the network whose SIM carries the mobile data of the phone; ``MobileDataUsed`` is the answer."""

    subject: str
    to: str


@frozen
class MissCall(Happened):
    """Leaves a missed call on the phone, which has rung for so many milliseconds."""

    journal_kind: ClassVar[str | None] = "call.missed"
    subject: str
    to: str
    cli: str
    rang_ms: int

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"to": self.to, "cli": self.cli, "seconds": self.rang_ms / 1000}


@frozen
class AppReported(Happened):
    """An app on a phone reports what has arrived there, rightly or not."""

    journal_kind: ClassVar[str | None] = "app.reported"
    subject: str
    secret: str
    source: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"secret": self.secret, "source": self.source}


@frozen
class MobileDataUsed(Happened):
    """The network has carried mobile data for the SIM with this number; None: the phone was on Wi-Fi."""

    journal_kind: ClassVar[str | None] = "data.used"
    subject: str
    number: str | None

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"sim": self.number}


AppOrder = ShowToApp | UseMobileData | MissCall
"""What a product can order of a phone beside calls and texts."""
