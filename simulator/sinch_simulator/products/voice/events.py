"""The vocabulary between the exchange, the phones, the clock and the app, first page: events and the values they share.

Events are facts in the past tense: they go into a call. What comes out of it is in ``effects.py``. Durations are
integer milliseconds. Nothing here does anything.
"""


from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import Word, frozen
from sinch_simulator.products.voice.svaml.model import Svaml


class LegName(Word):
    """The two ends of a call. The platform itself stands at the caller's end of a callout."""

    CALLER = "caller"
    CALLEE = "callee"


    @property
    def other(self) -> "LegName":
        """The opposite end."""
        return LegName.CALLEE if self is LegName.CALLER else LegName.CALLER


class AddressKind(Word):
    """Identity types of the platform (docs/platform/rest.md#1.5); a stream's far end is a WebSocket."""

    NUMBER = "number"
    DID = "did"
    USERNAME = "username"
    SIP = "sip"
    CONFERENCE = "conference"
    WEBSOCKET = "websocket"


@frozen
class Address:
    """Who is at the far end: ``+E.164`` for numbers, a user name, ``user@host``, a room or a WebSocket URL."""

    kind: AddressKind
    endpoint: str


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
    """How a far end sounds once it has picked up: this is all that machine detection can go by."""

    answered_as: AnsweredAs = AnsweredAs.HUMAN
    greeting_ms: int = 0
    beep: bool = False
    verdict: AmdVerdict | None = None


class Cause(Word):
    """Why a leg was not answered."""

    BUSY = "busy"
    REJECTED = "rejected"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    CONGESTION = "congestion"


class CallbackEvent(Word):
    """The events that the platform posts to an app (docs/platform/callbacks.md)."""

    ICE = "ice"
    ACE = "ace"
    PIE = "pie"
    DICE = "dice"
    NOTIFY = "notify"


class Outcome(Word):
    """What came of one attempt to deliver a callback."""

    ANSWERED = "answered"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BAD_STATUS = "bad-status"
    BAD_SVAML = "bad-svaml"


class ConferenceCommand(Word):
    """What the app may order about one participant of a conference (docs/platform/rest.md#5)."""

    MUTE = "mute"
    UNMUTE = "unmute"
    ONHOLD = "onhold"
    RESUME = "resume"


@frozen
class RoomKey:
    """Which conference room: each application has its own, and each region too (docs/platform/rest.md#5)."""

    application_key: str
    region: str
    conference_id: str


# ---- events: what happened --------------------------------------------------------------------------------------


@frozen
class Placed:
    """The app's callout was accepted."""

    call_id: str


@frozen
class Arrived:
    """Somebody outside has dialled one of the app's numbers, users or rooms."""

    call_id: str


@frozen
class Answered:
    """A far end picked up."""

    call_id: str
    leg: LegName
    manner: Manner = field(factory=Manner)


@frozen
class Declined:
    """A far end did not pick up, or could not be reached."""

    call_id: str
    leg: LegName
    cause: Cause


@frozen
class DigitPressed:
    """A key was pressed: one of ``0-9 * #``."""

    call_id: str
    leg: LegName
    digit: str


@frozen
class Spoke:
    """A far end said something."""

    call_id: str
    leg: LegName
    text: str


@frozen
class Beeped:
    """A far end's machine beeped: it records from here on."""

    call_id: str
    leg: LegName


@frozen
class HungUp:
    """A far end hung up. ``lost_network`` tells a client whose network failed from one who chose to go."""

    call_id: str
    leg: LegName
    lost_network: bool = False


@frozen
class TimerFired:
    """A timer that this call had set has run out."""

    call_id: str
    timer: str


@frozen
class AppReplied:
    """The app answered a callback with legal SVAML, or with an answer that nobody reads (DiCE, Notify)."""

    call_id: str
    callback_id: str
    svaml: Svaml | None
    diagnostics: tuple[Diagnostic, ...] = ()


@frozen
class AppFailed:
    """A callback, and its fallback, got no usable answer."""

    call_id: str
    callback_id: str
    outcome: Outcome
    diagnostics: tuple[Diagnostic, ...] = ()


@frozen
class Updated:
    """The app sent SVAML to an ongoing call by REST. ``leg`` is the path parameter, None in the plain form."""

    call_id: str
    svaml: Svaml
    leg: str | None = None


@frozen
class Kicked:
    """The app removed this call from its conference by REST."""

    call_id: str


@frozen
class Commanded:
    """The app ordered something about this call in its conference by REST. ``moh`` is what plays on hold."""

    call_id: str
    command: ConferenceCommand
    moh: str | None = None


@frozen
class RecordingDue:
    """What a recording waits for by itself is over: its upload, its transcription, the pause before another attempt."""

    call_id: str
    recording_id: str


@frozen
class RecordingDelivered:
    """A file of this recording is in the customer's store; ``simulated`` when there is no such store here."""

    call_id: str
    recording_id: str
    simulated: bool = False


@frozen
class RecordingUndelivered:
    """The customer's store did not take a file of this recording. ``why`` is in words."""

    call_id: str
    recording_id: str
    why: str


RecordingEvent = RecordingDue | RecordingDelivered | RecordingUndelivered


@frozen
class RoomRecordingOver:
    """The room whose recording this call has started is over, or somebody in it has stopped the recording."""

    call_id: str
    conference_id: str


Event = (
    Placed
    | Arrived
    | Answered
    | Declined
    | DigitPressed
    | Spoke
    | Beeped
    | HungUp
    | TimerFired
    | AppReplied
    | AppFailed
    | Updated
    | Kicked
    | Commanded
    | RecordingEvent
    | RoomRecordingOver
)
