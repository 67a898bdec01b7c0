"""Every endpoint of the control API in one table: the server's own, those of the products, and the list of them all."""

from collections.abc import Iterable

from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.core.rest.control_shapes import answer, listed
from sinch_simulator.core.schema.fields import Text
from sinch_simulator.core.schema.shapes import Others
from sinch_simulator.server.control import (
    applications,
    callbacks,
    changes,
    clock,
    faults,
    fidelity,
    health,
    journal,
    ladder,
    media,
    messages,
    phones,
    save_as_test,
    streams,
    tokens,
)
from sinch_simulator.server.control.serving import AnyEndpoint, ServerHandler, ServerRequest
from sinch_simulator.server.guard import CONTROL_PREFIX

_INDEX = listed("endpoints", answer("an endpoint", Text("method"), Text("path"), Text("summary", "what it does")))
_DOCUMENT = answer("an OpenAPI document", Text("openapi", "the version of OpenAPI"), others=Others.ANY)


def control_endpoints(products: Iterable[Product]) -> tuple[AnyEndpoint, ...]:
    """Returns the control API of a server with these products."""
    endpoints: tuple[AnyEndpoint, ...] = (
        *health.ENDPOINTS,
        *applications.ENDPOINTS,
        *(endpoint for product in products for endpoint in product.control_endpoints()),
        *streams.ENDPOINTS,
        *save_as_test.ENDPOINTS,
        *media.ENDPOINTS,
        *callbacks.ENDPOINTS,
        *phones.ENDPOINTS,
        *messages.ENDPOINTS,
        *tokens.ENDPOINTS,
        *clock.ENDPOINTS,
        *journal.ENDPOINTS,
        *ladder.ENDPOINTS,
        *changes.ENDPOINTS,
        *faults.ENDPOINTS,
        *fidelity.ENDPOINTS,
    )
    return (*_described(endpoints), *endpoints)


def _described(endpoints: tuple[AnyEndpoint, ...]) -> tuple[AnyEndpoint, ...]:
    """Returns the endpoints that tell what endpoints there are, themselves included."""

    async def get_index(request: ServerRequest) -> Answer:
        """Lists what there is, in the order of the table."""
        request.query()
        rows = [
            {"method": each.method, "path": CONTROL_PREFIX + each.pattern, "summary": each.summary}
            for each in (*described, *endpoints)
        ]
        return json_answer({"endpoints": rows})

    async def get_openapi(request: ServerRequest) -> Answer:
        """Gives the OpenAPI document."""
        from sinch_simulator.server.control.openapi import openapi_document

        request.query()
        return json_answer(openapi_document((*described, *endpoints)))

    described: tuple[ControlEndpoint[ServerHandler], ...] = (
        ControlEndpoint("GET", "", get_index, "Lists the endpoints of this control API.", answer=_INDEX),
        ControlEndpoint(
            "GET", "/openapi.json", get_openapi, "Describes this control API as an OpenAPI document.", answer=_DOCUMENT
        ),
    )
    return described
