"""How soon somebody who talks to a stream with a real voice hears an answer: an echo server, and frames every 20 ms.

    python benchmarks/voice.py [SECONDS]

What is sent over ``/_simulator/calls/{callId}/audio`` goes to the app's WebSocket server, which sends it back; it is
timed until it is heard. Each frame holds its own number. Target: under 300 ms, microphone and loudspeaker included, so
that these need less than 200 ms.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from array import array

import aiohttp
from aiohttp import WSMsgType, web

RATE_HZ = 16_000
SAMPLES = RATE_HZ * 20 // 1000


async def echo(request: web.Request) -> web.WebSocketResponse:
    """The app's server of streams."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.receive_json()
    await socket.send_json({"command": "answer"})
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    return socket


async def voice(request: web.Request) -> web.Response:
    """The app's webhook."""
    event = (await request.json())["event"]
    if event != "ice":
        return web.json_response({})
    destination = {"type": "Websocket", "endpoint": f"ws://{request.host}/audio"}
    options = {"sampleRate": RATE_HZ}
    return web.json_response(
        {"action": {"name": "connectStream", "destination": destination, "streamingOptions": options}}
    )


async def round_trips_ms(url: str, seconds: float) -> list[float]:
    """Of each frame, how long it takes until it is heard; real milliseconds."""
    sent_s: dict[int, float] = {}
    took: list[float] = []
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/_simulator/calls", json={"from": "+46700000001"}) as response:
            call_id = (await response.json())["callId"]
        while True:
            async with session.get(f"{url}/_simulator/calls/{call_id}?timeline=false") as response:
                if (await response.json())["state"] == "CONNECTED":
                    break
            await asyncio.sleep(0.05)
        async with session.ws_connect(f"{url}/_simulator/calls/{call_id}/audio") as socket:

            async def talk() -> None:
                began_s = time.perf_counter()
                for number in range(1, int(seconds * 50)):
                    await asyncio.sleep(began_s + number * 0.02 - time.perf_counter())
                    sent_s[number] = time.perf_counter()
                    await socket.send_bytes(array("h", [number] * SAMPLES).tobytes())

            talking = asyncio.create_task(talk())
            while not talking.done() or len(took) < len(sent_s) * 0.95:
                frame = array("h", await socket.receive_bytes())
                if frame[0] in sent_s:
                    took.append((time.perf_counter() - sent_s.pop(frame[0])) * 1000)
                elif talking.done() and not any(frame):
                    break
    return took


async def measured(seconds: float) -> list[float]:
    """The round trips through a simulator in a process of its own."""
    app = web.Application()
    app.add_routes([web.post("/voice", voice), web.get("/audio", echo)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/voice"
    command = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--callback-url", url]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    took = await round_trips_ms(json.loads(await process.stdout.readline())["url"], seconds)
    process.terminate()
    await process.wait()
    await runner.cleanup()
    return took


def main() -> None:
    """Print the figures."""
    took = sorted(asyncio.run(measured(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)))
    print(f"{len(took)} frames: median {statistics.median(took):.0f} ms, ", end="")
    print(f"95 % under {took[int(len(took) * 0.95)]:.0f} ms, all under {took[-1]:.0f} ms")


if __name__ == "__main__":
    main()
