"""What an expectation says about a value: exactly this, a range, a regular expression, anything, nothing.

It compares JSON with JSON and says in words what does not fit. Where the JSON comes from is the player's business.
"""

import json
import re
import warnings
from enum import Enum
from typing import assert_never

from sinch_scenarios.language.yaml_nodes import Json
from sinch_simulator.core.schema.words import did_you_mean
from sinch_simulator.core.values import frozen


class Comparison(Enum):
    """How a number is compared."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"
    OTHER_THAN = "!="


@frozen
class Exactly:
    """This value and no other; a number is no text."""

    value: bool | int | float | str | None


@frozen
class Compared:
    """A number that compares so with ``bound``: ``">= 30"``."""

    comparison: Comparison
    bound: float


@frozen
class Between:
    """Several comparisons at once: ``">= 30, < 40"``."""

    comparisons: tuple[Compared, ...]


@frozen
class Pattern:
    """A text in which this regular expression is found: ``/regex/``."""

    expression: re.Pattern[str]


@frozen
class Anything:
    """There, whatever it is: ``any``."""


@frozen
class Absent:
    """Not there: ``none``, or YAML's null."""


@frozen
class Each:
    """A list of the same length, each element as expected."""

    elements: tuple["Expected", ...]


@frozen
class Members:
    """An object in which at least these members are as expected."""

    members: tuple[tuple[str, "Expected"], ...]


Expected = Exactly | Between | Pattern | Anything | Absent | Each | Members


@frozen
class Check:
    """An expectation about the value at a dotted path."""

    path: str
    expected: Expected


_COMPARED = re.compile(r"(>=|<=|!=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_STEP = re.compile(r"\[(-?[0-9]+)\]|\.?([^.\[\]]+)")
MISSING = object()


def read_expected_text(text: str) -> Expected:
    """Reads the meaning of a text in an expectation. Raises ``ValueError`` with the reason."""
    stripped = text.strip()
    if stripped == "any":
        return Anything()
    if stripped == "none":
        return Absent()
    if len(stripped) >= 3 and stripped.startswith("/") and stripped.endswith("/"):
        return Pattern(compiled(stripped[1:-1]))
    if stripped.startswith((">", "<", "!=")):
        return _read_range(stripped)
    return Exactly(text)


def compiled(expression: str) -> re.Pattern[str]:
    """Reads a regular expression. Raises ``ValueError`` with the reason."""
    with warnings.catch_warnings():
        # Python warns of patterns that a later version may read otherwise: nothing that an author must know.
        warnings.simplefilter("ignore")
        try:
            return re.compile(expression)
        except (re.error, OverflowError, RecursionError) as why:
            raise ValueError(f"no regular expression: {why}") from why


def _read_range(text: str) -> Between:
    comparisons = []
    for part in text.split(","):
        found = _COMPARED.fullmatch(part.strip())
        if found is None:
            raise ValueError('no range: write one like ">= 30" or ">= 30, < 40"')
        comparisons.append(Compared(Comparison(found[1]), float(found[2])))
    return Between(tuple(comparisons))


def value_at(document: object, path: str) -> object:
    """Returns the value at a dotted path (``to.endpoint``, ``heard[-1]``), or ``MISSING``."""
    value = document
    for index, name in _STEP.findall(path):
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and re.fullmatch(r"-?[0-9]{1,6}", index or name):
            position = int(index or name)
            if not -len(value) <= position < len(value):
                return MISSING
            value = value[position]
        else:
            return MISSING
    return value


def differences(checks: tuple[Check, ...], document: object) -> list[str]:
    """Returns what does not fit, a line each; empty when everything does."""
    found: list[str] = []
    for check in checks:
        value = value_at(document, check.path)
        if not fits(check.expected, value):
            came = "nothing" if value is MISSING else json.dumps(value, ensure_ascii=False)
            found.append(f"{check.path}: expected {told(check.expected)}, came {came}{_why_not(check.expected, value)}")
            if value is MISSING:
                found[-1] += _members_there(document, str(check.path))
    return found


def _members_there(document: object, path: str) -> str:
    """Lists the members of the object in which the last name of a path was looked for in vain."""
    parent, _, name = path.rpartition(".")
    there = value_at(document, parent) if parent else document
    if not isinstance(there, dict) or "[" in name:
        return ""
    where = f"{parent} has" if parent else "there are"
    meant = did_you_mean(name, there)
    return f" ({where} {', '.join(there) or 'no members'}{f'; {meant}' if meant else ''})"


def fits(expected: Expected, value: object) -> bool:
    """Tells whether a value is as expected."""
    match expected:
        case Anything():
            return value is not MISSING and value is not None
        case Absent():
            return value is MISSING or value is None
        case Exactly(value=wanted):
            return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted
        case Between(comparisons=comparisons):
            return all(_compares(one, value) for one in comparisons)
        case Pattern(expression=expression):
            return isinstance(value, str) and expression.search(value) is not None
        case Each(elements=elements):
            return isinstance(value, list) and len(value) == len(elements) and all(map(fits, elements, value))
        case Members(members=members):
            return all(fits(one, value_at(value, f"{path}")) for path, one in members)
        case _:
            assert_never(expected)


def told(expected: Expected) -> str:
    """Returns the expectation in words."""
    match expected:
        case Anything():
            return "anything"
        case Absent():
            return "nothing"
        case Exactly(value=wanted):
            return json.dumps(wanted, ensure_ascii=False)
        case Between(comparisons=comparisons):
            return " and ".join(f"{one.comparison.value} {one.bound:g}" for one in comparisons)
        case Pattern(expression=expression):
            return f"/{expression.pattern}/"
        case Each(elements=elements):
            return f"[{', '.join(map(told, elements))}]"
        case Members(members=members):
            return "{" + ", ".join(f"{path}: {told(one)}" for path, one in members) + "}"
        case _:
            assert_never(expected)


def _compares(compared: Compared, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    match compared.comparison:
        case Comparison.AT_LEAST:
            return value >= compared.bound
        case Comparison.AT_MOST:
            return value <= compared.bound
        case Comparison.ABOVE:
            return value > compared.bound
        case Comparison.BELOW:
            return value < compared.bound
        case Comparison.OTHER_THAN:
            return value != compared.bound
        case _:
            assert_never(compared.comparison)


def _why_not(expected: Expected, value: object) -> str:
    """Returns a hint for the mistake that cannot be seen: a number where a text came, or the reverse."""
    if isinstance(expected, Exactly) and not isinstance(value, dict | list) and value is not None:
        if str(expected.value) == str(value) and isinstance(value, str):
            return " (a text: put the expectation in quotes)"
        if str(expected.value) == str(value):
            return " (no text: take the expectation out of its quotes)"
    return ""


def json_expected(value: Json) -> Expected:
    """Returns the expectation that a JSON value is. Raises ``ValueError`` for a text that means nothing."""
    match value:
        case str():
            return read_expected_text(value)
        case None:
            return Absent()
        case list():
            return Each(tuple(json_expected(element) for element in value))
        case dict():
            return Members(tuple((path, json_expected(one)) for path, one in value.items()))
        case _:
            return Exactly(value)
