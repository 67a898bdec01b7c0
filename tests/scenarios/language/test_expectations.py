"""Expectations: what fits, what does not, and how that is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_scenarios.language.expectations import MISSING, Check, differences, fits, json_expected, value_at
from sinch_scenarios.language.yaml_nodes import Json

BODY: dict[str, object] = {
    "to": {"type": "did", "endpoint": "+14045550100"},
    "duration": 31,
    "amount": 0.25,
    "delayed": True,
    "heard": ["Welcome", "Goodbye"],
    "legs": [{"leg": "caller", "heard": ["Welcome"]}],
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("to.endpoint", "+14045550100"),
        ("to", {"type": "did"}),
        ("duration", 31),
        ("duration", ">= 30"),
        ("duration", ">= 30, < 32"),
        ("duration", "!= 3"),
        ("amount", "> 0.2"),
        ("amount", "<= 0.25"),
        ("delayed", True),
        ("heard", ["/^Wel/", "any"]),
        ("heard[-1]", "Goodbye"),
        ("legs[0].heard.0", "Welcome"),
        ("to.type", "/d.d/"),
        ("to.type", "any"),
        ("missing", "none"),
        ("missing.deeper", None),
        ("nothing", None),
        ("heard[7]", "none"),
    ],
)
def test_what_is_so_fits(path: str, expected: Json) -> None:
    assert differences((Check(path, json_expected(expected)),), BODY) == []


@pytest.mark.parametrize(
    ("path", "expected", "told"),
    [
        ("to.type", "number", 'to.type: expected "number", came "did"'),
        ("duration", "< 30", "duration: expected < 30, came 31"),
        ("duration", "31", 'duration: expected "31", came 31 (no text: take the expectation out of its quotes)'),
        ("to.type", ">= 3", 'to.type: expected >= 3, came "did"'),
        ("delayed", 1, "delayed: expected 1, came true"),
        ("delayed", "> 0", "delayed: expected > 0, came true"),
        (
            "missing",
            "any",
            "missing: expected anything, came nothing (there are to, duration, amount, delayed, heard, legs, nothing)",
        ),
        ("nothing", "any", "nothing: expected anything, came null"),
        ("to", None, 'to: expected nothing, came {"type": "did", "endpoint": "+14045550100"}'),
        ("heard", ["Welcome"], 'heard: expected ["Welcome"], came ["Welcome", "Goodbye"]'),
        ("heard[0]", "/^x/", 'heard[0]: expected /^x/, came "Welcome"'),
        ("to", {"type": "x"}, 'to: expected {type: "x"}, came {"type": "did", "endpoint": "+14045550100"}'),
    ],
)
def test_what_is_not_so_is_told(path: str, expected: Json, told: str) -> None:
    assert differences((Check(path, json_expected(expected)),), BODY) == [told]


def test_a_number_that_came_as_text_is_pointed_out() -> None:
    [told] = differences((Check("value", json_expected(1)),), {"value": "1"})
    assert told == 'value: expected 1, came "1" (a text: put the expectation in quotes)'


@given(path=st.text(max_size=12))
def test_any_path_leads_somewhere_or_nowhere(path: str) -> None:
    value_at(BODY, path)
    assert value_at({}, path) is MISSING or value_at({}, path) == {}


@given(value=st.none() | st.booleans() | st.integers() | st.text().filter(lambda text: text.strip()))
def test_a_plain_value_fits_itself(value: Json) -> None:
    if isinstance(value, str) and value.strip()[0] in "/<>!":
        return
    expected = json_expected(value)
    assert fits(expected, value) or (isinstance(value, str) and value.strip() == "none")
