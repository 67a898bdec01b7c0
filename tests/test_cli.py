"""The command line as a user meets it: real processes, their output and their exit codes."""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sinch_simulator import __version__

RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]
StartCommand = Callable[..., "subprocess.Popen[str]"]

DEFAULT = {
    "key": "00000000-0000-4000-8000-000000007462",
    "secret": "c2luY2gtc2ltdWxhdG9yIQ==",
    "numbers": ["+14045550100"],
    "callbackUrl": None,
    "fallbackUrl": None,
    "projectId": "00000000-0000-4000-8000-000000007463",
    "keyId": "00000000-0000-4000-8000-000000007464",
    "keySecret": "sinch-simulator-key-secret",
    "servicePlanId": "51630000000000000000000000007462",
    "apiToken": "51630000000000000000000000000001",
    "world": "default",
}


@pytest.fixture
def start(clean_environment: dict[str, str], tmp_path: Path) -> Iterator[StartCommand]:
    """Starts ``sinch-simulator start --port 0 ARGUMENTS``; what still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, environment: dict[str, str] | None = None) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", *arguments],
            cwd=tmp_path,
            env={**clean_environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ready(process: "subprocess.Popen[str]") -> Any:
    """The JSON line that says what was started."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def stop(process: "subprocess.Popen[str]", by: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
    """What else was said on stdout and stderr by the time the process has ended; it must end well."""
    assert process.stdout is not None
    assert process.stderr is not None
    process.send_signal(by)
    out, err = process.stdout.read(), process.stderr.read()
    assert process.wait(timeout=20) == 0, err
    return out, err


def one_line(finished: "subprocess.CompletedProcess[str]", code: int = 2) -> str:
    """The single line on stderr of a command that was used wrongly."""
    assert finished.returncode == code
    assert finished.stdout == ""
    [line] = finished.stderr.splitlines()
    return line


def test_it_says_its_version(run_command: RunCommand) -> None:
    assert run_command("--version").stdout == f"sinch-simulator {__version__}\n"


def test_a_group_without_a_command_shows_its_help_as_lines(run_command: RunCommand) -> None:
    finished = run_command("scenario")
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert {"copy", "list", "schema", "show"} <= {line.split()[0] for line in finished.stderr.splitlines() if line}


def test_a_variable_belongs_to_the_command_that_it_is_for(run_command: RunCommand) -> None:
    for arguments, variable in (
        (["start"], "SINCH_SIMULATOR_PORT"),
        (["run"], "SINCH_SIMULATOR_RUN_PORT"),
        (["scenario", "list"], "SINCH_SIMULATOR_SCENARIO_LIST_JSON"),
    ):
        told = run_command(*arguments, "--help").stdout
        assert variable in " ".join(told.split())
    assert run_command("scenario", "list", environment={"SINCH_SIMULATOR_LIST_JSON": "1"}).stdout[:1] != "{"
    listed = run_command("scenario", "list", environment={"SINCH_SIMULATOR_SCENARIO_LIST_JSON": "1"})
    assert json.loads(listed.stdout)["scenarios"]


def test_without_a_command_it_shows_the_commands(run_command: RunCommand) -> None:
    finished = run_command()
    assert finished.returncode == 2
    assert {"start", "call", "lint"} <= set(finished.stderr.split())


MISTAKES = [
    (["strat"], "strat: there is no such command; did you mean start?"),
    (["fax-machine"], "there are start, tail, phone"),
    (["run", "--seed", "-1", "a.yaml"], "--seed"),
    (["call", "--simulator", "http://127.0.0.1:9"], "nothing listens there; start one with `sinch-simulator start`"),
    (["start", "--prot", "1"], "--port"),
    (["start", "--port", "high"], "--port"),
    (["start", "--port", "65536"], "--port"),
    (["start", "--clock", "sundial"], "--clock"),
    (["start", "--speed", "0"], "--speed"),
    (["start", "--speed", "nan"], "--speed"),
    (["start", "--speed", "2", "--clock", "auto"], "--speed"),
    (["start", "--callback-timeout", "-1"], "--callback-timeout"),
    (["start", "--callback-url", "localhost:8080"], "--callback-url"),
    (["start", "--callback-url", "http://"], "--callback-url"),
    (["start", "--callback-url", "http://[::1"], "--callback-url"),
    (["start", "--fallback-url", "ftp://host/"], "--fallback-url"),
    (["start", "--callback-style", "many"], "--callback-style"),
    (["start", "--application", "key-without-secret"], "--application"),
    (["start", "--application", "k:no secret!"], "--application"),
    (["start", "--application", ":c2VjcmV0"], "--application"),
    (["start", "--application", "k:c2VjcmV0", "--application", "k:c2VjcmV0"], "--application"),
    (["start", "--number", "0701234567"], "--number"),
    (["start", "--seed", "-1"], "--seed"),
    (["run", "--number", "0701234567", "a.yaml"], "--number"),
    (["start", "--ca", "missing.pem"], "missing.pem: it cannot be read"),
    (["call", "--ca", "pyproject.toml"], "--ca"),
    (["call", "--allow-host", "http://app.example"], "--allow-host"),
    (["run", "ivr", "--allow-host", "api.sinch.com"], "--allow-host"),
    (["start", "--s3-endpoint", "https://s3.amazonaws.com"], "--allow-host s3.amazonaws.com"),
    (["start", "--control-token", "short"], "--control-token"),
    (["start", "--scenario", "ivr/sales"], "scenario copy ivr/sales"),
    (["start", "--scenario", "missing.yaml"], "--scenario"),
    (["start", "surplus"], "surplus"),
    (["call", "--press", "5a"], "--press"),
    (["call", "--text", "Hello"], "--text"),
    (["call", "--simulator", "http://127.0.0.1:9/", "--seed", "3"], "--seed"),
    (["call", "--simulator", "somewhere"], "--simulator"),
    (["call", "--callback-url", "somewhere"], "--callback-url"),
    (["call", "--application", "nonsense"], "--application"),
    (["lint"], "FILE"),
    (["lint", "missing.json"], "missing.json"),
    (["lint", "--event", "born", "-"], "--event"),
]
# Uses the command line once for each list of arguments: most of the time of a mistake is the start of a process.
EACH_IN_TURN = """
import contextlib, io, json, sys
from sinch_simulator.cli import main
told = []
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    told.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def mistakes(clean_environment: dict[str, str]) -> "dict[str, subprocess.CompletedProcess[str]]":
    """What the command line said to each of ``MISTAKES``."""
    lists = [arguments for arguments, _ in MISTAKES]
    command = [sys.executable, "-c", EACH_IN_TURN, json.dumps(lists)]
    finished = subprocess.run(command, env=clean_environment, capture_output=True, text=True, timeout=60, check=True)
    return {
        " ".join(arguments): subprocess.CompletedProcess(arguments, *said)
        for arguments, said in zip(lists, json.loads(finished.stdout), strict=True)
    }


@pytest.mark.parametrize(("arguments", "names"), MISTAKES)
def test_a_mistake_is_one_line_that_names_it(
    arguments: list[str], names: str, mistakes: "dict[str, subprocess.CompletedProcess[str]]"
) -> None:
    assert names in one_line(mistakes[" ".join(arguments)])


def test_a_scenario_file_that_cannot_be_read_is_one_line_with_its_place(
    run_command: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / "busy.yaml").write_text('phones:\n  "+14045550199": {bizzy: {}}\n')
    assert "busy.yaml:2:" in one_line(run_command("start", "--scenario", "busy.yaml"))


def test_a_scenario_file_brings_its_phones(start: StartCommand, tmp_path: Path) -> None:
    (tmp_path / "busy.yaml").write_text('phones:\n  "+14045550199": {busy: {after: 3.0}}\n')
    process = start("--json", "--scenario", "busy.yaml")
    with urllib.request.urlopen(ready(process)["url"] + "/_simulator/phones/+14045550199", timeout=10) as response:
        assert json.load(response) == {"busy": {"after": 3.0}}
    stop(process)


def test_a_secret_is_not_repeated_in_an_error(run_command: RunCommand) -> None:
    assert "hunter2" not in one_line(run_command("start", "--application", "key:hunter2!"))


def test_half_an_application_in_the_environment_is_a_mistake(run_command: RunCommand) -> None:
    line = one_line(run_command("start", environment={"SINCH_APPLICATION_KEY": "some-key"}))
    assert "SINCH_APPLICATION_SECRET" in line


def test_a_wrong_variable_is_named(run_command: RunCommand) -> None:
    assert "SINCH_SIMULATOR_PORT" in one_line(run_command("start", environment={"SINCH_SIMULATOR_PORT": "high"}))


def test_a_port_in_use_is_one_line(run_command: RunCommand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(run_command("start", "--port", str(port)))
    assert str(port) in line
    assert "in use" in line
    assert line.endswith("another program has it: choose another --port (0 takes a free one)")


def test_a_port_that_a_simulator_serves_already_is_told_as_that(start: StartCommand, run_command: RunCommand) -> None:
    process = start("--json")
    port = ready(process)["url"].rpartition(":")[2]
    line = one_line(run_command("start", "--port", port))
    stop(process)
    assert "a simulator runs there already (`sinch-simulator tail` shows what it does)" in line
    assert "--port" in line


def first_call_id(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """The seed of a simulator and the id of its first call."""
    line = ready(process)
    return line["seed"], fail_a_call(line["url"])


def test_a_seed_is_drawn_and_told_and_repeats_the_ids(start: StartCommand) -> None:
    seed, call_id = first_call_id(start("--json", "--callback-url", "http://127.0.0.1:9/"))
    another_seed, another_id = first_call_id(start("--json", "--callback-url", "http://127.0.0.1:9/"))
    assert seed != another_seed
    assert call_id != another_id
    again = start("--json", "--callback-url", "http://127.0.0.1:9/", "--seed", str(seed))
    assert first_call_id(again) == (seed, call_id)


def test_a_person_is_told_the_seed(start: StartCommand) -> None:
    out, _ = stop_when_it_serves(start("--seed", "1234"))
    assert "--seed 1234" in out


def stop_when_it_serves(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """All that was said by a simulator that is stopped at once."""
    assert process.stdout is not None
    first = process.stdout.readline()
    out, err = stop(process)
    return first + out, err


def test_the_port_of_start_in_the_environment_is_none_of_runs_business(
    run_command: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text('name: A\napp: ivr\nsteps:\n  - dial: {from: "+46700000001"}\n')
    with socket.create_server(("127.0.0.1", 0)) as taken:
        finished = run_command(
            "run", "a.yaml", environment={"SINCH_SIMULATOR_PORT": str(taken.getsockname()[1])}
        )
    assert finished.returncode == 0, finished.stderr

@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_host_that_is_not_ours_is_one_line(host: str, run_command: RunCommand) -> None:
    assert host in one_line(run_command("start", "--host", host, "--port", "0"))


def test_when_it_is_ready_it_prints_one_line_of_json(start: StartCommand) -> None:
    process = start("--json")
    line = ready(process)
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", line["url"])
    [application] = line["applications"]
    assert {name: application[name] for name in DEFAULT} == DEFAULT
    with urllib.request.urlopen(f"{line['url']}/_simulator/applications/{DEFAULT['key']}", timeout=10) as response:
        shown = json.load(response)
    assert {name: shown[name] for name in application} == application
    assert set(shown) - set(application) == {"credit", "barred", "callerIds", "clock", "seed"}
    with urllib.request.urlopen(line["url"] + "/_simulator/health", timeout=10) as response:
        assert json.load(response) == {"status": "ok", "version": __version__}
    out, err = stop(process)  # by a signal to terminate
    assert out == ""
    assert "Traceback" not in err


def test_an_interrupt_stops_it_cleanly(start: StartCommand) -> None:
    process = start("--json")
    ready(process)
    out, err = stop(process, signal.SIGINT)
    assert "Traceback" not in out + err


def fail_a_call(url: str) -> str:
    """The id of a call to a webhook that is not there; its callbacks are over."""
    body = b'{"from": "+46700000001"}'
    with urllib.request.urlopen(urllib.request.Request(url + "/_simulator/calls", body), timeout=10) as response:
        call_id = str(json.load(response)["callId"])
    urllib.request.urlopen(url + "/_simulator/callbacks?count=2&wait=10", timeout=20).close()
    return call_id


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_quiet_tells_findings_only_and_on_stderr(log_format: str, start: StartCommand) -> None:
    process = start("--json", "--quiet", "--callback-url", "http://127.0.0.1:9/", "--log-format", log_format)
    call_id = fail_a_call(ready(process)["url"])
    out, err = stop(process)
    assert out == ""
    line = next(line for line in err.splitlines() if "CALLBACK_UNREACHABLE" in line)
    assert call_id in line
    assert "+46700000001" not in err
    if log_format == "json":
        assert {"code", "severity", "message", "hint", "event"} <= set(json.loads(line))


def test_each_call_is_told_as_it_happens_without_colours_where_there_is_no_terminal(start: StartCommand) -> None:
    process = start("--callback-url", "http://127.0.0.1:9/")
    assert process.stdout is not None
    banner = [process.stdout.readline() for _ in range(10)]
    url = next(line.split()[-1] for line in banner if "base URL" in line)
    call_id = fail_a_call(url)
    out, err = stop(process)
    assert err == ""
    told = [line[14:] for line in out.splitlines()]
    assert next(line for line in told if line.startswith(" 1")) == " 1  +46700000001 calls +14045550100"
    # One line, or on a slow machine two: what was under way at the end of a batch was told as under way.
    assert any(re.search(r"  ICE (to your app|came back), unreachable in ", line) for line in told)
    assert any("  error CALLBACK_UNREACHABLE: " in line for line in told)
    assert any(line.endswith(f"more: sinch-simulator show {call_id[:8]}") for line in told)
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/calls/c1", "error NOT_FOUND in GET /calls/c1: Not Found"),
        ("PUT", "/calling/v1/callouts", "error METHOD_NOT_ALLOWED in PUT /calling/v1/callouts: Method Not Allowed"),
    ],
)
def test_a_request_that_leads_nowhere_is_told(method: str, path: str, told: str, start: StartCommand) -> None:
    process = start()
    assert process.stdout is not None
    url = next(line.split()[-1] for line in iter(process.stdout.readline, "") if "base URL" in line)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(url + path, method=method), timeout=10)
    out, _ = stop(process)
    assert told in out


@pytest.mark.parametrize(("clock", "told"), [("manual", 1), ("realtime", 0)])
def test_a_callout_that_waits_for_time_says_so(clock: str, told: int, start: StartCommand) -> None:
    process = start("--clock", clock)
    assert process.stdout is not None
    url = next(line.split()[-1] for line in iter(process.stdout.readline, "") if "base URL" in line)
    callout = {"destination": {"type": "number", "endpoint": "+14045550151"}, "text": "Hello", "cli": "+14045550100"}
    request = urllib.request.Request(
        url + "/calling/v1/callouts", json.dumps({"method": "ttsCallout", "ttsCallout": callout}).encode()
    )
    credentials = base64.b64encode(f"{DEFAULT['key']}:{DEFAULT['secret']}".encode()).decode()
    request.add_header("Authorization", f"Basic {credentials}")
    urllib.request.urlopen(request, timeout=10).close()
    out, _ = stop(process)
    assert "calls +14045550151" in out
    assert out.count("time stands still (manual clock): `sinch-simulator clock --advance SECONDS`") == told


def test_stdout_is_left_to_the_json_line_and_the_calls_are_told_as_json_on_stderr(start: StartCommand) -> None:
    process = start("--json", "--log-format", "json", "--callback-url", "http://127.0.0.1:9/")
    call_id = fail_a_call(ready(process)["url"])
    out, err = stop(process)
    assert out == ""
    entries = [json.loads(line) for line in err.splitlines()]
    assert [entry["kind"] for entry in entries][:2] == ["call.arrived", "callback.sent"]
    assert {entry["callId"] for entry in entries} == {call_id}


def test_the_banner_shows_what_to_copy(start: StartCommand) -> None:
    process = start("--callback-url", "http://localhost:8080/voice")
    assert process.stdout is not None
    first = process.stdout.readline()
    out, _ = stop(process)
    credentials = [value for value in DEFAULT.values() if isinstance(value, str) and value != "default"]
    for text in (*credentials, "+14045550100", "http://127.0.0.1:", "http://localhost:8080/voice"):
        assert str(text) in first + out


def test_the_banner_says_where_the_events_of_every_product_go_and_which_leave(start: StartCommand) -> None:
    process = start(
        "--webhook-url", "http://localhost:1/v2", "--verification-callback-url", "https://verify.example/hook",
        "--sms-callback-url", "http://localhost:1/sms", "--classic-sms-callback-url", "http://localhost:1/classic",
    )  # fmt: skip
    out, _ = stop_when_it_serves(process)
    assert "  webhook             http://localhost:1/v2\n" in out
    assert "  verifications go to https://verify.example/hook (leaving this machine for verify.example)\n" in out
    assert "  texts go to         http://localhost:1/sms\n" in out
    assert "  classic texts go to http://localhost:1/classic\n" in out
    assert "nowhere yet" not in out


def test_flags_and_variables_make_the_applications(start: StartCommand) -> None:
    process = start(
        "--json", "--application", "one:b25l", "--application", "two:dHdv", "--number", "+46700000002",
        "--callback-url", "http://localhost:1/typed",
        environment={
            "SINCH_APPLICATION_KEY": "not-this-one",
            "SINCH_APPLICATION_SECRET": "b3RoZXI=",
            "SINCH_SIMULATOR_FALLBACK_URL": "http://localhost:2/fallback",
            "SINCH_SIMULATOR_CALLBACK_URL": "http://localhost:3/variable",
        },
    )  # fmt: skip
    one, two = ready(process)["applications"]
    stop(process)
    assert (one["key"], one["secret"], one["numbers"]) == ("one", "b25l", ["+46700000002"])
    assert (one["callbackUrl"], one["fallbackUrl"]) == ("http://localhost:1/typed", "http://localhost:2/fallback")
    assert (two["key"], two["numbers"], two["callbackUrl"]) == ("two", [], None)


def test_the_platforms_own_variables_make_the_default_application(start: StartCommand) -> None:
    """Several values of one variable are separated by spaces."""
    environment = {
        "SINCH_APPLICATION_KEY": "mine",
        "SINCH_APPLICATION_SECRET": "bWluZQ==",
        "SINCH_SIMULATOR_NUMBER": "+46700000002 +46700000003",
    }
    process = start("--json", environment=environment)
    [application] = ready(process)["applications"]
    stop(process)
    numbers = ["+46700000002", "+46700000003"]
    expected = {**DEFAULT, "key": "mine", "secret": "bWluZQ==", "numbers": numbers}
    assert {name: application[name] for name in expected} == expected


def test_the_credentials_of_every_product_come_from_flags_or_variables(start: StartCommand) -> None:
    """A flag counts as a whole; a variable that is missing leaves the value of the default application."""
    environment = {"SINCH_PROJECT_ID": "theirs", "SINCH_API_TOKEN": "token", "SINCH_KEY_SECRET": "a:b"}
    process = start("--json", environment=environment)
    [application] = ready(process)["applications"]
    stop(process)
    assert (application["projectId"], application["keyId"], application["keySecret"]) == (
        "theirs", "00000000-0000-4000-8000-000000007464", "a:b",
    )  # fmt: skip
    assert (application["servicePlanId"], application["apiToken"]) == ("51630000000000000000000000007462", "token")
    process = start(
        "--json", "--project", "mine:key:se:cret", "--service-plan", "plan:other", "--protocol", "v1",
        "--webhook-url", "http://localhost:1/v2", "--webhook-fallback-url", "http://localhost:1/b",
        "--verification-callback-url", "http://localhost:1/verify", "--verification-auth", "basic",
        "--sms-callback-url", "http://localhost:1/sms", "--classic-sms-callback-url", "http://localhost:1/classic",
        environment=environment,
    )  # fmt: skip
    [application] = ready(process)["applications"]
    stop(process)
    expected = {
        "projectId": "mine", "keyId": "key", "keySecret": "se:cret", "servicePlanId": "plan", "apiToken": "other",
        "protocol": "v1", "verificationAuth": "basic", "verificationCallbackUrl": "http://localhost:1/verify",
        "smsCallbackUrl": "http://localhost:1/sms", "classicSmsCallbackUrl": "http://localhost:1/classic",
        "callBehavior": {
            "type": "WEBHOOK", "webhook": {"url": "http://localhost:1/v2", "fallbackUrl": "http://localhost:1/b"}
        },
    }  # fmt: skip
    assert {name: application[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (["--project", "a:b"], "--project: expected PROJECT:KEYID:KEYSECRET"),
        (["--project", "a b:c:d"], "--project"),
        (["--service-plan", "plan"], "--service-plan: expected PLAN:TOKEN"),
        (["--service-plan", "plan:a b"], "--service-plan"),
        (["--webhook-fallback-url", "http://localhost:1/"], "--webhook-url, which is missing"),
        (["--sms-callback-url", "here"], "--sms-callback-url"),
        (["--protocol", "v3"], "--protocol"),
    ],
)
def test_credentials_and_urls_that_cannot_be_are_one_line(
    run_command: RunCommand, flags: list[str], named: str
) -> None:
    assert named in one_line(run_command("start", "--port", "0", *flags))


def test_a_newcomer_sees_a_whole_call(run_command: RunCommand) -> None:
    finished = run_command("call")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    told = finished.stdout
    in_order = [
        "+46700000001 calls",
        "ICE to",
        "Welcome",
        "presses 1",
        "PIE to",
        "rings",
        "ACE to",
        "hangs up",
        "DiCE to",
    ]
    places = [told.index(text) for text in in_order]
    assert places == sorted(places), told
    assert told.endswith("Verdict: all went well.\n")
    assert finished.stderr == ""


def test_a_call_as_json_is_one_document(run_command: RunCommand) -> None:
    finished = run_command("call", "--press", "2", "--json")
    document = json.loads(finished.stdout)
    assert finished.returncode == 0
    assert document["call"]["status"] == "FINAL"
    assert [callback["event"] for callback in document["callbacks"]] == ["ice", "pie", "dice"]
    assert "We are open from nine to five." in document["call"]["heard"]


def test_the_same_seed_gives_the_same_ladder(run_command: RunCommand) -> None:
    def ladder() -> list[str]:
        lines = run_command("call", "--seed", "7").stdout.splitlines()
        return [re.sub(r"127\.0\.0\.1:\d+", "HERE", line) for line in lines]

    first = ladder()
    assert len(first) > 10
    assert ladder() == first


def test_a_callout_rings_somebody(run_command: RunCommand) -> None:
    finished = run_command("call", "--callout", "--json")
    document = json.loads(finished.stdout)
    assert finished.returncode == 0
    assert document["call"]["origin"] == "callout"
    assert [callback["event"] for callback in document["callbacks"]][:2] == ["ace", "pie"]


def test_a_callout_reads_a_text_out(run_command: RunCommand) -> None:
    finished = run_command("call", "--callout", "--text", "Your parcel is here.", "--json")
    document = json.loads(finished.stdout)
    assert finished.returncode == 0
    assert document["call"]["heard"] == ["Your parcel is here."]
    assert document["call"]["result"] == "ANSWERED"


def test_a_busy_number_stays_busy(run_command: RunCommand) -> None:
    finished = run_command("call", "--callout", "--to", "+14045550110", "--json")
    assert finished.returncode == 0
    assert json.loads(finished.stdout)["call"]["result"] == "BUSY"


def test_a_webhook_that_is_not_there_fails_the_call(run_command: RunCommand) -> None:
    finished = run_command("call", "--callback-url", "http://127.0.0.1:9/")
    assert finished.returncode == 1
    assert "something went wrong" in finished.stdout
    assert "Traceback" not in finished.stdout + finished.stderr


@pytest.mark.parametrize("clock", ["auto", "manual", "realtime"])
def test_a_call_in_a_simulator_that_runs_leaves_it_as_it_was(
    clock: str, start: StartCommand, run_command: RunCommand
) -> None:
    process = start("--json", "--clock", clock, *(["--speed", "50"] if clock == "realtime" else []))
    url = ready(process)["url"]
    finished = run_command("call", "--simulator", url)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    with urllib.request.urlopen(url + "/_simulator/applications", timeout=10) as response:
        [application] = json.load(response)["applications"]
    assert application["callbackUrl"] is None
    stop(process)


def test_no_simulator_at_that_url_is_one_line(run_command: RunCommand) -> None:
    assert "127.0.0.1:9" in one_line(run_command("call", "--simulator", "http://127.0.0.1:9"))


def test_lint_is_content_with_a_good_document(run_command: RunCommand) -> None:
    finished = run_command("lint", "-", stdin='{"action": {"name": "hangup"}}')
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout == "-: nothing wrong, as the answer to an ICE (--event ice)\n"


def test_lint_says_of_each_document_how_it_is(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('{"action": {"name": "hangup"}}')
    (tmp_path / "bad.json").write_text("not json")
    told = run_command("lint", "bad.json", "good.json").stdout.splitlines()
    assert [line.partition(":")[0] for line in told] == ["bad.json", "good.json"]
    assert "nothing wrong" not in told[0]


def test_lint_points_at_the_mistake(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "reply.json").write_text('{"action": {"name": "hangupp"}}')
    finished = run_command("lint", "reply.json")
    assert finished.returncode == 1
    assert finished.stdout.startswith("reply.json: action.name: UNKNOWN_ACTION: ")


def test_lint_knows_the_event(run_command: RunCommand) -> None:
    document = '{"action": {"name": "continue"}}'
    assert run_command("lint", "-", "--event", "ace", stdin=document).returncode == 0
    assert run_command("lint", "-", "--event", "ice", stdin=document).returncode == 1


def test_lint_reads_svaml_of_v2_strictly(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('{"commands": [{"command": "hangup"}]}')
    (tmp_path / "bad.json").write_text('{"commands": [{"command": "hangup", "callname": "agent"}]}')
    finished = run_command("lint", "--v2", "good.json", "bad.json")
    assert finished.returncode == 1
    assert finished.stdout.splitlines() == [
        "bad.json: commands[0].callname: UNKNOWN_PROPERTY: hangup has no such property "
        '(did you mean "callName"?)',
        "good.json: nothing wrong, as a document of Voice API v2 (--v2)",
    ]
    mixed = run_command("lint", "--v2", "--event", "ice", "good.json")
    assert (mixed.returncode, "--event is for SVAML of Voice API v1" in mixed.stderr) == (2, True)


def test_lint_as_json_is_one_document(run_command: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text('{"action": {"name": "hangup"}}')
    (tmp_path / "bad.json").write_text("not json")
    finished = run_command("lint", "good.json", "bad.json", "--json")
    [found] = json.loads(finished.stdout)["diagnostics"]
    assert finished.returncode == 1
    assert (found["file"], found["code"], found["severity"]) == ("bad.json", "NOT_JSON", "error")


def test_ctrl_c_while_the_command_line_loads_is_silent(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)")
    loading = subprocess.run(
        [sys.executable, "-m", "sinch_simulator", "--version"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (loading.returncode, loading.stdout, loading.stderr) == (-signal.SIGINT, "", "")
