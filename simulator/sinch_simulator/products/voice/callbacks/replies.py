"""Reads the app's answers to Voice's callbacks: which SVAML they hold, and whether the call can use it. No I/O.

A 2xx answer is always delivered: when its SVAML is of no use, that ends the call, and the fallback URL is not asked.
"""

from typing import Any

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.callback import Outcome, Reading, Response, SendCallback
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.svaml.model import (
    Action,
    ConnectConf,
    ConnectMxp,
    ConnectPstn,
    Continue,
    Hangup,
    Park,
    RunMenu,
    Svaml,
    SvamlContext,
    name_of,
)
from sinch_simulator.products.voice.svaml.reading import read_reply

NOTIFY_LOST = Diagnostic(
    "NOTIFY_LOST",
    Severity.WARNING,
    "",
    "A notification that cannot be delivered is discarded, never sent again.",
)

_CONTEXTS = {
    "ice": SvamlContext.ICE,
    "ace": SvamlContext.ACE,
    "pie": SvamlContext.PIE,
    "dice": SvamlContext.DICE,
}


def read_answer(callback: SendCallback, response: Response, call: Call | None) -> Reading:
    """Returns what a reply with a good status says. That to an event for which nobody waits is never refused.

    ``call`` is the one that the callback is about, None when it has been dropped meanwhile.
    """
    context = _CONTEXTS.get(callback.event)
    if context is None:
        return Reading(diagnostics=_about_notified(response.body))
    if not callback.awaited and context is not SvamlContext.DICE:
        return Reading(diagnostics=_about_ignored(callback, response.body, context))
    if response.cut and context is not SvamlContext.DICE:
        message = f"The reply is longer than the {len(response.body)} bytes that are read."
        finding = Diagnostic("TOO_LONG", Severity.ERROR, "", message, "Answer with SVAML only.")
        return Reading(Outcome.BAD_SVAML, None, (finding,))
    reading = read_reply(response.body, context)
    if context is SvamlContext.DICE:
        return Reading(Outcome.ANSWERED, reading.svaml if reading.legal else None, reading.diagnostics)
    if reading.svaml is None or not reading.legal:
        return Reading(Outcome.BAD_SVAML, None, reading.diagnostics)
    lack = None if call is None else lack_of(call, reading.svaml.action)
    if lack is not None:
        return Reading(Outcome.BAD_SVAML, None, (*reading.diagnostics, lack))
    return Reading(Outcome.ANSWERED, reading.svaml, reading.diagnostics)


def lack_of(call: Call, action: Action) -> Diagnostic | None:
    """Returns why the action cannot be done to this call, which nothing in a document shows; None when it can.

    Nothing that was dialled stands in for a destination (docs/platform/gotchas.md#D13, #D14), or nobody is on the line:
    the ICE of a customCallout has to call somebody (docs/platform/rest.md#3.4).
    """
    match action:
        case RunMenu() | Park() | ConnectConf() if call.party.address is None:
            message = "Nobody is on the line yet: the ICE of a customCallout has to call somebody."
            hint = "Call with connectPstn or connectSip, and say what follows in the reply to ACE."
            return Diagnostic("ACTION_NOT_ALLOWED", Severity.ERROR, "action.name", message, hint)
        case ConnectPstn(number=None) if call.dialled(AddressKind.NUMBER) is None:
            name, message = "number", "connectPstn needs a number: what was dialled is no phone number."
        case ConnectMxp(username=None) if call.dialled(AddressKind.USERNAME) is None:
            name, message = "destination", "connectMxp needs a destination: no user was dialled."
        case _:
            return None
    hint = f"Give action.{name}: for a call to a rented number nothing can stand in for it."
    return Diagnostic("MISSING_PROPERTY", Severity.ERROR, f"action.{name}", message, hint)


def svaml_fields(svaml: Svaml | None) -> dict[str, Any]:
    """Returns how the journal's line about an answer shows its SVAML; nothing for an answer that nobody reads."""
    if svaml is None:
        return {}
    return {"action": name_of(svaml.action), "instructions": [name_of(each) for each in svaml.instructions]}


def _about_notified(body: bytes) -> tuple[Diagnostic, ...]:
    """Returns what is to be said about SVAML in the reply to a Notify: it does nothing.

    As in the reply to DiCE, a hang-up surprises nobody. Source: docs/platform/gotchas.md#C8.
    """
    svaml = read_reply(body, SvamlContext.PATCH).svaml if body.lstrip()[:1] == b"{" else None
    if svaml is None or (isinstance(svaml.action, Continue | Hangup) and not svaml.instructions):
        return ()
    message = "Nobody reads the reply to Notify: its SVAML does nothing."
    hint = "Answer with 200 and no body; to act on it, send SVAML to the call by REST."
    return (Diagnostic("SVAML_IGNORED", Severity.WARNING, "", message, hint),)


def _about_ignored(callback: SendCallback, body: bytes, context: SvamlContext) -> tuple[Diagnostic, ...]:
    """Returns what is to be said about SVAML that does nothing.

    Digits typed in a conference ask for nothing (docs/platform/callbacks.md#5); nor does a hang-up, but that surprises
    nobody.
    """
    typed = context is SvamlContext.PIE and callback.body["menuResult"]["type"] == "sequence"
    svaml = read_reply(body, context).svaml if typed else None
    if svaml is None or svaml == Svaml(Continue()):
        return ()
    message = f"Nobody waits for the reply to this {callback.event.upper()}: its SVAML does nothing."
    hint = "To act on it, send SVAML to the call by REST."
    return (Diagnostic("SVAML_IGNORED", Severity.WARNING, "", message, hint),)
