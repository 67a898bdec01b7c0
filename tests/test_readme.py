"""What the README says is run: its commands, its webhook (which checks signatures itself), its SDK program."""

import http.client
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import callback_headers, decode_secret
from sinch_simulator.server.fidelity.table import Status, rows
from sinch_simulator.server.products import PRODUCTS

README = Path(__file__).resolve().parent.parent / "README.md"
BLOCK = re.compile(r"<!-- name: (?P<name>[\w-]+) -->\n```(?P<language>\w+)\n(?P<text>.*?)```", re.DOTALL)
BLOCKS = {match["name"]: match["text"] for match in BLOCK.finditer(README.read_text())}

Run = Callable[[str], str]


def with_this_python(text: str) -> str:
    """The command with the interpreter that runs the tests, in place of the environment that the README sets up."""
    programs = {
        ".venv/bin/sinch-simulator": f"exec {sys.executable} -m sinch_simulator",
        ".venv/bin/flask": f"exec {sys.executable} -m flask",
        ".venv/bin/python -m pytest": f"exec {sys.executable} -m pytest -p pytest_sinch",
    }
    for name, program in programs.items():
        text = text.replace(name, program if text.startswith(name) else program.removeprefix("exec "))
    return text


@contextmanager
def launched(text: str, cwd: Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A server of the README, ended with SIGTERM when it is no longer needed."""
    process = subprocess.Popen(
        ["bash", "-c", with_this_python(text)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def announced_port(process: "subprocess.Popen[str]", pattern: str) -> str:
    """The port in the first line that fits; a server that ends without saying it has failed."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        found = re.search(pattern, line)
        if found:
            return found[1]
    raise AssertionError("".join(said))


@pytest.fixture(scope="module")
def webhook_port(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Iterator[str]:
    """The README's webhook, served as the README serves it but on a free port."""
    folder = tmp_path_factory.mktemp("webhook")
    (folder / "webhook.py").write_text(BLOCKS["webhook"])
    with launched(BLOCKS["run-webhook"].replace("8080", "0"), folder, clean_environment) as process:
        yield announced_port(process, r"Running on http://127\.0\.0\.1:(\d+)")


@pytest.fixture
def base_url(webhook_port: str, clean_environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """A simulator started as the README starts it, but on a free port and faster than real time."""
    environment = {**clean_environment, "SINCH_SIMULATOR_PORT": "0", "SINCH_SIMULATOR_SPEED": "20"}
    with launched(BLOCKS["start"].replace("8080", webhook_port), tmp_path, environment) as process:
        yield "http://127.0.0.1:" + announced_port(process, r"base URL\s+http://127\.0\.0\.1:(\d+)")
    assert process.returncode == 0


@pytest.fixture
def run(base_url: str, clean_environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs a named block against the simulator and gives its output."""

    def run_block(name: str) -> str:
        text = BLOCKS[name].replace("127.0.0.1:7462", base_url.removeprefix("http://"))
        is_python = text.startswith(("from ", "import "))
        command = [sys.executable, "-c", text] if is_python else ["bash", "-ec", with_this_python(text)]
        finished = subprocess.run(
            command, cwd=tmp_path, env=clean_environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    return run_block


def callbacks(base_url: str, call_id: str, count: int) -> Any:
    """The callbacks of a call, once there are ``count`` of them."""
    url = f"{base_url}/_simulator/callbacks?callId={call_id}&count={count}&wait=20"
    with urllib.request.urlopen(url, timeout=30) as response:
        return json.load(response)["callbacks"]


def outcomes(found: Any) -> list[tuple[str, str]]:
    return [(callback["event"], callback["outcome"]) for callback in found]


def test_every_block_has_a_name_and_is_known_here() -> None:
    text = README.read_text()
    known = {
        "set-up", "tests", "fixture", "run-fixture", "scenario", "run-scenario", "webhook", "run-webhook", "start",
        "callout", "callbacks", "sdk", "text", "incoming", "recipe-keys", "recipe-busy", "recipe-clock", "lint", "exec",
        "set-up-powershell", "start-powershell", "callout-powershell",
    }  # fmt: skip
    assert len(re.findall(r"^```", text, re.MULTILINE)) == 2 * len(BLOCKS)
    assert set(BLOCKS) == known


def test_powershell_asks_for_the_same() -> None:
    """There is no PowerShell here to run it: what it sends is what curl sends."""
    text = BLOCKS["callout-powershell"]
    [body] = re.findall(r"^\$body = '(.*)'$", text, re.MULTILINE)
    [callout] = re.findall(r"-d '(.*)'", BLOCKS["callout"])
    assert json.loads(body) == json.loads(callout)
    [credentials] = re.findall(r"-u '(.*?)'", BLOCKS["callout"])
    assert f"GetBytes('{credentials}')" in text
    for name in ("callout", "callbacks", "incoming"):
        [path] = re.findall(r"http://127\.0\.0\.1:7462(/[^\s']+)", BLOCKS[name])
        assert f'"$url{path}"' in text
    for name in ("set-up", "start"):
        posix = BLOCKS[name].replace("python3", "py -3").replace(" &&", ";").replace(".venv/bin/", ".venv\\Scripts\\")
        assert BLOCKS[f"{name}-powershell"] == posix


def test_the_set_up_is_two_commands_and_ci_runs_the_second(root: Path) -> None:
    [set_up] = BLOCKS["set-up"].splitlines()
    assert "pip install -e '.[dev]'" in set_up
    assert set_up.endswith(".venv/bin/sinch-simulator call")
    assert BLOCKS["tests"] == ".venv/bin/python -m pytest -n auto\n"
    ci = (root / ".ci" / "run").read_text()
    assert "install --quiet -e '.[dev]'" in ci
    assert "\ncheck -m pytest -n auto\n" in ci


@pytest.mark.parametrize(
    ("block", "file", "command", "said"),
    [
        ("fixture", "test_calls.py", "run-fixture", "1 passed"),
        ("scenario", "sales.sinch.yaml", "run-scenario", "1 passed, 0 failed"),
    ],
)
def test_what_is_saved_as_a_file_runs_and_passes(
    block: str, file: str, command: str, said: str, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    assert f"`{file}`" in README.read_text()
    (tmp_path / file).write_text(BLOCKS[block])
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    finished = subprocess.run(
        ["bash", "-c", with_this_python(BLOCKS[command])],
        cwd=tmp_path,
        env=clean_environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said in finished.stdout, finished.stdout + finished.stderr


def test_the_table_of_what_is_simulated_has_every_endpoint_and_nothing_that_is_not() -> None:
    table = dict(re.findall(r"^\| (.*?) \| (full|partial|none) \|", README.read_text(), re.MULTILINE))
    simulated = tuple(re.findall(r"`(/[^`.]+?)/?(?:\.\.\.)?`", " ".join(table)))
    misprints = {"/call/id/{callId}"}
    paths = [
        product.paths_of(endpoint)
        for product in PRODUCTS
        for endpoint in product.endpoints()
        if endpoint.pattern not in misprints
    ]
    assert [spellings for spellings in paths if not any(path.startswith(simulated) for path in spellings)] == []
    known = {path for spellings in paths for path in spellings}
    assert [path for path in simulated if not any(each.startswith(path) for each in known)] == []
    missing = " ".join(row.name for row in rows() if row.status is Status.UNSUPPORTED)
    absent = " ".join(name for name, how_far in table.items() if how_far == "none")
    assert [word for word in re.findall(r"SIP|RTP|SDK|Verification|SMS|version 2", missing) if word not in absent] == []


def test_the_callout_with_curl_reaches_the_webhook(run: Run) -> None:
    call_id = json.loads(run("callout"))["callId"]
    found = json.loads(run("callbacks"))["callbacks"]
    assert {callback["callId"] for callback in found} == {call_id}
    assert outcomes(found) == [("ace", "answered"), ("dice", "answered")]


def test_the_official_sdk_places_a_call_and_sees_it(run: Run, base_url: str) -> None:
    call_id, status = run("sdk").split()
    assert status == "ONGOING"
    assert outcomes(callbacks(base_url, call_id, 2)) == [("ace", "answered"), ("dice", "answered")]


def test_a_text_arrives(run: Run) -> None:
    batch, inbox = run("text").split("}{")
    assert json.loads(batch + "}")["body"] == "Your parcel is here."
    [message] = json.loads("{" + inbox)["messages"]
    assert (message["to"], message["text"], message["status"]) == ("+46700000001", "Your parcel is here.", "Delivered")


def test_code_with_production_hosts_runs_unchanged(clean_environment: dict[str, str], tmp_path: Path) -> None:
    command = ["bash", "-ec", with_this_python(BLOCKS["exec"])]
    finished = subprocess.run(
        command, cwd=tmp_path, env=clean_environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert "callId" in json.loads(finished.stdout)
    assert "POST calling.api.sinch.com/calling/v1/callouts  200" in finished.stderr
    assert 'plays "Hello!"' in finished.stderr
    assert "the call has ended after" in finished.stderr, "what is shown is a call to its end"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"x-timestamp": None, "authorization": None}, 401),
        ({"authorization": "application å:ä"}, 401),
        ({"x-timestamp": "yesterday"}, 401),
        ({"content-type": None}, 401),
    ],
    ids=["genuine", "unsigned", "another signature", "no time", "no content type"],
)
def test_the_webhook_takes_what_is_genuine_alone(webhook_port: str, change: dict[str, str | None], status: int) -> None:
    assert posted(webhook_port, time.time(), change) == status


@pytest.mark.parametrize("age", [3600, -3600], ids=["old", "ahead"])
def test_the_webhook_refuses_what_is_signed_at_another_time(webhook_port: str, age: float) -> None:
    assert posted(webhook_port, time.time() - age, {}) == 401


def posted(port: str, signed_at: float, change: dict[str, str | None]) -> int:
    """The status of the webhook's answer to a callback that was signed then, with other headers or without some."""
    body = b'{"event": "dice", "callid": "c1"}'
    headers = dict(callback_headers(DEFAULT_KEY, decode_secret(DEFAULT_SECRET), "/voice", body, signed_at))
    headers = {name.lower(): value for name, value in headers.items()}
    for name, value in change.items():
        headers.pop(name, None)
        if value is not None:
            headers[name] = value
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    try:
        connection.request("POST", "/voice", body, {name: value.encode() for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def test_somebody_calls_and_hears_the_webhook(run: Run, base_url: str) -> None:
    call_id = json.loads(run("incoming"))["callId"]
    found = callbacks(base_url, call_id, 2)
    assert outcomes(found) == [("ice", "answered"), ("dice", "answered")]
    with urllib.request.urlopen(f"{base_url}/_simulator/calls/{call_id}", timeout=10) as response:
        assert json.load(response)["heard"] == ["Hello from my own webhook."]


def test_a_caller_can_be_told_what_to_press(run: Run) -> None:
    assert json.loads(run("recipe-keys"))["from"] == "+46700000001"


def test_a_number_can_be_made_busy(run: Run) -> None:
    assert json.loads(run("recipe-busy"))["busy"] == {"after": 1.5}


def test_time_stands_still_until_it_is_moved(run: Run) -> None:
    told = re.findall(r"\{.*?\}(?=\{|\s*$)", run("recipe-clock"), re.DOTALL)
    before, after, back = map(json.loads, told)
    assert before["mode"] == "manual"
    assert after["now"] > before["now"]
    assert back["mode"] == "realtime", "what a reader tries next would never happen"


def test_a_document_can_be_checked_without_a_call(run: Run) -> None:
    assert run("lint") == "-: nothing wrong, as the answer to an ICE (--event ice)\n"
