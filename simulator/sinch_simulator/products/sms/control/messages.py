"""Lets a text come in from a phone."""

from base64 import b64encode

from sinch_simulator.core.application import Application
from sinch_simulator.core.rest.answer import Settled, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.message_views import MESSAGE, message_view
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.core.schema.shapes import Shape, Values
from sinch_simulator.core.text_parts import BINARY_LONGEST
from sinch_simulator.products.sms.events import TextCame
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.rest.fields import Base64, Hex, MomentField, sender_of

LONGEST_TEXT = 2000
_RIGHT_SENDER = "a number, as +46700000001"
INCOMING_TEXT = Shape(
    "a text that comes in",
    (
        APPLICATION,
        BoundedText("from", "the phone that it comes from", required=True, longest=40, right=_RIGHT_SENDER),
        BoundedText("to", "the number that it comes to; the application's first when absent", longest=40),
        BoundedText("text", "what it says", longest=LONGEST_TEXT, filled=False),
        Base64("data", "of a binary message, in place of text: its bytes in base64"),
        Hex("udh", "of a binary message, its user data header in hex"),
        BoundedText("operatorId", "the network that it comes from, as 24001", longest=20),
        MomentField("sentAt", "when the phone says it was sent"),
    ),
)


def post_message(request: ProductRequest) -> Settled:
    """Lets a text come in, and answers when the app has been told."""
    request.query()
    body = request.read_body()
    application, to = _recipient(request, body)
    world = request.worlds.simulation_of(application)
    data, udh = _bytes(body)
    message = sms_of(world).new_inbound(
        application,
        sender_of(body.text("from")),
        to,
        None if data is not None else body.text_or_none("text"),
        world.now,
        data=data,
        udh=udh,
        sent_at_ms=None if body["sentAt"] is None else body["sentAt"] - world.epoch_ms,
        operator_id=body.text_or_none("operatorId"),
    )
    world.receive(TextCame(message.id, message))
    return Settled(world, lambda: json_answer(message_view(world, message), 201))


def _recipient(request: ProductRequest, body: Values) -> tuple[Application, str]:
    """Returns whose number a text comes to, and that number. Raises ``ControlError``, 404 for a number of nobody."""
    application = request.application(body)
    if body["to"] is not None:
        to = sender_of(body.text("to"))
        world = request.worlds.simulation_of(application)
        owner = sms_of(world).data.pool.sms_owner(to)
        if owner is None or application not in (None, owner):
            raise not_found("number for texts", to, "GET /_simulator/applications lists the numbers")
        return owner, to
    if application is None:
        application = next(iter(request.worlds.simulation_of(None).applications.values()), None)
    if application is None or not application.numbers:
        raise ControlError(400, "missing_field", "to is missing", "expected a number: the application has none")
    return application, application.numbers[0]


def _bytes(body: Values) -> tuple[bytes | None, bytes]:
    """Returns the bytes of a binary message, and its header; None when it is a text."""
    data, udh = body["data"], body["udh"]
    if (data is None) == (body["text"] is None):
        raise ControlError(400, "missing_field", "text or data is missing", "expected one of the two")
    if data is None:
        if udh is not None:
            raise invalid("udh", udh.hex(), "no udh beside text: it goes with data")
        return None, b""
    header = udh or b""
    if len(data) + len(header) > BINARY_LONGEST:
        raise invalid("data", b64encode(data).decode(), f"at most {BINARY_LONGEST} bytes, udh included")
    return data, header


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "POST",
        "/messages",
        post_message,
        "Lets a text come in from a phone.",
        body=INCOMING_TEXT,
        example={"from": "+46700000001", "text": "JOIN"},
        answer=MESSAGE,
        status=201,
    ),
)
