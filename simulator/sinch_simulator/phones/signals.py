"""What products and phones say to each other. Neither knows more of the other than this.

Orders to a phone are in the imperative (``Invite``, ``Play``, ``SendText``), what a phone does is in the past tense
(``Answered``, ``HungUp``, ``TextDelivered``). A phone is rung on one *leg* of a call; a call is whatever its product
says it is. Durations are integer milliseconds. Each signal says how the journal tells it.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field

from sinch_simulator.core.addresses import Address
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import Word, frozen


class LegName(Word):
    """The two ends of a call. The platform itself stands at the caller's end of a call that it places."""

    CALLER = "caller"
    CALLEE = "callee"

    @property
    def other(self) -> "LegName":
        """Returns the opposite end."""
        return LegName.CALLEE if self is LegName.CALLER else LegName.CALLER


class AnsweredAs(Word):
    """What picks up."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    SILENCE = "silence"


class AmdStatus(Word):
    """Verdicts of answering machine detection (docs/platform/callbacks.md#8)."""

    HUMAN = "human"
    MACHINE = "machine"
    NOTSURE = "notsure"
    HANGUP = "hangup"
    INPROGRESS = "inprogress"


class AmdReason(Word):
    """Why detection decided as it did (docs/platform/callbacks.md#8)."""

    LONGGREETING = "longgreeting"
    INITIALSILENCE = "initialsilence"
    BEEP = "beep"
    NA = "n/a"


@frozen
class AmdVerdict:
    """A scripted verdict: what detection will say, whatever is heard."""

    status: AmdStatus
    reason: AmdReason
    duration_ms: int


@frozen
class Manner:
    """How a phone sounds once it has picked up: this is all that machine detection can go by."""

    answered_as: AnsweredAs = AnsweredAs.HUMAN
    greeting_ms: int = 0
    beep: bool = False
    verdict: AmdVerdict | None = None


class Cause(Word):
    """Why a call was not answered."""

    BUSY = "busy"
    REJECTED = "rejected"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    CONGESTION = "congestion"


@frozen
class LegSignal(Happened):
    """Something that is said about one leg of a call."""

    call_id: str
    leg: LegName

    if TYPE_CHECKING:

        @property
        def subject(self) -> str:
            """Returns whom it is about: the call."""

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value}


if not TYPE_CHECKING:
    # The same slot under its general name: a property would take five times as long, for every signal of every call.
    LegSignal.subject = LegSignal.call_id


# ---- a call: orders to a phone ----------------------------------------------------------------------------------


@frozen
class Invite(LegSignal):
    """Rings the phone at this address, which is shown ``cli`` as the caller. Nobody speaks in a ``flash`` call."""

    journal_kind: ClassVar[str | None] = "leg.invited"
    address: Address
    cli: str
    flash: bool = False

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        to = {"type": self.address.kind.value, "endpoint": self.address.endpoint}
        return {"leg": self.leg.value, "to": to, "cli": self.cli}


@frozen
class Dial(LegSignal):
    """Puts a phone that has dialled in on this leg; it begins to act when everything ordered with this is done.

    ``endpoint`` is its number or name. ``persona`` is how whoever dials behaves: a ``Persona`` of
    ``phones/behaviour.py`` that products pass on unread, or None, and the phone book says.
    """

    endpoint: str
    persona: object = None


@frozen
class ComeIn:
    """Lets this leg, in place of a phone, be the caller of another product's call, at a number of the world's own.

    The other product's machine gets ``arrival`` in ``take_caller``, and returns id, leg and effects.
    """

    call_id: str
    leg: LegName
    product: str
    arrival: object


@frozen
class Accept(LegSignal):
    """Tells the caller that the call is answered: from here it costs, and audio is heard for certain."""

    journal_kind: ClassVar[str | None] = "leg.accepted"


@frozen
class Release(LegSignal):
    """Disconnects the phone: the platform has hung up."""

    journal_kind: ClassVar[str | None] = "leg.released"


@frozen
class Play(LegSignal):
    """Lets the phone hear something from now on. ``text`` is spoken text as plain text, or a file's URL or name.

    What is ``looping`` (music on hold) begins again and again until a ``Hush``; the duration is the longest possible.
    """

    journal_kind: ClassVar[str | None] = "prompt.started"
    text: str
    duration_ms: int
    locale: str = "en-US"
    spoken: bool = True
    looping: bool = False

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it; durations are seconds."""
        fields: dict[str, Any] = {"leg": self.leg.value, "text": self.text}
        if self.looping:
            return {**fields, "looping": True}
        fields["seconds"] = self.duration_ms / 1000
        if self.spoken:
            fields["locale"] = self.locale
        return fields


@frozen
class Hush(LegSignal):
    """Stops at once what plays to the phone."""

    journal_kind: ClassVar[str | None] = "prompt.stopped"


@frozen
class OpenMenu(LegSignal):
    """Lets keys from the phone count."""

    journal_kind: ClassVar[str | None] = "menu.opened"
    menu_id: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "menuId": self.menu_id}


@frozen
class CloseMenu(LegSignal):
    """Lets keys from the phone count no longer."""

    journal_kind: ClassVar[str | None] = "menu.closed"


@frozen
class Connect(LegSignal):
    """Lets the phone talk with somebody: with the other leg, a room or a stream."""

    journal_kind: ClassVar[str | None] = "leg.connected"


@frozen
class Beep(LegSignal):
    """Lets the phone hear a beep."""

    journal_kind: ClassVar[str | None] = "beep.heard"


@frozen
class SendDigits(LegSignal):
    """Lets the phone hear these tones: ``0-9 * #``, ``w`` is a pause of 500 ms."""

    journal_kind: ClassVar[str | None] = "dtmf.sent"
    digits: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "digits": self.digits}


# ---- a call: what a phone does ----------------------------------------------------------------------------------


@frozen
class Answered(LegSignal):
    """A phone picked up."""

    journal_kind: ClassVar[str | None] = "leg.answered"
    manner: Manner = field(factory=Manner)

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "as": self.manner.answered_as.value}


@frozen
class Declined(LegSignal):
    """A phone did not pick up, or could not be reached."""

    journal_kind: ClassVar[str | None] = "leg.declined"
    cause: Cause

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "cause": self.cause.value}


@frozen
class DigitPressed(LegSignal):
    """A key was pressed: one of ``0-9 * #``."""

    journal_kind: ClassVar[str | None] = "digit.pressed"
    digit: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "digit": self.digit}


@frozen
class Spoke(LegSignal):
    """A phone's owner said something."""

    journal_kind: ClassVar[str | None] = "speech"
    text: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "text": self.text}


@frozen
class Beeped(LegSignal):
    """A phone's answering machine beeped: it records from here on."""

    journal_kind: ClassVar[str | None] = "beep"


@frozen
class HungUp(LegSignal):
    """A phone hung up. ``lost_network`` tells a client whose network failed from one who chose to go."""

    journal_kind: ClassVar[str | None] = "leg.hungup"
    lost_network: bool = False

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"leg": self.leg.value, "lostNetwork": self.lost_network}


# ---- texts ------------------------------------------------------------------------------------------------------


@frozen
class TextSignal(Happened):
    """Something that is said about one text message; ``message_id`` is its product's id of it."""

    message_id: str

    if TYPE_CHECKING:

        @property
        def subject(self) -> str:
            """Returns whom it is about: the message."""


if not TYPE_CHECKING:
    TextSignal.subject = TextSignal.message_id


@frozen
class SendText(TextSignal):
    """Hands a text message on to the phone with the number ``to``: its ``text``, or binary ``data``.

    ``sender`` is whom the phone shows: a number, a short code or a name. ``udh`` is the user data header of a binary
    message.
    """

    journal_kind: ClassVar[str | None] = "text.sent"
    to: str
    sender: str
    text: str | None = None
    data: bytes | None = None
    udh: bytes = b""

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it; bytes are written in hex."""
        fields: dict[str, Any] = {"to": self.to, "from": self.sender}
        if self.data is None:
            return {**fields, "text": self.text}
        return {**fields, "data": self.data.hex(), "udh": self.udh.hex()}


@frozen
class TextDelivered(TextSignal):
    """A text message has arrived at the phone with the number ``to``, and lies in its inbox."""

    journal_kind: ClassVar[str | None] = "text.delivered"
    to: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"to": self.to}


@frozen
class TextFailed(TextSignal):
    """A text message to ``to`` will not arrive; ``status`` and ``code`` as in a receipt (docs/platform/sms.md#6)."""

    journal_kind: ClassVar[str | None] = "text.failed"
    to: str
    status: str
    code: int

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"to": self.to, "status": self.status, "code": self.code}


@frozen
class TextReplied(TextSignal):
    """Whoever got the text message has answered it, to whoever it showed as its sender."""

    journal_kind: ClassVar[str | None] = "text.replied"
    text: str

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        return {"text": self.text}


LegOrder = Invite | Accept | Release | Play | Hush | OpenMenu | CloseMenu | Connect | Beep | SendDigits
"""What a product can order of the phone on a leg."""
LegEvent = Answered | Declined | DigitPressed | Spoke | Beeped | HungUp
"""What the phone on a leg can do."""
