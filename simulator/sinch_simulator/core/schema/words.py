"""Words that every reader of documents uses in its messages: a value as it is shown, and *did you mean*."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

_LONGEST_SHOWN = 60
_MOST_CANDIDATES = 200


def closest(name: str, candidates: Iterable[str], likeness: float = 0.6) -> str | None:
    """Returns the candidate that is most like a name, None when none is like it; ``likeness`` is from 0 to 1."""
    if len(name) > _LONGEST_SHOWN:
        return None
    spellings = {candidate.lower(): candidate for candidate in islice(candidates, _MOST_CANDIDATES)}
    close = get_close_matches(name.lower(), spellings, n=1, cutoff=likeness)
    return spellings[close[0]] if close else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """Returns ``did you mean "x"?`` for the candidate that is most like a name, or an empty text."""
    meant = closest(name, candidates)
    return "" if meant is None else f'did you mean "{meant}"?'


def suggestion(name: str, known: Iterable[str]) -> str:
    """Returns ``did you mean "hang_up"?``, or else all the names there are."""
    known = tuple(known)
    return did_you_mean(name, known) or f"known are {', '.join(known)}"


def with_hint(message: str, hint: str) -> str:
    """Returns ``message; hint`` for people; the message alone where there is no hint, or it says the same already."""
    if not hint or hint in message:
        return message
    if message.endswith((".", "?")) and hint[0].isupper():
        return f"{message} {hint}"
    return f"{message.removesuffix('.')}; {hint}"


def shown(value: object) -> str:
    """Returns a JSON value as a message shows it: short, and safe for whatever it may be."""
    match value:
        case str():
            text = encodable(shorter(value))
            return json.dumps(text, ensure_ascii=not text.isprintable())
        case None | bool() | float():
            return json.dumps(value)
        case int() if value.bit_length() > 64:
            return "a huge number"
        case int():
            return str(value)
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(value).__name__}"


def printable(text: str) -> str:
    """Returns a text of a stranger, short and with escapes for line breaks and the like, for a message or a path."""
    text = shorter(text)
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)


def shorter(text: str) -> str:
    """Returns the beginning of a text, as much of it as a message shows."""
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def encodable(text: str) -> str:
    """Returns a text that can be written as UTF-8: half of a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
