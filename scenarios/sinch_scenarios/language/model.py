"""What a scenario says, as values: its phones, its steps, its population. ``loader.py`` makes these from a file.

Durations are integer milliseconds of the simulated clock. ``name`` is which call a step is about; None is the call that
was begun last. ``within_ms`` is how long a step lets time pass until what it expects is so.
"""

from enum import Enum

from attrs import field

from sinch_scenarios.language.expectations import Check
from sinch_scenarios.language.text_steps import TextStep
from sinch_scenarios.language.yaml_nodes import Json, Place
from sinch_simulator.core.values import frozen
from sinch_simulator.phones.behaviour import Persona

PATIENCE_MS = 60_000
"""How long a step waits when it does not say ``within``."""


class Sample(Enum):
    """The bundled apps that a scenario can be written for (``app:``)."""

    IVR = "ivr"
    VOICEMAIL_DROP = "voicemail_drop"
    CALL_CENTRE = "call_centre"
    CALL_BACK = "call_back"
    SWITCHBOARD = "switchboard"
    MISTAKES = "mistakes"
    IVR_V2 = "ivr_v2"
    SIGN_UP = "sign_up"
    TWO_FACTOR = "two_factor"
    REMINDER = "reminder"

    @property
    def speaks_v2(self) -> bool:
        """Returns whether it speaks Voice API v2."""
        return self is Sample.IVR_V2


class Origin(Enum):
    """Where a call comes in from."""

    PSTN = "pstn"
    APP = "mxp"
    SIP = "sip"


class Leg(Enum):
    """An end of a call, where it is not the person whom the platform talks to."""

    CALLER = "caller"
    CALLEE = "callee"


class RoomCommand(Enum):
    """What the conference API can do to a participant (docs/platform/rest.md#5)."""

    MUTE = "mute"
    UNMUTE = "unmute"
    HOLD = "onhold"
    RESUME = "resume"


# ---- steps that begin a call ------------------------------------------------------------------------------------


@frozen
class Dial:
    """A call comes in. Without ``to`` it is for the application's number.

    ``rdnis`` is the number from which it was forwarded, ``cli`` the number that a user's client has set for itself.
    """

    at: Place
    origin: Origin
    source: str
    to: str | dict[str, Json] | None = None
    headers: tuple[tuple[str, str], ...] = ()
    custom: str | None = None
    name: str | None = None
    rdnis: str | None = None
    cli: str | None = None


@frozen
class Callout:
    """The REST request for a callout is made, as an app would."""

    at: Place
    body: dict[str, Json]
    name: str | None = None


@frozen
class Join:
    """Somebody is called into a conference, by the REST request for that."""

    at: Place
    conference: str
    to: str
    name: str | None = None


@frozen
class StartCall:
    """The app starts calls of Voice v2 by REST. The next steps are about the first of them."""

    at: Place
    body: dict[str, Json]
    name: str | None = None


@frozen
class Verify:
    """A verification is started, as an app would; steps after it are about it, and about its call.

    That the app's webhook denies it is no failure of this step.
    """

    at: Place
    body: dict[str, Json]
    name: str | None = None


@frozen
class ExpectNewCall:
    """The app places a call by itself; from here on it has this name, and later steps are about it."""

    at: Place
    checks: tuple[Check, ...]
    within_ms: int
    name: str | None = None


# ---- steps of a call --------------------------------------------------------------------------------------------


@frozen
class ExpectCallback:
    """The next callback of this event goes out, and its body is so. Of a notify, ``notify_type`` is part of the event.

    ``outcome`` is what came of it, where that is not ``answered``. An event of Voice v1 is one of the call that the
    step is about, any other the next of its name, whatever it is about.
    """

    at: Place
    event: str
    checks: tuple[Check, ...]
    within_ms: int
    name: str | None = None
    notify_type: str | None = None
    outcome: str | None = None


@frozen
class ExpectNone:
    """No further callback of this event, whose body is so, has gone out; nor does one within that time."""

    at: Place
    event: str
    checks: tuple[Check, ...]
    within_ms: int
    name: str | None = None


@frozen
class ExpectCall:
    """The call is so, now or within that time."""

    at: Place
    checks: tuple[Check, ...]
    within_ms: int
    name: str | None = None


@frozen
class ActAs:
    """The next steps are about the call of this ``callName`` in the session of the call that they were about so far."""

    at: Place
    name: str


@frozen
class ExpectSession:
    """The session of the call that the steps are about is so, now or within that time."""

    at: Place
    checks: tuple[Check, ...]
    within_ms: int
    name: str | None = None


@frozen
class Hear:
    """A person hears this text, or what this ``/regex/`` finds.

    It is heard after what was done last in the call, and after what an earlier ``hear`` found; with ``earlier`` what
    was heard before that counts too.
    """

    at: Place
    text: str
    within_ms: int
    leg: Leg | None = None
    name: str | None = None
    earlier: bool = False


@frozen
class Press:
    """A person presses keys as soon as something listens; ``at_once`` does not wait for that."""

    at: Place
    digits: str
    within_ms: int
    leg: Leg | None = None
    at_once: bool = False
    name: str | None = None


@frozen
class Speak:
    """A person says something as soon as a menu listens."""

    at: Place
    text: str
    within_ms: int
    leg: Leg | None = None
    name: str | None = None


@frozen
class HangUp:
    """A person hangs up."""

    at: Place
    leg: Leg | None = None
    name: str | None = None


@frozen
class Update:
    """The app sends SVAML to the call by REST; with ``commands`` it is that of Voice v2."""

    at: Place
    svaml: dict[str, Json]
    leg: str | None = None
    name: str | None = None


@frozen
class Command:
    """A participant is muted, unmuted, held or resumed by REST. Without ``conference`` in the one that it is in."""

    at: Place
    command: RoomCommand
    conference: str | None = None
    name: str | None = None


@frozen
class Kick:
    """A participant is removed by REST; with a conference and without a name everybody is."""

    at: Place
    conference: str | None = None
    name: str | None = None


@frozen
class Report:
    """A code, or the number of a flash call, is reported of the newest verification, once there is one."""

    at: Place
    secret: str
    """``right``, ``wrong`` or what is reported."""
    flash_call: bool
    within_ms: int
    source: str | None = None


@frozen
class ExpectVerification:
    """The newest verification is so, now or within that time."""

    at: Place
    checks: tuple[Check, ...]
    within_ms: int


# ---- steps of the world -----------------------------------------------------------------------------------------


@frozen
class Wait:
    """Time passes, in the clock's way."""

    at: Place
    ms: int


@frozen
class Advance:
    """Time leaps, whatever the clock."""

    at: Place
    ms: int


@frozen
class Fault:
    """From here on something fails: a rule of the control API."""

    at: Place
    rule: dict[str, Json]


@frozen
class Rent:
    """The app rents a number by the Numbers API, and has its calls and texts assigned to itself.

    Later steps speak of the number by this name: which one it is follows from what is free.
    """

    at: Place
    name: str
    region: str
    type: str
    calls: bool = True
    texts: bool = True


@frozen
class Release:
    """The app gives a number back by the Numbers API: its own, or one that was rented by this name."""

    at: Place
    number: str


BeginningStep = Dial | Callout | Join | StartCall | Verify | ExpectNewCall
CallStep = (
    ExpectCallback
    | ExpectNone
    | ExpectCall
    | ActAs
    | ExpectSession
    | Hear
    | Press
    | Speak
    | HangUp
    | Update
    | Command
    | Kick
)
VerificationStep = Report | ExpectVerification
Step = BeginningStep | CallStep | VerificationStep | Wait | Advance | Fault | Rent | Release | TextStep


# ---- files ------------------------------------------------------------------------------------------------------


@frozen
class People:
    """A share of a population and how they behave. ``share`` is None for the rest; ``phone`` may hold distributions."""

    share: float | None
    phone: Json


@frozen
class Population:
    """Many people who call in, are called (``callout``), are sent a text (``batch``), or send this one (``text``)."""

    people: tuple[People, ...]
    callout: dict[str, Json] | None = None
    batch: dict[str, Json] | None = None
    text: str | None = None


@frozen
class Scenario:
    """A file that was read."""

    file: str
    name: str
    description: str = ""
    sample: Sample | None = None
    numbers: tuple[str, ...] = ()
    phones: tuple[tuple[str, Persona], ...] = ()
    steps: tuple[Step, ...] = field(default=())
    population: Population | None = None
    v2: bool = False
    """Whether the app speaks Voice API v2."""
    fail_on: frozenset[str] = frozenset()
    """Severities of findings that fail it: ``warning`` (errors too), ``error``."""
