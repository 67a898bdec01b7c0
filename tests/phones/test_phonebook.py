"""The phonebook: who is at an address, and which of several scripts wins."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.phones.behaviour import (
    HUMAN,
    Answers,
    Declines,
    HangUp,
    Meeting,
    Persona,
    Rings,
    Wait,
)
from sinch_simulator.phones.phonebook import Phonebook, normalised_address
from sinch_simulator.phones.signals import AnsweredAs, Cause, Manner
from sinch_simulator.phones.test_numbers import BUILT_IN

BUSY = Persona(Declines(Cause.BUSY, 0))
SLOW = Persona(Answers(9000))
QUICK = Persona(Answers(0))


def test_nobody_scripted_is_a_human() -> None:
    book = Phonebook()
    for address in ("+46700000001", "alice", "bob@sip.example.com", "", "wss://example.test/stream"):
        assert book.persona_for(address) == HUMAN


@pytest.mark.parametrize(
    ("scripted", "dialled"),
    [
        ("+46 70-123", "+4670123"),
        ("4670123", "+4670123"),
        ("+46 (0)70-123", "+4670123"),
        ("+4670123", "46 70.123"),
        ("(404) 555-0199", "+4045550199"),
        ("alice", "alice"),
        ("sip:bob@sip.example.com", "bob@sip.example.com"),
        ("bob@sip.example.com", "SIP:bob@sip.example.com"),
    ],
)
def test_one_address_may_be_written_in_many_ways(scripted: str, dialled: str) -> None:
    book = Phonebook()
    book.script(scripted, BUSY)
    assert book.persona_for(dialled) == BUSY


def test_user_names_differ_by_the_case_of_their_letters() -> None:
    book = Phonebook()
    book.script("Alice", BUSY)
    assert book.persona_for("alice") == HUMAN


def test_an_exact_address_wins_over_a_pattern_and_the_longer_pattern_over_the_shorter() -> None:
    book = Phonebook()
    book.script("*", BUSY)
    book.script("+4670*", SLOW)
    book.script("+46 70 1", QUICK)
    assert book.persona_for("+46701") == QUICK
    assert book.persona_for("+46702") == SLOW
    assert book.persona_for("+1404") == BUSY
    assert book.persona_for("alice") == BUSY


def test_of_two_patterns_as_long_the_alphabetically_first_wins() -> None:
    for order in (("+46*1", "+467*"), ("+467*", "+46*1")):
        book = Phonebook()
        for pattern in order:
            book.script(pattern, BUSY if pattern == "+46*1" else SLOW)
        assert book.persona_for("+46711") == BUSY


def test_a_pattern_without_a_plus_is_one_of_numbers_all_the_same() -> None:
    book = Phonebook()
    book.script("4670*", BUSY)
    book.script("*99", SLOW)
    assert book.persona_for("+4670") == BUSY
    assert book.persona_for("+14099") == SLOW
    assert book.persona_for("4670") == BUSY
    assert book.persona_for("*99") == SLOW


def test_a_pattern_has_no_other_special_characters() -> None:
    book = Phonebook()
    book.script("a.c*", BUSY)
    assert book.persona_for("abcd") == HUMAN
    assert book.persona_for("a.cd") == BUSY


def test_a_pattern_of_many_stars_is_quick() -> None:
    book = Phonebook()
    book.script("a*" * 30 + "b", BUSY)
    assert book.persona_for("a" * 2000) == HUMAN
    assert book.persona_for("a" * 2000 + "b") == BUSY


def test_what_is_forgotten_is_as_it_was() -> None:
    book = Phonebook()
    book.script("+14045550110", SLOW)
    book.script("+1*", QUICK)
    book.forget("+1 404 555 0110")
    assert book.persona_for("+14045550110") == QUICK
    book.forget("+1*")
    assert book.persona_for("+14045550110").meeting == Declines(Cause.BUSY, 1000)
    book.forget("nobody")
    book.script("alice", BUSY)
    book.script("a*", BUSY)
    book.forget_all()
    assert book.persona_for("alice") == HUMAN


def test_scripting_an_address_again_replaces_what_was_there() -> None:
    book = Phonebook()
    for address in ("alice", "+46*"):
        book.script(address, BUSY)
        book.script(address, SLOW)
        assert book.persona_for(address) == SLOW


def _machine(*, beep: bool) -> Answers:
    return Answers(2000, Manner(AnsweredAs.MACHINE, greeting_ms=5000, beep=beep))


@pytest.mark.parametrize(
    ("number", "meeting"),
    [
        ("+14045550110", Declines(Cause.BUSY, 1000)),
        ("+14045550111", Rings()),
        ("+14045550112", Declines(Cause.REJECTED, 1000)),
        ("+14045550113", Declines(Cause.UNREACHABLE, 0)),
        ("+14045550114", Declines(Cause.CONGESTION, 0)),
        ("+14045550115", _machine(beep=True)),
        ("+14045550116", _machine(beep=False)),
        ("+14045550118", Answers(2000, Manner(AnsweredAs.FAX))),
        ("+14045550119", Answers(20_000)),
        ("46000000000", Answers(7500)),
        ("460000000001", Answers(7500)),
        ("460000000009", Answers(7500)),
        ("4600000000010", Answers(7500)),
        ("4600000000020", Answers(7500)),
        ("4600000000030", Declines(Cause.REJECTED, 0)),
        ("4600000000031", Declines(Cause.REJECTED, 7500)),
        ("4600000000040", Declines(Cause.NO_ANSWER, 45_000)),
        ("4600000000050", Declines(Cause.CONGESTION, 0)),
        ("4600000000051", Declines(Cause.CONGESTION, 7500)),
    ],
)
def test_built_in_numbers_behave_as_published(number: str, meeting: Meeting) -> None:
    assert Phonebook().persona_for(number) == Persona(meeting)


def test_a_built_in_human_hangs_up_one_second_after_answering() -> None:
    assert Phonebook().persona_for("+14045550117") == Persona(then=(Wait(1000), HangUp()))


def test_no_two_built_in_numbers_are_the_same() -> None:
    numbers = [entry.number for entry in BUILT_IN]
    assert len(set(numbers)) == len(numbers) == 10 + 5 + 17
    assert [normalised_address(number) for number in numbers] == numbers


@settings(max_examples=200, deadline=None)
@given(address=st.text("+0123456789*() .-asip:@", max_size=12) | st.text(max_size=12))
def test_normalising_twice_changes_nothing(address: str) -> None:
    assert normalised_address(normalised_address(address)) == normalised_address(address)


@settings(max_examples=200, deadline=None)
@given(pattern=st.text("+12a*", max_size=6), address=st.text("+12a", max_size=6))
def test_a_pattern_matches_exactly_the_addresses_that_its_stars_can_fill(pattern: str, address: str) -> None:
    book = Phonebook()
    book.script(pattern, BUSY)
    expected = _fills(normalised_address(pattern), normalised_address(address))
    assert (book.persona_for(address) == BUSY) is expected


def _fills(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_fills(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return text[:1] == pattern[0] and _fills(pattern[1:], text[1:])
