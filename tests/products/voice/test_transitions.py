"""The whole table of a call: every event in every state, taken from calls that really got there."""

from collections.abc import Callable

import pytest

from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome
from sinch_simulator.core.effects import Log, TimerFired
from sinch_simulator.core.errors import ApiError
from sinch_simulator.phones.signals import Answered, Beeped, Cause, Declined, DigitPressed, HungUp, LegName, Spoke
from sinch_simulator.products.voice.call import Call, CallState, Timer
from sinch_simulator.products.voice.call_update import context_for, refuse_illegal
from sinch_simulator.products.voice.events import (
    Arrived,
    Commanded,
    ConferenceCommand,
    Event,
    Kicked,
    Placed,
    RecordingDelivered,
    RecordingDue,
    RecordingUndelivered,
    RoomRecordingOver,
    Updated,
)
from sinch_simulator.products.voice.svaml.model import Svaml, SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_svaml
from sinch_simulator.products.voice.transitions import TRANSITIONS, Happening, step
from support.pure_world import PureWorld, say, svaml
from support.reached_calls import CONNECT, FURTHER, MENU, PARK, REACH, ROOM, S

# What belongs to recordings, which outlive their calls, is told in test_recording.py.
RECORDING = (RecordingDue, RecordingDelivered, RecordingUndelivered, RoomRecordingOver)


def documents(call: Call) -> list[Svaml]:
    """Every kind of action that is legal where the call stands, with and without words before it."""
    context = {S.AWAITING_ICE: SvamlContext.ICE, S.AWAITING_ACE: SvamlContext.ACE, S.AWAITING_PIE: SvamlContext.PIE}
    actions = ("hangup", "continue", CONNECT, MENU, PARK, ROOM)
    readings = [
        read_svaml(svaml(action, *words), context.get(call.state, context_for(call)))
        for action in actions
        for words in ((), (say("Hello"),))
    ]
    return [reading.svaml for reading in readings if reading.svaml is not None]


def legal_updates(call: Call) -> list[Updated]:
    """The updates that REST would let through."""
    updates = []
    for document in documents(call):
        try:
            refuse_illegal(call, document)
        except ApiError:
            continue
        updates.append(Updated(call.id, document))
    return updates


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
        *(AppReplied(call.id, callback_id, document) for document in documents(call)),
        *(AppFailed(call.id, callback_id, outcome) for outcome in (Outcome.TIMEOUT, Outcome.BAD_SVAML)),
        *legal_updates(call),
        Commanded(call.id, ConferenceCommand.MUTE),
        Kicked(call.id),
    ]


Reached = set[tuple[CallState, Happening, CallState]]


def play_every_event(reach: Callable[[PureWorld], Call]) -> Reached:
    """Let each event happen to a call that has just got there; gives what led where."""
    reached: Reached = set()
    for number in range(len(happenings(reach(PureWorld())))):
        call = reach(PureWorld())
        state, event = call.state, happenings(call)[number]
        happening: Happening = Timer(event.timer) if isinstance(event, TimerFired) else type(event)
        row = TRANSITIONS.get((state, happening))
        if row is not None and not sensible(call, event):
            continue
        effects = step(call, event, 60_000)
        if row is None:
            assert call.state is state
            assert [effect.kind for effect in effects if isinstance(effect, Log)] == ["ignored"]
        else:
            assert call.state in row[1]
            reached.add((state, happening, call.state))
    return reached


@pytest.mark.parametrize("state", list(S), ids=lambda state: state.value)
def test_every_event_in_every_state_follows_its_row_or_is_ignored(state: CallState) -> None:
    assert REACH[state](PureWorld()).state is state
    play_every_event(REACH[state])


def test_no_row_claims_more_than_can_happen() -> None:
    reached: Reached = set()
    for reach in (*REACH.values(), *FURTHER):
        reached |= play_every_event(reach)
    claimed = {
        (state, happening, target)
        for (state, happening), (_, targets) in TRANSITIONS.items()
        for target in targets
        if happening not in RECORDING
    }
    never = [f"{state.value} + {happening} -> {target.value}" for state, happening, target in claimed - reached]
    assert not never, "\n".join(sorted(never))


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
