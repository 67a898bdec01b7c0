"""SVAML v2 as values: what a document says once it has been read and found legal (docs/platform/voice-v2.md#3).

``svaml/reading.py`` makes these from JSON, a session obeys them. Durations are milliseconds. Defaults of the platform
are filled in; None stands for what is absent and has no default. The placeholders of a batch are replaced before a
document is read, so that no value here has one.
"""

from collections.abc import Mapping
from typing import TypeAlias

from sinch_simulator.core.values import Word, frozen
from sinch_simulator.products.voice.svaml.model import Prompt
from sinch_simulator.products.voice.v2.svaml.key_patterns import KeyPattern

# ---- who is called, and who calls -------------------------------------------------------------------------------


class Transport(Word):
    """How SIP is carried."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"


Headers: TypeAlias = tuple[tuple[str, str], ...]
"""``callHeaders``: at most 16 pairs of key and value, in order (docs/platform/voice-v2.md#3.2)."""


@frozen
class PhoneAddress:
    """A telephone number, ``+digits``: a destination and an origin (docs/platform/voice-v2.md#3.2)."""

    number: str


@frozen
class SipDestination:
    """A SIP address to call. ``endpoint`` begins with ``sip:`` or ``sips:``."""

    endpoint: str
    transport: Transport = Transport.UDP
    headers: Headers = ()


@frozen
class SipOrigin:
    """A SIP address that is shown as the caller."""

    endpoint: str
    display_name: str | None = None


@frozen
class StreamDestination:
    """A WebSocket that raw audio is exchanged with (docs/platform/voice-v2.md#5)."""

    endpoint: str
    sample_rate: int = 8000
    headers: Headers = ()


@frozen
class RelayDestination:
    """A WebSocket that texts are exchanged with: Voice Relay (docs/platform/voice-v2.md#5)."""

    endpoint: str
    voice: str
    language: str
    interruptions: bool = True
    headers: Headers = ()


Destination = PhoneAddress | SipDestination | StreamDestination | RelayDestination
Origin = PhoneAddress | SipOrigin

# ---- events and what follows them -------------------------------------------------------------------------------


class HandlerName(Word):
    """The keys of ``events`` (docs/platform/voice-v2.md#3.3)."""

    ANSWER = "onAnswer"
    BUSY = "onBusy"
    REJECT = "onReject"
    TIMEOUT = "onTimeout"
    HANGUP = "onHangup"
    FAILURE = "onFailure"
    """Of ``dial`` when the call could not be set up, of ``startRecording`` when it could not start."""
    FINISH = "onFinish"
    """Of ``messages`` when all have been played, of ``startRecording`` when it has stopped."""
    HUMAN = "onHuman"
    MACHINE = "onMachine"
    BEEP = "onBeep"
    UNKNOWN = "onUnknown"


Commands: TypeAlias = tuple["Command", ...]
"""Commands that run in order, in a sequence of their own."""
Handlers: TypeAlias = Mapping[HandlerName, Commands]
"""What runs at which event.

Where ``events`` was absent there is None instead, and the events go to the service's webhook. An empty mapping, or one
without the event's key, keeps them from the webhook (docs/platform/voice-v2.md#3.1).
"""

# ---- commands ---------------------------------------------------------------------------------------------------

LONGEST_DIAL_MS = 60_000
"""How long a phone rings when a ``dial`` does not say; undocumented, *assumed* (docs/platform/voice-v2.md#3.3)."""
LONGEST_CALL_MS = 14_400_000
"""How long a call may last when a ``dial`` does not say; *assumed* too."""


@frozen
class Dial:
    """Makes a new call in the session. ``origin`` None: anonymous."""

    to: Destination
    origin: Origin | None = None
    call_name: str | None = None
    dial_timeout_ms: int = LONGEST_DIAL_MS
    longest_ms: int = LONGEST_CALL_MS
    events: Handlers | None = None


@frozen
class Answer:
    """Answers the call that came in."""


@frozen
class PlayMessages:
    """``messages``: lets the current call hear these in order.

    A ``prompt`` that is spoken has its text without markup and the language of its voice; a file has its URL.
    """

    prompts: tuple[Prompt, ...]
    name: str | None = None
    events: Handlers | None = None


@frozen
class StopMessages:
    """Stops the messages of this name, and those of that name still to come in the session."""

    name: str


@frozen
class CallWebhook:
    """``webhook``: posts ``call.webhook.NAME`` for the current call, waits, and runs the commands of the reply."""

    name: str
    url: str
    fallback_url: str | None = None


@frozen
class DetectMachine:
    """``amd``: finds out whether a person or a machine has picked up."""

    events: Handlers | None = None


@frozen
class HangUp:
    """Ends the call of this name, or without one the current call; the others go on."""

    call_name: str | None = None


@frozen
class Pause:
    """Holds up its own sequence for so long."""

    duration_ms: int


class RecordingStore(Word):
    """Where a recording is stored."""

    AWS = "AWS"
    GCP = "GCP"
    AZURE = "AZURE"


class RecordedSide(Word):
    """Which side of a call is recorded: what comes from it, what it hears, or both."""

    COMBINED = "COMBINED"
    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


@frozen
class StartRecording:
    """Records the current call from here on. ``transcription_locale`` None: it is not transcribed.

    Whether ``destination_url`` fits ``store`` is seen when it starts: if not, that is the event ``onFailure``.
    """

    store: RecordingStore
    destination_url: str
    credentials: str
    name: str | None = None
    format: str = "MP3"
    side: RecordedSide = RecordedSide.COMBINED
    transcription_locale: str | None = None
    events: Handlers | None = None


@frozen
class StopRecording:
    """Stops the recording of this name."""

    name: str


@frozen
class BridgeCall:
    """Lets the current call hear, and be heard by, all that are in the bridge of this name in the session."""

    bridge_name: str


@frozen
class MenuPrompt:
    """What a menu plays. With ``barge_in`` the first key stops it."""

    prompts: tuple[Prompt, ...]
    barge_in: bool = True


@frozen
class Match:
    """What follows an input that all of ``pattern`` matches; ``key`` is the pattern as it was written."""

    key: str
    pattern: KeyPattern
    commands: Commands


@frozen
class MenuItem:
    """One menu of a ``menu`` command (docs/platform/voice-v2.md#3.5).

    ``repeat_prompt`` is ``prompt`` where none was given. ``matches`` are tried in order; without any, every complete
    input ends the menu. ``on_failure`` None: nothing was given, and a webhook may be asked.
    """

    prompt: MenuPrompt | None = None
    repeat_prompt: MenuPrompt | None = None
    input_timeout_ms: int = 5000
    repeats: int = 2
    minimum_length: int = 1
    maximum_length: int = 1
    terminator: str | None = None
    matches: tuple[Match, ...] = ()
    on_failure: Commands | None = None


@frozen
class RunMenu:
    """``menu``: collects keys of the current call, beginning with the menu ``start``, which is one of ``menus``."""

    start: str
    menus: Mapping[str, MenuItem]


@frozen
class GoToMenu:
    """``gotoMenu``: goes on with another menu of the command that it stands in; it is one of its ``menus``."""

    menu: str


Command = (
    Dial
    | Answer
    | PlayMessages
    | StopMessages
    | CallWebhook
    | DetectMachine
    | HangUp
    | Pause
    | StartRecording
    | StopRecording
    | BridgeCall
    | RunMenu
    | GoToMenu
)

_NAMES: dict[type[Command], str] = {
    Dial: "dial",
    Answer: "answer",
    PlayMessages: "messages",
    StopMessages: "stopMessages",
    CallWebhook: "webhook",
    DetectMachine: "amd",
    HangUp: "hangup",
    Pause: "pause",
    StartRecording: "startRecording",
    StopRecording: "stopRecording",
    BridgeCall: "bridgeCall",
    RunMenu: "menu",
    GoToMenu: "gotoMenu",
}


def name_of(command: Command) -> str:
    """Returns the name of a command as documents write it."""
    return _NAMES[type(command)]


@frozen
class Document:
    """A whole document: commands of a request, the reply of a webhook, a service's static behaviour.

    ``call_name`` and ``events`` (of which only ``onHangup`` exists) are about a call that comes in, and count only in
    replies to ``call.incoming`` and in ``STATIC`` (docs/platform/voice-v2.md#4.5).
    """

    commands: Commands = ()
    call_name: str | None = None
    events: Handlers | None = None
