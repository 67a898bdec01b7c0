"""Lists the texts of every product, and shows what has arrived at a phone."""

from collections.abc import Callable
from itertools import islice

from sinch_simulator.core.message import Channel, Direction, Message, Status
from sinch_simulator.core.rest.answer import Answer, Pending, json_answer
from sinch_simulator.core.rest.control_error import not_found
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.control_shapes import Moment, answer, list_of, listed, words
from sinch_simulator.core.rest.journal_views import Json, time_text
from sinch_simulator.core.rest.message_views import MESSAGE, message_view
from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer, Number, Text
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.phones.inbox import MissedCall
from sinch_simulator.server.control.serving import AnyEndpoint, ServerHandler, ServerRequest
from sinch_simulator.server.worlds import World

LONGEST_WAIT_S = 600.0
_MOST = 1_000_000
_MISSED = answer(
    "a missed call",
    Text("cli", "the number that it showed"),
    Moment("at", "when it stopped ringing"),
    Number("seconds", "how long it rang"),
    Text("callId"),
    Text("verificationId", "the verification whose flash call it was", nullable=True),
)
_INBOX = answer(
    "an inbox",
    Text("address", "of the phone"),
    list_of("messages", MESSAGE, "what has arrived, oldest first"),
    list_of("missedCalls", _MISSED, "flash calls that are over, oldest first"),
    title="Inbox",
    meaning="What has arrived at a phone.",
)


def get_messages(request: ProductRequest) -> Answer | Pending:
    """Lists those that match, once there are ``count`` of them (one, if not said) or ``wait`` seconds have passed."""
    query = request.query()
    application = request.application(query)
    world = request.worlds.simulation_of(application)
    wanted = _filter(None if application is None else application.key, query)
    count = 1 if query["count"] is None else query.integer("count")

    def shown() -> Answer:
        newest_first = islice(filter(wanted, reversed(world.messages)), query["limit"])
        return json_answer({"messages": [message_view(world, each) for each in reversed([*newest_first])]})

    def enough() -> Answer | None:
        return shown() if sum(map(wanted, world.messages)) >= count else None

    if not query["wait"]:
        return shown()
    return enough() or Pending(world, enough, query["wait"], shown)


def _filter(key: str | None, query: Values) -> Callable[[Message], bool]:
    sender, recipient = query.text_or_none("from"), query.text_or_none("to")

    def wanted(message: Message) -> bool:
        return (
            key in (None, message.application_key)
            and (sender is None or _bare(sender) == _bare(message.sender))
            and (recipient is None or _bare(recipient) == _bare(message.recipient))
            and query["direction"] in (None, message.direction.value)
            and query["channel"] in (None, message.channel.value)
            and query["batchId"] in (None, message.batch_id)
            and query["status"] in (None, message.status.value)
        )

    return wanted


def _bare(address: str) -> str:
    # A plus sign that stands in a query as it is comes here as a blank.
    return address.strip().removeprefix("+")


def get_message(request: ProductRequest) -> Answer:
    """Shows one message of any world."""
    request.query()
    message_id = request.parameters["id"]
    for world in request.worlds.simulations():
        message = world.messages.get(message_id)
        if message is not None:
            return json_answer(message_view(world, message))
    raise not_found("message", message_id, "GET /_simulator/messages?application=KEY lists them")


async def get_inbox(request: ServerRequest) -> Answer:
    """Shows what has arrived at a phone; empty lists for a phone that got nothing."""
    world = request.worlds.present(request.application(request.query()))
    address = request.parameters["address"]
    received = [world.simulation.messages.get(each.text.message_id) for each in world.simulation.inboxes.texts(address)]
    messages = [message_view(world.simulation, message) for message in received if message is not None]
    missed = [_missed_view(world, call) for call in world.simulation.inboxes.missed_calls(address)]
    return json_answer({"address": address, "messages": messages, "missedCalls": missed})


def _missed_view(world: World, call: MissedCall) -> Json:
    return {
        "cli": call.cli,
        "at": time_text(world.simulation, call.at_ms),
        "seconds": call.rang_ms / 1000,
        "callId": call.call_id,
        "verificationId": call.verification_id,
    }


_OF_MESSAGES: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/messages",
        get_messages,
        "Lists the texts that were sent to phones, and those that came from there.",
        (
            APPLICATION,
            BoundedText("to", "only those to this number, with or without +"),
            BoundedText("from", "only those from this number or name, with or without +"),
            Choice("direction", "only those in this direction", choices=words(Direction)),
            Choice("channel", "only those that this carries", choices=words(Channel)),
            BoundedText("batchId", "only those of this batch"),
            Choice("status", "only those of this status", choices=words(Status)),
            Integer("limit", "how many, the newest ones; all when absent", minimum=1),
            Integer("count", "with wait: how many there should be, one if not said", minimum=0, maximum=_MOST),
            Number("wait", "how many real seconds to wait for them", minimum=0, maximum=LONGEST_WAIT_S, default=0),
        ),
        query_example="to=%2B46700000001&direction=outbound",
        answer=listed("messages", MESSAGE),
    ),
    ControlEndpoint("GET", "/messages/{id}", get_message, "Shows a text.", answer=MESSAGE),
)
_OF_PHONES: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/phones/{address}/inbox",
        get_inbox,
        "Shows what has arrived at a phone.",
        (APPLICATION,),
        answer=_INBOX,
    ),
)
ENDPOINTS: tuple[AnyEndpoint, ...] = (*_OF_MESSAGES, *_OF_PHONES)
