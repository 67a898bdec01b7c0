"""Shows a text message of any product as the control API does."""

from base64 import b64encode

from sinch_simulator.core.message import Channel, Direction, Message, Status
from sinch_simulator.core.rest.control_shapes import ENTRY, Moment, answer, texts, words
from sinch_simulator.core.rest.journal_views import Json, entry_view, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.schema.fields import Choice, Entries, Flag, Integer, Nested, Text
from sinch_simulator.core.text_parts import Encoding

APIS = ("xms", "classic", "verification")
MESSAGE = answer(
    "a message",
    Text("id", "its id in this simulator"),
    Text("applicationKey", "the application that sent it, or whose number it came to"),
    Choice("direction", "outbound: to a phone", choices=words(Direction)),
    Choice("channel", "what carries it", choices=words(Channel)),
    Choice("api", "the interface that it came through", choices=APIS),
    Text("batchId", "the batch of XMS that it belongs to", nullable=True),
    Text("inboundId", "of a text that came in, its id in XMS", nullable=True),
    Text("messageId", "its id in classic SMS", nullable=True),
    Text("verificationId", "the verification whose text it is", nullable=True),
    Text("from", "who sent it: a number with +, a short code, a name"),
    Text("to", "who gets it: a number with +, a short code"),
    Text("text", "what the phone shows; null of a binary message", nullable=True),
    Text("data", "of a binary message, its bytes in base64", nullable=True),
    Text("udh", "of a binary message, its user data header in hex", nullable=True),
    Text("language", "of the text of a verification", nullable=True),
    Choice("encoding", "how it is written on the radio", choices=words(Encoding)),
    Integer("numberOfParts", "how many parts it takes"),
    texts("parts", "the text of each part"),
    Flag("flash", "whether the phone shows it at once and keeps it nowhere"),
    Choice("status", "what has become of it", choices=words(Status)),
    Integer("code", "the code that goes with the status; null of one that came in", nullable=True),
    Moment("createdAt", "when it was taken in"),
    Moment("sentAt", "when it was handed on; of one that came in, when the phone says it was sent", nullable=True),
    Moment("deliveredAt", "when it arrived", nullable=True),
    Moment("finalAt", "when its status became final", nullable=True),
    Entries("timeline", "all that happened to it", of=Nested(shape=ENTRY)),
    title="Message",
    meaning="A text message to, or from, one phone.",
)


def message_view(world: SimulatedWorld, message: Message) -> Json:
    """Shows a message with its timeline."""
    inbound = message.direction is Direction.INBOUND
    parts = list(message.parts)
    return {
        "id": message.id,
        "applicationKey": message.application_key,
        "direction": message.direction.value,
        "channel": message.channel.value,
        "api": message.api,
        "batchId": message.batch_id,
        "inboundId": message.inbound_id,
        "messageId": message.message_id,
        "verificationId": message.verification_id,
        "from": message.sender,
        "to": message.recipient,
        "text": message.text,
        "data": None if message.data is None else b64encode(message.data).decode(),
        "udh": None if message.data is None else message.udh.hex(),
        "language": message.language,
        "encoding": message.encoding.value,
        "numberOfParts": len(parts) or 1,
        "parts": parts,
        "flash": message.flash,
        "status": message.status.value,
        "code": None if inbound else message.code,
        "createdAt": time_text(world, message.created_at_ms),
        "sentAt": _moment(world, message.sent_at_ms),
        "deliveredAt": _moment(world, message.delivered_at_ms),
        "finalAt": _moment(world, message.final_at_ms),
        "timeline": [entry_view(world, entry) for entry in world.journal.of(message.id)],
    }


def _moment(world: SimulatedWorld, at_ms: int | None) -> str | None:
    return None if at_ms is None else time_text(world, at_ms)
