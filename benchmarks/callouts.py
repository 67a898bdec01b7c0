"""Callouts a second: authenticated, validated, the call really created, beside a bare aiohttp handler.

    python benchmarks/callouts.py [SECONDS]

The bare handler parses the same JSON and returns an id. Both serve in processes of their own, to the same 64 keep-alive
connections of a third; they take turns, so that a busy machine is unkind to both, and the ratio is that of the medians.
Where there are two cores, the server that is measured has one of them, and whoever asks has the other.
With the extra ``speed`` installed there is a third server, on uvloop and orjson; the bare one never uses them.
"""

import asyncio
import base64
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

CONNECTIONS = 64
ROUNDS = 5
KEY, SECRET, NUMBER = "00000000-0000-4000-8000-000000007462", "c2luY2gtc2ltdWxhdG9yIQ==", "+14045550100"
BODY = json.dumps(
    {
        "method": "ttsCallout",
        "ttsCallout": {
            "cli": NUMBER,
            "destination": {"type": "number", "endpoint": "+14045550199"},
            "locale": "en-US",
            "text": "Hello, this is a call from the bank. Press one to speak to somebody.",
            "enableDice": True,
            "custom": "order-42",
        },
    }
).encode()
BARE = """
import asyncio, json, uuid
from aiohttp import web

async def answer(request):
    await request.json()
    return web.json_response({"callId": str(uuid.uuid4())})

async def main():
    app = web.Application()
    app.router.add_post("/calling/v1/callouts", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
FLAGS = ["start", "--port", "0", "--json", "--clock", "manual"]
FLAGS += ["--callback-url", "http://127.0.0.1:9/nobody-is-called-before-time-passes"]
WITHOUT_EXTRAS = """
import sys
sys.modules["uvloop"] = sys.modules["orjson"] = None
from sinch_simulator.cli import main
sys.exit(main(sys.argv[1:]))
"""
PLAIN, FAST = "sinch-simulator", "sinch-simulator[speed]"


class Connection(asyncio.Protocol):
    """Sends the same request again as soon as the answer is here."""

    def __init__(self, request: bytes, counted: list[int], deadline: float) -> None:
        self.request = request
        self.counted = counted
        self.deadline = deadline
        self.received = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return
        assert head.startswith(b"HTTP/1.1 20"), head
        self.received = b""
        self.counted[0] += 1
        if time.perf_counter() < self.deadline:
            self.transport.write(self.request)
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


def a_callout(address: str) -> bytes:
    """The request that is measured."""
    credentials = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
    return (
        f"POST /calling/v1/callouts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {credentials}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY


async def answered_per_second(url: str, seconds: float, request_to: Callable[[str], bytes] = a_callout) -> float:
    """Answers a second over all connections."""
    address = url.removeprefix("http://")
    host, _, port = address.partition(":")
    request = request_to(address)
    counted = [0]
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    pairs = [
        await loop.create_connection(lambda: Connection(request, counted, began + seconds), host, int(port))
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(connection.done for _, connection in pairs))
    return counted[0] / (time.perf_counter() - began)


def cpu_s(process: "subprocess.Popen[str]") -> float:
    """Processor seconds that a process has had."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def servers() -> dict[str, list[str]]:
    """The command of each."""
    found = {"bare aiohttp": [sys.executable, "-c", BARE], PLAIN: [sys.executable, "-c", WITHOUT_EXTRAS, *FLAGS]}
    if all(importlib.util.find_spec(name) for name in ("uvloop", "orjson")):
        found[FAST] = [sys.executable, "-m", "sinch_simulator", *FLAGS]
    return found


def started(command: list[str]) -> "subprocess.Popen[str]":
    """A server in a process of its own, on a core of its own."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(process.pid, cores[:1])
    return process


def main() -> None:
    """Print the table."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    cores = sorted(os.sched_getaffinity(0))
    rates: dict[str, list[float]] = {}
    costs: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        for name, command in servers().items():
            with started(command) as process:
                assert process.stdout is not None
                url = json.loads(process.stdout.readline())["url"]
                os.sched_setaffinity(0, cores[1:] or cores)
                asyncio.run(answered_per_second(url, 0.3))
                before = cpu_s(process)
                rate = asyncio.run(answered_per_second(url, seconds if number else 0.3))
                cost = (cpu_s(process) - before) / (rate * seconds)
                process.terminate()
                os.sched_setaffinity(0, cores)
            if number:  # the first round warms the file cache
                rates.setdefault(name, []).append(rate)
                costs.setdefault(name, []).append(cost * 1_000_000)
    bare = statistics.median(rates["bare aiohttp"])
    print(f"{'server':<24}{'callouts/s':>12}{'best':>10}{'cpu us each':>13}{'ratio':>8}")
    for name, values in rates.items():
        median = statistics.median(values)
        cost = statistics.median(costs[name])
        print(f"{name:<24}{median:>12.0f}{max(values):>10.0f}{cost:>13.0f}{median / bare:>8.2f}")


if __name__ == "__main__":
    main()
