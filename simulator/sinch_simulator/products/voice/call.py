"""One call as data: its two legs, what it waits for, and what it still has to do.

Nothing here decides anything; ``transitions.py`` says what a call does when something happens. A call can be shown,
compared and put into any state by a test. Times are milliseconds since the start of the world.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from attrs import field

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.journal import Happened
from sinch_simulator.core.values import Word, define, frozen
from sinch_simulator.phones.signals import AmdVerdict, LegName, Manner
from sinch_simulator.products.voice.callouts.reading import Callout
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from sinch_simulator.products.voice.events import CallbackEvent, RoomKey
from sinch_simulator.products.voice.recording import Recording
from sinch_simulator.products.voice.svaml.model import (
    Action,
    Amd,
    CallHeader,
    ConnectConf,
    ConnectStream,
    Instruction,
    Park,
    Prompt,
    RunMenu,
    StartRecording,
)

LONGEST_CALL_MS = 14_400_000
"""Every call is cut at four hours (docs/platform/lifecycle.md#1)."""


class CallState(Word):
    """Named for what the call waits for."""

    NEW = "NEW"
    AWAITING_ICE = "AWAITING_ICE"
    DIALING = "DIALING"
    DETECTING = "DETECTING"
    AWAITING_ACE = "AWAITING_ACE"
    PROMPTING = "PROMPTING"
    IN_MENU = "IN_MENU"
    AWAITING_PIE = "AWAITING_PIE"
    CONNECTED = "CONNECTED"
    IN_CONFERENCE = "IN_CONFERENCE"
    PARKED = "PARKED"
    ENDED = "ENDED"


class Timer(StrEnum):
    """What can run out; a call has at most one timer of each kind."""

    DIAL = "dial"
    PROMPT = "prompt"
    MENU = "menu"
    DETECTION = "detection"
    PARK = "park"
    DIGITS = "digits"
    MAX_DURATION = "max-duration"
    CREDIT = "credit"


class Origin(Word):
    """Where a call comes from."""

    PSTN = "pstn"
    MXP = "mxp"
    SIP = "sip"
    CALLOUT = "callout"


class LegState(Word):
    """How far one end is."""

    ABSENT = "absent"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


@define
class Leg:
    """One end of a call; ``absent`` when the platform itself, or nobody yet, is there."""

    name: LegName
    address: Address | None = None
    state: LegState = LegState.ABSENT
    dtmf: str = ""
    """The tones that this leg has received."""
    manner: Manner | None = None
    _heard: tuple[str, ...] = ()

    @property
    def present(self) -> bool:
        """Returns whether somebody is on the line, or being rung."""
        return self.state in (LegState.RINGING, LegState.ANSWERED)

    @property
    def heard(self) -> list[str]:
        """Returns what has been played to this leg, in order."""
        return list(self._heard)

    def hear(self, text: str) -> None:
        """Notes that something is played to this leg."""
        self._heard += (text,)


@frozen
class Setup(Happened):
    """How a call came to be: this never changes."""

    origin: Origin
    started_ms: int
    cli: str
    """As the caller shows itself: ``+E.164``, a user name or ``private``; for callouts the ``cli`` asked for."""
    number: str | None
    """By which number the app and the callee know the caller, as ``+E.164``; None when it shows none."""
    dialled: Address | None
    """What was dialled; None for a customCallout whose ICE decides."""
    custom: str | None = None
    call_headers: tuple[CallHeader, ...] = ()
    callout: Callout | None = None
    base_url: str = ""
    """Where the app can reach this call's REST resource, region included."""
    region: str = "euc1"
    epoch_ms: int = 0
    """Unix time of the world's first millisecond: recordings are named by the date on which they began."""
    assigned: bool = True
    """Whether the number that was dialled leads to the application; the app hears of no other."""
    rdnis: str = ""
    """The number from which the call was forwarded, if it was."""
    hops: int = 0
    """How many calls through the app's own numbers led to this one."""

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about a callout that was accepted."""
        assert self.callout is not None
        to = "" if self.dialled is None else self.dialled.endpoint
        return {"method": self.callout.method.value, "to": to, "cli": self.cli}


@frozen
class Outgoing:
    """What was asked for the leg that is dialled."""

    max_duration_ms: int
    dtmf: str = ""
    suppress_callbacks: bool = False
    amd: Amd | None = None
    call_headers: tuple[CallHeader, ...] = ()
    record: StartRecording | None = None
    stream: ConnectStream | None = None


@define
class Program:
    """What is left of a reply: instructions, opened up into single prompts as they come, then the action."""

    todo: list[Instruction | Prompt]
    action: Action
    listeners: tuple[LegName, ...]
    event: CallbackEvent | None = None
    """What this is the reply to; None when it came by REST or is the platform's own plan."""
    callback_id: str = ""
    """Of that event."""
    resume: CallState | None = None
    """For a message into a standing call: where ``continue`` leads back to."""
    follower: "Program | None" = None
    """What was sent while this one plays: it comes next, in place of this one's action."""


class MenuState(Word):
    """Named for what a menu waits for."""

    PROMPTING = "PROMPTING"
    LISTENING = "LISTENING"
    COLLECTING = "COLLECTING"
    CLOSED = "CLOSED"


@define
class MenuRun:
    """One ``runMenu`` under way: which menu, what has been typed, what is being played."""

    action: RunMenu
    leg: LegName
    menu_id: str
    prompts: list[Prompt] = field(factory=list)
    """Still to be played before the menu listens in silence."""
    digits: str = ""
    wrong: str = ""
    """The last input that fitted nothing."""
    repeats_left: int = 0
    jumps: int = 0
    state: MenuState = MenuState.LISTENING


@define
class ParkRun:
    """A parked call: what is still to be played of this round, and whether its time is up."""

    action: Park
    prompts: list[Prompt] = field(factory=list)
    prompting: bool = False
    expired: bool = False


@define
class Attendance:
    """A call in a conference: in which room, by which terms, and what it has typed there so far."""

    room: RoomKey
    action: ConnectConf
    digits: str = ""


@frozen
class Ending:
    """How a call ended. REST knows fewer reasons than DiCE does (docs/platform/lifecycle.md#2)."""

    at_ms: int
    result: str
    reason: str
    rest_reason: str


_NO_COOKIES: Mapping[str, str] = MappingProxyType({})


@define
class Call:
    """A call under way or ended."""

    id: str
    application: Application
    setup: Setup
    caller: Leg
    callee: Leg
    to: Address | None
    cli: str
    state: CallState = CallState.NEW
    answered_ms: int | None = None
    ending: Ending | None = None
    outgoing: Outgoing | None = None
    program: Program | None = None
    menu: MenuRun | None = None
    parking: ParkRun | None = None
    verdict: AmdVerdict | None = None
    attendance: Attendance | None = None
    """Set while the call is in a conference; a call that ended there keeps it."""
    recordings: tuple[Recording, ...] = ()
    """What was recorded, in order; a recording goes on to be uploaded when the call has ended."""
    cookies: Mapping[str, str] = _NO_COOKIES
    awaited: str | None = None
    """The id of the callback whose reply the call waits for."""
    asked: int = 0
    """How many callbacks this call has caused."""
    plan_done: bool = False
    """Whether what a callout was placed for (its text, its room) has been done or begun."""
    reference: str | None = None
    """What the last runMenu was called by the app; older apps get it back in PIE (docs/platform/callbacks.md#2)."""
    inline_ace_used: bool = False
    """Whether the first leg that answered was served by an inline ``ace``, which serves no other."""
    loops: int = 0
    """Replies that were taken from an inline document: a guard against menus that never end."""

    @property
    def party(self) -> Leg:
        """Returns the person whom the platform talks to: who called in, or who was called."""
        return self.caller if self.setup.callout is None else self.callee

    @property
    def other(self) -> Leg:
        """Returns the end that is free for a second party."""
        return self.callee if self.setup.callout is None else self.caller

    def leg(self, name: LegName) -> Leg:
        """Returns the leg at this end."""
        return self.caller if name is LegName.CALLER else self.callee

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """Returns both ends."""
        return (self.caller, self.callee)

    @property
    def final(self) -> bool:
        """Returns whether the call is over."""
        return self.ending is not None

    @property
    def conference_id(self) -> str | None:
        """Returns the room that the call is in, or ended in."""
        return None if self.attendance is None else self.attendance.room.conference_id

    @property
    def answered(self) -> bool:
        """Returns whether anybody has answered yet."""
        return self.answered_ms is not None

    @property
    def in_app_only(self) -> bool:
        """Returns whether both ends are in-app users (or the platform): such calls have ICE alone, and no PATCH."""
        if self.setup.callout is not None:
            return self.to is not None and self.to.kind is AddressKind.USERNAME
        return self.setup.origin is Origin.MXP and self.to is not None and self.to.kind is AddressKind.USERNAME

    def duration_s(self, now: int) -> int:
        """Returns seconds since the answer, rounded up (docs/platform/lifecycle.md#2; *assumed*); 0 before it."""
        if self.answered_ms is None:
            return 0
        until = now if self.ending is None else self.ending.at_ms
        return -(-(until - self.answered_ms) // 1000)

    def dialled(self, kind: AddressKind) -> str | None:
        """Returns what was dialled, if it is an address of this kind."""
        dialled = self.setup.dialled
        return dialled.endpoint if dialled is not None and dialled.kind is kind else None

    def address_for(self, event: CallbackEvent) -> tuple[str, str | None] | None:
        """Returns URL and fallback URL of an event, None when it can't be sent. Inline documents come before URLs."""
        callout = self.setup.callout
        if callout is not None and event in callout.urls:
            return callout.urls[event], None
        return self.application.urls_for(event.value)

    def has_document(self, event: CallbackEvent) -> bool:
        """Returns whether a customCallout brought the reply to this event along."""
        callout = self.setup.callout
        return callout is not None and event in callout.documents

    def can_ask(self, event: CallbackEvent) -> bool:
        """Returns whether there is anybody, or an inline document, to answer this event."""
        return self.has_document(event) or self.address_for(event) is not None

    def is_callout(self, method: CalloutMethod) -> bool:
        """Returns whether this call was placed by a callout of this method."""
        return self.setup.callout is not None and self.setup.callout.method is method
