"""Callbacks about one subject reach the app one after the other; those about different subjects go together."""

import asyncio

import pytest
from aiohttp import web

from support.virtual_time import in_virtual_time
from support.wired_world import Json, Wired, wired

MENU: Json = {
    "instructions": [{"name": "answer"}, {"name": "startRecording", "options": {"destinationUrl": "sdrive://a"}}],
    "action": {
        "name": "runMenu",
        "menus": [{"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(one)"}]}],
    },
}
OF_ONE_HANG_UP = ["pie", "dice", "recording_finished"]
"""What it says of itself, in the order in which it was caused."""


def slow(sim: Wired, seen: list[tuple[str, str]], events: tuple[str, ...] = ("pie", "notify", "dice")) -> None:
    """Has the app note when each of these events comes in and is answered; the first one takes the longest."""

    async def answer(request: web.BaseRequest, body: Json) -> web.StreamResponse:
        name = str(body.get("type", body["event"]))
        seen.append(("in", name))
        await asyncio.sleep(0.05 if name == "pie" else 0.01)
        seen.append(("out", name))
        return web.json_response({})

    for event in events:
        sim.webhook.responders[event] = answer


@pytest.mark.parametrize("clock", ["manual", "auto", "realtime"])
async def test_what_a_hang_up_causes_comes_one_after_the_other(clock: str) -> None:
    async with wired(clock) as sim:
        seen: list[tuple[str, str]] = []
        slow(sim, seen)
        sim.webhook.on("ice", MENU)
        call_id = (await sim.dial())["callId"]
        await sim.callbacks("?event=ice&wait=5")
        await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
        await sim.callbacks("?event=notify&wait=5")
        assert seen[:6] == [(way, name) for name in OF_ONE_HANG_UP for way in ("in", "out")]


async def test_an_event_that_fails_does_not_keep_the_next_one_back() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        call_id = (await sim.dial())["callId"]

        async def fail(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.Response(status=500)

        sim.webhook.responders["pie"] = fail
        await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
        assert sim.webhook.events[1:4] == ["pie", "dice", "notify"]


async def test_a_hang_up_while_the_app_thinks_is_told_at_once() -> None:
    async with wired() as sim:
        asked, told = asyncio.Event(), asyncio.Event()

        async def think(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            asked.set()
            await told.wait()
            return web.json_response(MENU)

        async def tell(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            told.set()
            return web.json_response({})

        sim.webhook.responders |= {"ice": think, "dice": tell}
        dialling = asyncio.create_task(sim.dial())
        await asked.wait()
        [call] = (await sim.control("GET", "/calls"))["calls"]
        await sim.control("POST", f"/calls/{call['callId']}/hangup", {"leg": "caller"})
        await dialling
        assert sim.webhook.events == ["ice", "dice"]


async def test_the_hang_ups_of_different_calls_are_told_together() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        calls = [(await sim.dial())["callId"] for _ in range(2)]
        all_in = asyncio.Event()
        inside: list[str] = []

        async def together(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            inside.append(body["callid"])
            if len(inside) == len(calls):
                all_in.set()
            await all_in.wait()
            return web.json_response({})

        sim.webhook.responders["pie"] = together
        ends = [sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"}) for call_id in calls]
        await asyncio.gather(*ends)
        assert sorted(inside) == sorted(calls)


@in_virtual_time
async def test_the_journal_is_the_same_whichever_call_the_app_answers_first() -> None:
    journals = []
    for slowest in range(2):
        async with wired() as sim:
            sim.webhook.on("ice", MENU)
            calls = [(await sim.dial(caller={"then": [{"wait": 3}, {"hang_up": True}]}))["callId"] for _ in range(2)]

            async def answer(
                request: web.BaseRequest, body: Json, slow_id: str = calls[slowest]
            ) -> web.StreamResponse:
                await asyncio.sleep(0.03 if body["callid"] == slow_id else 0)
                return web.json_response({})

            sim.webhook.responders |= dict.fromkeys(("pie", "dice", "notify"), answer)
            await sim.advance(100)
            entries = (await sim.control("GET", "/journal"))["entries"]
            journals.append([(entry["at"], entry["kind"], entry["callId"]) for entry in entries])
            sent = [record["id"] for record in await sim.callbacks()]
            journals[-1] += [(record_id, "sent", "") for record_id in sent]
    assert journals[0] == journals[1]
