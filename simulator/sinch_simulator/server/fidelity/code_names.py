"""Collects what the code knows, by kind and name, off its own tables: each must have a row, and each row be about one.

Fields of events and of a call's resource have no table; a test collects them from calls that really happen.
"""

from collections.abc import Iterator

from sinch_simulator.core.errors import ErrorCode
from sinch_simulator.core.signing import callback_headers
from sinch_simulator.server.fidelity.table import Kind
from sinch_simulator.server.products import PRODUCTS

REQUEST_HEADERS = ("Authorization", "Content-Type", "Host", "X-CB-*", "x-timestamp")


def names_in_code() -> Iterator[tuple[Kind, str]]:
    """Gives every thing that the tables of the code name, each once."""
    yield from ((Kind.HEADER, f"request {name}") for name in REQUEST_HEADERS)
    sent = callback_headers("key", b"secret", "/", b"{}", 0.0)
    yield from ((Kind.HEADER, f"callback {name.lower()}") for name in (*sent, "User-Agent", "X-CB-*"))
    yield from ((Kind.ERROR, str(code.value)) for code in ErrorCode)
    for product in PRODUCTS:
        for endpoint in product.endpoints():
            yield Kind.ENDPOINT, f"{endpoint.method} {endpoint.below}{endpoint.pattern}"
        yield from ((Kind.EVENT, event) for event in product.events)
        yield from ((Kind(kind), name) for kind, name in product.known_names())
