"""Faults on order: what an app meets when the network, the platform or its own host fails."""

import asyncio

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import verify
from sinch_simulator.server.faults.rules import Fault, FaultKind, FaultMatch, FaultRules, FaultSide, Occasion
from support.virtual_time import in_virtual_time
from support.wired_world import CONNECT, Json, Posted, Wired, basic, tts_callout, wired

CALLOUTS = "/calling/v1/callouts"


async def order(sim: Wired, side: str, do: Json, **fields: object) -> Json:
    return await sim.control("POST", "/faults", {"on": side, "do": do, **fields})


def is_genuine(posted: Posted) -> bool:
    return verify(
        DEFAULT_SECRET, application_key=DEFAULT_KEY, headers=posted.headers, path=posted.path, body=posted.raw
    )


async def calls(sim: Wired) -> list[Json]:
    listed: list[Json] = (await sim.control("GET", "/calls"))["calls"]
    return listed


# ---- requests


@pytest.mark.parametrize(("code", "status"), [(40004, 400), (40005, 400), (40102, 401), (42901, 429)])
async def test_an_error_code_is_answered_with_its_status(code: int, status: int) -> None:
    async with wired() as sim:
        made = await order(sim, "rest", {"errorCode": code})
        reply = await sim.rest("POST", CALLOUTS, tts_callout())
        assert made["do"] == {"errorCode": code}
        assert (reply.status, reply.json["errorCode"]) == (status, code)
        assert reply.json["message"]
        assert await calls(sim) == []


async def test_an_error_code_is_for_requests_only() -> None:
    async with wired() as sim:
        refused = await sim.request("POST", "/_simulator/faults", {"on": "callback", "do": {"errorCode": 40005}})
        assert (refused.status, "for requests only" in refused.json["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 40003), (404, 40400), (415, 41500), (429, 42900), (500, 50000), (503, 50300), (418, 41800)],
)
async def test_a_status_is_answered_with_the_platforms_error_and_nothing_happens(status: int, code: int) -> None:
    async with wired() as sim:
        await order(sim, "rest", {"status": status})
        reply = await sim.rest("POST", CALLOUTS, tts_callout())
        assert (reply.status, reply.json["errorCode"]) == (status, code)
        assert set(reply.json) == {"errorCode", "message", "reference"}
        assert await calls(sim) == []


async def test_a_rule_applies_as_often_as_it_says_and_the_journal_tells() -> None:
    async with wired() as sim:
        fault = await order(sim, "rest", {"status": 503}, times=2)
        statuses = [(await sim.rest("POST", CALLOUTS, tts_callout())).status for _ in range(3)]
        assert statuses == [503, 503, 200]
        [listed] = (await sim.control("GET", "/faults"))["faults"]
        assert listed == {"id": fault["id"], "on": "rest", "do": {"status": 503}, "times": 2, "used": 2}
        entries = (await sim.control("GET", "/journal"))["entries"]
        assert [entry["faultId"] for entry in entries if entry["kind"] == "fault.met"] == [fault["id"]] * 2


async def test_a_rule_is_about_the_requests_that_it_matches() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        await order(sim, "rest", {"status": 503}, match={"method": "GET", "path": "/calling/v1/calls/*"})
        assert (await sim.rest("GET", f"/calling/v1/calls/id/{call_id}")).status == 503
        assert (await sim.rest("GET", f"/v1/calls/id/{call_id}")).status == 200
        assert (await sim.rest("POST", CALLOUTS, tts_callout())).status == 200


async def test_a_rule_may_be_about_one_call() -> None:
    async with wired() as sim:
        first, second = await sim.call_out(), await sim.call_out()
        await order(sim, "rest", {"status": 500}, match={"callId": first})
        assert (await sim.rest("GET", f"/calling/v1/calls/id/{first}")).status == 500
        assert (await sim.rest("GET", f"/calling/v1/calls/id/{second}")).status == 200


@in_virtual_time
async def test_a_delay_comes_before_the_effect() -> None:
    async with wired() as sim:
        await order(sim, "rest", {"delay": 0.1})
        started = asyncio.get_running_loop().time()
        await sim.call_out()
        assert asyncio.get_running_loop().time() - started == pytest.approx(0.1)
        assert len(await calls(sim)) == 1


@in_virtual_time
async def test_delays_add_up_and_what_follows_decides() -> None:
    async with wired() as sim:
        for do in ({"delay": 0.05}, {"delay": 0.05}, {"status": 503}, {"status": 500}):
            await order(sim, "rest", do)
        started = asyncio.get_running_loop().time()
        assert (await sim.rest("POST", CALLOUTS, tts_callout())).status == 503
        assert asyncio.get_running_loop().time() - started == pytest.approx(0.1)


async def test_a_disconnect_closes_the_connection() -> None:
    async with wired() as sim:
        await order(sim, "rest", {"disconnect": True})
        with pytest.raises(aiohttp.ClientConnectionError):
            await sim.rest("POST", CALLOUTS, tts_callout())
        assert await calls(sim) == []


@in_virtual_time
async def test_a_request_that_times_out_is_never_answered_and_does_not_stop_the_server() -> None:
    async with wired() as sim:
        await order(sim, "rest", {"timeout": True}, times=1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await sim.rest("POST", CALLOUTS, tts_callout())
        assert (await sim.rest("POST", CALLOUTS, tts_callout())).status == 200
        assert len(await calls(sim)) == 1


@in_virtual_time
async def test_a_client_that_goes_away_before_the_reply_cancels_its_call() -> None:
    async with wired() as sim:
        await order(sim, "rest", {"delay": 0.1}, times=1)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.03)) as impatient:
            with pytest.raises(TimeoutError):
                await impatient.post(sim.server.url + CALLOUTS, json=tts_callout(), headers=basic())
        await asyncio.sleep(0.15)
        [call] = await calls(sim)
        assert (call["status"], call["result"], call["reason"]) == ("FINAL", "NOANSWER", "CANCEL")
        assert "CALLOUT_ABORTED" in await sim.codes()


async def test_rules_of_one_application_leave_the_others_alone() -> None:
    async with wired() as sim:
        other = await sim.application(world="default")
        await sim.control("POST", f"/faults?application={other['key']}", {"on": "rest", "do": {"status": 503}})
        assert (await sim.rest("POST", CALLOUTS, tts_callout())).status == 200
        assert (await sim.rest("POST", CALLOUTS, tts_callout(), key=other["key"], secret=other["secret"])).status == 503
        await sim.control("POST", f"/reset?application={other['key']}")
        assert (await sim.rest("POST", CALLOUTS, tts_callout(), key=other["key"], secret=other["secret"])).status == 200


@in_virtual_time
async def test_an_application_that_is_deleted_while_its_request_waits_gets_401() -> None:
    async with wired() as sim:
        other = await sim.application(world="default")
        await order(sim, "rest", {"delay": 0.1})
        waiting = asyncio.create_task(
            sim.rest("POST", CALLOUTS, tts_callout(), key=other["key"], secret=other["secret"])
        )
        await asyncio.sleep(0.03)
        await sim.control("DELETE", f"/applications/{other['key']}")
        assert (await waiting).status == 401


# ---- callbacks


async def test_a_callback_that_meets_a_status_never_reaches_the_app_and_the_fallback_has_it() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"fallbackUrl": sim.webhook.url + "/fallback"})
        await order(sim, "callback", {"status": 502}, match={"event": "ice"}, times=1)
        call = await sim.dial()
        assert [posted.path for posted in sim.webhook.posted] == ["/hook/fallback"]
        assert call["state"] == "DIALING"
        first, second = await sim.callbacks()
        assert (first["outcome"], first["response"]["status"], first["attempt"]) == ("bad-status", 502, 1)
        assert (second["outcome"], second["attempt"]) == ("answered", 2)


@pytest.mark.parametrize(("do", "outcome"), [({"timeout": True}, "timeout"), ({"disconnect": True}, "unreachable")])
async def test_a_lost_callback_fails_the_call_without_waiting(do: Json, outcome: str) -> None:
    async with wired(timeout_s=30) as sim:
        await order(sim, "callback", do, match={"event": "ice"})
        call = await sim.dial()
        assert (call["result"], call["reason"]) == ("FAILED", "CALLBACKERROR")
        assert sim.webhook.events == ["dice"]
        assert (await sim.callbacks("?event=ice"))[0]["outcome"] == outcome


@in_virtual_time
async def test_a_timeout_takes_its_time_under_the_realtime_clock() -> None:
    async with wired("realtime", timeout_s=0.2) as sim:
        await order(sim, "callback", {"timeout": True})
        started = asyncio.get_running_loop().time()
        call = await sim.dial()
        await sim.callbacks(f"?callId={call['callId']}&event=ice&wait=2")
        assert asyncio.get_running_loop().time() - started == pytest.approx(0.2)


async def test_a_dropped_callback_reaches_nobody_not_even_the_fallback() -> None:
    async with wired() as sim:
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"fallbackUrl": sim.webhook.url})
        await order(sim, "callback", {"drop": True}, match={"event": "dice"})
        sim.webhook.on("ice", {"action": {"name": "hangup"}})
        await sim.dial()
        assert sim.webhook.events == ["ice"]
        assert [record["outcome"] for record in await sim.callbacks("?event=dice")] == ["timeout"]


async def test_a_duplicate_arrives_twice_with_a_signature_of_its_own_and_the_call_hears_once() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        await order(sim, "callback", {"duplicate": True}, match={"event": "ice"})
        call = await sim.dial()
        assert sim.webhook.events == ["ice", "ice"]
        first, second = sim.webhook.posted
        assert first.raw == second.raw
        for posted in (first, second):
            assert is_genuine(posted)
        assert len(await sim.callbacks("?event=ice")) == 2
        timeline = (await sim.call(call["callId"]))["timeline"]
        assert [line["kind"] for line in timeline].count("callback.answered") == 1


async def test_a_bad_signature_is_well_formed_and_wrong() -> None:
    async with wired() as sim:
        await order(sim, "callback", {"badSignature": True}, times=1)
        await sim.dial()
        forged, *others = sim.webhook.posted
        assert forged.headers["authorization"].startswith(f"application {DEFAULT_KEY}:")
        assert not is_genuine(forged)
        assert all(is_genuine(posted) for posted in others)
        assert others


async def test_a_delay_longer_than_the_timeout_is_a_timeout() -> None:
    async with wired(timeout_s=0.1) as sim:
        await order(sim, "callback", {"delay": 0.5}, match={"event": "ice"})
        call = await sim.dial()
        assert call["reason"] == "CALLBACKERROR"
        assert (await sim.callbacks("?event=ice"))[0]["outcome"] == "timeout"


async def test_a_short_delay_shows_in_the_latency() -> None:
    async with wired() as sim:
        await order(sim, "callback", {"delay": 0.05}, match={"event": "ice"})
        await sim.dial()
        assert (await sim.callbacks("?event=ice"))[0]["latencyMs"] >= 50


# ---- the rules themselves


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"do": {"status": 503}}, "on"),
        ({"on": "both", "do": {"status": 503}}, "on"),
        ({"on": "rest"}, "do"),
        ({"on": "rest", "do": {}}, "do"),
        ({"on": "rest", "do": {"status": 503, "delay": 1}}, "do"),
        ({"on": "rest", "do": {"explode": True}}, "explode"),
        ({"on": "rest", "do": {"status": 200}}, "status"),
        ({"on": "rest", "do": {"status": None}}, "do.status"),
        ({"on": "rest", "do": {"delay": -1}}, "delay"),
        ({"on": "rest", "do": {"timeout": False}}, "do.timeout"),
        *(({"on": "rest", "do": {name: True}}, "callbacks only") for name in ("duplicate", "badSignature", "drop")),
        ({"on": "rest", "do": {"status": 503}, "match": {"event": "ice"}}, "match.event"),
        ({"on": "callback", "do": {"status": 503}, "match": {"event": "rice"}}, "event"),
        ({"on": "rest", "do": {"status": 503}, "match": {"path": "callouts"}}, "match.path"),
        ({"on": "rest", "do": {"status": 503}, "match": {"paths": "/"}}, "paths"),
        ({"on": "rest", "do": {"status": 503}, "match": []}, "match"),
        ({"on": "rest", "do": {"status": 503}, "times": 0}, "times"),
        ({"on": "rest", "do": {"status": 503}, "probability": 1.5}, "probability"),
        ({"on": "rest", "do": {"status": 503}, "often": 1}, "often"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_by_name(body: Json, named: str) -> None:
    async with wired() as sim:
        reply = await sim.request("POST", "/_simulator/faults", body)
        assert reply.status == 400
        assert named in reply.error["message"]
        assert (await sim.control("GET", "/faults"))["faults"] == []


async def test_rules_are_dropped_one_by_one_or_all() -> None:
    async with wired() as sim:
        ids = [(await order(sim, "rest", {"status": status}))["id"] for status in (500, 502, 503)]
        await sim.control("DELETE", f"/faults?id={ids[1]}")
        assert [rule["id"] for rule in (await sim.control("GET", "/faults"))["faults"]] == [ids[0], ids[2]]
        assert (await sim.request("DELETE", "/_simulator/faults?id=nobody")).status == 404
        await sim.control("DELETE", "/faults")
        assert (await sim.control("GET", "/faults"))["faults"] == []


def test_chance_follows_from_the_seed() -> None:
    def run(seed: int) -> list[bool]:
        rules = FaultRules(seed)
        rules.add(Fault("1", FaultSide.REST, FaultKind.STATUS, 503, probability=0.5))
        return [bool(rules.meet(Occasion(FaultSide.REST, "key", "GET", "/", "voice")).faults) for _ in range(50)]

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert 10 < sum(run(1)) < 40


@given(st.text("ab/*", max_size=12), st.text("ab/", max_size=12))
@settings(deadline=None, max_examples=200)
def test_a_star_stands_for_any_text(pattern: str, path: str) -> None:
    def fits(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(fits(pattern[1:], text[start:]) for start in range(len(text) + 1))
        return bool(text) and pattern[0] == text[0] and fits(pattern[1:], text[1:])

    pattern, path = "/" + pattern.rstrip("/"), "/" + path
    occasion = Occasion(FaultSide.REST, "key", "GET", path, "voice")
    assert FaultMatch(path=pattern).fits(occasion) == fits(pattern, path)
