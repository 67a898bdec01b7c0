"""How a verification ends: what is told to whom, and what must not happen any more."""

from typing import Any

from sinch_simulator.core.effects import CancelTimer, Log
from sinch_simulator.core.phone_call import CallResult
from sinch_simulator.core.prices import rate_for
from sinch_simulator.phones.app_signals import MissCall
from sinch_simulator.phones.signals import LegName, Release
from sinch_simulator.products.verification.callbacks import result_event
from sinch_simulator.products.verification.events import Timer
from sinch_simulator.products.verification.model import Method, Reason, State, Status, Verification

Effect = Any  # an effect of the core, or an order to a phone: no union has all of them


def end(verification: Verification, now: int, status: Status, reason: Reason | None = None) -> list[Effect]:
    """Ends a verification: its timers and its call stop, the app hears of the result, and it is paid for."""
    effects: list[Effect] = [CancelTimer(verification.id, timer.value) for timer in Timer]
    effects += stop_call(verification, now, CallResult.CANCEL)
    verification.state, verification.status, verification.reason = State.ENDED, status, reason
    verification.ended_ms = now
    account = verification.application.limits
    if account is not None and status.charged:
        account.pay(rate_for(verification.number))
    fields = {"status": status.value, "reason": None if reason is None else reason.value}
    effects.append(Log(verification.id, "verification.ended", fields))
    return [*effects, *result_event(verification)]


def stop_call(verification: Verification, now: int, result: CallResult) -> list[Effect]:
    """Hangs up, if there is a call; ``result`` is of one that nobody has answered."""
    answered = verification.call is not None and verification.call.answered_ms is not None
    return finish_call(verification, now, CallResult.ANSWERED if answered else result)


def finish_call(verification: Verification, now: int, result: CallResult) -> list[Effect]:
    """Ends the call with this result, if there is one. A flash call leaves a missed call on a phone that it reached."""
    call = verification.call
    if call is None or call.ended_ms is not None:
        return []
    call.ended_ms, call.result = now, result
    effects: list[Effect] = [CancelTimer(verification.id, each.value) for each in (Timer.DIAL, Timer.SPEECH, Timer.PIN)]
    effects.append(Release(verification.id, LegName.CALLEE))
    if verification.method is Method.FLASHCALL and result is not CallResult.FAILED:
        assert verification.cli is not None
        rang_ms = (now if call.answered_ms is None else call.answered_ms) - call.dialled_ms
        effects.append(MissCall(verification.id, verification.number, verification.cli, rang_ms))
    return effects
