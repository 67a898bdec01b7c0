"""Delivery reports by query and by callback, signed and sent again (docs/platform/sms.md#6 to #8)."""

import pytest
from aiohttp import web

from sinch_simulator.core.webhook_signature import webhook_signature
from support.sms_world import ANNA, BEN, CARL, Json, Texting, texting

FAILS, REJECTED, NEVER, UNKNOWN = (f"+1404555013{digit}" for digit in "0123")


async def test_a_batch_report_counts_recipients_by_code() -> None:
    async with texting() as world:
        batch = await world.send(ANNA, BEN, FAILS, REJECTED, NEVER, UNKNOWN, client_reference="r")
        await world.sim.advance(1)
        path = f"/batches/{batch['id']}/delivery_report"
        report = await world.ask("GET", f"{path}?type=full")
        assert (report["type"], report["batch_id"]) == ("delivery_report_sms", batch["id"])
        assert report["client_reference"] == "r"
        assert report["total_message_count"] == 6
        assert [(each["code"], each["status"], each["count"], each["recipients"]) for each in report["statuses"]] == [
            (0, "Delivered", 2, ["46700000001", "14045550199"]),
            (100, "Failed", 1, ["14045550130"]),
            (61, "Rejected", 1, ["14045550131"]),
            (401, "Dispatched", 1, ["14045550132"]),
            (50, "Unknown", 1, ["14045550133"]),
        ]
        assert "recipients" not in (await world.ask("GET", path))["statuses"][0]
        assert await world.statuses(batch, "?status=failed,Unknown") == {"Failed": 1, "Unknown": 1}
        assert await world.statuses(batch, "?code=0%2C61") == {"Delivered": 2, "Rejected": 1}
        reply = await world.xms("GET", f"{path}?type=long")
        assert (reply.status, reply.json["code"]) == (400, "syntax_invalid_parameter_format")
        assert (await world.xms("GET", f"{path}?code=x")).status == 400


async def test_a_recipient_report_says_when_and_since_when() -> None:
    async with texting() as world:
        batch = await world.send(ANNA, send_at="2025-01-15T10:31:00Z")
        path = f"/batches/{batch['id']}/delivery_report"
        waiting = await world.ask("GET", f"{path}/+46700000001")
        assert (waiting["status"], waiting["code"], waiting["at"]) == ("Queued", 400, "2025-01-15T10:30:00.000Z")
        await world.sim.advance(60)
        assert (await world.ask("GET", f"{path}/46700000001"))["status"] == "Dispatched"
        await world.sim.advance(1)
        assert await world.ask("GET", f"{path}/46700000001") == {
            "type": "recipient_delivery_report_sms",
            "batch_id": batch["id"],
            "recipient": "46700000001",
            "code": 0,
            "status": "Delivered",
            "at": "2025-01-15T10:31:01.000Z",
            "operator_status_at": "2025-01-15T10:31:01Z",
        }
        assert (await world.xms("GET", f"{path}/{BEN}")).status == 404
        assert (await world.xms("GET", f"{path}/x")).status == 404


async def test_recipient_reports_are_listed_newest_first_and_found_by_what_they_say() -> None:
    async with texting() as world:
        await world.send(ANNA, client_reference="one")
        await world.send(FAILS, BEN)
        await world.sim.advance(1)
        listed = await world.ask("GET", "/delivery_reports")
        assert [each["recipient"] for each in listed["delivery_reports"]] == [BEN[1:], FAILS[1:], ANNA[1:]]
        assert (listed["count"], listed["page_size"]) == (3, 3)

        async def found(query: str) -> list[str]:
            reports = (await world.ask("GET", f"/delivery_reports?{query}"))["delivery_reports"]
            return [each["recipient"] for each in reports]

        assert await found("status=Failed") == await found("code=100") == [FAILS[1:]]
        assert await found("client_reference=one") == [ANNA[1:]]
        assert await found("end_date=2025-01-15T10:30:00Z") == []


@pytest.mark.parametrize(
    ("setting", "posted"),
    [
        ("none", []),
        ("summary", [("delivery_report_sms", None)]),
        ("full", [("delivery_report_sms", None)]),
        (
            "per_recipient",
            [
                ("recipient_delivery_report_sms", "Dispatched"),
                ("recipient_delivery_report_sms", "Dispatched"),
                ("recipient_delivery_report_sms", "Delivered"),
                ("recipient_delivery_report_sms", "Failed"),
            ],
        ),
        (
            "per_recipient_final",
            [("recipient_delivery_report_sms", "Delivered"), ("recipient_delivery_report_sms", "Failed")],
        ),
    ],
)
async def test_reports_are_posted_as_the_batch_wants(setting: str, posted: list[tuple[str, str | None]]) -> None:
    async with texting() as world:
        batch = await world.send(ANNA, FAILS, delivery_report=setting)
        await world.sim.advance(2)
        assert [(each["type"], each.get("status")) for each in world.posted] == posted
        assert {each["batch_id"] for each in world.posted} <= {batch["id"]}
        if setting == "full":
            assert world.posted[0]["statuses"][1]["recipients"] == [FAILS[1:]]
            assert world.posted[0] == await world.ask("GET", f"/batches/{batch['id']}/delivery_report?type=full")


async def test_reports_go_to_the_url_of_the_batch_before_that_of_the_plan() -> None:
    async with texting() as world:
        url = f"{world.sim.webhook.url}/own"
        await world.send(delivery_report="summary", callback_url=url)
        await world.sim.advance(1)
        [posted] = world.sim.webhook.posted
        assert posted.path == "/hook/own"
        [shown] = await world.sim.callbacks("?product=sms")
        assert (shown["event"], shown["url"], shown["attempt"]) == ("delivery_report_sms", url, 1)
        assert await world.sim.callbacks(f"?batchId={shown['batchId']}") == [shown]


async def test_a_batch_that_expires_is_reported_then() -> None:
    async with texting() as world:
        batch = await world.send(ANNA, NEVER, delivery_report="summary", expire_at="2025-01-15T10:40:00Z")
        await world.sim.advance(599)
        assert (await world.statuses(batch), world.posted) == ({"Delivered": 1, "Dispatched": 1}, [])
        await world.sim.advance(1)
        assert await world.statuses(batch) == {"Delivered": 1, "Expired": 1}
        assert [each["code"] for each in world.posted[0]["statuses"]] == [0, 406]


async def test_a_receipt_that_comes_after_the_expiry_changes_nothing() -> None:
    async with texting() as world:
        await world.sim.control("PUT", f"/phones/{ANNA}", {"sms": {"after": 700}})
        batch = await world.send(ANNA, delivery_report="per_recipient_final", expire_at="2025-01-15T10:40:00Z")
        await world.sim.advance(800)
        assert (await world.statuses(batch), len(world.posted)) == ({"Expired": 1}, 1)


@pytest.mark.parametrize(
    ("status", "code"),
    [("Failed", 1), ("Rejected", 15), ("Deleted", 61), ("Unknown", 100), ("Expired", 406), ("Aborted", 402)]
    + [("Aborted", code) for code in (403, 404, 408, 412, 413, 414)]
    + [("Failed", code) for code in (415, 416, 417, 418)],
)
async def test_every_status_and_code_can_be_scripted(status: str, code: int) -> None:
    async with texting() as world:
        await world.sim.control("PUT", f"/phones/{ANNA}", {"sms": {"status": status, "code": code, "after": 3}})
        batch = await world.send(ANNA, delivery_report="per_recipient_final")
        await world.sim.advance(3)
        [report] = world.posted
        assert (report["status"], report["code"], report["batch_id"]) == (status, code, batch["id"])
        assert await world.inbox(ANNA) == []
        [message] = await world.messages()
        assert (message["status"], message["code"], message["deliveredAt"]) == (status, code, None)


async def test_an_unreachable_phone_is_never_heard_of() -> None:
    async with texting() as world:
        await world.sim.control("PUT", f"/phones/{ANNA}", {"unreachable": {}})
        batch = await world.send(ANNA)
        await world.sim.advance(86_400)
        assert await world.statuses(batch) == {"Dispatched": 1}
        await world.sim.advance(2 * 86_400)
        assert await world.statuses(batch) == {"Expired": 1}


# ---- how callbacks are delivered


def test_the_signature_is_that_of_the_published_vector() -> None:
    body = (
        b'{"at":"2025-01-13T09:22:40.914Z","batch_id":"01JHFFHQ0P99JPPNQPJDV7JTBP",'
        b'"client_reference":"a client reference","code":0,'
        b'"operator_status_at":"2025-01-13T09:22:00Z","recipient":"33662162466","status":"Delivered",'
        b'"type":"recipient_delivery_report_sms"}'
    )
    signature = webhook_signature("SMSWebhooksSecret", body, "01JHFFHWYY7HSS4FWTMDTQEK8V", "1736760161")
    assert signature == "ZoHei66PPN/kZjw7hFVfGhJOnml3iGNCMWoyQVcE5o0="


async def test_callbacks_are_signed_when_there_is_a_secret() -> None:
    async with texting() as world:
        await world.send(delivery_report="summary")
        await world.sim.advance(1)
        await world.configure(smsWebhookSecret="foo_secret1234")
        await world.send(delivery_report="summary")
        await world.sim.advance(1)
        unsigned, signed = world.sim.webhook.posted
        name = "x-sinch-webhook-signature"
        assert not any(header.startswith("x-sinch-webhook") for header in unsigned.headers)
        assert unsigned.headers["content-type"].startswith("application/json")
        assert signed.headers["content-type"] == "application/json"
        nonce, timestamp = signed.headers[f"{name}-nonce"], signed.headers[f"{name}-timestamp"]
        assert signed.headers[f"{name}-algorithm"] == "HmacSHA256"
        assert signed.headers[name] == webhook_signature("foo_secret1234", signed.raw, nonce, timestamp)
        assert "authorization" not in signed.headers


async def redelivered(world: Texting, forge: str | None) -> Json:
    shown = (await world.sim.callbacks())[0]
    await world.sim.control("POST", f"/callbacks/{shown['id']}/redeliver", {"forge": forge} if forge else {})
    headers = world.sim.webhook.posted[-1].headers
    return {name.rpartition("signature")[2]: value for name, value in headers.items() if "x-sinch-webhook" in name}


async def test_a_callback_is_sent_again_with_a_good_signature_or_forged() -> None:
    async with texting() as world:
        await world.configure(smsWebhookSecret="secret")
        await world.send(delivery_report="summary")
        await world.sim.advance(1)
        for forge, genuine in ((None, True), ("signature", False), ("body", False)):
            headers = await redelivered(world, forge)
            raw = world.sim.webhook.posted[-1].raw
            right = webhook_signature("secret", raw, headers["-nonce"], headers["-timestamp"])
            assert (headers[""] == right) is genuine
        assert await redelivered(world, "unsigned") == {}


@pytest.mark.parametrize(("status", "count"), [(500, 4), (503, 4), (429, 4), (400, 1), (401, 1), (404, 1), (302, 1)])
async def test_an_app_that_fails_is_asked_again_and_one_that_refuses_is_not(status: int, count: int) -> None:
    async with texting() as world:

        async def refuse(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.Response(status=status)

        world.sim.webhook.responders["delivery_report_sms"] = refuse
        await world.send(delivery_report="summary")
        await world.sim.advance(21.5)
        shown = await world.sim.callbacks("?event=delivery_report_sms")
        assert [each["attempt"] for each in shown] == list(range(1, count + 1))
        # Offsets from the first failure: 5, 10, 20, 40 seconds.
        seconds = [each["sentAt"][17:19] for each in shown]
        assert seconds == ["01", "06", "11", "21"][:count]


async def test_the_last_attempt_is_made_a_day_after_the_first() -> None:
    async with texting() as world:

        async def refuse(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.Response(status=500)

        world.sim.webhook.responders["delivery_report_sms"] = refuse
        await world.send(delivery_report="summary")
        await world.sim.advance(200_000)
        shown = await world.sim.callbacks()
        assert (len(shown), shown[-1]["attempt"], shown[-1]["sentAt"]) == (16, 16, "2025-01-16T09:15:21.000Z")


async def test_an_app_that_is_not_there_is_asked_again_until_it_is() -> None:
    async with texting() as world:
        rule = {"on": "callback", "match": {"event": "delivery_report_sms"}, "do": {"disconnect": True}, "times": 2}
        await world.sim.control("POST", "/faults", rule)
        await world.send(delivery_report="summary")
        await world.sim.advance(12)
        assert [each["outcome"] for each in await world.sim.callbacks()] == ["unreachable", "unreachable", "answered"]
        assert len(world.posted) == 1


async def test_a_fault_answers_in_the_words_of_each_api() -> None:
    async with texting() as world:
        rule = {"on": "rest", "match": {"product": "sms"}, "do": {"status": 503}}
        await world.sim.control("POST", "/faults", rule)
        reply = await world.xms("POST", "/batches", {})
        assert (reply.status, set(reply.json)) == (503, {"code", "text"})
        reply = await world.sim.rest("POST", f"/v1/sms/{CARL}", {"message": "x"})
        assert (reply.status, set(reply.json)) == (503, {"errorCode", "message", "reference"})


# ---- feedback


async def test_feedback_is_taken_where_it_is_enabled() -> None:
    async with texting() as world:
        batch = await world.send(feedback_enabled=True)
        assert batch["feedback_enabled"] is True
        path = f"/batches/{batch['id']}/delivery_feedback"
        reply = await world.xms("POST", path, {"recipients": [ANNA]})
        assert (reply.status, reply.raw) == (202, b"")
        assert (await world.xms("POST", path, {"recipients": []})).status == 202
        lines = (await world.sim.control("GET", "/journal"))["entries"]
        assert [line["recipients"] for line in lines if line["kind"] == "batch.feedback"] == [[ANNA], []]
        for wrong in ({}, {"recipients": ["x"]}, {"recipients": ANNA}):
            assert (await world.xms("POST", path, wrong)).status == 400
        without = await world.send()
        reply = await world.xms("POST", f"/batches/{without['id']}/delivery_feedback", {"recipients": []})
        assert (reply.status, reply.json["code"]) == (400, "syntax_constraint_violation")
        assert (await world.xms("POST", "/batches/x/delivery_feedback", {"recipients": []})).status == 404
