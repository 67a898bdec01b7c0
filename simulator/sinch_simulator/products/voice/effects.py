"""What comes out of a call, beside what every product orders: callbacks to write, rooms to obey, work outside.

Orders are in the imperative; durations are integer milliseconds. Nothing here does anything.
"""

from typing import ClassVar

from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.effects import CancelTimer, Diagnose, Finish, Log, Order, SetTimer
from sinch_simulator.core.values import frozen
from sinch_simulator.phones.signals import AmdVerdict, ComeIn, Dial, LegName, LegOrder
from sinch_simulator.products.voice.events import CallbackEvent, ConferenceCommand, RoomKey
from sinch_simulator.products.voice.svaml.model import StartRecording


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
    """Tells the app about this event. ``awaited`` says whether the call stands still until the reply is here.

    The call gives the id; the exchange turns this into a ``SendCallback`` with a body, a URL and headers.
    """

    id: str
    call_id: str
    event: CallbackEvent
    awaited: bool
    menu_result: MenuResult | None = None
    verdict: AmdVerdict | None = None
    notice: Notice | None = None


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


# ---- orders to whoever runs the world: files, and the far ends of streams -----------------------------------------


@frozen
class VoiceOrder(Order):
    """An order about a call."""

    product: ClassVar[str] = "voice"


@frozen
class StoreFile(VoiceOrder):
    """Puts a file of this recording into the customer's store: the audio, or its ``transcript``."""

    recording_id: str
    store: str
    """``s3`` or ``azure``."""
    transcript: bool


@frozen
class OpenStream(VoiceOrder):
    """Connects this end of the call to the app's server that the call's ``connectStream`` names."""

    leg: LegName


@frozen
class SendFrames(VoiceOrder):
    """Sends the app's server at this end of the call the sound up to now."""

    leg: LegName


@frozen
class CloseStream(VoiceOrder):
    """Takes the stream of this call down."""


StreamOrder = OpenStream | SendFrames | CloseStream

CallEffect = (
    LegOrder | Dial | ComeIn | SetTimer | CancelTimer | Finish | StoreFile | StreamOrder | SendCallback | Log | Diagnose
)
"""What a call, its rooms and the exchange order of the world."""
Effect = CallEffect | Ask | RoomOrder
"""What a call hands to the exchange, which turns every ``Ask`` into a callback and carries orders to rooms."""
