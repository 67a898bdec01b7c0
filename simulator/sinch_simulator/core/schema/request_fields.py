"""The properties of one JSON object of a request, found in any case; a value of the wrong kind is refused by name.

A property that is null counts as absent, because SDKs send null for what was not set (*assumed*). What the platform
would ignore is kept, and told as a diagnostic; nothing here knows what a property is for.
"""

import difflib
from collections.abc import Mapping, Sequence

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.values import frozen

_MOST_STRANGERS_TOLD = 20
_LONGEST_NAME_COMPARED = 40
# Longer integers can't be durations or counts, and Python refuses to read very long ones at all.
_MOST_DIGITS = 18


def warning(code: str, path: str, message: str, hint: str = "") -> Diagnostic:
    """A finding that surprises, but that the platform accepts."""
    return Diagnostic(code, Severity.WARNING, path, message, hint)


def refused(path: str, value: object, expected: str) -> ApiError:
    """The 40001 for a value that can't be. An object or an array is named, not shown: it may be huge or very deep."""
    if isinstance(value, dict | list):
        kind = "an array" if isinstance(value, list) else "an object"
    elif isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 64:
        kind = "a huge number"
    else:
        return ApiError.invalid_parameter(path, value, expected=expected)
    message = f"Invalid parameter '{path}' ({kind}): expected {expected}"
    return ApiError(ErrorCode.INVALID_PARAMETER, message, hint=f"expected {expected}", path=path)


def missing(path: str, hint: str) -> ApiError:
    """The 40002 for a parameter that is not there, with what would be right as a hint."""
    return ApiError(ErrorCode.MISSING_PARAMETER, f"Missing parameter '{path}'", hint=hint, path=path)


def printable(text: str) -> str:
    """Text of a stranger, short and with escapes for line breaks and the like, for a message or a path."""
    shown = text if len(text) <= 60 else text[:57] + "..."
    if shown.isprintable():
        return shown
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in shown)


@frozen
class PropertyNames:
    """The names that an object may have. ``elsewhere`` says of other names, in lower case, where they belong."""

    canonical: frozenset[str]
    by_lower: Mapping[str, str]
    elsewhere: Mapping[str, str]

    @classmethod
    def of(cls, names: Sequence[str], elsewhere: Mapping[str, str] | None = None) -> "PropertyNames":
        """The names in their canonical spelling, looked up in any case."""
        return cls(frozenset(names), {name.lower(): name for name in names}, elsewhere or {})

    def hint_for(self, stranger: str) -> str:
        """What a name that is not known here was perhaps meant to be."""
        if stranger.lower() in self.elsewhere:
            return f"it belongs to {self.elsewhere[stranger.lower()]}"
        if len(stranger) > _LONGEST_NAME_COMPARED:
            return ""
        close = difflib.get_close_matches(stranger.lower(), self.by_lower, n=1)
        return f"did you mean '{self.by_lower[close[0]]}'?" if close else ""


@frozen
class Properties:
    """One JSON object: its path in the request, its values by canonical name, and where findings are told."""

    path: str
    values: Mapping[str, object]
    diagnostics: list[Diagnostic]

    @classmethod
    def read(
        cls, document: Mapping[str, object], path: str, names: PropertyNames, diagnostics: list[Diagnostic]
    ) -> "Properties":
        """The values under their canonical names. Where a name comes in two spellings, the canonical one counts."""
        if names.canonical.issuperset(document):
            return cls(path, document, diagnostics)
        values: dict[str, object] = {}
        strangers: list[str] = []
        for name, value in document.items():
            if name in names.canonical:
                values[name] = value
                continue
            canonical = names.by_lower.get(name.lower())
            if canonical is None or canonical in document or canonical in values:
                strangers.append(name)
                continue
            values[canonical] = value
            diagnostics.append(_unusual_case(f"{path}.{name}" if path else name, name, canonical))
        diagnostics.extend(_told_strangers(strangers, path, names))
        return cls(path, values, diagnostics)

    def within(self, name: str) -> str:
        """The path of a property of this object."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether the property is there and not null."""
        return self.values.get(name) is not None

    def warn(self, code: str, name: str, message: str, hint: str = "") -> None:
        """Tell a finding about one property."""
        self.diagnostics.append(warning(code, self.within(name), message, hint))

    def text(self, name: str, expected: str = "a string") -> str | None:
        """A string, None when absent. Half of a surrogate pair is no text, and could never be sent back."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise refused(self.within(name), value, expected)
        if not value.isascii() and value.encode("utf-8", "ignore").decode("utf-8") != value:
            raise refused(self.within(name), value, "valid Unicode text")
        return value

    def flag(self, name: str) -> bool:
        """A boolean, False when absent."""
        value = self.values.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise refused(self.within(name), value, "true or false")
        return value

    def positive(self, name: str, expected: str) -> int | None:
        """A whole number above zero, or one written as a string (docs/platform/rest.md#10); None when absent."""
        value = self.values.get(name)
        if value is None:
            return None
        number = _whole_number(value)
        if number is None or number <= 0:
            raise refused(self.within(name), value, expected)
        return number

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """One of some words, in any case; None when absent."""
        value = self.values.get(name)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        expected = "one of " + ", ".join(allowed)
        if not isinstance(value, str) or value.lower() not in allowed:
            raise refused(self.within(name), value, expected)
        self.diagnostics.append(_unusual_case(self.within(name), value, value.lower()))
        return value.lower()

    def nested(self, name: str, names: PropertyNames) -> "Properties | None":
        """An object within this one, None when absent."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise refused(self.within(name), value, "an object")
        return Properties.read(value, self.within(name), names, self.diagnostics)


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else None
    return None


def _unusual_case(path: str, written: str, canonical: str) -> Diagnostic:
    return warning(
        "CASE", path, f"'{written}' is taken for '{canonical}'; its case is unusual.", f"write '{canonical}'"
    )


def _told_strangers(strangers: Sequence[str], path: str, names: PropertyNames) -> list[Diagnostic]:
    told = [_stranger(name, path, names) for name in strangers[:_MOST_STRANGERS_TOLD]]
    if len(strangers) > len(told):
        more = f"{len(strangers) - len(told)} more unknown properties are ignored."
        told.append(warning("UNKNOWN_PROPERTY", path, more))
    return told


def _stranger(name: str, path: str, names: PropertyNames) -> Diagnostic:
    shown = printable(name)
    message = f"'{shown}' is not a property of {path or 'a callout'} and is ignored."
    return warning("UNKNOWN_PROPERTY", f"{path}.{shown}" if path else shown, message, names.hint_for(name))
