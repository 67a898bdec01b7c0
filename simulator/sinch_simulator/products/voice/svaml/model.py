"""SVAML as values: what a reply, an inline document or a PATCH says once it has been read and found legal.

``svaml/`` makes these from JSON; ``instructions.py`` and ``actions.py`` obey them. Names follow the platform's
(docs/platform/svaml.md); durations are milliseconds; an absent property that the platform gives no default for is None.
"""

from sinch_simulator.core.values import Word, frozen


class SvamlContext(Word):
    """Where a document is used: what is allowed depends on it (docs/platform/svaml.md#2)."""

    ICE = "ice"
    ACE = "ace"
    PIE = "pie"
    PATCH = "patch"
    UNPARK = "unpark"
    """A PATCH of a parked call, which still owes the answer to its ICE (docs/platform/svaml.md#8)."""
    DICE = "dice"


class PromptKind(Word):
    """What a part of a prompt list is (docs/platform/svaml.md#6)."""

    TTS = "tts"
    SSML = "ssml"
    URL = "url"
    FILE = "file"


@frozen
class Prompt:
    """One thing to be heard: spoken text without its markup, a URL or a file name, and how long it takes."""

    kind: PromptKind
    text: str
    duration_ms: int
    locale: str = "en-US"

    @property
    def spoken(self) -> bool:
        """Tells whether a voice says it, rather than a file being played."""
        return self.kind in (PromptKind.TTS, PromptKind.SSML)


# ---- instructions -----------------------------------------------------------------------------------------------


@frozen
class PlayFiles:
    """Play these, in order, without gaps."""

    prompts: tuple[Prompt, ...]


@frozen
class Say:
    """Read this text out."""

    prompt: Prompt


@frozen
class SendDtmf:
    """Send tones into the call: ``0-9 # w`` (and ``*``); ``w`` is 500 ms."""

    digits: str


@frozen
class SetCookie:
    """Remember a pair; it comes back with every later event."""

    key: str
    value: str


@frozen
class Answer:
    """Answer the incoming leg now."""


@frozen
class StartRecording:
    """Record from here on."""

    destination_url: str = ""
    credentials: str = ""
    format: str = "mp3"
    notification_events: bool = True
    transcription: bool = False
    transcription_locale: str | None = None


@frozen
class StopRecording:
    """Stop the recording."""


@frozen
class ReportCallStatus:
    """The app's own view of the call; only in the reply to DiCE. ``value`` is ``success`` or ``failure``."""

    value: str
    details: str = ""


Instruction = PlayFiles | Say | SendDtmf | SetCookie | Answer | StartRecording | StopRecording | ReportCallStatus


# ---- actions ----------------------------------------------------------------------------------------------------


@frozen
class Hangup:
    """End the call."""


@frozen
class Continue:
    """Go on as planned."""


@frozen
class Amd:
    """Answering machine detection on the leg that is dialled."""

    asynchronous: bool = False


@frozen
class CallHeader:
    """A private header: at most 1024 UTF-8 bytes per pair."""

    key: str
    value: str


@frozen
class ConnectPstn:
    """Dial a phone and connect it. Without ``number`` the dialled extension is called."""

    number: str | None = None
    locale: str = "en-US"
    max_duration_ms: int | None = None
    dial_timeout_ms: int | None = None
    cli: str | None = None
    suppress_callbacks: bool = False
    dtmf: str = ""
    indications: str | None = None
    amd: Amd | None = None
    record: StartRecording | None = None


@frozen
class ConnectMxp:
    """Ring an in-app user. Without ``username`` the dialled one is rung."""

    username: str | None = None
    cli: str | None = None
    call_headers: tuple[CallHeader, ...] = ()


@frozen
class ConnectSip:
    """Dial a SIP address, ``user@host``."""

    endpoint: str
    max_duration_ms: int | None = None
    cli: str | None = None
    transport: str = "UDP"
    suppress_callbacks: bool = False
    call_headers: tuple[CallHeader, ...] = ()
    moh: str | None = None
    record: StartRecording | None = None


class ConferenceDtmfMode(Word):
    """What becomes of keys pressed in a conference."""

    IGNORE = "ignore"
    FORWARD = "forward"
    DETECT = "detect"


@frozen
class ConferenceDtmf:
    """How keys are collected in a conference."""

    mode: ConferenceDtmfMode = ConferenceDtmfMode.IGNORE
    max_digits: int = 1
    timeout_ms: int = 3000


@frozen
class ConnectConf:
    """Join a conference room."""

    conference_id: str
    dtmf: ConferenceDtmf = ConferenceDtmf()
    moh: str | None = None
    record: StartRecording | None = None
    suppress_callbacks: bool = False


@frozen
class ConnectStream:
    """Connect the call to the app's WebSocket server."""

    endpoint: str
    version: int = 1
    sample_rate_hz: int = 16000
    max_duration_ms: int | None = None
    call_headers: tuple[CallHeader, ...] = ()


@frozen
class GoToMenu:
    """An option that opens another menu: ``menu(id)``."""

    menu_id: str


@frozen
class ReturnValue:
    """An option that ends the menus with a value: ``return(value)``."""

    value: str


@frozen
class MenuOption:
    """A key, or a phrase (``input``), and what it does."""

    dtmf: str
    choice: GoToMenu | ReturnValue
    phrase: str | None = None


@frozen
class Menu:
    """One menu. ``repeats`` counts how often the repeat prompt is played before the menu gives up."""

    id: str
    main_prompt: tuple[Prompt, ...] = ()
    repeat_prompt: tuple[Prompt, ...] = ()
    repeats: int = 3
    max_digits: int | None = None
    timeout_ms: int = 5000
    max_timeout_ms: int = 20000
    options: tuple[MenuOption, ...] = ()


@frozen
class RunMenu:
    """Play menus and collect keys or speech; every ``GoToMenu`` leads to a menu that exists, ``first`` too."""

    menus: tuple[Menu, ...]
    first: str = "main"
    barge: bool = True
    locale: str = "en-US"
    enable_voice: bool = False
    reference: str | None = None

    def menu(self, menu_id: str) -> Menu:
        """Returns the menu of this id."""
        return next(menu for menu in self.menus if menu.id == menu_id)


@frozen
class Park:
    """Hold the caller until the app sends SVAML by REST, or until the time is up."""

    intro_prompt: tuple[Prompt, ...] = ()
    hold_prompt: tuple[Prompt, ...] = ()
    max_duration_ms: int = 600_000


Action = Hangup | Continue | ConnectPstn | ConnectMxp | ConnectSip | ConnectConf | ConnectStream | RunMenu | Park


def name_of(part: Action | Instruction) -> str:
    """Returns what the platform calls an action or an instruction: ``connectPstn``."""
    name = type(part).__name__
    return name[0].lower() + name[1:]


@frozen
class Svaml:
    """A legal document: instructions in their order, then exactly one action."""

    action: Action
    instructions: tuple[Instruction, ...] = ()
