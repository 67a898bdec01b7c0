"""The table of a call: in each state, what happened, what is done, and what it may wait for next.

The table is the specification. A pair that is not in it is ignored and journalled. The last column is asserted as it
runs, and draws the diagram in the documentation; commands that an event leads to run afterwards.
"""

from collections.abc import Callable
from typing import Any

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import Log, TimerFired
from sinch_simulator.phones.signals import Answered, Beeped, Declined, DigitPressed, HungUp, Spoke
from sinch_simulator.products.voice.events import RecordingDelivered, RecordingDue, RecordingUndelivered
from sinch_simulator.products.voice.v2 import call_setup, in_call, recordings, relays, streams
from sinch_simulator.products.voice.v2.events import CallArrived, CallUpdated
from sinch_simulator.products.voice.v2.incoming import meet_caller
from sinch_simulator.products.voice.v2.outside_signals import RelayInterrupted, RelayPressed, RelayTexted
from sinch_simulator.products.voice.v2.session import Call, CallState, Timer
from sinch_simulator.products.voice.v2.turn import Turn

S = CallState

# Handlers take the event of their own row: the table pairs them, which a signature common to all rows can't say.
Handler = Callable[[Turn, Call, Any], None]
Happening = type | Timer
Table = dict[tuple[CallState, Happening], tuple[Handler, frozenset[CallState]]]

_TIMERS = {timer.value: timer for timer in Timer}
_ENDED = frozenset({S.ENDED})
_LIVE = (S.DIALING, S.ARRIVED, S.IN_PROGRESS)
_AUDIBLE = (S.ARRIVED, S.IN_PROGRESS)


def _stays_in_each(states: tuple[CallState, ...], happening: Happening, handler: Handler) -> Table:
    """Rows for what keeps the call as it is, whatever it waits for."""
    return {(state, happening): (handler, frozenset({state})) for state in states}


TRANSITIONS: Table = {
    # ---- waiting for / what happened / what is done / what it waits for next
    (S.ARRIVED, CallArrived): (meet_caller, frozenset({S.ARRIVED, S.ENDED})),
    (S.DIALING, Answered): (call_setup.be_answered, frozenset({S.IN_PROGRESS})),
    (S.DIALING, Declined): (call_setup.be_declined, _ENDED),
    (S.DIALING, Timer.DIAL): (call_setup.give_up, _ENDED),
    **{(state, HungUp): (call_setup.be_hung_up, _ENDED) for state in _LIVE},
    (S.IN_PROGRESS, Timer.LONGEST): (call_setup.be_too_long, _ENDED),
    **_stays_in_each(_AUDIBLE, Timer.PLAYBACK, in_call.play_on),
    **_stays_in_each(_AUDIBLE, Timer.MENU, in_call.fall_silent),
    **_stays_in_each(_AUDIBLE, DigitPressed, in_call.press),
    **_stays_in_each(_AUDIBLE, Spoke, in_call.speak),
    (S.IN_PROGRESS, Timer.DETECTION): (in_call.decide_detection, frozenset({S.IN_PROGRESS})),
    (S.IN_PROGRESS, Beeped): (in_call.hear_beep, frozenset({S.IN_PROGRESS})),
    # ---- the app's server at the far end
    (S.IN_PROGRESS, Timer.FRAMES): (streams.send_sound, frozenset({S.IN_PROGRESS})),
    **_stays_in_each((S.IN_PROGRESS,), RelayTexted, relays.hear_text),
    **_stays_in_each((S.IN_PROGRESS,), RelayInterrupted, relays.be_interrupted),
    **_stays_in_each((S.IN_PROGRESS,), RelayPressed, relays.send_tones),
    **_stays_in_each((S.IN_PROGRESS,), Timer.RELAY, relays.speak_on),
    # ---- a recording outlives its call
    **{
        (state, happening): (recordings.go_on, frozenset({state}))
        for state in (*_AUDIBLE, S.ENDED)
        for happening in (RecordingDue, RecordingDelivered, RecordingUndelivered)
    },
    # ---- the app: commands for a call, and answers, which may come when it is over
    **_stays_in_each(_LIVE, CallUpdated, in_call.be_updated),
    **_stays_in_each((*_LIVE, S.ENDED), AppReplied, in_call.obey),
    **{(state, AppFailed): (in_call.lack_answer, frozenset({state, S.ENDED})) for state in _LIVE},
    (S.ENDED, AppFailed): (in_call.lack_answer, _ENDED),
}


def step(turn: Turn, call: Call, event: Any) -> None:
    """Lets one thing happen to a call."""
    before = call.state
    happening: Happening = _TIMERS[event.timer] if isinstance(event, TimerFired) else type(event)
    row = TRANSITIONS.get((before, happening))
    if row is None:
        name = happening.value if isinstance(happening, Timer) else happening.__name__
        turn.order(Log(call.id, "ignored", {"event": name, "state": before.value, "text": _why(event, before)}))
        return
    handler, targets = row
    handler(turn, call, event)
    assert call.state in targets, f"{before} + {happening} led to {call.state}, which the table does not allow"


def _why(event: Any, state: CallState) -> str:
    if state is CallState.ENDED:
        return "the call is over"
    if isinstance(event, DigitPressed | Spoke) and state is CallState.DIALING:
        return "the phone still rings"
    return "nothing waits for it"
