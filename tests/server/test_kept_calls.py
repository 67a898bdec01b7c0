"""A simulator that serves for days keeps its newest finished calls, and says that it has dropped older ones."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from sinch_simulator.config import ApplicationConfig, ClockMode, ServerConfig
from sinch_simulator.products.voice.v2.exchange import exchange_of
from sinch_simulator.products.voice.v2.product import VOICE_V2
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.voice_io.streams.capture import StreamRecord
from support.numbers_api import NumbersApi
from support.stream_listeners import Listener, dial_into, listening
from support.svaml_v2 import dial
from support.verifying import ANNA, start, started
from support.voice_v2_api import ask_webhook, v2
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


def kept_of_v2(sim: Wired) -> tuple[int, int, int]:
    """How many calls, sessions and batches of Voice v2 there are."""
    exchange = exchange_of(sim.server.worlds.default.simulation)
    assert len(exchange.subjects) == len(exchange.calls) + len(exchange.sessions) + len(exchange.batches)
    return len(exchange.calls), len(exchange.sessions), len(exchange.batches)


RING = dial(to={"type": "PHONE", "phone": {"number": "+14045550199"}})
PAUSE = {"command": "pause", "durationMilliseconds": 1000}


async def ring(sim: Wired, *more: Json) -> None:
    """A call of Voice v2, which the app hears of and which is over within 20 s."""
    await ask_webhook(sim)
    sim.webhook.on("call.answered", {"commands": [{"command": "hangup"}]})
    await v2(sim, "POST", "/calls", {"commands": [RING, *more]})
    await sim.advance(20)


async def test_calls_of_voice_v2_are_dropped_with_their_sessions_though_only_voice_v2_is_used() -> None:
    assert "call.ended" in VOICE_V2.over
    async with keeping(4) as sim:
        for _ in range(10):
            await ring(sim)
        calls, sessions, _ = kept_of_v2(sim)
        assert calls == sessions
        assert 4 <= calls <= 5


async def test_sessions_without_a_call_are_dropped() -> None:
    async with keeping(4) as sim:
        for _ in range(10):
            await v2(sim, "POST", "/calls", {"commands": [PAUSE]})
        await ring(sim)
        calls, sessions, _ = kept_of_v2(sim)
        assert calls == 1
        assert 4 <= sessions <= 5


async def test_a_session_that_goes_on_after_its_last_call_was_dropped_is_dropped_when_it_is_over() -> None:
    async with keeping(1) as sim:
        await ring(sim, {**PAUSE, "durationMilliseconds": 100_000})
        for _ in range(3):
            await ring(sim)
        calls, sessions, _ = kept_of_v2(sim)
        assert sessions == calls + 1
        await sim.advance(100)
        for _ in range(3):
            await ring(sim)
        calls, sessions, _ = kept_of_v2(sim)
        assert sessions == calls


@pytest.mark.parametrize("command", [RING, PAUSE])
async def test_a_batch_is_dropped_with_its_sessions_and_those_of_it_that_have_expired(command: Json) -> None:
    async with keeping(2) as sim:
        entries = [{"n": str(number)} for number in range(4)]
        body = {"commands": [command], "parameters": entries, "batchOptions": {"maxCps": 1, "ttlSeconds": 1}}
        await v2(sim, "POST", "/batches", body)
        await sim.advance(15_000)
        assert kept_of_v2(sim)[1:] == (4, 1)
        for _ in range(6):
            await ring(sim)
        calls, sessions, batches = kept_of_v2(sim)
        assert (sessions, batches) == (calls, 0)


async def test_numbers_that_were_released_are_dropped_but_not_those_that_were_rented_again() -> None:
    async with keeping(2) as sim:
        [application] = (await sim.control("GET", "/applications"))["applications"]
        api = NumbersApi(sim, application)
        released = []
        for _ in range(6):
            number = (await api.rent(callbackUrl=sim.webhook.url))["phoneNumber"]
            released.append(number)
            await api.got("POST", f"/activeNumbers/{number}:release")
        assert len(set(released)) == 1
        await api.got("POST", f"/availableNumbers/{released[0]}:rent", {"smsConfiguration": api.text_to()})
        for number in (await api.available())[:4]:
            await api.got("POST", f"/availableNumbers/{number}:rent")
            await api.got("POST", f"/activeNumbers/{number}:release")
            released.append(number)
        await sim.dial()
        known = [entry["number"] for entry in await entries(sim) if entry["kind"] == "number.rented"]
        assert set(known) < set(released)
        await sim.advance(2)
        active = await api.active(released[0])
        assert active["smsConfiguration"]["servicePlanId"] == application["servicePlanId"]
