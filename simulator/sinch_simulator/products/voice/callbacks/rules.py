"""Which events an app is asked or told about, and when it is not.

Source: docs/platform/callbacks.md#3 to #7, docs/platform/lifecycle.md#4.
"""

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Diagnose
from sinch_simulator.phones.signals import AmdVerdict
from sinch_simulator.products.voice.call import Call, CallState, Origin
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from sinch_simulator.products.voice.effects import Ask, Effect, MenuResult, Notice
from sinch_simulator.products.voice.events import CallbackEvent

_AWAITING = {
    CallbackEvent.ICE: CallState.AWAITING_ICE,
    CallbackEvent.ACE: CallState.AWAITING_ACE,
    CallbackEvent.PIE: CallState.AWAITING_PIE,
}


def ask(
    call: Call, event: CallbackEvent, *, menu_result: MenuResult | None = None, verdict: AmdVerdict | None = None
) -> list[Effect]:
    """Asks the app what to do; the call stands still until its reply."""
    call.state = _AWAITING[event]
    call.asked += 1
    call.awaited = f"{call.id}.{call.asked}"
    return [Ask(call.awaited, call.id, event, True, menu_result, verdict)]


def tell(
    call: Call,
    event: CallbackEvent,
    *,
    menu_result: MenuResult | None = None,
    verdict: AmdVerdict | None = None,
    notice: Notice | None = None,
) -> list[Effect]:
    """Tells the app about something; nobody waits for the reply. Without a URL nothing is sent."""
    if call.address_for(event) is None:
        return []
    call.asked += 1
    return [Ask(f"{call.id}.{call.asked}", call.id, event, False, menu_result, verdict, notice)]


def ace_owed(call: Call) -> bool:
    """Returns whether the answer of the dialled party is put to the app."""
    if call.to is None or call.to.kind not in (AddressKind.NUMBER, AddressKind.SIP, AddressKind.DID):
        return False
    if call.outgoing is not None and call.outgoing.suppress_callbacks:
        return False
    callout = call.setup.callout
    if callout is not None and callout.method is not CalloutMethod.CUSTOM and not callout.enable_ace:
        return False
    return call.can_ask(CallbackEvent.ACE)


def pie_owed(call: Call) -> bool:
    """Returns whether the result of a menu is put to the app: never for data calls; for tts, conference on request."""
    if is_data_call(call):
        return False
    callout = call.setup.callout
    if callout is not None and callout.method is not CalloutMethod.CUSTOM and not callout.enable_pie:
        return False
    return call.can_ask(CallbackEvent.PIE)


def is_data_call(call: Call) -> bool:
    """Returns whether the person on the line is an in-app user."""
    address = call.party.address
    return address is not None and address.kind is AddressKind.USERNAME


def dice_owed(call: Call) -> bool:
    """Returns whether the end of the call is told to the app."""
    if not call.setup.assigned:
        return False
    if call.outgoing is not None and call.outgoing.suppress_callbacks:
        return False
    if call.attendance is not None and call.attendance.action.suppress_callbacks:
        return False
    callout = call.setup.callout
    if callout is None:
        return not (call.setup.origin is Origin.MXP and call.in_app_only)
    if call.to is not None and call.to.kind is AddressKind.USERNAME and callout.method is not CalloutMethod.CUSTOM:
        return False
    if callout.method is not CalloutMethod.CUSTOM:
        return callout.enable_dice
    return not call.has_document(CallbackEvent.DICE)


def dice_withheld(call: Call) -> list[Effect]:
    """Returns the finding about a DiCE that was asked for and is never sent (docs/platform/gotchas.md#C6)."""
    callout = call.setup.callout
    if callout is None or not callout.enable_dice or call.to is None or call.to.kind is not AddressKind.USERNAME:
        return []
    message = "DiCE is never sent for an in-app destination, although enableDice asks for it."
    return [warn(call, "ACE_SUPPRESSED_INAPP", message, hint="Ask for the call by REST: GET /calls/id/{callId}.")]


def warn(
    call: Call, code: str, message: str, *, hint: str = "", severity: Severity = Severity.WARNING, path: str = ""
) -> Diagnose:
    """Returns a finding about how this call went."""
    return Diagnose(call.id, Diagnostic(code, severity, path, message, hint))
