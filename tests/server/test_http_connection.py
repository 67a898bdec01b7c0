"""The one port of a simulator: whatever a client sends, in whatever pieces, gets the answer that it should get."""

import asyncio
import gzip
import json
import re
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
import uvloop

from support.aiohttp_parser import IS_OF_3_14
from support.raw_connections import CALLOUT, CALLOUTS, HEALTH, STRANGE, Got, arrived, line, request
from support.wired_world import HANG_UP, Json, Wired, wired

UUIDS = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def compared(got: Got) -> tuple[object, ...]:
    """All but the time and the ids."""
    return got.status_line, [pair for pair in got.headers if pair[0] != "Date"], UUIDS.sub(b"ID", got.body)


def padded(size: int) -> bytes:
    """A callout with so many bytes."""
    return CALLOUT + b" " * (size - len(CALLOUT))


def chunked(body: bytes, *more: str) -> bytes:
    """A callout in chunks of 100 bytes."""
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    head = request("POST", CALLOUTS, None, "Transfer-Encoding: chunked", *more)
    return head + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


# ---- requests in pieces, and several at once ---------------------------------------------------------------------


async def test_a_request_may_come_byte_by_byte() -> None:
    async with wired() as sim, line(sim) as client:
        for byte in request():
            client.send(bytes([byte]))
            await asyncio.sleep(0)
        assert (await client.get()).status == 200
        assert (await client.ask(request())).status == 200


async def test_a_request_may_be_cut_anywhere() -> None:
    whole = request()
    head = whole.index(b"\r\n\r\n")
    async with wired() as sim, line(sim) as client:
        for cut in (1, 7, 30, head, head + 1, head + 2, head + 4, head + 5, len(whole) - 1):
            client.send(whole[:cut])
            await arrived(sim)
            assert (await client.ask(whole[cut:])).status == 200


MIXED = (
    (request(), 200),
    (STRANGE, 404),
    (request("GET", "/v1/callouts", None), 405),
    (HEALTH, 200),
    (request("POST", CALLOUTS, CALLOUT, signed=False), 401),
    (request(), 200),
)


async def test_requests_in_one_segment_are_answered_in_order() -> None:
    async with wired() as sim:
        for count in range(2, len(MIXED) + 1):
            async with line(sim) as client:
                client.send(b"".join(raw for raw, _ in MIXED[:count]))
                assert await client.statuses(count) == [status for _, status in MIXED[:count]]


async def test_requests_that_overlap_segments_are_answered_in_order() -> None:
    whole = b"".join(raw for raw, _ in MIXED)
    async with wired() as sim:
        for cut in range(1, len(whole), 17):
            async with line(sim) as client:
                client.send(whole[:cut])
                await arrived(sim)
                client.send(whole[cut:])
                assert await client.statuses(len(MIXED)) == [status for _, status in MIXED], cut


async def test_each_segment_may_end_in_the_middle_of_the_next_request() -> None:
    whole = b"".join(raw for raw, _ in MIXED)
    cuts = [0, *(sum(len(raw) for raw, _ in MIXED[:count]) + 20 for count in range(1, len(MIXED))), len(whole)]
    async with wired() as sim, line(sim) as client:
        for begin, end in pairwise(cuts):
            client.send(whole[begin:end])
            await arrived(sim)
        assert await client.statuses(len(MIXED)) == [status for _, status in MIXED]


async def test_a_callout_that_overlaps_segments_is_made_once() -> None:
    async with wired() as sim, line(sim) as client:
        client.send(request() + request()[:50])
        await arrived(sim)
        client.send(request()[50:])
        assert await client.statuses(2) == [200, 200]
        assert len((await sim.control("GET", "/calls"))["calls"]) == 2


async def test_an_empty_line_between_requests_does_no_harm() -> None:
    async with wired() as sim, line(sim) as client:
        client.send(request() + b"\r\n" + request() + b"\r\n")
        assert await client.statuses(2) == [200, 200]
        assert (await client.ask(request())).status == 200


async def test_a_connection_serves_hundreds_of_requests_and_the_control_api_in_between() -> None:
    async with wired() as sim, line(sim) as client:
        for _ in range(300):
            assert (await client.ask(request("GET", "/v1/calls/id/none", None))).status == 404
        health = await client.ask(HEALTH)
        assert (health.status, json.loads(health.body)["status"]) == (200, "ok")
        for _ in range(50):
            assert (await client.ask(request())).status == 200


# ---- bodies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "status"), [(60_000, 200), (70_000, 200), (200_000, 200), (262_144, 200), (300_000, 413)]
)
async def test_a_body_of_any_size_gets_its_answer_and_the_connection_goes_on(size: int, status: int) -> None:
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request(body=padded(size)))).status == status
        assert (await client.ask(request())).status == 200


@pytest.mark.parametrize("size", [70_000, 300_000])
async def test_a_large_body_may_follow_its_head_later(size: int) -> None:
    raw = request(body=padded(size))
    head = raw.index(b"\r\n\r\n") + 4
    async with wired() as sim, line(sim) as client:
        client.send(raw[:head])
        await arrived(sim)
        for at in range(head, len(raw), 30_000):
            client.send(raw[at : at + 30_000])
            await arrived(sim)
        assert (await client.get()).status == (200 if size < 262_144 else 413)
        assert (await client.ask(request())).status == 200


async def test_a_body_may_come_in_chunks_and_the_chunks_in_pieces() -> None:
    raw = chunked(CALLOUT)
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(raw)).status == 200
        async with line(sim) as other:
            for at in range(0, len(raw), 25):
                other.send(raw[at : at + 25])
                await arrived(sim)
            assert (await other.get()).status == 200
        assert (await client.ask(request())).status == 200


async def test_a_compressed_body_is_read() -> None:
    packed = gzip.compress(CALLOUT)
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request("POST", CALLOUTS, packed, "Content-Encoding: gzip"))).status == 200
        assert (await client.ask(chunked(packed, "Content-Encoding: gzip"))).status == 200
        broken = await client.ask(request("POST", CALLOUTS, CALLOUT, "Content-Encoding: gzip"))
        assert broken.status == 400


async def test_whoever_expects_100_continue_gets_it_also_in_the_middle_of_a_connection() -> None:
    raw = request("POST", CALLOUTS, CALLOUT, "Expect: 100-continue")
    head = raw.index(b"\r\n\r\n") + 4
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request())).status == 200
        assert (await client.ask(raw[:head])).status_line == "HTTP/1.1 100 Continue"
        assert (await client.ask(raw[head:])).status == 200


# ---- the same answers, whoever gives them -------------------------------------------------------------------------


TABLE = {
    "a callout": request(),
    "a callout in absolute form": request("POST", f"http://localhost{CALLOUTS}"),
    "a query": request("POST", f"{CALLOUTS}?a=b%20c#d"),
    "another spelling": request("POST", "/Calling/V1/CallOuts/"),
    "an option of configuration that answers 204": request(
        "POST", "/v1/configuration/callbacks/applications/KEY/", b'{"url": {"primary": "http://127.0.0.1:1/"}}'
    ),
    "a body that is no JSON": request(body=b"{"),
    "a body that is no object": request(body=b"[]"),
    "no body": request(body=b""),
    "a body that misses something": request(body=b'{"method": "ttsCallout"}'),
    "no credentials": request(signed=False),
    "wrong credentials": request("POST", CALLOUTS, CALLOUT, "Authorization: Basic eDp5", signed=False),
    "credentials that are none": request("POST", CALLOUTS, CALLOUT, "Authorization: Bearer x", signed=False),
    "a call": request("GET", "/v1/calls/id/CALL", None),
    "a PATCH of a call": request("PATCH", "/v1/calls/id/CALL", json.dumps(HANG_UP).encode()),
    "an unknown call": request("GET", "/v1/calls/id/none", None),
    "an unknown path": STRANGE,
    "a path in another alphabet": "GET /ström%c3%b6m/\u20ac HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "a path that is no text": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a long path": request("GET", "/" + "x" * 5000, None),
    "the wrong verb": request("PUT"),
    "another wrong verb": request("DELETE", "/v1/calls/id/none", None),
    "a PATCH of an unknown call": request("PATCH", "/v1/calls/id/none", json.dumps(HANG_UP).encode()),
    "a header that is no text": request().replace(b"\r\n\r\n", b"\r\nX-CB-Name: \xff\xe9\r\n\r\n"),
}


@pytest.mark.parametrize("raw", TABLE.values(), ids=TABLE)
async def test_an_answer_is_the_same_at_once_and_on_a_connection_that_was_handed_over(raw: bytes) -> None:
    async with wired() as sim, line(sim) as fresh, line(sim) as handed_over:
        raw = raw.replace(b"/KEY/", f"/{sim.server.config.applications[0].key}/".encode())
        assert (await handed_over.ask(HEALTH)).status == 200
        calls = [(await sim.call_out()).encode() for _ in range(2)]
        first = await fresh.ask(raw.replace(b"/CALL", b"/" + calls[0]))
        second = await handed_over.ask(raw.replace(b"/CALL", b"/" + calls[1]))
        assert compared(first) == compared(second)
        assert ("Date" in dict(first.headers), len(first.body)) == ("Date" in dict(second.headers), len(second.body))


def test_the_table_has_every_status() -> None:
    async def story() -> set[int]:
        statuses: set[int] = set()
        async with wired() as sim:
            for raw in TABLE.values():
                async with line(sim) as client:
                    key = f"/{sim.server.config.applications[0].key}/".encode()
                    statuses.add((await client.ask(raw.replace(b"/KEY/", key))).status)
        return statuses

    assert asyncio.run(story()) == {200, 204, 400, 401, 403, 404, 405}


# ---- what is unusual ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [request(version="1.0"), request("POST", CALLOUTS, CALLOUT, "Connection: close")],
)
async def test_a_connection_that_the_client_wants_closed_is_closed_after_the_answer(raw: bytes) -> None:
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(raw)).status == 200
        assert await client.rest() == b""


async def test_http_1_0_may_keep_its_connection() -> None:
    async with wired() as sim, line(sim) as client:
        for _ in range(2):
            got = await client.ask(request("POST", CALLOUTS, CALLOUT, "Connection: keep-alive", version="1.0"))
            assert (got.status, dict(got.headers)["Connection"]) == (200, "keep-alive")


@pytest.mark.parametrize(("method", "status"), [("HEAD", 405), ("OPTIONS", 405), ("TRACE", 405), ("PROPFIND", 405)])
async def test_other_verbs_are_refused_and_the_connection_goes_on(method: str, status: int) -> None:
    async with wired() as sim, line(sim) as client:
        client.send(request(method, CALLOUTS, None))
        head = await client.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        if method != "HEAD":
            await client.reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))
        assert (await client.ask(request())).status == 200


MALFORMED = {
    "a verb that nobody knows": b"FETCH / HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n",
    "a header name with a space": b"GET / HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n",
    "a header with a NUL": b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "a length that is no number": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\nx",
    "a negative length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx",
    "a length and chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "bad chunks": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a header of 9000 bytes": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 9000 + b"\r\n\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: a\n\n",
}
if IS_OF_3_14:
    MALFORMED |= {
        "no host": b"GET / HTTP/1.1\r\n\r\n",
        "a port that is no number": b"GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "too many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    }


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("before", [b"", request()], ids=["first", "second"])
async def test_what_is_no_http_is_400_and_ends_the_connection_without_a_word_on_the_terminal(
    raw: bytes, before: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with wired() as sim, line(sim) as client:
        if before:
            assert (await client.ask(before)).status == 200
        assert (await client.ask(raw)).status == 400
        assert await client.rest() == b""
        assert caplog.records == []


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"] if IS_OF_3_14 else ["h2c"])
async def test_an_upgrade_that_nobody_offers_is_answered_as_any_request(upgrade: str) -> None:
    more = ("Connection: Upgrade", f"Upgrade: {upgrade}", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request("GET", "/strange", None, *more))).status == 404
        assert (await client.ask(request("POST", CALLOUTS, CALLOUT, *more))).status == 200
        assert (await client.ask(request())).status == 200


# ---- clients that go, or do not read ------------------------------------------------------------------------------


async def test_who_sends_no_more_still_gets_what_is_asked_for() -> None:
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request())).status == 200
        client.send(request())
        client.writer.write_eof()
        assert (await client.get()).status == 200
        assert await client.rest() == b""


async def test_a_client_that_goes_in_the_middle_of_a_request_leaves_nothing_behind() -> None:
    async with wired() as sim:
        for raw in (b"", request()[:10], request()[:-1], request(body=padded(100_000))[:-1]):
            async with line(sim) as client:
                client.send(raw)
                await arrived(sim)
        assert (await sim.control("GET", "/calls"))["calls"] == []


async def test_a_client_that_goes_while_its_answer_is_delayed_cancels_its_call() -> None:
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request())).status == 200
        await _order(sim, {"delay": 0.05})
        client.send(request())
        await arrived(sim)
        client.writer.transport.abort()
        await asyncio.sleep(0.06)
        call = (await sim.control("GET", "/calls"))["calls"][-1]
        assert call["reason"] == "CANCEL"
        assert (await sim.codes())[-1] == "CALLOUT_ABORTED"


async def test_a_fault_in_the_middle_of_a_kept_connection_is_met() -> None:
    async with wired() as sim, line(sim) as client:
        assert (await client.ask(request())).status == 200
        await _order(sim, {"status": 503}, times=1)
        client.send(request() + STRANGE)
        assert await client.statuses(2) == [503, 404]
        await _order(sim, {"delay": 0.05}, times=1)
        began_s = asyncio.get_running_loop().time()
        assert (await client.ask(request())).status == 200
        assert asyncio.get_running_loop().time() - began_s >= 0.045
        await _order(sim, {"disconnect": True})
        client.send(request())
        assert await client.rest() == b""


async def _order(sim: Wired, do: Json, **more: object) -> None:
    await sim.control("POST", "/faults", {"on": "rest", "do": do, **more})


STORIES: list[Callable[[], Awaitable[None]]] = [
    test_a_request_may_come_byte_by_byte,
    test_a_request_may_be_cut_anywhere,
    test_requests_in_one_segment_are_answered_in_order,
    test_each_segment_may_end_in_the_middle_of_the_next_request,
    test_a_body_may_come_in_chunks_and_the_chunks_in_pieces,
    test_whoever_expects_100_continue_gets_it_also_in_the_middle_of_a_connection,
    test_who_sends_no_more_still_gets_what_is_asked_for,
    test_a_client_that_goes_in_the_middle_of_a_request_leaves_nothing_behind,
    test_a_fault_in_the_middle_of_a_kept_connection_is_met,
]


@pytest.mark.parametrize("story", STORIES)
def test_requests_are_served_with_uvloop_too(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await story()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told())
