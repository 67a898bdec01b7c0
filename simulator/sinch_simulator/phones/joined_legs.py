"""Legs that are two things at once: rung by one call, and the caller of another, at a number of the world's own.

What is ordered at one end is what the far end of the other does: answering the call that came in answers the leg that
rang, releasing either hangs up at the other, tones are keys. The two calls may be of different products.
"""

from attrs import field

from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import (
    Accept,
    Answered,
    Cause,
    Declined,
    DigitPressed,
    HungUp,
    LegEvent,
    LegName,
    Release,
    SendDigits,
)

End = tuple[str, LegName]
"""A call's id, and which of its ends."""


@define
class JoinedLegs:
    """Knows which end is at the same time which other."""

    ends: dict[End, End] = field(factory=dict)
    _unanswered: set[End] = field(factory=set)
    """Ends that ring still."""

    def join(self, rung: End, caller: End) -> None:
        """Makes the leg that is rung the caller of the other call."""
        self.ends[rung] = caller
        self.ends[caller] = rung
        self._unanswered.add(rung)

    def meaning(self, order: object) -> list[LegEvent]:
        """Returns what an order to one of two joined ends makes the other one do."""
        if not isinstance(order, Accept | Release | SendDigits):
            return []
        near = (order.call_id, order.leg)
        far = self.ends.get(near)
        if far is None:
            return []
        if isinstance(order, Accept):
            self._unanswered.discard(far)
            return [Answered(*far)]
        if isinstance(order, SendDigits):
            return [DigitPressed(*far, digit) for digit in order.digits if digit != "w"]
        return self.leave(near)

    def leave(self, near: End) -> list[LegEvent]:
        """Takes two ends apart, because the call of the near one is over; returns what that means for the other."""
        far = self.ends.get(near)
        if far is None:
            return []
        rings = far in self._unanswered
        self.part(near)
        return [Declined(*far, Cause.REJECTED) if rings else HungUp(*far)]

    def part(self, end: End) -> None:
        """Takes two ends apart, if this is one of two."""
        far = self.ends.pop(end, None)
        if far is not None:
            self.ends.pop(far, None)
            self._unanswered -= {end, far}
