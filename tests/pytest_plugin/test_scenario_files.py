"""Scenario files under pytest: collected as tests, or played by a test in its own application."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from attrs import field, frozen

from support.pytest_plugin_runs import MakeProject, Run

STEPS = """steps:
  - dial: {from: "+46700000001"}
  - expect: ice
  - hear: Welcome
  - press: "1"
  - expect: pie
  - expect: dice
"""
BUNDLED = f"name: with the bundled app\napp: ivr\n{STEPS}".replace('"1"', '"2"')
FAILING = BUNDLED.replace("the bundled app", "a mistake").replace("Welcome", "Farewell")
OWN_APP = f"name: with an app of its own\n{STEPS}"
BROKEN = BUNDLED.replace("hear:", "haer:").replace("press:", "pres:")
POPULATION = "name: many\napp: ivr\npopulation: {people: [{share: rest, phone: {}}]}\n"
PEOPLE = 'name: people\nphones: {"+14045550198": {busy: {}}}\n'


# ---- files as tests ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def collected(make_project: MakeProject) -> Run:
    """A project of files of every kind, and of one ordinary test."""
    files = {
        "a.sinch.yaml": BUNDLED,
        "b.sinch.yml": FAILING,
        "c.sinch.yaml": OWN_APP,
        "d.sinch.yaml": POPULATION,
        "e.sinch.yaml": PEOPLE,
        "f.sinch.yaml": BROKEN,
        "other.yaml": BROKEN,
    }
    return make_project("def test_it(sinch): pass", files=files).run("--continue-on-collection-errors")


def test_a_scenario_is_a_test(collected: Run) -> None:
    assert collected.outcome("with the bundled app") == "PASSED"
    assert "1 failed, 2 passed, 2 skipped, 2 errors" in collected.output


def test_a_scenario_that_fails_tells_the_step_its_place_and_the_ladder(collected: Run) -> None:
    assert collected.outcome("with a mistake") == "FAILED"
    assert 'b.sinch.yml:6:5: step 3: expected to hear "Farewell" within 60 s, heard: "Welcome' in collected.output
    assert "caller -> sinch   +46700000001 calls" in collected.output
    assert "The same again: pytest 'b.sinch.yml::with a mistake' --sinch-seed=0" in collected.output
    assert "Traceback" not in collected.output
    assert "scenario_files.py" not in collected.output


def test_a_scenario_that_nobody_answers_is_an_error_which_says_so(collected: Run) -> None:
    assert collected.outcome("with an app of its own") == "ERROR"
    assert "c.sinch.yaml: who answers? Give --sinch-callback-url=URL (or sinch_callback_url" in collected.output


def test_what_is_no_test_is_skipped_with_the_reason(collected: Run) -> None:
    assert "a population is a load test: sinch-simulator run FILE" in collected.output
    assert "it has phones but no steps" in collected.output


def test_a_broken_file_is_one_error_with_every_mistake(collected: Run) -> None:
    assert collected.output.count("ERROR f.sinch.yaml") == 1
    assert 'f.sinch.yaml:6:5: unknown step "haer"; did you mean "hear"?' in collected.output
    assert 'f.sinch.yaml:7:5: unknown step "pres"; did you mean "press"?' in collected.output


SHARED = '''
@pytest.mark.parametrize("number", range(40))
def test_a_story(sinch, sinch_webhook, number):
    sinch_webhook.on("ice", MENU)
    call = sinch.dial(from_=ANNA)
    call.expect("Press one").press("1")
    assert sinch_webhook.events() == ["ice", "pie", "dice"]

def test_which_fails(sinch):
    sinch.dial(from_=ANNA).wait_for("menu")
'''


@pytest.fixture(scope="module")
def shared(make_project: MakeProject) -> Run:
    """Many tests and many files, shared by two workers of xdist."""
    files = {f"{number}.sinch.yaml": BUNDLED for number in range(12)} | {"b.sinch.yml": FAILING}
    return make_project(SHARED, files=files).run("-n", "2")


def test_workers_of_xdist_do_not_meet(shared: Run) -> None:
    assert "2 failed, 52 passed" in shared.output
    assert "NotSeen: menu did not come" in shared.output
    assert "b.sinch.yml:6:5: step 3: expected to hear" in shared.output


@pytest.fixture(scope="module")
def chosen(make_project: MakeProject) -> list[Run]:
    """Two files: one of them chosen, both listed, both with another seed, and both with each wrong flag."""
    project = make_project("", files={"a.sinch.yaml": BUNDLED, "b.sinch.yml": FAILING})
    wrong = ([flag, "-k", "bundled"] for flag in WRONG_FLAGS)
    return project.run_with_each(["-k", "bundled and app"], ["--collect-only", "-q"], ["--sinch-seed=1"], *wrong)


def test_files_are_chosen_and_listed_like_other_tests(chosen: list[Run]) -> None:
    assert "1 passed, 1 deselected" in chosen[0].output
    assert "a.sinch.yaml::with the bundled app\nb.sinch.yml::with a mistake\n" in chosen[1].output


def test_ids_follow_from_file_and_seed(collected: Run, shared: Run, chosen: list[Run]) -> None:
    """So a failure is the same to the letter, wherever the project lies."""
    told = [
        re.search(r"^_+ with a mistake _+$.*?^(call .*?)$", run.output, re.MULTILINE | re.DOTALL)
        for run in (collected, shared, chosen[2])
    ]
    assert all(told), told
    ids = [found[1] for found in told if found]
    assert ids[0] == ids[1] != ids[2]


WRONG_FLAGS = {
    "--sinch-callback-url=localhost": '--sinch-callback-url: "localhost" is not a URL; write an http:// or https://',
    "--sinch-application=x": '--sinch-application: expected KEY:SECRET, and "x" has no colon',
    "--sinch-seed=inf": "--sinch-seed: 'inf' is no number",
    "--sinch-clock=fast": "--sinch-clock: 'fast' is not known; known are manual, auto, realtime",
}


def test_a_flag_that_cannot_be_is_named_by_the_file_that_needs_it(chosen: list[Run]) -> None:
    for run, told in zip(chosen[3:], WRONG_FLAGS.values(), strict=True):
        assert told in run.output, run.output
        assert "Traceback" not in run.output


def test_nothing_of_ours_is_loaded_for_other_peoples_files(clean_environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it():\n"
        "    assert [name for name in sys.modules if name.startswith(('sinch_', 'aiohttp'))] == []\n"
    )
    (tmp_path / "other.yaml").write_text(BUNDLED)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "pytest_sinch"]
    finished = subprocess.run(
        command, cwd=tmp_path, env=clean_environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert finished.returncode == 0, finished.stdout


# ---- an app that is served somewhere -------------------------------------------------------------------------------


@frozen
class ServedApp:
    """A webhook of this process. ``keys`` are the applications that its callbacks were signed for."""

    url: str
    keys: set[str] = field(factory=set)


@pytest.fixture
def served_app() -> Iterator[ServedApp]:
    """An app with one menu, over a socket."""
    menu = {"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(sales)"}]}
    welcome = {"name": "say", "text": "Welcome", "locale": "en-US"}
    replies = {
        "ice": {"instructions": [welcome], "action": {"name": "runMenu", "menus": [menu]}},
        "pie": {"action": {"name": "hangup"}},
    }

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))["event"]
            app.keys.add(self.headers["authorization"].split()[1].split(":")[0])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(replies.get(event, {})).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: pytest shows what belongs to the test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        app = ServedApp(f"http://127.0.0.1:{server.server_port}/voice")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield app
        server.shutdown()
        thread.join()


def test_a_url_is_for_scenario_files_and_tests_alike(make_project: MakeProject, served_app: ServedApp) -> None:
    source = """
def test_it(sinch):
    sinch.dial(from_=ANNA).wait_for("menu").press("1")

@pytest.mark.sinch(callback_url="http://127.0.0.1:9/", allow_failures=True)
def test_of_its_own(sinch):
    assert sinch.callback_url == "http://127.0.0.1:9/"

def test_with_a_webhook(sinch, sinch_webhook):
    assert sinch.callback_url == sinch_webhook.url
"""
    project = make_project(source, ini=f"sinch_callback_url = {served_app.url}\n", files={"c.sinch.yaml": OWN_APP})
    run = project.run()
    assert "4 passed" in run.output
    assert len(served_app.keys) == 2


def test_an_app_that_knows_one_application_is_told_of_no_other(
    make_project: MakeProject, served_app: ServedApp
) -> None:
    source = 'def test_it(sinch): sinch.dial(from_=ANNA).wait_for("menu").press("1")'
    arguments = ["--sinch-callback-url", served_app.url, "--sinch-application", "one-of-mine:c2VjcmV0"]
    run = make_project(source, files={"c.sinch.yaml": OWN_APP, "d.sinch.yaml": OWN_APP}).run(*arguments)
    assert "3 passed" in run.output
    assert served_app.keys == {"one-of-mine"}


# ---- files that a test plays ---------------------------------------------------------------------------------------

PLAYED = {
    "story.yaml": OWN_APP,
    "wrong.yaml": OWN_APP.replace("Welcome", "Farewell"),
    "broken.yaml": BROKEN,
    "number.yaml": f'numbers: ["+14045550177"]\n{STEPS}',
    "fails.yaml": 'steps:\n  - dial: {from: "+46700000001"}\n  - expect: {callback: ice, outcome: bad-svaml}\n',
}
PLAYING = '''
import threading

def test_in_its_own_application(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    sinch.play("story.yaml")
    assert sinch_webhook.events() == ["ice", "pie", "dice"]
    assert [call.result for call in sinch.calls] == ["ANSWERED"]

async def test_awaited(sinch_async, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    await sinch_async.play("story.yaml")
    assert sinch_webhook.events() == ["ice", "pie", "dice"]

def answer(event):
    return MENU if event["event"] == "ice" else {"action": {"name": "hangup"}}

def test_a_mounted_app_runs_in_the_thread_of_the_test(sinch):
    threads = set()
    sinch.mount(lambda event: [threads.add(threading.current_thread()), answer(event)][1])
    sinch.play("story.yaml")
    assert threads == {threading.current_thread()}

async def test_a_mounted_coroutine(sinch_async):
    async def app(event):
        return answer(event)
    await sinch_async.mount(app)
    await sinch_async.play("story.yaml")

@pytest.mark.sinch(clock="auto")
def test_the_clock_is_afterwards_what_it_was(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    sinch.play("story.yaml")
    sinch_webhook.on("ice", {"action": {"name": "park", "maxDuration": 60}})
    assert sinch.dial(from_=ANNA).wait_for("ended").ended

def test_what_was_before_is_none_of_its_business(sinch, sinch_webhook):
    sinch_webhook.on("ice", {"action": {"name": "park", "holdPrompt": "#tts[Wait]"}})
    earlier = sinch.dial(from_=ANNA).wait_for("parked")
    sinch_webhook.on("ice", MENU)
    sinch.play("story.yaml")
    sinch.play("story.yaml")
    assert not earlier.ended
    assert len(sinch.calls) == 3

def test_a_failure_that_the_file_expects_is_allowed(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    sinch.play("fails.yaml")
    sinch_webhook.on("ice", MENU)
    sinch.play("story.yaml")

@pytest.mark.sinch(numbers=["+14045550177"])
def test_the_number_of_the_file(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    sinch.play("number.yaml")
'''
NOT_PLAYED = '''
def test_a_wrong_step(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    earlier = sinch.dial(from_="+46700000009")
    sinch.play("wrong.yaml")

async def test_a_wrong_step_awaited(sinch_async, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    await sinch_async.play("wrong.yaml")

def test_another_failure_than_the_file_expects(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    sinch.play("fails.yaml")
    sinch.dial(from_=ANNA)

def test_nobody_answers(sinch):
    sinch.play("story.yaml")

def test_a_broken_file(sinch):
    sinch.play("broken.yaml")

def test_no_file(sinch):
    sinch.play("nowhere.yaml")

def test_another_number(sinch):
    sinch.play("number.yaml")

async def test_blocking_in_a_loop(sinch):
    sinch.play("story.yaml")
'''


@pytest.fixture(scope="module")
def not_played(make_project: MakeProject) -> Run:
    """A file of tests whose scenario does not pass."""
    return make_project(NOT_PLAYED, files=PLAYED).run()


def test_a_test_plays_a_file_in_its_own_application(make_project: MakeProject) -> None:
    run = make_project(PLAYING, files=PLAYED).run()
    assert f"{PLAYING.count('def test_')} passed" in run.output, run.output


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("test_a_wrong_step", ['>       sinch.play("wrong.yaml")', "ScenarioFailed: wrong.yaml:5:5: step 3: expected"]),
        ("test_a_wrong_step_awaited", ['await sinch_async.play("wrong.yaml")', "ScenarioFailed: wrong.yaml:5:5: step"]),
        ("test_another_failure_than_the_file_expects", ["the app failed 1 callback of this test", "ice:bad-svaml"]),
        ("test_nobody_answers", ["step 2: no callback ice came", "The application has no callback URL"]),
        ("test_a_broken_file", ['SimulatorError: broken.yaml:6:5: unknown step "haer"', "broken.yaml:7:5"]),
        ("test_no_file", ["SimulatorError: nowhere.yaml:1:1: it cannot be read: No such file"]),
        ("test_another_number", ["number.yaml:1:1: numbers: ", "has no +14045550177; its numbers are +14045550100"]),
        ("test_blocking_in_a_loop", ["would block the event loop", "use sinch_async"]),
    ],
)
def test_what_a_test_is_told(not_played: Run, test: str, told: list[str]) -> None:
    assert not_played.outcome(test) == "FAILED"
    story = not_played.story(test)
    assert [text for text in told if text not in story] == [], story
    assert "faces/" not in story


def test_each_ladder_of_the_scenario_is_shown_once(not_played: Run) -> None:
    story = not_played.story("test_a_wrong_step")
    assert story.count("+46700000001 calls +14045550100") == 1
    assert "pytest test_it.py::test_a_wrong_step --sinch-clock=manual --sinch-seed=0" in story
