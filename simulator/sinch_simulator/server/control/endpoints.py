"""Every endpoint of the control API in one table: the server's own, those of the products, and the list of them all."""

from collections.abc import Iterable

from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.server.control import (
    applications,
    callbacks,
    changes,
    clock,
    faults,
    fidelity,
    health,
    journal,
    phones,
    save_as_test,
    streams,
)
from sinch_simulator.server.control.guard import CONTROL_PREFIX
from sinch_simulator.server.control.serving import AnyEndpoint, ServerHandler, ServerRequest


def control_endpoints(products: Iterable[Product]) -> tuple[AnyEndpoint, ...]:
    """Returns the control API of a server with these products."""
    endpoints: tuple[AnyEndpoint, ...] = (
        *health.ENDPOINTS,
        *applications.ENDPOINTS,
        *(endpoint for product in products for endpoint in product.control_endpoints()),
        *streams.ENDPOINTS,
        *save_as_test.ENDPOINTS,
        *callbacks.ENDPOINTS,
        *phones.ENDPOINTS,
        *clock.ENDPOINTS,
        *journal.ENDPOINTS,
        *changes.ENDPOINTS,
        *faults.ENDPOINTS,
        *fidelity.ENDPOINTS,
    )
    return (_index(endpoints), *endpoints)


def _index(endpoints: tuple[AnyEndpoint, ...]) -> ControlEndpoint[ServerHandler]:
    async def get_index(request: ServerRequest) -> Answer:
        """Lists what there is, this endpoint first."""
        request.query()
        rows = [
            {"method": each.method, "path": CONTROL_PREFIX + each.pattern, "summary": each.summary}
            for each in (index, *endpoints)
        ]
        return json_answer({"endpoints": rows})

    index: ControlEndpoint[ServerHandler] = ControlEndpoint(
        "GET", "", get_index, "Lists the endpoints of this control API."
    )
    return index
