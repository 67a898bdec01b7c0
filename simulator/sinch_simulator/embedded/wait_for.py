"""Waits for something about a call: moves time from one due moment to the next, or lets it pass by itself.

What does not come within the limit of simulated time is ``NotSeen``: what the call does instead, and its ladder. Runs
in the server's event loop.
"""

import asyncio
from collections.abc import Callable, Sequence
from re import Pattern
from typing import Any, Protocol, TypeVar

from attrs import field

from sinch_simulator.client.ended_calls import result_of
from sinch_simulator.client.errors import NotSeen, SimulatorError
from sinch_simulator.config import ClockMode
from sinch_simulator.core.schema.words import closest
from sinch_simulator.core.values import define
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.ladder import quoted, render
from sinch_simulator.phones.behaviour import text_pattern

__tracebackhide__ = True  # pytest shows the line of the test instead

LONGEST_S = 366 * 86_400
Json = dict[str, Any]  # a call, in the form of the control API
Found = TypeVar("Found")
Seen = TypeVar("Seen")


class Rung(Protocol):
    """A phone that may be rung."""

    @property
    def address(self) -> str: ...

    def next_invitation(self) -> tuple[Json, str] | None: ...

    def ringing(self) -> tuple[Json, str] | None: ...


class Room(Protocol):
    """A conference that may have participants."""

    @property
    def id(self) -> str: ...

    @property
    def participants(self) -> Sequence[object]: ...


WORDS = ("prompt", "menu", "answered", "connected", "parked", "conference", "ended")

_STATES = {"connected": "CONNECTED", "parked": "PARKED", "conference": "IN_CONFERENCE", "ended": "ENDED"}
_DOING = {
    "NEW": "has only begun",
    "AWAITING_ICE": "waits for the app's answer to ICE",
    "DIALING": "is ringing {to}",
    "DETECTING": "listens whether a person or a machine has answered",
    "AWAITING_ACE": "waits for the app's answer to ACE",
    "PROMPTING": "is playing a prompt",
    "IN_MENU": "is in menu {menuId}",
    "AWAITING_PIE": "waits for the app's answer to PIE",
    "CONNECTED": "is connected to {to}",
    "IN_CONFERENCE": "is in conference {conferenceId}",
    "PARKED": "is parked",
    "ARRIVED": "has come in, and is not answered",
    "IN_PROGRESS": "goes on",
    "ENDED": "has ended: {result}, {reason}",
}


async def until(
    application: HostedApplication,
    met: Callable[[], Found | None],
    *,
    within_s: float,
    grace_s: float = 0.0,
    hopeless: Callable[[], bool] = lambda: False,
) -> Found | None:
    """Moves time until ``met`` gives something, and gives that; None at the limit, or when ``hopeless`` says so.

    Before time leaps, the app has ``grace_s`` real seconds to act by itself, and again after each further callback.
    """
    application.check()
    if isinstance(within_s, bool) or not isinstance(within_s, int | float) or not 0 <= within_s <= LONGEST_S:
        raise SimulatorError(f"within: {within_s!r} is not possible; expected simulated seconds, from 0 to a year")
    simulation, runner = application.world.simulation, application.world.runner
    await runner.settled()
    deadline = simulation.now + round(within_s * 1000)
    if runner.mode is ClockMode.REALTIME:
        return await _until_in_realtime(application, met, deadline, hopeless)
    asked = -1
    while (found := met()) is None and not hopeless() and simulation.now < deadline:
        if grace_s and asked != (asked := application.world.callbacks.count):
            await application.grant(grace_s, lambda: met() is not None)
            continue
        due = simulation.next_due()
        moment = deadline if due is None else min(due, deadline)
        if await runner.advance(max(0, moment - simulation.now)) < moment:
            application.check()
            raise SimulatorError("the simulator has been stopped while somebody waited")
    return found if found is not None else met()


async def _until_in_realtime(
    application: HostedApplication, met: Callable[[], Found | None], deadline: int, hopeless: Callable[[], bool]
) -> Found | None:
    simulation, runner = application.world.simulation, application.world.runner
    happened = asyncio.Event()
    unfollow = simulation.journal.follow(lambda _: happened.set())
    try:
        while True:
            happened.clear()
            runner.catch_up()
            found = met()
            left_s = (deadline - simulation.now) / 1000 / runner.speed
            if found is not None or hopeless() or left_s <= 0:
                return found
            try:
                async with asyncio.timeout(left_s):
                    await happened.wait()
            except TimeoutError:
                continue
    finally:
        unfollow()


# ---- what can be waited for about a call --------------------------------------------------------------------------


@define(eq=False)
class CallWatch:
    """Looks at a call, from one end, again and again while time is moved. ``seen`` is how it looked last."""

    application: HostedApplication
    call_id: str
    leg: str
    grace_s: float = 0.0
    seen: Json = field(init=False, factory=dict)

    async def wait_for(self, what: str, within_s: float, earlier: bool = False) -> Json:
        """Waits for one of ``WORDS``, or for a text that this end hears; gives the call. ``NotSeen``."""
        if what not in WORDS:
            await self._hear(what, within_s, earlier)
        elif earlier:
            raise SimulatorError(f"earlier: it is for a text, and {what!r} is so or not; leave it out")
        else:
            is_so = self._condition_of(what)
            await self._until(lambda: is_so() or None, what, within_s)
        return self.seen

    async def expect(self, text: str, within_s: float, earlier: bool = False) -> None:
        """Waits for a text that this end hears; what is heard up to it is heard before from then on. ``NotSeen``."""
        index = await self._hear(text, within_s, earlier)
        self.application.marks[self.call_id, self.leg] = max(self._mark, index + 1)

    async def _hear(self, text: str, within_s: float, earlier: bool) -> int:
        """Waits for a text and gives its number among the things heard; those before the mark count for ``earlier``."""
        pattern = _pattern(text)
        since = 0 if earlier else self._mark

        def heard_at() -> int | None:
            heard = heard_by(self.seen, self.leg)
            return next((index for index in range(since, len(heard)) if pattern.search(heard[index])), None)

        return await self._until(heard_at, text, within_s)

    @property
    def _mark(self) -> int:
        return self.application.marks.get((self.call_id, self.leg), 0)

    async def wait_until(self, is_so: Callable[[], object], within_s: float) -> Json:
        """Waits for a condition of the test's own, and gives the call. ``NotSeen``."""
        if await until(self.application, lambda: is_so() or None, within_s=within_s, grace_s=self.grace_s) is None:
            self._look()
            raise self._not_seen(f"the condition {getattr(is_so, '__name__', repr(is_so))}", within_s)
        return self._look()

    async def _until(self, met: Callable[[], Found | None], what: str, within_s: float) -> Found:
        def look() -> Found | None:
            self._look()
            return met()

        found = await until(
            self.application,
            look,
            within_s=within_s,
            grace_s=self.grace_s,
            hopeless=lambda: self.seen["status"] == "FINAL",
        )
        if found is None:
            raise self._not_seen(what, within_s)
        return found

    def _look(self) -> Json:
        self.seen = self.application.call(self.call_id)
        return self.seen

    def _condition_of(self, word: str) -> Callable[[], bool]:
        if word == "prompt":
            return self._is_playing
        if word == "menu":
            return lambda: self.seen["menuId"] is not None
        if word == "answered":
            return lambda: self.seen["answeredAt"] is not None
        if word in ("connected", "conference"):
            # A bridge of Voice v2 is both: it is how calls are connected.
            return lambda: self.seen["state"] == _STATES[word] or self.seen.get("bridgeName") is not None
        return lambda: self.seen["state"] == _STATES[word]

    def _is_playing(self) -> bool:
        simulation = self.application.world.simulation
        for entry in simulation.journal.of(self.call_id)[::-1]:
            if entry.fields.get("leg") != self.leg:
                continue
            if entry.kind == "prompt.started":
                over_ms = entry.at_ms + round(entry.fields["seconds"] * 1000)
                return simulation.now == entry.at_ms or simulation.now < over_ms
            if entry.kind in ("prompt.stopped", "leg.released"):
                return False
        return False

    def _not_seen(self, what: str, within_s: float) -> NotSeen:
        """Tells what did not come, what the call does instead, what was heard, and the ladder."""
        limit = "and the call is over" if self.seen["status"] == "FINAL" else f"within {within_s:g} s of simulated time"
        wanted = what if what in WORDS else f'"{what}"'
        lines = [f"{wanted} did not come, {limit}. The call {doing(self.seen)}."]
        meant = None if what in WORDS else closest(what, WORDS, likeness=0.8)
        if meant is not None:
            lines.append(f'(A text was waited for. Did you mean "{meant}"?)')
        elif what not in WORDS and what.isalpha() and what.islower():
            lines.append(f"(A text was waited for. Known as states are {', '.join(WORDS)}.)")
        if what == "connected" and self.seen["protocol"] == "v2":
            lines.append('(In Voice v2 that is a call in a bridge. Once somebody has picked up, it is "answered".)')
        if what not in WORDS:
            lines += _what_was_heard(what, heard_by(self.seen, self.leg), self._mark, self.leg)
        runner = self.application.world.runner
        reasons = runner.waiting_for()
        if runner.mode is not ClockMode.MANUAL and reasons:
            lines.append(f"Time stands still for: {', '.join(reasons)}.")
        if runner.mode is not ClockMode.REALTIME and not self.grace_s and self.application.acts_by_itself():
            lines.append("The app sends requests by itself: if it does so later, in real time, grace=0.5 waits for it.")
        return NotSeen("\n".join([*lines, "", ladder(self.application, self.call_id)]), call_id=self.call_id)


def _what_was_heard(text: str, heard: list[str], mark: int, leg: str) -> list[str]:
    """Tells what an end has heard since the mark, and that the text was among what it had heard before."""
    if not mark:
        return [f"The {leg} has heard: {quoted(heard)}."]
    lines = [f"The {leg} has heard since the last thing done or expected: {quoted(heard[mark:])}."]
    before = [one for one in heard[:mark] if _pattern(text).search(one)]
    if before:
        lines.append(f"It was heard before that: {quoted(before)}. If that is meant: earlier=True.")
    return lines


def condition_of(what: Callable[[Seen], object], call: Seen) -> Callable[[], object]:
    """Turns a function of a call into one without arguments, of the same name."""

    def condition() -> object:
        return what(call)

    condition.__name__ = getattr(what, "__name__", repr(what))
    return condition


def _pattern(text: object) -> Pattern[str]:
    if not isinstance(text, str) or not text.strip():
        raise SimulatorError(f"{text!r} can't be waited for: expected one of {', '.join(WORDS)}, or a text to be heard")
    try:
        return text_pattern(text)
    except ValueError as error:
        raise SimulatorError(f"{text} is no regular expression: {error}; drop the slashes for a plain text") from None


# ---- how it is told -----------------------------------------------------------------------------------------------


def heard_by(call: Json, leg: str) -> list[str]:
    """Lists what one end of a call has heard so far, in order."""
    return [text for end in call["legs"] if end["leg"] == leg for text in end["heard"]]


def doing(call: Json) -> str:
    """Says what a call is doing, to follow "The call"."""
    result, reason = result_of(call)
    return _DOING[call["state"]].format(**{**call, "to": call["to"] or "nobody", "result": result, "reason": reason})


def title(call: Json) -> str:
    """Says who calls whom."""
    source = "the app" if call["origin"] == "callout" else call["from"] or "private"
    return f"{source} -> {call['dialled'] or call['to'] or 'whom ICE names'}"


def ladder(application: HostedApplication, call_id: str) -> str:
    """Shows a call's timeline as text, one line for each thing that happened."""
    return render(application.timeline(call_id))


# ---- waiting for somebody -----------------------------------------------------------------------------------------


async def expect_invitation(application: HostedApplication, phone: Rung, within_s: float) -> tuple[Json, str]:
    """Waits until a phone is rung, and gives the call and the end that rings. ``NotSeen``."""
    found = await until(application, phone.next_invitation, within_s=within_s)
    if found is None:
        message = f"{phone.address} was not called within {within_s:g} s of simulated time."
        raise NotSeen(_with_all_ladders(application, message))
    return found


async def meet_by_hand(
    application: HostedApplication, phone: Rung, what: str, as_: str, within_s: float
) -> tuple[Json, str]:
    """Waits until a phone rings, unless it does, and lets it ``answer`` or ``decline``. ``NotSeen``."""
    found = await until(application, phone.ringing, within_s=within_s)
    if found is None:
        message = f"{phone.address} did not ring within {within_s:g} s of simulated time."
        raise NotSeen(_with_all_ladders(application, message))
    call, leg = found
    await application.act(call["callId"], what, **{"as": as_, "leg": leg})
    return application.call(call["callId"]), leg


async def wait_for_participants(application: HostedApplication, room: Room, count: int, within_s: float) -> None:
    """Waits until a conference has exactly so many participants. ``NotSeen``."""
    met = await until(application, lambda: len(room.participants) == count or None, within_s=within_s)
    if met is None:
        wanted = f"conference {room.id} did not have {count} participants within {within_s:g} s of simulated time"
        message = f"{wanted}: it has {len(room.participants)}."
        raise NotSeen(_with_all_ladders(application, message))


def _with_all_ladders(application: HostedApplication, message: str) -> str:
    calls = application.calls()
    if not calls:
        return f"{message}\nThe application has no calls."
    ladders = [
        f"{title(call)}: the call {doing(call)}.\n{ladder(application, call['callId'])}" for call in calls
    ]
    return "\n\n".join([message, *ladders])
