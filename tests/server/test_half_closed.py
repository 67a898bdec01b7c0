"""Clients that close their side after the request: they get their answer, or what they asked for is not done."""

import asyncio
import json
from collections.abc import Callable, Coroutine

import pytest
from aiohttp import web

from support.raw_connections import CALLOUT, CALLOUTS, HEALTH, line, request
from support.wired_world import HANG_UP, Json, Wired, wired

_CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(CALLOUT), CALLOUT)
CHUNKED = request("POST", CALLOUTS, None, "Transfer-Encoding: chunked") + _CHUNKS
DIAL_BODY = b'{"from": "+46700000001"}'
DIAL = request("POST", "/_simulator/calls", DIAL_BODY)
WHOLE = {
    "as usual": request(),
    "connection: close": request("POST", CALLOUTS, CALLOUT, "Connection: close"),
    "http/1.0": request(version="1.0"),
    "chunked": CHUNKED,
    "long": request("POST", CALLOUTS, CALLOUT + b" " * 100_000),
    "control": DIAL,
    "control, http/1.0": request("POST", "/_simulator/calls", DIAL_BODY, version="1.0"),
}


async def calls(sim: Wired) -> int:
    return len((await sim.control("GET", "/calls"))["calls"])


@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("gap", ["at once", "later", "once it is answered"])
async def test_who_sends_no_more_gets_the_answer_and_then_the_end(raw: bytes, gap: str) -> None:
    async with wired() as sim, line(sim) as client:
        client.send(raw)
        if gap == "later":
            await asyncio.sleep(0)
        got = await client.get() if gap == "once it is answered" else None
        client.writer.write_eof()
        got = got or await client.get()
        assert (got.status // 100, await client.rest()) == (2, b"")
        assert await calls(sim) == 1


@pytest.mark.parametrize("cut", [1, 20, 400])
@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
async def test_of_a_request_that_breaks_off_nothing_is_done(raw: bytes, cut: int) -> None:
    async with wired() as sim, line(sim) as client:
        client.send(raw[:-cut])
        client.writer.write_eof()
        rest = await client.rest()
        assert rest == b"" or rest.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
        assert await calls(sim) == 0


async def test_several_requests_before_the_end_are_all_answered() -> None:
    async with wired() as sim, line(sim) as client:
        client.send(request() + DIAL + HEALTH + CHUNKED)
        client.writer.write_eof()
        assert await client.statuses(4) == [200, 201, 200, 200]
        assert await client.rest() == b""
        assert await calls(sim) == 3


async def test_a_control_request_that_waits_for_the_app_is_answered_to_who_sends_no_more() -> None:
    async with wired() as sim, line(sim) as client:

        async def respond(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            await asyncio.sleep(0.05)
            return web.json_response(HANG_UP)

        sim.webhook.responders["ice"] = respond
        client.send(DIAL)
        client.writer.write_eof()
        got = await client.get()
        assert (got.status, json.loads(got.body)["status"]) == (201, "FINAL")


async def test_a_stream_ends_for_who_has_left() -> None:
    async with wired() as sim, line(sim) as client:
        client.send(request("GET", "/_simulator/events", None))
        await client.reader.readuntil(b"\r\n\r\n")
        client.writer.write_eof()
        await client.rest()


@pytest.mark.parametrize("story", [test_several_requests_before_the_end_are_all_answered])
def test_the_end_of_a_client_is_met_with_uvloop_too(story: Callable[[], Coroutine[None, None, None]]) -> None:
    uvloop = pytest.importorskip("uvloop")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(story())
