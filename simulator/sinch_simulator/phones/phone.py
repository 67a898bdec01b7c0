"""One far end on one leg of one call: it hears effects, plays its persona's steps, and makes events.

A phone never looks at a clock and never waits: what is to happen later it hands out as an ``Act`` with a delay, and
its own alarm comes back through ``wake``. It knows what a person at the far end can notice, and nothing of the app.
"""

from collections.abc import Iterator
from typing import assert_never

from attrs import field

from sinch_simulator.core.values import define, frozen
from sinch_simulator.phones.behaviour import (
    PAUSE_MS,
    Answers,
    Awaited,
    ByHand,
    Declines,
    HangUp,
    Persona,
    Press,
    Rings,
    Speak,
    Step,
    Wait,
    WaitFor,
    text_pattern,
)
from sinch_simulator.phones.signals import (
    Accept,
    Answered,
    Beep,
    Beeped,
    CloseMenu,
    Connect,
    Declined,
    DigitPressed,
    HungUp,
    Hush,
    Invite,
    LegEvent,
    LegName,
    LegOrder,
    OpenMenu,
    Play,
    Release,
    SendDigits,
    Spoke,
)


@frozen
class Wake:
    """Wakes a phone that has asked for it. It is no event of the call: the simulation hands it to ``Phone.wake``."""

    call_id: str
    leg: LegName


@frozen
class Act:
    """Something that a phone will do: after so long (never negative) this is to happen."""

    after_ms: int
    event: LegEvent | Wake


@define
class Ears:
    """What this end of the call has noticed so far, as far as somebody can wait for it."""

    sounds_until_ms: int = 0
    menu_open: bool = False
    connected: bool = False
    beeped: bool = False
    texts: list[str] = field(factory=list)

    def notice(self, effect: LegOrder, now_ms: int) -> None:
        """Remembers what this effect changed."""
        match effect:
            case Play(text=text, duration_ms=duration_ms):
                # Even a prompt that takes no time is noticed in the instant in which it plays.
                self.sounds_until_ms = now_ms + max(duration_ms, 1)
                self.texts.append(text)
            case Hush():
                self.sounds_until_ms = now_ms
            case OpenMenu():
                self.menu_open = True
            case CloseMenu():
                self.menu_open = False
            case Connect():
                self.connected = True
            case Beep():
                self.beeped = True
            case Invite() | Accept() | Release() | SendDigits():
                pass
            case _:
                assert_never(effect)

    def is_so(self, what: Awaited | str, now_ms: int) -> bool:
        """Returns whether what somebody waits for is so. A prompt and a menu pass; a text or a beep counts for ever."""
        match what:
            case Awaited.PROMPT:
                return now_ms < self.sounds_until_ms
            case Awaited.MENU:
                return self.menu_open
            case Awaited.CONNECTED:
                return self.connected
            case Awaited.BEEP:
                return self.beeped
            case str():
                pattern = text_pattern(what)
                return any(pattern.search(text) for text in self.texts)
            case _:
                assert_never(what)


@define
class Phone:
    """A far end. ``calls`` says that it has dialled in, and so is never invited.

    Its doors are ``begin`` (a caller has dialled), ``hear`` and ``wake``; all answer with what it does next. Once it is
    released, or has hung up, it does nothing more. A wake that it did not ask for does no harm: whoever had this leg of
    the call before may have left one behind.

    What satisfied one ``wait_for`` may satisfy the next as well. A ``wait_for`` right after keys or speech looks only
    when the exchange has dealt with those, so that a menu which they close is not mistaken for the next one.
    """

    call_id: str
    leg: LegName
    persona: Persona
    calls: bool
    _moves: tuple[Step, ...] = field(init=False, default=())
    _position: int = field(init=False, default=0)
    _awaiting: bool = field(init=False, default=False)
    _resumes_at_ms: int | None = field(init=False, default=None)
    _beeps_at_ms: int | None = field(init=False, default=None)
    _gone: bool = field(init=False, default=False)
    _ears: Ears | None = field(init=False, default=None)
    """None for somebody who does nothing, and so has nothing to wait for."""

    def __attrs_post_init__(self) -> None:
        if self.persona.then:
            self._moves = tuple(_without_pauses(self.persona.then))
            self._ears = Ears()

    @property
    def idle(self) -> bool:
        """Returns whether nothing that it could hear, and no alarm, will ever make it do anything more."""
        return self._ears is None and self._beeps_at_ms is None

    def begin(self, now_ms: int) -> list[Act]:
        """Begins the steps of a caller who has dialled. Those of a callee begin when it answers, not here."""
        if self._gone or not self.calls or not self._moves:
            return []
        return [self._resume(now_ms, after_ms=0)]

    def hear(self, effect: LegOrder, now_ms: int) -> list[Act]:
        """Hears something at this end of the call, and returns what the phone does next."""
        if isinstance(effect, Release):
            self._gone = True
        if self._gone:
            return []
        if isinstance(effect, Invite):
            return [] if self.calls else self.meet(now_ms)
        if self._ears is None or self._position == len(self._moves):
            return []
        self._ears.notice(effect, now_ms)
        return self._play(now_ms) if self._awaiting else []

    def wake(self, now_ms: int) -> list[Act]:
        """Does what is due now, if anything is, and returns it."""
        acts: list[Act] = []
        if self._gone:
            return acts
        if self._beeps_at_ms is not None and now_ms >= self._beeps_at_ms:
            self._beeps_at_ms = None
            if self._ears is not None:
                self._ears.beeped = True
            acts.append(Act(0, Beeped(self.call_id, self.leg)))
        if self._awaiting or (self._resumes_at_ms is not None and now_ms >= self._resumes_at_ms):
            self._resumes_at_ms = None
            acts += self._play(now_ms)
        return acts

    def meet(self, now_ms: int) -> list[Act]:
        """Meets a call that rings, and returns what the phone does about it."""
        meeting = self.persona.meeting
        match meeting:
            case Answers():
                return self._answer(meeting, now_ms)
            case Declines(cause=cause, after_ms=after_ms):
                return [Act(after_ms, Declined(self.call_id, self.leg, cause))]
            case Rings() | ByHand():
                return []
            case _:
                assert_never(meeting)

    def _answer(self, meeting: Answers, now_ms: int) -> list[Act]:
        acts = [Act(meeting.after_ms, Answered(self.call_id, self.leg, meeting.manner))]
        if self._moves:
            # Entered after the answer, so that the call is answered when the first step is played.
            acts.append(self._resume(now_ms, after_ms=meeting.after_ms))
        if meeting.manner.beep:
            beeps_after_ms = meeting.after_ms + meeting.manner.greeting_ms
            self._beeps_at_ms = now_ms + beeps_after_ms
            acts.append(Act(beeps_after_ms, Wake(self.call_id, self.leg)))
        return acts

    def _resume(self, now_ms: int, *, after_ms: int) -> Act:
        self._resumes_at_ms = now_ms + after_ms
        return Act(after_ms, Wake(self.call_id, self.leg))

    def _play(self, now_ms: int) -> list[Act]:
        """Play steps until one takes time or waits for something."""
        acts: list[Act] = []
        self._awaiting = False
        ears = self._ears
        while ears is not None and self._position < len(self._moves):
            move = self._moves[self._position]
            if isinstance(move, WaitFor) and acts:
                return [*acts, self._resume(now_ms, after_ms=0)]
            if isinstance(move, WaitFor) and not ears.is_so(move.what, now_ms):
                self._awaiting = True
                return acts
            self._position += 1
            if isinstance(move, Wait):
                return [*acts, self._resume(now_ms, after_ms=move.ms)]
            acts += [Act(0, event) for event in self._events(move)]
        return acts

    def _events(self, move: Press | Speak | WaitFor | HangUp) -> list[LegEvent]:
        match move:
            case Press(digits=digits):
                return [DigitPressed(self.call_id, self.leg, digit) for digit in digits]
            case Speak(text=text):
                return [Spoke(self.call_id, self.leg, text)]
            case HangUp():
                self._gone = True
                return [HungUp(self.call_id, self.leg)]
            case WaitFor():
                return []
            case _:
                assert_never(move)


def _without_pauses(steps: tuple[Step, ...]) -> Iterator[Step]:
    """The same steps, with every ``w`` among digits as a step of its own, so that hanging up ends a row of digits."""
    for step in steps:
        if not isinstance(step, Press):
            yield step
            continue
        for index, digits in enumerate(step.digits.split("w")):
            if index:
                yield Wait(PAUSE_MS)
            if digits:
                yield Press(digits)
