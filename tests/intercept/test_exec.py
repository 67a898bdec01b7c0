"""``sinch-simulator exec`` as a user meets it: the command is itself, and nothing stays behind."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

Execute = Callable[..., "subprocess.CompletedProcess[str]"]

PLACE = """
import base64, json, os, sys, urllib.request
number = sys.argv[1] if len(sys.argv) > 1 else "+14045550199"
body = {"method": "ttsCallout", "ttsCallout": {"cli": "+14045550100", "destination": {"type": "number",
    "endpoint": number}, "text": "Hello"}}
pair = os.environ["SINCH_APPLICATION_KEY"] + ":" + os.environ["SINCH_APPLICATION_SECRET"]
headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(), "Content-Type": "application/json"}
url = "https://calling-use1.api.sinch.com/calling/v1/callouts"
print(urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)).read().decode())
"""
CREDENTIALS = {
    "SINCH_APPLICATION_KEY": "00000000-0000-4000-8000-000000007462",
    "SINCH_APPLICATION_SECRET": "c2luY2gtc2ltdWxhdG9yIQ==",
    "SINCH_PROJECT_ID": "00000000-0000-4000-8000-000000007463",
    "SINCH_KEY_ID": "00000000-0000-4000-8000-000000007464",
    "SINCH_KEY_SECRET": "sinch-simulator-key-secret",
    "SINCH_SERVICE_PLAN_ID": "51630000000000000000000000007462",
    "SINCH_API_TOKEN": "51630000000000000000000000000001",
}


def python(text: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", text, *arguments]


class Terminal:
    """A pseudo terminal at which exec runs; ``code`` is its exit code in the end."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.code = -1

    def read_until(self, text: str) -> str:
        shown = b""
        while text.encode() not in shown:
            shown += os.read(self.descriptor, 1024)
        return shown.decode()

    def type_after(self, text: str, keys: str) -> None:
        self.read_until(text)
        os.write(self.descriptor, keys.encode())


@contextmanager
def at_a_terminal(environment: dict[str, str], *command: str, flags: tuple[str, ...] = ()) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    take = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
    started = [sys.executable, "-c", take, sys.executable, "-m", "sinch_simulator", "exec", *flags, "--", *command]
    with subprocess.Popen(
        started, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        terminal = Terminal(ours)
        yield terminal
        terminal.code = process.wait()
    os.close(ours)


def test_the_command_is_itself(execute: Execute, tmp_path: Path) -> None:
    text = """
import os, sys
print(sys.argv[1:], os.getcwd(), sys.stdin.read())
print("to stderr", file=sys.stderr)
sys.exit(7)
"""
    arguments = ["--json", "-x", "a b", "--", "é$*"]
    finished = execute(*python(text, *arguments), flags=("--quiet",), stdin="typed")
    assert finished.returncode == 7
    assert finished.stdout == f"{arguments} {tmp_path} typed\n"
    assert finished.stderr == "to stderr\n"


def test_a_command_that_a_signal_ended_says_so_as_in_a_shell(execute: Execute) -> None:
    assert execute("sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL


@pytest.mark.parametrize(
    ("command", "code", "why"),
    [("no-such-command", 127, "No such file or directory"), ("/etc/hosts", 126, "Permission denied")],
)
def test_a_command_that_cannot_be_executed_is_one_line(execute: Execute, command: str, code: int, why: str) -> None:
    finished = execute(command, flags=("--quiet",))
    assert finished.returncode == code
    assert finished.stderr == f"sinch-simulator exec: {command}: {why}\n"


def test_without_a_command_it_is_used_wrongly(execute: Execute) -> None:
    finished = execute()
    assert finished.returncode == 2
    assert "COMMAND" in finished.stderr


def test_a_flag_of_start_that_cannot_be_is_one_line(execute: Execute) -> None:
    finished = execute("true", flags=("--number", "12"))
    assert finished.returncode == 2
    assert finished.stderr.startswith('sinch-simulator exec: --number: "12" is not an E.164 number')


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
def test_a_signal_is_passed_on_and_the_command_decides(
    clean_environment: dict[str, str], number: signal.Signals
) -> None:
    text = """
import signal, sys
def leave(number, frame):
    print("got", number, flush=True)
    sys.exit(9)
signal.signal(int(sys.argv[1]), leave)
print("ready", flush=True)
signal.pause()
"""
    command = [sys.executable, "-m", "sinch_simulator", "exec", "--", *python(text, str(int(number)))]
    with subprocess.Popen(command, env=clean_environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.stdout.read() == f"got {int(number)}\n".encode()
    assert process.returncode == 9


def test_ctrl_c_reaches_the_command_once_and_exec_waits_for_it(clean_environment: dict[str, str]) -> None:
    """At a terminal every process of the group gets the signal; exec must not send it a second time."""
    text = """
import signal, time
count = 0
def note(number, frame):
    global count
    count += 1
signal.signal(signal.SIGINT, note)
print("ready", flush=True)
while count == 0:
    time.sleep(0.01)
time.sleep(0.3)
print("count", count, flush=True)
"""
    with at_a_terminal(clean_environment, *python(text)) as terminal:
        terminal.type_after("ready", "\x03")
        assert "count 1" in terminal.read_until("requests to the platform")
    assert terminal.code == 0


def test_ctrl_c_ends_the_command_and_its_exit_code_says_so(clean_environment: dict[str, str]) -> None:
    with at_a_terminal(clean_environment, "sh", "-c", "echo ready; exec sleep 100") as terminal:
        terminal.type_after("ready", "\x03")
        terminal.read_until("requests to the platform")
    assert terminal.code == 128 + signal.SIGINT


def test_the_page_is_served_on_at_a_terminal_until_ctrl_c(clean_environment: dict[str, str]) -> None:
    with at_a_terminal(clean_environment, "sh", "-c", "exit 3", flags=("--page",)) as terminal:
        terminal.type_after("is served until Ctrl-C", "\x03")
    assert terminal.code == 3


def test_the_signals_of_the_command_are_as_they_were_before(execute: Execute) -> None:
    text = "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    plain = subprocess.run(python(text), capture_output=True, text=True, check=True)
    assert execute(*python(text)).stdout == plain.stdout
    shown = ["grep", "-E", "Sig(Blk|Ign|Cgt)", "/proc/self/status"]
    plain = subprocess.run(shown, capture_output=True, text=True, check=True)
    assert execute(*shown).stdout == plain.stdout


def test_a_signal_that_comes_before_the_command_begins_ends_everything(clean_environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "sinch_simulator", "exec", "--scenario", "/dev/stdin", "--", "echo", "begun"]
    with subprocess.Popen(
        command, env=clean_environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"name: n\nsteps:\n")
        process.stdin.flush()
        # It reads the scenario, and has not begun anything else.
        blocked = f"/proc/{process.pid}/status"
        while not re.search(r"SigBlk:\s+0*4a07\b", Path(blocked).read_text()):
            os.sched_yield()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(b"  - wait: 1\n")
    assert (process.returncode, out) == (128 + signal.SIGTERM, b"")
    assert b"Traceback" not in err


def test_descriptors_of_the_caller_are_the_commands(clean_environment: dict[str, str]) -> None:
    script = f"{sys.executable} -m sinch_simulator exec --quiet -- cat <(echo from a pipe)"
    finished = subprocess.run(["bash", "-c", script], env=clean_environment, capture_output=True, text=True)
    assert finished.stdout == "from a pipe\n"


def test_nothing_stays_behind(execute: Execute, tmp_path: Path) -> None:
    place, folder = tmp_path / "temporary", tmp_path / "folder"
    place.mkdir()
    folder.mkdir()
    variables = {"TMPDIR": str(place), "PYTHONDONTWRITEBYTECODE": ""}
    text = "import os; print(os.listdir(os.environ['TMPDIR']))"
    listed = execute(*python(text), environment=variables, folder=folder)
    assert "sinch-simulator-exec-" in listed.stdout
    assert list(place.iterdir()) == []
    assert list(folder.iterdir()) == []


def test_it_sums_up_what_was_asked_and_what_was_found(execute: Execute) -> None:
    script = '"$0" -c "$1"; "$0" -c "$1"; curl -s -o /dev/null https://sms.api.sinch.com/xms/v1/x/batches'
    finished = execute("sh", "-c", script, sys.executable, PLACE, flags=("--clock", "auto"))
    assert finished.returncode == 0
    lines = finished.stderr.splitlines()
    assert lines[0] == "3 requests to the platform:"
    assert lines[1].split() == ["POST", "calling-use1.api.sinch.com/calling/v1/callouts", "200", "x2"]
    assert lines[2].split()[:2] == ["GET", "sms.api.sinch.com/xms/v1/x/batches"]
    assert "2 calls:" in lines
    assert lines.count("  +14045550100 -> +14045550199: ANSWERED, MANAGERHANGUP") == 2


def test_the_ladder_shows_the_calls(execute: Execute) -> None:
    finished = execute(*python(PLACE), flags=("--clock", "auto", "--ladder"))
    assert re.search(r"call [0-9a-f-]{36}\n +0\.000 +app -> sinch +calls \+14045550199", finished.stderr)
    assert 'plays "Hello"' in finished.stderr


def test_a_finding_is_told(execute: Execute) -> None:
    finished = execute("curl", "-s", "-u", "nobody:c2VjcmV0", "https://calling.api.sinch.com/calling/v1/calls/id/x")
    assert finished.returncode == 0
    assert json.loads(finished.stdout)["errorCode"] == 40108
    assert "error AUTH_UNKNOWN_KEY GET /calling/v1/calls/id/x" in finished.stderr
    assert "sinch-simulator exec --application KEY:SECRET -- COMMAND" in finished.stderr


def test_a_program_that_does_not_trust_us_is_told_of(execute: Execute, tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text(trustme.CA().cert_pem.bytes().decode())
    finished = execute("curl", "-s", "--cacert", own, "https://calling.api.sinch.com/x")
    assert finished.returncode == 60
    assert finished.stderr.splitlines() == [
        "no requests to the platform",
        "1 connection to calling.api.sinch.com ended without a request: "
        "does the program trust only authorities that it brings itself?",
    ]


def test_quiet_says_nothing(execute: Execute) -> None:
    finished = execute(*python(PLACE), flags=("--quiet",))
    assert finished.returncode == 0
    assert finished.stderr == ""


def test_the_command_has_the_credentials_of_every_product(execute: Execute) -> None:
    finished = execute(*python("import json, os; print(json.dumps(dict(os.environ)))"))
    assert CREDENTIALS.items() <= json.loads(finished.stdout).items()


def test_credentials_that_are_set_are_taken_over(execute: Execute) -> None:
    own = {"SINCH_APPLICATION_KEY": "my-own-key", "SINCH_APPLICATION_SECRET": "bXkgb3duIHNlY3JldA=="}
    finished = execute(*python(PLACE), environment={**own, "SINCH_PROJECT_ID": "my-project"})
    assert finished.returncode == 0
    assert "calling/v1/callouts  200" in finished.stderr
    show = "echo $SINCH_APPLICATION_KEY $SINCH_PROJECT_ID"
    seen = execute("sh", "-c", show, environment={**own, "SINCH_PROJECT_ID": "p"})
    assert seen.stdout == "my-own-key p\n"


TOKEN = """
import base64, json, os, urllib.request
pair = os.environ["SINCH_KEY_ID"] + ":" + os.environ["SINCH_KEY_SECRET"]
headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
url = "https://eu.auth.sinch.com/oauth2/token"
token = json.load(urllib.request.urlopen(urllib.request.Request(url, b"grant_type=client_credentials", headers)))
def send(id, bearer):
    url = f"https://zt.us.sms.api.sinch.com/xms/v1/{id}/batches"
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    body = {"to": ["46700000001"], "from": "14045550100", "body": "Hello"}
    return urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)).status
print(send(os.environ["SINCH_PROJECT_ID"], token["access_token"]))
print(send(os.environ["SINCH_SERVICE_PLAN_ID"], os.environ["SINCH_API_TOKEN"]))
"""


@pytest.mark.parametrize(
    ("environment", "flags"),
    [
        ({}, ()),
        (
            {
                "SINCH_PROJECT_ID": "my-project", "SINCH_KEY_ID": "my-key", "SINCH_KEY_SECRET": "my-secret",
                "SINCH_SERVICE_PLAN_ID": "my-plan", "SINCH_API_TOKEN": "my-token",
            },
            (),
        ),
        ({"SINCH_KEY_SECRET": "of-another"}, ("--project", "a:b:c", "--service-plan", "d:e")),
    ],
    ids=["made up", "set already", "by flags"],
)  # fmt: skip
def test_a_program_with_whatever_credentials_gets_a_token_and_sends_texts(
    execute: Execute, environment: dict[str, str], flags: tuple[str, ...]
) -> None:
    finished = execute(*python(TOKEN), environment=environment, flags=flags)
    assert finished.stdout == "201\n201\n", finished.stderr


def test_the_flags_of_start_count(execute: Execute, tmp_path: Path) -> None:
    scenario = tmp_path / "busy.yaml"
    scenario.write_text('name: n\nphones:\n  "+14045550155": {busy: {after: 1}}\nsteps:\n  - wait: 1\n')
    flags = ("--clock", "auto", "--scenario", str(scenario), "--application", "a-key:c2VjcmV0")
    finished = execute(*python(PLACE, "+14045550155"), flags=flags)
    assert "+14045550100 -> +14045550155: BUSY" in finished.stderr


def test_callbacks_reach_a_webhook_of_the_command(execute: Execute) -> None:
    listens = """
import http.server, json, os
class Webhook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        print("event", json.loads(self.rfile.read(int(self.headers["Content-Length"])))["event"])
        self.send_response(200)
        self.end_headers()
webhook = http.server.HTTPServer(("127.0.0.1", int(os.environ["HOOK"])), Webhook)
"""
    places = PLACE.replace('"text": "Hello"', '"text": "Hello", "enableDice": True')
    text = f"{listens}{places}\nwebhook.handle_request()\n"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    flags = ("--callback-url", f"http://127.0.0.1:{port}/voice", "--speed", "20")
    assert "event dice" in execute(*python(text), flags=flags, environment={"HOOK": str(port)}).stdout


def test_children_of_children_reach_the_simulator(execute: Execute) -> None:
    text = "import subprocess, sys; subprocess.run(['sh', '-c', sys.argv[1]], check=True, env={'PATH': sys.argv[2]})"
    finished = execute(*python(text, "curl -s https://voice.api.sinch.com/x", os.environ["PATH"]))
    assert "GET voice.api.sinch.com/x  404" in finished.stderr


def test_pytest_runs_a_suite_against_the_simulator(execute: Execute, tmp_path: Path) -> None:
    placing = PLACE.replace("sys.argv[1] if len(sys.argv) > 1 else ", "").replace("\n", "\n    ")
    (tmp_path / "test_calls.py").write_text(f"def test_a_call():{placing}\n\ndef test_it_fails():\n    assert False\n")
    finished = execute(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_calls.py")
    assert finished.returncode == 1
    assert "1 failed, 1 passed" in finished.stdout
    assert "calling/v1/callouts  200" in finished.stderr


def test_the_page_is_named(execute: Execute) -> None:
    finished = execute("sh", "-c", "echo $SINCH_SIMULATOR_URL", flags=("--page", "--quiet"))
    assert finished.stderr == f"sinch-simulator exec: the page is at {finished.stdout.strip()}/\n"


def test_a_sitecustomize_of_the_user_still_runs(
    execute: Execute, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.mine = True\n")
    path = os.pathsep.join([str(tmp_path), clean_environment["PYTHONPATH"]])
    finished = execute(*python("import sys; print(sys.mine, sys.path)"), environment={"PYTHONPATH": path})
    assert finished.stdout.startswith("True ")
    assert "sinch-simulator-exec" not in finished.stdout
