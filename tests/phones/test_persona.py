"""Reading personas: what is right means what it says, what is wrong is named where it stands."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.phones.behaviour import (
    HUMAN,
    Answers,
    Awaited,
    ByHand,
    Declines,
    HangUp,
    Meeting,
    Persona,
    Press,
    Rings,
    Speak,
    Wait,
    WaitFor,
)
from sinch_simulator.phones.persona_document import persona_document
from sinch_simulator.phones.persona_json import PersonaError, read_digits, read_persona
from sinch_simulator.phones.signals import AmdReason, AmdStatus, AmdVerdict, AnsweredAs, Cause, Manner
from sinch_simulator.phones.test_numbers import BUILT_IN, BuiltIn


def test_an_empty_persona_is_a_human_who_answers_after_two_seconds() -> None:
    assert read_persona({}) == HUMAN == Persona(Answers(2000, Manner(AnsweredAs.HUMAN)))


@pytest.mark.parametrize(
    ("document", "meeting"),
    [
        ({"answer": {}}, Answers(2000)),
        ({"answer": {"after": 0}}, Answers(0)),
        ({"answer": {"after": 3.5, "as": "fax"}}, Answers(3500, Manner(AnsweredAs.FAX))),
        ({"answer": {"as": "machine"}}, Answers(2000, Manner(AnsweredAs.MACHINE, greeting_ms=5000, beep=True))),
        (
            {"answer": {"as": "machine"}, "greeting": 6.0, "beep": False},
            Answers(2000, Manner(AnsweredAs.MACHINE, greeting_ms=6000)),
        ),
        ({"greeting": 4}, Answers(2000, Manner(greeting_ms=4000))),
        ({"answer": {"as": "silence"}, "greeting": 0, "beep": False}, Answers(2000, Manner(AnsweredAs.SILENCE))),
        ({"busy": {}}, Declines(Cause.BUSY, 1000)),
        ({"busy": {"after": 0.25}}, Declines(Cause.BUSY, 250)),
        ({"reject": {}}, Declines(Cause.REJECTED, 1000)),
        ({"no_answer": {}}, Rings()),
        ({"by_hand": {}}, ByHand()),
        ({"no_answer": {"after": 45}}, Declines(Cause.NO_ANSWER, 45_000)),
        ({"unreachable": {}}, Declines(Cause.UNREACHABLE, 0)),
        ({"congestion": {}}, Declines(Cause.CONGESTION, 0)),
    ],
)
def test_each_outcome_is_read_with_its_defaults(document: object, meeting: Meeting) -> None:
    assert read_persona(document) == Persona(meeting)


def test_a_scripted_verdict_of_machine_detection_is_read() -> None:
    persona = read_persona({"amd": {"status": "notsure", "reason": "longgreeting", "duration": 3}})
    verdict = AmdVerdict(AmdStatus.NOTSURE, AmdReason.LONGGREETING, 3000)
    assert persona == Persona(Answers(2000, Manner(verdict=verdict)))
    short = read_persona({"amd": {"status": "human"}})
    assert short == Persona(Answers(2000, Manner(verdict=AmdVerdict(AmdStatus.HUMAN, AmdReason.NA, 1000))))


def test_the_steps_are_read_in_order() -> None:
    document = {
        "then": [
            {"wait": 1.5},
            {"press": "12#w*"},
            {"speak": "support"},
            {"wait_for": "prompt"},
            {"wait_for": "Press one"},
            {"wait_for": "/press [1-3]/"},
            {"hang_up": True},
        ]
    }
    assert read_persona(document).then == (
        Wait(1500),
        Press("12#w*"),
        Speak("support"),
        WaitFor(Awaited.PROMPT),
        WaitFor("Press one"),
        WaitFor("/press [1-3]/"),
        HangUp(),
    )


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        (None, "persona", "null is not an object"),
        ([], "persona", "a list is not an object"),
        ("busy", "persona", '"busy" is not an object'),
        ({"awnser": {}}, "persona", 'did you mean "answer"?'),
        ({"noAnswer": {}}, "persona", 'did you mean "no_answer"?'),
        ({1: {}}, "persona", "unknown key 1"),
        ({"busy": {}, "answer": {}}, "persona", "answer and busy exclude each other"),
        ({"busy": True}, "persona.busy", "true is not an object; write an object, {} for the defaults"),
        ({"busy": None}, "persona.busy", "null is not an object"),
        ({"busy": {"afer": 1}}, "persona.busy", 'did you mean "after"?'),
        ({"busy": {"as": "human"}}, "persona.busy", 'unknown key "as"'),
        ({"busy": {}, "beep": True}, "persona.beep", "busy means that nobody picks up"),
        ({"no_answer": {}, "greeting": 2}, "persona.greeting", "no_answer means that nobody picks up"),
        ({"by_hand": {}, "beep": True}, "persona.beep", "by_hand means that nobody picks up"),
        ({"by_hand": {"after": 1}}, "persona.by_hand", 'unknown key "after"'),
        ({"by_hand": {}, "then": [{"press": "1"}]}, "persona.then", "by_hand means that it does nothing by itself"),
        ({"by_hand": {}, "busy": {}}, "persona", "by_hand and busy exclude each other"),
        ({"unreachable": {}, "amd": {"status": "human"}}, "persona.amd", "unreachable means that nobody picks up"),
        ({"answer": {"after": -1}}, "persona.answer.after", "-1 is negative"),
        ({"answer": {"after": "2"}}, "persona.answer.after", '"2" is not a number'),
        ({"answer": {"after": True}}, "persona.answer.after", "true is not a number"),
        ({"answer": {"after": None}}, "persona.answer.after", "null is not a number"),
        ({"answer": {"after": float("nan")}}, "persona.answer.after", "NaN is not a number"),
        ({"answer": {"after": float("inf")}}, "persona.answer.after", "longer than a day"),
        ({"answer": {"after": 10**5000}}, "persona.answer.after", "a huge number is longer than a day"),
        ({"answer": {"after": 86_400.5}}, "persona.answer.after", "longer than a day"),
        ({"answer": {"as": "machin"}}, "persona.answer.as", 'did you mean "machine"?'),
        ({"answer": {"as": "robot"}}, "persona.answer.as", "known are human, machine, fax, silence"),
        ({"answer": {"as": 1}}, "persona.answer.as", "write one of human, machine, fax, silence"),
        ({"greeting": [1]}, "persona.greeting", "a list is not a number"),
        ({"answer": {"as": "fax"}, "greeting": 1}, "persona.greeting", "fax greets nobody"),
        ({"beep": True}, "persona.beep", "human does not beep"),
        ({"answer": {"as": "machine"}, "beep": 1}, "persona.beep", "1 is neither true nor false"),
        ({"amd": "human"}, "persona.amd", "is not an object"),
        ({"amd": {}}, "persona.amd.status", "write one of human, machine, notsure, hangup, inprogress"),
        ({"amd": {"status": "maybe"}}, "persona.amd.status", '"maybe" is not known here'),
        ({"amd": {"status": "human", "reason": "bee"}}, "persona.amd.reason", 'did you mean "beep"?'),
        ({"amd": {"status": "human", "duration": -3}}, "persona.amd.duration", "-3 is negative"),
        ({"then": {"wait": 1}}, "persona.then", "an object is not a list"),
        ({"then": None}, "persona.then", "null is not a list"),
        ({"then": [{}]}, "persona.then[0]", "a step does one thing, this has nothing"),
        ({"then": [{"wait": 1, "press": "1"}]}, "persona.then[0]", "this has wait and press"),
        ({"then": ["hang_up"]}, "persona.then[0]", '"hang_up" is not an object'),
        ({"then": [{"wait": 1}, {"hangup": True}]}, "persona.then[1]", 'did you mean "hang_up"?'),
        ({"then": [{"hang_up": False}]}, "persona.then[0].hang_up", "false is not true"),
        ({"then": [{"hang_up": True}, {"wait": 1}]}, "persona.then[1]", "nothing can follow hang_up"),
        ({"then": [{"press": 12}]}, "persona.then[0].press", "12 is not a text"),
        ({"then": [{"press": ""}]}, "persona.then[0].press", '"" names no key'),
        ({"then": [{"press": "1a"}]}, "persona.then[0].press", '"a" is no key of a phone'),
        ({"then": [{"press": "١"}]}, "persona.then[0].press", "is no key of a phone"),
        ({"then": [{"wait": "soon"}]}, "persona.then[0].wait", '"soon" is not a number'),
        ({"then": [{"speak": ""}]}, "persona.then[0].speak", '"" is empty'),
        ({"then": [{"speak": "\ud800"}]}, "persona.then[0].speak", "not valid Unicode"),
        ({"then": [{"wait_for": 3}]}, "persona.then[0].wait_for", "3 is not a text"),
        ({"then": [{"wait_for": "/(/"}]}, "persona.then[0].wait_for", "is no regular expression"),
        ({"then": [{"wait_for": "/a{99999999999999}/"}]}, "persona.then[0].wait_for", "is no regular expression"),
    ],
)
def test_a_mistake_is_named_where_it_stands(document: object, path: str, said: str) -> None:
    with pytest.raises(PersonaError) as caught:
        read_persona(document)
    assert caught.value.path == path
    assert caught.value.hint
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)


def test_the_path_begins_with_what_the_caller_calls_the_persona() -> None:
    with pytest.raises(PersonaError) as caught:
        read_persona({"then": [{"wait": -1}]}, "caller")
    assert caught.value.path == "caller.then[0].wait"


def test_digits_to_press_are_read_alone_as_well() -> None:
    assert read_digits("1w2#", "digits") == "1w2#"
    with pytest.raises(PersonaError, match="digits: "):
        read_digits("1-2", "digits")


@pytest.mark.parametrize("built_in", BUILT_IN, ids=lambda built_in: built_in.number)
def test_every_built_in_persona_can_be_written_and_read_again(built_in: BuiltIn) -> None:
    assert read_persona(persona_document(built_in.persona)) == built_in.persona


def test_a_written_persona_spells_out_the_defaults() -> None:
    assert persona_document(read_persona({"answer": {"as": "machine"}, "then": [{"press": "1"}]})) == {
        "answer": {"after": 2.0, "as": "machine"},
        "greeting": 5.0,
        "beep": True,
        "then": [{"press": "1"}],
    }


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_persona_survives_being_written_as_json_and_read(
    data: st.DataObject, personas: st.SearchStrategy[Persona]
) -> None:
    persona = data.draw(personas)
    assert read_persona(json.loads(json.dumps(persona_document(persona)))) == persona


OUTCOMES = ["answer", "busy", "reject", "no_answer", "unreachable", "congestion"]
STEPS = ["wait", "press", "speak", "wait_for", "hang_up"]


def _json_values() -> st.SearchStrategy[object]:
    keys = st.sampled_from([*OUTCOMES, "greeting", "beep", "amd", "then", "after", "as", "status", "reason", *STEPS])
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.text("/[](){}*?+\\w1,", max_size=8).map(lambda text: f"/{text}/"),
        st.sampled_from(["machine", "human", "notsure", "beep", "prompt", "12#"]),
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )


@settings(max_examples=400, deadline=None)
@given(value=_json_values() | st.dictionaries(st.sampled_from(["answer", "busy", "then", "amd"]), _json_values()))
def test_any_json_is_a_persona_or_is_refused_with_a_reason(value: object) -> None:
    read = _persona_or_error(value)
    if isinstance(read, PersonaError):
        assert read.path.startswith("persona")
        assert str(read).encode("utf-8")
    else:
        assert read_persona(persona_document(read)) == read


@settings(max_examples=300, deadline=None)
@given(text=st.text("/[](){}*?+\\w1,|^$-&~ ", min_size=1, max_size=10))
def test_any_text_to_wait_for_is_taken_or_refused_with_a_reason(text: str) -> None:
    read = _persona_or_error({"then": [{"wait_for": f"/{text}/"}]})
    if isinstance(read, PersonaError):
        assert read.path == "persona.then[0].wait_for"
    else:
        assert read.then == (WaitFor(f"/{text}/"),)


def _persona_or_error(value: object) -> Persona | PersonaError:
    try:
        return read_persona(value)
    except PersonaError as refused:
        return refused
