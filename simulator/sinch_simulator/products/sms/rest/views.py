"""Shows batches, groups and texts that came in as XMS does: numbers without ``+``, times in UTC with milliseconds."""

from base64 import b64encode
from typing import Any

from sinch_simulator.core.time_texts import timestamp_ms
from sinch_simulator.products.sms.batch import Batch, Content, Kind, wire_number
from sinch_simulator.products.sms.groups import AutoUpdate, Group, Keywords

Json = dict[str, Any]  # what goes out as JSON and is never read again


def batch_view(batch: Batch, epoch_ms: int) -> Json:
    """Shows a batch."""
    content = batch.content
    created_ms, modified_ms = batch.created_at_ms, batch.modified_at_ms
    created_at = timestamp_ms(epoch_ms + created_ms)
    view: Json = {
        "id": batch.id,
        "to": [wire_number(each) for each in content.to],
        "from": None if content.sender is None else wire_number(content.sender),
        "canceled": batch.canceled,
        "type": content.kind.value,
        "body": _body(content),
        "created_at": created_at,
        "modified_at": created_at if modified_ms == created_ms else timestamp_ms(epoch_ms + modified_ms),
        "delivery_report": content.reports.value,
        "expire_at": timestamp_ms(epoch_ms + batch.expires_at_ms),
        "flash_message": content.flash,
    }
    if content.send_at_ms is not None:
        view["send_at"] = timestamp_ms(content.send_at_ms)
    if content.kind is Kind.BINARY:
        view["udh"] = content.udh.hex()
    if content.parameters:
        view["parameters"] = content.parameters
    for name, value in (
        ("callback_url", content.callback_url),
        ("client_reference", content.client_reference),
        ("feedback_enabled", content.feedback_enabled),
        ("truncate_concat", content.truncate),
        ("max_number_of_message_parts", content.most_parts),
        ("from_ton", content.sender_ton),
        ("from_npi", content.sender_npi),
        ("strict_validation", content.strict_validation),
    ):
        if value is not None:
            view[name] = value
    return view


def _body(content: Content) -> str | Json:
    if content.kind is Kind.TEXT:
        return content.body
    if content.kind is Kind.BINARY:
        return b64encode(content.data).decode()
    media = content.media
    assert media is not None
    given = {"url": media.url, "message": media.message, "subject": media.subject}
    return {name: value for name, value in given.items() if value is not None}


def group_view(group: Group, size: int, epoch_ms: int) -> Json:
    """Shows a group, without its members."""
    view: Json = {
        "id": group.id,
        "size": size,
        "created_at": timestamp_ms(epoch_ms + group.created_at_ms),
        "modified_at": timestamp_ms(epoch_ms + group.modified_at_ms),
        "child_groups": list(group.child_groups),
    }
    if group.name is not None:
        view["name"] = group.name
    if group.auto_update is not None:
        view["auto_update"] = _rule_view(group.auto_update)
    return view


def _rule_view(rule: AutoUpdate) -> Json:
    view: Json = {"to": wire_number(rule.to)}
    if rule.add is not None:
        view["add"] = _words(rule.add)
    if rule.remove is not None:
        view["remove"] = _words(rule.remove)
    return view


def _words(keywords: Keywords) -> Json:
    first = {"first_word": keywords.first}
    return first if keywords.second is None else {**first, "second_word": keywords.second}
