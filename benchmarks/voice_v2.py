"""Voice v2: requests that start a call, and whole lives of calls, each beside a bare aiohttp that does the same work.

    python benchmarks/voice_v2.py [SECONDS]

The bare handler checks the same credentials and reads the same commands with the same reader, then answers with an id;
both serve in processes of their own, as in ``callouts.py``. A life is a call that is started, answered, spoken to and
hung up, which are three events at a webhook in another process; the bare client posts as many signed bodies there.
Rounds take turns; each ratio is that of the medians.
"""

import asyncio
import base64
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator

import aiohttp
from bare_posting import KEY, SECRET, bare_per_second
from callouts import ROUNDS, WITHOUT_EXTRAS, answered_per_second, started

from sinch_simulator.client.control import Client
from sinch_simulator.client.http import HttpTransport
from sinch_simulator.config import DEFAULT_PROJECT, ClockMode, ServerConfig
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.products.voice.v2.calling import start_session
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.session import CallResult
from sinch_simulator.products.voice.v2.svaml.reading import read_document
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.process import collect_rarely
from sinch_simulator.server.worlds import World

PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
AGENT = "+14045550199"
AUTHORIZATION = "Basic " + base64.b64encode(f"{KEY_ID}:{KEY_SECRET}".encode()).decode()
HELLO = {"type": "SAY", "say": {"text": "Hello, this is a call from the bank.", "voiceName": "Emma"}}
DIAL = {
    "command": "dial",
    "callName": "customer",
    "to": {"type": "PHONE", "phone": {"number": AGENT}},
    "from": {"type": "PHONE", "phone": {"number": "+14045550100"}},
    "dialTimeoutDurationSeconds": 30,
}
BODY = json.dumps(
    {"commands": [{**DIAL, "events": {"onAnswer": [{"command": "messages", "messages": [HELLO]}]}}]}
).encode()
BARE = f"""
import asyncio, json, uuid
from aiohttp import web
from sinch_simulator.products.voice.v2.svaml.reading import read_request

async def answer(request):
    if request.headers.get("Authorization") != {AUTHORIZATION!r}:
        return web.json_response({{}}, status=401)
    if read_request(await request.read()).document is None:
        return web.json_response({{}}, status=400)
    ids = {{"projectId": request.match_info["project"], "serviceId": "service", "sessionId": str(uuid.uuid4())}}
    return web.json_response(ids, status=201)

async def main():
    app = web.Application()
    app.router.add_post("/v2/projects/{{project}}/calls", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({{"url": f"http://127.0.0.1:{{runner.addresses[0][1]}}"}}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
WEBHOOK = """
import asyncio, json
from aiohttp import web

HELLO = {"type": "SAY", "say": {"text": "Hello.", "voiceName": "Emma"}}
REPLIES = {
    "call.answered": [{"command": "messages", "messages": [HELLO]}],
    "call.message.finished": [{"command": "hangup"}],
}
REPLIES = {event: json.dumps({"commands": commands}) for event, commands in REPLIES.items()}

async def answer(request):
    event = (await request.json())["event"]
    return web.Response(text=REPLIES.get(event, '{"commands":[]}'), content_type="application/json")

async def main():
    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}/voice"}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
SERVERS = {
    "bare aiohttp": [sys.executable, "-c", BARE],
    "sinch-simulator": [sys.executable, "-c", WITHOUT_EXTRAS, "start", "--port", "0", "--json", "--clock", "manual"],
}
AT_ONCE = 16
LIVES = 640
EVENTS = 3


def a_call(address: str) -> bytes:
    """The request that is measured."""
    return (
        f"POST /v2/projects/{PROJECT}/calls HTTP/1.1\r\nHost: {address}\r\nAuthorization: {AUTHORIZATION}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY


@contextlib.contextmanager
def serving(command: list[str]) -> Iterator[str]:
    """The URL of a server in a process of its own."""
    with started(command) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


def requests_per_second(seconds: float) -> dict[str, float]:
    """Of each server, the median of its rounds."""
    cores = sorted(os.sched_getaffinity(0))
    rates: dict[str, list[float]] = {name: [] for name in SERVERS}
    for number in range(ROUNDS + 1):
        for name, command in SERVERS.items():
            with serving(command) as url:
                os.sched_setaffinity(0, cores[1:] or cores)
                asyncio.run(answered_per_second(url, 0.3, a_call))
                rate = asyncio.run(answered_per_second(url, seconds if number else 0.3, a_call))
                os.sched_setaffinity(0, cores)
            if number:  # the first round warms the file cache
                rates[name].append(rate)
    return {name: statistics.median(values) for name, values in rates.items()}


async def events_per_second(world: World) -> float:
    """Events a second while calls live and end, ``AT_ONCE`` at a time."""
    world.reset(KEY)
    world.simulation.phonebook.script(AGENT, read_persona({"answer": {"after": 1}}))
    document = read_document({"commands": [DIAL]}).document
    assert document is not None
    began = time.perf_counter()
    for _ in range(LIVES // AT_ONCE):
        for _ in range(AT_ONCE):
            start_session(world.simulation, KEY, document.commands, base_url="http://127.0.0.1")
        world.runner.wake()
        await world.runner.advance(60_000)
    took_s = time.perf_counter() - began
    calls = exchange_of(world.simulation).calls
    assert [call.result for call in calls.values()] == [CallResult.COMPLETED] * LIVES
    return EVENTS * LIVES / took_s


async def lives(webhook: str) -> tuple[float, float]:
    """Bare signed posts a second, and events a second of calls that live and end; the medians."""
    server = SimulatorServer(ServerConfig(port=0, clock=ClockMode.MANUAL))
    await server.start()
    collect_rarely()  # as the command start does
    bare, ours = [], []
    async with aiohttp.ClientSession() as session:
        behavior = {"type": "WEBHOOK", "webhook": {"url": webhook}}
        settings = {"key": KEY, "secret": SECRET, "callBehavior": behavior, "clock": "manual"}
        await Client(HttpTransport(session, server.url)).create_application(settings)
        world = server.worlds.home_of(server.worlds.applications[normalise_key(KEY)])
        for _ in range(ROUNDS):
            bare.append(await bare_per_second(session, webhook, count=LIVES * EVENTS, at_once=AT_ONCE))
            ours.append(await events_per_second(world))
    await server.stop()
    return statistics.median(bare), statistics.median(ours)


def main() -> None:
    """Print the table."""
    rates = requests_per_second(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
    bare, own = rates.values()
    with serving([sys.executable, "-c", WEBHOOK]) as url:
        posts, events = asyncio.run(lives(url))
    print("| what | bare | sinch-simulator | ratio | target |")
    print("| --- | ---: | ---: | ---: | ---: |")
    lines = (("POST .../calls", bare, own), (f"events of whole lives, {AT_ONCE} at once", posts, events))
    for what, theirs, ours in lines:
        print(f"| {what}, a second | {theirs:,.0f} | {ours:,.0f} | {ours / theirs:.2f} | 0.80 |")


if __name__ == "__main__":
    main()
