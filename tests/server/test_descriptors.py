"""Too few file descriptors are a failure of this process, told once; never a verdict about an app."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from sinch_simulator.client.errors import Refused
from sinch_simulator.client.http import connected

resource = pytest.importorskip("resource", reason="this system does not limit descriptors")

POPULATION = "name: Load\napp: ivr\npopulation:\n  people:\n    - {share: rest, phone: {then: [{wait_for: menu}]}}\n"
POST_ONE = {"from": "+46700000001"}


def command(soft: int, hard: int, *arguments: str, without: str | None = None) -> list[str]:
    """A command of ours under these limits, without a module."""
    missing = "" if without is None else f"import sys; sys.modules[{without!r}] = None; "
    limited = f"import resource as r; r.setrlimit(r.RLIMIT_NOFILE, ({soft}, {hard}))"
    run = "from sinch_simulator.cli import main; import sys; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", f"{missing}{limited}; {run}", *arguments]


@pytest.fixture
def population(tmp_path: Path) -> str:
    """A load test of a bundled app."""
    file = tmp_path / "load.yaml"
    file.write_text(POPULATION)
    return str(file)


def test_a_low_soft_limit_is_raised(population: str) -> None:
    load = ("run", population, "--calls", "200", "--concurrency", "100", "--json")
    ran = subprocess.run(command(90, 1000, *load), capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
    report = json.loads(ran.stdout)
    assert {name.split()[1] for name in report["callbackOutcomes"]} == {"answered"}


def test_a_load_that_cannot_be_served_is_refused_in_one_line(population: str) -> None:
    ran = subprocess.run(command(90, 264, "run", population), capture_output=True, text=True)
    assert ran.returncode == 0
    ran = subprocess.run(command(90, 264, "run", population, "--concurrency", "200"), capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "take --concurrency 100" in ran.stderr


async def test_calls_that_fail_for_want_of_descriptors_end_the_simulator_in_one_line() -> None:
    webhook = await asyncio.start_server(_never_answers, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{webhook.sockets[0].getsockname()[1]}/"
    flags = ("--port", "0", "--json", "--quiet", "--callback-url", url, "--callback-timeout", "1")
    start = command(64, 64, "start", *flags)
    process = await asyncio.create_subprocess_exec(
        *start, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    assert process.stdout is not None
    served = json.loads(await process.stdout.readline())["url"]
    async with connected(served) as client:
        # The world may have failed before the last of them comes in.
        with suppress(Refused):
            for _ in range(80):
                await client.ask("POST", "/_simulator/calls", POST_ONE)
        _, told = await process.communicate()
    webhook.close()
    assert process.returncode == 3
    lines = [line for line in told.decode().splitlines() if "ulimit" in line]
    assert len(lines) == 1
    assert "Traceback" not in told.decode()
    assert "CALLBACK_UNREACHABLE" not in told.decode()


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
async def test_connections_that_cannot_be_accepted_are_told_in_one_line(loop: str) -> None:
    """Under asyncio they wait; uvloop may close them without a word."""
    if loop == "uvloop":
        pytest.importorskip("uvloop")
    process = await asyncio.create_subprocess_exec(
        *command(48, 48, "start", "--port", "0", "--json", "--quiet", without="uvloop" if loop == "asyncio" else None),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    served = json.loads(await process.stdout.readline())["url"]
    host, port = served.removeprefix("http://").split(":")
    connections = [await asyncio.open_connection(host, int(port)) for _ in range(60)]
    for _, writer in connections:
        writer.close()
    # Those that have just been closed may still be counted.
    async for answer in (await _health(host, int(port)) for _ in range(1000)):
        if b"200 OK" in answer:
            break
    assert b"200 OK" in answer
    process.terminate()
    _, told = await process.communicate()
    assert process.returncode == 0
    assert told.decode().count("cannot accept more") >= (loop == "asyncio")
    assert told.decode().count("\n") <= 1


@pytest.mark.parametrize("need", ["stream", "media", "file_of_recording", "store"])
def test_no_stream_file_or_recording_fails_for_it(need: str, root: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "support.starved", need], cwd=root / "tests", capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    status, said, told, codes = json.loads(ran.stdout)
    assert (status, "ulimit -n" in said, told) == (500, True, True)
    assert not {"STREAM_UNREACHABLE", "MEDIA_UNREACHABLE", "RECORDING_UNDELIVERED"} & {*codes}
    assert (ran.stderr.count("ulimit"), "Traceback" in ran.stderr) == (1, False)


async def _health(host: str, port: int) -> bytes:
    """The first line of the answer; nothing when the connection was closed."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"GET /_simulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def _never_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()
