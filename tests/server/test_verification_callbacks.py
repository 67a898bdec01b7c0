"""The events of Verification on the wire: what the start waits for, what is denied, signatures, order, faults."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import verify
from support.verifying import ANNA, report, seen, start, started
from support.wired_world import BEN, Json, Wired, hangs, tts_callout, wired

REQUEST, RESULT, DELIVERED = "VerificationRequestEvent", "VerificationResultEvent", "VerificationSmsDeliveredEvent"
HINT = "X-Sinch-Simulator-Hint"


async def allowing(sim: Wired, reply: Json | None = None, path: str = "") -> None:
    """Gives the application a verification callback URL; its webhook answers so."""
    await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"verificationCallbackUrl": sim.webhook.url + path})
    sim.webhook.on(REQUEST, {"action": "allow"} if reply is None else reply)


async def status_of(sim: Wired) -> tuple[str, str | None]:
    """How the newest verification stands, and why."""
    newest = (await sim.control("GET", "/verifications"))["verifications"][-1]
    return newest["status"], newest["reason"]


async def test_events_come_in_order_each_signed_and_only_at_the_verification_callback_url() -> None:
    async with wired() as sim:
        await allowing(sim, path="/verification")
        verification = await started(sim, reference="r", custom="c")
        assert sim.webhook.events == [REQUEST]
        await sim.advance(1)
        assert sim.webhook.events == [REQUEST, DELIVERED]
        await report(sim, verification)
        await sim.advance(0)
        assert sim.webhook.events == [REQUEST, DELIVERED, RESULT]
        for posted in sim.webhook.posted:
            assert (posted.path, posted.body["reference"], posted.body["custom"]) == ("/hook/verification", "r", "c")
            assert posted.headers["content-type"] == "application/json; charset=utf-8"
            assert posted.headers["authorization"].startswith(f"application {DEFAULT_KEY}:")
            assert verify(
                DEFAULT_SECRET,
                application_key=DEFAULT_KEY,
                headers=posted.headers,
                path=posted.path,
                body=posted.raw,
                wall_time=datetime.now(UTC).timestamp(),
            )


@pytest.mark.parametrize("clock", ["manual", "auto", "realtime"])
async def test_a_start_waits_for_the_webhook_whatever_the_clock(clock: str) -> None:
    async with wired(clock) as sim:
        await allowing(sim)
        verification = await started(sim)
        assert (await report(sim, verification)).json["status"] == "SUCCESSFUL"
        sim.webhook.on(REQUEST, {"action": "deny"})
        assert (await start(sim)).status == 403
        results = await sim.control("GET", f"/callbacks?event={RESULT}&count=2&wait=5")
        statuses = [each["request"]["body"]["status"] for each in results["callbacks"]]
        assert statuses == ["SUCCESSFUL", "DENIED"]


async def test_the_voice_callback_url_never_gets_one() -> None:
    async with wired() as sim:
        verification = await started(sim)
        await sim.advance(1)
        await report(sim, verification)
        await sim.advance(1)
        assert sim.webhook.events == []


async def test_everybody_else_is_served_while_a_start_waits_and_the_webhook_too() -> None:
    async with wired() as sim:
        await allowing(sim)

        async def ask_first(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            assert (await sim.rest("POST", "/calling/v1/callouts", tts_callout())).status == 200
            assert (await seen(sim, body["id"]))["state"] == "AWAITING_CALLBACK"
            if body["identity"]["endpoint"] == ANNA:
                assert (await start(sim, number=BEN)).status == 200
            return web.json_response({"action": "allow", "sms": {"code": "9876"}})

        sim.webhook.responders[REQUEST] = ask_first
        verification = await started(sim)
        assert verification["code"] == "9876"


@pytest.mark.parametrize(
    ("reply", "status", "code", "reason"),
    [
        ({"action": "deny"}, 403, 40303, "Denied by callback"),
        ({"action": "hangup"}, 422, 42202, "Invalid callback"),
        ({}, 422, 42202, "Invalid callback"),
        ({"action": {"name": "hangup"}}, 422, 42202, "Invalid callback"),
    ],
)
async def test_the_answer_of_the_start_says_what_the_webhook_said(
    reply: Json, status: int, code: int, reason: str
) -> None:
    async with wired() as sim:
        await allowing(sim, reply)
        answer = await start(sim)
        assert (answer.status, answer.json["errorCode"]) == (status, code)
        assert answer.headers[HINT]
        assert await status_of(sim) == ("DENIED", reason)
        await sim.advance(0)
        assert [(each.event, each.body.get("reason")) for each in sim.webhook.posted] == [
            (REQUEST, None), (RESULT, reason)
        ]  # fmt: skip


async def gone(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    return web.Response(status=500)


@pytest.mark.parametrize("responder", [hangs, gone])
async def test_a_webhook_that_fails_denies(responder: Any) -> None:
    async with wired(timeout_s=0.05) as sim:
        await allowing(sim)
        sim.webhook.responders[REQUEST] = responder
        answer = await start(sim)
        assert (answer.status, answer.json["errorCode"]) == (422, 42202)
        assert await status_of(sim) == ("DENIED", "Invalid callback")


async def test_a_webhook_that_is_not_there_denies() -> None:
    async with wired() as sim:
        url = {"verificationCallbackUrl": "http://127.0.0.1:9/"}
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", url)
        assert (await start(sim)).json["errorCode"] == 42202
        assert "CALLBACK_UNREACHABLE" in await sim.codes()


async def test_of_two_starts_at_once_the_second_ends_the_first() -> None:
    async with wired() as sim:
        await allowing(sim)

        async def start_another(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            if len(sim.webhook.posted) == 1:
                assert (await start(sim)).status == 200
            return web.json_response({"action": "allow"})

        sim.webhook.responders[REQUEST] = start_another
        answer = await start(sim)
        assert (answer.status, answer.json["errorCode"]) == (422, 42202)
        assert "same number" in answer.headers[HINT]
        shown = (await sim.control("GET", "/verifications"))["verifications"]
        assert [each["status"] for each in shown] == ["ABORTED", "PENDING"]


async def test_callbacks_and_lines_are_found_by_verification() -> None:
    async with wired() as sim:
        await allowing(sim)
        one, other = await started(sim), await started(sim, number=BEN)
        await sim.advance(1)
        query = f"?verificationId={one['id']}"
        callbacks = await sim.callbacks(query)
        assert [each["event"] for each in callbacks] == [REQUEST, DELIVERED]
        assert callbacks[0]["product"] == "verification"
        assert (callbacks[0]["verificationId"], callbacks[0]["number"]) == (one["id"], ANNA)
        assert await sim.callbacks(f"?product=verification&event={REQUEST}&verificationId={other['id']}")
        assert await sim.callbacks("?product=voice") == []
        await report(sim, one, "wrong")
        lines = (await sim.control("GET", f"/journal{query}"))["entries"]
        assert lines
        assert {line["verificationId"] for line in lines} == {one["id"]}
        assert await sim.codes(query) == ["VERIFICATION_WRONG_CODE"]
        assert await sim.codes(f"?verificationId={other['id']}") == []


async def test_a_result_may_be_delivered_again_or_forged() -> None:
    async with wired() as sim:
        await allowing(sim)
        verification = await started(sim)
        await report(sim, verification)
        await sim.advance(0)
        [result] = await sim.callbacks(f"?event={RESULT}")
        await sim.control("POST", f"/callbacks/{result['id']}/redeliver")
        assert sim.webhook.events == [REQUEST, RESULT, RESULT]


@pytest.mark.parametrize("forgery", ["signature", "stale", "unsigned"])
async def test_a_result_may_be_forged(forgery: str) -> None:
    async with wired() as sim:
        await allowing(sim)
        await report(sim, await started(sim))
        await sim.advance(0)
        [result] = await sim.callbacks(f"?event={RESULT}")
        await sim.control("POST", f"/callbacks/{result['id']}/redeliver", {"forge": forgery})
        posted = sim.webhook.posted[-1]
        assert posted.event == RESULT
        genuine = verify(
            DEFAULT_SECRET,
            application_key=DEFAULT_KEY,
            headers=posted.headers,
            path=posted.path,
            body=posted.raw,
            wall_time=datetime.now(UTC).timestamp(),
        )
        assert not genuine


async def test_faults_meet_events_by_name_and_by_product() -> None:
    async with wired() as sim:
        await allowing(sim)
        rule = {"on": "callback", "match": {"event": REQUEST}, "do": {"drop": True}, "times": 1}
        await sim.control("POST", "/faults", rule)
        assert (await start(sim)).json["errorCode"] == 42202
        rule = {"on": "callback", "match": {"product": "verification"}, "do": {"badSignature": True}}
        await sim.control("POST", "/faults", rule)
        assert (await start(sim)).status == 200
        posted = sim.webhook.posted[-1]
        assert not verify(
            DEFAULT_SECRET, application_key=DEFAULT_KEY, headers=posted.headers, path=posted.path, body=posted.raw
        )


async def test_a_start_that_waits_ends_with_its_application() -> None:
    async with wired() as sim:
        await sim.application(world="default")
        await allowing(sim)
        asked = asyncio.Event()

        async def never(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            asked.set()
            return await hangs(request, body)

        sim.webhook.responders[REQUEST] = never
        waiting = asyncio.ensure_future(start(sim))
        await asked.wait()
        await sim.control("DELETE", f"/applications/{DEFAULT_KEY}")
        assert (await waiting).status == 500


async def test_a_reset_drops_verifications_and_what_lies_at_phones() -> None:
    async with wired(callback_url=None) as sim:
        await started(sim, reference="r")
        await started(sim, "flashcall", BEN)
        await sim.advance(20)
        await sim.control("POST", "/reset")
        assert (await sim.control("GET", "/verifications"))["verifications"] == []
        for address in (ANNA, BEN):
            inbox = await sim.control("GET", f"/phones/{address}/inbox")
            assert (inbox["messages"], inbox["missedCalls"]) == ([], [])
        assert (await start(sim, reference="r")).status == 200
