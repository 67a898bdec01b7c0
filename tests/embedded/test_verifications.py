"""What a test sees of verifications: secrets, texts, missed calls, phones whose apps report by themselves."""

import json
import urllib.request

import pytest

from sinch_simulator import blocking
from support.app_that_verifies import ANNA, ask, start


def test_a_test_reads_the_text_and_types_the_code(app: blocking.Application) -> None:
    start(app, reference="order 1", custom="c")
    text = app.phone(ANNA).sms.wait()
    verification = app.verifications[-1]
    assert text.text == f"Your verification code is {verification.code}"
    assert (verification.status, verification.reference, verification.custom) == ("PENDING", "order 1", "c")
    assert (verification.method, verification.number, verification.attempts_left) == ("sms", ANNA, 3)
    ask(app, "PUT", f"/id/{verification.id}", {"method": "sms", "sms": {"code": verification.code}})
    assert (app.verifications[-1].status, app.verifications[-1].reason) == ("SUCCESSFUL", None)
    assert verification.status == "PENDING"


def test_a_flash_call_is_a_missed_call(app: blocking.Application) -> None:
    start(app, "flashcall")
    assert app.phone(ANNA).missed_calls == []
    app.advance(seconds=10)
    [missed] = app.phone(ANNA).missed_calls
    verification = app.verifications[-1]
    assert (missed.cli, missed.seconds, missed.verification_id) == (verification.cli, 10, verification.id)
    assert verification.cli is not None
    assert verification.cli_filter == f"(.*){verification.cli[2:6]}(.*)"


def test_a_phone_call_is_a_call_that_is_heard(app: blocking.Application) -> None:
    app.webhook()
    start(app, "callout")
    app.phone(ANNA).answer()
    call = app.calls[-1].wait_for("ended")
    assert app.verifications[-1].code is not None
    assert app.verifications[-1].code in call.heard[0]


@pytest.mark.parametrize(
    ("reports", "status", "attempts"), [("right", "SUCCESSFUL", 1), ("wrong", "PENDING", 1), ("0x0", "PENDING", 1)]
)
def test_an_app_on_the_phone_reports_by_itself(
    app: blocking.Application, reports: str, status: str, attempts: int
) -> None:
    app.phone(ANNA).app(reports=reports, after=2)
    start(app)
    app.advance(seconds=3)
    assert (app.verifications[-1].status, app.verifications[-1].attempts) == (status, attempts)


def test_an_app_that_intercepts_and_a_phone_that_answers_go_together(app: blocking.Application) -> None:
    app.phone(ANNA).app(source="intercepted").answers(after=1)
    start(app, "flashcall")
    app.advance(seconds=4)
    assert [missed.seconds for missed in app.phone(ANNA).missed_calls] == [0]
    assert app.verifications[-1].source == "intercepted"


def test_mobile_data_goes_by_the_sim_that_is_said(app: blocking.Application) -> None:
    for sim, status in (("carrier", "SUCCESSFUL"), ("wifi", "FAIL"), ("+46700000009", "FAIL")):
        app.phone(ANNA).uses_data_of(sim)
        target = start(app, "seamless")["seamless"]["targetUri"]
        assert app.verifications[-1].target_uri == target
        with urllib.request.urlopen(target) as response:
            assert json.load(response)["status"] == status


def test_the_webhook_of_a_test_allows_until_it_is_told_otherwise(app: blocking.Application) -> None:
    webhook = app.webhook()
    start(app)
    webhook.on("VerificationRequestEvent", {"action": "deny"})
    assert start(app)["errorCode"] == 40303
    assert app.verifications[-1].reason == "Denied by callback"
    webhook.on("VerificationRequestEvent", lambda event: {"action": "allow", "sms": {"code": event["id"][:4]}})
    started = start(app)
    assert app.verifications[-1].code == started["id"][:4]
    assert webhook.events().count("VerificationRequestEvent") == 3
