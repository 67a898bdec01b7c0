"""Waiting for something about a call: time is moved from one due moment to the next, or passes by itself.

What does not come within the limit of simulated time is ``NotSeen``: what the call does instead, and its ladder.
"""

import asyncio
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from re import Pattern
from typing import Protocol, TypeVar

from sinch_simulator.client.errors import NotSeen, SimulatorError
from sinch_simulator.config import ClockMode
from sinch_simulator.core.rest.journal_views import entry_view
from sinch_simulator.embedded.application import LONGEST_S, Tenant
from sinch_simulator.ladder import render
from sinch_simulator.phones.behaviour import text_pattern
from sinch_simulator.products.voice.call import Call, CallState, Leg
from sinch_simulator.products.voice.events import LegName

__tracebackhide__ = True  # pytest shows the line of the test instead

Found = TypeVar("Found")
Seen = TypeVar("Seen")


class Rung(Protocol):
    """A phone that may be rung."""

    @property
    def address(self) -> str: ...

    def next_invitation(self) -> tuple[Call, LegName] | None: ...


class Room(Protocol):
    """A conference that may have participants."""

    @property
    def id(self) -> str: ...

    @property
    def participants(self) -> Sequence[object]: ...


WORDS = ("prompt", "menu", "connected", "parked", "conference", "ended")

_DOING = {
    CallState.NEW: "has only begun",
    CallState.AWAITING_ICE: "waits for the app's answer to ICE",
    CallState.DIALING: "is ringing {to}",
    CallState.DETECTING: "listens whether a person or a machine has answered",
    CallState.AWAITING_ACE: "waits for the app's answer to ACE",
    CallState.PROMPTING: "is playing a prompt",
    CallState.IN_MENU: "is in menu {menu}",
    CallState.AWAITING_PIE: "waits for the app's answer to PIE",
    CallState.CONNECTED: "is connected to {to}",
    CallState.IN_CONFERENCE: "is in conference {conference}",
    CallState.PARKED: "is parked",
    CallState.ENDED: "has ended: {result}, {reason}",
}


async def until(
    tenant: Tenant, met: Callable[[], Found | None], *, within_s: float, hopeless: Callable[[], bool]
) -> Found | None:
    """What ``met`` gives once it is not None; None when the limit is reached, or when ``hopeless`` says so."""
    tenant.check()
    if not 0 <= within_s <= LONGEST_S:
        raise SimulatorError(f"within: {within_s!r} is not possible; expected simulated seconds, from 0 to a year")
    await tenant.world.runner.settled()
    deadline = tenant.world.simulation.now + round(within_s * 1000)
    if tenant.world.runner.mode is ClockMode.REALTIME:
        return await _until_in_realtime(tenant, met, deadline, hopeless)
    simulation, runner = tenant.world.simulation, tenant.world.runner
    while (found := met()) is None and not hopeless() and simulation.now < deadline:
        due = simulation.next_due()
        moment = deadline if due is None else min(due, deadline)
        if await runner.advance(max(0, moment - simulation.now)) < moment:
            tenant.check()
            raise SimulatorError("the simulator has been stopped while somebody waited")
    return found if found is not None else met()


async def _until_in_realtime(
    tenant: Tenant, met: Callable[[], Found | None], deadline: int, hopeless: Callable[[], bool]
) -> Found | None:
    simulation, runner = tenant.world.simulation, tenant.world.runner
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


async def wait_for(tenant: Tenant, call: Call, leg: Leg, what: str, within_s: float) -> None:
    """One of ``WORDS``, or a text that this end is to hear (any part of it, in any case of letters, or ``/regex/``)."""
    if what in WORDS:
        is_so = _WORD_IS_SO[what]

        def met() -> bool | None:
            return True if is_so(tenant, call, leg) else None
    else:
        pattern = _pattern(what)

        def met() -> bool | None:
            return True if any(pattern.search(text) for text in [*leg.heard]) else None

    if await until(tenant, met, within_s=within_s, hopeless=lambda: call.final) is None:
        raise not_seen(tenant, call, leg, what, within_s)


async def wait_until(
    tenant: Tenant, call: Call, leg: Leg, is_so: Callable[[], object], within_s: float
) -> None:
    """A condition of the test's own."""
    if await until(tenant, lambda: is_so() or None, within_s=within_s, hopeless=lambda: False) is None:
        name = getattr(is_so, "__name__", repr(is_so))
        raise not_seen(tenant, call, leg, f"the condition {name}", within_s)


def condition_of(what: Callable[[Seen], object], call: Seen) -> Callable[[], object]:
    """A function of a call as one of nothing, with its name."""

    def condition() -> object:
        return what(call)

    condition.__name__ = getattr(what, "__name__", repr(what))
    return condition


async def expect(tenant: Tenant, call: Call, leg: Leg, text: str, since: int, within_s: float) -> int:
    """The number of the first thing heard, from the ``since``-th on, that has this text in it."""
    pattern = _pattern(text)

    def met() -> int | None:
        heard = [*leg.heard]
        return next((index for index in range(since, len(heard)) if pattern.search(heard[index])), None)

    found = await until(tenant, met, within_s=within_s, hopeless=lambda: call.final)
    if found is None:
        raise not_seen(tenant, call, leg, text, within_s)
    return found


def _pattern(text: object) -> Pattern[str]:
    if not isinstance(text, str) or not text.strip():
        raise SimulatorError(f"{text!r} can't be waited for: expected one of {', '.join(WORDS)}, or a text to be heard")
    try:
        return text_pattern(text)
    except ValueError as error:
        raise SimulatorError(f"{text} is no regular expression: {error}; drop the slashes for a plain text") from None


def _is_playing(tenant: Tenant, call: Call, leg: Leg) -> bool:
    now = tenant.world.simulation.now
    for entry in tenant.world.simulation.journal.of_call(call.id)[::-1]:
        if entry.fields.get("leg") != leg.name.value:
            continue
        if entry.kind == "prompt.started":
            return now == entry.at_ms or now < entry.at_ms + round(entry.fields["seconds"] * 1000)
        if entry.kind in ("prompt.stopped", "leg.released"):
            return False
    return False


_WORD_IS_SO: dict[str, Callable[[Tenant, Call, Leg], bool]] = {
    "prompt": _is_playing,
    "menu": lambda tenant, call, leg: call.menu is not None,
    "connected": lambda tenant, call, leg: call.state is CallState.CONNECTED,
    "parked": lambda tenant, call, leg: call.state is CallState.PARKED,
    "conference": lambda tenant, call, leg: call.state is CallState.IN_CONFERENCE,
    "ended": lambda tenant, call, leg: call.final,
}


# ---- how it is told -----------------------------------------------------------------------------------------------


def not_seen(tenant: Tenant, call: Call, leg: Leg, what: str, within_s: float) -> NotSeen:
    """What did not come, what the call does instead, what was heard, and the ladder."""
    limit = "and the call is over" if call.final else f"within {within_s:g} s of simulated time"
    wanted = what if what in WORDS else f'"{what}"'
    lines = [f"{wanted} did not come, {limit}. The call {doing(call)}."]
    close = [] if what in WORDS else get_close_matches(what.lower()[:40], WORDS, n=1, cutoff=0.8)
    if close:
        lines.append(f'(A text was waited for. Did you mean "{close[0]}"?)')
    if what not in WORDS:
        heard = "; ".join(f'"{text}"' for text in leg.heard) or "nothing"
        lines.append(f"The {leg.name.value} has heard: {heard}.")
    reasons = tenant.world.runner.waiting_for()
    if tenant.world.runner.mode is not ClockMode.MANUAL and reasons:
        lines.append(f"Time stands still for: {', '.join(reasons)}.")
    return NotSeen("\n".join([*lines, "", ladder(tenant, call)]), call_id=call.id)


def doing(call: Call) -> str:
    """What a call is doing, to follow "The call"."""
    fields = {
        "to": "nobody" if call.to is None else call.to.endpoint,
        "menu": "" if call.menu is None else call.menu.menu_id,
        "conference": call.conference_id,
        "result": "" if call.ending is None else call.ending.result,
        "reason": "" if call.ending is None else call.ending.reason,
    }
    return _DOING[call.state].format(**fields)


def title(call: Call) -> str:
    """Who calls whom."""
    source = "the app" if call.setup.callout is not None else call.setup.cli or "private"
    dialled = call.setup.dialled or call.to
    return f"{source} -> {'whom ICE names' if dialled is None else dialled.endpoint}"


def ladder(tenant: Tenant, call: Call) -> str:
    """The call's timeline as text, one line for each thing that happened."""
    simulation = tenant.world.simulation
    return render([entry_view(simulation, entry) for entry in [*simulation.journal.of_call(call.id)]])


# ---- waiting for somebody -----------------------------------------------------------------------------------------


async def expect_invitation(tenant: Tenant, phone: Rung, within_s: float) -> tuple[Call, LegName]:
    """The next time that a phone is rung."""
    found = await until(tenant, phone.next_invitation, within_s=within_s, hopeless=lambda: False)
    if found is None:
        message = f"{phone.address} was not called within {within_s:g} s of simulated time."
        raise NotSeen(_with_all_ladders(tenant, message))
    return found


async def wait_for_participants(tenant: Tenant, room: Room, count: int, within_s: float) -> None:
    """A conference has so many participants."""
    met = await until(
        tenant, lambda: len(room.participants) == count or None, within_s=within_s, hopeless=lambda: False
    )
    if met is None:
        wanted = f"conference {room.id} did not have {count} participants within {within_s:g} s of simulated time"
        message = f"{wanted}: it has {len(room.participants)}."
        raise NotSeen(_with_all_ladders(tenant, message))


def _with_all_ladders(tenant: Tenant, message: str) -> str:
    calls = [
        call for call in tenant.world.simulation.exchange.calls.values() if call.application is tenant.application
    ]
    if not calls:
        return f"{message}\nThe application has no calls."
    ladders = [f"{title(call)}: the call {doing(call)}.\n{ladder(tenant, call)}" for call in calls]
    return "\n\n".join([message, *ladders])
