"""Declares the bodies of batches, and reads them (docs/platform/sms.md#4)."""

import re
from typing import Any

from attrs import evolve

from sinch_simulator.core.schema.fields import BoundedText, Choice, Flag, Integer, Mapping, Nested
from sinch_simulator.core.schema.shapes import ABSENT, Field, Findings, Shape, Values
from sinch_simulator.core.schema.texts import Url
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.text_parts import BINARY_LONGEST
from sinch_simulator.products.sms.batch import Content, Kind, Media, Reports
from sinch_simulator.products.sms.errors import CONSTRAINT, XmsError
from sinch_simulator.products.sms.rest.fields import (
    Base64,
    Hex,
    Listed,
    MomentField,
    Recipient,
    Sender,
    XmsFindings,
    read_object,
)

LONGEST_TEXT = 2000
MOST_RECIPIENTS = 1000
_MOST_CHANGED = 100
_PARAMETER = re.compile(r"[A-Za-z0-9.\-_]{1,16}")


class Parameters(Mapping):
    """Values for placeholders: by name, then by recipient."""

    of: Field = Mapping(of=BoundedText("value", "what is filled in", longest=160, filled=False))
    phrase: str = "an object of parameters"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the values."""
        for key in value if isinstance(value, dict) else ():
            if not _PARAMETER.fullmatch(key):
                right = "expected 1 to 16 letters, digits, dots, dashes or underscores"
                findings.error("PARAMETER_NAME", f"{prefix}{name}", f"{shown(key)} is no name of a parameter", right)
        return Mapping.read(self, name, value, prefix, findings)


MEDIA_BODY = Shape(
    "a media message",
    (
        Url("url", "what it points to", required=True),
        BoundedText("message", "the text beside it", longest=LONGEST_TEXT, filled=False),
        BoundedText("subject", "its subject", longest=80, filled=False),
    ),
)
_BODIES: dict[Kind, tuple[Field, ...]] = {
    Kind.TEXT: (BoundedText("body", "the text", longest=LONGEST_TEXT),),
    Kind.BINARY: (
        Base64("body", "the bytes, in base64"),
        Hex("udh", "the user data header, in hex"),
    ),
    Kind.MEDIA: (Nested("body", "what is shown", shape=MEDIA_BODY), Flag("strict_validation", "whether it is checked")),
}
_TO = Listed("to", "the recipients: numbers and ids of groups", of=Recipient(), least=1, most=MOST_RECIPIENTS)
_COMMON: tuple[Field, ...] = (
    Sender("from", "who sends it"),
    Choice("type", "what it sends", choices=tuple(kind.value for kind in Kind)),
    Choice("delivery_report", "which reports are posted", choices=tuple(each.value for each in Reports)),
    MomentField("send_at", "when it is sent"),
    MomentField("expire_at", "until when it is tried"),
    Url("callback_url", "where reports are posted to"),
    BoundedText("client_reference", "the app's own id", longest=128, filled=False),
    Flag("feedback_enabled", "whether delivery feedback may be given"),
    Parameters("parameters", "what is filled in for placeholders"),
    Flag("flash_message", "whether phones show it at once"),
    Flag("truncate_concat", "whether it is cut to one part"),
    Integer("max_number_of_message_parts", "with more parts it is aborted", minimum=1),
    Integer("from_ton", "type of number of the sender", minimum=0, maximum=6),
    Integer("from_npi", "numbering plan of the sender", minimum=0, maximum=18),
)
_CHANGED_TO = (
    Listed("to_add", "more recipients", of=Recipient(), least=1, most=_MOST_CHANGED, aliases=("toAdd",)),
    Listed("to_remove", "recipients to take away", of=Recipient(), least=1, most=_MOST_CHANGED, aliases=("toRemove",)),
)
_ATTRIBUTES = {
    "from": "sender",
    "send_at": "send_at_ms",
    "expire_at": "expire_at_ms",
    "callback_url": "callback_url",
    "client_reference": "client_reference",
    "feedback_enabled": "feedback_enabled",
    "parameters": "parameters",
    "flash_message": "flash",
    "truncate_concat": "truncate",
    "max_number_of_message_parts": "most_parts",
    "from_ton": "sender_ton",
    "from_npi": "sender_npi",
    "strict_validation": "strict_validation",
    "udh": "udh",
}
_EMPTY = {"parameters": {}, "flash_message": False, "udh": b""}
_NOTHING_TO_SEND: dict[str, Any] = {"body": "", "data": b"", "udh": b"", "media": None, "strict_validation": None}
"""What a batch has of the fields that belong to one kind alone, before that kind's own are filled in."""


_KINDS = {kind.value: kind for kind in Kind}


def _required(item: Field) -> Field:
    required = type(item)(**item.__dict__)
    required.required = True
    return required


def _nullable(item: Field) -> Field:
    nullable = type(item)(**item.__dict__)
    nullable.nullable = True
    return nullable


_NEEDED = ("body", "udh")
NEW: dict[Kind, Shape] = {
    kind: Shape(
        "a batch",
        (_required(_TO), *(_required(item) if item.name in _NEEDED else item for item in body), *_COMMON),
    )
    for kind, body in _BODIES.items()
}
"""What a new batch of each kind has."""
CHANGED: dict[Kind, Shape] = {
    kind: Shape("changes of a batch", tuple(_nullable(item) for item in (_TO, *body, *_COMMON, *_CHANGED_TO)))
    for kind, body in _BODIES.items()
}
"""What may be changed in one."""


def read_batch(document: object, now_ms: int, findings: XmsFindings) -> Content:
    """Reads a new batch, or one that replaces another. ``now_ms`` is simulated Unix time. Raises ``XmsError``."""
    kind = _kind(document, Kind.TEXT)
    values = read_object(NEW[kind], document, findings)
    assert isinstance(document, dict)
    told = [name for name in _ATTRIBUTES if name in document and values.get(name) is not None]
    given = {_ATTRIBUTES[name]: values[name] for name in told}
    content = Content(kind, values["to"], **given, **_body(kind, values["body"]))
    reports = values["delivery_report"]
    if reports is not None:
        content = evolve(content, reports=Reports(reports))
    check(content, now_ms)
    return content


def read_change(document: object, content: Content, now_ms: int, findings: XmsFindings) -> Content:
    """Reads what is changed in a batch; what is not said stays, null is the default. Raises ``XmsError``."""
    kind = _kind(document, content.kind)
    values = read_object(CHANGED[kind], document, findings)
    said = {name: value for name, value in values.items() if value is not ABSENT}
    before = content if kind is content.kind else evolve(content, **_NOTHING_TO_SEND)
    changed = evolve(before, kind=kind, **_attributes({name: said[name] for name in _ATTRIBUTES if name in said}))
    if said.get("body") is not None:
        changed = evolve(changed, **_body(kind, said["body"]))
    elif kind is not content.kind:
        text = "The parameter 'body' is missing."
        raise XmsError(400, CONSTRAINT, text, hint=f"say what the {kind.value} is", path="body")
    if "delivery_report" in said:
        changed = evolve(changed, reports=Reports(said["delivery_report"] or Reports.NONE.value))
    changed = evolve(changed, to=_changed_recipients(said, content.to))
    check(changed, now_ms)
    return changed


def _changed_recipients(said: dict[str, Any], before: tuple[str, ...]) -> tuple[str, ...]:
    to = dict.fromkeys(said.get("to") or before)
    to.update(dict.fromkeys(said.get("to_add") or ()))
    for gone in said.get("to_remove") or ():
        to.pop(gone, None)
    if not 1 <= len(to) <= MOST_RECIPIENTS:
        text = f"The batch would have {len(to)} recipients."
        raise XmsError(400, CONSTRAINT, text, hint=f"a batch has 1 to {MOST_RECIPIENTS}", path="to")
    return tuple(to)


def _kind(document: object, default: Kind) -> Kind:
    """Returns the kind of a batch that is said; what is said wrongly is refused with everything else."""
    said = document.get("type") if isinstance(document, dict) else None
    return _KINDS.get(said, default) if isinstance(said, str) else default


def _attributes(values: dict[str, Any]) -> dict[str, Any]:
    return {_ATTRIBUTES[name]: _EMPTY.get(name) if value is None else value for name, value in values.items()}


def _body(kind: Kind, body: Any) -> dict[str, Any]:  # text, bytes or object, as the kind has it
    if kind is Kind.TEXT:
        return {"body": body}
    if kind is Kind.BINARY:
        return {"data": body}
    assert isinstance(body, Values)
    return {"media": Media(body.text("url"), body.text_or_none("message"), body.text_or_none("subject"))}


def check(content: Content, now_ms: int) -> None:
    """Refuses what no batch can be as a whole. Raises ``XmsError``."""
    size = len(content.data) + len(content.udh)
    if content.kind is Kind.BINARY and size > BINARY_LONGEST:
        text = f"Body and udh have {size} bytes together."
        raise XmsError(400, CONSTRAINT, text, hint=f"at most {BINARY_LONGEST} bytes together", path="body")
    if content.kind is Kind.BINARY and content.parameters:
        text = "The parameter 'parameters' is not possible in a binary batch."
        raise XmsError(400, CONSTRAINT, text, hint="only texts have placeholders", path="parameters")
    begins_ms = now_ms if content.send_at_ms is None else max(now_ms, content.send_at_ms)
    if content.expire_at_ms is not None and content.expire_at_ms <= begins_ms:
        text = "The parameter 'expire_at' is not after the time at which the batch is sent."
        raise XmsError(400, CONSTRAINT, text, hint="expected a time after send_at, or after now", path="expire_at")
