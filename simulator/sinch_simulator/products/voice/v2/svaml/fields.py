"""How SVAML v2 is read: what a property may hold, and how strictly a document is taken.

Names and words are taken as they are documented, in that case; values have exactly the documented type. An unknown
property is ignored with a warning, or with ``STRICT`` an error (docs/platform/voice-v2.md#2.6).
"""

import re
from collections.abc import Mapping
from typing import Any

from sinch_simulator.core.schema.fields import BoundedText, Choice, Entries, Integer, Nested, Text
from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.schema.words import did_you_mean, printable, shown
from sinch_simulator.core.values import define

_HEADER_TEXT = re.compile(r"[ -~]*")
_LONGEST_HEADER_TEXT = 255
MOST_HEADERS = 16

# What people bring along from the SDKs, whose names differ from those on the wire, and from SVAML of Voice v1.
_OTHER_NAMES = {
    "customevent": 'on the wire it is "webhook", with "webhookName"',
    "say": 'a message: {"command": "messages", "messages": [{"type": "SAY", "say": {..}}]}',
    "playfiles": 'a message: {"command": "messages", "messages": [{"type": "PLAY", "play": {"url": ".."}}]}',
    "connectpstn": '{"command": "dial", "to": {"type": "PHONE", "phone": {"number": ".."}}}',
    "connectsip": '{"command": "dial", "to": {"type": "SIP", "sip": {"endpoint": ".."}}}',
    "connectstream": '{"command": "dial", "to": {"type": "STREAM", "stream": {"endpoint": ".."}}}',
    "connectconf": '{"command": "bridgeCall", "bridgeName": ".."}',
    "runmenu": '{"command": "menu", "startMenu": "..", "menus": {..}}',
    "continue": "nothing: the call goes on by itself",
    "park": '{"command": "messages", ..} while the call goes on',
}


@define
class CommandFindings(Findings):
    """What was found in one document; with ``strict`` an unknown property is an error."""

    strict: bool = False
    running: bool = False
    """Whether the session that the document is for is under way: it is a webhook's reply."""

    def unknown(self, shape: Shape, name: str, prefix: str) -> None:
        """Tells of a property that is not known there."""
        hint = shape.hints.get(name.lower()) or did_you_mean(name, [item.name for item in shape.fields])
        if self.strict:
            known = ", ".join(item.name for item in shape.fields) or "none"
            hint = hint or f"known are {known}"
            self.error("UNKNOWN_PROPERTY", prefix + printable(name), f"{shape.name} has no such property", hint)
        elif not self.full:
            message = f"{shape.name} has no such property: it is ignored"
            self.warn("UNKNOWN_PROPERTY", prefix + printable(name), message, hint)


def other_name(name: str) -> str:
    """Returns what takes the place of a command of Voice v1 or of an SDK; an empty text for any other name."""
    return _OTHER_NAMES.get(name.lower(), "")


class Name(BoundedText):
    """A name that documents give to a call, a bridge, a recording and the like."""

    longest: int | None = 32
    phrase: str = "a name"

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return f"a name of 1 to {self.longest} characters" + (" without blanks" if self.pattern is not None else "")


class Number(Text):
    """A telephone number in E.164 with its plus sign."""

    phrase: str = "an E.164 number"
    right: str = "a number with plus sign and country code, like +14045550100"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number as it is written."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None or _E164.fullmatch(text):
            return text
        findings.wrong(self, prefix + name, text)
        return None


_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


class OneOfNumbers(Integer):
    """One of some whole numbers."""

    choices: tuple[int, ...]

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return "one of " + ", ".join(map(str, self.choices))

    def within(self, name: str, number: int | float, prefix: str, findings: Findings) -> int | float | None:
        """Returns the number, if it is one of them."""
        if number in self.choices:
            return number
        findings.wrong(self, prefix + name, number, "is not known here")
        return None


class Typed(Field):
    """An object that says with ``type`` what it is; ``kinds`` has the shape of each, which has the field ``type``."""

    kinds: Mapping[str, Shape]
    phrase: str = "an object"

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return self.right or 'an object with "type": one of ' + ", ".join(self.kinds)

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the object by the shape of its type."""
        path = prefix + name
        if not isinstance(value, dict):
            findings.wrong(self, path, value)
            return None
        kind = value.get("type")
        if isinstance(kind, str) and kind in self.kinds:
            return self.kinds[kind].read(value, f"{path}.", findings)
        hint = f"one of {', '.join(self.kinds)}"
        if kind is None:
            findings.error("MISSING_PROPERTY", f"{path}.type", "it is missing", hint)
        else:
            hint = did_you_mean(kind, self.kinds) or hint if isinstance(kind, str) else hint
            findings.error("INVALID_VALUE", f"{path}.type", f"{shown(kind)} is not known here", hint)
        return None


def kind_shape(name: str, kind: str, item: Field | None = None) -> Shape:
    """Returns the shape of a ``Typed`` object of one kind, which has at most one property beside its type."""
    type_of = Choice("type", "what it is", required=True, choices=(kind,))
    return Shape(name, (type_of,) if item is None else (type_of, item))


class CallHeaders(Entries):
    """Headers that go along to the far end; those of SIP have the names of SIP headers."""

    phrase: str = "a list of headers"
    right: str = 'a list like [{"key": "X-Order", "value": "42"}]'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads pairs of key and value."""
        headers = Entries.read(self, name, value, prefix, findings)
        if headers is not None and len(headers) > MOST_HEADERS:
            problem = f"has more than {MOST_HEADERS} headers"
            findings.wrong(self, prefix + name, value, problem, right=f"at most {MOST_HEADERS}")
        return headers


def headers_field(key_pattern: "re.Pattern[str]", right: str) -> CallHeaders:
    """Returns ``callHeaders`` whose keys look like this."""
    key = BoundedText(
        "key", "its name", required=True, longest=_LONGEST_HEADER_TEXT, pattern=key_pattern, phrase="a header name",
        right=right,
    )  # fmt: skip
    value = BoundedText(
        "value", "what it says", default="", longest=_LONGEST_HEADER_TEXT, filled=False, pattern=_HEADER_TEXT,
        phrase="a header value", right="at most 255 characters of printable ASCII",
    )  # fmt: skip
    header = Nested(shape=Shape("a header", (key, value)))
    return CallHeaders("callHeaders", "headers for the far end", default=(), of=header)


def headers_of(values: Values) -> tuple[tuple[str, str], ...]:
    """Returns the pairs of a destination's ``callHeaders``, in order."""
    return tuple((each.text("key"), each.text("value")) for each in values.objects("callHeaders"))


class Listed(Entries):
    """A list of objects that has so many elements."""

    fewest: int = 1
    most: int | None = None

    @property
    def expected(self) -> str:
        """Returns what would be right, in words."""
        return f"a list of {self.fewest}" + (" or more" if self.most is None else f" to {self.most}") + " elements"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the elements."""
        if isinstance(value, list) and len(value) < self.fewest:
            findings.wrong(self, prefix + name, value, "has too few elements")
            return None
        if isinstance(value, list) and self.most is not None and len(value) > self.most:
            findings.wrong(self, prefix + name, value, "has too many elements")
            return None
        return Entries.read(self, name, value, prefix, findings)
