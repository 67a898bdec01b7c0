"""Sends generated bad inputs over raw sockets, and says what a simulator made of them.

    python tests/attack/bad_requests.py [COUNT]

The long form (100,000 if not said, half of them without the extra ``speed``); the suite has a short one. It ends with 1
when one hung, failed, was told on the terminal or changed anything.
"""

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from attack.repeat_runs import WITHOUT_SPEED
from support.raw_connections import CALLOUT, CALLOUTS, request
from support.wired_world import CONNECT, Json, Wired, wired

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "FETCH", "")
_PATHS = (CALLOUTS, "/_simulator/calls", "/_simulator/nothing", "/v1/calls/id/x", "/%", "//", "*", "/\xff", "")
_CONTROLLED = (
    ("POST", "/_simulator/applications"),
    ("POST", "/_simulator/calls"),
    ("POST", "/_simulator/calls/{call}/press"),
    ("POST", "/_simulator/calls/{call}/speak"),
    ("POST", "/_simulator/clock/advance"),
    ("PUT", "/_simulator/clock"),
    ("PUT", "/_simulator/phones/+14045550199"),
    ("POST", "/_simulator/faults"),
)
_WRONG = ("null", "true", "-1", "1e999", '"\\ud800"', "[]", "[[1]]", '{"":{}}', '{"nobody":"knows"}', f'"{"x" * 300}"')
_HEADERS = (
    "Content-Length: 1",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: fog",
    "Content-Encoding: gzip",
    "Host: evil.example",
    "Host: evil\\@localhost",
    "Origin: https://evil.example",
    "Upgrade: websocket",
    "Expect: 200-maybe",
    "Authorization: application x:y",
    "Authorization: Basic \xff",
    "X-Timestamp: yesterday",
    "X: " + "x" * 20_000,
    "No colon",
)
_LONGEST_S = 10.0


def bad_input(chance: Random, call_id: str) -> bytes:
    """Draws something that no server should take: noise, or a request that is damaged somewhere."""
    match chance.randrange(6):
        case 0:
            return chance.randbytes(chance.randrange(1, 400)) + b"\r\n\r\n"
        case 1:
            whole = bytearray(request(chance.choice(_METHODS), chance.choice(_PATHS), CALLOUT, signed=False))
            for _ in range(chance.randrange(1, 8)):
                whole[chance.randrange(len(whole))] = chance.randrange(256)
            return bytes(whole)
        case 2:
            return request("POST", CALLOUTS, CALLOUT)[: chance.randrange(1, 200)]
        case 3:
            method, path = chance.choice(_CONTROLLED)
            wrong = '{"nobody knows this":' + chance.choice(_WRONG) + "}"
            return request(method, path.format(call=call_id), chance.choice((wrong, *_WRONG)).encode())
        case 4:
            more = chance.sample(_HEADERS, chance.randrange(1, 4))
            return request("POST", CALLOUTS, CALLOUT, *more, signed=False)
        case _:
            body = bytes(chance.choice(b'{}[]",:0e-nul\\\xff ') for _ in range(chance.randrange(1, 200)))
            return request(chance.choice(("POST", "PUT", "PATCH")), chance.choice(_PATHS[:4]), body)


async def attack(sim: Wired, count: int, seed: int) -> Counter[str]:
    """Sends so many inputs; returns how often each status, ``closed`` or ``hangs`` was what came of them."""
    chance, outcomes = Random(seed), Counter[str]()
    port = int(sim.server.url.rpartition(":")[2])
    [call, *_] = (await sim.control("GET", "/calls"))["calls"]
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(bad_input(chance, call["callId"]))
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


async def state(sim: Wired) -> Json:
    """Returns all that a simulator tells of itself but what it says about requests: that is what it is to say."""
    parts = ("applications", "calls", "phones", "faults", "clock", "callbacks", "conferences")
    whole: Json = {part: await sim.control("GET", f"/{part}") for part in parts}
    lines = (await sim.control("GET", "/journal"))["entries"]
    whole["journal"] = [line for line in lines if not line["kind"].startswith(("diagnostic", "request"))]
    return whole


async def two_calls(sim: Wired) -> None:
    """Puts a call that is talked in and one that is over into the world: there is something to change."""
    sim.webhook.on("ice", CONNECT)
    await sim.dial()
    await sim.advance(5)
    sim.webhook.responders.clear()
    await sim.dial()


async def main(count: int) -> int:
    """Attacks; returns 0 when nothing hung, nothing failed and nothing changed."""
    async with wired() as sim:
        await two_calls(sim)
        before = await state(sim)
        outcomes = await attack(sim, count, seed=1)
        after = await state(sim)
    changed = [part for part in before if after[part] != before[part]]
    print(f"{count} bad inputs: {dict(sorted(outcomes.items()))}; changed: {changed or 'nothing'}")
    return int(bool(changed) or any(name == "hangs" or name.startswith("5") for name in outcomes))


def in_both_ways(count: int) -> int:
    """Attacks a simulator with and one without the extra ``speed``; returns 0 when both stood it without a word."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r}); from attack.bad_requests import main; "
        f"from sinch_simulator.server.process import run; sys.exit(run(main({count // 2})))"
    )
    failed = 0
    for how, program in (("with", code), ("without", f"{WITHOUT_SPEED}; {code}")):
        made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        print(f"{how} speed: {made.stdout}{made.stderr}", end="", flush=True)
        failed |= made.returncode or bool(made.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(in_both_ways(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
