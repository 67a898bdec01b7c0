"""A phone on a line of its own, for tests: what it is told, and what it does when."""

import heapq
from collections.abc import Callable, Iterable

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.phones.phone import Act, Phone, Wake
from sinch_simulator.phones.signals import DigitPressed, Invite, LegName, LegOrder, Play, Release
from sinch_simulator.products.voice.events import Event

CALL = "call-1"
CALLEE = LegName.CALLEE
INVITE = Invite(CALL, CALLEE, Address(AddressKind.NUMBER, "+46700000001"), "+14045550100")
RELEASE = Release(CALL, CALLEE)


class Line:
    """One phone and a timetable. ``reacts`` is the other side: the effects that an event has at once."""

    def __init__(
        self,
        persona: Persona,
        *,
        calls: bool = False,
        reacts: Callable[[Event], Iterable[LegOrder]] = lambda event: (),
    ) -> None:
        self.phone = Phone(CALL, CALLEE, persona, calls)
        self.now_ms = 0
        self.happened: list[tuple[int, Event]] = []
        self._reacts = reacts
        self._due: list[tuple[int, int, Event | Wake]] = []
        self._entered = 0

    def enter(self, acts: list[Act]) -> None:
        for act in acts:
            assert act.after_ms >= 0
            self._entered += 1
            heapq.heappush(self._due, (self.now_ms + act.after_ms, self._entered, act.event))

    def hear(self, *effects: LegOrder) -> None:
        for effect in effects:
            self.enter(self.phone.hear(effect, self.now_ms))

    def run_to(self, moment_ms: int) -> None:
        while self._due and self._due[0][0] <= moment_ms:
            self.now_ms, _, event = heapq.heappop(self._due)
            if isinstance(event, Wake):
                self.enter(self.phone.wake(self.now_ms))
            else:
                self.happened.append((self.now_ms, event))
                self.hear(*self._reacts(event))
        self.now_ms = moment_ms

    @property
    def pressed(self) -> list[tuple[int, str]]:
        return [(at, event.digit) for at, event in self.happened if isinstance(event, DigitPressed)]


def talking(*steps: object, reacts: Callable[[Event], Iterable[LegOrder]] = lambda event: ()) -> Line:
    """A callee with these steps who has been invited and answers at once."""
    line = Line(read_persona({"answer": {"after": 0}, "then": list(steps)}), reacts=reacts)
    line.hear(INVITE)
    line.run_to(0)
    return line


def play(text: str, duration_ms: int = 1000) -> Play:
    return Play(CALL, CALLEE, text, duration_ms)
