"""Scenario files: what they mean, and what is said about those that cannot be read."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_scenarios.catalogue import entries
from sinch_scenarios.language import model as steps
from sinch_scenarios.language.expectations import Anything, Between, Exactly
from sinch_scenarios.language.loader import load_file, load_files, load_text
from sinch_scenarios.language.table import STEPS
from sinch_scenarios.language.yaml_nodes import Problem, ScenarioError
from sinch_simulator.phones.behaviour import Answers
from sinch_simulator.phones.signals import AnsweredAs

Problems = Callable[[str], list[str]]

OF_THE_CONTRACT = """
name: Caller picks sales
description: One line for reports.
phones:
  "+14045550199": {answer: {after: 3, as: machine}, greeting: 6, beep: true}
steps:
  - dial: {from: "+46700000001"}
  - callout: {method: ttsCallout, ttsCallout: {text: Hello}}
  - expect: {callback: ice, to.endpoint: "+14045550100"}
  - hear: Welcome
  - press: "1"
  - expect: {callback: pie, menuResult.value: sales}
  - wait: 30
  - hang_up: caller
  - expect: {callback: dice, reason: CALLERHANGUP, result: ANSWERED}
  - expect_call: {status: FINAL, duration: ">= 30"}
"""


def test_the_file_of_the_contract_is_read_as_it_is_meant() -> None:
    scenario = load_text(OF_THE_CONTRACT, "sales.yaml")
    assert scenario.name == "Caller picks sales"
    [(address, persona)] = scenario.phones
    assert address == "+14045550199"
    assert isinstance(persona.meeting, Answers)
    assert persona.meeting.manner.answered_as is AnsweredAs.MACHINE
    kinds = [type(step).__name__ for step in scenario.steps]
    assert kinds == [
        "Dial", "Callout", "ExpectCallback", "Hear", "Press", "ExpectCallback", "Wait", "HangUp", "ExpectCallback",
        "ExpectCall",
    ]  # fmt: skip
    hang_up, last = scenario.steps[7], scenario.steps[9]
    assert isinstance(hang_up, steps.HangUp)
    assert hang_up.leg is steps.Leg.CALLER
    assert isinstance(last, steps.ExpectCall)
    assert isinstance(last.checks[0].expected, Exactly)
    assert isinstance(last.checks[1].expected, Between)


def test_a_file_without_a_name_is_called_like_its_file(tmp_path: Path) -> None:
    path = tmp_path / "busy_line.sinch.yaml"
    path.write_text('steps:\n  - dial: {from: "+46700000001"}\n')
    assert load_file(path).name == "busy_line"


def test_numbers_need_no_quotes() -> None:
    scenario = load_text("steps: [{dial: {from: +46700000001}}, {press: 012}]", "story.yaml")
    dial, press = scenario.steps
    assert isinstance(dial, steps.Dial)
    assert isinstance(press, steps.Press)
    assert (dial.source, press.digits) == ("+46700000001", "012")


@pytest.mark.parametrize("word", ["no", "on", "yes", "off", "1:30", "2024-01-01", "0x10", "1_000"])
def test_words_that_old_yaml_takes_for_something_else_are_texts(word: str) -> None:
    scenario = load_text(f"steps: [{{callout: {{method: {word}}}}}]", "story.yaml")
    [callout] = scenario.steps
    assert isinstance(callout, steps.Callout)
    assert callout.body == {"method": word}


def test_any_means_anything() -> None:
    scenario = load_text("steps: [{dial: {from: '1'}}, {expect: {callback: ice, cli: any}}]", "story.yaml")
    expect = scenario.steps[1]
    assert isinstance(expect, steps.ExpectCallback)
    assert isinstance(expect.checks[0].expected, Anything)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "story.yaml:1:1: the file is empty; begin with `name:` and `steps:`"),
        ("name: [", "story.yaml:1:8: this is no YAML"),
        ("- dial: {}", "story.yaml:1:1: the file is a list; begin with `name:` and `steps:`"),
        ("name: x\nname: y\nsteps: [dial]", 'story.yaml:2:1: the key "name" is there twice; keep one of them'),
        ("name: x", "story.yaml:1:1: nothing happens in this file"),
        ("nme: x", 'story.yaml:1:1: unknown key "nme"; did you mean "name"?'),
        ("steps: []", "story.yaml:1:8: steps: an empty list is no list of steps; begin each step with `- `"),
        ("dial: {from: '1'}", "story.yaml:1:1: the step dial stands outside of `steps:`; move it there"),
        ("steps: [{dail: {from: '1'}}]", 'story.yaml:1:10: unknown step "dail"; did you mean "dial"?'),
        (
            "steps: [{verify: {method: sms}}, {report: {code: rihgt}}]",
            'story.yaml:1:50: report: code: "rihgt" is neither right nor wrong, and no code; did you mean "right"?',
        ),
        ("steps: [dial]", "story.yaml:1:9: dial: from is missing; add it: who calls"),
        ("steps: [{dial: {from: '1', too: '2'}}]", 'story.yaml:1:28: dial: unknown key "too"; did you mean "to"?'),
        ("steps: [{dial: {from: '1'}, press: '1'}]", "story.yaml:1:9: a step with several keys: dial and press"),
        ("steps: [press: '1']", "story.yaml:1:9: press: no call has begun yet; put dial or callout before it"),
        ("steps: [{verify: {}}]", "story.yaml:1:18: verify: the request is empty; write what it says"),
        ("steps: [{send_batch: []}]", "story.yaml:1:22: send_batch: a list is no request; write"),
        ("steps: [{wait: soon}]", 'story.yaml:1:16: wait: seconds: "soon" is not a number'),
        ("steps: [{wait: -1}]", "story.yaml:1:16: wait: seconds: -1 is negative"),
        ("steps: [{dial: {from: '1'}}, {press: 1a}]", "story.yaml:1:38: press: digits"),
        ("steps: [{dial: {from: '1'}}, {hear: /(/}]", 'story.yaml:1:37: hear: text: "/(/" is no regular expression'),
        ("steps: [{dial: {from: '1'}}, {expect: aced}]", 'story.yaml:1:39: expect: callback: "aced" is not known here'),
        ("steps: [{dial: {from: '1'}}, {expect: {cli: '1'}}]", "story.yaml:1:31: expect: callback is missing"),
        (
            "steps: [{dial: {from: '1'}}, {expect_call: {duration: '>= x'}}]",
            'story.yaml:1:55: duration: ">= x" is no range',
        ),
        (
            "steps: [{dial: {caller: a, from: '1'}}, {hang_up: b}]",
            'story.yaml:1:51: hang_up: caller: "b" is the name of no call before this step; known are a',
        ),
        (
            "steps: [{dial: {caller: caller, from: '1'}}]",
            'story.yaml:1:25: dial: caller: "caller" means something else',
        ),
        ("phones: {'1': {bussy: {}}}", 'story.yaml:1:16: phone: unknown key "bussy"; did you mean "busy"?'),
        ("phones: {'1': {then: [{press: x}]}}", 'story.yaml:1:31: phone: then[0].press: "x" is no key of a phone'),
        ("app: irv\nsteps: [{wait: 1}]", 'story.yaml:1:6: app: "irv" is not known here; did you mean "ivr"?'),
        (
            "population: {people: [{share: 120%}]}",
            'story.yaml:1:31: population: people[0].share: "120%" is not a share',
        ),
        ("population: {people: [{share: 20%}]}", "story.yaml:1:22: the shares come to 20%; let one share be `rest`"),
        ("steps: [{wait: !!python/object:os.system x}]", "story.yaml:1:16: a tag"),
        ("steps: &a [*a]", "story.yaml"),
        ("name: x\n---\nname: y", "story.yaml:2:1: a second document begins here; one scenario per file"),
        ("name: \x07", "story.yaml:1:7: a character that no text file holds"),
        ("steps: " + "[" * 3000, "story.yaml:1:"),
    ],
)
def test_a_mistake_is_told_with_its_place(problems_of: Problems, text: str, problem: str) -> None:
    assert any(told.startswith(problem) for told in problems_of(text)), problems_of(text)


def test_all_mistakes_of_a_file_are_told_at_once(problems_of: Problems) -> None:
    text = """
        nam: x
        phones:
          "+1": {answer: {as: robot}}
        steps:
          - dial: {from: "+46700000001", so: 1}
          - pres: "1"
          - wait: long
    """
    places = [problem.split(": ")[0] for problem in problems_of(text)]
    assert places == ["story.yaml:2:1", "story.yaml:4:23", "story.yaml:6:34", "story.yaml:7:5", "story.yaml:8:11"]


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("steps: [{dail: 1}]")
    (tmp_path / "two.yaml").write_text("steps: [{wait: x}]")
    with pytest.raises(ScenarioError) as error:
        load_files([tmp_path])
    assert [Path(problem.file).name for problem in error.value.problems] == ["one.yaml", "two.yaml"]


def test_a_file_that_is_not_there_and_one_that_is_no_text_are_problems(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nothing.yaml", tmp_path / "picture.yaml", tmp_path / "empty"):
        with pytest.raises(ScenarioError, match=path.name):
            load_files([path])


def test_aliases_that_grow_without_end_are_refused(problems_of: Problems) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert any("too many values" in problem for problem in problems_of("\n".join(lines)))


@pytest.mark.parametrize("amd", ["{}", "{status: }", "{statusx: hangup}"])
def test_a_verdict_without_a_status_is_refused_where_it_stands(problems_of: Problems, amd: str) -> None:
    phones = f'phones:\n  "+14045550198": {{answer: {{after: 3}}, amd: {amd}}}\n'
    assert any("status" in problem for problem in problems_of(f"name: a\n{phones}steps:\n  - dial: {{}}\n"))


CATALOGUE = [entry.path.read_text() for entry in entries()]
PLACED = re.compile(r"story\.yaml:[1-9][0-9]*:[1-9][0-9]*: \S")


def loads_or_is_refused_with_a_place(text: str) -> None:
    problems: tuple[Problem, ...] | None = None
    try:
        load_text(text, "story.yaml")
    except ScenarioError as error:
        problems = error.problems
    assert problems is None or problems != ()
    for problem in problems or ():
        assert PLACED.match(str(problem)), str(problem)
        assert problem.place.line <= text.count("\n") + 2


FRAGMENTS = [
    "",
    "{",
    "]",
    ": ",
    "\n",
    "  ",
    "- ",
    "'",
    '"',
    "&a ",
    "*a",
    "!!x ",
    "\t",
    "%",
    "null",
    "1e99",
    "\x00",
    "é",
    "|",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=st.sampled_from(CATALOGUE), seed=st.integers(0, 2**32))
def test_a_mutated_file_loads_or_is_refused_with_a_place(source: str, seed: int) -> None:
    chance = random.Random(seed)
    text = source
    for _ in range(chance.randint(1, 6)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        to = min(to, at + chance.choice([0, 1, 5, 40]))
        other = chance.choice(CATALOGUE)
        start = chance.randrange(len(other))
        new = chance.choice([*FRAGMENTS, other[start : start + chance.randint(1, 30)]])
        text = text[:at] + new + text[to:]
    loads_or_is_refused_with_a_place(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
STEP_KEYS = [rule.key for rule in STEPS]
FIELD_KEYS = sorted({field.name for rule in STEPS for field in rule.fields} | {"a.b", "to", "people", "share", "phone"})


@settings(max_examples=150, deadline=None)
@given(
    step=st.dictionaries(
        st.sampled_from(STEP_KEYS), JSON | st.dictionaries(st.sampled_from(FIELD_KEYS), JSON, max_size=4), max_size=2
    ),
    other=st.dictionaries(st.sampled_from(["name", "phones", "numbers", "app", "population", "description"]), JSON),
)
def test_steps_of_any_values_load_or_are_refused_with_a_place(step: object, other: dict[str, object]) -> None:
    document = {**other, "steps": [{"dial": {"from": "+46700000001"}}, step]}
    loads_or_is_refused_with_a_place(json.dumps(document, ensure_ascii=False))
