"""What the code knows, by kind and name, read off its own tables: each must have a row, and each row be about one.

Fields of events and of a call's resource have no table; a test collects them from calls that really happen.
"""

from collections.abc import Iterator

from sinch_simulator.core.errors import ErrorCode
from sinch_simulator.core.schema.fields import Entries, Nested
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.core.signing import callback_headers
from sinch_simulator.products.voice.callouts.reading import field_names
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.rest import call_reports, configuration
from sinch_simulator.products.voice.rest.endpoints import PLATFORM_ENDPOINTS
from sinch_simulator.products.voice.svaml.tables import ACTIONS, INSTRUCTIONS
from sinch_simulator.server.fidelity.table import Kind

REQUEST_HEADERS = ("Authorization", "Content-Type", "Host", "X-CB-*", "x-timestamp")


def names_in_code() -> Iterator[tuple[Kind, str]]:
    """Every thing that the tables of the code name, each once."""
    yield from ((Kind.ENDPOINT, f"{endpoint.method} {endpoint.pattern}") for endpoint in PLATFORM_ENDPOINTS)
    yield from ((Kind.HEADER, f"request {name}") for name in REQUEST_HEADERS)
    sent = callback_headers("key", b"secret", "/", b"{}", 0.0)
    yield from ((Kind.HEADER, f"callback {name.lower()}") for name in (*sent, "User-Agent", "X-CB-*"))
    yield from ((Kind.FIELD, name) for name in field_names())
    yield from ((Kind.FIELD, f"numbers.{name}") for name in configuration.NUMBER_FIELDS)
    yield from ((Kind.FIELD, f"callbacks.url.{name}") for name in configuration.URL_FIELDS)
    yield from ((Kind.FIELD, f"callReport.{name}") for name in call_reports.FIELDS)
    yield from ((Kind.ERROR, str(code.value)) for code in ErrorCode)
    yield from ((Kind.EVENT, event.value) for event in CallbackEvent)
    for kind, shapes in ((Kind.ACTION, ACTIONS), (Kind.INSTRUCTION, INSTRUCTIONS)):
        for shape in shapes.values():
            yield kind, shape.name
    seen = {name: None for shape in (*ACTIONS.values(), *INSTRUCTIONS.values()) for name in _properties(shape)}
    yield from ((Kind.PROPERTY, name) for name in seen)


def _properties(shape: Shape) -> Iterator[str]:
    """Those of a shape, then those of the shapes inside it, which several may share."""
    for item in shape.fields:
        if item.name != "name":
            yield f"{shape.name}.{item.name}"
        inner = _shape_of(item)
        if inner is not None:
            yield from _properties(inner)


def _shape_of(item: Field) -> Shape | None:
    """The shape of the objects that a field holds, if it holds any."""
    if isinstance(item, Entries):
        item = item.of
    return item.shape if isinstance(item, Nested) else None
