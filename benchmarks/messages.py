"""Texts: batches a second, a batch of a thousand, a campaign with its callbacks, and what a kept message costs.

    python benchmarks/messages.py [SECONDS]

Batches of one recipient are asked for beside a bare aiohttp handler that parses the same JSON, as ``callouts.py`` does
it. The campaign is 100,000 texts, of which 5 % fail and 30 % are answered, in an auto clock; each has its report posted
to a webhook in a process of its own, signed, and so has each answer. It is held against an aiohttp client that does
nothing but post signed bodies to the same webhook.
"""

import asyncio
import gc
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
import tracemalloc

import aiohttp
from bare_posting import bare_per_second
from callouts import WITHOUT_EXTRAS, answered_per_second, started

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import SendCallback
from sinch_simulator.core.json_codec import decode, encode
from sinch_simulator.products.sms.events import Accepted
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.product import XMS
from sinch_simulator.products.sms.rest.batch_shapes import read_batch
from sinch_simulator.products.sms.rest.fields import XmsFindings
from sinch_simulator.products.sms.rest.views import batch_view
from sinch_simulator.simulation import Simulation

ROUNDS = 3
PLAN, TOKEN = "51630000000000000000000000007462", "51630000000000000000000000000001"
NUMBER = "+14045550100"
TEXT = "Your appointment is on Monday at 10:00. Reply YES to keep it."
BATCH = {"to": ["+46700000001"], "from": NUMBER, "body": TEXT}
BARE = """
import asyncio, json, uuid
from aiohttp import web

async def answer(request):
    batch = await request.json()
    return web.json_response({"id": uuid.uuid4().hex, **batch}, status=201)

async def main():
    app = web.Application()
    app.router.add_post("/xms/v1/{plan}/batches", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
WEBHOOK = """
import asyncio, json

counted = 0

class Posted(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.received = transport, b""

    def data_received(self, data):
        global counted
        self.received += data
        while True:
            head, end, rest = self.received.partition(b"\\r\\n\\r\\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0] or 0) if end else 0
            if not end or len(rest) < length:
                return
            self.received = rest[length:]
            body = b"{}"
            if head.startswith(b"GET"):
                body = json.dumps({"counted": counted}).encode()
            else:
                counted += 1
            self.transport.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%b" % (len(body), body))

async def main():
    server = await asyncio.get_running_loop().create_server(Posted, "127.0.0.1", 0)
    print(json.dumps({"url": "http://127.0.0.1:%d/hook" % server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()

asyncio.run(main())
"""
TEXTS, RECIPIENTS = 100_000, 1000


def a_batch(address: str) -> bytes:
    """The request for a batch of one recipient."""
    body = json.dumps(BATCH).encode()
    return (
        f"POST /xms/v1/{PLAN}/batches HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def batches_a_second(seconds: float) -> None:
    """Print batches of one recipient beside the bare handler."""
    cores = sorted(os.sched_getaffinity(0))
    flags = ["start", "--port", "0", "--json", "--clock", "manual"]
    commands = {
        "bare aiohttp": [sys.executable, "-c", BARE],
        "sinch-simulator": [sys.executable, "-c", WITHOUT_EXTRAS, *flags],
    }
    if all(importlib.util.find_spec(name) for name in ("uvloop", "orjson")):
        commands["sinch-simulator[speed]"] = [sys.executable, "-m", "sinch_simulator", *flags]
    rates: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            with started(command) as process:
                assert process.stdout is not None
                url = json.loads(process.stdout.readline())["url"]
                os.sched_setaffinity(0, cores[1:] or cores)
                asyncio.run(answered_per_second(url, 0.3, a_batch))
                rates[name].append(asyncio.run(answered_per_second(url, seconds, a_batch)))
                process.terminate()
                os.sched_setaffinity(0, cores)
    bare = statistics.median(rates["bare aiohttp"])
    for name, each in rates.items():
        rate = statistics.median(each)
        print(f"batches of one recipient, {name}: {rate:.0f} a second, ratio {rate / bare:.2f}")


def a_world() -> tuple[Simulation, Application]:
    """A world without sockets."""
    world = Simulation((XMS,), epoch_ms=1_736_937_000_000)
    application = Application.generated("benchmark", "c2VjcmV0", 0)
    application.numbers.append(NUMBER)
    world.add_application(application)
    return world, application


def send(world: Simulation, application: Application, first: int, count: int, reports: str) -> None:
    """A batch, from the bytes of its request to the bytes of its answer."""
    to = [f"+4670{first + index:07}" for index in range(count)]
    body = encode({**BATCH, "to": to, "delivery_report": reports, "callback_url": "http://127.0.0.1:9/"})
    content = read_batch(decode(body), world.epoch_ms + world.now, XmsFindings())
    batch = sms_of(world).new_batch(application, content, world.now)
    encode(batch_view(batch, world.epoch_ms))
    world.receive(Accepted(batch.id, batch))


def a_thousand_recipients() -> None:
    """Print what one batch with full reports costs, until its report is ready to be posted."""
    world, application = a_world()
    costs = []
    for number in range(ROUNDS + 2):
        began = time.process_time()
        send(world, application, number * RECIPIENTS, RECIPIENTS, "full")
        world.run_to(world.now + 2000)
        encode([sent.body for sent in world.take_outbox() if isinstance(sent, SendCallback)])
        costs.append((time.process_time() - began) * 1000)
    print(f"one batch of {RECIPIENTS} recipients with full reports: {statistics.median(costs):.1f} ms of CPU")


def kept_messages() -> None:
    """Print what a message costs that is delivered and kept, with its batch and its lines of the journal."""
    for count, recipients in ((20, RECIPIENTS), (10_000, 1)):
        world, application = a_world()
        gc.collect()
        tracemalloc.start()
        for number in range(count):
            send(world, application, number * recipients, recipients, "none")
        world.run_to(5000)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"a kept message, {recipients} in its batch: {size / count / recipients:.0f} bytes")


async def a_campaign(url: str, hook: str) -> tuple[float, int]:
    """Callbacks a second from the first batch to the last report or answer, and how many there were."""
    async with aiohttp.ClientSession() as session:
        control = f"{url}/_simulator"
        application = (await (await session.get(f"{control}/applications")).json())["applications"][0]
        settings = {"smsCallbackUrl": hook, "smsWebhookSecret": "secret"}
        await session.patch(f"{control}/applications/{application['key']}", json=settings)
        for pattern, sms in (("+4670*0", {"status": "Failed"}), ("+4670*5", {"reply": {"text": "YES"}})):
            await session.put(f"{control}/phones/{pattern.replace('+', '%2B')}", json={"sms": sms})
        before = (await (await session.get(hook)).json(content_type=None))["counted"]
        wanted = 0
        began = time.perf_counter()
        for first in range(0, TEXTS, RECIPIENTS):
            # Of the last two digits one in twenty fails, six in twenty are answered.
            to = [_recipient(number) for number in range(first, first + RECIPIENTS)]
            wanted += sum(2 if number[-1] == "5" else 1 for number in to)
            body = {**BATCH, "to": to, "delivery_report": "per_recipient_final"}
            headers = {"Authorization": f"Bearer {TOKEN}", "Connection": "close"}
            async with session.post(f"{url}/xms/v1/{PLAN}/batches", json=body, headers=headers) as answer:
                assert answer.status == 201, await answer.text()
        counted = before
        while counted - before < wanted:
            await asyncio.sleep(0.1)
            counted = (await (await session.get(hook)).json(content_type=None))["counted"]
        return wanted / (time.perf_counter() - began), wanted


def _recipient(number: int) -> str:
    last = 0 if number % 20 == 0 else 5 if number % 20 < 7 else 1
    return f"+4670{number:06}{last}"


async def _bare(hook: str) -> float:
    async with aiohttp.ClientSession() as session:
        return await bare_per_second(session, hook, count=20_000, at_once=64)


def campaigns() -> None:
    """Print the campaign beside bare signed posts to the same webhook."""
    webhook = subprocess.Popen([sys.executable, "-c", WEBHOOK], stdout=subprocess.PIPE, text=True)
    assert webhook.stdout is not None
    hook = json.loads(webhook.stdout.readline())["url"]
    command = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--clock", "auto"]
    with webhook, started(command) as server:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["url"]
        bare = asyncio.run(_bare(hook))
        rate, count = asyncio.run(a_campaign(url, hook))
        server.terminate()
        webhook.terminate()
    told = f"{rate:.0f} a second, bare signed posts {bare:.0f}, ratio {rate / bare:.2f}"
    print(f"{TEXTS} texts, {count} callbacks: {told}")


def main() -> None:
    """Print the four."""
    batches_a_second(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
    a_thousand_recipients()
    kept_messages()
    campaigns()


if __name__ == "__main__":
    main()
