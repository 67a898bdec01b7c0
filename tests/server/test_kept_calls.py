"""A simulator that serves for days keeps its newest finished calls, and says that it has dropped older ones."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from sinch_simulator.config import ApplicationConfig, ClockMode, ServerConfig
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.voice_io.streams.capture import StreamRecord
from support.stream_listeners import Listener, dial_into, listening
from support.verifying import ANNA, start, started
from support.wired_world import HANG_UP, Json, Wired, webhook


@asynccontextmanager
async def keeping(calls: int | None) -> AsyncIterator[Wired]:
    """A simulator that keeps so many finished calls."""
    async with webhook() as hook, aiohttp.ClientSession() as session:
        default = ApplicationConfig(numbers=("+14045550100",), callback_url=hook.url)
        server = SimulatorServer(
            ServerConfig(port=0, applications=(default,), clock=ClockMode.MANUAL, keep_calls=calls)
        )
        await server.start()
        hook.on("ice", HANG_UP)
        try:
            yield Wired(server, session, hook)
        finally:
            await server.stop()


async def entries(sim: Wired) -> list[Json]:
    listed: list[Json] = (await sim.control("GET", "/journal"))["entries"]
    return listed


async def test_the_newest_finished_calls_are_kept_whole_and_older_ones_dropped_whole() -> None:
    async with keeping(3) as sim:
        made = [(await sim.dial())["callId"] for _ in range(10)]
        kept = [call["callId"] for call in (await sim.control("GET", "/calls"))["calls"]]
        # The last one's DiCE is answered while it is being counted.
        assert kept == made[-len(kept) :]
        assert 3 <= len(kept) <= 4
        assert {entry["callId"] for entry in await entries(sim) if "callId" in entry} == set(kept)
        assert {record["callId"] for record in await sim.callbacks()} == set(kept)
        assert [record["outcome"] for record in await sim.callbacks("?event=dice")] == ["answered"] * len(kept)


async def test_what_was_dropped_is_said() -> None:
    async with keeping(2) as sim:
        first = (await sim.dial())["callId"]
        for _ in range(5):
            await sim.dial()
        refused = await sim.request("GET", f"/_simulator/calls/{first}")
        assert (refused.status, "--keep-calls" in refused.error["hint"]) == (404, True)
        findings = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        told = [finding["message"] for finding in findings if finding["code"] == "CALLS_DROPPED"]
        assert "newest 2 are kept" in told[-1]


async def test_a_call_that_goes_on_is_kept() -> None:
    async with keeping(1) as sim:
        sim.webhook.responders.clear()
        sim.webhook.on("ice", {"action": {"name": "park"}})
        going_on = (await sim.dial())["callId"]
        sim.webhook.on("ice", HANG_UP)
        for _ in range(5):
            await sim.dial()
        assert (await sim.call(going_on))["status"] == "ONGOING"


async def test_without_a_limit_everything_is_kept() -> None:
    async with keeping(None) as sim:
        for _ in range(20):
            await sim.dial()
        assert len((await sim.control("GET", "/calls"))["calls"]) == 20


async def test_what_went_over_the_stream_of_a_dropped_call_is_dropped_as_well() -> None:
    async def ten_seconds(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        await socket.send_bytes(bytes(320_000))
        async for _ in listener.listen(socket):
            pass

    def streams() -> int:
        gc.collect()
        return sum(isinstance(each, StreamRecord) for each in gc.get_objects())

    before = streams()
    async with keeping(2) as sim, listening(ten_seconds) as listener:
        for _ in range(8):
            call_id = await dial_into(sim, listener)
            await sim.control("POST", f"/calls/{call_id}/hangup", {})
        assert len((await sim.control("GET", "/calls"))["calls"]) <= 3
        assert streams() - before <= 3


async def test_finished_verifications_are_dropped_whole_too() -> None:
    async with keeping(3) as sim:
        key = sim.server.worlds.default.applications[0].key
        await sim.control("PATCH", f"/applications/{key}", {"verificationCallbackUrl": sim.webhook.url})
        sim.webhook.on("VerificationRequestEvent", {"action": "allow"})
        made = [await started(sim, reference=f"r-{number}") for number in range(10)]
        await sim.advance(1)
        kept = [each["id"] for each in (await sim.control("GET", "/verifications"))["verifications"]]
        assert kept == [each["id"] for each in made[-len(kept) :]]
        assert 3 <= len(kept) <= 5
        inbox = await sim.control("GET", f"/phones/{ANNA}/inbox")
        assert {message["verificationId"] for message in inbox["messages"]} <= set(kept)
        assert (await start(sim, reference="r-0")).status == 200
