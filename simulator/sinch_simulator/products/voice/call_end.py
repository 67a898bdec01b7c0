"""How a call ends: with which result and reason, and what is cleared away with it (docs/platform/lifecycle.md#2)."""

from sinch_simulator.core.callback import AppFailed
from sinch_simulator.core.effects import Finish, Log
from sinch_simulator.phones.signals import Cause, LegName, Release
from sinch_simulator.products.voice.call import Call, CallState, Ending, Leg, LegState
from sinch_simulator.products.voice.callbacks.rules import dice_owed, dice_withheld, tell
from sinch_simulator.products.voice.charging import cost
from sinch_simulator.products.voice.effects import Effect, Leave, Notice
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.recording_transitions import stop_with_call

# DiCE names more reasons than GET call does (docs/platform/lifecycle.md#2, rows 9, 13, 15).
_REST_REASONS = {
    "CONGESTION": "GENERALERROR",
    "USERNOTFOUND": "GENERALERROR",
    "CALLBACKERROR": "GENERALERROR",
    "CLIENTNETWORK": "GENERALERROR",
    "ESTABLISHED": "N/A",
    "OTHERPEERANSWERED": "N/A",
}

DECLINED: dict[Cause, tuple[str, str]] = {
    Cause.BUSY: ("BUSY", "N/A"),
    Cause.REJECTED: ("BUSY", "CANCEL"),
    Cause.NO_ANSWER: ("NOANSWER", "N/A"),
    Cause.UNREACHABLE: ("FAILED", "GENERALERROR"),
    Cause.CONGESTION: ("FAILED", "CONGESTION"),
}
"""Result and reason of a leg that was not answered (docs/platform/lifecycle.md#2, rows 5 to 10)."""


def end(call: Call, now: int, *, result: str, reason: str, rest_reason: str | None = None) -> list[Effect]:
    """Ends the call for both ends, and tells the app if it is owed that."""
    effects: list[Effect] = [] if call.attendance is None else [Leave(call.id, call.attendance.room)]
    for leg in call.legs:
        effects += release(call, leg)
    call.state = CallState.ENDED
    call.ending = Ending(now, result, reason, rest_reason or _REST_REASONS.get(reason, reason))
    call.program = None
    call.menu = None
    call.parking = None
    call.awaited = None
    if call.application.limits is not None:
        call.application.limits.pay(cost(call, now))
    effects.append(
        Log(call.id, "call.ended", {"result": result, "reason": reason, "duration": call.duration_s(now)})
    )
    effects.append(Finish(call.id))
    if dice_owed(call):
        effects += tell(call, CallbackEvent.DICE)
    else:
        effects += dice_withheld(call)
    if call.recordings:
        effects += stop_with_call(call, now)
    return effects


def release(call: Call, leg: Leg) -> list[Effect]:
    """Lets whoever is at this end go, if anybody is."""
    if not leg.present:
        return []
    leg.state = LegState.ENDED
    return [Release(call.id, leg.name)]


def hang_up(call: Call, now: int) -> list[Effect]:
    """Ends the call for the app, or for the platform: MANAGERHANGUP."""
    if call.answered:
        return end(call, now, result="ANSWERED", reason="MANAGERHANGUP")
    ringing = call.callee.state is LegState.RINGING
    return end(call, now, result="NOANSWER" if ringing else "N/A", reason="MANAGERHANGUP")


def leave(call: Call, leg: LegName, now: int, *, lost_network: bool = False) -> list[Effect]:
    """Ends the call because a person has hung up."""
    call.leg(leg).state = LegState.ENDED
    if not call.answered:
        return end(call, now, result="NOANSWER", reason="CANCEL")
    reason = "CALLERHANGUP" if leg is LegName.CALLER else "CALLEEHANGUP"
    return end(call, now, result="ANSWERED", reason="CLIENTNETWORK" if lost_network else reason)


def fail_illegal_reply(call: Call, event: AppFailed, now: int) -> list[Effect]:
    """Ends the call because the app's reply was read and found illegal."""
    return fail_illegal(call, now, event.diagnostics[0].message if event.diagnostics else "illegal SVAML")


def fail_illegal(call: Call, now: int, message: str) -> list[Effect]:
    """Tells the app by Notify that its SVAML is illegal, then ends the call (docs/platform/callbacks.md#1.1)."""
    notice = Notice("callingerror", error_code=40001, error_message=message)
    return [
        *tell(call, CallbackEvent.NOTIFY, notice=notice),
        *end(
            call,
            now,
            result="ANSWERED" if call.answered else "FAILED",
            reason="GENERALERROR",
            rest_reason="INVALIDSVAMLACTION",
        ),
    ]
