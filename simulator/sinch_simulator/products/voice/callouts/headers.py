"""The ``X-CB-*`` headers of a callout request, which the platform repeats on the callbacks of that call.

Source: docs/platform/rest.md#3.5.

Headers that break a limit are dropped without an error; only the diagnostics tell.
"""

import re
from collections.abc import Iterable

from sinch_simulator.core.schema.shapes import Findings
from sinch_simulator.core.schema.words import printable

PREFIX = "x-cb-"
MOST_HEADERS = 5
LONGEST_NAME = 32
"""Characters, with the prefix."""
LONGEST_VALUE = 128

# A name with any other character can't be sent in HTTP; the documentation only forbids line breaks.
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\x20-\x7e]*")


def forwarded_headers(headers: Iterable[tuple[str, str]], findings: Findings) -> tuple[tuple[str, str], ...]:
    """Returns the first five good ``X-CB-*`` headers as they were sent; a bad one does not count (*assumed*)."""
    kept: list[tuple[str, str]] = []
    for name, value in headers:
        if name[:1] not in "xX" or name[:5].lower() != PREFIX:
            continue
        why = _why_dropped(name, value, len(kept))
        if why:
            shown = printable(name)
            message = f"The header '{shown}' is dropped silently: {why}."
            findings.warn("XCB_DROPPED", f"headers.{shown}", message)
        else:
            kept.append((name, value))
    return tuple(kept)


def _why_dropped(name: str, value: str, kept: int) -> str:
    if len(name) > LONGEST_NAME:
        return f"its name has more than {LONGEST_NAME} characters"
    if not _NAME.fullmatch(name):
        return "its name has a character that no header name may have"
    if len(value) > LONGEST_VALUE:
        return f"its value has more than {LONGEST_VALUE} characters"
    if not _VALUE.fullmatch(value):
        return "its value has a character outside ASCII 0x20-0x7E"
    return f"only the first {MOST_HEADERS} are kept" if kept >= MOST_HEADERS else ""
