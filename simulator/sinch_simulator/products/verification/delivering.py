"""What the phone does with the text or the call, and what that means for the verification."""

from sinch_simulator.core.effects import CancelTimer, SetTimer, TimerFired
from sinch_simulator.core.phone_call import CallResult
from sinch_simulator.core.speech import FILE_MS, speech_ms
from sinch_simulator.phones.app_signals import MobileDataUsed, ShowToApp, UseMobileData
from sinch_simulator.phones.signals import (
    Answered,
    Cause,
    Declined,
    DigitPressed,
    HungUp,
    LegName,
    OpenMenu,
    Play,
    TextDelivered,
    TextFailed,
)
from sinch_simulator.products.verification.callbacks import delivered_event
from sinch_simulator.products.verification.ending import Effect, end, finish_call
from sinch_simulator.products.verification.events import DeviceFetched, Timer
from sinch_simulator.products.verification.languages import PLACE
from sinch_simulator.products.verification.launching import DEFAULT_PIN, asks_for_key
from sinch_simulator.products.verification.model import Reason, State, Status, Verification

PIN_MENU = "To verify your number, press {pin}."
"""What is said when a reply asks for a key without saying how (*assumed*)."""
MENU_ID = "verification"
PIN_TIMEOUT_MS = 10_000
"""How long the keys are waited for after that (*assumed*)."""

_RESULTS = {
    Cause.BUSY: CallResult.BUSY,
    Cause.REJECTED: CallResult.BUSY,
    Cause.NO_ANSWER: CallResult.NO_ANSWER,
}
"""What the result of a call is that was not answered; a network has one word for who is busy and who declines."""


# ---- texts


def deliver(verification: Verification, event: TextDelivered, now: int) -> list[Effect]:
    """Lets the app hear that the text has arrived; an app on the phone reads it."""
    verification.state = State.AWAITING_REPORT
    assert verification.code is not None
    shown = ShowToApp(verification.id, verification.number, verification.code)
    return [*delivered_event(verification, successful=True), shown]


def fail_delivery(verification: Verification, event: TextFailed, now: int) -> list[Effect]:
    """Ends the verification: its text will not arrive."""
    told = delivered_event(verification, successful=False)
    return told + end(verification, now, Status.ERROR, Reason.SMS_DELIVERY_FAILURE)


# ---- calls


def stop_ringing(verification: Verification, event: TimerFired, now: int) -> list[Effect]:
    """Gives the call up, which has rung for long enough. Its secret can still be reported."""
    verification.state = State.AWAITING_REPORT
    return finish_call(verification, now, CallResult.NO_ANSWER)


def be_declined(verification: Verification, event: Declined, now: int) -> list[Effect]:
    """Goes on without the call, or ends the verification when the phone could not be reached at all."""
    result = _RESULTS.get(event.cause)
    if result is None:
        stopped = finish_call(verification, now, CallResult.FAILED)
        return stopped + end(verification, now, Status.ERROR, Reason.UNREACHABLE)
    verification.state = State.AWAITING_REPORT
    return finish_call(verification, now, result)


def turn_down(verification: Verification, event: HungUp, now: int) -> list[Effect]:
    """Goes on without the call: whoever it rang at has turned it down."""
    verification.state = State.AWAITING_REPORT
    return finish_call(verification, now, CallResult.BUSY)


def pick_up_flash_call(verification: Verification, event: Answered, now: int) -> list[Effect]:
    """Hangs up: nobody has anything to say in a flash call."""
    assert verification.call is not None
    verification.call.answered_ms = now
    verification.state = State.AWAITING_REPORT
    return finish_call(verification, now, CallResult.ANSWERED)


def pick_up(verification: Verification, event: Answered, now: int) -> list[Effect]:
    """Speaks the code, or asks for a key."""
    call = verification.call
    assert call is not None
    call.answered_ms = now
    stop = CancelTimer(verification.id, Timer.DIAL.value)
    if asks_for_key(verification):
        verification.state = State.AWAITING_PIN
        return [stop, *_ask_for_key(verification)]
    verification.state = State.AWAITING_REPORT
    assert verification.template is not None
    assert verification.code is not None
    text = verification.template.replace(PLACE, verification.code)
    play = _play(verification, text)
    shown = ShowToApp(verification.id, verification.number, verification.code)
    return [stop, play, SetTimer(verification.id, Timer.SPEECH.value, play.duration_ms), shown]


def _ask_for_key(verification: Verification) -> list[Effect]:
    options = verification.options
    if options.menu_is_file:
        assert options.menu is not None
        play = _play(verification, options.menu, spoken=False)
    else:
        play = _play(verification, (options.menu or PIN_MENU).replace("{pin}", pin_of(verification)))
    wait_ms = play.duration_ms + (options.pin_timeout_ms or PIN_TIMEOUT_MS)
    assert verification.call is not None
    verification.call.menu_id = MENU_ID
    menu = OpenMenu(verification.id, LegName.CALLEE, MENU_ID)
    return [play, menu, SetTimer(verification.id, Timer.PIN.value, wait_ms)]


def _play(verification: Verification, text: str, *, spoken: bool = True) -> Play:
    assert verification.call is not None
    verification.call.heard.append(text)
    locale = verification.options.locale or "en-US"
    duration_ms = speech_ms(text, locale) if spoken else FILE_MS
    return Play(verification.id, LegName.CALLEE, text, duration_ms, locale, spoken)


def pin_of(verification: Verification) -> str:
    """Returns the keys that must be pressed."""
    return verification.options.pin or DEFAULT_PIN


def finish_speaking(verification: Verification, event: TimerFired, now: int) -> list[Effect]:
    """Hangs up: all has been said."""
    return finish_call(verification, now, CallResult.COMPLETED)


def note_hang_up(verification: Verification, event: HungUp, now: int) -> list[Effect]:
    """Notes that whoever was called has hung up before everything was said; the code counts all the same."""
    if verification.call is not None and verification.call.ended_ms is None:
        verification.call.hung_up_by_phone = True
    return finish_call(verification, now, CallResult.ANSWERED)


def press(verification: Verification, event: DigitPressed, now: int) -> list[Effect]:
    """Ends the verification when the last of the keys that were asked for has been pressed."""
    call = verification.call
    assert call is not None
    call.pressed += event.digit
    if not call.pressed.endswith(pin_of(verification)):
        return []
    return end(verification, now, Status.SUCCESSFUL)


def hang_up_without_key(verification: Verification, event: HungUp | TimerFired, now: int) -> list[Effect]:
    """Ends the verification: who was called has hung up, or has pressed nothing for too long."""
    call = verification.call
    assert call is not None
    call.hung_up_by_phone = isinstance(event, HungUp)
    stopped = finish_call(verification, now, CallResult.ANSWERED)
    return stopped + end(verification, now, Status.FAIL, Reason.HUNG_UP)


# ---- mobile data


def ask_whose_data(verification: Verification, event: DeviceFetched, now: int) -> list[Effect]:
    """Asks the network whose SIM has carried the request of the device."""
    return [UseMobileData(verification.id, verification.number)]


def compare_sim(verification: Verification, event: MobileDataUsed, now: int) -> list[Effect]:
    """Ends the verification: it was the SIM of the number, or another one, or none."""
    return end(verification, now, Status.SUCCESSFUL if event.number == verification.number else Status.FAIL)
