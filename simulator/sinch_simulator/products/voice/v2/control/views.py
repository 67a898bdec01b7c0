"""Shows a call of a session as the control API does: like a call of Voice v1, in the words of Voice v2."""

from sinch_simulator.core.rest.journal_views import Json, entry_view, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.v2.addresses import ANONYMOUS, address_of, shown_as
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.session import Call, CallState, Direction, OriginationType

_LEG_STATES = {
    CallState.DIALING: "ringing",
    CallState.ARRIVED: "ringing",
    CallState.IN_PROGRESS: "answered",
    CallState.ENDED: "ended",
}
_ORIGINS = {OriginationType.PHONE: "pstn", OriginationType.SIP: "sip", OriginationType.SERVER: "callout"}


def session_call_view(world: SimulatedWorld, call: Call, *, timeline: bool = True) -> Json:
    """Shows a call with the one person on it, and with its timeline unless that is left out."""
    session = call.session
    dialled = _dialled(call)
    view: Json = {
        **_either_view(world, call),
        "domain": "pstn" if dialled.startswith("+") else None,
        "custom": None,
        "answeredAt": None if call.answered_ms is None else time_text(world, call.answered_ms),
        "duration": call.duration_s(world.now),
        "batchId": None if session.batch is None else session.batch.id,
        "legs": [{**_leg_view(call), "heard": call.heard, "dtmf": call.dtmf}],
        "heard": call.heard,
    }
    if timeline:
        view["timeline"] = [entry_view(world, entry) for entry in world.journal.of(call.id)]
    return view


def brief_session_call_view(world: SimulatedWorld, call_id: str) -> Json:
    """Shows a call for a list of thousands: no more than a line of the list needs, with the count of its findings."""
    call = exchange_of(world).calls[call_id]
    lines = world.journal.of(call_id)
    severities = [line.fields["severity"] for line in lines if line.kind == "diagnostic"]
    return {
        **_either_view(world, call),
        "method": None if call.direction is Direction.INBOUND else "dial",
        "legs": [_leg_view(call)],
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "firstSeq": lines[0].seq if lines else 0,
        "lastSeq": lines[-1].seq if lines else 0,
    }


def _either_view(world: SimulatedWorld, call: Call) -> Json:
    session = call.session
    dialled = _dialled(call)
    shown = ANONYMOUS if call.to is None else shown_as(call.origin, call.to)
    return {
        "callId": call.id,
        "protocol": "v2",
        "applicationKey": session.application.key,
        "status": "FINAL" if call.final else "ONGOING",
        "state": call.state.value,
        "origin": _ORIGINS[call.origination],
        "from": shown,
        "to": dialled,
        "dialled": dialled,
        "cli": shown,
        "menuId": call.menus[0].name if call.menus else None,
        "sessionId": session.id,
        "serviceId": session.application.key,
        "callName": call.name,
        "bridgeName": call.bridge_name,
        "direction": call.direction.value,
        "callResult": call.result.value,
        "callReason": None if call.reason is None else call.reason.value,
        "startedAt": time_text(world, call.started_ms),
        "endedAt": None if call.ended_ms is None else time_text(world, call.ended_ms),
    }


def _dialled(call: Call) -> str:
    return "" if call.to is None else address_of(call.to).endpoint


def _leg_view(call: Call) -> Json:
    """Shows the person: of a call that came in the caller, else whoever was dialled."""
    if call.direction is Direction.OUTBOUND:
        address = _dialled(call)
    else:
        address = ANONYMOUS if call.to is None else shown_as(call.origin, call.to)
    return {"leg": call.leg.value, "address": address, "state": _LEG_STATES[call.state]}
