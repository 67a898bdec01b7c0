"""Makes the callbacks of SMS: delivery reports, texts that came in, and the inbound event of classic SMS.

Source: docs/platform/sms.md#7, #8, #9 and #11.
"""

from base64 import b64encode
from itertools import pairwise
from typing import Any

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import About, ApplicationSignature, Retry, SendCallback, Signature
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.ids import next_id
from sinch_simulator.core.message import Message
from sinch_simulator.core.time_texts import timestamp, timestamp_ms
from sinch_simulator.core.webhook_signature import WebhookSignature
from sinch_simulator.products.sms import NAME
from sinch_simulator.products.sms.batch import Batch, wire_number

NOBODY_HEARS = Diagnostic(
    "SMS_NO_CALLBACK_URL",
    Severity.INFO,
    "",
    "A text came in, and no app is told of it: the application has no URL for that.",
    "Give it an smsCallbackUrl (start --sms-callback-url URL), or a classicSmsCallbackUrl for classic SMS.",
)
CLASSIC_EVENT = "incomingSms"
MO_TEXT = "mo_text"
MO_BINARY = "mo_binary"

_LAST_RETRY_S = 81_920


def _pauses() -> tuple[int, ...]:
    """Returns the milliseconds between attempts: the platform counts them from the first failure, doubling."""
    offsets = [0, 5]
    while offsets[-1] < _LAST_RETRY_S:
        offsets.append(offsets[-1] * 2)
    return tuple((later - earlier) * 1000 for earlier, later in pairwise(offsets))


RETRY = Retry(_pauses(), frozenset(range(300, 500)) - {429})
"""5xx, 429 and no answer are tried again, other statuses are not (docs/platform/sms.md#7)."""


def xms_callback(
    application: Application, seed: int, url: str, subject: str, about: About, body: dict[str, Any]
) -> SendCallback:
    """Makes a callback of XMS; it is signed when the application has a secret for that."""
    secret = application.sms.webhook_secret
    signature: Signature | None = None if secret is None else WebhookSignature(secret)
    return SendCallback(
        next_id(application, seed), subject, NAME, body["type"], about, application.key, url, None, body,
        signature=signature, retry=RETRY,
    )  # fmt: skip


def classic_callback(
    application: Application, seed: int, url: str, message: Message, about: About, epoch_ms: int
) -> SendCallback:
    """Makes the event of classic SMS about a text that came in; it is signed as the callbacks of Voice are."""
    body = {
        "event": CLASSIC_EVENT,
        "to": {"type": "number", "endpoint": message.recipient},
        "from": {"type": "number", "endpoint": message.sender},
        "message": message.text,
        "timestamp": timestamp((epoch_ms + message.created_at_ms) // 1000),
        "version": 1,
    }
    return SendCallback(
        next_id(application, seed), message.id, NAME, CLASSIC_EVENT, about, application.key, url, None, body,
        signature=ApplicationSignature(application), retry=RETRY,
    )  # fmt: skip


def inbound_body(message: Message, operator_id: str | None, epoch_ms: int) -> dict[str, Any]:
    """Writes a text that came in as XMS shows it."""
    body: dict[str, Any] = {
        "id": message.inbound_id,
        "type": MO_TEXT if message.data is None else MO_BINARY,
        "from": wire_number(message.sender),
        "to": wire_number(message.recipient),
        "received_at": timestamp_ms(epoch_ms + message.created_at_ms),
    }
    if message.data is None:
        body["body"] = message.text
    else:
        body |= {"body": b64encode(message.data).decode(), "udh": message.udh.hex()}
    if message.sent_at_ms is not None:
        body["sent_at"] = timestamp_ms(epoch_ms + message.sent_at_ms)
    if operator_id is not None:
        body["operator_id"] = operator_id
    return body


def report_url(batch: Batch) -> str | None:
    """Returns where the delivery reports of a batch are posted to; None for nowhere."""
    return batch.content.callback_url or batch.application.sms.callback_url
