"""How a call ends: with which result and reason, what is cleared away with it, and who is told.

Source: docs/platform/voice-v2.md#4.1. The other calls of the session go on.
"""

from sinch_simulator.core.callback import Outcome
from sinch_simulator.core.effects import Finish, Log
from sinch_simulator.core.prices import debit
from sinch_simulator.core.values import frozen
from sinch_simulator.phones.signals import Cause, Release
from sinch_simulator.products.voice.v2 import bridges, detection, menus, messages, recordings, relays, streams
from sinch_simulator.products.voice.v2.addresses import rate_of
from sinch_simulator.products.voice.v2.asking import tell
from sinch_simulator.products.voice.v2.events import EventName
from sinch_simulator.products.voice.v2.session import Call, CallReason, CallResult, CallState, Direction
from sinch_simulator.products.voice.v2.svaml.model import HandlerName
from sinch_simulator.products.voice.v2.turn import Turn


@frozen
class Outcomes:
    """What a call came to, and the event that tells of it; None where nobody is told."""

    result: CallResult
    reason: CallReason
    event: EventName | None = None
    handler: HandlerName | None = None


def _hangup(result: CallResult, reason: CallReason) -> Outcomes:
    return Outcomes(result, reason, EventName.HANGUP, HandlerName.HANGUP)


R, W = CallResult, CallReason

DECLINED: dict[Cause, Outcomes] = {
    Cause.BUSY: Outcomes(R.BUSY, W.NOT_AVAILABLE, EventName.BUSY, HandlerName.BUSY),
    Cause.REJECTED: Outcomes(R.REJECTED, W.NOT_AVAILABLE, EventName.REJECTED, HandlerName.REJECT),
    Cause.NO_ANSWER: Outcomes(R.NO_ANSWER, W.NOT_AVAILABLE, EventName.TIMEOUT, HandlerName.TIMEOUT),
    Cause.UNREACHABLE: Outcomes(R.FAILED, W.ERROR, EventName.FAILED, HandlerName.FAILURE),
    Cause.CONGESTION: Outcomes(R.FAILED, W.NO_MORE_ROUTES, EventName.FAILED, HandlerName.FAILURE),
}
"""What a call comes to whose phone is not picked up."""
RANG_OUT = DECLINED[Cause.NO_ANSWER]
NOT_SET_UP = DECLINED[Cause.UNREACHABLE]
TOO_LONG = _hangup(R.COMPLETED, W.OK)
CALLEE_HUNG_UP = _hangup(R.COMPLETED, W.CALLEE_HANGUP)
CALLER_HUNG_UP = _hangup(R.COMPLETED, W.CALLER_HANGUP)
CALLER_GAVE_UP = _hangup(R.CANCEL, W.CALLER_HANGUP)
NO_SUCH_NUMBER = Outcomes(R.FAILED, W.DID_NOT_FOUND)
TURNED_AWAY = Outcomes(R.REJECTED, W.NOT_AVAILABLE)
INVALID_DOCUMENT = Outcomes(R.FAILED, W.INVALID_SCRIPT)
INVALID_DIAL = Outcomes(R.FAILED, W.INVALID_SCRIPT, EventName.FAILED, HandlerName.FAILURE)

_ORDERED = {
    CallState.DIALING: _hangup(R.CANCEL, W.MANAGER_HANGUP),
    CallState.ARRIVED: _hangup(R.REJECTED, W.MANAGER_HANGUP),
    CallState.IN_PROGRESS: _hangup(R.COMPLETED, W.MANAGER_HANGUP),
}


def end(turn: Turn, call: Call, outcome: Outcomes, *, gone: bool = False) -> None:
    """Ends a call. ``gone`` says that the person is no longer there, and need not be disconnected."""
    if not gone:
        turn.order(Release(call.id, call.leg))
    call.state = CallState.ENDED
    call.result, call.reason = outcome.result, outcome.reason
    call.ended_ms = call.updated_ms = call.session.updated_ms = turn.now
    turn.sessions[call.session.id] = call.session
    messages.stop_all(turn, call)
    menus.drop_all(turn, call)
    detection.stop(turn, call)
    relays.close(turn, call)
    streams.close(turn, call)
    bridges.leave_for_good(turn, call)
    seconds = call.duration_s(turn.now)
    limits = call.session.application.limits
    if limits is not None:
        limits.pay(debit(seconds, rate_of(call)))
    fields = {"result": outcome.result.value, "reason": outcome.reason.value, "duration": seconds}
    turn.order(Log(call.id, "call.ended", fields), Finish(call.id))
    recordings.stop_all(turn, call)
    if outcome.event is not None and outcome.handler is not None:
        tell(turn, call, outcome.event, call.events, outcome.handler)


def hang_up(turn: Turn, call: Call) -> None:
    """Ends a call because the app has ordered it; messages that play are cut off."""
    cut = next((each.messages for each in call.playbacks if each.messages is not None), None)
    if cut is not None:
        message = "hangup cuts off messages that still play: messages returns at once, and does not wait for its end."
        turn.warn(call.id, "MESSAGE_CUT_OFF", message, hint="Put hangup into the onFinish of messages.")
    end(turn, call, _ORDERED[call.state])


def hang_up_by_person(turn: Turn, call: Call) -> None:
    """Ends a call because the person has hung up."""
    if call.direction is Direction.OUTBOUND:
        outcome = DECLINED[Cause.REJECTED] if call.state is CallState.DIALING else CALLEE_HUNG_UP
    else:
        outcome = CALLER_GAVE_UP if call.state is CallState.ARRIVED else CALLER_HUNG_UP
    end(turn, call, outcome, gone=True)


def disconnect(turn: Turn, call: Call, outcome: Outcome) -> None:
    """Ends a call because no webhook has given a usable answer; nobody is told (docs/platform/voice-v2.md#4.5)."""
    reason = W.INVALID_SCRIPT if outcome is Outcome.BAD_SVAML else W.ERROR
    end(turn, call, Outcomes(R.COMPLETED if call.answered_ms is not None else R.FAILED, reason))
