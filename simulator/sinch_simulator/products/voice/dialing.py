"""Ringing the far end, and what comes of it: answered, declined, never answered."""

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.effects import SetTimer
from sinch_simulator.phones.signals import Cause, Invite
from sinch_simulator.products.voice.call import LONGEST_CALL_MS, Call, CallState, Leg, LegState, Origin, Outgoing, Timer
from sinch_simulator.products.voice.call_end import DECLINED, end
from sinch_simulator.products.voice.callbacks.rules import warn
from sinch_simulator.products.voice.effects import Effect

DIAL_TIMEOUT_MS = 60_000
"""How long a phone rings when nobody says otherwise (docs/platform/svaml.md#3.3; *assumed*)."""


def dial(
    call: Call, leg: Leg, address: Address, *, cli: str | None, dial_timeout_ms: int | None, outgoing: Outgoing
) -> list[Effect]:
    """Rings ``address`` at one end of the call."""
    call.to = address
    call.cli = cli or call.cli
    if address.kind is AddressKind.NUMBER and call.cli[:1] not in ("+", ""):
        # A user name or a SIP address is no number to show to a phone (docs/platform/callbacks.md#3).
        call.cli = "private"
    call.outgoing = outgoing
    leg.address = address
    leg.state = LegState.RINGING
    leg.manner = None
    call.state = CallState.DIALING
    call.program = None
    return [
        Invite(call.id, leg.name, address, call.cli),
        SetTimer(call.id, Timer.DIAL, dial_timeout_ms or DIAL_TIMEOUT_MS),
    ]


def outgoing_limit(asked_ms: int | None) -> int:
    """Returns the longest that a dialled leg may last."""
    return min(asked_ms, LONGEST_CALL_MS) if asked_ms else LONGEST_CALL_MS


def decline(call: Call, leg: Leg, cause: Cause, now: int) -> list[Effect]:
    """Ends the call because the far end, or the network, has refused."""
    leg.state = LegState.ENDED
    result, reason = DECLINED[cause]
    if cause is Cause.UNREACHABLE and leg.address is not None and leg.address.kind is AddressKind.USERNAME:
        reason = "USERNOTFOUND"
    return end(call, now, result=result, reason=reason)


def shows_verified(call: Call, cli: str | None) -> bool:
    """Returns whether the application may show itself so; accounts take any caller id until a list is given."""
    limits = call.application.limits
    return limits is None or not cli or limits.may_show(cli, call.application.numbers)


def refuse_cli(call: Call, now: int) -> list[Effect]:
    """Ends a callout with a caller id that is not verified as one without any (*assumed*)."""
    assert call.setup.callout is not None
    return [
        warn(
            call,
            "CLI_UNVERIFIED",
            f"{call.cli} is neither verified nor one of the application's numbers: the call never reaches anybody.",
            hint="Show a rented number, or allow this one: callerIds at /_simulator/applications.",
            path=f"{call.setup.callout.method.value}.cli",
        ),
        *end(call, now, result="FAILED", reason="GENERALERROR"),
    ]


def own_number(call: Call) -> str | None:
    """Returns what a phone sees of whoever has called in, where the app says nothing else; None for a callout."""
    return (call.setup.number or "private") if call.setup.callout is None else None


def lacks_cli(call: Call) -> bool:
    """Returns whether nothing can be shown to a phone: an in-app user may have no number, everybody else is private."""
    return call.setup.origin is Origin.MXP and call.setup.number is None


def refuse_without_cli(call: Call, now: int) -> list[Effect]:
    """Ends a call that never reaches its phone, because no caller id is given (docs/platform/svaml.md#3.3)."""
    message = "An in-app user calls a phone without any caller id: the call never reaches its destination."
    hint = "set cli in connectPstn to a number of yours, or give the user's client one"
    return [
        warn(call, "CLI_MISSING", message, hint=hint, path="action.cli"),
        *end(call, now, result="ANSWERED" if call.answered else "FAILED", reason="GENERALERROR"),
    ]


def refuse_destination(call: Call, address: Address, now: int) -> list[Effect] | None:
    """Ends a call that the account may not place, or has no credit for; returns None for any other.

    Source: docs/platform/lifecycle.md#2, rows 11 and 12.
    """
    limits = call.application.limits
    if limits is None:
        return None
    barred = limits.bars(address)
    if not barred and limits.affords(address):
        return None
    call.to = address
    reason = "BLOCKED" if barred else "NOCREDITPARTNER"
    return end(call, now, result="ANSWERED" if call.answered else "FAILED", reason=reason)


def shown_cli(call: Call, cli: str | None) -> tuple[str | None, list[Effect]]:
    """Returns what the dialled party sees: an unverified caller id becomes ``private``.

    Source: docs/platform/svaml.md#3.3; *assumed*.
    """
    if shows_verified(call, cli):
        return cli, []
    message = f"{cli} is neither verified nor one of the application's numbers: the caller is shown as private."
    return "private", [warn(call, "CLI_UNVERIFIED", message, path="action.cli")]
