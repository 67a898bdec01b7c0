"""What was scripted in vain: named when a test fails, fatal for a strict one. Fault rules in Python."""

import pytest

from support.pytest_plugin_runs import MakeProject, Run

SOURCE = """
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
