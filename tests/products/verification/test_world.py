"""Whatever apps, people and time do, in whatever order: what is always true of all verifications of a world."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.callback import Outcome
from sinch_simulator.phones.signals import DigitPressed, HungUp, LegName
from sinch_simulator.products.verification.events import Concluded, DeviceFetched
from sinch_simulator.products.verification.model import REASONS, Method, State, Status
from support.verification_world import ANNA, BEN, REQUEST, RESULT, VerificationWorld

PERSONAS: list[dict[str, Any]] = [
    {},
    {"answer": {"after": 1}},
    {"busy": {}},
    {"unreachable": {}},
    {"sms": {"status": "Failed"}},
    {"sms": {"never": True}},
    {"app": {"reports": "right", "after": 1}},
    {"app": {"reports": "wrong", "source": "intercepted", "after": 0}},
    {"data": "wifi"},
    {"answer": {"after": 0}, "then": [{"press": "1"}]},
]
REPLIES: list[Any] = [
    {"action": "allow"},
    {"action": "deny"},
    {"action": "allow", "callout": {"pin": "1"}},
    {"action": "allow", "sms": {"expiry": "00:00:01"}},
    b"",
    Outcome.TIMEOUT,
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("start"), st.sampled_from(list(Method)), st.sampled_from([ANNA, BEN])),
        st.tuples(st.just("advance"), st.sampled_from([0, 0.5, 1, 3, 30, 80, 301]), st.none()),
        st.tuples(st.just("report"), st.booleans(), st.integers(min_value=0, max_value=3)),
        st.tuples(st.just("persona"), st.sampled_from(PERSONAS), st.sampled_from([ANNA, BEN])),
        st.tuples(st.just("reply"), st.sampled_from(REPLIES), st.none()),
        st.tuples(st.sampled_from(["press", "hang_up", "fetch", "conclude"]), st.none(), st.integers(0, 3)),
    ),
    max_size=20,
)


def play(world: VerificationWorld, steps: list[tuple[str, Any, Any]]) -> None:
    for what, first, second in steps:
        made = [*world.machine.verifications.values()]
        chosen = made[-1 - second] if isinstance(second, int) and second < len(made) else None
        if what == "start":
            world.start(first, second)
        elif what == "advance":
            world.advance(first)
        elif what == "persona":
            world.phone(second, **first)
        elif what == "reply":
            world.reply = first
        elif chosen is not None and what == "report":
            world.report(chosen, None if first and chosen.secret else "wrong")
        elif chosen is not None:
            subject = chosen.id
            world.simulation.receive(
                {
                    "press": DigitPressed(subject, LegName.CALLEE, "1"),
                    "hang_up": HungUp(subject, LegName.CALLEE),
                    "fetch": DeviceFetched(subject),
                    "conclude": Concluded(subject, Status.ABORTED, None),
                }[what]
            )
            world.advance(0)
        check(world)


def check(world: VerificationWorld) -> None:
    made = [*world.machine.verifications.values()]
    pending = [each for each in made if each.state is not State.ENDED]
    assert len({each.number for each in pending}) == len(pending)
    told = Counter((sent.subject, sent.event) for sent in world.sent)
    for each in made:
        ended = each.state is State.ENDED
        assert (each.status is Status.PENDING) == (not ended)
        assert told[each.id, REQUEST] == 1
        assert told[each.id, RESULT] == ended
        assert each.reason is None or each.reason in REASONS[each.status]
        assert each.attempts <= 3
        if ended:
            assert each.call is None or each.call.final
        events = world.events(each)
        assert events[0] == REQUEST
        assert not ended or events[-1] == RESULT


@settings(deadline=None)
@given(STEPS)
def test_whatever_happens_the_rules_hold_and_everything_comes_to_an_end(steps: list[tuple[str, Any, Any]]) -> None:
    world = VerificationWorld()
    play(world, steps)
    world.advance(1000)
    check(world)
    assert all(each.state is State.ENDED for each in world.machine.verifications.values())
    assert world.simulation.next_due() is None
    world.simulation.forget(world.application.key)
    assert world.simulation.empty
    assert not world.simulation.phone_calls
    assert len(world.simulation.messages) == 0


@settings(deadline=None, max_examples=30)
@given(STEPS)
def test_the_same_again_gives_the_same_journal(steps: list[tuple[str, Any, Any]]) -> None:
    def journal() -> list[tuple[int, str, dict[str, Any]]]:
        world = VerificationWorld()
        play(world, steps)
        return [(entry.at_ms, entry.kind, entry.fields) for entry in world.simulation.journal.entries]

    assert journal() == journal()
