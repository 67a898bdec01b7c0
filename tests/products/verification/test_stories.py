"""Verifications from start to end, by every method: what the phone gets, what the app hears, and how it ends."""

from typing import Any

import pytest

from sinch_simulator.core.callback import Outcome
from sinch_simulator.core.limits import Limits
from sinch_simulator.core.phone_call import CallResult
from sinch_simulator.core.prices import rate_for
from sinch_simulator.phones.signals import DigitPressed, HungUp, LegName
from sinch_simulator.products.verification.events import Concluded, DeviceFetched
from sinch_simulator.products.verification.model import (
    REASONS,
    CodeType,
    Method,
    Options,
    Reason,
    State,
    Status,
    Verification,
)
from support.verification_world import ALLOW, ANNA, BEN, DELIVERED, DID, REQUEST, RESULT, VerificationWorld

TEXTS = (Method.SMS, Method.WHATSAPP)
CODES = (*TEXTS, Method.CALLOUT)


def ended(verification: Verification) -> tuple[Status, Reason | None, State]:
    return verification.status, verification.reason, verification.state


# ---- texts


def test_a_code_that_is_typed_proves_the_number() -> None:
    world = VerificationWorld()
    verification = world.start(reference="order 1", custom="c")
    assert world.texts() == []
    world.advance(1)
    assert world.texts() == [f"Your verification code is {verification.code}"]
    world.report(verification, f" {verification.code} ", "manual")
    assert ended(verification) == (Status.SUCCESSFUL, None, State.ENDED)
    assert world.events(verification) == [REQUEST, DELIVERED, RESULT]
    assert world.result(verification) == {
        "id": verification.id,
        "event": RESULT,
        "method": "sms",
        "identity": {"type": "number", "endpoint": ANNA},
        "status": "SUCCESSFUL",
        "source": "manual",
        "reference": "order 1",
        "custom": "c",
    }


def test_a_whatsapp_message_has_no_delivery_event() -> None:
    world = VerificationWorld()
    verification = world.start(Method.WHATSAPP)
    world.advance(1)
    [message] = world.simulation.messages
    assert (message.channel.value, message.status.value) == ("whatsapp", "Delivered")
    world.report(verification)
    assert world.events(verification) == [REQUEST, RESULT]


def test_a_text_that_does_not_arrive_ends_it() -> None:
    world = VerificationWorld()
    world.phone(ANNA, sms={"status": "Failed"})
    verification = world.start()
    world.advance(1)
    assert ended(verification) == (Status.ERROR, Reason.SMS_DELIVERY_FAILURE, State.ENDED)
    assert world.events(verification) == [REQUEST, DELIVERED, RESULT]
    assert [each.body.get("smsResult") for each in world.sent] == [None, "Failed", None]
    assert world.texts() == []


def test_a_text_that_is_never_heard_of_can_still_be_reported() -> None:
    world = VerificationWorld()
    world.phone(ANNA, sms={"never": True})
    verification = world.start()
    world.advance(60)
    assert verification.state is State.AWAITING_DELIVERY
    world.report(verification)
    assert verification.status is Status.SUCCESSFUL


def test_the_text_of_an_aborted_verification_arrives_all_the_same_and_its_code_is_dead() -> None:
    world = VerificationWorld()
    first = world.start()
    second = world.start()
    world.advance(1)
    assert world.texts() == [f"Your verification code is {each.code}" for each in (first, second)]
    assert ended(first) == (Status.ABORTED, None, State.ENDED)
    assert "reason" not in world.result(first)
    world.report(first)
    assert (first.status, second.status) == (Status.ABORTED, Status.PENDING)
    assert [each.status.value for each in world.simulation.messages] == ["Delivered", "Delivered"]


def test_another_method_for_the_same_number_aborts_and_another_number_does_not() -> None:
    world = VerificationWorld()
    ringing = world.start(Method.FLASHCALL)
    other = world.start(to=BEN)
    text = world.start()
    assert [each.status for each in (ringing, other, text)] == [Status.ABORTED, Status.PENDING, Status.PENDING]
    assert ringing.call is not None
    assert ringing.call.result is CallResult.CANCEL
    [missed] = world.simulation.inboxes.missed_calls(ANNA)
    assert missed.cli == ringing.cli


@pytest.mark.parametrize("code_type", CodeType)
def test_codes_are_of_the_type_that_was_asked_for(code_type: CodeType) -> None:
    verification = VerificationWorld(url=None).start(options=Options(code_type=code_type))
    assert verification.code is not None
    assert len(verification.code) == 4
    assert verification.code == verification.code.upper()
    assert verification.code.isdigit() == (code_type is CodeType.NUMERIC) or code_type is CodeType.ALPHANUMERIC
    assert verification.code.isalpha() == (code_type is CodeType.ALPHA) or code_type is CodeType.ALPHANUMERIC


def test_the_same_seed_gives_the_same_ids_and_secrets() -> None:
    def secrets(seed: int) -> list[str | None]:
        world = VerificationWorld(url=None, seed=seed)
        made = [world.start(method) for method in (Method.SMS, Method.FLASHCALL, Method.CALLOUT)]
        return [each.id for each in made] + [each.secret for each in made]

    assert secrets(1) == secrets(1)
    assert secrets(1) != secrets(2)


# ---- flash calls


def test_a_flash_call_rings_for_the_dial_timeout_and_leaves_a_missed_call() -> None:
    world = VerificationWorld()
    verification = world.start(Method.FLASHCALL, options=Options(dial_timeout_ms=7000))
    world.advance(6.999)
    assert world.simulation.inboxes.missed_calls(ANNA) == []
    world.advance(0.001)
    [missed] = world.simulation.inboxes.missed_calls(ANNA)
    assert (missed.cli, missed.rang_ms, missed.call_id, missed.verification_id) == (
        verification.cli, 7000, verification.id, verification.id
    )  # fmt: skip
    assert verification.call is not None
    assert verification.call.result is CallResult.NO_ANSWER
    world.report(verification)
    assert verification.status is Status.SUCCESSFUL


@pytest.mark.parametrize(
    ("persona", "result", "rang_s"),
    [
        ({}, CallResult.NO_ANSWER, 10),
        ({"answer": {"after": 2}}, CallResult.ANSWERED, 2),
        ({"answer": {"after": 20}}, CallResult.NO_ANSWER, 10),
        ({"busy": {}}, CallResult.BUSY, 1),
        ({"reject": {}}, CallResult.BUSY, 1),
        ({"no_answer": {"after": 4}}, CallResult.NO_ANSWER, 4),
        ({"sms": {"never": True}}, CallResult.NO_ANSWER, 10),
    ],
)
def test_what_a_phone_does_with_a_flash_call(persona: dict[str, Any], result: CallResult, rang_s: int) -> None:
    world = VerificationWorld()
    world.phone(ANNA, **persona)
    verification = world.start(Method.FLASHCALL)
    world.advance(30)
    assert verification.call is not None
    assert (verification.state, verification.call.result) == (State.AWAITING_REPORT, result)
    assert [each.rang_ms for each in world.simulation.inboxes.missed_calls(ANNA)] == [rang_s * 1000]


@pytest.mark.parametrize("method", [Method.FLASHCALL, Method.CALLOUT])
@pytest.mark.parametrize("outcome", ["unreachable", "congestion"])
def test_a_phone_that_cannot_be_reached_ends_it(method: Method, outcome: str) -> None:
    world = VerificationWorld()
    world.phone(ANNA, **{outcome: {}})
    verification = world.start(method)
    assert ended(verification) == (Status.ERROR, Reason.UNREACHABLE, State.ENDED)
    assert verification.call is not None
    assert verification.call.result is CallResult.FAILED


def test_a_number_that_is_reported_may_be_written_in_any_usual_way() -> None:
    for write in (str, lambda cli: cli[1:], lambda cli: f"00{cli[1:]}", lambda cli: f"{cli[:5]} ({cli[5:]})"):
        world = VerificationWorld()
        verification = world.start(Method.FLASHCALL)
        assert verification.cli is not None
        world.report(verification, write(verification.cli), "log")
        assert (verification.status, verification.source) == (Status.SUCCESSFUL, "log")
        world.advance(20)
        assert [each.rang_ms for each in world.simulation.inboxes.missed_calls(ANNA)] == [0]


# ---- phone calls


def test_a_phone_call_speaks_the_code_twice_and_hangs_up() -> None:
    world = VerificationWorld()
    verification = world.start(Method.CALLOUT, options=Options(locale="sv-SE"))
    world.advance(2)
    assert verification.call is not None
    assert verification.call.heard == [
        f"Din verifieringskod är {verification.code}. En gång till: {verification.code}."
    ]
    assert verification.call.ended_ms is None
    world.advance(20)
    assert verification.call.result is CallResult.COMPLETED
    world.report(verification)
    assert verification.status is Status.SUCCESSFUL


def test_a_code_may_be_reported_before_all_has_been_said_and_then_the_call_ends() -> None:
    world = VerificationWorld()
    verification = world.start(Method.CALLOUT)
    world.advance(3)
    world.report(verification)
    assert verification.call is not None
    assert verification.call.result is CallResult.ANSWERED
    assert world.kinds(verification).count("leg.released") == 1


def test_who_hangs_up_early_has_the_code_that_was_said_so_far() -> None:
    world = VerificationWorld()
    world.phone(ANNA, answer={"after": 1}, then=[{"wait": 1}, {"hang_up": True}])
    verification = world.start(Method.CALLOUT)
    world.advance(60)
    assert verification.call is not None
    assert (verification.call.result, verification.state) == (CallResult.ANSWERED, State.AWAITING_REPORT)


@pytest.mark.parametrize(
    ("persona", "result", "ended_s"),
    [
        ({"busy": {}}, CallResult.BUSY, 1),
        ({"reject": {}}, CallResult.BUSY, 1),
        ({"no_answer": {}}, CallResult.NO_ANSWER, 30),
    ],
)
def test_a_phone_call_that_nobody_answers_says_nothing(
    persona: dict[str, Any], result: CallResult, ended_s: int
) -> None:
    world = VerificationWorld()
    world.phone(ANNA, **persona)
    verification = world.start(Method.CALLOUT)
    world.advance(60)
    call = verification.call
    assert call is not None
    assert (call.result, call.ended_ms, call.heard) == (result, ended_s * 1000, [])
    assert verification.state is State.AWAITING_REPORT


def old_style(**callout: Any) -> VerificationWorld:
    world = VerificationWorld(reply={"action": "allow", "callout": callout})
    world.phone(ANNA, answer={"after": 1})
    return world


@pytest.mark.parametrize(
    ("callout", "heard", "keys"),
    [
        ({"ttsMenu": "Press {pin} now", "pin": "42"}, "Press 42 now", "1942"),
        ({"ttsMenu": "Press {pin}"}, "Press 1", "1"),
        ({"pin": "7"}, "To verify your number, press 7.", "7"),
        ({"wavFile": "https://app.test/press.wav", "pin": "#"}, "https://app.test/press.wav", "0#"),
    ],
)
def test_an_old_reply_asks_for_keys(callout: dict[str, Any], heard: str, keys: str) -> None:
    world = old_style(**callout)
    verification = world.start(Method.CALLOUT)
    world.advance(2)
    assert verification.call is not None
    assert (verification.state, verification.call.heard, verification.code) == (State.AWAITING_PIN, [heard], None)
    for key in keys:
        assert verification.status is Status.PENDING
        world.simulation.receive(DigitPressed(verification.id, LegName.CALLEE, key))
    assert ended(verification) == (Status.SUCCESSFUL, None, State.ENDED)


def test_who_hangs_up_without_the_key_has_not_proven_anything() -> None:
    world = old_style(pin="1")
    verification = world.start(Method.CALLOUT)
    world.advance(2)
    world.simulation.receive(HungUp(verification.id, LegName.CALLEE))
    assert ended(verification) == (Status.FAIL, Reason.HUNG_UP, State.ENDED)


def test_nor_has_who_presses_nothing_for_too_long() -> None:
    world = old_style(pin="1", timeout=5)
    verification = world.start(Method.CALLOUT)
    world.advance(1 + 3 + 5)
    assert ended(verification) == (Status.FAIL, Reason.HUNG_UP, State.ENDED)


# ---- mobile data


@pytest.mark.parametrize(
    ("data", "status"),
    [(None, Status.SUCCESSFUL), ("carrier", Status.SUCCESSFUL), ("wifi", Status.FAIL), (BEN, Status.FAIL)],
)
def test_the_sim_of_the_phone_decides_about_mobile_data(data: str | None, status: Status) -> None:
    world = VerificationWorld()
    if data is not None:
        world.phone(ANNA, data=data)
    verification = world.start(Method.SEAMLESS)
    world.simulation.receive(DeviceFetched(verification.id))
    world.advance(0)
    assert ended(verification) == (status, None, State.ENDED)


# ---- an app on the phone


@pytest.mark.parametrize("method", [Method.SMS, Method.FLASHCALL, Method.CALLOUT, Method.WHATSAPP])
def test_an_app_on_the_phone_reports_what_has_arrived(method: Method) -> None:
    world = VerificationWorld()
    world.phone(ANNA, app={"reports": "right", "after": 3})
    verification = world.start(method)
    world.advance(2.9)
    assert verification.status is Status.PENDING
    world.advance(10)
    assert (verification.status, verification.source) == (Status.SUCCESSFUL, "manual")


def test_an_app_may_report_what_is_wrong_or_a_text() -> None:
    for reports in ("wrong", "1x"):
        world = VerificationWorld()
        world.phone(ANNA, app={"reports": reports, "after": 0})
        verification = world.start()
        world.advance(1)
        assert (verification.status, verification.attempts) == (Status.PENDING, 1)


def test_an_app_that_intercepts_declines_the_call_in_the_moment_in_which_it_rings() -> None:
    world = VerificationWorld()
    world.phone(ANNA, app={"source": "intercepted", "after": 1})
    verification = world.start(Method.FLASHCALL)
    assert [each.rang_ms for each in world.simulation.inboxes.missed_calls(ANNA)] == [0]
    world.advance(1)
    assert (verification.status, verification.source) == (Status.SUCCESSFUL, "intercepted")


# ---- reports, and what ends it otherwise


@pytest.mark.parametrize("method", [*CODES, Method.FLASHCALL])
def test_the_third_wrong_report_ends_it(method: Method) -> None:
    world = VerificationWorld()
    verification = world.start(method)
    for _ in range(2):
        world.report(verification, "wrong")
        assert verification.status is Status.PENDING
    world.report(verification, "wrong")
    reason = Reason.INVALID_CLI if method is Method.FLASHCALL else Reason.INVALID_CODE
    assert ended(verification) == (Status.FAIL, reason, State.ENDED)
    assert world.codes(verification) == ["VERIFICATION_WRONG_CODE"] * 3
    world.report(verification)
    assert verification.status is Status.FAIL
    assert world.events(verification).count(RESULT) == 1


@pytest.mark.parametrize(
    ("method", "options", "life_s"),
    [
        (Method.SMS, Options(), 300),
        (Method.SMS, Options(expiry_ms=86_400_000), 86_400),
        (Method.WHATSAPP, Options(), 300),
        (Method.CALLOUT, Options(), 300),
        (Method.SEAMLESS, Options(), 300),
        (Method.FLASHCALL, Options(), 75),
        (Method.FLASHCALL, Options(interception_s=5), 35),
    ],
)
def test_it_expires(method: Method, options: Options, life_s: float) -> None:
    world = VerificationWorld()
    verification = world.start(method, options=options)
    world.advance(life_s - 0.001)
    assert verification.status is Status.PENDING
    world.advance(0.001)
    assert ended(verification) == (Status.FAIL, Reason.EXPIRED, State.ENDED)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(status, reason) for status, reasons in REASONS.items() for reason in reasons]
    + [(Status.ABORTED, None), (Status.SUCCESSFUL, None)],
)
def test_every_reason_can_be_reached_and_is_told(status: Status, reason: Reason | None) -> None:
    world = VerificationWorld()
    verification = world.start()
    world.simulation.receive(Concluded(verification.id, status, reason))
    world.advance(0)
    assert ended(verification) == (status, reason, State.ENDED)
    assert world.result(verification).get("reason") == (None if reason is None else reason.value)


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.PENDING])
def test_what_failed_before_it_reached_anybody_costs_nothing(status: Status) -> None:
    world = VerificationWorld(url=None)
    world.application.limits = Limits(credit=10_000)
    verification = world.start()
    world.simulation.receive(Concluded(verification.id, status, None))
    paid = 0 if status in (Status.DENIED, Status.ERROR) else rate_for(ANNA)
    assert world.application.limits.credit == 10_000 - paid


# ---- the app is asked


def test_nothing_happens_to_the_phone_before_the_app_has_answered() -> None:
    world = VerificationWorld()
    verification = world.start(settle=False, languages=("sv-SE", "en"))
    assert verification.state is State.AWAITING_CALLBACK
    assert "text.sent" not in world.kinds(verification)
    world.advance(0)
    [asked] = world.sent
    assert asked.body == {
        "id": verification.id,
        "event": REQUEST,
        "method": "sms",
        "identity": {"type": "number", "endpoint": ANNA},
        "price": {"currencyId": "USD", "amount": rate_for(ANNA) / 10_000},
        "rate": {"currencyId": "USD", "amount": 0.0},
        "acceptLanguage": ["sv-SE", "en"],
    }
    assert "text.sent" in world.kinds(verification)


def test_without_a_callback_url_no_event_is_sent() -> None:
    world = VerificationWorld(url=None)
    verification = world.start()
    world.advance(1)
    world.report(verification)
    assert world.sent == []


def test_the_app_may_deny() -> None:
    world = VerificationWorld(reply={"action": "DENY"})
    verification = world.start()
    assert ended(verification) == (Status.DENIED, Reason.DENIED_BY_CALLBACK, State.ENDED)
    assert world.events(verification) == [REQUEST, RESULT]
    world.advance(5)
    assert world.texts() == []


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.BAD_STATUS])
def test_an_app_that_does_not_answer_denies(outcome: Outcome) -> None:
    world = VerificationWorld(reply=outcome)
    verification = world.start()
    assert ended(verification) == (Status.DENIED, Reason.INVALID_CALLBACK, State.ENDED)


def test_what_the_app_says_counts_before_what_the_request_says() -> None:
    world = VerificationWorld(reply={"action": "allow", "sms": {"codeType": "Alpha", "expiry": "00:00:30"}})
    verification = world.start(options=Options(code_type=CodeType.NUMERIC, expiry_ms=60_000))
    assert verification.code is not None
    assert verification.code.isalpha()
    world.advance(30)
    assert verification.reason is Reason.EXPIRED


def test_the_app_gives_the_code_or_the_number() -> None:
    world = VerificationWorld(reply={"action": "allow", "sms": {"code": "AB-12"}})
    assert world.start().code == "AB-12"
    world = VerificationWorld(reply={"action": "allow", "callout": {"code": "999999", "speech": {"locale": "es_ES"}}})
    spoken = world.start(Method.CALLOUT)
    world.advance(2)
    assert spoken.call is not None
    assert spoken.call.heard == ["Tu código de verificación es 999999. Repito: 999999."]
    world = VerificationWorld(reply={"action": "allow", "flashCall": {"cli": DID, "dialTimeout": 5}})
    ringing = world.start(Method.FLASHCALL)
    world.advance(5)
    assert (ringing.cli, ringing.state) == (DID, State.AWAITING_REPORT)


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    world = VerificationWorld(reply=dict(ALLOW))
    first = world.start(settle=False)
    second = world.start(settle=False)
    world.advance(1)
    assert (first.status, second.state) == (Status.ABORTED, State.AWAITING_REPORT)
    assert len(world.texts()) == 1
    assert "ignored" in world.kinds(first)
