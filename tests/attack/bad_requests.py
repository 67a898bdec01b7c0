"""Sends generated bad inputs over raw sockets, and says what a simulator made of them.

    python tests/attack/bad_requests.py [COUNT]

The long form (100,000 if not said); the suite has a short one. With the extra ``speed`` where it is installed.
"""

import asyncio
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.raw_connections import CALLOUT, CALLOUTS, request
from support.wired_world import Wired, wired

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "FETCH", "")
_PATHS = (CALLOUTS, "/_simulator/calls", "/_simulator/nothing", "/v1/calls/id/x", "/%", "//", "*", "/\xff", "")
_LONGEST_S = 10.0


def bad_input(chance: Random) -> bytes:
    """Draws something that no server should take: noise, a damaged request, or a request with a damaged body."""
    kind = chance.randrange(4)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 400)) + b"\r\n\r\n"
    if kind == 1:
        whole = bytearray(request(chance.choice(_METHODS), chance.choice(_PATHS), CALLOUT, signed=False))
        for _ in range(chance.randrange(1, 8)):
            whole[chance.randrange(len(whole))] = chance.randrange(256)
        return bytes(whole)
    if kind == 2:
        return request("POST", CALLOUTS, CALLOUT)[: chance.randrange(1, 200)]
    body = bytes(chance.choice(b'{}[]",:0e-nul\\\xff ') for _ in range(chance.randrange(1, 200)))
    return request(chance.choice(("POST", "PUT", "PATCH")), chance.choice(_PATHS[:4]), body)


async def attack(sim: Wired, count: int, seed: int) -> Counter[str]:
    """Sends so many inputs; returns how often each status, ``closed`` or ``hangs`` was what came of them."""
    chance, outcomes = Random(seed), Counter[str]()
    port = int(sim.server.url.rpartition(":")[2])
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(bad_input(chance))
        writer.write_eof()
        try:
            async with asyncio.timeout(_LONGEST_S):
                answer = await reader.read()
            outcomes[answer.split()[1].decode("latin-1") if answer else "closed"] += 1
        except TimeoutError:
            outcomes["hangs"] += 1
        except ConnectionError:
            outcomes["closed"] += 1
        writer.close()
    return outcomes


async def main(count: int) -> int:
    """Attacks; returns 0 when nothing hung, nothing failed and nothing changed."""
    async with wired() as sim:
        outcomes = await attack(sim, count, seed=1)
        calls = len((await sim.control("GET", "/calls"))["calls"])
    print(f"{count} bad inputs: {dict(sorted(outcomes.items()))}; {calls} calls came of them")
    return int(calls > 0 or any(name == "hangs" or name.startswith("5") for name in outcomes))


if __name__ == "__main__":
    from sinch_simulator.server.process import run

    sys.exit(run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
