"""Serves many calls with faults on, and says whether memory and descriptors stay flat and whether any call is stuck.

    python benchmarks/soak.py [CALLS]

A million if not said: half of them are hung up on, half are connected to a phone that is busy. Worlds keep 1,000
finished calls, as ``start --keep-calls 1000`` does. It ends with 1 when a call is stuck, or when after the first tenth
memory has grown by more than a tenth or descriptors by more than 50. Linux only.
"""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import aiohttp
from aiohttp import web

from sinch_simulator.config import ApplicationConfig, ClockMode, ServerConfig
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.process import run
from support.wired_world import CONNECT, HANG_UP, Json, Wired, webhook

AT_A_TIME = 50
CONNECT_TO_BUSY = {"action": {**CONNECT["action"], "number": "+14045550110"}}
FAULTS = ({"drop": True}, {"duplicate": True}, {"disconnect": True}, {"status": 503}, {"timeout": True})


def measured() -> tuple[int, int]:
    """Returns the resident memory in MB and the number of open descriptors."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000, len(os.listdir("/proc/self/fd"))


async def answer(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Hangs up on one caller, and connects the other to a phone that is busy."""
    return web.json_response(CONNECT_TO_BUSY if int(body["callid"][:2], 16) % 2 else HANG_UP)


async def main(calls: int) -> int:
    """Serves so many calls; returns 0 when none is stuck and nothing has grown."""
    shown: list[tuple[int, int]] = []
    async with webhook() as hook, aiohttp.ClientSession() as session:
        hook.responders["ice"] = answer
        default = ApplicationConfig(numbers=("+14045550100",), callback_url=hook.url)
        config = ServerConfig(port=0, applications=(default,), clock=ClockMode.MANUAL, keep_calls=1000)
        server = SimulatorServer(config)
        await server.start()
        sim = Wired(server, session, hook)
        for fault in FAULTS:
            await sim.control("POST", "/faults", {"on": "callback", "do": fault, "probability": 0.05})
        for done in range(AT_A_TIME, calls + AT_A_TIME, AT_A_TIME):
            await asyncio.gather(*(sim.dial() for _ in range(AT_A_TIME)))
            await sim.advance(30)
            hook.posted.clear()
            if done % max(AT_A_TIME, calls // 10 // AT_A_TIME * AT_A_TIME) == 0:
                shown.append(measured())
                print(f"{done:>8} calls: {shown[-1][0]} MB, {shown[-1][1]} descriptors", flush=True)
        await sim.advance(14_400)
        stuck = [call for call in (await sim.control("GET", "/calls"))["calls"] if call["status"] != "FINAL"]
        await server.stop()
    grown = shown[-1][0] > shown[0][0] * 1.1 or shown[-1][1] > shown[0][1] + 50
    print(f"{len(stuck)} stuck, {'grown' if grown else 'flat'}")
    return int(bool(stuck) or grown)


if __name__ == "__main__":
    sys.exit(run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
