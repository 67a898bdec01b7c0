"""What the attempts to deliver a callback come to: records for the log, findings, and what the product is told. No I/O.

Each 2xx answer has been read by the product that asked (``Machine.read_answer``); the last attempt counts.
"""

from collections.abc import Sequence
from typing import Any

from attrs import evolve

from sinch_simulator.core.callback import AppFailed, AppReplied, Attempt, Outcome, Reading, SendCallback, outcome_fields
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Log
from sinch_simulator.core.product import Product
from sinch_simulator.core.values import frozen

SLOW_MS = 2000
"""An answer that takes longer keeps somebody waiting (docs/platform/gotchas.md#C23)."""

_FAILURES = {
    Outcome.TIMEOUT: ("CALLBACK_TIMEOUT", "Answer first and work afterwards, or raise --callback-timeout."),
    Outcome.UNREACHABLE: ("CALLBACK_UNREACHABLE", "Is the app running, and is the callback URL right?"),
    Outcome.BAD_STATUS: ("CALLBACK_BAD_STATUS", "Answer with 200, at the callback URL itself."),
}

Tried = tuple[Attempt, Reading | None]
"""An attempt, and what the product made of the answer when that had a 2xx status."""


@frozen
class Record:
    """An attempt as it is kept in the log: of which callback, which one, and what there is to be said about it."""

    id: str
    order: int
    """Counts callbacks in the order of sending."""
    number: int
    """1 for the first URL, 2 for the fallback, and so on when a callback is sent again."""
    sent_at_ms: int
    """Simulated, since the start of the world."""
    callback: SendCallback
    attempt: Attempt
    diagnostics: tuple[Diagnostic, ...] = ()
    forgery: str | None = None
    """What is wrong with a callback that was forged on purpose."""


@frozen
class Delivered:
    """What the product is told, what is kept, and what the developer is told."""

    callback: SendCallback
    event: AppReplied | AppFailed
    records: tuple[Record, ...]
    diagnostics: tuple[Diagnostic, ...]
    done: bool
    """Whether it counts as delivered; else it may be sent again."""
    faults: tuple[Log, ...] = ()
    """What fault rules did to it."""
    spared: tuple[str, ...] = ()
    """The ids of fault rules that a further attempt would have met, had it been needed."""
    duplicate: Attempt | None = None
    """What came of sending it a second time, which a fault rule did; its product hears nothing of that."""


def is_done(tried: Tried) -> bool:
    """Returns whether an attempt counts as delivered, so that no other URL is tried."""
    reading = tried[1]
    return reading is not None and reading.delivered


def conclude(
    product: Product, callback: SendCallback, attempts: Sequence[Tried], *, order: int, sent_at_ms: int
) -> Delivered:
    """Returns what all attempts to deliver a callback at one moment come to; there is at least one."""
    records = tuple(
        [_record(product, callback, index, tried, order, sent_at_ms) for index, tried in enumerate(attempts)]
    )
    last, reading = records[-1], attempts[-1][1]
    done = is_done(attempts[-1])
    told = tuple([finding for record in records for finding in record.diagnostics])
    if reading is not None and last.attempt.outcome is Outcome.ANSWERED:
        event: AppReplied | AppFailed = AppReplied(
            callback.subject, callback.id, reading.answer, last.diagnostics, by_fallback=len(attempts) > 1
        )
    else:
        event = AppFailed(
            callback.subject,
            callback.id,
            last.attempt.outcome,
            _worst_first(last.diagnostics),
            last.attempt.response,
        )
        if callback.if_lost is not None and not (done or callback.retry.after_ms):
            told += (callback.if_lost,)
    return Delivered(callback, event, records, told, done)


def next_attempt(delivered: Delivered) -> SendCallback | None:
    """Returns the callback as it is sent again after the first of its pauses; None when it is not sent again."""
    callback, last = delivered.callback, delivered.records[-1].attempt
    status = None if last.response is None else last.response.status
    pauses = callback.retry.after_ms
    if not pauses or status in callback.retry.never_after:
        return None
    retry = evolve(callback.retry, after_ms=pauses[1:])
    return evolve(callback, retry=retry, attempt=callback.attempt + len(delivered.records))


def failed_fields(delivered: Delivered, pause_ms: int) -> dict[str, Any]:
    """Returns what the journal tells of a callback that has failed, and is sent again after so long."""
    callback, last = delivered.callback, delivered.records[-1].attempt
    fields = {"callbackId": callback.id, "event": callback.event, **outcome_fields(last.outcome, last.response)}
    return {**fields, "retryAfter": pause_ms / 1000}


def _record(product: Product, callback: SendCallback, index: int, tried: Tried, order: int, sent_at_ms: int) -> Record:
    attempt, reading = tried
    found = _about_delivery(product, callback, attempt)
    if index:
        found += (_about_fallback(product, callback),)
    if reading is not None:
        found += reading.diagnostics
        if reading.outcome is not attempt.outcome:
            attempt = evolve(attempt, outcome=reading.outcome)
    number = callback.attempt + index
    return Record(_record_id(callback, index), order, number, sent_at_ms, callback, attempt, found)


def _record_id(callback: SendCallback, index: int) -> str:
    first = callback.id if callback.attempt == 1 else f"{callback.id}-retry-{callback.attempt}"
    return f"{first}-fallback" if index else first


def _about_delivery(product: Product, callback: SendCallback, attempt: Attempt) -> tuple[Diagnostic, ...]:
    answered = attempt.outcome is Outcome.ANSWERED
    if answered and attempt.latency_ms <= SLOW_MS:
        return ()
    title = product.title(callback.event)
    if answered:
        meaning = f"; {product.slow_answer}" if product.slow_answer else ""
        message = f"The reply to {title} took {attempt.latency_ms / 1000:.1f} s{meaning}."
        return (Diagnostic("SLOW_CALLBACK", Severity.WARNING, "", message, "The platform gives up after 5 s."),)
    code, hint = _FAILURES[attempt.outcome]
    message = f"{title} could not be delivered to {attempt.url}: {attempt.why}."
    return (Diagnostic(code, Severity.ERROR, "", message, attempt.hint or hint),)


def _about_fallback(product: Product, callback: SendCallback) -> Diagnostic:
    message = f"{product.title(callback.event)} went to the fallback URL, because the primary one failed."
    hint = "A primary that was only slow has had the same event: handlers must take one twice."
    return Diagnostic("FALLBACK_USED", Severity.WARNING, "", message, hint)


def _worst_first(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))
