"""``tail``: a simulator that runs elsewhere is shown like one's own, also after it was away."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from sinch_simulator import Simulator, blocking
from sinch_simulator.cli import main
from support.command_line import Typed

ANNA = "+46700000001"
Tail = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def tail(clean_environment: dict[str, str]) -> Iterator[Tail]:
    """Starts ``sinch-simulator tail ARGUMENTS`` in a process of its own, which is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "sinch_simulator", "tail", *arguments]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, env=clean_environment, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def line_of(process: "subprocess.Popen[str]", wanted: str) -> str:
    """The next line on stdout that has this text; the test fails when the process ends without one."""
    assert process.stdout is not None
    for line in process.stdout:
        if wanted in line:
            return line
    raise AssertionError(process.communicate()[1])


def complaint_of(process: "subprocess.Popen[str]") -> str:
    """The next line on stderr."""
    assert process.stderr is not None
    return process.stderr.readline()


def test_calls_are_told_as_they_happen_until_the_simulator_is_gone_and_when_it_is_back(tail: Tail) -> None:
    port = free_port()
    with Simulator.in_thread(port=port) as simulator:
        application = simulator.create_application(key="tail")
        application.mount(lambda event: None)
        process = tail("--url", simulator.url, "--application", "tail")
        assert complaint_of(process) == f"following {simulator.url} (Ctrl-C ends)\n"
        application.dial(from_=ANNA)
        assert line_of(process, f"{ANNA} calls").split()[1] == "1"
        line_of(process, "ICE to your app, 200 in ")
        line_of(process, "over: ")
    assert "has gone; waiting for it to come back" in complaint_of(process)
    with Simulator.in_thread(port=port) as simulator:
        application = simulator.create_application(key="tail")
        application.mount(lambda event: None)
        call = application.dial(from_=ANNA)
        assert line_of(process, f"{ANNA} calls").split()[1] == "1"
        assert call.id[:8] in line_of(process, "over: ")
        assert "is back" in complaint_of(process)


def test_only_what_was_asked_for_is_told_as_json(
    tail: Tail, company: blocking.Application, simulator: blocking.Simulator
) -> None:
    process = tail("--url", simulator.url, "--application", company.key, "--json", "--event", "dice")
    assert complaint_of(process).startswith("following")
    company.dial(from_=ANNA).hang_up()
    company.dial(from_=ANNA).hang_up()
    entries = [json.loads(line_of(process, "")) for _ in range(4)]
    assert [(entry["event"], entry["kind"]) for entry in entries] == [
        ("dice", "callback.sent"),
        ("dice", "callback.answered"),
    ] * 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--event", "foo"], '"foo" is not known; there are ice, ace, pie, dice, notify, '),
        (["--event", "prompt.stated"], '"prompt.stated" is not known; did you mean "prompt.started"?'),
        (["--call", "nobody"], "no call's id begins with 'nobody'"),
    ],
)
def test_what_cannot_be_followed_is_one_line(arguments: list[str], told: str, typed: Typed) -> None:
    refused = typed("tail", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert told in refused.err


def test_without_a_simulator_it_does_not_wait(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tail", "--url", f"http://127.0.0.1:{free_port()}"]) == 2
    assert "start one with `sinch-simulator start`" in capsys.readouterr().err


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port
