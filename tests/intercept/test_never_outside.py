"""The real hosts are out of reach, by whatever way a program looks for them; other hosts are reached as ever."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from support.outside import Outside, http, own_address, serve

Execute = Callable[..., "subprocess.CompletedProcess[str]"]

SINCH = "https://calling.api.sinch.com/x"
each_way = pytest.mark.parametrize("flags", [(), ("--unconfined",)], ids=["confined", "unconfined"])


def python(text: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", text, *arguments]


@pytest.fixture(scope="session")
def why_not_confined(clean_environment: dict[str, str]) -> str:
    """Says why the kernel does not help; "" where it does."""
    command = [sys.executable, "-m", "sinch_simulator", "exec", "--", "true"]
    told = subprocess.run(command, env=clean_environment, capture_output=True, text=True, timeout=60, check=False)
    return told.stderr.splitlines()[0] if "no connection filter" in told.stderr else ""


@pytest.fixture
def confined(execute: Execute, why_not_confined: str) -> Execute:
    """Runs commands where the kernel helps; the test is skipped where it does not."""
    if why_not_confined:
        pytest.skip(why_not_confined)
    return execute


def one_by_one(attempts: Sequence[str], outside: Outside) -> str:
    """A script that makes all attempts and writes a line for each: its exit code."""
    script = "\n".join(f"({attempt}) > /dev/null; echo $?" for attempt in attempts)
    for name, value in (("HOST", outside.host), ("PORT", str(outside.port)), ("PYTHON", sys.executable)):
        script = script.replace(name, value)
    return script


@pytest.fixture
def outside() -> Iterator[Outside]:
    """A server that stands for another machine, and answers whatever comes as a web server and a proxy would."""
    with serve(lambda data: http("outside"), own_address()) as server:
        yield server


@pytest.fixture
def proxy() -> Iterator[Outside]:
    """A proxy of the user, on this machine."""
    with serve(lambda data: http("by proxy")) as server:
        yield server


def proxies(server: Outside) -> dict[str, str]:
    """The variables that name it, and leave nobody out."""
    url = f"http://{server.host}:{server.port}"
    names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {**dict.fromkeys(names, url), "no_proxy": "", "NO_PROXY": ""}


def reached(finished: "subprocess.CompletedProcess[str]") -> bool:
    """Whether the simulator was asked."""
    return "GET calling.api.sinch.com/x  404" in finished.stderr


@each_way
def test_a_proxy_of_the_environment_never_gets_a_sinch_host(
    execute: Execute, proxy: Outside, flags: tuple[str, ...]
) -> None:
    script = f"""
        curl -s {SINCH}
        {sys.executable} -c "import requests; requests.get('{SINCH}'); import httpx; httpx.get('{SINCH}')"
        node -e "fetch('{SINCH}')"
    """
    finished = execute("sh", "-c", script, environment=proxies(proxy), flags=flags)
    assert "GET calling.api.sinch.com/x  404  x4" in finished.stderr
    assert proxy.received == []


@each_way
def test_a_proxy_of_the_environment_gets_other_hosts(execute: Execute, proxy: Outside, flags: tuple[str, ...]) -> None:
    finished = execute("curl", "-s", "http://other.example/y", environment=proxies(proxy), flags=flags)
    assert finished.stdout == "by proxy"
    assert [data.split(b"\r\n")[0] for data in proxy.received] == [b"GET http://other.example/y HTTP/1.1"]


@each_way
def test_an_exception_from_proxies_leads_nobody_past_the_simulator(execute: Execute, flags: tuple[str, ...]) -> None:
    exceptions = {"no_proxy": "*", "NO_PROXY": "*"}
    script = f"curl -s {SINCH}; {sys.executable} -c 'import requests; requests.get(\"{SINCH}\")'"
    finished = execute("sh", "-c", script, environment=exceptions, flags=flags)
    assert "GET calling.api.sinch.com/x  404  x2" in finished.stderr


def test_a_proxy_that_the_program_names_itself_never_gets_a_sinch_host(confined: Execute, proxy: Outside) -> None:
    address = f"http://{proxy.host}:{proxy.port}"
    script = f"curl -s -x {address} {SINCH}; curl -s -x {address} http://other.example/y"
    finished = confined("sh", "-c", script, environment=proxies(proxy))
    assert reached(finished)
    assert finished.stdout.endswith("by proxy")
    assert [data.split(b"\r\n")[0] for data in proxy.received] == [b"GET http://other.example/y HTTP/1.1"]


def test_an_address_that_was_found_another_way_does_not_lead_outside(confined: Execute, outside: Outside) -> None:
    # Ports of the web are watched, and those that the environment names for proxies: here that of the server.
    port = str(outside.port)
    script = f"""
import socket, ssl, sys
for name in ("calling.api.sinch.com", "other.example"):
    connection = socket.create_connection(("{outside.host}", {port}), 10)
    context = ssl.create_default_context()
    try:
        connection = context.wrap_socket(connection, server_hostname=name)
        connection.sendall(b"GET /x HTTP/1.1\\r\\nHost: calling.api.sinch.com\\r\\nConnection: close\\r\\n\\r\\n")
        print(connection.recv(100).split(b"\\r\\n")[0].decode())
    except ssl.SSLError:
        print("no TLS there")
"""
    finished = confined(*python(script), environment=proxies(outside))
    assert finished.stdout == "HTTP/1.1 404 Not Found\nno TLS there\n", finished.stderr
    assert reached(finished)
    [other] = outside.received
    assert b"other.example" in other


def test_a_container_that_forbids_namespaces_is_held_back_all_the_same(
    confined: Execute, outside: Outside, clean_environment: dict[str, str]
) -> None:
    assert confined is not None
    ask = "GET /x HTTP/1.1\\r\\nHost: calling.api.sinch.com\\r\\nConnection: close\\r\\n\\r\\n"
    python_asks = f"""
import asyncio
async def main():
    place = dict(host="{outside.host}", port={outside.port}, ssl=True, server_hostname="auth.sinch.com")
    reader, writer = await asyncio.open_connection(**place)
    writer.write(b"{ask}")
    print((await reader.read())[:12])
asyncio.run(main())
"""
    node_asks = f"""
const socket = require("tls").connect({{ host: "{outside.host}", port: {outside.port}, servername: "auth.sinch.com" }});
socket.write("{ask}");
socket.on("data", (data) => console.log(String(data).slice(0, 12)));
"""
    script = 'python=$1; shift; "$python" -c "$1"; node -e "$2"; curl -s https://calling.api.sinch.com/x -o /dev/null'
    container = [sys.executable, str(Path(__file__).with_name("fixtures") / "like_a_container.py")]
    command = [sys.executable, "-m", "sinch_simulator", "exec", "--", "sh", "-c", script, "sh", sys.executable]
    finished = subprocess.run(
        [*container, *command, python_asks, node_asks],
        env={**clean_environment, **proxies(outside)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.stdout.splitlines() == ["b'HTTP/1.1 404'", "HTTP/1.1 404"], finished.stderr
    assert "GET calling.api.sinch.com/x  404  x3" in finished.stderr
    assert "no connection filter" not in finished.stderr
    assert outside.received == []


def test_a_program_without_any_environment_reaches_the_simulator(confined: Execute) -> None:
    finished = confined("env", "-i", str(shutil.which("curl")), "-s", SINCH)
    assert reached(finished)


def test_a_host_that_nobody_knows_is_led_to_the_simulator_or_fails(confined: Execute) -> None:
    finished = confined("sh", "-c", "curl -s https://new-product.api.sinch.com/x; curl -s --noproxy '*' https://www.sinch.com/x")
    assert "GET new-product.api.sinch.com/x  404" in finished.stderr


def test_other_hosts_are_reached_directly_as_ever(confined: Execute, outside: Outside) -> None:
    url = f"http://{outside.host}:{outside.port}/"
    finished = confined("sh", "-c", f"curl -s {url}; curl -s --noproxy '*' {url}; env -i $(command -v curl) -s {url}")
    assert finished.stdout == "outside" * 3


def test_a_connection_that_is_refused_is_refused(confined: Execute, outside: Outside) -> None:
    text = "import socket, sys; print(*(socket.socket().connect_ex((host, 1)) for host in sys.argv[1:]))"
    finished = confined(*python(text, outside.host, "127.0.0.1"))
    assert finished.stdout == "111 111\n"


def test_many_connections_at_once_are_led(confined: Execute) -> None:
    text = """
import asyncio, os, ssl
port = int(os.environ["SINCH_SIMULATOR_URL"].rpartition(":")[2])
places = ("calling.api.sinch.com", 443, ssl.create_default_context()), ("127.0.0.1", port, None)
async def ask(number):
    host, port, secure = places[number % 2]
    reader, writer = await asyncio.open_connection(host, port, ssl=secure)
    writer.write(b"GET /x HTTP/1.1\\r\\nHost: calling.api.sinch.com\\r\\nConnection: close\\r\\n\\r\\n")
    answer = await reader.read()
    writer.close()
    return answer[:12]
async def main():
    print(set(await asyncio.gather(*map(ask, range(200)))))
asyncio.run(main())
"""
    finished = confined(*python(text), flags=("--strict",))
    assert finished.stdout == "{b'HTTP/1.1 404'}\n", finished.stderr
    assert "GET calling.api.sinch.com/x  404  x100" in finished.stderr


def test_strict_closes_everything_but_this_machine(confined: Execute, outside: Outside) -> None:
    attempts = (
        "curl -sS --max-time 10 --noproxy '*' http://HOST:PORT/",
        "curl -sSf http://HOST:PORT/",
        "env -i $(command -v curl) -sS http://HOST:PORT/",
        "PYTHON -c 'import socket; socket.create_connection((\"HOST\", PORT))'",
        "PYTHON -c 'import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b\"x\", (\"HOST\", PORT))'",
        "PYTHON -c 'import socket; socket.socket(type=socket.SOCK_DGRAM).sendmsg([b\"x\"], [], 0, (\"HOST\", PORT))'",
        "node -e 'require(\"net\").connect(PORT, \"HOST\")'",
    )
    finished = confined("sh", "-c", one_by_one(attempts, outside), flags=("--strict",))
    codes = dict(zip(attempts, finished.stdout.split(), strict=True))
    assert [attempt for attempt, code in codes.items() if code == "0"] == []
    assert outside.received == []


def test_strict_is_heeded_by_hooks_and_proxy_alone(execute: Execute, outside: Outside) -> None:
    attempts = (
        "PYTHON -c 'import socket; socket.create_connection((\"HOST\", PORT))'",
        "node -e 'require(\"net\").connect(PORT, \"HOST\")'",
        "curl -sSf http://HOST:PORT/",
    )
    finished = execute("sh", "-c", one_by_one(attempts, outside), flags=("--strict", "--unconfined"))
    codes = dict(zip(attempts, finished.stdout.split(), strict=True))
    assert [attempt for attempt, code in codes.items() if code == "0"] == []
    assert outside.received == []


def test_strict_leaves_this_machine_open(confined: Execute) -> None:
    with serve(lambda data: http("here")) as here:
        url = f"http://127.0.0.1:{here.port}/"
        text = f"import urllib.request as r; print(r.urlopen('{url}').read().decode())"
        node = f"fetch('{url}').then((answer) => answer.text()).then(console.log)"
        script = f"curl -s {url}; {sys.executable} -c \"{text}\"; node -e \"{node}\"; curl -s {SINCH} > /dev/null"
        finished = confined("sh", "-c", script, flags=("--strict",))
    assert finished.stdout.split() == ["herehere", "here"]
    assert reached(finished)


def test_an_exec_in_an_exec_has_a_simulator_of_its_own(execute: Execute) -> None:
    inner = [sys.executable, "-m", "sinch_simulator", "exec", "--", "curl", "-s", SINCH]
    finished = execute(*inner)
    lines = finished.stderr.splitlines()
    assert lines.index("  GET calling.api.sinch.com/x  404") == lines.index("1 request to the platform:") + 1
    assert lines[-1] == "no requests to the platform"


def test_a_process_that_outlives_the_command_reaches_nobody(
    confined: Execute, outside: Outside, tmp_path: Path
) -> None:
    # It waits until exec is gone, connects, and tells the test what came of it.
    text = """
import os, select, socket, sys
exec_process = os.pidfd_open(os.getppid())
if os.fork():
    os._exit(0)
os.setsid()
os.close(1), os.close(2)
select.select([exec_process], [], [])
code = socket.socket().connect_ex((sys.argv[1], int(sys.argv[2])))
open("came", "w").write(str(code))
"""
    os.mkfifo(tmp_path / "came")
    assert confined(*python(text, outside.host, str(outside.port)), environment=proxies(outside)).returncode == 0
    assert (tmp_path / "came").read_text() == str(errno.ENOSYS)
    assert outside.received == []
