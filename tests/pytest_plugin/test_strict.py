"""What was scripted in vain: named when a test fails, fatal for a strict one. Fault rules in Python."""

import pytest

from support.pytest_plugin_runs import MakeProject, Run

SOURCE = """
import base64, json, urllib.request

def script(sinch, sinch_webhook):
    sinch.phone("+14045550101").is_busy()
    sinch.phone("+1404555019*").answers()
    sinch.fault(on="callback", event="pie", status=503, times=1)
    sinch_webhook.on("ice", MENU).on("ace", {"action": {"name": "hangup"}}).on("dice", None, None)
    sinch.dial(from_=ANNA).hang_up()

def test_a_green_one(sinch, sinch_webhook):
    script(sinch, sinch_webhook)

def test_a_failed_one(sinch, sinch_webhook):
    script(sinch, sinch_webhook)
    assert False

@pytest.mark.sinch(strict=True)
def test_a_strict_one(sinch, sinch_webhook):
    script(sinch, sinch_webhook)

@pytest.mark.sinch(strict=True)
def test_a_strict_one_that_met_everything(sinch, sinch_webhook):
    sinch.phone("+140455501*").answers()
    sinch.phone(ANNA).plays({"wait": 1})
    sinch.fault(on="callback", event="ice", status=503, times=1)
    sinch_webhook.on("ace", {"action": {"name": "hangup"}})
    assert sinch.phone(ANNA).dials().reason == "CALLBACKERROR"
    sinch.callout("+14045550101", text="Hello", enableAce=True).wait_for("ended")

def post(url, credentials, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Authorization": credentials})
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request).close()

def send(sinch, *to):
    body = {"to": to, "from": sinch.number, "body": "Hello"}
    post(f"{sinch.url}/xms/v1/{sinch.service_plan_id}/batches", f"Bearer {sinch.api_token}", body)

def verify(sinch, number, method):
    key = base64.b64encode(f"{sinch.key}:{sinch.secret}".encode()).decode()
    body = {"identity": {"type": "number", "endpoint": number}, "method": method}
    post(f"{sinch.url}/verification/v1/verifications", f"Basic {key}", body)

@pytest.mark.sinch(strict=True)
def test_a_strict_one_of_texts(sinch):
    sinch.phone("+4670000000*").replies("YES")
    sinch.phone("+46700000011").fails_texts()
    sinch.phone("+46700000012").never_gets_texts()
    sinch.phone("+46700000013").is_unreachable()
    send(sinch, "+46700000001", "+46700000011", "+46700000012", "+46700000013")
    sinch.advance(seconds=5)

@pytest.mark.sinch(strict=True)
def test_a_strict_one_of_verifications(sinch):
    sinch.phone("+46700000001").app(reports="right")
    sinch.phone("+46700000002").app(reports="right")
    sinch.phone("+46700000003").uses_data_of("carrier")
    for number, method in (("1", "sms"), ("2", "flashcall"), ("3", "seamless")):
        verify(sinch, f"+4670000000{number}", method)
    sinch.advance(seconds=20)
    urllib.request.urlopen(sinch.verifications[2].target_uri).close()
    assert [each.status for each in sinch.verifications] == ["SUCCESSFUL"] * 3

@pytest.mark.sinch(strict=True)
def test_a_strict_one_of_texts_in_vain(sinch):
    sinch.phone("+46700000001").answers()
    sinch.phone("+46700000002").replies("YES")
    sinch.phone("+46700000003").answers().app()
    sinch.phone("+46700000004").uses_data_of("wifi")
    send(sinch, "+46700000001")

def test_a_failed_one_of_texts(sinch):
    send(sinch, "+46700000001", "+46700000002")
    verify(sinch, "+14045550199", "sms")
    assert False

@pytest.mark.sinch(strict="yes")
def test_a_wrong_marker(sinch):
    pass

def test_a_wrong_fault(sinch):
    sinch.fault(on="callback", evnt="ice", status=503)

def test_no_fault(sinch):
    sinch.fault(on="callback", event="ice")
"""


@pytest.fixture(scope="module")
def run(make_project: MakeProject) -> Run:
    """The tests above."""
    return make_project(SOURCE).run()


UNMET = (
    "phone +14045550101: nobody called it, and it called nobody",
    "phone +1404555019*: nobody called it, and it called nobody",
    "fault on callback (event pie): status 503: nothing met it",
    "webhook: nobody asked for the reply to ace",
    "webhook: nobody asked for 1 of the 2 replies to dice",
)


@pytest.mark.parametrize("test", ["test_a_failed_one", "test_a_strict_one"])
def test_what_was_scripted_in_vain_is_named(run: Run, test: str) -> None:
    assert run.outcome(test) == "FAILED"
    assert [line for line in UNMET if line not in run.story(test)] == []


def test_it_fails_no_test_that_is_not_strict_and_no_strict_one_that_met_everything(run: Run) -> None:
    assert run.outcome("test_a_green_one") == "PASSED"
    assert run.outcome("test_a_strict_one_that_met_everything") == "PASSED"


def test_texts_and_verifications_meet_what_was_scripted_about_them(run: Run) -> None:
    assert run.outcome("test_a_strict_one_of_texts") == "PASSED"
    assert run.outcome("test_a_strict_one_of_verifications") == "PASSED"


def test_a_failed_test_shows_its_texts_and_a_verifications_text_only_once(run: Run) -> None:
    story = run.story("test_a_failed_one_of_texts")
    assert "sinch texts: 2" in story
    assert "+14045550100 to +46700000002, Dispatched" in story
    assert story.count('texts "Hello" to +46700000001') == 1
    assert story.count('texts "Your verification code is') == 1


def test_it_is_said_what_nobody_did(run: Run) -> None:
    story = run.story("test_a_strict_one_of_texts_in_vain")
    told = (
        "phone +46700000001: nobody called it, and it called nobody",
        "phone +46700000002: nobody texted it",
        "phone +46700000003: nobody called it, and it called nobody; nobody texted it",
        "phone +46700000004: nobody asked for its mobile data",
    )
    assert [line for line in told if f"  {line}\n" not in story] == []


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("test_a_wrong_marker", "strict: 'yes' is neither True nor False"),
        ("test_a_wrong_fault", "TypeError: fault() has no argument 'evnt'; did you mean \"event\"?"),
        ("test_no_fault", "do: "),
    ],
)
def test_what_is_wrong_is_told(run: Run, test: str, told: str) -> None:
    assert told in run.story(test)
