"""What the tests of phones share: personas of every legal kind."""

import pytest
from hypothesis import strategies as st

from sinch_simulator.phones.behaviour import (
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
)
from sinch_simulator.phones.signals import AmdReason, AmdStatus, AmdVerdict, AnsweredAs, Cause, Manner


def _texts() -> st.SearchStrategy[str]:
    words = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12)
    named = {awaited.value for awaited in Awaited}
    plain = words.filter(lambda text: text.strip() != "" and text not in named and not text.startswith("/"))
    return st.one_of(plain, st.sampled_from(["/wel.*me/", "/[0-9]+ calls/", "/prompt/"]))


def _milliseconds() -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 10_000), st.integers(0, 86_400_000))


def _steps() -> st.SearchStrategy[tuple[Step, ...]]:
    step: st.SearchStrategy[Step] = st.one_of(
        st.builds(Wait, _milliseconds()),
        st.builds(Press, st.text("0123456789*#w", min_size=1, max_size=6)),
        st.builds(Speak, _texts()),
        st.builds(WaitFor, st.one_of(st.sampled_from(Awaited), _texts())),
    )
    ending: st.SearchStrategy[tuple[Step, ...]] = st.sampled_from([(), (HangUp(),)])
    return st.tuples(st.lists(step, max_size=6).map(tuple), ending).map(lambda parts: parts[0] + parts[1])


def _manners() -> st.SearchStrategy[Manner]:
    verdicts = st.none() | st.builds(
        AmdVerdict, st.sampled_from(AmdStatus), st.sampled_from(AmdReason), _milliseconds()
    )
    return st.one_of(
        st.builds(Manner, st.just(AnsweredAs.MACHINE), _milliseconds(), st.booleans(), verdicts),
        st.builds(Manner, st.just(AnsweredAs.HUMAN), _milliseconds(), verdict=verdicts),
        st.builds(Manner, st.sampled_from([AnsweredAs.FAX, AnsweredAs.SILENCE]), verdict=verdicts),
    )


@pytest.fixture(scope="session")
def personas() -> st.SearchStrategy[Persona]:
    """Every kind of persona that there can be."""
    meetings = st.one_of(
        st.builds(Answers, _milliseconds(), _manners()),
        st.builds(Declines, st.sampled_from(Cause), _milliseconds()),
        st.just(Rings()),
    )
    return st.one_of(st.builds(Persona, meetings, _steps()), st.just(Persona(ByHand())))
