"""A load test with Locust: a master and workers, each with a simulator, against an app that counts what it gets."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from support.counting_app import Answer, CountingApp, counting_app, greet

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "load.md"
FILES = dict(re.findall(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE))
"""What the page has as an example is what is tested."""

PATIENCE_S = 120
"""Six processes may have to share one core with the rest of the tests."""
Locust = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def locust(folder: Path, clean_environment: dict[str, str]) -> Iterator[Locust]:
    """Starts ``locust ARGUMENTS``; what still runs at the end is ended."""
    with ExitStack() as stack:

        def start(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
            process = subprocess.Popen(
                [sys.executable, "-m", "locust", *arguments],
                cwd=folder,
                env={**clean_environment, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.callback(process.communicate)
            stack.callback(process.kill)
            return process

        yield start


def a_free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def ended(process: "subprocess.Popen[str]", code: int = 0) -> str:
    """What it has printed; it has to end with this exit code."""
    told, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code, told
    return told


HEADLESS = ("--headless", "--users", "12", "--spawn-rate", "12", "--sinch-calls", "60", "--sinch-report", "reports")


def run_with_two_workers(locust: Locust, app: CountingApp, *arguments: str, code: int = 0) -> str:
    """One test on a master and two workers; what the master prints."""
    port = a_free_port()
    bound = ("--master", "--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--expect-workers", "2")
    master = locust(*bound, *HEADLESS, "--host", app.url, *arguments)
    workers = [locust("--worker", "--master-host", "127.0.0.1", "--master-port", port) for _ in range(2)]
    told = ended(master, code)
    for worker in workers:
        ended(worker, code=worker.wait(PATIENCE_S))
    return told


def report_of(folder: Path) -> Any:
    return json.loads((folder / "reports" / "Morning.json").read_text())


def requests_in_locust(folder: Path) -> dict[str, tuple[int, int]]:
    """Requests and failures by name, as Locust has counted them."""
    rows = json.loads((folder / "locust.json").read_text())
    return {row["name"]: (row["num_requests"], row["num_failures"]) for row in rows}


def requests_in(printed: str) -> dict[str, tuple[int, int]]:
    """The same, as Locust prints it last."""
    rows = re.findall(r"^callback +(\w+) +(\d+) +(\d+)\(", printed, re.MULTILINE)
    return {name: (int(requests), int(failures)) for name, requests, failures in rows}


def test_two_workers_end_in_one_report_whose_sums_are_what_the_app_has_counted(locust: Locust, folder: Path) -> None:
    with counting_app() as app:
        told = run_with_two_workers(locust, app, "--sinch-seed", "7", "--json-file", "locust")
    report = report_of(folder)
    assert app.events["ice"] >= 60, told
    assert requests_in_locust(folder) == {event: (count, 0) for event, count in app.events.items()}
    assert report["callbackOutcomes"] == {f"{event} answered": count for event, count in app.events.items()}
    assert report["calls"] == len(app.calls) == app.events["ice"] == sum(report["outcomes"].values())
    assert sum(report["people"].values()) == report["calls"]
    assert report["latencyMs"].keys() == {"ice", "pie", "dice", "all"}
    assert (report["passed"], report["stuckCalls"], report["seed"]) == (True, 0, 7)
    assert report["verdict"] in told
    assert "How your app took" not in told
    assert "Calls over per second" in (folder / "reports" / "Morning.html").read_text()


def test_each_worker_has_callers_of_its_own(locust: Locust, folder: Path) -> None:
    with counting_app() as app:
        run_with_two_workers(locust, app)
    assert {caller[-3:] for caller in app.callers} == {"000", "001"}, "the index of the worker"
    assert len(app.callers) == len(app.calls), "nobody calls from both"


def refuse_a_choice(event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return (503, {}) if event["event"] == "pie" else greet(event)


def speak_nonsense(event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return (200, {"action": {"name": "hangupp"}}) if event["event"] == "ice" else greet(event)


@pytest.mark.parametrize(
    ("answer", "failed", "told"),
    [(refuse_a_choice, "pie", "bad-status"), (speak_nonsense, "ice", "bad-svaml")],
    ids=["bad status", "bad svaml"],
)
def test_an_app_that_fails_is_told_by_event_and_the_exit_code_says_so(
    answer: Answer, failed: str, told: str, locust: Locust, folder: Path
) -> None:
    with counting_app(answer) as app:
        printed = ended(locust(*HEADLESS, "--host", app.url), code=1)
    requests = requests_in(printed)
    assert requests[failed] == (app.events[failed], app.events[failed])
    assert all(failures == 0 for event, (_, failures) in requests.items() if event != failed)
    assert f"callback {failed}: CallbackFailed('{told}')" in printed, "Locust's list of failures"
    report = report_of(folder)
    assert report["callbackOutcomes"][f"{failed} {told}"] == app.events[failed]
    assert report["passed"] is False
    [sample] = [each for each in report["samples"] if each["kind"] == f"callback {failed}: {told}"]
    assert failed.upper() in sample["ladder"]


def test_the_web_page_has_a_table_of_calls(locust: Locust) -> None:
    port = a_free_port()
    url = f"http://127.0.0.1:{port}"
    with counting_app() as app:
        served = ("--web-host", "127.0.0.1", "--web-port", port, "--autostart")
        process = locust(*served, "--users", "4", "--host", app.url)
        rows = eventually(lambda: rows_of(url, process))
        page = urllib.request.urlopen(url, timeout=10).read().decode()
        process.terminate()
        ended(process)
    assert '"extended_tabs": [{"key": "sinch", "title": "Calls"}]' in page.replace("&#34;", '"')
    assert {"calls", "callbacks", "stuck calls"} <= {row["what"] for row in rows}
    assert {row["population"] for row in rows} == {"Morning"}
    assert all(row["count"] for row in rows if row["what"] == "calls")


def rows_of(url: str, process: "subprocess.Popen[str]") -> Sequence[Any]:
    assert process.poll() is None, ended(process)
    try:
        with urllib.request.urlopen(f"{url}/stats/requests", timeout=10) as answer:
            [table] = json.load(answer)["extended_stats"]
    except OSError:
        return []
    rows: Sequence[Any] = table["data"]
    return rows if any(row["what"] == "calls" for row in rows) else []


def eventually(look: Callable[[], Sequence[Any]]) -> Sequence[Any]:
    """What is there at last: a process of somebody else's has to get that far."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("", 'Morning: which population? Write scenario = "FILE.yaml" in the class'),
        ('scenario = "nowhere.yaml"', "nowhere.yaml"),
        ('scenario = "steps.yaml"', "steps.yaml has no population"),
        ('scenario = "wrong.yaml"', "wrong.yaml:2:13: population: people is missing"),
    ],
    ids=["no file", "not there", "no population", "mistakes"],
)
def test_a_file_that_cannot_be_played_is_told_in_a_line(source: str, told: str, locust: Locust, folder: Path) -> None:
    (folder / "steps.yaml").write_text('name: x\napp: ivr\nsteps:\n  - dial: {from: "+46700000001"}\n')
    (folder / "wrong.yaml").write_text("name: x\npopulation: {}\n")
    text = f"from locust_sinch import PopulationUser\nclass Morning(PopulationUser):\n    {source or 'pass'}\n"
    (folder / "locustfile.py").write_text(text)
    printed = ended(locust(*HEADLESS), code=2)
    assert told in printed
    assert "Traceback" not in printed


def test_a_simulator_that_refuses_its_flags_ends_the_test_with_its_own_words(locust: Locust, folder: Path) -> None:
    with (folder / "locustfile.py").open("a") as file:
        file.write('    run_options = ("--callback-timeout", "soon")\n')
    printed = ended(locust(*HEADLESS), code=1)
    assert "'soon' is not a valid float" in printed
    assert "the simulator has ended with exit code 2" in printed


def test_a_test_that_is_interrupted_has_counted_what_the_app_has_answered(locust: Locust, folder: Path) -> None:
    with counting_app() as app:
        process = locust(*HEADLESS, "--sinch-calls", "0", "--host", app.url)
        eventually(lambda: [*app.calls])
        process.terminate()
        ended(process)
    report = report_of(folder)
    assert report["callbackOutcomes"] == {f"{event} answered": count for event, count in app.events.items()}


def test_an_app_that_knows_one_application_gets_it(locust: Locust, folder: Path) -> None:
    keys: set[str] = set()

    def remember(event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        keys.add(event.get("applicationKey", ""))
        return greet(event)

    key = "00000000-0000-4000-8000-000000007462"
    with counting_app(remember) as app:
        environment = {"SINCH_APPLICATION_KEY": key, "SINCH_APPLICATION_SECRET": "c2luY2gtc2ltdWxhdG9yIQ=="}
        ended(locust(*HEADLESS, "--host", app.url, **environment))
    assert keys - {""} == {key}
    assert report_of(folder)["calls"] == len(app.calls) > 0
