"""What a field of an object may hold: one class for each kind of value, with its limits.

A field that needs more than its limits is a subclass, whose ``read`` goes on from what this one's gives. Products have
their own for phone numbers, prompts and the like; that is why reading gives ``Any``.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.schema.words import encodable, printable, shown, suggestion

# Longer integers can't be durations or counts, and Python refuses to read very long ones at all.
_WHOLE_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*", re.ASCII)
_WORDS_OF_FLAGS = {"true": True, "false": False}


def is_number(value: object) -> bool:
    """Tells whether a JSON value is a number that can be taken for its digits: neither endless nor absurdly long."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value.bit_length() <= 64 if isinstance(value, int) else math.isfinite(value)


class Text(Field):
    """A string."""

    phrase: str = "a text"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads a string that UTF-8 can carry: half of a surrogate pair could never be sent back."""
        if isinstance(value, str):
            if value.isascii() or encodable(value) == value:
                return value
            findings.wrong(self, prefix + name, value, "is not valid Unicode", right="valid Unicode text")
        elif findings.coerces and is_number(value):
            findings.coerced(self, prefix + name, value)
            return shown(value)
        else:
            findings.wrong(self, prefix + name, value)
        return None

    def absent(self) -> object:
        """Returns the default, or an empty text."""
        return "" if self.required and self.default is None else self.default


class BoundedText(Text):
    """A string within limits: ``longest`` in characters, not blank with ``filled``, all of it as ``pattern`` says."""

    longest: int | None = None
    filled: bool = True
    pattern: "re.Pattern[str] | None" = None

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads a string within the limits."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        if self.filled and (not text or text.isspace()):
            findings.wrong(self, prefix + name, text, "is empty", right="at least one word")
        elif self.longest is not None and len(text) > self.longest:
            limit = f"{self.longest} characters"
            findings.wrong(self, prefix + name, text, f"has more than {limit}", right=f"at most {limit}")
        elif self.pattern is not None and not self.pattern.fullmatch(text):
            findings.wrong(self, prefix + name, text)
        else:
            return text
        return None


class Number(Field):
    """A number, whole or not, between two limits that belong to it."""

    phrase: str = "a number"
    minimum: float | None = None
    maximum: float | None = None
    beyond: str = "is too large"
    """What is said of a number above ``maximum``."""

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        if self.right or self.minimum is None or self.maximum is None:
            return self.right or self.phrase
        return f"{self.phrase} from {self.minimum:g} to {self.maximum:g}"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads a number within the limits."""
        number = self.number(value, findings.numerals)
        if number is None:
            findings.wrong(self, prefix + name, value)
            return None
        if findings.coerces and isinstance(value, str):
            findings.coerced(self, prefix + name, value)
        return self.within(name, number, prefix, findings)

    def within(self, name: str, number: int | float, prefix: str, findings: Findings) -> int | float | None:
        """Returns the number, if it is within the limits."""
        if self.minimum is not None and number < self.minimum:
            findings.wrong(self, prefix + name, number, "is negative" if self.minimum == 0 else "is too small")
        elif self.maximum is not None and number > self.maximum:
            findings.wrong(self, prefix + name, number, self.beyond)
        else:
            return number
        return None

    def number(self, value: object, numerals: bool) -> int | float | None:
        """Reads a JSON value as a number; texts only where numbers may be written so."""
        if numerals and isinstance(value, str):
            try:
                value = float(value[:40])
            except ValueError:
                return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return value if isinstance(value, int) or not math.isnan(value) else None


class Integer(Number):
    """A whole number; 2.0 is one too, and so is ``"2"`` where numbers may be written as texts.

    With ``over``, what is above ``maximum`` is lowered to it, which is told under this code.
    """

    phrase: str = "a whole number"
    minimum: int | None = None
    maximum: int | None = None
    over: str = ""

    def within(self, name: str, number: int | float, prefix: str, findings: Findings) -> int | float | None:
        """Returns the number, if it is within the limits, or lowered to the upper one."""
        if not self.over or self.maximum is None or number <= self.maximum:
            return Number.within(self, name, number, prefix, findings)
        message = f"{shown(number)} is above the limit: {self.maximum} is taken."
        findings.warn(self.over, prefix + name, message, f"at most {self.maximum}")
        return self.maximum

    def number(self, value: object, numerals: bool) -> int | None:
        """Reads a JSON value as a whole number."""
        if type(value) is int:
            return value
        if isinstance(value, float):
            return int(value) if value.is_integer() else None
        if numerals and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
            return int(value)
        return None


class Seconds(Number):
    """Seconds, whole or not, which are read as whole milliseconds; the default is milliseconds too."""

    minimum: float | None = 0

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return self.right or f"seconds as a number from {self.minimum:g} to {self.maximum:g}, like 2.5"

    @property
    def shown_default(self) -> object:
        """Returns the default in seconds."""
        return self.default / 1000 if isinstance(self.default, int) else self.default

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> int | None:
        """Reads the duration in milliseconds."""
        seconds: int | float | None = Number.read(self, name, value, prefix, findings)
        return None if seconds is None else round(seconds * 1000)


class Flag(Field):
    """True or false."""

    phrase: str = "true or false"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads a boolean; where the document may, the words ``true`` and ``false`` are taken for one."""
        if isinstance(value, bool):
            return value
        if findings.coerces and isinstance(value, str) and value.strip().lower() in _WORDS_OF_FLAGS:
            findings.coerced(self, prefix + name, value)
            return _WORDS_OF_FLAGS[value.strip().lower()]
        findings.wrong(self, prefix + name, value, "is neither true nor false")
        return None


_TRUE = {"const": True}


class Yes(Field):
    """True and nothing else."""

    phrase: str = "true"
    described: "dict[str, Any] | None" = _TRUE

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> bool | None:
        """Reads it."""
        if value is True:
            return True
        findings.wrong(self, prefix + name, value)
        return None


class Choice(Field):
    """One of some words, as they are written here."""

    choices: tuple[str, ...] = ()
    any_case: bool = False
    """Whether any case of letters is as usual as another."""
    phrase: str = "a keyword"

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return self.right or "one of " + ", ".join(self.choices)

    def absent(self) -> object:
        """Returns the default, or an empty word."""
        return "" if self.required and self.default is None else self.default

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the word; in any case of letters where the document may write names so, which is told."""
        if isinstance(value, str):
            if value in self.choices:
                return value
            choice = self.folded(value) if self.any_case or findings.any_case else None
            if choice is not None:
                if not self.any_case:
                    findings.unusual_case(prefix + name, choice)
                return choice
            hint = suggestion(value, self.choices)
            findings.wrong(self, prefix + name, value, "is not known here", hint=hint)
        else:
            findings.wrong(self, prefix + name, value, "is not known here")
        return None

    def folded(self, text: str) -> str | None:
        """Returns the choice that a text is, in any case of letters."""
        return next((choice for choice in self.choices if choice.lower() == text.lower()), None)


class Nested(Field):
    """An object of a shape of its own."""

    shape: Shape
    phrase: str = "an object"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads its values."""
        if isinstance(value, dict):
            return self.shape.read(value, f"{prefix}{name}.", findings)
        findings.wrong(self, prefix + name, value)
        return None

    def absent(self) -> object:
        """Returns None, or of a required one an object that says nothing."""
        return Values(self.shape.defaults) if self.required else self.default


class Entries(Field):
    """A list, each of whose elements is what ``of`` says."""

    of: Field
    phrase: str = "a list"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the elements."""
        if not isinstance(value, list | tuple):
            findings.wrong(self, prefix + name, value)
            return None
        read = self.of.read
        prefix = prefix + name
        elements = [read(f"[{index}]", element, prefix, findings) for index, element in enumerate(value)]
        if None in elements:
            elements = [self.of.absent() if element is None else element for element in elements]
        return tuple(elements)

    def absent(self) -> object:
        """Returns the default, or no elements."""
        return () if self.default is None else self.default


class Mapping(Field):
    """An object with any names, each of whose values is what ``of`` says."""

    of: Field
    phrase: str = "an object"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the values by name."""
        if not isinstance(value, dict):
            findings.wrong(self, prefix + name, value)
            return None
        prefix = f"{prefix}{name}."
        values = {key: self.of.read(printable(str(key)), each, prefix, findings) for key, each in value.items()}
        return {key: each for key, each in values.items() if each is not None}


class Anything(Field):
    """Any JSON value; what it means is read elsewhere."""


def field_paths(shape: Shape) -> Iterator[str]:
    """Returns every property that such an object may have, those of the objects inside it as ``destination.type``."""
    for item in shape.fields:
        yield item.name
        inner = shape_within(item)
        if inner is not None:
            yield from (f"{item.name}.{name}" for name in field_paths(inner))


def shape_within(item: Field) -> Shape | None:
    """Returns the shape of the object, or of the objects of the list, that a field holds; None when it holds none."""
    if isinstance(item, Entries):
        item = item.of
    return item.shape if isinstance(item, Nested) else None
