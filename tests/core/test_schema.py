"""The one reader of JSON objects: what its package says of it is so, and no document gets by it unread."""

import doctest
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import sinch_simulator.core.schema
from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.schema.fields import (
    Anything,
    BoundedText,
    Choice,
    Entries,
    Flag,
    Integer,
    Mapping,
    Nested,
    Number,
    Seconds,
    Text,
    Yes,
    field_paths,
)
from sinch_simulator.core.schema.json_schema import SchemaWriter
from sinch_simulator.core.schema.shapes import ABSENT, Findings, Shape, Values
from sinch_simulator.core.schema.words import did_you_mean, shown, suggestion

INNER = Shape("the inside", (Text("name", required=True), Flag("on", default=False)))
OUTER = Shape(
    "the outside",
    (
        BoundedText("title", "what it is called", longest=5, required=True),
        Choice("colour", choices=("red", "green"), default="red"),
        Integer("count", minimum=0, maximum=9),
        Number("share", minimum=0, maximum=1),
        Seconds("after", maximum=10, default=1500),
        Nested("inner", shape=INNER),
        Entries("list", of=Nested(shape=INNER)),
        Mapping("by_name", of=Integer(minimum=0)),
        Text("note", nullable=True),
        Yes("sure"),
        Anything("rest"),
    ),
)


def read(document: dict[str, object]) -> tuple[Values, list[str]]:
    findings = Findings()
    values = OUTER.read(document, "", findings)
    return values, [f"{found.path}: {found.message}" for found in findings.found]


def test_the_example_of_the_package_runs() -> None:
    result = doctest.testmod(sinch_simulator.core.schema)
    assert result.attempted > 5
    assert result.failed == 0


def test_what_is_right_is_read_with_its_defaults() -> None:
    values, told = read({"title": "x", "after": 0.25, "list": [{"name": "a"}], "by_name": {"b": 2}, "sure": True})
    assert told == []
    assert values == {
        "title": "x",
        "colour": "red",
        "count": None,
        "share": None,
        "after": 250,
        "inner": None,
        "list": ({"name": "a", "on": False},),
        "by_name": {"b": 2},
        "note": ABSENT,
        "sure": True,
        "rest": None,
    }


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "title: it is missing"),
        ({"title": None}, "title: it is missing"),
        ({"title": " "}, 'title: " " is empty'),
        ({"title": "abcdef"}, 'title: "abcdef" has more than 5 characters'),
        ({"title": 5}, "title: 5 is not a text"),
        ({"title": "\ud800"}, 'title: "?" is not valid Unicode'),
        ({"title": "x", "colour": "gren"}, 'colour: "gren" is not known here'),
        ({"title": "x", "colour": 1}, "colour: 1 is not known here"),
        ({"title": "x", "count": 10}, "count: 10 is too large"),
        ({"title": "x", "count": -1}, "count: -1 is negative"),
        ({"title": "x", "count": 1.5}, "count: 1.5 is not a whole number"),
        ({"title": "x", "count": True}, "count: true is not a whole number"),
        ({"title": "x", "count": "1"}, 'count: "1" is not a whole number'),
        ({"title": "x", "share": float("nan")}, "share: NaN is not a number"),
        ({"title": "x", "inner": []}, "inner: a list is not an object"),
        ({"title": "x", "inner": {"name": "a", "on": 1}}, "inner.on: 1 is neither true nor false"),
        ({"title": "x", "inner": {}}, "inner.name: it is missing"),
        ({"title": "x", "list": {}}, "list: an object is not a list"),
        ({"title": "x", "list": [{"name": "a"}, 1]}, "list[1]: 1 is not an object"),
        ({"title": "x", "list": [{"name": 2}]}, "list[0].name: 2 is not a text"),
        ({"title": "x", "by_name": {"a": -1}}, "by_name.a: -1 is negative"),
        ({"title": "x", "sure": False}, "sure: false is not true"),
        ({"title": "x", "colur": "red"}, ': unknown key "colur"'),
        ({"title": "x", "inner": {"name": "a", "off": 1}}, 'inner: unknown key "off"'),
    ],
)
def test_a_mistake_is_told_once_where_it_stands(document: dict[str, object], told: str) -> None:
    assert read(document)[1] == [told]


def test_null_is_absent_except_where_it_means_something() -> None:
    values, told = read({"title": "x", "note": None, "count": None})
    assert told == []
    assert values["note"] is None
    assert values["count"] is None


def test_many_unknown_names_are_counted_and_findings_are_bounded() -> None:
    findings = Findings()
    OUTER.read({"title": "x", **{f"x{number}": 1 for number in range(500)}}, "", findings)
    assert findings.found[-1].message == "480 more unknown properties are ignored."
    for _ in range(30):
        OUTER.read({f"x{number}": 1 for number in range(500)}, "", findings)
    assert len(findings.found) <= 201


def test_paths_of_fields_go_into_objects_and_lists() -> None:
    assert list(field_paths(OUTER))[5:10] == ["inner", "inner.name", "inner.on", "list", "list.name"]


def test_one_is_reminded_of_what_was_meant() -> None:
    assert did_you_mean("colur", ["colour", "count"]) == 'did you mean "colour"?'
    assert did_you_mean("x" * 1000, ["colour"]) == did_you_mean("zzz", ["colour"]) == ""
    assert suggestion("zzz", ["colour", "count"]) == "known are colour, count"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (True, "true"), ("a\n", '"a\\n"'), ([1], "a list"), ({}, "an object"), (10**400, "a huge number")],
)
def test_values_are_shown_as_json_writes_them(value: object, text: str) -> None:
    assert shown(value) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*OUTER.exact, "name", "on", "Title"]) | st.text(max_size=4)
DOCUMENTS = st.dictionaries(NAMES, JSON | st.dictionaries(NAMES, JSON, max_size=3), max_size=5)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_any_object_is_read_or_refused_as_the_schema_says(document: dict[str, object]) -> None:
    findings = Findings()
    values = OUTER.read(document, "", findings)
    assert set(values) == set(OUTER.defaults)
    for found in findings.found:
        assert found.severity is Severity.ERROR
        assert (found.path + found.message + found.hint).encode()
    writer = SchemaWriter("#/$defs/")
    schema = {**writer.of_shape(OUTER), "$defs": writer.titled}
    given_document = {name: value for name, value in document.items() if value is not None or name == "note"}
    if not findings.illegal and _plain(document):
        assert Draft202012Validator(schema).is_valid(json.loads(json.dumps(_without_nulls(given_document))))


def _plain(value: object) -> bool:
    """Whether JSON can say it: neither endless nor no number."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


def _without_nulls(value: object) -> object:
    """A document as it is read: null is absent."""
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None or name == "note"}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value
