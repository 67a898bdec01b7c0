"""What becomes of a callback when the webhook misbehaves, in each of the ways that webhooks have."""

import asyncio
import socket
from contextlib import suppress

import pytest
from aiohttp import web

from support.virtual_time import in_virtual_time
from support.wired_world import CONNECT, CONTINUE, HANG_UP, MENU, Json, Responder, Wired, hangs, webhook, wired

QUICK_S = 0.15


async def closes(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Hangs up in the middle."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def redirects(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Sends the callback elsewhere."""
    return web.Response(status=307, headers={"Location": "/elsewhere"})


async def fails(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Has a bad day."""
    return web.Response(status=500, text="<h1>Oops</h1>")


async def sends_html(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Answers as a web server without the app behind it does."""
    return web.Response(text="<html>Welcome to nginx</html>", content_type="text/html")


async def is_silent(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Answers without a word."""
    return web.Response()


async def sends_a_gigabyte(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Sends more than anybody wants to read."""
    response = web.StreamResponse()
    response.content_length = 2**30
    await response.prepare(request)
    with suppress(ConnectionError):
        for _ in range(2**14):
            await response.write(b" " * 2**16)
    return response


async def never_ends(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Drips."""
    response = web.StreamResponse()
    await response.prepare(request)
    with suppress(ConnectionError):
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)
    return response


async def breaks_its_compression(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Says gzip and sends something else."""
    return web.Response(body=b"no gzip at all", headers={"Content-Encoding": "gzip"})


FAILURES = [
    (hangs, "timeout", "CALLBACK_TIMEOUT"),
    (never_ends, "timeout", "CALLBACK_TIMEOUT"),
    (closes, "unreachable", "CALLBACK_UNREACHABLE"),
    (breaks_its_compression, "unreachable", "CALLBACK_UNREACHABLE"),
    (redirects, "bad-status", "CALLBACK_BAD_STATUS"),
    (fails, "bad-status", "CALLBACK_BAD_STATUS"),
]


@pytest.mark.parametrize(("responder", "outcome", "code"), FAILURES, ids=lambda value: getattr(value, "__name__", None))
@in_virtual_time
async def test_a_caller_is_turned_away_when_the_webhook_fails(responder: Responder, outcome: str, code: str) -> None:
    async with wired(timeout_s=QUICK_S) as sim:
        sim.webhook.responders["ice"] = responder
        call = await sim.dial()
        assert (call["status"], call["result"], call["reason"]) == ("FINAL", "FAILED", "CALLBACKERROR")
        [ice] = await sim.callbacks("?event=ice")
        assert ice["outcome"] == outcome
        assert [finding["code"] for finding in ice["diagnostics"]] == [code]
        assert code in await sim.codes(f"?callId={call['callId']}&severity=error")


@pytest.mark.parametrize(("responder", "outcome", "code"), FAILURES, ids=lambda value: getattr(value, "__name__", None))
@in_virtual_time
async def test_the_fallback_is_asked_at_once_when_the_primary_fails(
    responder: Responder, outcome: str, code: str
) -> None:
    async with webhook() as fallback, wired(timeout_s=QUICK_S, fallback_url=fallback.url) as sim:
        fallback.on("ice", CONNECT)
        sim.webhook.responders["ice"] = responder
        call = await sim.dial()
        assert call["state"] == "DIALING"
        first, second = await sim.callbacks("?event=ice")
        assert (first["attempt"], first["outcome"]) == (1, outcome)
        assert (second["attempt"], second["outcome"], second["url"]) == (2, "answered", fallback.url)
        assert first["id"] != second["id"]
        assert fallback.posted[0].raw == sim.webhook.posted[0].raw
        assert "FALLBACK_USED" in await sim.codes()


@pytest.mark.parametrize("responder", [sends_html, is_silent, sends_a_gigabyte])
async def test_an_answer_that_is_no_svaml_is_an_answer_and_not_for_the_fallback(responder: Responder) -> None:
    async with webhook() as fallback, wired(fallback_url=fallback.url) as sim:
        sim.webhook.responders["ice"] = responder
        call = await sim.dial()
        assert (call["result"], call["reason"]) == ("FAILED", "GENERALERROR")
        [ice] = await sim.callbacks("?event=ice")
        assert ice["outcome"] == "bad-svaml"
        assert sim.webhook.events == ["ice", "notify", "dice"]
        assert fallback.events == []


async def test_a_webhook_that_does_not_listen_is_unreachable() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        async with wired(callback_url=f"http://127.0.0.1:{reserved.getsockname()[1]}/") as sim:
            call = await sim.dial()
            assert call["reason"] == "CALLBACKERROR"
            [ice, dice] = await sim.callbacks()
            assert (ice["outcome"], ice["response"]) == ("unreachable", None)
            assert dice["outcome"] == "unreachable"


@pytest.mark.parametrize("url", ["http://no.such.host.invalid/", "https://127.0.0.1:1/", f"http://{'a' * 300}.de/"])
async def test_a_callback_url_that_leads_nowhere_is_unreachable(url: str) -> None:
    async with wired(callback_url=url) as sim:
        await sim.dial()
        [ice, _] = await sim.callbacks()
        assert ice["outcome"] == "unreachable"


@in_virtual_time
async def test_an_ace_without_answer_connects_the_call() -> None:
    async with wired(timeout_s=QUICK_S) as sim:
        sim.webhook.on("ice", CONNECT)
        sim.webhook.responders["ace"] = hangs
        call = await sim.dial()
        await sim.advance(3)
        assert (await sim.call(call["callId"]))["state"] == "CONNECTED"


async def test_a_notification_that_cannot_be_delivered_is_lost_and_said_to_be() -> None:
    async with wired() as sim:
        sim.webhook.responders |= {"ice": sends_html, "notify": fails}
        await sim.dial()
        assert "NOTIFY_LOST" in await sim.codes()


async def test_svaml_in_the_reply_to_dice_is_no_mistake() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", HANG_UP)
        sim.webhook.on("dice", CONTINUE)
        await sim.dial()
        [dice] = await sim.callbacks("?event=dice")
        assert dice["outcome"] == "answered"
        assert "SVAML_IGNORED" in await sim.codes()


async def test_time_does_not_pass_while_a_callback_is_under_way() -> None:
    async with wired("auto", timeout_s=5) as sim:
        sim.webhook.responders["ace"] = hangs
        call_id = await sim.call_out()
        await _until_posted(sim, 1)
        clock = await sim.control("GET", "/clock")
        assert clock["now"] == "2025-01-15T10:30:02.000Z"
        [reason] = clock["waitingFor"]
        assert reason.startswith(f"the reply to ACE of call {call_id}, ")


async def _until_posted(sim: Wired, count: int) -> None:
    async with asyncio.timeout(5):
        while len(sim.webhook.posted) < count:
            await sim.control("GET", "/health")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ({"instructions": [{"name": "say", "text": "Stored"}], "action": {"name": "continue"}}, ["SVAML_IGNORED"]),
        ({"action": {"name": "park"}}, ["SVAML_IGNORED"]),
        (HANG_UP, []),
        ({"received": True}, []),
        ({}, []),
    ],
)
async def test_svaml_in_the_reply_to_notify_is_told_to_do_nothing(reply: Json, told: list[str]) -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "nonsense"}})
        sim.webhook.on("notify", reply)
        await sim.dial()
        [notify] = await sim.callbacks("?event=notify")
        assert [each["code"] for each in notify["diagnostics"]] == told


async def pour(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    reply = web.StreamResponse()
    await reply.prepare(request)
    with suppress(ConnectionError):
        while True:
            await reply.write(b" " * 65_536)
    return reply


async def pour_so_far(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    reply = web.StreamResponse()
    await reply.prepare(request)
    for _ in range(2):
        await reply.write(b" " * 65_536)
    return reply


@pytest.mark.parametrize(
    ("event", "result"), [("ice", ("FAILED", "CALLBACKERROR")), ("pie", ("ANSWERED", "CALLBACKERROR"))]
)
async def test_a_reply_that_pours_without_end_is_one_that_never_comes(event: str, result: tuple[str, str]) -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        sim.webhook.responders[event] = pour
        await sim.dial(caller={"then": [{"wait": 1}, {"press": "1"}, {"wait": 60}]})
        await sim.advance(30)
        [call] = (await sim.control("GET", "/calls"))["calls"]
        assert (call["result"], call["reason"]) == result
        [record] = await sim.callbacks(f"?event={event}")
        assert record["outcome"] == "timeout"
        [finding] = record["diagnostics"]
        assert (finding["code"], "still went on" in finding["message"]) == ("CALLBACK_TIMEOUT", True)


async def test_a_reply_that_is_long_and_has_an_end_is_illegal_svaml() -> None:
    async with wired() as sim:
        sim.webhook.responders["ice"] = pour_so_far
        await sim.dial()
        [call] = (await sim.control("GET", "/calls"))["calls"]
        assert (call["result"], call["reason"]) == ("FAILED", "GENERALERROR")
        assert "TOO_LONG" in await sim.codes()
