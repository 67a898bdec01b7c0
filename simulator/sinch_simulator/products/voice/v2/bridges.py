"""Bridges: the calls of a session that hear each other (docs/platform/voice-v2.md#3.3).

A bridge has a name within its session, is there while anybody is in it, and is left by hanging up alone. Whoever is in
it hears all the others.
"""

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import Log
from sinch_simulator.phones.signals import Connect, SendDigits
from sinch_simulator.products.voice.v2.session import Call, CallState
from sinch_simulator.products.voice.v2.turn import Turn


def join(turn: Turn, call: Call, name: str) -> None:
    """Lets a call into a bridge, out of the one that it is in; being in it already is no error."""
    if call.bridge_name == name:
        return
    leave(turn, call)
    members = call.session.bridges.setdefault(name, [])
    for member in members:
        member.had_company = call.had_company = True
    members.append(call)
    call.bridge_name = name
    call.updated_ms = turn.now
    turn.order(Log(call.id, "bridge.joined", {"bridgeName": name}), Connect(call.id, call.leg))


def leave(turn: Turn, call: Call) -> None:
    """Lets a call out of the bridge that it is in, if it is in any; with the last one the bridge is gone."""
    name = call.bridge_name
    if name is None:
        return
    members = call.session.bridges[name]
    members.remove(call)
    if not members:
        del call.session.bridges[name]
    call.bridge_name = None
    turn.order(Log(call.id, "bridge.left", {"bridgeName": name}))


def leave_for_good(turn: Turn, call: Call) -> None:
    """Lets a call that is over out of its bridge, and tells who never had company there, and who is alone now."""
    name = call.bridge_name
    if name is None:
        return
    leave(turn, call)
    if not call.had_company:
        message = f"The call was alone in the bridge {name!r} until its end: it heard nobody."
        hint = "Every call that is to talk needs a bridgeCall of its own: the one that came in too."
        turn.warn(call.id, "BRIDGE_ALONE", message, hint=hint)
    others = call.session.bridges.get(name, [])
    if len(others) == 1:
        message = f"The call stays alone in the bridge {name!r}: hanging up ends one call, never the others."
        hint = "Hang it up in the other call's onHangup, or in the answer to its call.hangup: hangup with callName."
        turn.warn(others[0].id, "LEG_LEFT_BEHIND", message, hint=hint, severity=Severity.INFO)


def others_in_bridge(call: Call) -> list[Call]:
    """Returns whom a call hears, and who hear it."""
    if call.bridge_name is None:
        return []
    return [other for other in call.session.bridges[call.bridge_name] if other is not call]


def pass_tone(turn: Turn, call: Call, digit: str) -> None:
    """Lets the others in the bridge hear a key."""
    for other in others_in_bridge(call):
        if other.state is CallState.IN_PROGRESS and other.relay is None:
            other.dtmf += digit
            turn.order(SendDigits(other.id, other.leg, digit))
