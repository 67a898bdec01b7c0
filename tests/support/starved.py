"""Simulators that can open nothing more, each in a process of its own: it remembers that it was so.

    python -m support.starved NAME

It prints what came of one thing that needs a descriptor: the status of the request, its error, whether it was told.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from sinch_simulator.server import descriptors
from support.recorded_calls import LIST, recorded
from support.stream_listeners import connect_stream, listening, say
from support.wired_world import HANG_UP, Reply, Wired, wired


@contextmanager
def starved() -> Iterator[None]:
    """In here no file and no connection can be opened."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # What is open stays so; what is closed meanwhile leaves no number that is low enough.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def dial(sim: Wired) -> Reply:
    """A call that comes in while nothing can be opened; its webhook has a connection already."""
    ice = sim.webhook.responders["ice"]
    sim.webhook.on("ice", HANG_UP)
    await sim.dial()
    sim.webhook.responders["ice"] = ice
    with starved():
        return await sim.request("POST", "/_simulator/calls", {"from": "+46700000001"})


async def stream(sim: Wired) -> Reply:
    """A stream to the app's server."""
    async with listening(say("answer")) as listener:
        sim.webhook.on("ice", connect_stream(listener.url))
        return await dial(sim)


async def media(sim: Wired) -> Reply:
    """A file of the app."""
    play = {"name": "playFiles", "ids": [f"#href[{sim.webhook.url}/a.wav]"], "locale": "en-US"}
    sim.webhook.on("ice", {"instructions": [play], "action": {"name": "hangup"}})
    return await dial(sim)


async def file_of_recording(sim: Wired) -> Reply:
    """The file of a recording, for the app that asks for it."""
    await recorded(sim, destinationUrl="sdrive://mine.wav")
    await sim.advance(5)
    assert (await sim.rest("GET", LIST)).json != []
    with starved():
        return await sim.rest("GET", f"{LIST}/mine.wav")


async def store(sim: Wired) -> Reply:
    """The file of a recording, on its way to a store."""
    await recorded(sim, destinationUrl="s3://calls/one.wav", credentials="AK:SK:us-east-1")
    with starved():
        return await sim.request("POST", "/_simulator/clock/advance", {"seconds": 600})


NEEDS: dict[str, Callable[[Wired], Awaitable[Reply]]] = {
    "stream": stream,
    "media": media,
    "file_of_recording": file_of_recording,
    "store": store,
}


async def main(name: str) -> None:
    """Prints what came of it."""
    async with wired(timeout_s=0.3, s3_endpoint="http://127.0.0.1:9") as sim:
        reply = await NEEDS[name](sim)
        hint = reply.headers.get("X-Sinch-Simulator-Hint", "")
        print(json.dumps([reply.status, reply.raw.decode() + hint, descriptors.were_too_few(), await sim.codes()]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
