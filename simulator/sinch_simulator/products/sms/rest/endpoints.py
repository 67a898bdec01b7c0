"""Every endpoint of SMS in two tables, one for each API, and the names of the fields that they read."""

from collections.abc import Iterator

from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.schema.fields import field_paths
from sinch_simulator.products.sms.rest import batches, classic, groups, inbounds, reports, tags
from sinch_simulator.products.sms.rest.batch_shapes import CHANGED, NEW

XMS_ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    *batches.ENDPOINTS,
    *reports.ENDPOINTS,
    *inbounds.ENDPOINTS,
    *groups.ENDPOINTS,
    *tags.ENDPOINTS,
)
CLASSIC_ENDPOINTS = classic.ENDPOINTS


def known_names() -> Iterator[tuple[str, str]]:
    """Gives the name of each field that is read, each once."""
    names = dict.fromkeys(
        [
            *(f"batch.{name}" for shape in (*NEW.values(), *CHANGED.values()) for name in field_paths(shape)),
            *(f"group.{name}" for shape in (groups.NEW, groups.CHANGED) for name in field_paths(shape)),
            *(f"feedback.{name}" for name in field_paths(reports.FEEDBACK)),
        ]
    )
    yield from (("field", name) for name in names)


def classic_names() -> Iterator[tuple[str, str]]:
    """Gives the name of each field that classic SMS reads."""
    yield from (("field", f"sms.{name}") for name in field_paths(classic.SMS))
