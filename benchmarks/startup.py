"""From the start of the process to the first answers: the simulator beside a bare aiohttp server.

    python benchmarks/startup.py [ROUNDS]

Each server is started the same way (``python -m`` or ``python -c``, a free port, one JSON line when ready) and asked
once: for its health, or for a callout with the usual Basic credentials. The bare server answers the same request with
a fixed document of the same shape. They take turns, so that a busy machine is unkind to all; the ratios are those of
the medians. Bytecode is kept in a folder of the benchmark's own, as an installed package has it: a checkout whose
environment says ``PYTHONDONTWRITEBYTECODE`` compiles every module at every start, which takes a third longer.
"""

import base64
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

BARE = """
import asyncio, json
from aiohttp import web

async def health(request):
    return web.json_response({"status": "ok"})

async def callout(request):
    await request.json()
    return web.json_response({"callId": "0123456789abcdef"})

async def main():
    app = web.Application()
    app.router.add_get("/_simulator/health", health)
    app.router.add_post("/calling/v1/callouts", callout)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
SERVERS = {
    "bare aiohttp": [sys.executable, "-c", BARE],
    "sinch-simulator": [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json"],
}
MOMENTS = ("health", "first callout")
CREDENTIALS = "00000000-0000-4000-8000-000000007462:c2luY2gtc2ltdWxhdG9yIQ=="
CALLOUT = json.dumps(
    {
        "method": "ttsCallout",
        "ttsCallout": {
            "cli": "+14045550100",
            "destination": {"type": "number", "endpoint": "+14045550123"},
            "locale": "en-US",
            "text": "Hello",
        },
    }
)
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(CREDENTIALS.encode()).decode(),
    "Content-Type": "application/json",
}


def ask(address: str, moment: str) -> None:
    """Send the one request, and see that it was answered as it should be."""
    connection = http.client.HTTPConnection(address, timeout=30)
    if moment == "health":
        connection.request("GET", "/_simulator/health")
        expected = "status"
    else:
        connection.request("POST", "/calling/v1/callouts", CALLOUT, HEADERS)
        expected = "callId"
    answer = json.loads(connection.getresponse().read())
    assert answer.get(expected), f"the first answer is {answer}"
    connection.close()


def to_first_answer_ms(command: list[str], moment: str, environment: dict[str, str]) -> float:
    """Milliseconds from starting the process to the first answer in hand."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = urlsplit(json.loads(process.stdout.readline())["url"]).netloc
        ask(address, moment)
        taken = (time.perf_counter() - began) * 1000
        process.kill()
    return taken


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    taken: dict[tuple[str, str], list[float]] = {(moment, name): [] for moment in MOMENTS for name in SERVERS}
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment = {**kept, "PYTHONPYCACHEPREFIX": folder}
        for number in range(rounds + 1):
            for moment, name in taken:
                milliseconds = to_first_answer_ms(SERVERS[name], moment, environment)
                if number:  # the first round warms the file cache and writes the bytecode
                    taken[moment, name].append(milliseconds)
    print(f"{'until':<16}{'server':<18}{'median ms':>10}{'best ms':>10}{'ratio':>8}")
    for (moment, name), values in taken.items():
        median = statistics.median(values)
        bare = statistics.median(taken[moment, "bare aiohttp"])
        print(f"{moment:<16}{name:<18}{median:>10.0f}{min(values):>10.0f}{median / bare:>8.2f}")


if __name__ == "__main__":
    main()
