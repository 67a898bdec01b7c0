"""What happens to batches and messages, as values."""

from typing import Any, ClassVar

from sinch_simulator.core.journal import Happened
from sinch_simulator.core.message import Message
from sinch_simulator.core.values import frozen
from sinch_simulator.products.sms import RECEIVED
from sinch_simulator.products.sms.batch import Batch


@frozen
class Accepted(Happened):
    """A batch was taken in: it is sent now, or waits for its time."""

    journal_kind: ClassVar[str | None] = "batch.accepted"
    subject: str
    batch: Batch

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it."""
        content = self.batch.content
        fields: dict[str, Any] = {"to": list(content.to), "from": content.sender, "type": content.kind.value}
        return {**fields, "body": content.body} if content.body else fields


@frozen
class Changed(Happened):
    """A scheduled batch was updated or replaced."""

    journal_kind: ClassVar[str | None] = "batch.changed"
    subject: str


@frozen
class Canceled(Happened):
    """A batch was cancelled."""

    journal_kind: ClassVar[str | None] = "batch.canceled"
    subject: str


@frozen
class Due(Happened):
    """A message is to be sent now."""

    subject: str


@frozen
class Expired(Happened):
    """A message could not be delivered in the time that it had."""

    subject: str


@frozen
class TextCame(Happened):
    """A text came in from a phone."""

    journal_kind: ClassVar[str | None] = RECEIVED
    subject: str
    message: Message

    def journal_fields(self) -> dict[str, Any]:
        """Returns the fields of the journal's line about it; bytes are written in hex."""
        message = self.message
        fields: dict[str, Any] = {"from": message.sender, "to": message.recipient}
        if message.data is None:
            return {**fields, "text": message.text}
        return {**fields, "data": message.data.hex(), "udh": message.udh.hex()}
