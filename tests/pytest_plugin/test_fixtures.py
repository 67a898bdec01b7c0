"""What a test author meets: fixtures that work at once, failures that tell a story, mistakes that are named."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from support.pytest_plugin_runs import MakeProject, Run

PASSING = '''
def test_a_story(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    call = sinch.dial(from_=ANNA)
    call.expect("Press one").press("1")
    assert call.ended
    assert sinch_webhook.events() == ["ice", "pie", "dice"]
    assert sinch.callback_url == sinch_webhook.url

async def test_an_awaited_story(sinch_async, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    call = await sinch_async.dial(from_=ANNA)
    await call.expect("Press one")
    await call.press("1")
    assert call.ended

async def test_an_asgi_application_in_the_loop_of_the_test(sinch_async):
    import asyncio
    loops = []
    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            raise NotImplementedError
        loops.append(asyncio.get_running_loop())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"action": {"name": "hangup"}}'})
    await sinch_async.mount(app)
    await sinch_async.dial(from_=ANNA)
    assert loops == [asyncio.get_running_loop()] * 2

@pytest.mark.sinch(clock="auto", seed=7, numbers=["+14045550123"])
def test_a_world_of_its_own_kind(sinch, sinch_webhook):
    assert (sinch.number, sinch.seed) == ("+14045550123", 7)
    sinch_webhook.on("ice", MENU)
    assert sinch.dial(from_=ANNA).wait_for("ended").result == "ANSWERED"

@pytest.mark.sinch(allow_failures=["ice:bad-svaml"])
def test_an_allowed_failure(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    assert sinch.dial(from_=ANNA).result == "FAILED"

@pytest.mark.sinch(fail_on=["timeout"])
def test_a_check_that_is_switched_off(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    sinch.dial(from_=ANNA)

@pytest.mark.sinch(allow_failures=True)
class TestInheritance:
    def test_a_marker_of_the_class(self, sinch, sinch_webhook):
        sinch_webhook.on("ice", 500)
        sinch.dial(from_=ANNA)

def test_a_fallback_that_helps_is_no_failure(sinch, sinch_webhook):
    sinch.fallback_url = sinch_webhook.url
    sinch.callback_url = "http://127.0.0.1:1/"
    call = sinch.dial(from_=ANNA)
    assert [(each.attempt, each.outcome) for each in call.callbacks][:2] == [(1, "unreachable"), (2, "answered")]

IDS = []

@pytest.mark.sinch(token_lifetime=60, project_id="mine", protocol="v2")
def test_fields_of_every_product(sinch, sinch_webhook):
    assert sinch.project_id == "mine"
    shown = sinch._application.settings.as_json()
    assert (shown["tokenLifetime"], shown["protocol"], shown["callbackUrl"]) == (60, "v2", None)
    assert shown["verificationCallbackUrl"] == shown["smsCallbackUrl"] == sinch_webhook.url
    assert shown["callBehavior"]["webhook"]["url"] == sinch_webhook.url

@pytest.mark.sinch(allow_failures=["call.webhook.next:bad-status", "VerificationResultEvent"])
def test_failures_of_any_product_can_be_allowed(sinch, sinch_webhook):
    assert sinch_webhook.events() == []

@pytest.mark.parametrize("time", [1, 2])
def test_worlds_are_fresh(sinch, time):
    assert sinch.number == "+14045550100"
    assert sinch.calls == sinch.callbacks == []
    IDS.append(sinch.dial(from_=ANNA).id)
    assert len(set(IDS)) == time

def test_the_session_has_one_server(sinch, sinch_server):
    assert sinch.url == sinch_server.url
'''

FAILING = '''
KEPT = []

def test_what_does_not_come(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    first = sinch.dial(from_="+46700000099")
    sinch.dial(from_=ANNA).wait_for("parked", within=3)

def test_a_wrong_assumption(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    call = sinch.dial(from_=ANNA)
    assert call.heard == ["Hello"]

def test_bad_svaml(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    sinch.dial(from_=ANNA)

def test_a_crash(sinch, sinch_webhook):
    def answer(event):
        assert event["cli"] == "somebody else"
    sinch_webhook.on("ice", answer)
    sinch.dial(from_=ANNA)

def test_no_app(sinch):
    sinch.dial(from_=ANNA).wait_for("ringing")

def test_nobody_there(sinch):
    sinch.callback_url = "http://127.0.0.1:1/"
    sinch.dial(from_=ANNA)

def test_a_deadlock(sinch):
    import socket
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sinch.callback_url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        sinch.dial(from_=ANNA)

@pytest.mark.sinch(allow_failures=["pie"])
def test_the_wrong_thing_is_allowed(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    sinch.dial(from_=ANNA)

def test_which_keeps_a_call(sinch):
    KEPT.append(sinch.dial(from_=ANNA))

def test_which_uses_it(sinch):
    KEPT[0].press("1")

async def test_blocking_in_a_loop(sinch):
    sinch.dial(from_=ANNA)

def test_two_clocks(sinch, sinch_async):
    pass

@pytest.mark.sinch(clok="auto")
def test_an_unknown_argument(sinch):
    pass

@pytest.mark.sinch("auto")
def test_an_argument_without_a_name(sinch):
    pass

@pytest.mark.sinch(clock="fast")
def test_an_unknown_clock(sinch):
    pass

@pytest.mark.sinch(seed="x")
def test_a_seed_that_is_no_number(sinch):
    pass

@pytest.mark.sinch(allow_failures=["tuesday"])
def test_an_unknown_failure(sinch):
    pass

@pytest.mark.sinch(fail_on=3)
def test_no_list(sinch):
    pass
'''


@pytest.fixture(scope="module")
def passing(make_project: MakeProject) -> Run:
    """A file of tests that pass."""
    return make_project(PASSING).run()


@pytest.fixture(scope="module")
def failing(make_project: MakeProject) -> Run:
    """A file of tests that do not."""
    return make_project(FAILING).run("--sinch-callback-timeout=0.3")


TESTS = re.findall(r"^(?:    )?(?:async )?def (test_\w+)\(", PASSING, re.MULTILINE)


def test_every_test_of_the_project_passes(passing: Run) -> None:
    assert f"{len(TESTS) + 1} passed" in passing.output, passing.output


def test_a_failure_shows_the_line_of_the_test_and_the_ladders_of_its_calls(failing: Run) -> None:
    story = failing.story("test_what_does_not_come")
    assert '>       sinch.dial(from_=ANNA).wait_for("parked", within=3)' in story
    assert "NotSeen: parked did not come, within 3 s of simulated time. The call is in menu main." in story
    assert "sinch_simulator.client.errors" not in failing.output
    assert "test_what_does_not_come - NotSeen: parked did not come" in failing.output
    assert story.count("+46700000001 calls +14045550100") == 1
    assert "sinch call 1 of 2: <Call" in story
    assert "+46700000099 calls +14045550100" in story


def test_the_summary_names_errors_without_their_modules(failing: Run) -> None:
    assert re.search(r"^FAILED test_it.py::test_what_does_not_come - NotSeen: ", failing.output, re.MULTILINE)


def test_any_failure_shows_the_ladders_and_how_to_have_the_same_again(failing: Run) -> None:
    story = failing.story("test_a_wrong_assumption")
    assert 'plays "Welcome"' in story
    assert "pytest test_it.py::test_a_wrong_assumption --sinch-clock=manual --sinch-seed=0" in story


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("test_bad_svaml", ["ICE to http://127.0.0.1:", "UNKNOWN_ACTION at action.name", 'did you mean "runMenu"?']),
        ("test_bad_svaml", ["@pytest.mark.sinch(allow_failures=[...]) with ice:bad-svaml"]),
        ("test_a_crash", ["bad-status (500)", 'assert event["cli"] == "somebody else"', "AssertionError"]),
        ("test_nobody_there", ["ICE to http://127.0.0.1:1/: unreachable", "DiCE to", "failed 2 callbacks"]),
        ("test_no_app", ["sinch.mount(app)", "without `await`", "Known as states are prompt, menu, answered"]),
        ("test_a_deadlock", ["raise --sinch-callback-timeout"]),
        ("test_a_deadlock", ["ice:timeout", "can't answer while the test waits: hand it to mount()"]),
        ("test_the_wrong_thing_is_allowed", ["ice:bad-svaml"]),
        ("test_which_uses_it", ["test_it.py::test_which_keeps_a_call has ended, and with it its calls"]),
        ("test_blocking_in_a_loop", ["would block the event loop", "use sinch_async"]),
    ],
)
def test_a_test_fails_with_what_is_to_be_done(failing: Run, test: str, told: list[str]) -> None:
    assert failing.outcome(test) == "FAILED"
    story = failing.story(test)
    assert [text for text in told if text not in story] == [], story


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("test_two_clocks", "each with a clock of its own: use one of them"),
        ("test_an_unknown_argument", "unknown argument 'clok'; did you mean 'clock'?"),
        ("test_an_argument_without_a_name", "'auto' has no name"),
        ("test_an_unknown_clock", "known are realtime, manual, auto"),
        ("test_a_seed_that_is_no_number", "seed: 'x' is no whole number"),
        ("test_an_unknown_failure", "allow_failures: 'tuesday' is not known; known are timeout"),
        ("test_no_list", "fail_on: 3 is no list"),
    ],
)
def test_a_wrong_marker_is_an_error_in_one_line(failing: Run, test: str, told: str) -> None:
    assert failing.outcome(test) == "ERROR"
    assert told in failing.story(test)
    assert "another exception" not in failing.story(test)
    assert "Traceback" not in failing.story(test)


def test_flags_win_over_the_ini_file_and_markers_over_both(make_project: MakeProject) -> None:
    source = '''
def test_of_the_session(sinch, sinch_webhook):
    assert sinch.seed == 5
    sinch_webhook.on("ice", BROKEN)
    sinch.dial(from_=ANNA)

@pytest.mark.sinch(seed=6)
def test_of_its_own(sinch):
    assert sinch.seed == 6
'''
    run = make_project(source, ini="sinch_seed = 4\nsinch_fail_on = none\n").run("--sinch-seed=5")
    assert "2 passed" in run.output


def test_an_app_may_know_one_project_and_one_service_plan(make_project: MakeProject) -> None:
    source = '''
@pytest.mark.parametrize("time", [1, 2])
def test_of_the_session(sinch, time):
    assert (sinch.project_id, sinch.key_id, sinch.key_secret) == ("mine", "key", "secret")
    assert (sinch.service_plan_id, sinch.api_token) == ("plan", "token")
'''
    run = make_project(source, ini="sinch_project = mine:key:secret\n").run("--sinch-service-plan=plan:token")
    assert "2 passed" in run.output


WRONG_FLAGS = {
    "--sinch-seed=x": "--sinch-seed: 'x' is no number",
    "--sinch-project=p": "--sinch-project: expected PROJECT:KEYID:KEYSECRET",
    "--sinch-service-plan=p": "--sinch-service-plan: expected PLAN:TOKEN",
    "--sinch-protocol=3": "--sinch-protocol: '3' is not known; known are auto, v1, v2",
    "--sinch-callback-timeout=0": "callback_timeout: expected a number above 0",
}


def test_wrong_flags_are_named_and_right_ones_are_documented(make_project: MakeProject) -> None:
    project = make_project("def test_it(sinch): pass")
    *runs, helped, markers = project.run_with_each(*([flag] for flag in WRONG_FLAGS), ["--help"], ["--markers"])
    for run, told in zip(runs, WRONG_FLAGS.values(), strict=True):
        assert run.outcome("test_it") == "ERROR"
        assert told in run.output
        assert "Traceback" not in run.output
    assert "--sinch-callback-timeout=CALLBACK-TIMEOUT" in helped.output
    assert "@pytest.mark.sinch(clock=" in markers.output


def test_the_entry_point_is_named_like_its_module(root: Path) -> None:
    """Else a test run that also says ``-p pytest_sinch`` would have it twice."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"pytest_sinch": "pytest_sinch"}


def test_the_plugin_loads_nothing_of_ours_before_a_test_asks(clean_environment: dict[str, str]) -> None:
    program = (
        "import sys, pytest_sinch; print([name for name in sys.modules if name.startswith(('sinch_', 'aiohttp'))])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment, capture_output=True, text=True, check=True
    )
    assert finished.stdout == "[]\n"
