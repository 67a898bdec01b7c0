"""The journal as server-sent events: as it happens, from where somebody was, with what came of callbacks in reality."""

import json

import aiohttp
import pytest
from aiohttp import web

from support.wired_world import Json, Wired, wired


async def test_events_are_streamed_as_they_happen() -> None:
    async with wired() as sim, streamed(sim) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert await stream.content.readline() == b": connected\n"
        call_id = await sim.call_out()
        entry = await next_entry(stream)
        assert (entry["kind"], entry["callId"]) == ("call.placed", call_id)


async def test_a_stream_ends_when_the_simulator_stops() -> None:
    async with wired() as sim, streamed(sim) as stream:
        await stream.content.readuntil(b"\n\n")
        await sim.server.stop()
        assert await stream.content.read() == b""


async def test_a_stream_goes_on_after_the_last_event_that_was_seen() -> None:
    async with wired() as sim:
        async with streamed(sim) as stream:
            call_id = await sim.call_out()
            first = await next_block(stream, "data")
        async with streamed(sim, headers={"Last-Event-ID": first["id"]}) as stream:
            assert (await next_block(stream, "id"))["id"] == first["id"]
            second = await next_entry(stream)
        timeline = (await sim.call(call_id))["timeline"]
        assert [json.loads(first["data"]), second] == timeline[:2]


async def test_whoever_has_only_connected_can_go_on_from_there() -> None:
    async with wired() as sim:
        await sim.call_out()
        async with streamed(sim) as stream:
            position = (await next_block(stream, "id"))["id"]
        call_id = await sim.call_out()
        async with streamed(sim, since=position) as stream:
            assert (await next_entry(stream))["callId"] == call_id


@pytest.mark.parametrize("since", ["00000000-1", "nonsense", "-", "x-y"])
async def test_whoever_has_followed_another_simulator_is_told_everything(since: str) -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        async with streamed(sim, since=since) as stream:
            entry = await next_entry(stream)
        assert (entry["kind"], entry["callId"]) == ("call.placed", call_id)


async def test_an_event_tells_what_came_of_a_callback_in_reality() -> None:
    async def fail(request: web.BaseRequest, body: Json) -> web.StreamResponse:
        return web.Response(status=500, text="KeyError: 'x'")

    async with wired() as sim, streamed(sim) as stream:
        sim.webhook.responders["ice"] = fail
        await sim.dial()
        entry = await next_entry(stream)
        while entry["kind"] != "callback.failed":
            entry = await next_entry(stream)
        assert (entry["status"], entry["reply"], type(entry["latencyMs"])) == (500, "KeyError: 'x'", int)


def streamed(sim: Wired, headers: dict[str, str] | None = None, **query: str) -> aiohttp.client._RequestContextManager:
    """The stream of the world."""
    return sim.session.get(sim.server.url + "/_simulator/events", params=query, headers=headers)


async def next_block(stream: aiohttp.ClientResponse, field: str) -> dict[str, str]:
    """The next block of the stream that has this field."""
    while True:
        block = (await stream.content.readuntil(b"\n\n")).decode()
        fields = {name: value for name, _, value in (line.partition(": ") for line in block.splitlines())}
        if field in fields:
            return fields


async def next_entry(stream: aiohttp.ClientResponse) -> Json:
    """The next line of the journal."""
    entry: Json = json.loads((await next_block(stream, "data"))["data"])
    return entry
