"""Lists all endpoints of the Numbers API, those too that the platform has and the simulator has not."""

from collections.abc import Iterator

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import field_paths
from sinch_simulator.products.numbers.rest import active, available, project, reading


def not_here(request: PlatformRequest) -> Answer:
    """Refuses what the platform has and the simulator has not: 501."""
    hint = "Emergency addresses and number orders are not simulated; the other endpoints of the Numbers API are."
    raise ApiError(ErrorCode.NOT_SUPPORTED, f"Not Implemented: {request.name}", hint=hint)


_EMERGENCY = "/{projectId}/activeNumbers/{phoneNumber}/emergencyAddress"
_NOT_HERE = (
    ("GET", _EMERGENCY),
    ("POST", f"{_EMERGENCY}:provision"),
    ("POST", f"{_EMERGENCY}:deprovision"),
    ("POST", f"{_EMERGENCY}:validate"),
    ("GET", "/{projectId}/numberOrders"),
    ("POST", "/{projectId}/numberOrders"),
    ("GET", "/{projectId}/numberOrders/{numberOrderId}"),
    ("POST", "/{projectId}/lookupNumberRequirements"),
)
ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    *available.ENDPOINTS,
    *active.ENDPOINTS,
    *project.ENDPOINTS,
    *(PlatformEndpoint(method, pattern, not_here, "not simulated") for method, pattern in _NOT_HERE),
)


def known_names() -> Iterator[tuple[str, str]]:
    """Gives kind and name of each field that is read, each once."""
    shapes = {
        "availableRegions": reading.REGIONS,
        "availableNumbers": reading.SEARCH,
        "rental": reading.RENTING,
        "activeNumbers": reading.LISTING,
        "callbackConfiguration": reading.CALLBACK_CONFIGURATION,
    }
    for prefix, shape in shapes.items():
        yield from (("field", f"{prefix}.{name}") for name in field_paths(shape))
    # The rest of both is that of a rental.
    rental = set(field_paths(reading.RENTING))
    for prefix, shape in (("rentAny", reading.RENTING_ANY), ("activeNumber", reading.CHANGING)):
        yield from (("field", f"{prefix}.{name}") for name in field_paths(shape) if name not in rental)
