"""Reads from JSON what becomes of the text messages to a phone, and writes it back: ``sms`` of a PERSONA."""

from typing import Any

from sinch_simulator.core.message import DELIVERED_CODE, Status
from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer, Nested, Seconds, Yes
from sinch_simulator.core.schema.shapes import Findings, Shape, Values
from sinch_simulator.phones.behaviour import NO_TEXTS, TEXTS, Texts

LONGEST_TEXT = 2000
"""Characters of an answer: what a batch may have (docs/platform/sms.md#4)."""
LARGEST_CODE = 999

DEFAULT_CODES = {
    Status.DELIVERED: DELIVERED_CODE,
    Status.FAILED: 100,
    Status.REJECTED: 61,
    Status.DELETED: 100,
    Status.UNKNOWN: 50,
    Status.EXPIRED: 406,
    Status.ABORTED: 408,
}
"""The code of each status that a receipt may have, when nobody says another (docs/platform/sms.md#6)."""

_LONGEST_S = 604_800
_STATUSES = {status.value: status for status in DEFAULT_CODES}

REPLY = Shape(
    "reply",
    (
        Seconds("after", "seconds after it was handed on", maximum=_LONGEST_S, default=TEXTS.reply_after_ms),
        BoundedText("text", "what it answers", required=True, longest=LONGEST_TEXT),
    ),
)
TEXTS_SHAPE = Shape(
    "sms",
    (
        Choice("status", "what the receipt says", choices=tuple(_STATUSES), default=Status.DELIVERED.value),
        Integer("code", "and with which code; that of the status when absent", minimum=0, maximum=LARGEST_CODE),
        Seconds("after", "seconds until the receipt", maximum=_LONGEST_S, default=TEXTS.after_ms),
        Yes("never", "no receipt comes, ever"),
        Nested("reply", "it answers each text once, at the number that sent it", shape=REPLY),
    ),
)


class TextsField(Nested):
    """What becomes of text messages to this phone."""

    shape: Shape = TEXTS_SHAPE
    right: str = 'an object like {"status": "Failed", "code": 61} or {"never": true}'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Texts | None:
        """Reads it; None after a mistake."""
        before = len(findings.found)
        values: Values | None = Nested.read(self, name, value, prefix, findings)
        if values is None or len(findings.found) > before or not isinstance(value, dict):
            return None
        path = prefix + name
        if values["never"]:
            return _never(value, path, findings)
        status = _STATUSES[values.text("status")]
        code = DEFAULT_CODES[status] if values["code"] is None else values.integer("code")
        delivered = status is Status.DELIVERED
        if delivered != (code == DELIVERED_CODE):
            message = f"{code} is not the code of a text that was {'' if delivered else 'not '}delivered"
            findings.error("INVALID_VALUE", f"{path}.code", message, "0 is the code of Delivered, and of nothing else")
            return None
        reply: Values | None = values["reply"]
        if reply is None:
            return Texts(status.value, code, values["after"])
        if not delivered:
            message = f"nobody can answer a text whose status is {status.value}"
            findings.error("INVALID_VALUE", f"{path}.reply", message, "drop reply, or let it be Delivered")
            return None
        return Texts(status.value, code, values["after"], reply.text("text"), reply["after"])


def _never(document: dict[str, object], path: str, findings: Findings) -> Texts | None:
    others = [key for key in document if key != "never"]
    if not others:
        return NO_TEXTS
    message = f"never means that nobody hears of a text again: {' and '.join(others)} can't go with it"
    findings.error("INVALID_VALUE", path, message, f"drop never, or {' and '.join(others)}")
    return None


def texts_document(texts: Texts) -> dict[str, Any]:
    """Writes the JSON that ``TextsField`` reads this from, with the defaults spelled out."""
    if texts.status is None:
        return {"never": True}
    document: dict[str, Any] = {"status": texts.status, "code": texts.code, "after": texts.after_ms / 1000}
    if texts.reply is not None:
        document["reply"] = {"after": texts.reply_after_ms / 1000, "text": texts.reply}
    return document
