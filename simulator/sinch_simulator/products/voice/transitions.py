"""The table of a call: in each state, what happened, what the call does, and what it may wait for next.

The table is the specification. A pair that is not in it is ignored and journalled: a digit pressed after the hang-up is
life, not an error. The last column is asserted as it runs, and draws the diagram in the documentation.
"""

from collections.abc import Callable
from typing import Any

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import Log, TimerFired
from sinch_simulator.phones.signals import Answered, Beeped, Declined, DigitPressed, HungUp, Spoke
from sinch_simulator.products.voice import call_setup, in_call
from sinch_simulator.products.voice import recording_transitions as recording_steps
from sinch_simulator.products.voice.call import Call, CallState, Timer
from sinch_simulator.products.voice.call_update import update
from sinch_simulator.products.voice.conferences import membership
from sinch_simulator.products.voice.effects import Effect
from sinch_simulator.products.voice.events import (
    Arrived,
    Commanded,
    Event,
    Kicked,
    Placed,
    RecordingDelivered,
    RecordingDue,
    RecordingUndelivered,
    RoomRecordingOver,
    Updated,
)
from sinch_simulator.products.voice.ignored import ignored_text

S = CallState

# Handlers take the event of their own row: the table pairs them, which a signature common to all rows can't say.
Handler = Callable[[Call, Any, int], list[Effect]]
Happening = type[Event] | Timer
Row = tuple[Handler, frozenset[CallState]]
Table = dict[tuple[CallState, Happening], Row]

_TIMERS = {timer.value: timer for timer in Timer}
_ENDED = frozenset({S.ENDED})
# Where the actions lead that each kind of reply may have (docs/platform/svaml.md#2); what takes time is PROMPTING
# first.
_ICE_OBEYED = frozenset({S.PROMPTING, S.DIALING, S.IN_MENU, S.IN_CONFERENCE, S.PARKED, S.ENDED})
_ACE_OBEYED = frozenset({S.PROMPTING, S.IN_MENU, S.CONNECTED, S.IN_CONFERENCE, S.ENDED})
_PIE_OBEYED = frozenset({S.PROMPTING, S.DIALING, S.IN_MENU, S.CONNECTED, S.IN_CONFERENCE, S.ENDED})
_UPDATED = frozenset({S.PROMPTING, S.CONNECTED, S.IN_CONFERENCE, S.PARKED, S.ENDED})
_AFTER_MENU = frozenset({S.IN_MENU, S.AWAITING_PIE, S.PROMPTING, S.CONNECTED, S.IN_CONFERENCE, S.ENDED})
_ANSWERED_STATES = (
    S.AWAITING_ACE,
    S.PROMPTING,
    S.IN_MENU,
    S.AWAITING_PIE,
    S.CONNECTED,
    S.IN_CONFERENCE,
    S.PARKED,
)
# A participant listens to a message, or is in a menu, and is in its room all the same.
_ROOM_STATES = (S.IN_CONFERENCE, S.PROMPTING, S.IN_MENU, S.AWAITING_PIE)
_LIVE_STATES = (S.AWAITING_ICE, S.DIALING, S.DETECTING, *_ANSWERED_STATES)


def _stays_in_each(states: tuple[CallState, ...], happening: Happening, handler: Handler) -> Table:
    """Rows for what keeps the call where it is, whatever it waits for."""
    return {(state, happening): (handler, frozenset({state})) for state in states}


def _ends_in_each(states: tuple[CallState, ...], happening: Happening, handler: Handler) -> Table:
    return {(state, happening): (handler, _ENDED) for state in states}


TRANSITIONS: Table = {
    # ---- waiting for / what happened / what the call does / what it waits for next
    (S.NEW, Placed): (call_setup.start_callout, frozenset({S.AWAITING_ICE, S.DIALING, S.ENDED})),
    (S.NEW, Arrived): (call_setup.meet_caller, frozenset({S.AWAITING_ICE, S.DIALING, S.IN_CONFERENCE, S.ENDED})),
    (S.AWAITING_ICE, AppReplied): (call_setup.obey_ice, _ICE_OBEYED),
    (S.AWAITING_ICE, AppFailed): (call_setup.refuse_caller, _ENDED),
    (S.DIALING, Answered): (
        call_setup.pick_up,
        frozenset({S.DETECTING, S.AWAITING_ACE, S.PROMPTING, S.CONNECTED, S.IN_CONFERENCE, S.ENDED}),
    ),
    (S.DIALING, Declined): (call_setup.be_declined, _ENDED),
    (S.DIALING, HungUp): (call_setup.hang_up_ringing, _ENDED),
    (S.DIALING, Timer.DIAL): (call_setup.give_up, _ENDED),
    (S.DETECTING, Timer.DETECTION): (
        call_setup.detect,
        frozenset({S.AWAITING_ACE, S.PROMPTING, S.CONNECTED, S.ENDED}),
    ),
    (S.AWAITING_ACE, AppReplied): (call_setup.obey_ace, _ACE_OBEYED),
    (S.AWAITING_ACE, AppFailed): (call_setup.connect_anyway, _ACE_OBEYED - {S.IN_MENU}),
    (S.PROMPTING, Timer.PROMPT): (in_call.go_on, _ICE_OBEYED | _ACE_OBEYED),
    (S.PROMPTING, Updated): (update, frozenset({S.PROMPTING, S.ENDED})),
    (S.IN_MENU, DigitPressed): (in_call.press, _AFTER_MENU),
    (S.IN_MENU, Spoke): (in_call.speak, _AFTER_MENU),
    (S.IN_MENU, Timer.MENU): (in_call.fall_silent, _AFTER_MENU),
    (S.IN_MENU, Timer.PROMPT): (in_call.menu_prompt_over, frozenset({S.IN_MENU})),
    (S.IN_MENU, HungUp): (in_call.leave_menu, _ENDED),
    (S.AWAITING_PIE, AppReplied): (in_call.obey_pie, _PIE_OBEYED),
    (S.AWAITING_PIE, AppFailed): (in_call.fail_pie, _ENDED),
    (S.CONNECTED, DigitPressed): (in_call.pass_tone, frozenset({S.CONNECTED})),
    (S.CONNECTED, Updated): (update, _UPDATED),
    (S.IN_CONFERENCE, DigitPressed): (membership.press_in_room, frozenset({S.IN_CONFERENCE})),
    (S.IN_CONFERENCE, Timer.DIGITS): (membership.stop_typing, frozenset({S.IN_CONFERENCE})),
    (S.IN_CONFERENCE, Updated): (update, (_UPDATED - {S.CONNECTED}) | {S.IN_MENU}),
    (S.PARKED, Timer.PROMPT): (in_call.parked_prompt_over, frozenset({S.PARKED, S.ENDED})),
    (S.PARKED, Timer.PARK): (in_call.park_over, frozenset({S.PARKED, S.ENDED})),
    (S.PARKED, Updated): (update, _ICE_OBEYED),
    # ---- before anything has been agreed, an update can only hang up
    **_ends_in_each((S.AWAITING_ICE, S.DIALING, S.DETECTING), Updated, update),
    (S.AWAITING_ACE, Updated): (update, frozenset({S.PROMPTING, S.ENDED})),
    (S.IN_MENU, Updated): (update, frozenset({S.PROMPTING, S.ENDED})),
    (S.AWAITING_PIE, Updated): (update, frozenset({S.PROMPTING, S.ENDED})),
    # ---- the app orders something about a participant of a conference
    **_ends_in_each(_ROOM_STATES, Kicked, membership.be_kicked),
    **_stays_in_each(_ROOM_STATES, Commanded, membership.be_commanded),
    # ---- whatever the call waits for
    **_ends_in_each(
        tuple(state for state in _LIVE_STATES if state not in (S.DIALING, S.IN_MENU, S.DETECTING)),
        HungUp,
        in_call.hung_up,
    ),
    (S.DETECTING, HungUp): (call_setup.hang_up_undetected, _ENDED),
    **_ends_in_each((S.DIALING, S.DETECTING, *_ANSWERED_STATES), Timer.MAX_DURATION, in_call.time_out),
    **_ends_in_each((S.DIALING, S.DETECTING, *_ANSWERED_STATES), Timer.CREDIT, in_call.run_out_of_credit),
    **_stays_in_each(_ANSWERED_STATES, Timer.DETECTION, in_call.report_verdict),
    **_stays_in_each((S.DETECTING, *_ANSWERED_STATES), Beeped, in_call.hear_beep),
    # ---- a recording outlives its call
    **_stays_in_each((*_LIVE_STATES, S.ENDED), RecordingDue, recording_steps.go_on),
    **_stays_in_each((*_LIVE_STATES, S.ENDED), RecordingDelivered, recording_steps.go_on),
    **_stays_in_each((*_LIVE_STATES, S.ENDED), RecordingUndelivered, recording_steps.go_on),
    **_stays_in_each((*_LIVE_STATES, S.ENDED), RoomRecordingOver, recording_steps.stop_room),
    # ---- the reply to DiCE
    (S.ENDED, AppReplied): (in_call.note_report, _ENDED),
}


def step(call: Call, event: Event, now: int) -> list[Effect]:
    """Lets one thing happen to a call. Time is an argument; what is to be done comes back in order."""
    before = call.state
    happening: Happening = _TIMERS[event.timer] if isinstance(event, TimerFired) else type(event)
    row = TRANSITIONS.get((before, happening))
    if row is None:
        told = {"event": _name(happening), "state": before.value, "text": ignored_text(event, before)}
        return [Log(call.id, "ignored", told)]
    handler, targets = row
    effects = handler(call, event, now)
    assert call.state in targets, f"{before} + {_name(happening)} led to {call.state}, which the table does not allow"
    return effects


def _name(happening: Happening) -> str:
    return f"timer {happening.value}" if isinstance(happening, Timer) else happening.__name__


