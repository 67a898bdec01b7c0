"""The whole table of a call: every event in every state, taken from calls that really got there."""

from collections.abc import Callable

import pytest

from pure_world import BEN, PureWorld, custom_callout, menu, say, svaml, tts_callout
from sinch_simulator.exchange.call import Call, CallState, Timer
from sinch_simulator.exchange.markup import Continue, Hangup, Svaml
from sinch_simulator.exchange.signals import (
    Answered,
    AppFailed,
    AppReplied,
    Arrived,
    Beeped,
    Cause,
    Declined,
    DigitPressed,
    Event,
    HungUp,
    Kicked,
    LegName,
    Log,
    Outcome,
    Placed,
    Spoke,
    TimerFired,
    Updated,
)
from sinch_simulator.exchange.transitions import TRANSITIONS, step

S = CallState
MENU = menu({"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(one)"}]})


def new(world: PureWorld) -> Call:
    """A callout that nothing has happened to."""
    call = world.callout(tts_callout())
    return world.simulation.exchange.new_callout(
        world.application, call.setup.callout, 0, base_url="", region="euc1"  # type: ignore[arg-type]  # it is a callout
    )


def pending(world: PureWorld, event: str, reach: Callable[[], Call]) -> Call:
    """A call whose callback of this event is not answered yet."""
    call = reach()
    for _ in range(20):
        callbacks = world.simulation.take_callbacks()
        if any(callback.event.value == event for callback in callbacks):
            return call
        for callback in callbacks:
            world._answer(callback)
        due = world.simulation.next_due()
        if not callbacks and due is not None:
            world.simulation.run_to(due)
    raise AssertionError(f"{event} never came")


def place(world: PureWorld, body: dict[str, object]) -> Call:
    """A callout that waits for whatever comes first."""
    from sinch_simulator.exchange.callouts import read_callout

    return world.simulation.place("00000000-0000-4000-8000-000000007462", read_callout(body, ()).callout)


def awaiting_ice(world: PureWorld) -> Call:
    return pending(world, "ice", lambda: place(world, custom_callout(None)))


def dialing(world: PureWorld) -> Call:
    return world.callout(tts_callout())


def detecting(world: PureWorld) -> Call:
    connect = {"name": "connectPstn", "number": BEN, "cli": "+14045550100", "amd": {"enabled": True}}
    world.on("ice", svaml(connect))
    call = world.callout(custom_callout(None))
    world.advance(2.5)
    return call


def awaiting_ace(world: PureWorld) -> Call:
    return pending(world, "ace", lambda: place(world, tts_callout()))


def prompting(world: PureWorld) -> Call:
    world.on("ace", svaml("continue", say("a long message to listen to")))
    call = world.callout(tts_callout())
    world.advance(2.1)
    return call


def in_menu(world: PureWorld) -> Call:
    world.on("ice", svaml(MENU))
    return world.dial()


def awaiting_pie(world: PureWorld) -> Call:
    world.on("ice", svaml(MENU))

    def reach() -> Call:
        call = world.dial()
        world.simulation.press(call.id, LegName.CALLER, "1")
        return call

    return pending(world, "pie", reach)


def connected(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(2)
    return call


def parked(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "park", "holdPrompt": "#tts[Please hold]"}))
    return world.dial()


def in_conference(world: PureWorld) -> Call:
    world.on("ice", svaml({"name": "connectConf", "conferenceId": "room"}))
    return world.dial()


def ended(world: PureWorld) -> Call:
    call = connected(world)
    world.hang_up(call)
    return call


REACH: dict[CallState, Callable[[PureWorld], Call]] = {
    S.NEW: new,
    S.AWAITING_ICE: awaiting_ice,
    S.DIALING: dialing,
    S.DETECTING: detecting,
    S.AWAITING_ACE: awaiting_ace,
    S.PROMPTING: prompting,
    S.IN_MENU: in_menu,
    S.AWAITING_PIE: awaiting_pie,
    S.CONNECTED: connected,
    S.IN_CONFERENCE: in_conference,
    S.PARKED: parked,
    S.ENDED: ended,
}


def happenings(call: Call) -> list[Event]:
    """Every event there is, and both legs where one is named."""
    callback_id = call.awaited or f"{call.id}.{call.asked}"
    both = list(LegName)
    return [
        Placed(call.id),
        Arrived(call.id),
        *(Answered(call.id, leg) for leg in both),
        *(Declined(call.id, leg, cause) for leg in both for cause in Cause),
        *(DigitPressed(call.id, leg, "1") for leg in both),
        *(Spoke(call.id, leg, "one") for leg in both),
        *(Beeped(call.id, leg) for leg in both),
        *(HungUp(call.id, leg) for leg in both),
        *(TimerFired(call.id, timer) for timer in Timer),
        AppReplied(call.id, callback_id, Svaml(Hangup())),
        AppReplied(call.id, callback_id, Svaml(Continue())),
        *(AppFailed(call.id, callback_id, outcome) for outcome in (Outcome.TIMEOUT, Outcome.BAD_SVAML)),
        Updated(call.id, Svaml(Hangup())),
        Kicked(call.id),
    ]


def key_of(event: Event) -> tuple[str, str]:
    """How the table names an event."""
    return ("timer", event.timer) if isinstance(event, TimerFired) else ("event", type(event).__name__)


@pytest.mark.parametrize("state", list(S), ids=lambda state: state.value)
def test_every_event_in_every_state_follows_its_row_or_is_ignored(state: CallState) -> None:
    for number in range(len(happenings(REACH[state](PureWorld())))):
        call = REACH[state](PureWorld())
        assert call.state is state
        event = happenings(call)[number]
        if state is S.IN_MENU and isinstance(event, TimerFired) and event.timer == Timer.MENU:
            assert call.menu is not None
        row = TRANSITIONS.get((state, Timer(event.timer) if isinstance(event, TimerFired) else type(event)))
        if row is not None and not sensible(call, event):
            continue
        effects = step(call, event, 60_000)
        if row is None:
            assert call.state is state
            assert [effect.kind for effect in effects if isinstance(effect, Log)] == ["ignored"]
        else:
            assert call.state in row[1]


def sensible(call: Call, event: Event) -> bool:
    """Whether the world could let this event happen: a leg that nobody is on neither answers nor hangs up."""
    leg = getattr(event, "leg", None)
    if isinstance(leg, LegName):
        return call.leg(leg).present
    if isinstance(event, Placed):
        return call.setup.callout is not None
    if isinstance(event, Arrived):
        return call.setup.callout is None
    return True


def test_every_state_can_be_reached_from_a_new_call() -> None:
    reached = {S.NEW}
    while True:
        further = {state for (origin, _), (_, targets) in TRANSITIONS.items() if origin in reached for state in targets}
        if further <= reached:
            break
        reached |= further
    assert reached == set(S)


def test_nothing_leads_out_of_the_end() -> None:
    assert {target for (state, _), (_, targets) in TRANSITIONS.items() if state is S.ENDED for target in targets} == {
        S.ENDED
    }


def test_every_live_state_is_left_when_somebody_hangs_up() -> None:
    for state in set(S) - {S.NEW, S.ENDED}:
        assert TRANSITIONS[state, HungUp][1] == {S.ENDED}
