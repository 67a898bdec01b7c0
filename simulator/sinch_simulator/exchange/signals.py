"""The vocabulary between the exchange, the phones, the clock and the app, on one page.

Events are facts in the past tense: they go into a call. Effects are orders in the imperative: they come out of it.
Durations are integer milliseconds. Nothing here does anything.
"""

from enum import Enum
from typing import Any

from attrs import field, frozen

from sinch_simulator.exchange.diagnostics import Diagnostic
from sinch_simulator.exchange.markup import StartRecording, Svaml


class LegName(Enum):
    """The two ends of a call. The platform itself stands at the caller's end of a callout."""

    CALLER = "caller"
    CALLEE = "callee"

    __hash__ = object.__hash__  # Enum's own is written in Python, and legs are keys on every call's way.

    @property
    def other(self) -> "LegName":
        """The opposite end."""
        return LegName.CALLEE if self is LegName.CALLER else LegName.CALLER


class AddressKind(Enum):
    """Identity types of the platform (rest.md 1.5); a stream's far end is a WebSocket."""

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


class AnsweredAs(Enum):
    """What picks up."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"
    SILENCE = "silence"


class AmdStatus(Enum):
    """Verdicts of answering machine detection (callbacks.md 8)."""

    HUMAN = "human"
    MACHINE = "machine"
    NOTSURE = "notsure"
    HANGUP = "hangup"
    INPROGRESS = "inprogress"


class AmdReason(Enum):
    """Why detection decided as it did (callbacks.md 8)."""

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


class Cause(Enum):
    """Why a leg was not answered."""

    BUSY = "busy"
    REJECTED = "rejected"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    CONGESTION = "congestion"


class CallbackEvent(Enum):
    """The events that the platform posts to an app (callbacks.md)."""

    ICE = "ice"
    ACE = "ace"
    PIE = "pie"
    DICE = "dice"
    NOTIFY = "notify"


class Outcome(Enum):
    """What came of one attempt to deliver a callback."""

    ANSWERED = "answered"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    BAD_STATUS = "bad-status"
    BAD_SVAML = "bad-svaml"


class ConferenceCommand(Enum):
    """What the app may order about one participant of a conference (rest.md 5)."""

    MUTE = "mute"
    UNMUTE = "unmute"
    ONHOLD = "onhold"
    RESUME = "resume"

    __hash__ = object.__hash__  # Enum's own is written in Python, and rooms look commands up.


@frozen
class RoomKey:
    """Which conference room: each application has its own, and each region too (rest.md 5)."""

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


# ---- effects: what is to be done --------------------------------------------------------------------------------


@frozen
class Invite:
    """Ring this far end."""

    call_id: str
    leg: LegName
    address: Address
    cli: str


@frozen
class Accept:
    """Tell the caller that the call is answered: from here it costs, and audio is heard for certain."""

    call_id: str
    leg: LegName


@frozen
class Release:
    """The far end is disconnected by the platform."""

    call_id: str
    leg: LegName


@frozen
class Play:
    """The far end begins to hear this. ``text`` is spoken text as plain text, or a file's URL or name.

    What is ``looping`` (music on hold) begins again and again until a ``Hush``; the duration is the longest possible.
    """

    call_id: str
    leg: LegName
    text: str
    duration_ms: int
    locale: str = "en-US"
    spoken: bool = True
    looping: bool = False


@frozen
class Hush:
    """What plays to this far end stops at once."""

    call_id: str
    leg: LegName


@frozen
class OpenMenu:
    """Keys from this far end now count."""

    call_id: str
    leg: LegName
    menu_id: str


@frozen
class CloseMenu:
    """Keys from this far end no longer count."""

    call_id: str
    leg: LegName


@frozen
class Connect:
    """This far end now talks with somebody (the other leg, a room or a stream)."""

    call_id: str
    leg: LegName


@frozen
class Beep:
    """The far end hears a beep."""

    call_id: str
    leg: LegName


@frozen
class SendDigits:
    """The far end hears these tones: ``0-9 * #``, ``w`` is a pause of 500 ms."""

    call_id: str
    leg: LegName
    digits: str


@frozen
class SetTimer:
    """Fire ``TimerFired(call_id, timer)`` after so long. Setting a timer again replaces it."""

    call_id: str
    timer: str
    after_ms: int


@frozen
class CancelTimer:
    """Forget a timer; one that is not set is no error."""

    call_id: str
    timer: str


@frozen
class MenuResult:
    """What a menu, or digit collection in a conference, came to (callbacks.md 5)."""

    menu_id: str
    type: str
    """``return``, ``sequence``, ``timeout``, ``hangup``, ``invalidinput`` or ``error``."""
    value: str
    by_voice: bool = False


@frozen
class Notice:
    """What a Notify tells (callbacks.md 7)."""

    type: str
    destination: str | None = None
    error_code: int | None = None
    error_message: str | None = None


@frozen
class Ask:
    """Tell the app about this event. ``awaited`` says whether the call stands still until the reply is here.

    The call gives the id; the exchange turns this into a ``SendCallback`` with a body, a URL and headers.
    """

    id: str
    call_id: str
    event: CallbackEvent
    awaited: bool
    menu_result: MenuResult | None = None
    verdict: AmdVerdict | None = None
    notice: Notice | None = None


@frozen
class SendCallback:
    """Post this to the app. ``body`` is JSON-ready; ``headers`` are the call's ``X-CB-*`` headers."""

    id: str
    call_id: str
    application_key: str
    event: CallbackEvent
    url: str
    fallback_url: str | None
    body: dict[str, Any]
    headers: tuple[tuple[str, str], ...]
    awaited: bool


@frozen
class WakeRecording:
    """``RecordingDue(call_id, recording_id)`` after so long, whether the call lasts or not."""

    call_id: str
    recording_id: str
    after_ms: int


@frozen
class Deliver:
    """Put a file of this recording into the customer's store: the audio, or its ``transcript``."""

    call_id: str
    recording_id: str
    store: str
    """``s3`` or ``azure``."""
    transcript: bool


@frozen
class Log:
    """A line for the journal that no other effect writes."""

    call_id: str
    kind: str
    fields: dict[str, Any] = field(factory=dict)


@frozen
class Diagnose:
    """A finding about this call."""

    call_id: str
    diagnostic: Diagnostic
    event: CallbackEvent | None = None


# ---- orders to a conference room: the exchange carries them there --------------------------------------------------


@frozen
class RoomOrder:
    """Something that a call asks of a conference room."""

    call_id: str
    room: RoomKey


@frozen
class Join(RoomOrder):
    """This end of the call comes in, known to the others by its ``cli``. ``moh`` plays while it is the only one."""

    leg: LegName
    cli: str
    moh: str | None = None


@frozen
class StepAside(RoomOrder):
    """The participant listens to a message or a menu: it neither hears the room nor is heard there."""


@frozen
class ComeBack(RoomOrder):
    """The participant's message or menu is over."""


@frozen
class Leave(RoomOrder):
    """The participant goes for good."""


@frozen
class PassTone(RoomOrder):
    """The participant has pressed a key that everybody who can hear it is to hear."""

    digit: str


@frozen
class Command(RoomOrder):
    """The app orders something about this participant."""

    command: ConferenceCommand
    moh: str | None = None


@frozen
class RecordRoom(RoomOrder):
    """Record what is heard in the room, unless that is done already."""

    options: StartRecording


@frozen
class StopRecordingRoom(RoomOrder):
    """Stop the recording of the room."""


# ---- orders to whoever plays the far end of a stream ---------------------------------------------------------------


@frozen
class SendFrames:
    """The app's server at this end of the call is owed the sound up to now."""

    call_id: str
    leg: LegName


StreamOrder = Invite | SendFrames | Release


# What a far end can notice; the rest is between the call and its clock, its app or its journal.
PhoneEffect = Invite | Accept | Release | Play | Hush | OpenMenu | CloseMenu | Connect | Beep | SendDigits
CallEffect = PhoneEffect | SetTimer | CancelTimer | WakeRecording | Deliver | SendCallback | Log | Diagnose
# What a call hands to the exchange, which turns every Ask into a callback and carries orders to rooms.
Effect = CallEffect | Ask | RoomOrder
