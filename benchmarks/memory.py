"""Memory: of a simulator that has just started, and for each ongoing call with 10,000 calls up.

    python benchmarks/memory.py [CALLS] [v1|v2]

The calls are placed over HTTP, and time passes until they are answered: half of them stand, half are in a menu. Those
of Voice v2 are each in a session of their own.
Resident memory of the process is read from /proc (Linux).
"""

import asyncio
import base64
import json
import subprocess
import sys
import urllib.request

import aiohttp

from sinch_simulator.config import DEFAULT_PROJECT

CALLS = 10_000
CONNECTIONS = 32
KEY, SECRET, NUMBER = "00000000-0000-4000-8000-000000007462", "c2luY2gtc2ltdWxhdG9yIQ==", "+14045550100"
START = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--clock", "manual"]
MENU = {"name": "runMenu", "menus": [{"id": "main", "mainPrompt": "#tts[Press one for sales]", "maxDigits": 1}]}
CONTINUE = {"name": "continue"}


PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
PRESS_ONE = [{"type": "SAY", "say": {"text": "Press one for sales", "voiceName": "Emma"}}]
V2_MENU = {"command": "menu", "startMenu": "main", "menus": {"main": {"prompt": {"messages": PRESS_ONE}}}}
HELLO = {"command": "messages", "messages": [{"type": "SAY", "say": {"text": "Hello", "voiceName": "Emma"}}]}
PATHS = {"v1": "/calling/v1/callouts", "v2": f"/v2/projects/{PROJECT}/calls"}


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


def dialled(number: int) -> bytes:
    """A session of one call, which stands, or is in a menu, when it is answered."""
    to = {"type": "PHONE", "phone": {"number": f"+1404{5_000_000 + number}"}}
    origin = {"type": "PHONE", "phone": {"number": NUMBER}}
    answered = [HELLO, V2_MENU] if number % 2 else [HELLO]
    events = {"onAnswer": answered, "onHangup": []}
    dial = {"command": "dial", "callName": f"order-{number}", "to": to, "from": origin, "events": events}
    return json.dumps({"commands": [dial]}).encode()


async def place(url: str, count: int, protocol: str) -> None:
    """Place so many calls of this protocol."""
    key, secret = (KEY, SECRET) if protocol == "v1" else (KEY_ID, KEY_SECRET)
    credentials = base64.b64encode(f"{key}:{secret}".encode()).decode()
    body_of = callout if protocol == "v1" else dialled
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def share(first: int) -> None:
            for number in range(first, count, CONNECTIONS):
                async with session.post(url + PATHS[protocol], data=body_of(number)) as answer:
                    assert answer.status < 300, await answer.text()

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
    protocol = sys.argv[2] if len(sys.argv) > 2 else "v1"
    with subprocess.Popen(START, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        control(url, "GET", "/health")
        idle = resident_mb(process)
        asyncio.run(place(url, CONNECTIONS, protocol))
        warm = resident_mb(process)
        asyncio.run(place(url, count, protocol))
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
