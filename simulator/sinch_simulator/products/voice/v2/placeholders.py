"""Puts the parameters of a batch's entry in the place of their ``@names`` (docs/platform/voice-v2.md#2.4)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_LEFT = re.compile(r"(?<![^\s\"'(])@[A-Za-z_][A-Za-z0-9_]*")


def filled_in(document: Any, parameters: Mapping[str, str]) -> Any:  # any JSON
    """Returns a document with each ``@name`` of a parameter replaced by its value, in any text but names of properties.

    Of names that begin alike the longest counts. What is replaced is not looked at again.
    """
    if not parameters:
        return document
    names = sorted(parameters, key=len, reverse=True)
    pattern = re.compile("@(" + "|".join(map(re.escape, names)) + ")")
    return _filled_in(document, pattern, parameters)


def _filled_in(document: Any, pattern: re.Pattern[str], parameters: Mapping[str, str]) -> Any:
    match document:
        case str():
            return pattern.sub(lambda found: parameters[found[1]], document) if "@" in document else document
        case dict():
            return {name: _filled_in(each, pattern, parameters) for name, each in document.items()}
        case list():
            return [_filled_in(each, pattern, parameters) for each in document]
        case _:
            return document


def placeholders_left(document: Any) -> Iterator[str]:
    """Gives what still looks like a placeholder: an ``@name`` at the beginning of a word."""
    match document:
        case str():
            yield from _LEFT.findall(document)
        case dict():
            for each in document.values():
                yield from placeholders_left(each)
        case list():
            for each in document:
                yield from placeholders_left(each)
        case _:
            pass
