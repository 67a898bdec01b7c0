"""Programs with production hosts written in, unchanged, in each language: every client reaches the simulator."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import python_packages
from support.node_packages import CACHES, installed, node

Execute = Callable[..., "subprocess.CompletedProcess[str]"]

# With and without what only Linux has: hooks and environment alone must do for what they are made for.
each_way = pytest.mark.parametrize("flags", [(), ("--unconfined",)], ids=["confined", "unconfined"])

FIXTURES = Path(__file__).with_name("fixtures")
NODE_PACKAGES = ("@sinch/sdk-core@1.4.0", "axios@1.13.2", "undici@6.22.0")
OKHTTP = [Path("/usr/share/java") / name for name in ("okhttp.jar", "okio.jar")]
SKILL = ("make_tts_call", "make_conference_call", "make_custom_call", "get_call_info")


def runtime(name: str, package: str) -> str:
    """The command of a language; the test is skipped where there is none."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name} on this machine (Debian: {package})")
    return found


def told(finished: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    """What each client printed, by its name; each must be in the summary as well."""
    printed = dict(re.findall(r"^(by_\w+) (.*)$", finished.stdout, re.MULTILINE))
    for name in printed:
        assert re.search(rf"GET \S+\.com/calling/v1/calls/id/{name} ", finished.stderr), (name, finished.stderr)
    return {name: status.strip() for name, status in printed.items()}


def past_proxies(flags: tuple[str, ...]) -> list[str]:
    """The argument that lets a program use clients that heed no proxy: only the kernel leads those."""
    return [] if flags else ["all"]


def expected(path: Path, pattern: str) -> list[str]:
    """The names of the clients in a program."""
    return list(dict.fromkeys(re.findall(pattern, path.read_text())))


SINCH_2 = """
import os
from sinch import SinchClient

client = SinchClient(
    project_id=os.environ["SINCH_PROJECT_ID"], key_id=os.environ["SINCH_KEY_ID"],
    key_secret=os.environ["SINCH_KEY_SECRET"], sms_region="us",
)
[number] = client.numbers.list(region_code="US", number_type="LOCAL").iterator()
batch = client.sms.batches.send_sms(to=["+46700000001"], from_=number.phone_number, body="Your parcel is here.")
to = {"type": "PHONE", "phone": {"number": "+14045550199"}}
client.voice.v2.calls.start(commands=[{"command": "dial", "to": to}])
plan = SinchClient(
    service_plan_id=os.environ["SINCH_SERVICE_PLAN_ID"], sms_api_token=os.environ["SINCH_API_TOKEN"], sms_region="eu"
)
print(plan.sms.batches.get(batch_id=batch.id).body)
"""


def test_a_program_with_the_newest_python_sdk_needs_no_change(execute: Execute) -> None:
    """It gets a token, then speaks Numbers, SMS by project and by service plan, and Voice v2, with what exec sets."""
    environment = {"PYTHONPATH": str(python_packages.installed(python_packages.SINCH_2))}
    finished = execute(sys.executable, "-c", SINCH_2, flags=("--clock", "auto"), environment=environment)
    assert (finished.returncode, finished.stdout) == (0, "Your parcel is here.\n"), finished.stderr
    hosts = ("auth", "numbers.api", "zt.us.sms.api", "voice.api", "eu.sms.api")
    for host in hosts:
        assert re.search(rf"  (GET|POST) {re.escape(host)}\.sinch\.com/\S+ +20[01]$", finished.stderr, re.MULTILINE)
    assert "+14045550100 -> +46700000001: Delivered: Your parcel is here." in finished.stderr


@each_way
def test_every_python_client_reaches_the_simulator(execute: Execute, flags: tuple[str, ...]) -> None:
    program = FIXTURES / "every_client.py"
    finished = execute(sys.executable, "-W", "ignore", program, flags=flags)
    statuses = told(finished)
    assert list(statuses) == expected(program, r"def (by_\w+)")
    # Of this application no call has that name; who shows no credentials is not let in.
    assert set(statuses.values()) == {"401", "404"}, statuses


@each_way
def test_an_isolated_python_reaches_it_by_the_environment(execute: Execute, flags: tuple[str, ...]) -> None:
    text = "import urllib.request as r; r.urlopen('https://auth.sinch.com/calling/v1/calls/id/isolated')"
    finished = execute(sys.executable, "-I", "-c", text, flags=flags)
    assert "HTTP Error 401" in finished.stderr
    assert "GET auth.sinch.com/calling/v1/calls/id/isolated  401" in finished.stderr


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """A folder of npm packages, kept between runs."""
    return installed(*NODE_PACKAGES) / "node_modules"


@each_way
@pytest.mark.parametrize("name", ["every_client.cjs", "every_client.mjs"])
def test_every_node_client_reaches_the_simulator(
    execute: Execute, flags: tuple[str, ...], node_modules: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "node_modules").symlink_to(node_modules)
    shutil.copy(FIXTURES / name, tmp_path)
    finished = execute(node(), "--no-warnings", name, flags=flags)
    statuses = told(finished)
    assert list(statuses) == expected(FIXTURES / name, r"\b(by_\w+):")
    assert set(statuses.values()) == {"401", "404"}, statuses


@each_way
def test_the_scripts_of_the_skill_run(execute: Execute, flags: tuple[str, ...]) -> None:
    folder = FIXTURES / "skill"
    numbers = "+14045550199 +14045550100"
    script = f"""
        tts=$({node()} make_tts_call.cjs {numbers} 'Good morning') && echo "$tts"
        {node()} make_conference_call.cjs {numbers} my-room
        SINCH_VOICE_REGION=use1 {node()} make_custom_call.cjs {numbers}
        {node()} get_call_info.cjs "${{tts#callId: }}"
    """
    finished = execute("sh", "-ec", script, flags=("--clock", "auto", "--ladder", *flags), folder=folder)
    assert finished.returncode == 0, finished.stderr
    *placed, info = finished.stdout.splitlines()
    ids = [re.fullmatch(r"callId: ([0-9a-f-]{36})", line) for line in placed]
    assert len(ids) == 3
    assert ids[0] is not None
    assert json.loads(info)["callId"] == ids[0][1]
    assert re.search(r"POST calling\.api\.sinch\.com/calling/v1/callouts +200  x2", finished.stderr)
    assert re.search(r"POST calling-use1\.api\.sinch\.com/calling/v1/callouts +200\n", finished.stderr)
    for heard in ("Good morning", "Welcome.", "This is a custom call."):
        assert f'plays "{heard}"' in finished.stderr


def test_curl_reaches_the_simulator(execute: Execute) -> None:
    url = "https://calling-sae1.api.sinch.com/calling/v1/calls/id/x"
    curl = f"{runtime('curl', 'curl')} -s -o /dev/null -w '%{{http_code}} '"
    options = ("", "--noproxy '*'", "--proxy http://127.0.0.1:1 --noproxy '*'")
    trusting = "--cacert /etc/ssl/certs/ca-certificates.crt"
    finished = execute("sh", "-c", "\n".join(f"{curl} {each} {url}" for each in (*options, trusting)))
    assert finished.stdout.split() == ["401"] * 4, finished
    assert "GET calling-sae1.api.sinch.com/calling/v1/calls/id/x  401  x4" in finished.stderr


@each_way
def test_every_java_client_reaches_the_simulator(execute: Execute, flags: tuple[str, ...]) -> None:
    java = runtime("java", "openjdk-17-jdk-headless")
    if not all(jar.exists() for jar in OKHTTP):
        pytest.skip("there is no OkHttp on this machine (Debian: libokhttp-java)")
    program = FIXTURES / "EveryClient.java"
    finished = execute(java, "-cp", os.pathsep.join(map(str, OKHTTP)), program, *past_proxies(flags), flags=flags)
    statuses = told(finished)
    assert list(statuses) == expected(program, r'"(by_\w+) "')[: None if not flags else 3]
    assert set(statuses.values()) == {"401"}, finished.stderr


def test_a_temporary_folder_with_a_blank_in_its_name_does(execute: Execute, tmp_path: Path) -> None:
    place = tmp_path / "a place"
    place.mkdir()
    text = "import urllib.request as r; r.urlopen('https://api.sinch.com/x')"
    asking = '((java.net.HttpURLConnection) new java.net.URL("https://api.sinch.com/x").openConnection())'
    (tmp_path / "Ask.java").write_text(
        "public class Ask { public static void main(String[] arguments) throws Exception { "
        f"System.out.println({asking}.getResponseCode()); }} }}"
    )
    script = f"""
        {node()} -e 'fetch("https://api.sinch.com/x").then((answer) => console.log(answer.status))'
        {runtime("java", "openjdk-17-jdk-headless")} Ask.java
        curl -s -o /dev/null -w '%{{http_code}}' https://api.sinch.com/x
        {sys.executable} -c "{text}"
    """
    finished = execute("sh", "-c", script, environment={"TMPDIR": str(place)}, flags=("--unconfined",))
    assert finished.stdout.split() == ["404", "404", "404"], finished.stderr
    assert "GET api.sinch.com/x  404  x4" in finished.stderr


@each_way
def test_a_go_program_reaches_the_simulator(execute: Execute, flags: tuple[str, ...], tmp_path: Path) -> None:
    go = runtime("go", "golang-go")
    environment = {"CGO_ENABLED": "0", "GOCACHE": str(CACHES / "sinch-simulator-tests" / "go"), "GOFLAGS": "-mod=mod"}
    command = [go, "build", "-o", str(tmp_path / "every_client"), str(FIXTURES / "every_client.go")]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, timeout=300)
    # What this builds is static: nothing but the kernel and the files that it reads can lead it.
    finished = execute(tmp_path / "every_client", *past_proxies(flags), flags=flags)
    names = ["by_default_client"] if flags else ["by_default_client", "by_its_own_transport"]
    assert told(finished) == dict.fromkeys(names, "401")


@each_way
def test_a_php_program_reaches_the_simulator(execute: Execute, flags: tuple[str, ...]) -> None:
    program = FIXTURES / "every_client.php"
    finished = execute(runtime("php", "php-cli php-curl"), program, *past_proxies(flags), flags=flags)
    assert told(finished) == dict.fromkeys(["by_curl"] if flags else ["by_curl", "by_stream"], "401")


@each_way
def test_a_ruby_program_reaches_the_simulator(execute: Execute, flags: tuple[str, ...]) -> None:
    finished = execute(runtime("ruby", "ruby"), FIXTURES / "every_client.rb", *past_proxies(flags), flags=flags)
    names = ["by_net_http"] if flags else ["by_net_http", "by_net_http_without_proxy"]
    assert told(finished) == dict.fromkeys(names, "401")
