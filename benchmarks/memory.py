"""Memory: of a simulator that has just started, and for each ongoing call with 10,000 calls up.

    python benchmarks/memory.py [CALLS]

The calls are placed over HTTP, and time passes until they are answered: half of them stand, half are in a menu.
Resident memory of the process is read from /proc (Linux).
"""

import asyncio
import base64
import json
import subprocess
import sys
import urllib.request

import aiohttp

CALLS = 10_000
CONNECTIONS = 32
KEY, SECRET, NUMBER = "00000000-0000-4000-8000-000000007462", "c2luY2gtc2ltdWxhdG9yIQ==", "+14045550100"
START = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--clock", "manual"]
MENU = {"name": "runMenu", "menus": [{"id": "main", "mainPrompt": "#tts[Press one for sales]", "maxDigits": 1}]}
CONTINUE = {"name": "continue"}


def resident_mb(process: "subprocess.Popen[str]") -> float:
    """Megabytes of memory that a process holds."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        [line] = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def callout(number: int) -> bytes:
    """A callout with a destination and data of its own, that stands when it is answered."""
    action = MENU if number % 2 else CONTINUE
    ace = json.dumps({"instructions": [{"name": "say", "text": "Hello"}], "action": action})
    body = {
        "cli": NUMBER,
        "destination": {"type": "number", "endpoint": f"+1404{5_000_000 + number}"},
        "custom": f"order-{number}",
        "ace": ace,
        "dice": "http://127.0.0.1:9/dice",
    }
    return json.dumps({"method": "customCallout", "customCallout": body}).encode()


async def place(url: str, count: int) -> None:
    """Place so many callouts."""
    credentials = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def share(first: int) -> None:
            for number in range(first, count, CONNECTIONS):
                async with session.post(f"{url}/calling/v1/callouts", data=callout(number)) as answer:
                    assert answer.status == 200, await answer.text()

        await asyncio.gather(*(share(first) for first in range(CONNECTIONS)))


def control(url: str, method: str, path: str, body: object = None) -> bytes:
    """A request to the control API."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/_simulator{path}", data, method=method)) as response:
        answer: bytes = response.read()
    return answer


def main() -> None:
    """Print both numbers."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    with subprocess.Popen(START, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        control(url, "GET", "/health")
        idle = resident_mb(process)
        asyncio.run(place(url, CONNECTIONS))
        warm = resident_mb(process)
        asyncio.run(place(url, count))
        control(url, "POST", "/clock/advance", {"seconds": 4})
        up = resident_mb(process)
        value = json.loads(control(url, "GET", "/calls?status=ONGOING"))
        ongoing = [call["state"] for call in value["calls"]]
        process.terminate()
    states = ", ".join(f"{ongoing.count(state)} {state}" for state in sorted(set(ongoing)))
    print(f"idle                     {idle:8.1f} MB")
    print(f"with {len(ongoing)} calls up    {up:8.1f} MB  ({states})")
    print(f"for each ongoing call    {(up - warm) * 1024 / count:8.2f} KiB")


if __name__ == "__main__":
    main()
