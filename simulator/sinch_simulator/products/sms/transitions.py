"""The table of a recipient's message: in each status, what happened, what is done, and which status may come of it.

The table is the specification (docs/platform/sms.md#6). A pair that is not in it is ignored: a receipt that comes after
the message has expired changes nothing. The last column is asserted as it runs, and draws the diagram in the
documentation.
"""

from collections.abc import Callable
from typing import Any

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.application import Application
from sinch_simulator.core.effects import Log
from sinch_simulator.core.message import Message, Status
from sinch_simulator.core.prices import rate_to
from sinch_simulator.core.text_parts import cut_to_one_part, number_of_parts
from sinch_simulator.phones.signals import SendText, TextDelivered, TextFailed
from sinch_simulator.products.sms.batch import Batch, Kind, filled_in
from sinch_simulator.products.sms.events import Due, Expired

S = Status

UNROUTABLE = 402
NO_PARAMETER = 405
EXPIRED_CODE = 406
NO_ORIGINATOR = 410
TOO_MANY_PARTS = 411
BLOCKED = 413

Effects = list[Any]  # of those that the world carries out
Handler = Callable[[Message, Batch | None, Application, Any, int], Effects]
Table = dict[tuple[Status, type[Any]], tuple[Handler, frozenset[Status]]]


def dispatch(message: Message, batch: Batch | None, application: Application, event: Due, now: int) -> Effects:
    """Hands a message on to the network, or aborts it, for this recipient alone, when that cannot be."""
    code = _why_aborted(message, batch) or _unpaid(message, application)
    if code:
        message.ended(S.ABORTED, code, now)
        return [Log(message.id, "text.aborted", {"to": message.recipient, "status": "Aborted", "code": code})]
    message.handed_on(now)
    return [SendText(message.id, message.recipient, message.sender, message.text, message.data, message.udh)]


def _why_aborted(message: Message, batch: Batch | None) -> int:
    """Returns the code with which a message of a batch is aborted; 0 when it is not."""
    if batch is None or message.text is None:
        return 0 if message.sender else NO_ORIGINATOR
    content = batch.content
    if not message.sender:
        return NO_ORIGINATOR
    if content.kind is Kind.TEXT and filled_in(content, message.recipient) is None:
        return NO_PARAMETER
    if content.truncate:
        message.text = cut_to_one_part(message.text)
    if content.most_parts is not None and number_of_parts(message.text) > content.most_parts:
        return TOO_MANY_PARTS
    return 0


def _unpaid(message: Message, application: Application) -> int:
    """Takes what a message costs; returns the code with which it is aborted where it may not be sent."""
    limits = application.limits
    if limits is None:
        return 0
    to = Address(AddressKind.NUMBER, message.recipient)
    if limits.bars(to):
        return UNROUTABLE
    cost = rate_to(to) * message.number_of_parts
    if limits.credit is not None and limits.credit < cost:
        return BLOCKED
    limits.pay(cost)
    return 0


def deliver(message: Message, batch: Batch | None, application: Application, event: TextDelivered, now: int) -> Effects:
    """Notes the receipt."""
    message.delivered(now)
    return []


def fail(message: Message, batch: Batch | None, application: Application, event: TextFailed, now: int) -> Effects:
    """Notes the receipt of a message that has not arrived."""
    message.ended(Status(event.status), event.code, now)
    return []


def expire(message: Message, batch: Batch | None, application: Application, event: Expired, now: int) -> Effects:
    """Gives a message up whose time is over."""
    message.ended(S.EXPIRED, EXPIRED_CODE, now)
    return []


TRANSITIONS: Table = {
    # ---- status / what happened / what is done / which status comes of it
    (S.QUEUED, Due): (dispatch, frozenset({S.DISPATCHED, S.ABORTED})),
    (S.DISPATCHED, TextDelivered): (deliver, frozenset({S.DELIVERED})),
    (S.DISPATCHED, TextFailed): (
        fail,
        frozenset({S.FAILED, S.REJECTED, S.DELETED, S.EXPIRED, S.UNKNOWN, S.ABORTED}),
    ),
    (S.DISPATCHED, Expired): (expire, frozenset({S.EXPIRED})),
}


def happen(message: Message, batch: Batch | None, application: Application, event: Any, now: int) -> Effects:
    """Lets an event happen to a message, by the table; what it does not pair is ignored."""
    row = TRANSITIONS.get((message.status, type(event)))
    if row is None:
        return []
    handler, targets = row
    effects = handler(message, batch, application, event, now)
    assert message.status in targets, (message.status, event)
    return effects
