"""The vocabulary, second page: effects, the orders in the imperative that come out of a call.

Durations are integer milliseconds. Nothing here does anything.
"""

from typing import Any

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.events import (
    Address,
    AmdVerdict,
    CallbackEvent,
    ConferenceCommand,
    LegName,
    RoomKey,
)
from sinch_simulator.products.voice.svaml.model import StartRecording


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
    """What a menu, or digit collection in a conference, came to (docs/platform/callbacks.md#5)."""

    menu_id: str
    type: str
    """``return``, ``sequence``, ``timeout``, ``hangup``, ``invalidinput`` or ``error``."""
    value: str
    by_voice: bool = False


@frozen
class Notice:
    """What a Notify tells (docs/platform/callbacks.md#7)."""

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
