"""Writes delivery reports, of a batch and of a recipient, as XMS does (docs/platform/sms.md#7)."""

from collections.abc import Iterable
from typing import Any

from sinch_simulator.core.message import QUEUED_CODE, Message, Status
from sinch_simulator.core.time_texts import timestamp, timestamp_ms
from sinch_simulator.products.sms.batch import Batch, wire_number

Json = dict[str, Any]  # what goes out as JSON and is never read again
BATCH_REPORT = "delivery_report_sms"
RECIPIENT_REPORT = "recipient_delivery_report_sms"
WAITING = (QUEUED_CODE, Status.QUEUED)


def batch_report(batch: Batch, waiting: Iterable[str], *, full: bool, wanted: "Wanted") -> Json:
    """Writes what has become of a batch: for each code how many recipients, with ``full`` which.

    ``waiting`` are the recipients of a batch that is not sent yet.
    """
    found: dict[tuple[int, Status], list[str]] = {}
    for message in batch.messages:
        found.setdefault((message.code, message.status), []).append(message.recipient)
    for recipient in waiting:
        found.setdefault(WAITING, []).append(recipient)
    statuses = [
        {
            "code": code,
            "status": status.value,
            "count": len(recipients),
            **({"recipients": [wire_number(each) for each in recipients]} if full else {}),
        }
        for (code, status), recipients in found.items()
        if wanted.takes(code, status)
    ]
    report: Json = {
        "type": BATCH_REPORT,
        "batch_id": batch.id,
        "total_message_count": sum(len(recipients) for recipients in found.values()),
        "statuses": statuses,
    }
    reference = batch.content.client_reference
    return report if reference is None else {**report, "client_reference": reference}


def recipient_report(batch: Batch, message: Message, epoch_ms: int) -> Json:
    """Writes what has become of the message to one recipient."""
    at_ms = _changed_at(message)
    report: Json = {
        "type": RECIPIENT_REPORT,
        "batch_id": batch.id,
        "recipient": wire_number(message.recipient),
        "code": message.code,
        "status": message.status.value,
        "at": timestamp_ms(epoch_ms + at_ms),
    }
    if message.final_at_ms is not None and message.sent_at_ms is not None:
        report["operator_status_at"] = timestamp((epoch_ms + message.final_at_ms) // 1000)
    if batch.default_sender is not None:
        report["applied_originator"] = wire_number(batch.default_sender)
    if batch.content.client_reference is not None:
        report["client_reference"] = batch.content.client_reference
    if batch.content.most_parts is not None:
        report["number_of_message_parts"] = message.number_of_parts
    return report


def _changed_at(message: Message) -> int:
    for at_ms in (message.final_at_ms, message.sent_at_ms):
        if at_ms is not None:
            return at_ms
    return message.created_at_ms


class Wanted:
    """Which statuses and codes somebody asks for; None is all."""

    def __init__(self, statuses: frozenset[str] | None = None, codes: frozenset[int] | None = None) -> None:
        self._statuses = None if statuses is None else frozenset(each.lower() for each in statuses)
        self._codes = codes

    def takes(self, code: int, status: Status) -> bool:
        """Tells whether a message with this code and status is asked for."""
        return (self._statuses is None or status.value.lower() in self._statuses) and (
            self._codes is None or code in self._codes
        )


ALL = Wanted()
