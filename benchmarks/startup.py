"""From the start of the process to the first answered request: the simulator beside a bare aiohttp server.

    python benchmarks/startup.py [ROUNDS]

Both are started the same way (``python -m`` or ``python -c``, a free port, one JSON line when ready) and asked once.
They take turns, so that a busy machine is unkind to both; the ratio is that of the medians.
"""

import json
import statistics
import subprocess
import sys
import time
import urllib.request

BARE = """
import asyncio, json
from aiohttp import web

async def answer(request):
    return web.json_response({"status": "ok"})

async def main():
    app = web.Application()
    app.router.add_get("/_simulator/health", answer)
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


def to_first_answer_ms(command: list[str]) -> float:
    """Milliseconds from starting the process to the first answer in hand."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(url + "/_simulator/health") as response:
            response.read()
        taken = (time.perf_counter() - began) * 1000
        process.kill()
    return taken


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    taken: dict[str, list[float]] = {name: [] for name in SERVERS}
    for number in range(rounds + 1):
        for name, command in SERVERS.items():
            milliseconds = to_first_answer_ms(command)
            if number:  # the first round warms the file cache
                taken[name].append(milliseconds)
    bare = statistics.median(taken["bare aiohttp"])
    print(f"{'server':<18}{'median ms':>10}{'best ms':>10}{'ratio':>8}")
    for name, values in taken.items():
        median = statistics.median(values)
        print(f"{name:<18}{median:>10.0f}{min(values):>10.0f}{median / bare:>8.2f}")


if __name__ == "__main__":
    main()
