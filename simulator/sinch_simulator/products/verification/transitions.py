"""The table of a verification: in each state, what happened, what it does, and what it may wait for next.

The table is the specification (docs/platform/verification.md#7.2). A pair that is not in it is ignored and journalled;
the last column is asserted as it runs, and draws the diagram in the documentation.
"""

from collections.abc import Callable
from re import sub
from typing import Any

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.effects import Log, TimerFired
from sinch_simulator.phones.app_signals import MobileDataUsed
from sinch_simulator.phones.signals import Answered, Declined, DigitPressed, HungUp, TextDelivered, TextFailed
from sinch_simulator.products.verification import delivering, launching, reporting
from sinch_simulator.products.verification.ending import Effect
from sinch_simulator.products.verification.events import (
    Concluded,
    DeviceFetched,
    Event,
    ReportedRight,
    ReportedWrong,
    Started,
    Superseded,
    Timer,
)
from sinch_simulator.products.verification.model import State, Verification

S = State

# Handlers take the event of their own row: the table pairs them, which a signature common to all rows can't say.
Handler = Callable[[Verification, Any, int], list[Effect]]
Happening = type[Event] | Timer
Row = tuple[Handler, frozenset[State]]
Table = dict[tuple[State, Happening], Row]

_WAITS = {S.ENDED: "the verification has ended", S.AWAITING_CALLBACK: "the app has not answered yet"}
_TIMERS = {timer.value: timer for timer in Timer}
_ENDED = frozenset({S.ENDED})
_REPORT = frozenset({S.AWAITING_REPORT})
_ON_ITS_WAY = frozenset({S.AWAITING_DELIVERY, S.AWAITING_RING, S.AWAITING_ANSWER, S.AWAITING_DEVICE})
_REPORTABLE = (S.AWAITING_DELIVERY, S.AWAITING_RING, S.AWAITING_ANSWER, S.AWAITING_REPORT)
_PENDING = (S.AWAITING_CALLBACK, *_REPORTABLE, S.AWAITING_DEVICE, S.AWAITING_PIN)


def _ends_in_each(states: tuple[State, ...], happening: Happening, handler: Handler) -> Table:
    return {(state, happening): (handler, _ENDED) for state in states}


TRANSITIONS: Table = {
    # ---- waiting for / what happened / what it does / what it waits for next
    (S.NEW, Started): (launching.start, _ON_ITS_WAY | {S.AWAITING_CALLBACK}),
    (S.AWAITING_CALLBACK, AppReplied): (launching.obey, _ON_ITS_WAY | _ENDED),
    (S.AWAITING_CALLBACK, AppFailed): (launching.refuse, _ENDED),
    (S.AWAITING_DELIVERY, TextDelivered): (delivering.deliver, _REPORT),
    (S.AWAITING_DELIVERY, TextFailed): (delivering.fail_delivery, _ENDED),
    (S.AWAITING_RING, Timer.DIAL): (delivering.stop_ringing, _REPORT),
    (S.AWAITING_RING, Answered): (delivering.pick_up_flash_call, _REPORT),
    (S.AWAITING_RING, Declined): (delivering.be_declined, _REPORT | _ENDED),
    (S.AWAITING_RING, HungUp): (delivering.turn_down, _REPORT),
    (S.AWAITING_ANSWER, HungUp): (delivering.turn_down, _REPORT),
    (S.AWAITING_ANSWER, Timer.DIAL): (delivering.stop_ringing, _REPORT),
    (S.AWAITING_ANSWER, Answered): (delivering.pick_up, _REPORT | {S.AWAITING_PIN}),
    (S.AWAITING_ANSWER, Declined): (delivering.be_declined, _REPORT | _ENDED),
    (S.AWAITING_REPORT, Timer.SPEECH): (delivering.finish_speaking, _REPORT),
    (S.AWAITING_REPORT, HungUp): (delivering.note_hang_up, _REPORT),
    (S.AWAITING_PIN, DigitPressed): (delivering.press, frozenset({S.AWAITING_PIN, S.ENDED})),
    (S.AWAITING_PIN, HungUp): (delivering.hang_up_without_key, _ENDED),
    (S.AWAITING_PIN, Timer.PIN): (delivering.hang_up_without_key, _ENDED),
    (S.AWAITING_DEVICE, DeviceFetched): (delivering.ask_whose_data, frozenset({S.AWAITING_DEVICE})),
    (S.AWAITING_DEVICE, MobileDataUsed): (delivering.compare_sim, _ENDED),
    # ---- the secret can be reported from the moment at which it is on its way
    **_ends_in_each(_REPORTABLE, ReportedRight, reporting.succeed),
    **{(state, ReportedWrong): (reporting.count_attempt, frozenset({state, S.ENDED})) for state in _REPORTABLE},
    # ---- whatever is waited for
    **_ends_in_each(_PENDING, Timer.EXPIRY, reporting.expire),
    **_ends_in_each(_PENDING, Superseded, reporting.abort),
    **_ends_in_each(_PENDING, Concluded, reporting.conclude),
}


def step(verification: Verification, event: Event, now: int) -> list[Effect]:
    """Lets one thing happen to a verification. Time is an argument; what is to be done comes back in order."""
    before = verification.state
    happening: Happening = _TIMERS[event.timer] if isinstance(event, TimerFired) else type(event)
    row = TRANSITIONS.get((before, happening))
    if row is None:
        told = {"event": name_of(happening), "state": before.value}
        happened = sub(r"(?<=[a-z])(?=[A-Z])", " ", told["event"]).lower()
        text = f"{happened} is ignored: {_WAITS.get(before, 'the verification waits for something else')}"
        return [Log(verification.id, "ignored", {**told, "text": text})]
    handler, targets = row
    effects = handler(verification, event, now)
    after = verification.state
    assert after in targets, f"{before} + {name_of(happening)} led to {after}, which the table does not allow"
    return effects


def name_of(happening: Happening) -> str:
    """Returns what happened, for the journal."""
    return f"timer {happening.value}" if isinstance(happening, Timer) else happening.__name__
