"""Writes one page of a list, with links to the others (docs/platform/voice-v2.md#1.5)."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import Integer
from sinch_simulator.core.schema.shapes import Values

PAGE = Integer("page", "which page, counted from 1", minimum=1, default=1, right="a whole number, 1 or more")
PAGE_SIZE = Integer("pageSize", "entries of a page", minimum=1, maximum=100, default=20)

Item = TypeVar("Item")


def page_answer(
    request: PlatformRequest, query: Values, name: str, items: Sequence[Item], shown: Callable[[Item], dict[str, Any]]
) -> Answer:
    """Makes the answer that has one page of the items, under this name; a page after the last one is empty."""
    page, size = query.integer("page"), query.integer("pageSize")
    pages = -(-len(items) // size)
    links = {"self": page, "first": 1, "last": max(pages, 1)}
    if page < pages:
        links["next"] = page + 1
    if 1 < page <= pages + 1:
        links["prev"] = page - 1
    return json_answer(
        {
            name: [shown(item) for item in items[(page - 1) * size : page * size]],
            "links": {relation: _link(request, number, size) for relation, number in links.items()},
            "meta": {"totalCount": len(items), "pageCount": pages},
        }
    )


def _link(request: PlatformRequest, page: int, size: int) -> str:
    """Returns the URL of a page: filters are in it again, because clients follow it as it is."""
    pairs = parse_qsl(request.query, keep_blank_values=True, errors="backslashreplace")
    filters = [(name, value) for name, value in pairs if name not in ("page", "pageSize")]
    return f"{request.base_url}{request.path}?{urlencode([*filters, ('page', page), ('pageSize', size)])}"
