"""Serves many calls with faults on, and says whether memory and descriptors stay flat and whether any call is stuck.

    python benchmarks/soak.py [CALLS]

A million if not said. Worlds keep 1,000 finished calls, as ``start --keep-calls 1000`` does.
"""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import aiohttp

from sinch_simulator.config import ApplicationConfig, ClockMode, ServerConfig
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.process import run
from support.wired_world import HANG_UP, Wired, webhook

AT_A_TIME = 50
FAULTS = ({"drop": True}, {"duplicate": True}, {"disconnect": True}, {"status": 503}, {"timeout": True})


def measured() -> tuple[int, int]:
    """Returns the resident memory in MB and the number of open descriptors; Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000, len(os.listdir("/proc/self/fd"))


async def main(calls: int) -> int:
    """Serves so many calls; returns 0 when none is stuck."""
    async with webhook() as hook, aiohttp.ClientSession() as session:
        hook.on("ice", HANG_UP)
        default = ApplicationConfig(numbers=("+14045550100",), callback_url=hook.url)
        config = ServerConfig(port=0, applications=(default,), clock=ClockMode.MANUAL, keep_calls=1000)
        server = SimulatorServer(config)
        await server.start()
        sim = Wired(server, session, hook)
        for fault in FAULTS:
            await sim.control("POST", "/faults", {"on": "callback", "do": fault, "probability": 0.05})
        for done in range(0, calls, AT_A_TIME):
            await asyncio.gather(*(sim.dial() for _ in range(AT_A_TIME)))
            hook.posted.clear()
            if done % max(AT_A_TIME, calls // 10 // AT_A_TIME * AT_A_TIME) == 0:
                memory_mb, descriptors = measured()
                print(f"{done + AT_A_TIME:>8} calls: {memory_mb} MB, {descriptors} descriptors", flush=True)
        await sim.advance(14_400)
        stuck = [call for call in (await sim.control("GET", "/calls"))["calls"] if call["status"] != "FINAL"]
        await server.stop()
    print(f"{len(stuck)} stuck")
    return int(bool(stuck))


if __name__ == "__main__":
    sys.exit(run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
