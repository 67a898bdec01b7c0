"""Phones on a line: what a far end does, and when, for what it hears."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.phones.behaviour import HUMAN, Persona
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.phones.phone import Act, Phone
from sinch_simulator.phones.signals import (
    Accept,
    Answered,
    AnsweredAs,
    Beep,
    Beeped,
    Cause,
    CloseMenu,
    Connect,
    Declined,
    DigitPressed,
    HungUp,
    Hush,
    LegName,
    LegOrder,
    Manner,
    OpenMenu,
    SendDigits,
    Spoke,
)
from sinch_simulator.products.voice.events import Event
from support.phone_lines import CALL, CALLEE, INVITE, RELEASE, Line, play, talking

# ---- being invited ----------------------------------------------------------------------------------------------


def test_a_human_answers_after_two_seconds_and_stays() -> None:
    line = Line(HUMAN)
    line.hear(INVITE)
    line.run_to(1999)
    assert line.happened == []
    line.run_to(60_000)
    assert line.happened == [(2000, Answered(CALL, CALLEE, Manner()))]


def test_a_human_without_steps_asks_for_no_alarm() -> None:
    assert Phone(CALL, CALLEE, HUMAN, False).hear(INVITE, 0) == [Act(2000, Answered(CALL, CALLEE, Manner()))]


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        ("busy", Cause.BUSY),
        ("reject", Cause.REJECTED),
        ("no_answer", Cause.NO_ANSWER),
        ("unreachable", Cause.UNREACHABLE),
        ("congestion", Cause.CONGESTION),
    ],
)
def test_whoever_is_not_to_be_had_declines_after_its_time(outcome: str, cause: Cause) -> None:
    line = Line(read_persona({outcome: {"after": 1.5}, "then": [{"press": "1"}]}))
    line.hear(INVITE)
    line.run_to(60_000)
    assert line.happened == [(1500, Declined(CALL, CALLEE, cause))]


def test_whoever_does_not_answer_rings_for_ever() -> None:
    line = Line(read_persona({"no_answer": {}}))
    line.hear(INVITE)
    line.run_to(10_000_000)
    assert line.happened == []


def test_a_machine_beeps_when_its_greeting_is_over() -> None:
    line = Line(read_persona({"answer": {"after": 1, "as": "machine"}, "greeting": 6}))
    line.hear(INVITE)
    line.run_to(60_000)
    manner = Manner(AnsweredAs.MACHINE, greeting_ms=6000, beep=True)
    assert line.happened == [(1000, Answered(CALL, CALLEE, manner)), (7000, Beeped(CALL, CALLEE))]


def test_a_machine_without_a_beep_only_answers() -> None:
    line = Line(read_persona({"answer": {"as": "machine"}, "beep": False}))
    line.hear(INVITE)
    line.run_to(60_000)
    assert [type(event) for _, event in line.happened] == [Answered]


def test_a_machine_that_is_hung_up_on_does_not_beep() -> None:
    line = Line(read_persona({"answer": {"as": "machine"}}))
    line.hear(INVITE)
    line.run_to(3000)
    line.hear(RELEASE)
    line.run_to(60_000)
    assert [type(event) for _, event in line.happened] == [Answered]


# ---- steps ------------------------------------------------------------------------------------------------------


def test_the_steps_of_a_callee_begin_when_it_has_answered() -> None:
    line = Line(read_persona({"answer": {"after": 3}, "then": [{"press": "1"}, {"wait": 1.5}, {"hang_up": True}]}))
    line.hear(INVITE)
    line.run_to(60_000)
    assert line.happened == [
        (3000, Answered(CALL, CALLEE, Manner())),
        (3000, DigitPressed(CALL, CALLEE, "1")),
        (4500, HungUp(CALL, CALLEE)),
    ]


def test_the_steps_of_a_caller_begin_when_it_has_dialled() -> None:
    line = Line(read_persona({"then": [{"speak": "support"}, {"wait": 2}, {"hang_up": True}]}), calls=True)
    line.enter(line.phone.begin(0))
    line.run_to(60_000)
    assert line.happened == [(0, Spoke(CALL, CALLEE, "support")), (2000, HungUp(CALL, CALLEE))]


def test_a_caller_without_steps_does_nothing() -> None:
    phone = Phone(CALL, LegName.CALLER, HUMAN, True)
    assert phone.begin(0) == []
    assert phone.hear(play("Welcome"), 0) == []


def test_a_callee_does_not_begin_by_itself() -> None:
    assert Phone(CALL, CALLEE, read_persona({"then": [{"press": "1"}]}), False).begin(0) == []


def test_keys_are_pressed_at_once_and_a_w_is_half_a_second() -> None:
    line = talking({"press": "1w2#ww3"}, {"wait": 0}, {"press": "4"})
    line.run_to(60_000)
    assert line.pressed == [(0, "1"), (500, "2"), (500, "#"), (1500, "3"), (1500, "4")]


def test_whoever_is_released_between_two_keys_presses_no_more() -> None:
    line = talking({"press": "1w2"})
    line.run_to(400)
    line.hear(RELEASE)
    line.run_to(60_000)
    assert line.pressed == [(0, "1")]


def test_waiting_for_a_prompt_ends_when_one_begins() -> None:
    line = talking({"wait_for": "prompt"}, {"press": "1"})
    line.run_to(700)
    line.hear(play("Welcome"))
    line.run_to(60_000)
    assert line.pressed == [(700, "1")]


def test_a_prompt_that_sounds_already_is_met_at_once() -> None:
    line = talking({"wait": 1}, {"wait_for": "prompt"}, {"press": "1"})
    line.hear(play("Welcome", 1001))
    line.run_to(60_000)
    assert line.pressed == [(1000, "1")]


@pytest.mark.parametrize("hushed", [False, True])
def test_a_prompt_that_is_over_is_not_one(hushed: bool) -> None:
    line = talking({"wait": 1}, {"wait_for": "prompt"}, {"press": "1"})
    line.hear(play("Welcome", 5000 if hushed else 1000))
    line.run_to(500)
    if hushed:
        line.hear(Hush(CALL, CALLEE))
    line.run_to(5000)
    assert line.pressed == []
    line.hear(play("Again"))
    line.run_to(6000)
    assert line.pressed == [(5000, "1")]


def test_a_prompt_that_takes_no_time_is_noticed() -> None:
    line = talking({"wait_for": "prompt"}, {"press": "1"})
    line.hear(play("https://example.test/silence.wav", 0))
    line.run_to(1)
    assert line.pressed == [(0, "1")]


def test_waiting_for_a_menu_takes_one_that_is_open_now() -> None:
    line = talking({"wait": 1}, {"wait_for": "menu"}, {"press": "1"})
    line.hear(OpenMenu(CALL, CALLEE, "main"), CloseMenu(CALL, CALLEE))
    line.run_to(2000)
    assert line.pressed == []
    line.hear(OpenMenu(CALL, CALLEE, "main"))
    line.run_to(3000)
    assert line.pressed == [(2000, "1")]


def test_a_menu_that_a_key_has_closed_is_not_the_next_menu() -> None:
    def close(event: Event) -> Iterable[LegOrder]:
        return [CloseMenu(CALL, CALLEE)] if isinstance(event, DigitPressed) else []

    line = talking({"wait_for": "menu"}, {"press": "1"}, {"wait_for": "menu"}, {"press": "2"}, reacts=close)
    line.hear(OpenMenu(CALL, CALLEE, "main"))
    line.run_to(1000)
    assert line.pressed == [(0, "1")]
    line.hear(OpenMenu(CALL, CALLEE, "sub"))
    line.run_to(2000)
    assert line.pressed == [(0, "1"), (1000, "2")]


def test_a_menu_that_stays_open_after_a_key_is_met_again_in_the_same_instant() -> None:
    line = talking({"wait_for": "menu"}, {"press": "1"}, {"wait_for": "menu"}, {"press": "2"})
    line.hear(OpenMenu(CALL, CALLEE, "main"))
    line.run_to(1000)
    assert line.pressed == [(0, "1"), (0, "2")]


@pytest.mark.parametrize(("awaited", "effect"), [("connected", Connect(CALL, CALLEE)), ("beep", Beep(CALL, CALLEE))])
def test_a_connection_and_a_beep_count_ever_after(awaited: str, effect: LegOrder) -> None:
    early = talking({"wait": 1}, {"wait_for": awaited}, {"press": "1"})
    early.hear(effect)
    early.run_to(2000)
    assert early.pressed == [(1000, "1")]
    late = talking({"wait_for": awaited}, {"press": "1"})
    late.hear(Accept(CALL, CALLEE), SendDigits(CALL, CALLEE, "1"), play("Welcome"))
    late.run_to(2000)
    assert late.pressed == []
    late.hear(effect)
    late.run_to(2000)
    assert late.pressed == [(2000, "1")]


def test_a_machine_hears_its_own_beep() -> None:
    persona = read_persona(
        {"answer": {"after": 0, "as": "machine"}, "greeting": 2, "then": [{"wait_for": "beep"}, {"hang_up": True}]}
    )
    line = Line(persona)
    line.hear(INVITE)
    line.run_to(60_000)
    assert line.happened[1:] == [(2000, Beeped(CALL, CALLEE)), (2000, HungUp(CALL, CALLEE))]


@pytest.mark.parametrize("text", ["press ONE", "/[Pp]ress \\w+ for/"])
def test_a_text_counts_whenever_it_was_heard(text: str) -> None:
    heard_before = talking({"wait": 9}, {"wait_for": text}, {"press": "1"})
    heard_before.hear(play("Press one for sales", 100), play("Goodbye", 100))
    heard_before.run_to(60_000)
    assert heard_before.pressed == [(9000, "1")]
    heard_after = talking({"wait_for": text}, {"press": "1"})
    heard_after.hear(play("Hello"))
    heard_after.run_to(500)
    heard_after.hear(play("Press one for sales"))
    heard_after.run_to(60_000)
    assert heard_after.pressed == [(500, "1")]


@pytest.mark.parametrize("text", ["press two", "/press one/", "one.*sales"])
def test_another_text_is_not_what_was_waited_for(text: str) -> None:
    line = talking({"wait_for": text}, {"press": "1"})
    line.hear(play("Press one for sales"))
    line.run_to(60_000)
    assert line.pressed == []


def test_what_met_one_wait_may_meet_the_next() -> None:
    line = talking({"wait_for": "welcome"}, {"press": "1"}, {"wait_for": "welcome"}, {"press": "2"})
    line.hear(play("Welcome"))
    line.run_to(100)
    assert line.pressed == [(0, "1"), (0, "2")]


def test_after_its_own_hang_up_a_phone_does_nothing_more() -> None:
    line = talking({"hang_up": True})
    line.run_to(100)
    line.hear(INVITE, play("Hello"))
    line.run_to(60_000)
    assert [type(event) for _, event in line.happened] == [Answered, HungUp]


def test_a_wake_that_was_left_behind_by_somebody_else_does_no_harm() -> None:
    line = talking({"wait": 5}, {"press": "1"})
    line.run_to(2000)
    assert line.phone.wake(2000) == []
    line.run_to(60_000)
    assert line.pressed == [(5000, "1")]
    assert line.phone.wake(60_000) == []


# ---- whatever happens -------------------------------------------------------------------------------------------

EFFECTS = st.sampled_from(
    [
        INVITE,
        Accept(CALL, CALLEE),
        play("Welcome to our calls", 3000),
        play("12 calls", 0),
        Hush(CALL, CALLEE),
        OpenMenu(CALL, CALLEE, "main"),
        CloseMenu(CALL, CALLEE),
        Connect(CALL, CALLEE),
        Beep(CALL, CALLEE),
        SendDigits(CALL, CALLEE, "1w2"),
    ]
)
HAPPENINGS = st.lists(st.tuples(EFFECTS, st.integers(0, 20_000)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), before=HAPPENINGS, after=HAPPENINGS, calls=st.booleans())
def test_no_phone_acts_in_the_past_or_after_its_release(
    data: st.DataObject,
    personas: st.SearchStrategy[Persona],
    before: list[tuple[LegOrder, int]],
    after: list[tuple[LegOrder, int]],
    calls: bool,
) -> None:
    line = Line(data.draw(personas), calls=calls)
    line.enter(line.phone.begin(0))
    line.hear(INVITE)
    for effect, pause_ms in before:
        line.hear(effect)
        line.run_to(line.now_ms + pause_ms)
    assert line.phone.hear(RELEASE, line.now_ms) == []
    for effect, pause_ms in after:
        line.now_ms += pause_ms
        assert line.phone.hear(effect, line.now_ms) == []
        assert line.phone.wake(line.now_ms) == []
        assert line.phone.begin(line.now_ms) == []


@settings(max_examples=100, deadline=None)
@given(data=st.data(), happenings=HAPPENINGS)
def test_the_same_persona_that_hears_the_same_does_the_same(
    data: st.DataObject, personas: st.SearchStrategy[Persona], happenings: list[tuple[LegOrder, int]]
) -> None:
    persona = data.draw(personas)
    lines = [Line(persona), Line(persona)]
    for line in lines:
        line.hear(INVITE)
        for effect, pause_ms in happenings:
            line.hear(effect)
            line.run_to(line.now_ms + pause_ms)
    assert lines[0].happened == lines[1].happened
    hang_ups = [at for at, (_, event) in enumerate(lines[0].happened) if isinstance(event, HungUp)]
    assert len(hang_ups) <= 1
