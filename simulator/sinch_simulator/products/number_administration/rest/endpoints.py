"""Lists all endpoints of the number administration of 2015."""

from collections.abc import Iterator

from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.schema.fields import field_paths
from sinch_simulator.products.number_administration.rest import applications, login, organisation

ENDPOINTS: tuple[PlatformEndpoint, ...] = (*login.ENDPOINTS, *organisation.ENDPOINTS, *applications.ENDPOINTS)


def known_names() -> Iterator[tuple[str, str]]:
    """Gives kind and name of each field that is read, each once."""
    shapes = {
        "authentication": login.LOGIN,
        "instance": login.INSTANCE,
        "shop.reservation": organisation.RESERVING,
        "shop.purchase": organisation.BUYING,
        "applicationNumbers": applications.ASSIGNING,
    }
    for prefix, shape in shapes.items():
        yield from (("field", f"{prefix}.{name}") for name in field_paths(shape))
