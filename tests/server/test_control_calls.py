"""Calls, callbacks and phones in the control API."""

import asyncio
import json

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from support.virtual_time import in_virtual_time
from support.wired_world import ANNA, BEN, CONNECT, HANG_UP, MENU, Json, wired


async def test_a_call_is_shown_whole() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        call = await sim.dial(custom="x", callHeaders=[{"key": "a", "value": "b"}])
        assert set(call) == {
            *("protocol", "callId", "applicationKey"),
            *("status", "state", "origin", "domain", "from", "to", "cli", "custom"),
            "dialled",
            *("cookies", "conferenceId", "menuId", "result", "reason", "startedAt", "answeredAt", "endedAt"),
            *("duration", "legs", "heard", "timeline"),
        }
        assert call["startedAt"] == "2025-01-15T10:30:00.000Z"
        assert (call["answeredAt"], call["duration"]) == (None, 0)
        assert [(leg["leg"], leg["address"], leg["state"]) for leg in call["legs"]] == [
            ("caller", ANNA, "ringing"),
            ("callee", BEN, "ringing"),
        ]
        assert [entry["kind"] for entry in call["timeline"]][:2] == ["call.arrived", "callback.sent"]
        assert sim.webhook.posted[0].body["callHeaders"] == [{"key": "a", "value": "b"}]


async def test_a_timeline_can_be_left_out() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        call = await sim.dial()
        del call["timeline"]
        assert await sim.call(f"{call['callId']}?timeline=false") == call
        assert (await sim.control("GET", "/calls?timeline=false"))["calls"] == [call]
        assert (await sim.request("GET", "/_simulator/calls?timeline=no")).error["code"] == "invalid_value"


async def test_what_was_dialled_is_shown_beside_who_is_called_now() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        call = await sim.dial()
        assert (call["dialled"], call["to"]) == (DEFAULT_NUMBER, BEN)


async def test_calls_are_listed_in_brief_and_in_parts() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        ids = [(await sim.dial())["callId"] for _ in range(4)]
        newest = (await sim.control("GET", "/calls?brief=true&limit=2"))["calls"]
        assert [call["callId"] for call in newest] == ids[2:]
        older = (await sim.control("GET", f"/calls?brief=true&limit=3&before={ids[2]}"))["calls"]
        assert [call["callId"] for call in older] == ids[:2]
        assert (await sim.control("GET", "/calls?before=nobody"))["calls"] == []
        assert set(newest[0]) == {
            *("protocol", "callId", "applicationKey"),
            *("status", "state", "origin", "from", "to", "cli", "dialled", "method"),
            *("conferenceId", "menuId", "result", "reason", "startedAt", "endedAt", "legs", "errors", "warnings"),
            *("firstSeq", "lastSeq"),
        }
        assert (await sim.request("GET", "/_simulator/calls?limit=0")).status == 400


async def test_phones_are_listed_scripted_ones_first() -> None:
    async with wired() as sim:
        await sim.control("PUT", "/phones/%2B4479*", {"busy": {}})
        await sim.control("PUT", "/phones/%2B14045550110", {"no_answer": {}})
        phones = (await sim.control("GET", "/phones"))["phones"]
        assert [(each["address"], each["builtIn"], each["description"]) for each in phones[:3]] == [
            ("+14045550110", False, None),
            ("+4479*", False, None),
            ("+14045550111", True, "no answer"),
        ]
        assert phones[0]["persona"] == {"no_answer": {}}
        assert len([each for each in phones if each["address"] == "+14045550110"]) == 1


async def test_calls_are_listed_oldest_first_by_status_and_application() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", HANG_UP)
        ended = (await sim.dial())["callId"]
        ongoing = await sim.call_out()
        other = await sim.application(world="default")
        listed = (await sim.control("GET", "/calls"))["calls"]
        assert [call["callId"] for call in listed] == [ended, ongoing]
        final = (await sim.control("GET", "/calls?status=FINAL"))["calls"]
        assert [call["callId"] for call in final] == [ended]
        assert (await sim.control("GET", f"/calls?application={other['key']}"))["calls"] == []


async def test_an_in_app_user_dials_a_conference() -> None:
    async with wired() as sim:
        to = {"type": "conference", "endpoint": "room"}
        call = await sim.dial(**{"from": "alice"}, origin="mxp", to=to)
        body = sim.webhook.posted[0].body
        assert (body["to"], body["originationType"]) == (to, "MXP")
        assert call["origin"] == "mxp"


async def test_a_sip_trunk_dials_a_number() -> None:
    async with wired() as sim:
        await sim.dial(**{"from": "alice@example.com"}, origin="sip", to="+14045550177")
        assert sim.webhook.posted[0].body["originationType"] == "SIP"


async def test_a_call_to_a_number_of_nobody_is_answered_by_nobody() -> None:
    async with wired() as sim:
        call = await sim.dial(to="+14045550177")
        assert (call["status"], call["result"], call["reason"]) == ("FINAL", "FAILED", "GENERALERROR")
        assert sim.webhook.posted == []
        assert await sim.codes() == ["NUMBER_NOT_ASSIGNED"]


async def test_a_call_says_who_has_forwarded_it_and_an_app_user_its_number() -> None:
    async with wired() as sim:
        await sim.dial(rdnis="+46 70 000 00 11")
        user = {"from": "alice", "origin": "mxp", "to": {"type": "username", "endpoint": "bob"}}
        await sim.control("POST", "/calls", {**user, "cli": "46700000010"})
        forwarded, in_app = (posted.body for posted in sim.webhook.posted if posted.event == "ice")
        assert (forwarded["rdnis"], in_app["rdnis"]) == ("+46700000011", "")
        assert (in_app["cli"], in_app["user"]) == ("46700000010", "alice")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"cli": "+46700000010"}, "cli"),
        ({"cli": "alice", "origin": "mxp"}, "cli"),
        ({"rdnis": "+46700000010", "origin": "mxp", "to": "+46700000011"}, "rdnis"),
        ({"rdnis": "nobody"}, "rdnis"),
    ],
)
async def test_what_such_a_caller_cannot_say_is_refused(fields: Json, named: str) -> None:
    async with wired() as sim:
        reply = await sim.request("POST", "/_simulator/calls", {"from": ANNA, **fields})
        assert (reply.status, named in reply.error["message"]) == (400, True)
        assert (await sim.control("GET", "/calls"))["calls"] == []


async def test_pauses_among_keys_take_time() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        sim.webhook.on("pie", HANG_UP)
        call_id = (await sim.dial())["callId"]
        assert (await sim.control("POST", f"/calls/{call_id}/press", {"digits": "ww1"}))["state"] == "IN_MENU"
        await sim.advance(1)
        assert sim.webhook.events == ["ice", "pie", "dice"]


async def test_a_menu_is_spoken_to() -> None:
    async with wired() as sim:
        menu: Json = {**MENU["action"], "enableVoice": True, "locale": "en-US"}
        menu["menus"] = [{"id": "main", "options": [{"dtmf": "1", "action": "return(x)", "input": "support"}]}]
        sim.webhook.on("ice", {"instructions": MENU["instructions"], "action": menu})
        call_id = (await sim.dial())["callId"]
        await sim.control("POST", f"/calls/{call_id}/speak", {"text": "support"})
        assert sim.webhook.posted[1].body["menuResult"]["inputMethod"] == "voice"


async def test_a_key_after_the_end_is_ignored() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", HANG_UP)
        call_id = (await sim.dial())["callId"]
        after = await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
        assert after["status"] == "FINAL"


BAD_CALLS: list[tuple[Json, str]] = [
    ({}, "from"),
    ({"from": "abc"}, "from"),
    ({"from": 46700000001}, "from"),
    ({"from": ANNA, "to": "x"}, "to"),
    ({"from": ANNA, "to": {"type": "number", "endpoint": BEN}}, "to"),
    ({"from": "a", "origin": "mxp", "to": {"type": "fax", "endpoint": BEN}}, "type"),
    ({"from": "a", "origin": "mxp", "to": {"type": "number"}}, "endpoint"),
    ({"from": ANNA, "origin": "callout"}, "origin"),
    ({"from": ANNA, "application": "unknown"}, "application"),
    ({"from": ANNA, "caller": {"answr": {}}}, "caller"),
    ({"from": ANNA, "caller": []}, "caller"),
    ({"from": ANNA, "callHeaders": {"a": "b"}}, "callHeaders"),
    ({"from": ANNA, "callHeaders": [{"key": "a"}]}, "value"),
    ({"from": ANNA, "custom": "x" * 1025}, "custom"),
    ({"from": ANNA, "custom": "\ud800"}, "custom"),
    ({"from": ANNA, "digits": "1"}, "digits"),
]


@pytest.mark.parametrize(("fields", "named"), BAD_CALLS, ids=lambda value: json.dumps(value)[:40])
async def test_a_bad_call_is_refused_by_the_name_of_the_field(fields: Json, named: str) -> None:
    async with wired() as sim:
        reply = await sim.request("POST", "/_simulator/calls", fields)
        assert reply.status in (400, 404)
        assert named in reply.error["message"]
        assert (await sim.control("GET", "/calls"))["calls"] == []


async def test_bad_acts_are_refused() -> None:
    async with wired() as sim:
        call_id = (await sim.dial())["callId"]
        for act, body, named in (
            ("press", {"digits": "1x"}, "digits"),
            ("press", {"digits": 1}, "digits"),
            ("press", {}, "digits"),
            ("speak", {"text": ""}, "text"),
            ("hangup", {"leg": "callee"}, "leg"),
            ("hangup", {"leg": "both"}, "leg"),
            ("hangup", {"legs": "caller"}, "legs"),
        ):
            reply = await sim.request("POST", f"/_simulator/calls/{call_id}/{act}", body)
            assert reply.status in (400, 409), act
            assert named in reply.error["message"]
        assert (await sim.request("POST", "/_simulator/calls/nobody/hangup", {})).status == 404


# ---- callbacks


async def test_callbacks_are_shown_with_what_was_sent_and_what_came_back() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", HANG_UP)
        call_id = (await sim.dial())["callId"]
        ice, dice = await sim.callbacks(f"?application={DEFAULT_KEY}&callId={call_id}")
        assert ice["request"]["body"] == sim.webhook.posted[0].body
        assert ice["request"]["headers"]["authorization"] == sim.webhook.posted[0].headers["authorization"]
        assert (ice["response"]["status"], ice["response"]["body"]) == (200, HANG_UP)
        assert (ice["attempt"], ice["outcome"], ice["sentAt"]) == (1, "answered", "2025-01-15T10:30:00.000Z")
        assert (dice["event"], dice["response"]["body"]) == ("dice", "")
        assert await sim.callbacks("?event=ace") == []


@in_virtual_time
async def test_waiting_for_callbacks_ends_with_the_count_or_the_time() -> None:
    async with wired("realtime", speed=100) as sim:
        assert await sim.callbacks("?wait=0.02") == []
        waiting = asyncio.ensure_future(sim.callbacks("?count=2&wait=5"))
        await sim.call_out()
        assert [record["event"] for record in await waiting] == ["ace", "dice"]


async def test_a_redelivered_callback_has_the_same_body_and_a_signature_of_its_own() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        call = await sim.dial()
        [ice] = await sim.callbacks()
        again = await sim.control("POST", f"/callbacks/{ice['id']}/redeliver")
        first, second = sim.webhook.posted
        assert first.raw == second.raw
        assert first.headers["authorization"] != second.headers["authorization"]
        assert again["outcome"] == "answered"
        assert again["id"] != ice["id"]
        assert (await sim.call(call["callId"]))["state"] == call["state"]
        assert (await sim.request("POST", "/_simulator/callbacks/nothing/redeliver")).status == 404


# ---- phones


async def test_a_phone_is_scripted_asked_for_and_forgotten() -> None:
    async with wired() as sim:
        path = "/phones/%2B14045550199"
        assert (await sim.control("GET", path))["answer"] == {"after": 2.0, "as": "human"}
        await sim.control("PUT", path, {"busy": {}})
        assert await sim.control("GET", "/phones/+14045550199") == {"busy": {"after": 1.0}}
        call_id = await sim.call_out()
        await sim.advance(1)
        assert (await sim.call(call_id))["result"] == "BUSY"
        await sim.control("DELETE", path)
        await sim.control("DELETE", path)
        assert "answer" in await sim.control("GET", path)


async def test_a_persona_that_cannot_be_is_refused_at_its_place() -> None:
    async with wired() as sim:
        bad = (({"answer": {"after": -1}}, "answer.after"), ({"then": [{"jump": 1}]}, "jump"), (5, "persona"))
        for persona, named in bad:
            reply = await sim.request("PUT", "/_simulator/phones/bob", persona)
            assert reply.status == 400
            assert named in reply.error["message"]
        assert (await sim.request("PUT", "/_simulator/phones/" + "x" * 300, {})).status == 400
