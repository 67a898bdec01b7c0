"""Complete SMS verifications a second, beside a bare aiohttp server that signs and posts the same events.

    python benchmarks/verification.py [SECONDS] [PENDING]

A verification is a start, which waits for the webhook's answer to its VerificationRequestEvent, a delivered event, a
report and a result event. Both servers have processes of their own and the same webhook and clients; they take turns,
and the ratios are those of the medians: of the rates, and of what a verification costs of a processor, which a busy
machine falsifies less. Then PENDING verifications are kept, and what each takes of memory is read from
/proc (Linux), and a day passes in which all of them expire.
"""

import asyncio
import base64
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from functools import partial
from typing import Any

KEY, SECRET = "00000000-0000-4000-8000-000000007462", "c2luY2gtc2ltdWxhdG9yIQ=="
CONNECTIONS = 32
ROUNDS = 3
PENDING = 20_000
WEBHOOK = """
import asyncio, json

ALLOW = b'{"action":"allow","sms":{"code":"1234"}}'
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n"
ANSWER = HEAD % len(ALLOW) + ALLOW

class Webhook(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        self.received += data
        while True:
            head, end, rest = self.received.partition(b"\\r\\n\\r\\n")
            if not end:
                return
            length = int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0])
            if len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(ANSWER)

async def main():
    server = await asyncio.get_running_loop().create_server(Webhook, "127.0.0.1", 0)
    print(json.dumps({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
BARE = """
import asyncio, json, sys, time, uuid
import aiohttp
from aiohttp import web
from sinch_simulator.core.signing import callback_headers, callback_path, decode_secret

KEY, SECRET, HOOK = sys.argv[1:]

async def main():
    session, secret, path = aiohttp.ClientSession(), decode_secret(SECRET), callback_path(HOOK)
    numbers, tasks = {}, set()

    async def post(body):
        raw = json.dumps(body).encode()
        headers = callback_headers(KEY, secret, path, raw, time.time())
        async with session.post(HOOK, data=raw, headers=headers) as response:
            return json.loads(await response.read())

    def later(body):
        task = asyncio.ensure_future(post(body))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def about(event, number, **fields):
        who = {"type": "number", "endpoint": number}
        return {"id": numbers[number], "event": event, "method": "sms", "identity": who, **fields}

    async def start(request):
        number = (await request.json())["identity"]["endpoint"]
        numbers[number] = str(uuid.uuid4())
        price = {"currencyId": "USD", "amount": 0.0412}
        reply = await post(about("VerificationRequestEvent", number, price=price, rate=price))
        later(about("VerificationSmsDeliveredEvent", number, smsResult="Successful"))
        sms = {"template": "Your verification code is {{CODE}}", "interceptionTimeout": 300, "codeType": "Numeric"}
        return web.json_response({"id": numbers[number], "method": "sms", "sms": sms})

    async def report(request):
        await request.json()
        number = request.match_info["number"]
        later(about("VerificationResultEvent", number, status="SUCCESSFUL"))
        return web.json_response({"id": numbers[number], "method": "sms", "status": "SUCCESSFUL"})

    app = web.Application()
    app.router.add_post("/verification/v1/verifications", start)
    app.router.add_put("/verification/v1/verifications/number/{number}", report)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
START = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json"]


class Client(asyncio.Protocol):
    """Starts a verification and reports its code, and the same again, on one connection."""

    def __init__(self, host: str, number: str, counted: list[int], deadline: float) -> None:
        who = {"type": "number", "endpoint": number}
        start = _request(host, "POST", "", {"identity": who, "method": "sms"})
        report = _request(host, "PUT", f"/number/{number}", {"method": "sms", "sms": {"code": "1234"}})
        self.requests = (start, report)
        self.answered = 0
        self.counted = counted
        self.deadline = deadline
        self.received = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.requests[0])

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return
        assert head.startswith(b"HTTP/1.1 200"), head + body
        self.received = b""
        self.answered += 1
        self.counted[0] += self.answered % 2 == 0
        if self.answered % 2 or time.perf_counter() < self.deadline:
            self.transport.write(self.requests[self.answered % 2])
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.done.set_result(None)


def _request(host: str, method: str, path: str, body: dict[str, Any]) -> bytes:
    raw = json.dumps(body).encode()
    credentials = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
    head = (
        f"{method} /verification/v1/verifications{path} HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Basic {credentials}\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


async def verified_per_second(url: str, seconds: float) -> float:
    """Complete verifications a second over all connections."""
    address = url.removeprefix("http://")
    host, _, port = address.partition(":")
    counted, loop, began = [0], asyncio.get_running_loop(), time.perf_counter()
    numbers = [f"+467000{number:05}" for number in range(CONNECTIONS)]
    clients = [partial(Client, address, number, counted, began + seconds) for number in numbers]
    pairs = [await loop.create_connection(client, host, int(port)) for client in clients]
    await asyncio.gather(*(client.done for _, client in pairs))
    return counted[0] / (time.perf_counter() - began)


def served(command: list[str]) -> "tuple[subprocess.Popen[str], str]":
    """A server in a process of its own, and its URL."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())["url"]


def control(url: str, method: str, path: str, body: object) -> Any:
    """A request to the control API."""
    request = urllib.request.Request(f"{url}/_simulator{path}", json.dumps(body).encode(), method=method)
    with urllib.request.urlopen(request) as response:
        return json.loads(response.read() or b"{}")


def cpu_s(process: "subprocess.Popen[str]") -> float:
    """Processor seconds that a process has had."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(process: "subprocess.Popen[str]") -> int:
    """KiB of memory that a process holds."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        [line] = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1])


def speed(seconds: float) -> None:
    """Prints how many verifications a second each server does."""
    webhook, hook = served([sys.executable, "-c", WEBHOOK])
    rates: dict[str, list[float]] = {"bare aiohttp": [], "sinch-simulator": []}
    costs: dict[str, list[float]] = {"bare aiohttp": [], "sinch-simulator": []}
    flags = ["--clock", "realtime", "--verification-callback-url", hook]
    for _ in range(ROUNDS):
        for name, command in (
            ("bare aiohttp", [sys.executable, "-c", BARE, KEY, SECRET, hook]),
            ("sinch-simulator", [*START, *flags]),
        ):
            process, url = served(command)
            if name == "sinch-simulator":
                control(url, "PUT", "/phones/*", {"sms": {"after": 0}})
            asyncio.run(verified_per_second(url, 0.5))
            before = cpu_s(process)
            rate = asyncio.run(verified_per_second(url, seconds))
            rates[name].append(rate)
            costs[name].append((cpu_s(process) - before) / (rate * seconds) * 1_000_000)
            process.terminate()
    webhook.terminate()
    bare, least = statistics.median(rates["bare aiohttp"]), statistics.median(costs["bare aiohttp"])
    print(f"{'server':<20}{'verifications/s':>18}{'best':>10}{'ratio':>8}{'cpu us each':>13}{'ratio':>8}")
    for name, values in rates.items():
        median = statistics.median(values)
        cost = statistics.median(costs[name])
        print(f"{name:<20}{median:>18.0f}{max(values):>10.0f}{median / bare:>8.2f}{cost:>13.0f}{least / cost:>8.2f}")


async def start_many(url: str, count: int, begins: int = 0) -> None:
    """Starts so many verifications, each of another number."""
    host = url.removeprefix("http://")
    address, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(address, int(port))
    for first in range(begins, begins + count, 100):
        for number in range(first, min(first + 100, begins + count)):
            who = {"type": "number", "endpoint": f"+4670{number:07}"}
            writer.write(_request(host, "POST", "", {"identity": who, "method": "sms", "reference": f"r-{number}"}))
        for _ in range(first, min(first + 100, begins + count)):
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
    writer.close()


def memory(count: int) -> None:
    """Prints what so many pending verifications take, and how long it takes until all of them have expired."""
    process, url = served([*START, "--clock", "manual"])
    asyncio.run(start_many(url, 200))
    before = resident_kib(process)
    asyncio.run(start_many(url, count, begins=200))
    control(url, "POST", "/clock/advance", {"seconds": 1})
    each = (resident_kib(process) - before) / count
    began = time.perf_counter()
    control(url, "POST", "/clock/advance", {"seconds": 86_400})
    took_ms = (time.perf_counter() - began) * 1000
    print(f"{count} pending verifications: {each:.2f} KiB each; a day in which they expire: {took_ms:.0f} ms")
    process.terminate()


if __name__ == "__main__":
    speed(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
    memory(int(sys.argv[2]) if len(sys.argv) > 2 else PENDING)
