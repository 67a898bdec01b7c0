"""Shows an app the texts that came in (docs/platform/sms.md#9)."""

from sinch_simulator.core.message import Message
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.products.sms.callbacks import inbound_body
from sinch_simulator.products.sms.errors import not_found
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.rest.plans import endpoint
from sinch_simulator.products.sms.rest.queries import Query, page


def get_inbounds(request: PlatformRequest) -> Answer:
    """Lists the texts that came in, newest first; of the last day if nothing is said."""
    query = Query.of(request)
    epoch_ms = request.world.epoch_ms
    in_time, to = query.times(epoch_ms + request.world.now), query.addresses("to")
    # No text that came in has a client_reference: that takes an arrangement with Sinch.
    found = [
        message
        for message in reversed(sms_of(request.world).inbounds.values())
        if message.application_key == request.application.key
        and in_time(epoch_ms + message.created_at_ms)
        and (to is None or message.recipient in to)
        and query.text("client_reference") is None
    ]
    return json_answer(page(query, "inbounds", found, lambda message: _view(request, message)))


def get_inbound(request: PlatformRequest) -> Answer:
    """Shows a text that came in."""
    message = sms_of(request.world).inbounds.get(request.parameters["inbound_id"])
    if message is None or message.application_key != request.application.key:
        raise not_found("inbound message")
    return json_answer(_view(request, message))


def _view(request: PlatformRequest, message: Message) -> dict[str, object]:
    return inbound_body(message, sms_of(request.world).operators.get(message.id), request.world.epoch_ms)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    endpoint("GET", "/inbounds", get_inbounds, "the texts that came in"),
    endpoint("GET", "/inbounds/{inbound_id}", get_inbound, "a text that came in"),
)
