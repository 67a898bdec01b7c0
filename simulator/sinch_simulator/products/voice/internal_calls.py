"""Calls to the world's own numbers: one leg of a call is, at the same time, the caller of another call.

What the platform does to the one is what the far end of the other does: answering the inner call answers the outer leg,
releasing it hangs up, and what one plays the other hears.
"""

from attrs import field

from sinch_simulator.core.values import define, frozen
from sinch_simulator.phones.signals import (
    Accept,
    Answered,
    Cause,
    Declined,
    DigitPressed,
    HungUp,
    LegName,
    Play,
    Release,
    SendDigits,
)
from sinch_simulator.products.voice.call import Call, CallState, LegState
from sinch_simulator.products.voice.effects import CallEffect
from sinch_simulator.products.voice.events import Event

End = tuple[str, LegName]


@frozen
class Carried:
    """What an effect on one side means on the other."""

    events: tuple[Event, ...] = ()
    effects: tuple[CallEffect, ...] = ()


_NOTHING = Carried()
_CAUSES = {"BUSY": Cause.BUSY, "NOANSWER": Cause.NO_ANSWER, "FAILED": Cause.UNREACHABLE}


@define
class InternalCalls:
    """Knows which leg is which caller."""

    ends: dict[End, End] = field(factory=dict)

    def join(self, outer_id: str, leg: LegName, inner_id: str) -> None:
        """Makes this leg of the outer call the caller of the inner one."""
        outer, inner = (outer_id, leg), (inner_id, LegName.CALLER)
        self.ends[outer] = inner
        self.ends[inner] = outer

    def carry(self, call: Call, effect: CallEffect, calls: dict[str, Call]) -> Carried:
        """Returns what an effect on one of two legs that are joined means for the other."""
        if not isinstance(effect, Accept | Release | SendDigits | Play):
            return _NOTHING
        far = self.ends.get((effect.call_id, effect.leg))
        if far is None:
            return _NOTHING
        far_id, far_leg = far
        far_call = calls.get(far_id)
        match effect:
            case Accept():
                return Carried((Answered(far_id, far_leg),))
            case SendDigits(digits=digits):
                return Carried(tuple(DigitPressed(far_id, far_leg, digit) for digit in digits if digit != "w"))
            case Play():
                return _overhear(far_call, far_leg, effect)
            case Release():
                self._part((effect.call_id, effect.leg))
                return _release(call, far_call, far_leg)

    def forget(self, call_id: str) -> None:
        """Drops what leads to or from this call."""
        for leg in LegName:
            self._part((call_id, leg))

    def _part(self, end: End) -> None:
        far = self.ends.pop(end, None)
        if far is not None:
            self.ends.pop(far, None)


def _overhear(far_call: Call | None, far_leg: LegName, play: Play) -> Carried:
    """Whoever talks with the far leg hears what is played to it."""
    if far_call is None or far_call.state is not CallState.CONNECTED:
        return _NOTHING
    listener = far_call.leg(far_leg.other)
    if not listener.present:
        return _NOTHING
    listener.hear(play.text)
    heard = Play(far_call.id, listener.name, play.text, play.duration_ms, play.locale, play.spoken)
    return Carried(effects=(heard,))


def _release(call: Call, far_call: Call | None, far_leg: LegName) -> Carried:
    if far_call is None or not far_call.leg(far_leg).present:
        return _NOTHING
    if far_call.leg(far_leg).state is LegState.RINGING and far_leg is LegName.CALLEE and call.ending is not None:
        cause = _CAUSES.get(call.ending.result, Cause.REJECTED)
        return Carried((Declined(far_call.id, far_leg, cause),))
    return Carried((HungUp(far_call.id, far_leg),))
