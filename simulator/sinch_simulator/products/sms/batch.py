"""Says what a batch is: one content for up to a thousand recipients (docs/platform/sms.md#4)."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from sinch_simulator.core.application import Application
from sinch_simulator.core.message import Message
from sinch_simulator.core.values import Word, define, frozen

LIFETIME_MS = 3 * 86_400_000
"""Until when a message is tried to be delivered, unless its batch says less (docs/platform/sms.md#4)."""

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9.\-_]+)\}")

_NO_PARAMETERS: Mapping[str, Mapping[str, str]] = MappingProxyType({})

DEFAULT_VALUE = "default"
"""The name, among the recipients of a parameter, of the value for everybody else."""


class Kind(Word):
    """What a batch sends: ``type`` on the wire."""

    TEXT = "mt_text"
    BINARY = "mt_binary"
    MEDIA = "mt_media"


class Reports(Word):
    """Which delivery reports a batch wants to have posted: ``delivery_report`` on the wire."""

    NONE = "none"
    SUMMARY = "summary"
    FULL = "full"
    PER_RECIPIENT = "per_recipient"
    PER_RECIPIENT_FINAL = "per_recipient_final"


@frozen
class Media:
    """What a media message points to; nothing is fetched."""

    url: str
    message: str | None = None
    subject: str | None = None


@frozen(weakref_slot=False)
class Content:
    """What the app has said about a batch. Moments are Unix milliseconds; None where it has not said anything."""

    kind: Kind
    to: tuple[str, ...]
    """Numbers with ``+``, and ids of groups, as they came."""
    sender: str | None = None
    body: str = ""
    """The text, before parameters are filled in."""
    data: bytes = b""
    udh: bytes = b""
    media: Media | None = None
    parameters: Mapping[str, Mapping[str, str]] = _NO_PARAMETERS
    """By name, then by recipient as it was written, or ``default``."""
    reports: Reports = Reports.NONE
    send_at_ms: int | None = None
    expire_at_ms: int | None = None
    callback_url: str | None = None
    client_reference: str | None = None
    feedback_enabled: bool | None = None
    flash: bool = False
    truncate: bool | None = None
    most_parts: int | None = None
    sender_ton: int | None = None
    sender_npi: int | None = None
    strict_validation: bool | None = None


@define(eq=False, weakref_slot=False)
class Batch:
    """A batch of one application. Moments are simulated milliseconds since the world began."""

    id: str
    application: Application
    content: Content
    created_at_ms: int
    modified_at_ms: int
    expires_at_ms: int
    canceled: bool = False
    sent: bool = False
    """Whether it was due, and its messages are on their way."""
    messages: tuple[Message, ...] = ()
    """One for each recipient, once it is sent."""
    open: int = 0
    """How many of its messages have no final status yet."""
    default_sender: str | None = None
    """The default originator, where that has sent it."""

    @property
    def scheduled(self) -> bool:
        """Tells whether it still waits to be sent, so that it can be changed."""
        return not self.sent and not self.canceled

    def message_to(self, recipient: str) -> Message | None:
        """Returns the message to a number with ``+``; None before it is sent, and for another number."""
        return next((message for message in self.messages if message.recipient == recipient), None)


def filled_in(content: Content, recipient: str) -> str | None:
    """Returns the text for one recipient (a number with ``+``); None when a parameter has no value for it."""
    if "${" not in content.body:
        return content.body
    values = {key: _value(content, key, recipient) for key in _PLACEHOLDER.findall(content.body)}
    if None in values.values():
        return None
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)] or "", content.body)


def _value(content: Content, key: str, recipient: str) -> str | None:
    values = content.parameters.get(key, {})
    return values.get(recipient, values.get(recipient[1:], values.get(DEFAULT_VALUE)))


def wire_number(address: str) -> str:
    """Writes a number as XMS does, without ``+``; a short code, a name or a group id as it is."""
    return address.removeprefix("+")
