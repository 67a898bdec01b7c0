"""Worlds do not see each other, and what is under way when one is reset, emptied or stopped leaves no trace."""

import asyncio
import gc
import weakref

import pytest
from aiohttp import web

from sinch_simulator.config import ServerConfig
from sinch_simulator.server.app import SimulatorServer
from support.virtual_time import in_virtual_time
from support.wired_world import ANNA, CONNECT, HANG_UP, MENU, Json, Wired, hangs, tts_callout, webhook, wired


async def test_applications_of_their_own_worlds_do_not_see_each_other() -> None:
    async with wired() as sim, webhook() as hook:
        other = await sim.application(callbackUrl=hook.url)
        query = f"?application={other['key']}"
        sim.webhook.on("ice", CONNECT)
        await sim.control("PUT", f"/phones/+14045550199{query}", {"busy": {}})
        await sim.dial()
        await sim.dial(application=other["key"])
        await sim.control("POST", f"/clock/advance{query}", {"seconds": 60})
        assert (await sim.control("GET", "/clock"))["now"] == "2025-01-15T10:30:00.000Z"
        assert (await sim.control("GET", f"/clock{query}"))["now"] == "2025-01-15T10:31:00.000Z"
        assert "answer" in await sim.control("GET", "/phones/+14045550199")
        mine, theirs = await sim.callbacks(), await sim.callbacks(query)
        assert {record["applicationKey"] for record in theirs} == {other["key"]}
        assert not {record["callId"] for record in mine} & {record["callId"] for record in theirs}
        assert len(sim.webhook.posted) == len(mine) == 1


async def test_a_dropped_world_is_gone_without_a_look_for_garbage() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        other = await sim.application(callbackUrl=sim.webhook.url)
        await sim.dial(application=other["key"])
        await sim.control("POST", f"/clock/advance?application={other['key']}", {"seconds": 60})
        application = sim.server.worlds.application(other["key"])
        assert application is not None
        world = weakref.ref(sim.server.worlds.home_of(application))
        gc.disable()
        try:
            await sim.control("DELETE", f"/applications/{other['key']}")
            await sim.control("GET", "/health")
            assert world() is None
        finally:
            gc.enable()


async def test_the_same_key_and_seed_give_the_same_ids_again() -> None:
    ids = []
    for _ in range(2):
        async with wired() as sim:
            await sim.application(key="mine", secret="c2VjcmV0", seed=5, clock="manual")
            call = await sim.dial(application="mine")
            await sim.control("DELETE", "/applications/mine")
            await sim.application(key="mine", secret="c2VjcmV0", seed=5, clock="manual")
            ids += [call["callId"], (await sim.dial(application="mine"))["callId"]]
    assert len(set(ids)) == 1


async def test_applications_of_one_world_share_its_clock_and_keep_their_calls() -> None:
    async with wired() as sim:
        first = await sim.application(world="shared", clock="manual")
        second = await sim.application(world="shared")
        await sim.dial(application=first["key"])
        await sim.control("POST", f"/clock/advance?application={first['key']}", {"seconds": 5})
        clock = await sim.control("GET", f"/clock?application={second['key']}")
        assert clock["now"] == "2025-01-15T10:30:05.000Z"
        assert (await sim.control("GET", f"/calls?application={second['key']}"))["calls"] == []
        await sim.dial(application=second["key"])
        await sim.control("DELETE", f"/applications/{first['key']}")
        assert len((await sim.control("GET", f"/calls?application={second['key']}"))["calls"]) == 1


async def test_a_reset_begins_anew_and_gives_the_same_ids() -> None:
    async with wired() as sim:
        await sim.control("PUT", "/phones/+14045550199", {"busy": {}})
        first = await sim.call_out()
        await sim.advance(10)
        await sim.control("POST", "/reset")
        assert (await sim.control("GET", "/calls"))["calls"] == []
        assert await sim.callbacks() == []
        assert (await sim.control("GET", "/journal"))["entries"] == []
        assert (await sim.control("GET", "/clock"))["now"] == "2025-01-15T10:30:00.000Z"
        assert "answer" in await sim.control("GET", "/phones/+14045550199")
        assert await sim.call_out() == first


async def test_a_reset_of_one_application_leaves_the_other_alone() -> None:
    async with wired() as sim:
        other = await sim.application(world="default")
        await sim.call_out()
        kept = await sim.dial(application=other["key"])
        await sim.advance(1)
        await sim.control("POST", f"/reset?application={sim.server.config.applications[0].key}")
        calls = (await sim.control("GET", "/calls"))["calls"]
        assert [call["callId"] for call in calls] == [kept["callId"]]
        assert (await sim.control("GET", "/clock"))["now"] == "2025-01-15T10:30:01.000Z"


@pytest.mark.parametrize("clock", ["manual", "auto", "realtime"])
async def test_a_reset_while_a_callback_is_out_discards_its_reply(clock: str) -> None:
    async with wired(clock) as sim:
        sim.webhook.responders["ice"] = hangs
        waiting = asyncio.ensure_future(sim.request("POST", "/_simulator/calls", {"from": ANNA}))
        await _until_posted(sim)
        await sim.control("POST", "/reset")
        await waiting
        assert (await sim.control("GET", "/calls"))["calls"] == []
        sim.webhook.on("ice", HANG_UP)
        call_id = (await sim.dial())["callId"]
        await sim.callbacks("?event=dice&wait=5")
        assert (await sim.call(call_id))["status"] == "FINAL"
        assert [record["event"] for record in await sim.callbacks()] == ["ice", "dice"]


async def test_a_reset_ends_an_advance_that_waits_for_a_callback() -> None:
    async with wired() as sim:
        sim.webhook.responders["ace"] = hangs
        await sim.call_out()
        advancing = asyncio.ensure_future(sim.advance(3600))
        await _until_posted(sim)
        await sim.control("POST", "/reset")
        assert await advancing == "2025-01-15T10:30:00.000Z"


async def test_an_application_can_be_deleted_while_its_callback_is_out() -> None:
    async with wired() as sim, webhook() as hook:
        hook.responders["ice"] = hangs
        made = await sim.application(callbackUrl=hook.url)
        fields = {"from": ANNA, "application": made["key"]}
        waiting = asyncio.ensure_future(sim.request("POST", "/_simulator/calls", fields))
        async with asyncio.timeout(5):
            while not hook.posted:
                await sim.control("GET", "/health")
        await sim.control("DELETE", f"/applications/{made['key']}")
        assert (await waiting).status == 201
        assert (await sim.request("GET", f"/_simulator/applications/{made['key']}")).status == 404


async def test_the_default_world_comes_back_with_its_first_application() -> None:
    async with wired() as sim:
        await sim.control("DELETE", f"/applications/{sim.server.config.applications[0].key}")
        assert (await sim.control("GET", "/calls"))["calls"] == []
        refused = await sim.request("POST", "/_simulator/calls", {"from": ANNA})
        assert refused.status == 400
        await sim.application(world="default", callbackUrl=sim.webhook.url)
        sim.webhook.on("ice", CONNECT)
        await sim.dial()
        assert sim.webhook.events == ["ice"]


@in_virtual_time
async def test_a_stop_is_quick_when_nothing_is_under_way() -> None:
    server = SimulatorServer(ServerConfig(port=0))
    await server.start()
    started = asyncio.get_running_loop().time()
    await server.stop()
    assert asyncio.get_running_loop().time() - started < 0.2


@in_virtual_time
async def test_a_stop_does_not_wait_long_for_a_webhook_that_hangs() -> None:
    async with wired("realtime") as sim:
        sim.webhook.responders["ice"] = hangs
        await sim.dial()
        await _until_posted(sim)
        started = asyncio.get_running_loop().time()
        await sim.server.stop()
        assert asyncio.get_running_loop().time() - started < 0.6


@in_virtual_time
async def test_a_stop_lets_a_callback_under_way_arrive() -> None:
    async with wired("realtime") as sim:
        answered = asyncio.Event()

        async def takes_its_time(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            await asyncio.sleep(0.05)
            answered.set()
            return web.json_response(HANG_UP)

        sim.webhook.responders["ice"] = takes_its_time
        await sim.dial()
        await _until_posted(sim)
        await sim.server.stop()
        assert answered.is_set()


@in_virtual_time
async def test_a_stop_lets_what_waits_for_a_callback_arrive_after_it() -> None:
    async with wired("realtime") as sim:

        async def takes_its_time(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            await asyncio.sleep(0.03)
            return web.json_response({})

        sim.webhook.on("ice", MENU)
        sim.webhook.responders["pie"] = takes_its_time
        call_id = (await sim.dial())["callId"]
        await sim.callbacks("?event=ice&wait=5")
        await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
        await sim.server.stop()
        assert sim.webhook.events == ["ice", "pie", "dice"]


async def test_a_port_in_use_is_an_os_error() -> None:
    async with wired() as sim:
        port = int(sim.server.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            await SimulatorServer(ServerConfig(port=port)).start()


async def test_a_long_call_with_sixty_callbacks_is_passed_in_one_advance() -> None:
    async with wired() as sim:
        say = [{"name": "say", "text": "Still there"}]
        menu = {"id": "main", "mainPrompt": "#tts[Press 1]", "repeats": 0, "timeoutMills": 20_000}
        again = {"instructions": say, "action": {"name": "runMenu", "menus": [menu]}}
        sim.webhook.on("ice", {"instructions": [{"name": "answer"}], "action": again["action"]})
        sim.webhook.on("pie", again)
        await sim.dial()
        await sim.advance(60 * 25)
        assert len(sim.webhook.posted) >= 60
        assert {record["outcome"] for record in await sim.callbacks()} == {"answered"}


async def test_rest_calls_go_on_while_another_world_waits_for_its_webhook() -> None:
    async with wired() as sim, webhook() as hook:
        hook.responders["ice"] = hangs
        made = await sim.application(callbackUrl=hook.url)
        waiting = asyncio.ensure_future(sim.dial(application=made["key"]))
        async with asyncio.timeout(5):
            while not hook.posted:
                await sim.control("GET", "/health")
        sim.webhook.on("ice", CONNECT)
        assert (await sim.dial())["state"] == "DIALING"
        own = await sim.rest("POST", "/v1/callouts", tts_callout(), key=made["key"], secret=made["secret"])
        assert own.status == 200
        assert not waiting.done()
        await sim.control("DELETE", f"/applications/{made['key']}")
        await waiting


async def _until_posted(sim: Wired) -> None:
    async with asyncio.timeout(5):
        while not sim.webhook.posted:
            await sim.control("GET", "/health")
