"""Shows a call as the control API does."""

from sinch_simulator.core.rest.journal_views import Json, entry_view, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.call import Call, Leg
from sinch_simulator.products.voice.callbacks.bodies import domain_of
from sinch_simulator.products.voice.exchange import exchange_of


def brief_call_view(world: SimulatedWorld, call_id: str) -> Json:
    """Shows a call for a list of thousands: no more than a line of the list needs, with the count of its findings."""
    call: Call = exchange_of(world).calls[call_id]
    lines = world.journal.of(call_id)
    severities = [line.fields["severity"] for line in lines if line.kind == "diagnostic"]
    setup, ending = call.setup, call.ending
    return {
        "callId": call.id,
        "protocol": "v1",
        "applicationKey": call.application.key,
        "status": "ONGOING" if ending is None else "FINAL",
        "state": call.state.value,
        "origin": setup.origin.value,
        "from": setup.cli or None,
        "to": None if call.to is None else call.to.endpoint,
        "cli": call.cli or None,
        "dialled": None if setup.dialled is None else setup.dialled.endpoint,
        "method": None if setup.callout is None else setup.callout.method.value,
        "conferenceId": call.conference_id,
        "menuId": None if call.menu is None else call.menu.menu_id,
        "result": "N/A" if ending is None else ending.result,
        "reason": "N/A" if ending is None else ending.reason,
        "startedAt": time_text(world, setup.started_ms),
        "endedAt": None if ending is None else time_text(world, ending.at_ms),
        "legs": [
            {"leg": leg.name.value, "address": leg.address.endpoint, "state": leg.state.value}
            for leg in call.legs
            if leg.address is not None
        ],
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "firstSeq": lines[0].seq if lines else 0,
        "lastSeq": lines[-1].seq if lines else 0,
    }


def call_view(world: SimulatedWorld, call: Call, *, timeline: bool = True) -> Json:
    """Shows a call with its ends, and with its timeline unless that is left out."""
    ending = call.ending
    view: Json = {
        "callId": call.id,
        "protocol": "v1",
        "applicationKey": call.application.key,
        "status": "ONGOING" if ending is None else "FINAL",
        "state": call.state.value,
        "origin": call.setup.origin.value,
        "domain": domain_of(call.to),
        "from": call.setup.cli or None,
        "to": None if call.to is None else call.to.endpoint,
        "dialled": None if call.setup.dialled is None else call.setup.dialled.endpoint,
        "cli": call.cli or None,
        "custom": call.setup.custom,
        "cookies": [{"key": key, "value": value} for key, value in call.cookies.items()],
        "conferenceId": call.conference_id,
        "menuId": None if call.menu is None else call.menu.menu_id,
        "result": "N/A" if ending is None else ending.result,
        "reason": "N/A" if ending is None else ending.reason,
        "startedAt": time_text(world, call.setup.started_ms),
        "answeredAt": None if call.answered_ms is None else time_text(world, call.answered_ms),
        "endedAt": None if ending is None else time_text(world, ending.at_ms),
        "duration": call.duration_s(world.now),
        "legs": [_leg_view(leg) for leg in call.legs if leg.address is not None],
        "heard": list(call.party.heard),
    }
    if timeline:
        view["timeline"] = [entry_view(world, entry) for entry in world.journal.of(call.id)]
    return view


def _leg_view(leg: Leg) -> Json:
    address = leg.address
    return {
        "leg": leg.name.value,
        "address": None if address is None else address.endpoint,
        "state": leg.state.value,
        "heard": list(leg.heard),
        "dtmf": leg.dtmf,
    }
