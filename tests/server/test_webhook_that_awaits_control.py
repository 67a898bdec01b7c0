"""A webhook that awaits a control request before it replies: each would wait for the other."""

import asyncio

import pytest
from aiohttp import web

from support.wired_world import HANG_UP, Json, Reply, Wired, wired

TIMEOUT_S = 1.0


async def dial_while_the_webhook_asks(sim: Wired, path: str, body: Json) -> tuple[Json, Reply]:
    """The call, and what the webhook got when it asked for this as it was asked what to do."""
    got: list[Reply] = []

    async def asks(request: web.BaseRequest, event: Json) -> web.StreamResponse:
        got.append(await sim.request("POST", f"/_simulator{path.format(event['callid'])}", body))
        return web.json_response(HANG_UP)

    sim.webhook.responders["ice"] = asks
    call = await sim.dial()
    return call, got[0]


@pytest.mark.parametrize("clock", ["manual", "auto"])
@pytest.mark.parametrize(
    ("path", "body"), [("/calls/{}/press", {"digits": "1"}), ("/clock/advance", {"seconds": 5})]
)
async def test_it_is_refused_in_time_to_reply_and_told_why(clock: str, path: str, body: Json) -> None:
    async with wired(clock, timeout_s=TIMEOUT_S) as sim:
        call, reply = await dial_while_the_webhook_asks(sim, path, body)
        assert (reply.status, reply.error["code"]) == (409, "callback_under_way")
        assert "the reply to ICE of call" in reply.error["message"]
        assert "replies first" in reply.error["hint"]
        assert (await sim.callbacks("?event=ice"))[0]["outcome"] == "answered"
        assert (await sim.call(call["callId"]))["reason"] == "MANAGERHANGUP"
        now = (await sim.control("GET", "/clock"))["now"]
        assert now < "2025-01-15T10:30:05"


async def test_under_the_realtime_clock_it_is_served() -> None:
    async with wired("realtime", timeout_s=TIMEOUT_S) as sim:
        got: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        async def asks(request: web.BaseRequest, event: Json) -> web.StreamResponse:
            got.set_result(await sim.request("POST", f"/_simulator/calls/{event['callid']}/press", {"digits": "1"}))
            return web.json_response(HANG_UP)

        sim.webhook.responders["ice"] = asks
        await sim.dial()
        assert (await got).status == 200


async def test_requests_side_by_side_wait_for_each_other_s_callbacks_as_ever() -> None:
    async with wired(timeout_s=5.0) as sim:
        sim.webhook.on("ice", HANG_UP)
        calls = await asyncio.gather(*(sim.dial() for _ in range(5)))
        assert {call["status"] for call in calls} == {"FINAL"}
