"""Matches keys that were pressed with the regular expressions of menus, in a time that no expression makes long.

Python's own matching tries one way after the other, which takes for ever for ``(1+)+#`` and a hundred ones, and it has
no limit of time. Here it is found out once for each part of an expression, and each place in the input, where the part
can end there. Whether all of the input fits does not depend on which way is tried first. Only what looks back, or keeps
what it took first, cannot be matched so: it is refused.
"""

import re
from collections.abc import Iterator
from functools import lru_cache, reduce
from operator import or_
from re import _parser  # type: ignore[attr-defined]  # what re.compile reads expressions with, and no public name
from typing import Any

from attrs import field

from sinch_simulator.core.values import define, frozen

_REFUSED = {
    "GROUPREF": "a reference to a group",
    "GROUPREF_EXISTS": "a condition on a group",
    "ATOMIC_GROUP": "an atomic group",
    "POSSESSIVE_REPEAT": "a possessive repeat",
}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_CATEGORIES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_SPACE": r"\s", "CATEGORY_WORD": r"\w"}


@frozen
class KeyPattern:
    """A regular expression of keys; two of the same text are equal."""

    text: str
    _parts: Any = field(eq=False, repr=False)  # pairs of an operation and its operand, as Python's parser makes them

    @classmethod
    def read(cls, text: str) -> "KeyPattern":
        """Reads an expression. Raises ``re.error`` for what is none, or has a part that is not taken."""
        return _read(text)

    def fits(self, pressed: str) -> bool:
        """Returns whether all of the keys, which are some of ``0123456789*#``, fit."""
        return bool(_Search(pressed).after_all(self._parts, 0) >> len(pressed))


@lru_cache(maxsize=256)
def _read(text: str) -> KeyPattern:
    re.compile(text)
    parts = _parser.parse(text)
    _refuse_in(parts)
    return KeyPattern(text, parts)


def _refuse_in(parts: Any) -> None:
    """Refuses parts that cannot be matched place by place."""
    for operation, operand in parts:
        name = str(operation)
        if name in _REFUSED:
            raise re.error(f"{_REFUSED[name]} is not taken")
        if name in ("ASSERT", "ASSERT_NOT") and operand[0] < 0:
            raise re.error("a look behind is not taken")
        for inner in _inner(name, operand):
            _refuse_in(inner)


def _inner(name: str, operand: Any) -> list[Any]:
    """Returns the sequences of parts that a part consists of."""
    if name == "BRANCH":
        return list(operand[1])
    return [operand[-1]] if name in ("SUBPATTERN", "ASSERT", "ASSERT_NOT", *_REPEATS) else []


def _places(ends: int) -> Iterator[int]:
    """Gives the places of a set; in it the bit with the number of a place stands for the place."""
    while ends:
        lowest = ends & -ends
        yield lowest.bit_length() - 1
        ends ^= lowest


@define(eq=False)
class _Search:
    """Finds out where parts can end in one input. Sets of places are whole numbers: see ``_places``."""

    pressed: str
    _known: dict[tuple[int, int], int] = field(factory=dict)
    """By the identity of a sequence of parts, and where it begins."""

    def after_all(self, parts: Any, begin: int) -> int:
        """Returns where a sequence of parts that begins at this place can end."""
        key = (id(parts), begin)
        if key not in self._known:
            ends = 1 << begin
            for operation, operand in parts:
                ends = self._after(str(operation), operand, ends)
            self._known[key] = ends
        return self._known[key]

    def _after(self, name: str, operand: Any, begins: int) -> int:
        """Returns where a part can end that begins at any of these places."""
        if name in _REPEATS:
            least, most, body = operand
            return self._after_repeat(least, most, body, begins)
        inner = _inner(name, operand)
        if name in ("ASSERT", "ASSERT_NOT"):
            ahead = [place for place in _places(begins) if bool(self.after_all(inner[0], place)) is (name == "ASSERT")]
            return _set(ahead)
        if inner:
            return reduce(or_, [self._after_each(each, begins) for each in inner])
        if name == "AT":
            at = re.compile(_AT[str(operand)])
            return _set([place for place in _places(begins) if at.match(self.pressed, place)])
        left = [place for place in _places(begins) if place < len(self.pressed)]
        return _set([place + 1 for place in left if _takes(name, operand, self.pressed[place])])

    def _after_repeat(self, least: int, most: int, body: Any, begins: int) -> int:
        """Returns where so many repeats can end; more of them than there are places change nothing any more."""
        reached = begins
        for _ in range(least):
            before, reached = reached, self._after_each(body, reached)
            if reached in (before, 0):
                break
        ends = newest = reached
        for _ in range(min(most - least, len(self.pressed) + 1)):
            newest = self._after_each(body, newest) & ~ends
            ends |= newest
            if not newest:
                break
        return ends

    def _after_each(self, parts: Any, begins: int) -> int:
        return reduce(or_, [self.after_all(parts, place) for place in _places(begins)], 0)


def _set(places: list[int]) -> int:
    return reduce(or_, [1 << place for place in places], 0)


_AT = {
    "AT_BEGINNING": "^",
    "AT_BEGINNING_STRING": r"\A",
    "AT_BOUNDARY": r"\b",
    "AT_NON_BOUNDARY": r"\B",
    "AT_END": "$",
    "AT_END_STRING": r"\Z",
}


def _takes(name: str, operand: Any, key: str) -> bool:
    """Returns whether a part that is about one character takes this key."""
    if name == "ANY":
        return True
    if name in ("LITERAL", "NOT_LITERAL"):
        return (ord(key) == operand) is (name == "LITERAL")
    if name == "RANGE":
        return bool(operand[0] <= ord(key) <= operand[1])
    if name == "CATEGORY":
        negated, category = "_NOT_" in str(operand), str(operand).replace("_NOT_", "_")
        return (re.match(_CATEGORIES[category], key) is None) is negated
    if name == "IN":
        negated = str(operand[0][0]) == "NEGATE"
        return any(_takes(str(each), what, key) for each, what in operand[negated:]) is not negated
    return False  # FAILURE: a part that nothing fits
