"""While the call stands: prompts end, keys are pressed, somebody speaks, time runs out, people hang up."""

from sinch_simulator.core.callback import AppFailed, AppReplied, Outcome
from sinch_simulator.core.effects import Log, TimerFired
from sinch_simulator.phones.signals import (
    AmdReason,
    AmdStatus,
    AmdVerdict,
    Beep,
    Beeped,
    DigitPressed,
    HungUp,
    SendDigits,
    Spoke,
)
from sinch_simulator.products.voice import menu as menus
from sinch_simulator.products.voice import parking
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.call_end import end, fail_illegal_reply, hang_up, leave
from sinch_simulator.products.voice.callbacks.rules import ask, is_data_call, pie_owed, tell, warn
from sinch_simulator.products.voice.effects import Effect, MenuResult, Notice
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.menu import MenuEvent
from sinch_simulator.products.voice.run_actions import obey, proceed, run
from sinch_simulator.products.voice.svaml.model import ReportCallStatus, Svaml


def go_on(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Goes on when a prompt of a reply has ended."""
    assert call.program is not None
    return run(call, call.program, now)


def press(call: Call, event: DigitPressed, now: int) -> list[Effect]:
    """Gives a key to the menu; a key of the other party is heard by nobody."""
    assert call.menu is not None
    if event.leg is not call.menu.leg:
        return []
    return _collected(call, menus.step(call, call.menu, MenuEvent.KEY, event.digit), now)


def speak(call: Call, event: Spoke, now: int) -> list[Effect]:
    """Words for the menu."""
    assert call.menu is not None
    if event.leg is not call.menu.leg:
        return []
    return _collected(call, menus.step(call, call.menu, MenuEvent.SPEECH, event.text), now)


def fall_silent(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Goes on when the menu has waited long enough."""
    assert call.menu is not None
    return _collected(call, menus.step(call, call.menu, MenuEvent.SILENCE), now)


def menu_prompt_over(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Goes on when a prompt of the menu has ended."""
    assert call.menu is not None
    return _collected(call, menus.step(call, call.menu, MenuEvent.PROMPT_OVER), now)


def leave_menu(call: Call, event: HungUp, now: int) -> list[Effect]:
    """Ends the call when somebody hangs up inside a menu; PIE says so before."""
    assert call.menu is not None
    told: list[Effect] = []
    if event.leg is call.menu.leg and pie_owed(call) and not call.has_document(CallbackEvent.PIE):
        told = tell(call, CallbackEvent.PIE, menu_result=menus.hung_up(call.menu))
    return told + leave(call, event.leg, now, lost_network=event.lost_network)


def _collected(call: Call, step: menus.Step, now: int) -> list[Effect]:
    effects, result = step
    if result is None:
        return effects
    outcome: dict[str, str] = {"menuId": result.menu_id, "type": result.type, "value": result.value}
    effects.append(Log(call.id, "menu.result", dict(outcome)))
    return effects + _put_to_app(call, result, now)


def _put_to_app(call: Call, result: MenuResult, now: int) -> list[Effect]:
    if is_data_call(call):
        message = "PIE is not sent for calls of in-app users: the menu has no consequence and the call is ended."
        hint = "Keep menus for phones, or ask in the app."
        return [warn(call, "PIE_DATA_CALL", message, hint=hint), *hang_up(call, now)]
    if pie_owed(call):
        return ask(call, CallbackEvent.PIE, menu_result=result)
    return proceed(call, now, event=CallbackEvent.PIE)


def obey_pie(call: Call, event: AppReplied, now: int) -> list[Effect]:
    """Does what the reply to PIE says."""
    call.awaited = None
    assert isinstance(event.answer, Svaml)
    return obey(call, event.answer, now, event=CallbackEvent.PIE, callback_id=event.callback_id)


def fail_pie(call: Call, event: AppFailed, now: int) -> list[Effect]:
    """Disconnects the call: there is no usable reply to PIE (docs/platform/callbacks.md#1.1)."""
    call.awaited = None
    if event.outcome is Outcome.BAD_SVAML:
        return fail_illegal_reply(call, event, now)
    return end(call, now, result="ANSWERED", reason="CALLBACKERROR")


def pass_tone(call: Call, event: DigitPressed, now: int) -> list[Effect]:
    """Lets one of two people who talk hear a key that the other has pressed."""
    other = call.leg(event.leg.other)
    if not other.present:
        return []
    other.dtmf += event.digit
    return [SendDigits(call.id, other.name, event.digit)]


def parked_prompt_over(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Goes on when a prompt to a parked caller has ended."""
    assert call.parking is not None
    return parking.prompt_over(call, call.parking, now)


def park_over(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Goes on when the call has been parked for as long as it may."""
    assert call.parking is not None
    return parking.expire(call, call.parking, now)


def hung_up(call: Call, event: HungUp, now: int) -> list[Effect]:
    """Ends the call because somebody hangs up; a reply still awaited is discarded (docs/platform/callbacks.md#9)."""
    return leave(call, event.leg, now, lost_network=event.lost_network)


def time_out(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Ends the call because it has lasted as long as it may."""
    return end(call, now, result="ANSWERED", reason="TIMEOUT")


def run_out_of_credit(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Ends the call because the account has no credit for another minute (docs/platform/lifecycle.md#2, row 12)."""
    return end(call, now, result="ANSWERED", reason="NOCREDITPARTNER")


def report_verdict(call: Call, event: TimerFired, now: int) -> list[Effect]:
    """Asynchronous detection has come to a verdict."""
    return tell(call, CallbackEvent.NOTIFY, notice=Notice("amd"), verdict=call.verdict)


def hear_beep(call: Call, event: Beeped, now: int) -> list[Effect]:
    """Lets whoever else is on the line hear that a machine beeps; under asynchronous detection the app is told."""
    effects: list[Effect] = []
    listener = call.leg(event.leg.other)
    if listener.present:
        effects.append(Beep(call.id, listener.name))
    detection = call.outgoing.amd if call.outgoing is not None else None
    machine = call.verdict is not None and call.verdict.status is AmdStatus.MACHINE
    if detection is not None and detection.asynchronous and machine:
        assert call.answered_ms is not None
        beep = AmdVerdict(AmdStatus.MACHINE, AmdReason.BEEP, now - call.answered_ms)
        effects += tell(call, CallbackEvent.NOTIFY, notice=Notice("amd_beep"), verdict=beep)
    return effects


def note_report(call: Call, event: AppReplied, now: int) -> list[Effect]:
    """Notes the app's own view of the call, which the reply to DiCE may carry (docs/platform/callbacks.md#6)."""
    instructions = event.answer.instructions if isinstance(event.answer, Svaml) else ()
    return [
        Log(call.id, "status.reported", {"value": report.value, "details": report.details})
        for report in instructions
        if isinstance(report, ReportCallStatus)
    ]
