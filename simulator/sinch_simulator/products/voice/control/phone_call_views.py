"""Shows the calls of other products, those of verifications, as the control API shows calls of Voice."""

from sinch_simulator.core.phone_call import CallResult, PhoneCall
from sinch_simulator.core.rest.journal_views import Json, entry_view, time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.call import CallState, LegState

_ENDINGS = {
    CallResult.ANSWERED: ("ANSWERED", "MANAGERHANGUP"),
    CallResult.COMPLETED: ("ANSWERED", "MANAGERHANGUP"),
    CallResult.NO_ANSWER: ("NOANSWER", "TIMEOUT"),
    CallResult.CANCEL: ("NOANSWER", "CANCEL"),
    CallResult.BUSY: ("BUSY", "N/A"),
    CallResult.FAILED: ("FAILED", "GENERALERROR"),
}
"""Result and reason in the words of Voice."""


def phone_call_view(world: SimulatedWorld, call: PhoneCall, *, timeline: bool = True) -> Json:
    """Shows such a call, with its timeline unless that is left out."""
    view: Json = {
        **_either_view(world, call),
        "domain": "pstn",
        "custom": call.custom,
        "cookies": [],
        "answeredAt": None if call.answered_ms is None else time_text(world, call.answered_ms),
        "duration": call.duration_s(world.now),
        "legs": [{**_leg_view(call), "heard": list(call.heard), "dtmf": ""}],
        "heard": list(call.heard),
    }
    if timeline:
        view["timeline"] = [entry_view(world, entry) for entry in world.journal.of(call.id)]
    return view


def brief_phone_call_view(world: SimulatedWorld, call: PhoneCall) -> Json:
    """Shows such a call for a list of thousands, with the count of its findings."""
    lines = world.journal.of(call.id)
    severities = [line.fields["severity"] for line in lines if line.kind == "diagnostic"]
    return {
        **_either_view(world, call),
        "method": None,
        "legs": [_leg_view(call)],
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "firstSeq": lines[0].seq if lines else 0,
        "lastSeq": lines[-1].seq if lines else 0,
    }


def _either_view(world: SimulatedWorld, call: PhoneCall) -> Json:
    about = world.about(call.id)
    result, reason = ("N/A", "N/A") if call.result is None else _ENDINGS[call.result]
    return {
        "callId": call.id,
        "protocol": "v1",
        "applicationKey": call.application.key,
        "status": "FINAL" if call.final else "ONGOING",
        "state": _state(call).value,
        "origin": call.origin,
        "verificationId": None if about is None else about.verification_id,
        "from": call.cli,
        "to": call.to,
        "dialled": call.to,
        "cli": call.cli,
        "conferenceId": None,
        "menuId": call.menu_id,
        "result": result,
        "reason": "CALLEEHANGUP" if call.hung_up_by_phone and result == "ANSWERED" else reason,
        "startedAt": time_text(world, call.dialled_ms),
        "endedAt": None if call.ended_ms is None else time_text(world, call.ended_ms),
    }


def _state(call: PhoneCall) -> CallState:
    if call.final:
        return CallState.ENDED
    if call.ringing:
        return CallState.DIALING
    return CallState.PROMPTING if call.menu_id is None else CallState.IN_MENU


def _leg_view(call: PhoneCall) -> Json:
    return {"leg": LegName.CALLEE.value, "address": call.to, "state": leg_state(call).value}


def leg_state(call: PhoneCall) -> LegState:
    """Returns how far the phone is."""
    if call.final:
        return LegState.ENDED
    return LegState.RINGING if call.ringing else LegState.ANSWERED
