"""Sessions of Voice v2 over HTTP: an app that is asked by its webhook, people, and signed events."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PROJECT, DEFAULT_SECRET
from support.session_world import ANNA, BEN, DID, command, dial, say
from support.wired_world import Json, Posted, Wired, basic, wired

assert DEFAULT_PROJECT is not None
PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
CALLS = f"/v2/projects/{PROJECT}/calls"
ANSWER = command("answer")


@asynccontextmanager
async def serving_v2(*, fallback: bool = False) -> AsyncIterator[Wired]:
    """A simulator whose application is a service with a webhook."""
    async with wired(callback_url=None) as sim:
        urls = {"url": sim.webhook.url}
        if fallback:
            urls = {"url": "http://127.0.0.1:9/dead", "fallbackUrl": sim.webhook.url}
        behavior = {"type": "WEBHOOK", "webhook": urls}
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"callBehavior": behavior})
        yield sim


async def started(sim: Wired, *commands: Json) -> str:
    """The app begins a session; its id."""
    reply = await sim.request("POST", CALLS, {"commands": [*commands]}, headers=basic(KEY_ID, KEY_SECRET))
    assert reply.status == 201, reply.raw
    session_id: str = reply.json["sessionId"]
    return session_id


async def session_of(sim: Wired, session_id: str) -> Json:
    path = f"/v2/projects/{PROJECT}/sessions/{session_id}"
    session: Json = (await sim.request("GET", path, headers=basic(KEY_ID, KEY_SECRET))).json
    return session


def replies(sim: Wired, **answers: list[Json]) -> None:
    for event, commands in answers.items():
        sim.webhook.on(event.replace("_", "."), {"commands": commands})


def is_signed(posted: Posted) -> bool:
    """Whether an event has the signature of docs/platform/voice-v2.md#4.4."""
    md5 = base64.b64encode(hashlib.md5(posted.raw, usedforsecurity=False).digest()).decode()
    headers = posted.headers
    text = f"POST\n{md5}\n{headers['content-type']}\nx-timestamp:{headers['x-timestamp']}\n{posted.path}"
    digest = hmac.digest(base64.b64decode(DEFAULT_SECRET), text.encode(), "sha256")
    return headers["authorization"] == f"service {DEFAULT_KEY}:{base64.b64encode(digest).decode()}"


async def test_an_outbound_call_from_its_request_to_its_end() -> None:
    async with serving_v2() as sim:
        replies(sim, call_answered=[say("Hello Ben", messagesName="m")], call_message_finished=[command("hangup")])
        session_id = await started(sim, dial(BEN, "ben"))
        await sim.advance(60)

        assert sim.webhook.events == ["call.answered", "call.message.finished", "call.hangup"]
        assert all(is_signed(posted) for posted in sim.webhook.posted)
        assert len({posted.headers["ce-id"] for posted in sim.webhook.posted}) == 3
        session = await session_of(sim, session_id)
        (call,) = session["calls"]
        assert (session["state"], call["callResult"], call["callReason"]) == (
            "COMPLETED", "COMPLETED", "MANAGER_HANGUP",
        )  # fmt: skip
        shown = await sim.call(call["callId"])
        assert (shown["protocol"], shown["callResult"], shown["heard"]) == ("v2", "COMPLETED", ["Hello Ben"])
        assert [each["outcome"] for each in await sim.callbacks(f"?sessionId={session_id}")] == ["answered"] * 3


async def test_a_caller_presses_a_key_in_a_menu_and_talks_to_an_agent() -> None:
    async with serving_v2() as sim:
        bridge = command("bridgeCall", bridgeName="talk")
        agent = dial(BEN, "agent", events={"onAnswer": [bridge], "onHangup": [command("hangup", callName="customer")]})
        prompt = {"messages": say("Press 1")["messages"]}
        menu = command("menu", startMenu="main", menus={"main": {"prompt": prompt, "matches": {"1": [agent, bridge]}}})
        sim.webhook.on("call.incoming", {"callName": "customer", "commands": [ANSWER, menu]})
        call = await sim.control("POST", "/calls", {"from": ANNA, "to": DID})
        assert (call["protocol"], call["menuId"], call["direction"], call["legs"][0]["leg"]) == (
            "v2", "main", "INBOUND", "caller",
        )  # fmt: skip
        await sim.control("POST", f"/calls/{call['callId']}/press", {"digits": "1"})
        await sim.advance(2)
        session = await sim.control("GET", f"/sessions/{call['sessionId']}")
        (bridge_shown,) = session["bridges"]
        other = next(each for each in session["calls"] if each != call["callId"])
        assert [(each["callName"], each["hears"]) for each in bridge_shown["members"]] == [
            ("customer", [other]),
            ("agent", [call["callId"]]),
        ]
        await sim.control("POST", f"/calls/{other}/hangup", {})
        assert (await sim.call(call["callId"]))["callReason"] == "MANAGER_HANGUP"
        assert (await session_of(sim, call["sessionId"]))["state"] == "COMPLETED"
        assert sim.webhook.events == ["call.incoming", "call.hangup"]


async def test_calls_of_both_protocols_are_listed_together_the_oldest_first() -> None:
    async with serving_v2() as sim:
        replies(sim, call_incoming=[ANSWER])
        first = await sim.control("POST", "/calls", {"from": ANNA})
        await sim.advance(1)
        second = await sim.call_out()
        await sim.advance(1)
        third = await sim.control("POST", "/calls", {"from": ANNA})
        listed = (await sim.control("GET", "/calls"))["calls"]
        brief = (await sim.control("GET", f"/calls?brief=true&before={third['callId']}"))["calls"]

        assert [each["callId"] for each in listed] == [first["callId"], second, third["callId"]]
        assert [(each["callId"], each["protocol"]) for each in brief] == [(first["callId"], "v2"), (second, "v1")]


async def test_a_phone_in_the_hand_is_picked_up_and_declined_by_its_call_of_v2() -> None:
    async with serving_v2() as sim:
        await sim.control("PUT", f"/phones/{BEN}", {"by_hand": {}})
        session_id = await started(sim, dial(BEN, "one"), dial(BEN, "two"))
        one, two = (call["callId"] for call in (await session_of(sim, session_id))["calls"])
        await sim.control("POST", f"/calls/{one}/answer", {})
        await sim.control("POST", f"/calls/{two}/decline", {"as": "busy"})
        refused = await sim.request("POST", f"/_simulator/calls/{two}/answer", {})
        no_caller = await sim.request("POST", f"/_simulator/calls/{one}/press", {"digits": "1", "leg": "caller"})

        assert sim.webhook.events == ["call.answered", "call.busy"]
        assert (refused.status, refused.error["code"]) == (409, "not_ringing")
        assert (no_caller.status, no_caller.error["code"]) == (409, "no_such_leg")


async def test_a_dead_webhook_is_passed_over_and_the_log_says_so() -> None:
    async with serving_v2(fallback=True) as sim:
        for _ in range(4):
            await started(sim, dial(BEN))
            await sim.advance(3)
        records = await sim.callbacks("?event=call.answered")

        assert sim.webhook.events == ["call.answered"] * 4
        assert [each.get("bypassed", False) for each in records] == [False] * 6 + [True]
        assert [each["attempt"] for each in records] == [1, 2] * 3 + [1]
        assert records[0]["request"]["headers"]["ce-id"] == records[1]["request"]["headers"]["ce-id"]
        assert "WEBHOOK_BYPASSED" in await sim.codes()


async def test_a_service_without_behavior_turns_away_and_protocol_says_which_api_is_spoken() -> None:
    async with wired() as sim:
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"protocol": "v2"})
        turned_away = await sim.control("POST", "/calls", {"from": ANNA})
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"protocol": "auto"})
        asked = await sim.control("POST", "/calls", {"from": ANNA})

        assert (turned_away["callResult"], turned_away["callReason"]) == ("REJECTED", "NOT_AVAILABLE")
        assert (asked["protocol"], sim.webhook.events[0]) == ("v1", "ice")


async def test_a_batch_calls_one_after_the_other() -> None:
    async with serving_v2() as sim:
        greeting = [say("Hello @name"), command("pause", durationMilliseconds=5000), command("hangup")]
        body = {
            "commands": [dial("@number", events={"onAnswer": greeting})],
            "parameters": [{"number": BEN, "name": "Ben"}, {"number": ANNA, "name": "Anna"}],
            "batchOptions": {"maxCps": 1},
        }
        reply = await sim.request("POST", f"/v2/projects/{PROJECT}/batches", body, headers=basic(KEY_ID, KEY_SECRET))
        path = f"/v2/projects/{PROJECT}/batches/{reply.json['batchId']}"
        first = (await sim.request("GET", path, headers=basic(KEY_ID, KEY_SECRET))).json
        await sim.advance(10)
        last = (await sim.request("GET", path, headers=basic(KEY_ID, KEY_SECRET))).json
        calls = (await sim.control("GET", "/calls"))["calls"]

        assert (first["queued"], first["inProgress"], last["completed"]) == (1, 1, 2)
        assert [each["heard"] for each in calls] == [["Hello Ben"], ["Hello Anna"]]
