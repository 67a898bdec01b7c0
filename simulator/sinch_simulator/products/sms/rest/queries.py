"""Reads the query of a request to XMS, and cuts lists into pages (docs/platform/sms.md#2 and #3)."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.values import frozen
from sinch_simulator.products.sms.errors import format_error
from sinch_simulator.products.sms.rest.fields import sender_of, unix_ms

Item = TypeVar("Item")

_DAY_MS = 86_400_000
_PAGE_SIZE = 30
_LARGEST_PAGE = 100
_LAST_PAGE = 10**9
_MOST_PARAMETERS = 50
_BOOLEANS = {"true": True, "false": False}


@frozen
class Query:
    """The parameters of a query by name; of one given twice the last counts, an empty one is absent."""

    values: dict[str, str]

    @classmethod
    def of(cls, request: PlatformRequest) -> "Query":
        """Reads the query of a request. Raises ``XmsError`` for one that has too many parameters."""
        if not request.query:
            return cls({})
        try:
            # Node sends plus signs as they are: they come here as blanks, which numbers lose.
            pairs = parse_qsl(request.query, errors="replace", max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            raise format_error("query", "with so many parameters", "a query") from None
        return cls(dict(pairs))

    def text(self, name: str) -> str | None:
        """Returns a text; None when it is not there."""
        return self.values.get(name)

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        """Returns a whole number within limits."""
        text = self.values.get(name)
        if text is None:
            return default
        stripped = text.strip()
        if stripped.isascii() and stripped.isdigit() and len(stripped) < 12 and least <= int(stripped) <= most:
            return int(stripped)
        raise format_error(name, shown(text), f"a whole number from {least} to {most}")

    def flag(self, name: str) -> bool:
        """Returns a boolean in any case of letters; False when it is not there."""
        text = self.values.get(name, "false")
        value = _BOOLEANS.get(text.strip().lower())
        if value is None:
            raise format_error(name, shown(text), "true or false")
        return value

    def moment(self, name: str) -> int | None:
        """Returns a moment in Unix milliseconds; None when it is not there."""
        text = self.values.get(name)
        if text is None:
            return None
        # A plus sign before the zone comes here as a blank.
        moment = unix_ms(text.strip())
        moment = unix_ms("+".join(text.strip().rsplit(" ", 1))) if moment is None else moment
        if moment is None:
            raise format_error(name, shown(text), "a time in ISO 8601, with + written as %2B")
        return moment

    def words(self, name: str) -> frozenset[str] | None:
        """Returns the elements of a comma separated list; None when it is not there."""
        text = self.values.get(name)
        return None if text is None else frozenset(word.strip() for word in text.split(",") if word.strip())

    def addresses(self, name: str) -> frozenset[str] | None:
        """Returns the numbers, short codes and names of a list, as they are kept."""
        words = self.words(name)
        return None if words is None else frozenset(sender_of(word) for word in words)

    def codes(self, name: str) -> frozenset[int] | None:
        """Returns the whole numbers of a list."""
        words = self.words(name)
        if words is None:
            return None
        wrong = next((word for word in words if not (word.isascii() and word.isdigit() and len(word) < 10)), None)
        if wrong is not None:
            raise format_error(name, shown(wrong), "a status code")
        return frozenset(int(word) for word in words)

    def times(self, now_ms: int) -> Callable[[int], bool]:
        """Returns what tells whether a moment is at or after ``start_date``, a day ago if not said, and before
        ``end_date``; all of them, and ``now_ms``, in Unix milliseconds."""
        start, end = self.moment("start_date"), self.moment("end_date")
        begin = now_ms - _DAY_MS if start is None else start
        return lambda at_ms: begin <= at_ms and (end is None or at_ms < end)


def page(query: Query, name: str, items: Iterable[Item], view: Callable[[Item], Any]) -> dict[str, Any]:
    """Returns the page that a query asks for, of items that are newest first."""
    number = query.integer("page", 0, least=0, most=_LAST_PAGE)
    size = query.integer("page_size", _PAGE_SIZE, least=1, most=_LARGEST_PAGE)
    every = list(items)
    shown_items = every[number * size : (number + 1) * size]
    return {
        "count": len(every),
        "page": number,
        "page_size": len(shown_items),
        name: [view(item) for item in shown_items],
    }
