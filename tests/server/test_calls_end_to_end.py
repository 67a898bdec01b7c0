"""Whole calls over real sockets, under each of the three clocks."""

import asyncio

from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER, DEFAULT_SECRET
from sinch_simulator.core.application import CallbackStyle
from sinch_simulator.core.signing import verify
from support.virtual_time import in_virtual_time
from support.wired_world import ANNA, BEN, CONNECT, CONTINUE, HANG_UP, MENU, Json, Wired, wired


async def test_a_caller_is_connected_and_hangs_up_under_the_manual_clock() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        sim.webhook.on("ace", CONTINUE)
        call = await sim.dial()
        assert (call["state"], call["status"], call["origin"]) == ("DIALING", "ONGOING", "pstn")
        assert call["from"] == ANNA
        assert call["to"] == BEN
        await sim.advance(30)
        assert (await sim.call(call["callId"]))["state"] == "CONNECTED"
        ended = await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
        assert (ended["status"], ended["result"], ended["reason"]) == ("FINAL", "ANSWERED", "CALLERHANGUP")
        assert ended["duration"] == 28
        assert sim.webhook.events == ["ice", "ace", "dice"]


async def test_time_stands_still_under_the_manual_clock() -> None:
    async with wired() as sim:
        await sim.call_out()
        await asyncio.sleep(0.02)
        assert (await sim.control("GET", "/clock"))["now"] == "2025-01-15T10:30:00.000Z"
        assert sim.webhook.events == []


async def test_a_callout_runs_to_its_end_by_itself_under_the_auto_clock() -> None:
    async with wired("auto") as sim:
        call_id = await sim.call_out()
        [dice] = await sim.callbacks(f"?callId={call_id}&event=dice&wait=5")
        assert dice["request"]["body"]["reason"] == "MANAGERHANGUP"
        assert dice["outcome"] == "answered"
        call = await sim.call(call_id)
        assert call["heard"] == ["Hello"]
        assert call["endedAt"] == "2025-01-15T10:30:02.625Z"
        assert sim.webhook.events == ["ace", "dice"]


@in_virtual_time
async def test_time_runs_on_under_the_realtime_clock() -> None:
    async with wired("realtime", speed=200) as sim:
        sim.webhook.on("ice", CONNECT)
        call = await sim.dial(caller={"then": [{"wait": 6}, {"hang_up": True}]})
        [dice] = await sim.callbacks(f"?callId={call['callId']}&event=dice&wait=5")
        assert dice["request"]["body"]["result"] == "ANSWERED"
        assert sim.webhook.events == ["ice", "ace", "dice"]
        assert (await sim.control("GET", "/clock"))["waitingFor"] == []


async def test_a_menu_takes_a_key_and_asks_with_pie() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        sim.webhook.on("pie", HANG_UP)
        call = await sim.dial()
        assert call["menuId"] == "main"
        ended = await sim.control("POST", f"/calls/{call['callId']}/press", {"digits": "1"})
        assert ended["status"] == "FINAL"
        [pie] = await sim.callbacks("?event=pie")
        assert pie["request"]["body"]["menuResult"]["value"] == "sales"


async def test_every_callback_is_signed_over_the_bytes_that_came() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {**CONNECT, "instructions": [{"name": "setCookie", "key": "k", "value": "smörgås ✓"}]})
        call = await sim.dial(custom="smörgås ✓")
        await sim.advance(3)
        await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
        assert len(sim.webhook.posted) == 3
        for posted in sim.webhook.posted:
            assert verify(
                DEFAULT_SECRET,
                application_key=DEFAULT_KEY,
                headers=posted.headers,
                path=posted.path,
                body=posted.raw,
            )
            assert posted.body["custom"] == "smörgås ✓"


async def test_callbacks_carry_the_headers_of_the_callout() -> None:
    async with wired() as sim:
        headers = {"X-CB-Trace": "abc"}
        await sim.rest("POST", "/calling/v1/callouts", _custom_callout(), headers=headers)
        await sim.advance(5)
        assert sim.webhook.posted[0].headers["x-cb-trace"] == "abc"
        assert sim.webhook.posted[0].headers["user-agent"].startswith("sinch-simulator/")


async def test_each_event_has_a_url_of_its_own_in_the_style_of_functions() -> None:
    async with wired(style=CallbackStyle.FUNCTIONS) as sim:
        sim.webhook.on("ice", HANG_UP)
        await sim.dial()
        assert [posted.path for posted in sim.webhook.posted] == ["/hook/ice", "/hook/dice"]


@in_virtual_time
async def test_the_answer_to_a_callout_comes_before_its_callback() -> None:
    # Without destination the callout asks at once: a callback that overtakes the answer would be seen here.
    for clock in ("manual", "auto", "realtime"):
        async with wired(clock) as sim:
            order: list[str] = []
            await _note_ice(sim, order)
            for _ in range(30):
                body: Json = {"method": "customCallout", "customCallout": {"cli": DEFAULT_NUMBER}}
                reply = await sim.rest("POST", "/calling/v1/callouts", body)
                order.append(reply.json["callId"])
            await sim.callbacks("?event=ice&count=30&wait=5")
        for call_id in order[:]:
            if not call_id.startswith("asked "):
                assert order.index(call_id) < order.index(f"asked {call_id}")


async def _note_ice(sim: Wired, order: list[str]) -> None:
    async def note(request: web.BaseRequest, body: Json) -> web.StreamResponse:
        # Long enough for the client to have noted an answer that was sent before, whatever the loop does in between.
        await asyncio.sleep(0.001)
        order.append(f"asked {body['callid']}")
        return web.json_response(HANG_UP)

    sim.webhook.responders["ice"] = note


async def test_the_app_may_use_the_rest_api_while_it_is_being_asked() -> None:
    async with wired() as sim:
        seen: list[tuple[int, str]] = []

        async def look(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            reply = await sim.rest("GET", f"/calling/v1/calls/id/{body['callid']}")
            seen.append((reply.status, reply.json["status"]))
            seen.append(((await sim.rest("POST", "/calling/v1/callouts", _custom_callout())).status, ""))
            return web.json_response(HANG_UP)

        sim.webhook.responders["ice"] = look
        call = await sim.dial()
        assert seen == [(200, "ONGOING"), (200, "")]
        assert call["status"] == "FINAL"
        assert len((await sim.control("GET", "/calls"))["calls"]) == 2


async def test_callbacks_of_one_instant_go_out_together_and_count_in_the_order_of_sending() -> None:
    async with wired() as sim:
        both_there = asyncio.Event()
        waiting: list[str] = []

        async def together(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            waiting.append(body["callid"])
            if len(waiting) == 2:
                both_there.set()
            await both_there.wait()
            if body["callid"] == waiting[0]:
                # The first to be sent is the last to answer.
                await asyncio.sleep(0.03)
            return web.json_response(CONTINUE)

        sim.webhook.responders["ace"] = together
        first, second = await sim.call_out(), await sim.call_out()
        await sim.advance(2)
        journal = (await sim.control("GET", "/journal"))["entries"]
        answered = [entry["callId"] for entry in journal if entry["kind"] == "callback.answered"]
        assert answered == [first, second]


async def test_the_same_seed_gives_the_same_journal_whatever_the_webhook_takes() -> None:
    journals = []
    for pause in (0.0, 0.01):
        async with wired() as sim:

            async def answer(request: web.BaseRequest, body: Json, pause: float = pause) -> web.StreamResponse:
                await asyncio.sleep(pause * int(body["callid"][0], 16) / 16)
                return web.json_response(CONTINUE)

            sim.webhook.responders["ace"] = answer
            for _ in range(5):
                await sim.call_out()
            await sim.advance(60)
            entries = (await sim.control("GET", "/journal"))["entries"]
            journals.append([(entry["at"], entry["kind"], entry["callId"]) for entry in entries])
    assert journals[0] == journals[1]
    assert len(journals[0]) > 20


def _custom_callout() -> Json:
    return {
        "method": "customCallout",
        "customCallout": {"cli": DEFAULT_NUMBER, "destination": {"type": "number", "endpoint": BEN}},
    }


async def test_a_reply_that_nothing_dialled_completes_is_illegal_svaml_of_its_callback() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "connectPstn"}})
        await sim.dial()
        [ice] = await sim.callbacks("?event=ice")
        assert ice["outcome"] == "bad-svaml"
        [finding] = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        assert (finding["code"], finding["path"], finding["event"]) == ("MISSING_PROPERTY", "action.number", "ice")
        assert sim.webhook.events == ["ice", "notify", "dice"]


async def test_a_parked_call_survives_an_update_that_nothing_dialled_completes() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "park", "holdPrompt": "#tts[Please hold]"}})
        call_id = (await sim.dial())["callId"]
        refused = await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}", {"action": {"name": "connectMxp"}})
        assert (refused.status, refused.error_code) == (400, 40003)
        assert "action.destination" in refused.json["message"]
        assert (await sim.call(call_id))["state"] == "PARKED"
