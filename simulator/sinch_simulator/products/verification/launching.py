"""From the request to the phone: the app is asked, a language and a secret are picked, a text or a call goes out."""

from sinch_simulator.core.callback import AppFailed, AppReplied
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Diagnose, SetTimer
from sinch_simulator.core.phone_call import PhoneCall
from sinch_simulator.phones.app_signals import ShowToApp
from sinch_simulator.phones.signals import Invite, LegName, SendText
from sinch_simulator.products.verification.callbacks import REQUEST_EVENT, request_event
from sinch_simulator.products.verification.codes import make_cli, make_code
from sinch_simulator.products.verification.ending import Effect, end
from sinch_simulator.products.verification.events import Started, Timer
from sinch_simulator.products.verification.languages import PLACE, choose, spoken_template
from sinch_simulator.products.verification.model import (
    CALLOUT_DIAL_MS,
    FLASH_DIAL_MS,
    Method,
    Reason,
    State,
    Status,
    Verification,
    life_ms,
)
from sinch_simulator.products.verification.replies import Reply

SENDER = "Sinch"
"""Whom a phone shows as the sender of a text (docs/platform/verification.md#7.4)."""
CALLOUT_CLI = "+14045550198"
"""From which number a phone call comes that speaks a code (*assumed*)."""
ORIGIN = "verification"
"""What the calls of verifications say of themselves in the list of calls."""
DEFAULT_PIN = "1"
"""What must be pressed when a reply asks for a key and does not say which (docs/platform/verification.md#3.5)."""


def start(verification: Verification, event: Started, now: int) -> list[Effect]:
    """Asks the app, or begins at once when it has no callback URL."""
    if verification.application.verification.callback_url is None:
        return _launch(verification, now, ())
    verification.state = State.AWAITING_CALLBACK
    life = SetTimer(verification.id, Timer.EXPIRY.value, verification.expires_ms - now)
    return [life, *request_event(verification)]


def obey(verification: Verification, event: AppReplied, now: int) -> list[Effect]:
    """Does what the app's reply says."""
    reply = event.answer
    assert isinstance(reply, Reply)
    if not reply.allowed:
        return end(verification, now, Status.DENIED, Reason.DENIED_BY_CALLBACK)
    verification.options = reply.options.over(verification.request.options)
    verification.expires_ms = verification.started_ms + life_ms(verification.method, verification.options)
    return _launch(verification, now, reply.languages)


def refuse(verification: Verification, event: AppFailed, now: int) -> list[Effect]:
    """Ends a verification about which the app has said nothing that is of use."""
    return end(verification, now, Status.DENIED, Reason.INVALID_CALLBACK)


def _launch(verification: Verification, now: int, languages: tuple[str, ...]) -> list[Effect]:
    """Sends the text, places the call, or waits for the device."""
    left_ms = max(verification.expires_ms - now, 0)
    effects: list[Effect] = [SetTimer(verification.id, Timer.EXPIRY.value, left_ms)]
    if verification.method.is_text:
        return effects + _send_text(verification, languages)
    if verification.method is Method.FLASHCALL:
        return effects + _ring(verification, now)
    if verification.method is Method.CALLOUT:
        return effects + _call(verification, now)
    verification.state = State.AWAITING_DEVICE
    return effects


def _send_text(verification: Verification, languages: tuple[str, ...]) -> list[Effect]:
    request, options = verification.request, verification.options
    locale = () if request.locale is None else (request.locale,)
    language = choose((languages, request.languages, locale), verification.application.verification.language)
    verification.language = language.locale
    verification.template = options.template or language.template
    verification.code = options.code or make_code(verification.id, verification.code_type)
    verification.state = State.AWAITING_DELIVERY
    text = verification.template.replace(PLACE, verification.code)
    effects: list[Effect] = [SendText(verification.id, verification.number, SENDER, text)]
    if language.asked_in_vain is not None and options.template is None:
        message = f"There is no text in {language.asked_in_vain}: it is sent in {language.locale}."
        hint = "Read the header Content-Language of the answer: it says which language was sent."
        effects.append(_told(verification, "VERIFICATION_LANGUAGE_FALLBACK", message, hint))
    return effects


def _ring(verification: Verification, now: int) -> list[Effect]:
    cli = verification.cli = verification.options.cli or make_cli(verification.id)
    verification.call = _placed(verification, cli, now)
    verification.state = State.AWAITING_RING
    dial_ms = verification.options.dial_timeout_ms or FLASH_DIAL_MS
    return [
        SetTimer(verification.id, Timer.DIAL.value, dial_ms),
        Invite(verification.id, LegName.CALLEE, verification.request.address, cli, flash=True),
        ShowToApp(verification.id, verification.number, cli, rings=True),
    ]


def _call(verification: Verification, now: int) -> list[Effect]:
    if asks_for_key(verification):
        verification.code = None
    else:
        verification.code = verification.options.code or make_code(verification.id, verification.code_type)
        verification.language = verification.options.locale or "en-US"
        verification.template = spoken_template(verification.language)
    verification.call = _placed(verification, CALLOUT_CLI, now)
    verification.state = State.AWAITING_ANSWER
    return [
        SetTimer(verification.id, Timer.DIAL.value, CALLOUT_DIAL_MS),
        Invite(verification.id, LegName.CALLEE, verification.request.address, CALLOUT_CLI),
    ]


def _placed(verification: Verification, cli: str, now: int) -> PhoneCall:
    request = verification.request
    return PhoneCall(verification.id, verification.application, ORIGIN, cli, request.number, now, request.custom)


def asks_for_key(verification: Verification) -> bool:
    """Returns whether the phone call asks for a key in place of speaking a code: a reply of the old kind says so."""
    return verification.options.pin is not None or verification.options.menu is not None


def _told(verification: Verification, code: str, message: str, hint: str) -> Diagnose:
    return Diagnose(verification.id, Diagnostic(code, Severity.INFO, "", message, hint), REQUEST_EVENT)
