"""Sessions, calls and batches as data: what the API shows of them (docs/platform/voice-v2.md#2).

Nothing here decides anything. Times are milliseconds since the start of the world.
"""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import Word, define, frozen
from sinch_simulator.phones.signals import LegName, Manner
from sinch_simulator.products.voice.own_numbers import Lineage
from sinch_simulator.products.voice.recording import Place
from sinch_simulator.products.voice.svaml.model import Prompt
from sinch_simulator.products.voice.v2.relay_talk import RelayTalk
from sinch_simulator.products.voice.v2.svaml.model import (
    LONGEST_CALL_MS,
    Command,
    Commands,
    Destination,
    DetectMachine,
    Handlers,
    MenuItem,
    Origin,
    PlayMessages,
    RunMenu,
    StartRecording,
)


class Direction(Word):
    """Whether a call came in or was dialled."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"


class CallType(Word):
    """What is at the far end; of a call that came in the channel of the caller."""

    PHONE = "PHONE"
    SIP = "SIP"
    STREAM = "STREAM"
    VOICE_RELAY = "VOICE_RELAY"


class OriginationType(Word):
    """Where a call comes from; ``SERVER`` is one that was made by commands."""

    PHONE = "PHONE"
    SIP = "SIP"
    SERVER = "SERVER"


class CallResult(Word):
    """How far a call is, or what it came to (docs/platform/voice-v2.md#4.1)."""

    QUEUED = "QUEUED"
    INITIATED = "INITIATED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    NO_ANSWER = "NO_ANSWER"
    CANCEL = "CANCEL"
    BUSY = "BUSY"
    FAILED = "FAILED"

    @property
    def final(self) -> bool:
        """Returns whether the call is over."""
        return self not in (CallResult.QUEUED, CallResult.INITIATED, CallResult.IN_PROGRESS)


class CallReason(Word):
    """Why a call ended as it did (docs/platform/voice-v2.md#4.1)."""

    OK = "OK"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    CALLER_HANGUP = "CALLER_HANGUP"
    CALLEE_HANGUP = "CALLEE_HANGUP"
    MANAGER_HANGUP = "MANAGER_HANGUP"
    DID_NOT_FOUND = "DID_NOT_FOUND"
    INVALID_SCRIPT = "INVALID_SCRIPT"
    UNKNOWN_PRODUCT = "UNKNOWN_PRODUCT"
    NO_MORE_ROUTES = "NO_MORE_ROUTES"
    ERROR = "ERROR"


class SessionState(Word):
    """How far a session is; the last two are final (docs/platform/voice-v2.md#2.3)."""

    QUEUED = "QUEUED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"

    @property
    def final(self) -> bool:
        """Returns whether nothing happens in the session any more."""
        return self in (SessionState.COMPLETED, SessionState.EXPIRED)


class CallState(Word):
    """Named for what a call waits for, or is in; the table of a call is ``transitions.py``."""

    DIALING = "DIALING"
    """A phone rings."""
    ARRIVED = "ARRIVED"
    """Somebody has called in, and hears ringing, or what is played."""
    IN_PROGRESS = "IN_PROGRESS"
    """It is answered."""
    ENDED = "ENDED"


class Timer(Word):
    """What can run out for a call; it has at most one timer of each kind."""

    DIAL = "dial"
    LONGEST = "longest"
    PLAYBACK = "playback"
    MENU = "menu"
    DETECTION = "detection"
    RELAY = "relay"
    FRAMES = "frames"


@define(eq=False)
class Call:
    """One call: one person, stream or relay, and the platform."""

    id: str
    session: "Session"
    direction: Direction
    type: CallType
    origination: OriginationType
    started_ms: int
    to: Destination | None = None
    origin: Origin | None = None
    """Who calls; None: anonymous."""
    name: str | None = None
    bridge_name: str | None = None
    result: CallResult = CallResult.INITIATED
    reason: CallReason | None = None
    """None while the call is under way."""
    updated_ms: int | None = None
    answered_ms: int | None = None
    ended_ms: int | None = None

    state: CallState = CallState.DIALING
    events: Handlers | None = None
    """What follows the events of this call itself; None: the service's webhook is told."""
    longest_ms: int = LONGEST_CALL_MS
    """How long it may last once it is answered."""
    manner: Manner | None = None
    """How whoever answered sounds."""
    dtmf: str = ""
    """The tones that it has been sent."""
    playbacks: "list[Playback]" = field(factory=list)
    """What plays, and behind it what waits to be played."""
    menus: "list[MenuRun]" = field(factory=list)
    """The menu whose keys count, and behind it those that wait."""
    recordings: "tuple[Recording, ...]" = ()
    """What was recorded, in order."""
    detection: "Detection | None" = None
    """The last ``amd`` of this call."""
    relay: RelayTalk | None = None
    """Of a call to a Voice Relay, what its server has sent."""
    had_company: bool = False
    """Whether anybody else has been in a bridge together with it."""
    hops: int = 0
    """How many calls through the world's own numbers led to this one."""
    _heard: tuple[str, ...] = ()

    @property
    def final(self) -> bool:
        """Returns whether the call is over."""
        return self.state is CallState.ENDED

    @property
    def leg(self) -> LegName:
        """Returns at which end of the call the person is."""
        return LegName.CALLER if self.direction is Direction.INBOUND else LegName.CALLEE

    @property
    def audible(self) -> bool:
        """Returns whether the person hears what is played: a phone that rings does not, a caller does."""
        return self.state in (CallState.ARRIVED, CallState.IN_PROGRESS)

    @property
    def heard(self) -> list[str]:
        """Returns what has been played to the person, in order."""
        return list(self._heard)

    def hear(self, text: str) -> None:
        """Notes that something is played to the person."""
        self._heard += (text,)

    def duration_s(self, now: int) -> int:
        """Returns seconds since the answer, rounded down; 0 before it (docs/platform/voice-v2.md#2.1)."""
        if self.answered_ms is None:
            return 0
        until_ms = now if self.ended_ms is None else self.ended_ms
        return (until_ms - self.answered_ms) // 1000


_NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})


@define(eq=False)
class Session:
    """Calls that belong together: those that one request, or one call that came in, has led to."""

    id: str
    application: Application
    created_ms: int
    base_url: str = ""
    """The URL at which whoever began it reaches this simulator, for the links in its events."""
    batch: "Batch | None" = None
    parameters: Mapping[str, str] = _NO_PARAMETERS
    """Of a session of a batch, what its placeholders stand for."""
    state: SessionState = SessionState.QUEUED
    updated_ms: int | None = None
    ended_ms: int | None = None
    calls: "dict[str, Call]" = field(factory=dict)
    """By id, in the order in which they began."""
    commands: Commands = ()
    """What a session of a batch runs when its turn comes."""
    begun: bool = False
    """Whether its commands have begun to run."""
    lineage: Lineage | None = None
    """Of the calls to own numbers that led to it, or that it has led to."""
    bridges: "dict[str, list[Call]]" = field(factory=dict)
    """By name, who is in each, in the order in which they came."""
    sequences: "dict[int, Sequence]" = field(factory=dict)
    """By number, those that are not over."""
    sequences_begun: int = 0
    asked: "dict[str, Asked]" = field(factory=dict)
    """By the id of its callback, what no app has answered yet."""
    stopped_messages: frozenset[str] = frozenset()
    """The names of messages that never play again (docs/platform/voice-v2.md#3.3)."""

    @property
    def idle(self) -> bool:
        """Returns whether nothing goes on and nothing is to come: no call, no sequence, no answer of an app."""
        waits = self.sequences or self.asked or not self.begun
        return not waits and all(call.final for call in self.calls.values())


# ---- what goes on in a session ----------------------------------------------------------------------------------


@define(eq=False)
class Frame:
    """Commands of one place of a document, and how many of them have run.

    ``menu`` is the one that they belong to, when an input of it led to them.
    """

    commands: Commands
    done: int = 0
    menu: "MenuRun | None" = None


@define(eq=False)
class Sequence:
    """Commands that run one after the other, independently of all others in the session.

    ``frames`` is a stack: what a ``webhook`` was answered, or an input of a menu leads to, runs before the rest.
    """

    number: int
    session: "Session"
    call: "Call | None"
    """The current call of its commands."""
    frames: list[Frame]
    waits_for: Command | None = None
    """The command that holds it up: ``pause``, ``webhook`` or ``menu``."""
    since_ms: int = 0


@frozen
class Asked:
    """A callback that no app has answered yet: which call it is about, and which sequence waits for the answer."""

    call: "Call"
    sequence: Sequence | None
    incoming: bool
    """Whether it asks what to do with a call that has come in."""
    urls: tuple[str, str | None]
    bypassed: bool


@define(eq=False)
class Playback:
    """Prompts that a call hears one after the other: for ``messages``, or for a menu."""

    prompts: tuple[Prompt, ...]
    messages: PlayMessages | None = None
    menu: "MenuRun | None" = None
    begun: int = 0
    """How many prompts have begun to play."""


class MenuState(Word):
    """Named for what a menu waits for."""

    WAITING = "WAITING"
    """For another menu of the same call to be over."""
    PROMPTING = "PROMPTING"
    LISTENING = "LISTENING"
    """Nothing has been pressed yet."""
    COLLECTING = "COLLECTING"
    """Something has been pressed, but not enough yet."""
    CLOSED = "CLOSED"
    """Its input is complete, or it has run out of repeats."""


@define(eq=False)
class MenuRun:
    """One ``menu`` command under way: in which of its menus, and what has been pressed."""

    command: RunMenu
    sequence: Sequence
    call: "Call"
    name: str
    """Of the menu that it is in."""
    state: MenuState = MenuState.WAITING
    digits: str = ""
    last_input: str = ""
    """What was pressed before the last repeat; empty when nothing was."""
    repeats_left: int = 0
    jumps: int = 0

    @property
    def item(self) -> MenuItem:
        """Returns the menu that it is in."""
        return self.command.menus[self.name]


@define(eq=False)
class Recording:
    """A recording under way, or what has become of it."""

    id: str
    call: "Call"
    command: StartRecording
    started_ms: int
    files: tuple[Place, ...]
    """Where the audio goes, and after it the transcript, where one was asked for."""
    stopped_ms: int | None = None
    stored: int = 0
    """How many of its files are where they belong."""
    attempts: int = 0
    """How often the file that is due now could not be delivered."""


@define(eq=False)
class Detection:
    """An ``amd`` under way, or what it has found."""

    command: DetectMachine
    machine: bool = False
    """Whether it has found a machine."""
    beeped: bool = False


@define
class BatchEntry:
    """What one session of a batch runs: the commands with its parameters filled in."""

    commands: Commands
    parameters: dict[str, str]


@define(eq=False)
class Batch:
    """Sessions that one request started, one after the other (docs/platform/voice-v2.md#2.4)."""

    id: str
    application: Application
    created_ms: int
    max_cps: int = 1000
    """How many sessions begin in a second."""
    ttl_ms: int = 10_800_000
    """How long after ``created_ms`` those that have not begun expire."""
    sessions: "list[Session]" = field(factory=list)
    """In the order of the request."""
    stopped: bool = False
    begun: int = 0
    """How many of them have begun, or have expired."""
    over: int = 0
    """How many of them are over."""
    dropped: int = 0
    """How many of them need the batch no more: they are not kept any more, or have expired, and go with it."""
    ended_ms: int | None = None
    """When the last of them became final."""
