"""The whole table of a verification: every event in every state, taken from verifications that really got there."""

from collections.abc import Callable

import pytest

from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome
from sinch_simulator.core.effects import TimerFired
from sinch_simulator.phones.app_signals import AppReported, MobileDataUsed
from sinch_simulator.phones.signals import (
    Answered,
    Cause,
    Declined,
    DigitPressed,
    HungUp,
    LegName,
    TextDelivered,
    TextFailed,
)
from sinch_simulator.products.verification.events import (
    Concluded,
    DeviceFetched,
    Event,
    Reported,
    ReportedRight,
    ReportedWrong,
    Started,
    Superseded,
    Timer,
)
from sinch_simulator.products.verification.model import Method, Reason, State, Status, Verification
from sinch_simulator.products.verification.replies import Reply
from sinch_simulator.products.verification.transitions import TRANSITIONS, step
from support.verification_world import ANNA, VerificationWorld

Reach = Callable[[], tuple[VerificationWorld, Verification]]


def started(method: Method, seconds: float = 0, *, settle: bool = True, **reply: object) -> Reach:
    def reach() -> tuple[VerificationWorld, Verification]:
        world = VerificationWorld(reply={"action": "allow", **reply})
        if seconds:
            world.phone(ANNA, answer={"after": seconds})
        verification = world.start(method, settle=settle)
        world.advance(seconds) if settle else None
        return world, verification

    return reach


def ended_by(status: Status) -> Reach:
    def reach() -> tuple[VerificationWorld, Verification]:
        world, verification = started(Method.SMS, 1)()
        world.simulation.receive(Concluded(verification.id, status, None))
        return world, verification

    return reach


REACH: dict[State, list[Reach]] = {
    State.AWAITING_CALLBACK: [started(method, settle=False) for method in Method],
    State.AWAITING_DELIVERY: [started(Method.SMS), started(Method.WHATSAPP)],
    State.AWAITING_RING: [started(Method.FLASHCALL)],
    State.AWAITING_ANSWER: [started(Method.CALLOUT), started(Method.CALLOUT, callout={"pin": "1"})],
    State.AWAITING_REPORT: [started(each, 2) for each in Method if each is not Method.SEAMLESS],
    State.AWAITING_DEVICE: [started(Method.SEAMLESS)],
    State.AWAITING_PIN: [started(Method.CALLOUT, 2, callout={"pin": "1"})],
    State.ENDED: [ended_by(Status.SUCCESSFUL), ended_by(Status.FAIL)],
}


def happenings(verification: Verification) -> list[Event]:
    subject = verification.id
    secret = verification.secret or "?"
    return [
        Started(subject, verification.request),
        ReportedRight(subject, secret),
        ReportedWrong(subject, "wrong"),
        Superseded(subject),
        DeviceFetched(subject),
        Concluded(subject, Status.DENIED, Reason.FRAUD),
        MobileDataUsed(subject, ANNA),
        MobileDataUsed(subject, None),
        TextDelivered(subject, ANNA),
        TextFailed(subject, ANNA, "Failed", 100),
        Answered(subject, LegName.CALLEE),
        *(Declined(subject, LegName.CALLEE, cause) for cause in Cause),
        DigitPressed(subject, LegName.CALLEE, "1"),
        DigitPressed(subject, LegName.CALLEE, "2"),
        HungUp(subject, LegName.CALLEE),
        *(TimerFired(subject, timer.value) for timer in Timer),
        AppReplied(subject, f"{subject}.VerificationRequestEvent", Reply(allowed=True)),
        AppReplied(subject, f"{subject}.VerificationRequestEvent", Reply(allowed=False)),
        AppFailed(subject, f"{subject}.VerificationRequestEvent", Outcome.BAD_ANSWER),
    ]


CASES = [(state, index) for state, reaches in REACH.items() for index in range(len(reaches))]


@pytest.mark.parametrize(("state", "index"), CASES)
def test_every_event_in_every_state_is_in_the_table_or_ignored_and_journalled(state: State, index: int) -> None:
    reach = REACH[state][index]
    _, example = reach()
    assert example.state is state
    for number in range(len(happenings(example))):
        world, verification = reach()
        event = happenings(verification)[number]
        kind = Timer(event.timer) if isinstance(event, TimerFired) else type(event)
        before = (verification.status, verification.attempts, verification.reason)
        effects = step(verification, event, world.simulation.now)
        if (state, kind) in TRANSITIONS:
            assert verification.state in TRANSITIONS[state, kind][1]
            assert (verification.status is Status.PENDING) == (verification.state is not State.ENDED)
            continue
        assert [effect.kind for effect in effects] == ["ignored"]
        assert (verification.state, verification.status, verification.attempts, verification.reason) == (state, *before)


def test_every_row_of_the_table_can_happen() -> None:
    states = {*REACH, State.NEW}
    assert {state for state, _ in TRANSITIONS} <= states
    met = {Started, *(type(event) for event in happenings(REACH[State.AWAITING_RING][0]()[1])), *Timer} - {TimerFired}
    assert {happening for _, happening in TRANSITIONS} == met


@pytest.mark.parametrize(("state", "index"), CASES)
def test_what_has_ended_tells_its_result_once_and_nothing_happens_to_it_any_more(state: State, index: int) -> None:
    world, verification = REACH[state][index]()
    if state is not State.ENDED:
        world.simulation.receive(Superseded(verification.id))
    for event in happenings(verification):
        if not isinstance(event, ReportedRight | ReportedWrong):
            world.simulation.receive(event)
    world.simulation.receive(Reported(verification.id, verification.secret or "?"))
    world.simulation.receive(AppReported(verification.id, "1", "manual"))
    world.advance(100_000)
    assert world.events(verification).count("VerificationResultEvent") == 1
    assert world.kinds(verification).count("verification.ended") == 1
    assert world.simulation.next_due() is None
