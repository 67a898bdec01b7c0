"""Shows a call as the control API does."""

from sinch_simulator.core.rest.journal_views import Json, entry_view, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.call import Call, Leg
from sinch_simulator.products.voice.callbacks.bodies import domain_of


def call_view(world: SimulatedWorld, call: Call, *, timeline: bool = True) -> Json:
    """Shows a call with its ends, and with its timeline unless that is left out."""
    ending = call.ending
    view: Json = {
        "callId": call.id,
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
