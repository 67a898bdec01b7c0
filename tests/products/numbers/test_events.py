"""Events tell an app what has become of an assignment; they are signed, and sent again (docs/platform/numbers.md#5)."""

import hashlib
import hmac

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.products.numbers.callbacks import HexSha1Signature
from support.numbers_api import NumbersApi, numbers_api
from support.wired_world import Json

VECTOR = (
    b'{"eventId":"01hpa0mww4m79q8j2dwn3ggbgz","timestamp":"2024-02-10T17:22:09.412722588",'
    b'"projectId":"37b62a7b-0177-abcd-efgh-e10f848de123","resourceId":"+17818510001","resourceType":"ACTIVE_NUMBER",'
    b'"eventType":"DEPROVISIONING_FROM_VOICE_PLATFORM","status":"SUCCEEDED","failureCode":null}'
)


async def change(api: NumbersApi, body: Json, number: str = DEFAULT_NUMBER) -> None:
    await api.got("PATCH", f"/activeNumbers/{number}", body)
    await api.sim.advance(2)


def told(api: NumbersApi) -> list[tuple[str, str, str | None]]:
    """What the app has heard: event, status, failure code."""
    return [(each.event, each.body["status"], each.body["failureCode"]) for each in api.sim.webhook.posted]


def test_the_published_vector_is_reproduced() -> None:
    headers = HexSha1Signature("callback-secret").headers("/", VECTOR, 0.0)
    assert headers["X-Sinch-Signature"] == "dcf80daac2f232f4b23d5f719db3aa0fdca6af43"


async def test_an_assignment_that_is_done_is_told_and_signed() -> None:
    async with numbers_api() as api:
        await api.got("PATCH", "/callbackConfiguration", {"hmacSecret": "a test secret"})
        number = (await api.rent(callbackUrl=api.sim.webhook.url, smsConfiguration=api.text_to()))["phoneNumber"]
        await api.sim.advance(2)
        [posted] = api.sim.webhook.posted
        event_id = posted.body["eventId"]
        assert posted.body == {
            "eventId": event_id,
            "timestamp": "2025-01-15T10:30:02.000000000",
            "projectId": api.application["projectId"],
            "resourceId": number,
            "resourceType": "ACTIVE_NUMBER",
            "eventType": "PROVISIONING_TO_SMS_PLATFORM",
            "status": "SUCCEEDED",
            "failureCode": None,
        }
        assert (len(event_id), event_id.lower()) == (26, event_id)
        signature = hmac.new(b"a test secret", posted.raw, hashlib.sha1).hexdigest()
        assert posted.headers["x-sinch-signature"] == signature
        assert posted.headers["content-type"] == "application/json"
        assert "authorization" not in posted.headers


async def test_without_a_secret_events_are_not_signed_and_without_a_url_there_are_none() -> None:
    async with numbers_api() as api:
        await change(api, {"voiceConfiguration": {"appId": ""}})
        assert told(api) == []
        await change(api, {"callbackUrl": api.sim.webhook.url, "voiceConfiguration": api.calls_to()})
        [posted] = api.sim.webhook.posted
        assert posted.event == "PROVISIONING_TO_VOICE_PLATFORM"
        assert "x-sinch-signature" not in posted.headers
        await change(api, {"callbackUrl": "", "voiceConfiguration": {"appId": ""}})
        assert len(api.sim.webhook.posted) == 1


async def test_the_secret_stays_with_the_project_as_long_as_another_application_uses_it() -> None:
    async with numbers_api() as api:
        other = await api.sim.application(projectId=api.application["projectId"])
        await api.got("PATCH", "/callbackConfiguration", {"hmacSecret": "a test secret"})
        await api.sim.control("POST", f"/reset?application={other['key']}")
        await api.sim.control("DELETE", f"/applications/{other['key']}")
        await change(api, {"callbackUrl": api.sim.webhook.url, "voiceConfiguration": {"appId": ""}})
        assert "x-sinch-signature" in api.sim.webhook.posted[0].headers
        await api.sim.control("POST", f"/reset?application={DEFAULT_KEY}")
        assert (await api.got("GET", "/callbackConfiguration"))["hmacSecret"] == ""


async def test_every_change_of_an_assignment_has_its_event() -> None:
    async with numbers_api() as api:
        other = await api.sim.application(world="default", callbackUrl=None)
        await change(api, {"callbackUrl": api.sim.webhook.url, "smsConfiguration": {"campaignId": "C1"}})
        await change(api, {"smsConfiguration": {"servicePlanId": other["servicePlanId"], "campaignId": "C2"}})
        await change(api, {"voiceConfiguration": {"type": "EST", "trunkId": "T1"}})
        await api.got("POST", f"/activeNumbers/{DEFAULT_NUMBER}:release")
        await api.sim.advance(0)
        assert [event for event, status, code in told(api) if (status, code) == ("SUCCEEDED", None)] == [
            "PROVISIONING_TO_CAMPAIGN",
            "DEPROVISIONING_FROM_SMS_PLATFORM",
            "PROVISIONING_TO_SMS_PLATFORM",
            "DEPROVISIONING_FROM_CAMPAIGN",
            "PROVISIONING_TO_CAMPAIGN",
            "DEPROVISIONING_FROM_VOICE_PLATFORM",
            "PROVISIONING_TO_VOICE_PLATFORM",
            "DEPROVISIONING_FROM_SMS_PLATFORM",
            "DEPROVISIONING_FROM_CAMPAIGN",
            "DEPROVISIONING_FROM_VOICE_PLATFORM",
        ]


@pytest.mark.parametrize(
    ("code", "sms", "event"),
    [
        ("INTERNAL_ERROR", {"servicePlanId": "P"}, "PROVISIONING_TO_SMS_PLATFORM"),
        ("INTERNAL_ERROR", {"campaignId": "C"}, "PROVISIONING_TO_CAMPAIGN"),
        ("CAMPAIGN_NOT_AVAILABLE", {"servicePlanId": "P", "campaignId": "C"}, "PROVISIONING_TO_CAMPAIGN"),
        ("INTERNAL_ERROR", {"servicePlanId": "P", "campaignId": "C"}, "PROVISIONING_TO_SMS_PLATFORM"),
    ],
)
async def test_an_assignment_that_fails_tells_with_which_code(code: str, sms: Json, event: str) -> None:
    async with numbers_api() as api:
        await api.sim.application(world="default", servicePlanId="P")
        await api.sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"provisioning": {"sms": code}})
        number = (await api.rent(callbackUrl=api.sim.webhook.url, smsConfiguration=sms))["phoneNumber"]
        await api.sim.advance(2)
        assert told(api) == [(event, "FAILED", code)]
        under_way = (await api.active(number))["smsConfiguration"]["scheduledProvisioning"]
        assert (under_way["status"], under_way["errorCodes"]) == ("FAILED", [code])


async def test_calls_to_an_unknown_application_fail_with_their_code() -> None:
    async with numbers_api() as api:
        await api.rent(callbackUrl=api.sim.webhook.url, voiceConfiguration={"appId": "nobody"})
        await api.sim.advance(2)
        failed = "PROVISIONING_TO_VOICE_PLATFORM_FAILED"
        assert told(api) == [("PROVISIONING_TO_VOICE_PLATFORM", "FAILED", failed)]


async def test_an_event_that_nobody_takes_is_sent_again_on_the_simulated_clock() -> None:
    async with numbers_api() as api:

        async def deaf(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.Response(status=500)

        api.sim.webhook.responders["PROVISIONING_TO_SMS_PLATFORM"] = deaf
        number = (await api.rent(callbackUrl=api.sim.webhook.url, smsConfiguration=api.text_to()))["phoneNumber"]
        await api.sim.advance(2)
        for seconds, attempts in ((4.9, 1), (0.1, 2), (9.9, 2), (0.1, 3), (19.9, 3), (0.1, 4), (600, 4)):
            await api.sim.advance(seconds)
            assert len(api.sim.webhook.posted) == attempts
        assert len({posted.raw for posted in api.sim.webhook.posted}) == 1
        callbacks = await api.sim.callbacks(f"?number={number}")
        assert callbacks == await api.sim.callbacks(f"?number={number[1:]}")
        assert [(each["product"], each["number"], each["attempt"], each["outcome"]) for each in callbacks] == [
            ("numbers", number, attempt, "bad-status") for attempt in (1, 2, 3, 4)
        ]


async def test_an_event_is_found_by_its_number_and_sent_again_genuine_or_forged() -> None:
    async with numbers_api() as api:
        await api.got("PATCH", "/callbackConfiguration", {"hmacSecret": "a test secret"})
        await change(api, {"callbackUrl": api.sim.webhook.url, "voiceConfiguration": {"appId": ""}})
        assert await api.sim.callbacks("?number=%2B14045550999") == []
        [callback] = await api.sim.callbacks("?product=numbers&event=DEPROVISIONING_FROM_VOICE_PLATFORM")
        await api.sim.control("POST", f"/callbacks/{callback['id']}/redeliver", {})
        await api.sim.control("POST", f"/callbacks/{callback['id']}/redeliver", {"forge": "signature"})
        first, again, forged = api.sim.webhook.posted
        assert first.headers["x-sinch-signature"] == again.headers["x-sinch-signature"]
        assert forged.headers["x-sinch-signature"] != first.headers["x-sinch-signature"]


async def test_faults_meet_events_and_requests_of_numbers() -> None:
    async with numbers_api() as api:
        rule = {"on": "callback", "match": {"event": "DEPROVISIONING_FROM_VOICE_PLATFORM"}, "do": {"drop": True}}
        await api.sim.control("POST", "/faults", rule)
        await change(api, {"callbackUrl": api.sim.webhook.url, "voiceConfiguration": {"appId": ""}})
        assert told(api) == []
        busy: Json = {"on": "rest", "match": {"product": "numbers"}, "do": {"status": 429}, "times": 1}
        await api.sim.control("POST", "/faults", busy)
        reply = await api.ask("GET", "/activeNumbers")
        assert (reply.status, reply.json["error"]["code"], reply.json["error"]["status"]) == (
            429, 429, "RESOURCE_EXHAUSTED",
        )  # fmt: skip
