"""Text messages as every product keeps them: what was sent to whom, and what has become of it.

A product that sends or takes texts keeps a ``Message`` for each recipient in the world's ``MessageLog``; there the
control API and the tests find all of them. Moments are simulated milliseconds since the world began.
"""

from collections import Counter
from collections.abc import Collection, Iterator

from attrs import field

from sinch_simulator.core.text_parts import Encoding, encoding_of, split_text
from sinch_simulator.core.values import Word, define


class Status(Word):
    """What has become of a message so far (docs/platform/sms.md#6); a text that came in is ``Received``."""

    QUEUED = "Queued"
    DISPATCHED = "Dispatched"
    DELIVERED = "Delivered"
    FAILED = "Failed"
    REJECTED = "Rejected"
    DELETED = "Deleted"
    EXPIRED = "Expired"
    UNKNOWN = "Unknown"
    ABORTED = "Aborted"
    CANCELLED = "Cancelled"
    RECEIVED = "Received"

    @property
    def final(self) -> bool:
        """Tells whether nothing more becomes of the message."""
        return self is not Status.QUEUED and self is not Status.DISPATCHED


QUEUED_CODE = 400
DISPATCHED_CODE = 401
DELIVERED_CODE = 0


class Direction(Word):
    """Whether the platform sent a text to a phone, or a phone to the platform."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class Channel(Word):
    """What carries a message to the phone."""

    SMS = "sms"
    WHATSAPP = "whatsapp"


@define(eq=False)
class Message:
    """One text message to, or from, one phone.

    ``sender`` and ``recipient`` are E.164 with ``+``; a short code or a name is as it is. ``text`` is what the phone
    shows, None for a binary message, whose bytes and user data header are ``data`` and ``udh``.
    """

    id: str
    """The subject of its timers, phones and journal lines, unique in the simulator."""
    application_key: str
    api: str
    """The interface that it came through: ``xms``, ``classic``, ``verification``."""
    sender: str
    recipient: str
    created_at_ms: int
    text: str | None = None
    data: bytes | None = None
    udh: bytes = b""
    flash: bool = False
    direction: Direction = Direction.OUTBOUND
    channel: Channel = Channel.SMS
    language: str | None = None
    """Of the text of a verification."""
    batch_id: str | None = None
    inbound_id: str | None = None
    message_id: str | None = None
    verification_id: str | None = None
    status: Status = Status.QUEUED
    code: int = QUEUED_CODE
    sent_at_ms: int | None = None
    """When it was handed on to the network; of one that came in, when the phone says that it sent it."""
    delivered_at_ms: int | None = None
    final_at_ms: int | None = None

    @property
    def encoding(self) -> Encoding:
        """Returns how its characters are written on the radio."""
        return Encoding.BINARY if self.text is None else encoding_of(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """Returns the texts of its parts; of a binary message, which is never split, none."""
        return () if self.text is None else split_text(self.text)

    @property
    def number_of_parts(self) -> int:
        """Returns how many parts it takes on the radio."""
        return 1 if self.text is None else len(self.parts)

    def handed_on(self, now: int) -> None:
        """Notes that the network has it."""
        self.status, self.code, self.sent_at_ms = Status.DISPATCHED, DISPATCHED_CODE, now

    def delivered(self, now: int) -> None:
        """Notes that it has arrived at the phone."""
        self.ended(Status.DELIVERED, DELIVERED_CODE, now)
        self.delivered_at_ms = now

    def ended(self, status: Status, code: int, now: int) -> None:
        """Notes its final status."""
        self.status, self.code, self.final_at_ms = status, code, now


@define
class MessageLog:
    """Keeps the messages of one world, of all products, oldest first."""

    _messages: dict[str, Message] = field(factory=dict)
    _counts: Counter[str] = field(factory=Counter)

    def keep(self, message: Message) -> None:
        """Adds a message."""
        self._messages[message.id] = message
        self._counts[message.application_key] += 1

    def get(self, message_id: str) -> Message | None:
        """Returns the message of this id; None when there is none."""
        return self._messages.get(message_id)

    def __iter__(self) -> Iterator[Message]:
        """Gives every message, oldest first."""
        return iter(self._messages.values())

    def __reversed__(self) -> Iterator[Message]:
        """Gives every message, newest first."""
        return reversed(self._messages.values())

    def __len__(self) -> int:
        """Returns how many there are."""
        return len(self._messages)

    def count_of(self, application_key: str) -> int:
        """Returns how many an application has."""
        return self._counts[application_key]

    def forget(self, subjects: Collection[str]) -> None:
        """Drops those of these ids that are messages."""
        for subject in subjects:
            message = self._messages.pop(subject, None)
            if message is not None:
                self._counts[message.application_key] -= 1

    def clear(self) -> None:
        """Drops every message."""
        self._messages.clear()
        self._counts.clear()
