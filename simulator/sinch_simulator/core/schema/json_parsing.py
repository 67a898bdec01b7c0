"""Bytes to a JSON document, whatever the bytes are; an object remembers the names that were in it twice."""

import json
import re
from collections import Counter
from typing import NoReturn

from sinch_simulator.core.schema.words import shown

_SHOWN_CHARACTERS = 20


DEEPEST = 500
"""Objects and lists in each other: a limit of our own, because each reader has another one."""
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class NotJsonError(ValueError):
    """The bytes are no JSON; ``hint`` says what they may be instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class RepeatingObject(dict[str, object]):
    """An object in which some names stand more than once; the last value counts, as in most JSON readers."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.repeated = [name for name, count in counts.items() if count > 1]


def refuse_deep_nesting(body: bytes | str) -> None:
    """Raises ``NotJsonError`` for a document that is nested more than ``DEEPEST`` deep, whatever else it is."""
    opened = body.count("[") + body.count("{") if isinstance(body, str) else body.count(b"[") + body.count(b"{")
    if opened <= DEEPEST:
        return
    text = body if isinstance(body, str) else body.decode(errors="replace")
    depth = 0
    for found in _BRACKETS.finditer(text):
        bracket = found.group()
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > DEEPEST:
            raise NotJsonError("it is nested too deeply")


def parse_json(body: bytes | str) -> object:
    """Reads the document; raises ``NotJsonError``, also for ``NaN``, for too deep a nesting and for endless numbers."""
    try:
        # The codec that drops a byte order mark takes longer than all the rest of this.
        text = body if isinstance(body, str) else body.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotJsonError(f"byte {error.start} is not UTF-8", "send the body as UTF-8") from None
    refuse_deep_nesting(text)
    try:
        document: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        found = _found(text, error.pos)
        message = f"line {error.lineno}, column {error.colno}: {error.msg}, and {found}"
        raise NotJsonError(message, _guess(text)) from None
    except RecursionError:
        raise NotJsonError("it is nested too deeply") from None
    except NotJsonError:
        raise
    except ValueError:
        raise NotJsonError("a number has too many digits") from None
    return document


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    return read if len(read) == len(pairs) else RepeatingObject(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is not a JSON number", "leave the property out")


def _guess(text: str) -> str:
    start = text.lstrip()[:200]
    if start.startswith("<"):
        return "this looks like HTML or XML: an error page of the web server?"
    if re.match(r"[\[{]\s*'", start):
        return "JSON takes double quotes"
    if re.search(r",\s*[\]}]", text):
        return "JSON takes no comma before a closing bracket"
    if re.match(r"[A-Za-z_][\w.%\[\]-]*=", start):
        return "this looks like the fields of a form: send JSON"
    return ""


def _found(text: str, position: int) -> str:
    """Says what stands where the text is no JSON any more."""
    rest = text[position:].lstrip()
    if not rest:
        return "the text ends there" if text.strip() else "there is no text"
    return f"there stands {shown(rest[:_SHOWN_CHARACTERS])}"


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse_constant)
