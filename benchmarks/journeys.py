"""Calls over real HTTP to a webhook in another process, in manual clock.

    python benchmarks/journeys.py

First IVR journeys, sixteen at once (inbound, three menus, six keys, bridge, hang-up: eight callbacks each), beside a
bare aiohttp client that posts signed bodies to the same webhook with the same concurrency in the same run; then one
call of four hours with about sixty callbacks. Rounds take turns; the ratio is that of the medians.
"""

import asyncio
import statistics
import time

import aiohttp
from bare_posting import KEY, SECRET, bare_per_second
from local_webhook import AGENT, running

from sinch_simulator.client.control import ApplicationClient, Client
from sinch_simulator.client.http import HttpTransport
from sinch_simulator.config import ClockMode, ServerConfig
from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.phones.behaviour import HUMAN
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.products.voice.call import Origin
from sinch_simulator.products.voice.calling import dial
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.process import collect_rarely
from sinch_simulator.server.worlds import World

CONCURRENCY = 16
JOURNEYS = 320
ROUNDS = 5
NUMBER = "+14045550188"
KEYS = [{"wait_for": "menu"}, {"press": "1"}] * 4 + [{"wait_for": "menu"}, {"press": "56"}]
CALLER = read_persona({"answer": {}, "then": [*KEYS, {"wait_for": "connected"}, {"wait": 30}, {"hang_up": True}]})


async def journeys_per_second(world: World, count: int) -> float:
    """Callbacks a second while journeys are made, ``CONCURRENCY`` at once."""
    world.reset(KEY)
    world.simulation.phonebook.script(AGENT, HUMAN)
    began = time.perf_counter()
    for _ in range(count // CONCURRENCY):
        for _ in range(CONCURRENCY):
            incoming = Incoming(Origin.PSTN, "+46700000001", Address(AddressKind.DID, NUMBER))
            dial(world.simulation, KEY, incoming, CALLER)
        world.runner.wake()
        await world.runner.advance(120_000)
    took_s = time.perf_counter() - began
    ended = [call for call in exchange_of(world.simulation).calls.values() if call.ending is not None]
    assert len(ended) == count
    assert all(call.asked == 8 for call in ended)
    return 8 * count / took_s


async def four_hours(application: ApplicationClient) -> tuple[int, float]:
    """How many callbacks a call of four hours had, and how many seconds it took."""
    await application.control("POST", "/reset")
    began = time.perf_counter()
    await application.dial({"from": "+46700009999"})
    await application.advance(14_401_000)
    took_s = time.perf_counter() - began
    (call,) = await application.calls()
    assert (call["reason"], call["duration"]) == ("TIMEOUT", 14_400), call
    return len(await application.callbacks()), took_s


async def measure(webhook: str) -> None:
    """Print the table."""
    server = SimulatorServer(ServerConfig(port=0, clock=ClockMode.MANUAL))
    await server.start()
    collect_rarely()  # as the command start does
    async with aiohttp.ClientSession() as session:

        application = await Client(HttpTransport(session, server.url)).create_application(
            {"key": KEY, "secret": SECRET, "numbers": [NUMBER], "callbackUrl": webhook, "clock": "manual"}
        )
        world = server.worlds.home_of(server.worlds.applications[normalise_key(KEY)])
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(await bare_per_second(session, webhook, count=JOURNEYS * 8, at_once=CONCURRENCY))
            ours.append(await journeys_per_second(world, JOURNEYS))
        callbacks, took_s = await four_hours(application)
    await server.stop()
    ratio = statistics.median(ours) / statistics.median(bare)
    print("| what | result | target |")
    print("| --- | ---: | ---: |")
    print(f"| bare signed posts, {CONCURRENCY} at once | {statistics.median(bare):,.0f} callbacks/s | |")
    print(f"| IVR journeys, {CONCURRENCY} at once | {statistics.median(ours):,.0f} callbacks/s | |")
    print(f"| ratio | {ratio:.2f} | 0.60 |")
    print(f"| a four-hour call, {callbacks} callbacks | {took_s:.2f} s | well under 1 s |")


if __name__ == "__main__":
    with running() as url:
        asyncio.run(measure(url))
