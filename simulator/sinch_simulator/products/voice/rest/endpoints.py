"""Every endpoint of the Voice API in one table, and the name of everything else that it knows."""

from collections.abc import Iterator

from attrs import evolve

from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.schema.fields import field_paths, shape_within
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.products.voice.callouts.shapes import field_names
from sinch_simulator.products.voice.rest import (
    calls,
    conferences,
    configuration,
    number_query,
    recordings,
    reporting,
)
from sinch_simulator.products.voice.svaml.tables import ACTIONS, INSTRUCTIONS

# By the part of the product that has them: each part has hosts of its own (see the product's page).
_PARTS: dict[str, tuple[PlatformEndpoint, ...]] = {
    "calling": (*calls.ENDPOINTS, *conferences.ENDPOINTS, *recordings.ENDPOINTS),
    "configuration": (*configuration.ENDPOINTS, *number_query.ENDPOINTS),
    "reporting": reporting.ENDPOINTS,
}
PLATFORM_ENDPOINTS = tuple(evolve(endpoint, api=part) for part, rows in _PARTS.items() for endpoint in rows)


def known_names() -> Iterator[tuple[str, str]]:
    """Gives kind and name of each field, action, instruction and property that is read, each once."""
    yield from (("field", name) for name in field_names())
    yield from (("field", f"numbers.{name}") for name in field_paths(configuration.NUMBERS))
    yield from (("field", f"callbacks.url.{name}") for name in field_paths(configuration.URLS))
    yield from (("field", f"callReport.{name}") for name in field_paths(calls.REPORT))
    for kind, shapes in (("action", ACTIONS), ("instruction", INSTRUCTIONS)):
        yield from ((kind, shape.name) for shape in shapes.values())
    seen = {name: None for shape in (*ACTIONS.values(), *INSTRUCTIONS.values()) for name in _properties(shape)}
    yield from (("property", name) for name in seen)


def _properties(shape: Shape) -> Iterator[str]:
    """Gives those of a shape, then those of the shapes inside it, which several may share."""
    for item in shape.fields:
        if item.name != "name":
            yield f"{shape.name}.{item.name}"
        inner = shape_within(item)
        if inner is not None:
            yield from _properties(inner)
