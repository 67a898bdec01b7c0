"""Regular expressions of keys mean what they mean to Python, and none of them takes long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.products.voice.v2.svaml.key_patterns import KeyPattern

KEYS = st.text("012*#", max_size=8)
ONE = st.sampled_from(
    ["1", "2", r"\*", "#", ".", r"\d", r"\D", r"\w", r"\W", r"\S", "[01*]", "[^1]", r"[^\d#]", "[0-9*]"]
)
PLACES = st.sampled_from(["^", "$", r"\b", r"\B", r"\A", r"\Z", "(?=1)", "(?!2)", "(?!)", ""])
REPEATS = st.sampled_from(["*", "+", "?", "*?", "{2}", "{1,3}", "{2,}", "{0,2}?"])
PATTERNS = st.recursive(
    ONE | PLACES,
    lambda inner: (
        st.tuples(inner, inner).map("".join)
        | st.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})")
        | st.tuples(inner, REPEATS).map(lambda both: f"({both[0]}){both[1]}")
    ),
    max_leaves=8,
)


@given(PATTERNS, KEYS)
def test_what_fits_is_what_fits_for_python(text: str, pressed: str) -> None:
    assert KeyPattern.read(text).fits(pressed) is (re.fullmatch(text, pressed) is not None)


@pytest.mark.parametrize(
    "text",
    [
        "(1+)+#",
        "(1|1)*#",
        "(.*)*#",
        ".*" * 120 + "#",
        "(?:" * 50 + "1" + ")*" * 50 + "#",
        "(1?){1000000}#",
        "(1{1,9}){9,}#",
        "(" * 120 + "1*" + ")" * 120 + "#",
    ],
)
def test_no_expression_takes_for_ever(text: str) -> None:
    pattern = KeyPattern.read(text)
    assert not pattern.fits("1" * 100)
    assert pattern.fits("1" * 9 + "#")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"(\d)\1", "a reference to a group is not taken"),
        ("((?<=1)2)", "a look behind is not taken"),
        ("(?:1|(?>2*))", "an atomic group is not taken"),
        ("1*+", "a possessive repeat is not taken"),
        ("(1)?(?(1)2|3)", "a condition on a group is not taken"),
        ("(1", "missing )"),
    ],
)
def test_what_cannot_be_matched_is_refused(text: str, said: str) -> None:
    with pytest.raises(re.error, match=re.escape(said)):
        KeyPattern.read(text)
