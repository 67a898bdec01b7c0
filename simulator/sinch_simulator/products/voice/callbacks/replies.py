"""What the attempts to deliver one callback come to: an event for the call, records, and findings. No I/O."""

from attrs import evolve

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.effects import SendCallback
from sinch_simulator.products.voice.events import AppFailed, AppReplied, CallbackEvent, Outcome
from sinch_simulator.products.voice.run_actions import lack_of
from sinch_simulator.products.voice.svaml.model import Continue, Svaml, SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_reply
from sinch_simulator.server.callback_log import Attempt, Record

SLOW_MS = 2000
"""A reply that takes longer keeps the caller waiting in silence (docs/platform/gotchas.md#C23)."""

_CONTEXTS = {
    CallbackEvent.ICE: SvamlContext.ICE,
    CallbackEvent.ACE: SvamlContext.ACE,
    CallbackEvent.PIE: SvamlContext.PIE,
    CallbackEvent.DICE: SvamlContext.DICE,
}
_FAILURES = {
    Outcome.TIMEOUT: ("CALLBACK_TIMEOUT", "Answer first and work afterwards, or raise --callback-timeout."),
    Outcome.UNREACHABLE: ("CALLBACK_UNREACHABLE", "Is the app running, and is the callback URL right?"),
    Outcome.BAD_STATUS: ("CALLBACK_BAD_STATUS", "Answer with 200, at the callback URL itself."),
}


@frozen
class Delivered:
    """What the call learns, what is kept, and what the developer is told."""

    event: AppReplied | AppFailed
    records: tuple[Record, ...]
    diagnostics: tuple[Diagnostic, ...]


def conclude(
    callback: SendCallback, attempts: list[Attempt], call: Call | None, *, order: int, sent_at_ms: int
) -> Delivered:
    """The last attempt counts; a reply with unusable SVAML is no failure of delivery: the fallback is for those.

    ``call`` is the one that the callback is about, None when it has been dropped meanwhile.
    """
    records = []
    for number, attempt in enumerate(attempts, start=1):
        found = (*_about_delivery(callback, attempt), *_about_fallback(callback, number))
        record_id = callback.id if number == 1 else f"{callback.id}-fallback"
        records.append(Record(record_id, order, number, sent_at_ms, callback, attempt, found))
    last = records[-1]
    if last.attempt.outcome is Outcome.ANSWERED:
        outcome, svaml, found = read_answer(callback, last.attempt, call)
        if found:
            records[-1] = last = evolve(
                last, attempt=evolve(last.attempt, outcome=outcome), diagnostics=(*last.diagnostics, *found)
            )
    else:
        svaml = None
    if last.attempt.outcome is Outcome.ANSWERED:
        event: AppReplied | AppFailed = AppReplied(callback.call_id, callback.id, svaml, last.diagnostics)
    else:
        event = AppFailed(callback.call_id, callback.id, last.attempt.outcome, _worst_first(last.diagnostics))
    told = tuple(finding for record in records for finding in record.diagnostics) + _about_loss(callback, event)
    return Delivered(event, tuple(records), told)


def read_answer(
    callback: SendCallback, attempt: Attempt, call: Call | None
) -> tuple[Outcome, Svaml | None, tuple[Diagnostic, ...]]:
    """What a reply with a good status says. That to an event for which nobody waits is never refused."""
    context = _CONTEXTS.get(callback.event)
    response = attempt.response
    if context is None or response is None:
        return Outcome.ANSWERED, None, ()
    if not callback.awaited and context is not SvamlContext.DICE:
        return Outcome.ANSWERED, None, _about_ignored(callback, response.body, context)
    if response.cut and context is not SvamlContext.DICE:
        message = f"The reply is longer than the {len(response.body)} bytes that are read."
        finding = Diagnostic("TOO_LONG", Severity.ERROR, "", message, "Answer with SVAML only.")
        return Outcome.BAD_SVAML, None, (finding,)
    reading = read_reply(response.body, context)
    if context is SvamlContext.DICE:
        return Outcome.ANSWERED, reading.svaml if reading.legal else None, reading.diagnostics
    if reading.svaml is None or not reading.legal:
        return Outcome.BAD_SVAML, reading.svaml, reading.diagnostics
    lack = None if call is None else lack_of(call, reading.svaml.action)
    if lack is not None:
        return Outcome.BAD_SVAML, None, (*reading.diagnostics, lack)
    return Outcome.ANSWERED, reading.svaml, reading.diagnostics


def _about_ignored(callback: SendCallback, body: bytes, context: SvamlContext) -> tuple[Diagnostic, ...]:
    """Digits typed in a conference ask for nothing; nor does a hang-up, but that surprises nobody.

    Source: docs/platform/callbacks.md#5.
    """
    typed = callback.event is CallbackEvent.PIE and callback.body["menuResult"]["type"] == "sequence"
    svaml = read_reply(body, context).svaml if typed else None
    if svaml is None or svaml == Svaml(Continue()):
        return ()
    message = f"Nobody waits for the reply to this {_shown(callback)}: its SVAML does nothing."
    hint = "To act on it, send SVAML to the call by REST."
    return (Diagnostic("SVAML_IGNORED", Severity.WARNING, "", message, hint),)


def _about_delivery(callback: SendCallback, attempt: Attempt) -> tuple[Diagnostic, ...]:
    if attempt.outcome is Outcome.ANSWERED:
        if attempt.latency_ms <= SLOW_MS:
            return ()
        message = f"The reply to {_shown(callback)} took {attempt.latency_ms / 1000:.1f} s; the caller hears nothing."
        return (Diagnostic("SLOW_CALLBACK", Severity.WARNING, "", message, "The platform gives up after 5 s."),)
    code, hint = _FAILURES[attempt.outcome]
    message = f"{_shown(callback)} could not be delivered to {attempt.url}: {attempt.why}."
    return (Diagnostic(code, Severity.ERROR, "", message, hint),)


def _about_fallback(callback: SendCallback, number: int) -> tuple[Diagnostic, ...]:
    if number == 1:
        return ()
    message = f"{_shown(callback)} went to the fallback URL, because the primary one failed."
    hint = "A primary that was only slow has had the same event: handlers must take one twice."
    return (Diagnostic("FALLBACK_USED", Severity.WARNING, "", message, hint),)


def _about_loss(callback: SendCallback, event: AppReplied | AppFailed) -> tuple[Diagnostic, ...]:
    if callback.event is not CallbackEvent.NOTIFY or isinstance(event, AppReplied):
        return ()
    message = "A notification that cannot be delivered is discarded, never sent again."
    return (Diagnostic("NOTIFY_LOST", Severity.WARNING, "", message),)


def _worst_first(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))


def _shown(callback: SendCallback) -> str:
    return "DiCE" if callback.event is CallbackEvent.DICE else callback.event.value.upper()
