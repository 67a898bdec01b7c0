"""Every event in every state: what a table does not pair is ignored, and told so; what it pairs keeps its promise."""

from collections.abc import Callable
from typing import Any

import pytest

from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome
from sinch_simulator.core.effects import TimerFired
from sinch_simulator.phones.signals import Answered, Beeped, Cause, Declined, DigitPressed, HungUp, Spoke
from sinch_simulator.products.voice.events import RecordingDue
from sinch_simulator.products.voice.v2.events import CallArrived, CallUpdated
from sinch_simulator.products.voice.v2.menus import MENU_TRANSITIONS, MenuEvent
from sinch_simulator.products.voice.v2.outside_signals import RelayInterrupted, RelayPressed, RelayTexted
from sinch_simulator.products.voice.v2.session import Call, CallState, MenuState, Timer
from sinch_simulator.products.voice.v2.svaml.model import Document
from sinch_simulator.products.voice.v2.transitions import TRANSITIONS
from support.session_world import BEN, SessionWorld, calls_of, command, dial


def ringing(world: SessionWorld) -> Call:
    return calls_of(world.start(dial(BEN)))[0]


def arrived(world: SessionWorld) -> Call:
    return world.dial_in()


def in_progress(world: SessionWorld) -> Call:
    call = ringing(world)
    world.advance(2)
    return call


def ended(world: SessionWorld) -> Call:
    call = in_progress(world)
    world.hang_up(call)
    return call


STATES: dict[CallState, Callable[[SessionWorld], Call]] = {
    CallState.DIALING: ringing,
    CallState.ARRIVED: arrived,
    CallState.IN_PROGRESS: in_progress,
    CallState.ENDED: ended,
}


def events_of(call: Call) -> list[Any]:
    """One of each event that phones, the app and the clock can make of this call."""
    id, leg = call.id, call.leg
    return [
        Answered(id, leg),
        *(Declined(id, leg, cause) for cause in Cause),
        DigitPressed(id, leg, "1"),
        Spoke(id, leg, "hello"),
        Beeped(id, leg),
        HungUp(id, leg),
        TimerFired(id, Timer.DIAL.value),
        TimerFired(id, Timer.LONGEST.value),
        AppReplied(id, "nobody's", Document()),
        AppFailed(id, "nobody's", Outcome.TIMEOUT),
        CallArrived(id),
        CallUpdated(id, ()),
        RecordingDue(id, "none"),
    ]


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("number", range(17))
def test_an_event_is_met_as_the_table_says_or_ignored_and_told(state: CallState, number: int) -> None:
    world = SessionWorld()
    call = STATES[state](world)
    event = events_of(call)[number]
    happening = Timer(event.timer) if isinstance(event, TimerFired) else type(event)
    before = world.kinds(call).count("ignored")
    world.simulation.receive(event)

    row = TRANSITIONS.get((state, happening))
    if row is None:
        assert call.state is state
        assert world.kinds(call).count("ignored") == before + 1
    else:
        assert call.state in row[1]


def test_there_are_as_many_events_as_are_tried() -> None:
    world = SessionWorld()
    assert len(events_of(ringing(world))) == 17


def test_events_of_relays_and_their_timers_have_rows_only_where_somebody_is_on_the_line() -> None:
    rows = {state for state, happening in TRANSITIONS if happening in (RelayTexted, RelayInterrupted, RelayPressed)}
    assert rows == {CallState.IN_PROGRESS}


def test_every_state_of_a_menu_but_the_last_one_is_left_by_some_event() -> None:
    assert {state for state, _ in MENU_TRANSITIONS} == {*MenuState} - {MenuState.CLOSED}
    assert {event for _, event in MENU_TRANSITIONS} == {*MenuEvent}


def test_commands_to_a_call_that_is_over_are_ignored() -> None:
    world = SessionWorld()
    call = ended(world)
    world.update(call, command("hangup"))

    assert "ignored" in world.kinds(call)
