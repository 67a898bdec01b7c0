"""How one JSON object of a document is read by its ``Shape``: one reader per kind of value.

Names are matched without regard to case; what is
unknown is ignored with a warning, a number for a string and the reverse is taken with a warning, and any other wrong
type is an error (all *assumed*, docs/platform/svaml.md#1).
"""

import math
import re
from collections.abc import Callable, Sized
from typing import TypeAlias

from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.schema.findings import Findings, did_you_mean, shown
from sinch_simulator.core.schema.json_parsing import RepeatingObject
from sinch_simulator.core.schema.shapes import Kind, Property, Shape, Values
from sinch_simulator.products.voice.svaml.locales import FALLBACK_LOCALE, LOCALES, VOICES, known_locale

_LARGEST_INTEGER = 2**31 - 1
_WHOLE_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")
_NOT_A_TONE = re.compile(r"[^0-9#*w]")
_MISSPELLED = {"intropromt": "introPrompt", "badge": "barge", "isvoice": "enableVoice"}


# Property, the name as the document spells it, the value, the path of the object with its dot, where findings go.
Reader: TypeAlias = Callable[[Property, str, object, str, Findings], object]


def read_object(shape: Shape, document: dict[str, object], prefix: str, findings: Findings) -> Values:
    """The values of an object, complete for its shape even when errors were found. ``prefix`` is its path and a dot."""
    values = Values(shape.defaults)
    exact = shape.exact
    for name, value in document.items():
        item = exact.get(name) or _other_spelling(shape, name, prefix, findings)
        if item is None or value is None:
            continue
        read = _READERS[item.kind](item, name, value, prefix, findings)
        if read is not None:
            values[item.name] = read
    for needed in shape.required:
        if document.get(needed.name) is None and not _has(document, needed):
            message = f"{shape.name} needs {needed.name!r}."
            findings.error("MISSING_PROPERTY", prefix + needed.name, message, f"add it: {needed.meaning}")
    if isinstance(document, RepeatingObject):
        for name in document.repeated:
            path = prefix + clean(name)
            findings.warn("DUPLICATE_KEY", path, "The name is given more than once; the last one counts.")
    return values


def clean(text: str) -> str:
    """Text that can be written as UTF-8: half of a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _has(document: dict[str, object], item: Property) -> bool:
    names = {item.name.lower(), *(alias.lower() for alias in item.aliases)}
    return any(name.lower() in names for name, value in document.items() if value is not None)


def _other_spelling(shape: Shape, name: str, prefix: str, findings: Findings) -> Property | None:
    item = shape.folded.get(name.lower())
    path = prefix + clean(name)
    if item is not None:
        right = item.name
        findings.warn("CASE", path, f"The platform calls it {right!r} and takes any case.", f"write {right!r}")
    elif not findings.full:
        message = f"{shape.name} has no such property: it is ignored."
        findings.warn("UNKNOWN_PROPERTY", path, message, _hint(shape, name))
    return item


def _hint(shape: Shape, name: str) -> str:
    meant = _MISSPELLED.get(name.lower())
    if meant in shape.exact:
        return f"did you mean {meant!r}? The platform has never matched {clean(name)!r}, which one SDK sends"
    return shape.hints.get(name.lower()) or did_you_mean(name, [item.name for item in shape.properties])


# ---- one reader per kind: the value, or None when it cannot be used and the default stays ------------------------


def _wrong(item: Property, name: str, value: object, prefix: str, findings: Findings) -> None:
    hint = f"{item.name!r} is {item.kind.phrase}" + (f": {item.meaning}" if item.meaning else "")
    findings.error("WRONG_TYPE", prefix + clean(name), f"{shown(value)} is not {item.kind.phrase}.", hint)


def _coerced(item: Property, name: str, value: object, prefix: str, findings: Findings) -> None:
    message = f"{shown(value)} is taken as {item.kind.phrase}."
    findings.warn("WRONG_TYPE", prefix + clean(name), message, f"write {item.kind.phrase}")


def _text(item: Property, name: str, value: object, prefix: str, findings: Findings) -> str | None:
    if isinstance(value, str):
        text = value if value.isascii() else clean(value)
    elif isinstance(value, int | float) and _has_digits(value):
        text = shown(value)
        _coerced(item, name, value, prefix, findings)
    else:
        _wrong(item, name, value, prefix, findings)
        return None
    if item.longest is not None and len(text) > item.longest:
        message = f"More than {item.longest} characters: the rest is cut off."
        findings.warn("OUT_OF_RANGE", prefix + clean(name), message)
        text = text[: item.longest]
    _refuse_empty(item, name, text, prefix, findings)
    return text


def _refuse_empty(item: Property, name: str, value: Sized, prefix: str, findings: Findings) -> None:
    if item.required and not value:
        findings.error("MISSING_PROPERTY", prefix + clean(name), f"{item.name!r} is empty.", item.meaning)


def _has_digits(value: float) -> bool:
    """Whether a number, or a boolean, can be written out: neither endless nor absurdly long."""
    return value.bit_length() <= 64 if isinstance(value, int) else math.isfinite(value)


def _integer(item: Property, name: str, value: object, prefix: str, findings: Findings) -> int | None:
    if type(value) is int:
        number = value
    elif _WHOLE_NUMBER.fullmatch(value) if isinstance(value, str) else isinstance(value, float) and value.is_integer():
        assert isinstance(value, str | float)
        number = int(value)
        _coerced(item, name, value, prefix, findings)
    else:
        _wrong(item, name, value, prefix, findings)
        return None
    if abs(number) > _LARGEST_INTEGER:
        findings.error("WRONG_TYPE", prefix + clean(name), f"{shown(number)} does not fit into 32 bits.")
        return None
    return _within(item, name, number, prefix, findings)


def _within(item: Property, name: str, number: int, prefix: str, findings: Findings) -> int | None:
    if item.minimum is not None and number < item.minimum:
        message = f"{number} is below {item.minimum}: it is ignored."
        findings.warn("OUT_OF_RANGE", prefix + clean(name), message, f"at least {item.minimum}")
        return None
    if item.maximum is not None and number > item.maximum:
        message = f"{number} is above the limit: {item.maximum} is taken."
        findings.warn(item.over, prefix + clean(name), message, f"at most {item.maximum}")
        return item.maximum
    return number


def _flag(item: Property, name: str, value: object, prefix: str, findings: Findings) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else value
    if word in ("true", 1):
        flag = True
    elif word in ("false", 0):
        flag = False
    else:
        _wrong(item, name, value, prefix, findings)
        return None
    _coerced(item, name, value, prefix, findings)
    return flag


def _choice(item: Property, name: str, value: object, prefix: str, findings: Findings) -> str | None:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        text = value if isinstance(value, str) else shown(value)
        for choice in item.choices:
            if choice == text or choice.lower() == text.lower():
                return choice
        hint = did_you_mean(text, item.choices) or "one of: " + ", ".join(item.choices)
        if item.required:
            findings.error("INVALID_VALUE", prefix + clean(name), f"{shown(value)} is no {item.name}.", hint)
        else:
            findings.warn("INVALID_VALUE", prefix + clean(name), f"{shown(value)} is unknown: it is ignored.", hint)
    elif value is False and item.name == "indications":
        message = "false is no country: it is ignored. YAML turns an unquoted no (Norway) into false."
        findings.warn("INDICATION_BOOL", prefix + clean(name), message, "write 'no' in quotes")
    else:
        _wrong(item, name, value, prefix, findings)
    return None


def _object(item: Property, name: str, value: object, prefix: str, findings: Findings) -> Values | None:
    assert item.shape is not None
    if isinstance(value, dict):
        return read_object(item.shape, value, f"{prefix}{clean(name)}.", findings)
    _wrong(item, name, value, prefix, findings)
    return None


def _objects(item: Property, name: str, value: object, prefix: str, findings: Findings) -> tuple[Values, ...] | None:
    shape = item.shape
    assert shape is not None
    if not isinstance(value, list):
        _wrong(item, name, value, prefix, findings)
        return None
    _refuse_empty(item, name, value, prefix, findings)
    read = []
    for index, element in enumerate(value):
        path = f"{prefix}{clean(name)}[{index}]"
        if isinstance(element, dict):
            read.append(read_object(shape, element, f"{path}.", findings))
        else:
            findings.error("WRONG_TYPE", path, f"{shown(element)} is not an object.", f"an object: {shape.name}")
            read.append(Values(shape.defaults))
    return tuple(read)


def _texts(item: Property, name: str, value: object, prefix: str, findings: Findings) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        _wrong(item, name, value, prefix, findings)
        return None
    _refuse_empty(item, name, value, prefix, findings)
    element = Property(item.name)
    read = (_text(element, f"{name}[{index}]", text, prefix, findings) for index, text in enumerate(value))
    return tuple(text or "" for text in read)


def _phone(item: Property, name: str, value: object, prefix: str, findings: Findings) -> str | None:
    text = _text(item, name, value, prefix, findings)
    number = normalise_number(text) if text is not None else None
    if text is not None and number is None:
        message = f"{shown(text)} is no phone number."
        findings.error("INVALID_VALUE", prefix + clean(name), message, "E.164: + and country code, as +14045550100")
    return number


def _tones(item: Property, name: str, value: object, prefix: str, findings: Findings) -> str | None:
    text = _text(item, name, value, prefix, findings)
    if text is None:
        return None
    lower = text.lower()
    tones = _NOT_A_TONE.sub("", lower)
    if tones != lower:
        message = f"Only 0-9, # and w (a pause of 500 ms) are tones: {shown(tones)} is sent."
        findings.warn("DTMF_CHAR", prefix + clean(name), message)
    elif "*" in tones:
        message = "* is sent, but is not among the documented tones 0-9, # and w."
        findings.warn("DTMF_CHAR", prefix + clean(name), message)
    return tones


def _locale(item: Property, name: str, value: object, prefix: str, findings: Findings) -> str | None:
    text = _text(item, name, value, prefix, findings)
    if text is None:
        return None
    known = known_locale(text)
    if known is None:
        message = f"{shown(text)} is no known locale or voice: {FALLBACK_LOCALE} is spoken."
        hint = did_you_mean(text, (*LOCALES, *VOICES)) or "as en-US, en-US/female or Joanna"
        findings.warn("LOCALE_UNKNOWN", prefix + clean(name), message, hint)
    return known or FALLBACK_LOCALE


def _any(item: Property, name: str, value: object, prefix: str, findings: Findings) -> object:
    return value


def _legacy(item: Property, name: str, value: object, prefix: str, findings: Findings) -> None:
    message = f"{item.name!r} is known from older documents and has no effect."
    findings.info("LEGACY_PROPERTY", prefix + clean(name), message)


_READERS: dict[Kind, Reader] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.OBJECT: _object,
    Kind.OBJECTS: _objects,
    Kind.TEXTS: _texts,
    Kind.PHONE: _phone,
    Kind.TONES: _tones,
    Kind.LOCALE: _locale,
    Kind.ANY: _any,
    Kind.LEGACY: _legacy,
}
