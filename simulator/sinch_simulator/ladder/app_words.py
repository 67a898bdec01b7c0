"""Shows what an app itself has said about a failure: the first and the last lines of its reply, or of a traceback."""

import re

from sinch_simulator.ladder.steps import Entry, printable

_MOST_LINES = 8
_INVISIBLE = re.compile(r"(?is)<(script|style|head)\b.*?(</\1>|$)")
_TAG = re.compile(r"<!--|-->|<[a-zA-Z/!][^<>]*>")


def words_of_app(entry: Entry) -> list[str]:
    """The lines to show beside a line of the journal; none where the app has said nothing, or has not failed."""
    text = entry.get("reply") if entry.get("kind") == "callback.failed" else entry.get("traceback")
    return ends_of(text) if isinstance(text, str) else []


def ends_of(text: str) -> list[str]:
    """The first and the last lines of a text; of an error page its words alone."""
    lines = [printable(line.rstrip()) for line in words_of_page(text).splitlines() if line.strip()]
    return lines if len(lines) <= _MOST_LINES else [*lines[:2], "...", *lines[3 - _MOST_LINES :]]


def words_of_page(text: str) -> str:
    """The words of an error page; what is no HTML is left as it is. Frameworks put the traceback into a comment."""
    if not text.lstrip().startswith("<"):
        return text
    from html import unescape

    words = unescape(_TAG.sub("", _INVISIBLE.sub("", text)))
    return "\n".join(line.rstrip() for line in words.splitlines() if line.strip())
