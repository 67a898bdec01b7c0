"""Sessions, calls and batches as data: what the API shows of them (docs/platform/voice-v2.md#2).

Nothing here decides anything. Times are milliseconds since the start of the world.
"""

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.values import Word, define
from sinch_simulator.products.voice.v2.svaml.model import Commands, Destination, Origin


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

    @property
    def final(self) -> bool:
        """Returns whether the call is over."""
        return self.result.final


@define(eq=False)
class Session:
    """Calls that belong together: those that one request, or one call that came in, has led to."""

    id: str
    application: Application
    created_ms: int
    base_url: str = ""
    """The URL at which whoever began it reaches this simulator, for the links in its events."""
    batch: "Batch | None" = None
    parameters: dict[str, str] = field(factory=dict)
    """Of a session of a batch, what its placeholders stand for."""
    state: SessionState = SessionState.QUEUED
    updated_ms: int | None = None
    ended_ms: int | None = None
    calls: "dict[str, Call]" = field(factory=dict)
    """By id, in the order in which they began."""


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
    ended_ms: int | None = None
    """When the last of them became final."""
