"""Batches over HTTP: what is taken, shown, changed, cancelled and refused (docs/platform/sms.md#3 to #5)."""

import base64

import pytest

from support.sms_world import ANNA, BEN, CARL, HINT, OWN, Json, texting


async def test_a_batch_is_shown_as_it_was_sent_with_bare_numbers() -> None:
    async with texting() as world:
        batch = await world.send("00 46 (70) 000-0001", "14045550199", client_reference="r1", flash_message=True)
        assert batch["to"] == ["46700000001", "14045550199"]
        assert (batch["from"], batch["type"], batch["canceled"]) == ("14045550100", "mt_text", False)
        assert (batch["created_at"], batch["expire_at"]) == ("2025-01-15T10:30:00.000Z", "2025-01-18T10:30:00.000Z")
        assert (batch["delivery_report"], batch["flash_message"], batch["client_reference"]) == ("none", True, "r1")
        assert "send_at" not in batch
        assert "feedback_enabled" not in batch
        assert len(batch["id"]) == 26
        assert await world.ask("GET", f"/batches/{batch['id']}") == batch


async def test_a_text_arrives_a_second_after_it_was_sent() -> None:
    async with texting() as world:
        batch = await world.send(ANNA, BEN)
        assert await world.statuses(batch) == {"Dispatched": 2}
        assert await world.inbox(ANNA) == []
        await world.sim.advance(1)
        assert await world.statuses(batch) == {"Delivered": 2}
        assert await world.inbox(ANNA) == await world.inbox(BEN) == ["Hello"]
        first, second = await world.messages(f"?batchId={batch['id']}")
        assert (first["to"], first["from"], first["status"], first["code"]) == (ANNA, OWN, "Delivered", 0)
        assert first["deliveredAt"] == first["finalAt"] == "2025-01-15T10:30:01.000Z"
        assert [line["kind"] for line in second["timeline"]] == ["text.sent", "text.delivered"]


async def test_a_scheduled_batch_is_sent_in_its_time_to_whom_its_group_has_then() -> None:
    async with texting() as world:
        group = await world.ask("POST", "/groups", {"members": [ANNA]})
        batch = await world.send(group["id"], BEN, send_at="2025-01-15T11:30:00Z")
        await world.ask("POST", f"/groups/{group['id']}", {"add": [CARL]})
        assert await world.statuses(batch) == {"Queued": 3}
        assert await world.messages() == []
        await world.sim.advance(3601)
        assert [each["to"] for each in await world.messages()] == [ANNA, CARL, BEN]
        assert (await world.messages())[0]["createdAt"] == "2025-01-15T11:30:00.000Z"


async def test_somebody_in_two_groups_gets_one_text_and_a_deleted_group_is_empty() -> None:
    async with texting() as world:
        one = await world.ask("POST", "/groups", {"members": [ANNA, BEN]})
        two = await world.ask("POST", "/groups", {"members": [ANNA], "child_groups": [one["id"]]})
        gone = await world.ask("POST", "/groups", {"members": [CARL]})
        assert two["size"] == 2
        batch = await world.send(one["id"], two["id"], gone["id"], ANNA, send_at="2025-01-15T10:31:00Z")
        assert (await world.xms("DELETE", f"/groups/{gone['id']}")).raw == b""
        await world.sim.advance(62)
        assert await world.statuses(batch) == {"Delivered": 2}


async def test_a_cancelled_batch_is_never_sent_and_its_report_is_empty() -> None:
    async with texting() as world:
        batch = await world.send(send_at="2025-01-15T10:31:00Z", delivery_report="summary")
        assert (await world.ask("DELETE", f"/batches/{batch['id']}"))["canceled"] is True
        await world.sim.advance(120)
        report = await world.ask("GET", f"/batches/{batch['id']}/delivery_report")
        assert (report["total_message_count"], report["statuses"]) == (0, [])
        assert (await world.messages(), world.posted) == ([], [])


async def test_what_was_sent_stays_sent_when_its_batch_is_cancelled() -> None:
    async with texting() as world:
        batch = await world.send()
        assert (await world.ask("DELETE", f"/batches/{batch['id']}"))["canceled"] is True
        await world.sim.advance(1)
        assert await world.statuses(batch) == {"Delivered": 1}


async def test_an_update_changes_what_it_says_and_a_null_is_the_default() -> None:
    async with texting() as world:
        about = {"send_at": "2025-01-15T12:00:00Z", "callback_url": "http://localhost:1/x", "client_reference": "r"}
        batch = await world.send(**about)
        await world.sim.advance(1)
        path = f"/batches/{batch['id']}"
        changed = await world.ask("POST", path, {"body": "Bye", "to_add": [BEN], "toRemove": [ANNA]})
        assert (changed["body"], changed["to"], changed["client_reference"]) == ("Bye", ["14045550199"], "r")
        assert (changed["created_at"], changed["modified_at"]) == (batch["created_at"], "2025-01-15T10:30:01.000Z")
        cleared = await world.ask("POST", path, {"callback_url": None, "send_at": None, "parameters": None})
        assert "callback_url" not in cleared
        assert "send_at" not in cleared
        await world.sim.advance(1)
        assert (await world.inbox(BEN), await world.inbox(ANNA)) == (["Bye"], [])


async def test_an_update_moves_the_time_of_sending() -> None:
    async with texting() as world:
        batch = await world.send(send_at="2025-01-15T10:31:00Z")
        await world.ask("POST", f"/batches/{batch['id']}", {"send_at": "2025-01-15T10:40:00Z"})
        await world.sim.advance(120)
        assert await world.statuses(batch) == {"Queued": 1}
        await world.sim.advance(600)
        assert await world.statuses(batch) == {"Delivered": 1}


async def test_an_update_to_another_kind_leaves_nothing_of_the_kind_before() -> None:
    async with texting() as world:
        batch = await world.send(body="Hello ${name}", send_at="2025-01-15T10:31:00Z")
        path = f"/batches/{batch['id']}"
        media = {"type": "mt_media", "body": {"url": "https://example.com/cat.jpg"}, "strict_validation": True}
        assert (await world.ask("POST", path, media))["strict_validation"] is True
        shown = await world.ask("POST", path, {"type": "mt_binary", "body": "AA==", "udh": "00"})
        assert (shown["body"], shown["udh"]) == ("AA==", "00")
        assert "strict_validation" not in shown
        await world.ask("POST", path, {**media, "type": "mt_media"})
        await world.sim.advance(62)
        assert await world.statuses(batch) == {"Delivered": 1}
        assert await world.inbox(ANNA) == ["https://example.com/cat.jpg"]


async def test_a_replaced_batch_keeps_its_id_and_nothing_else() -> None:
    async with texting() as world:
        batch = await world.send(send_at="2025-01-15T10:31:00Z", feedback_enabled=True)
        other = {"to": [BEN], "from": "Shop", "body": "New", "send_at": "2025-01-15T10:32:00Z"}
        replaced = await world.ask("PUT", f"/batches/{batch['id']}", other)
        assert (replaced["id"], replaced["created_at"], replaced["from"]) == (batch["id"], batch["created_at"], "Shop")
        assert "feedback_enabled" not in replaced
        await world.sim.advance(200)
        assert (await world.inbox(ANNA), await world.inbox(BEN)) == ([], ["New"])


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_what_was_sent_cannot_be_changed(method: str) -> None:
    async with texting() as world:
        batch = await world.send()
        reply = await world.xms(method, f"/batches/{batch['id']}", {"to": [BEN], "from": OWN, "body": "x"})
        assert (reply.status, reply.json["code"]) == (403, "batch_already_dispatched")
        assert (await world.ask("GET", f"/batches/{batch['id']}")) == batch


async def test_parameters_are_filled_in_and_one_without_a_value_aborts_its_recipient_alone() -> None:
    async with texting() as world:
        parameters = {"name": {"46700000001": "Anna ${x}", BEN: "Ben"}, "day": {"default": "Monday"}}
        batch = await world.send(ANNA, BEN, CARL, body="${name}, ${day}: ${name}!", parameters=parameters)
        assert batch["parameters"] == parameters
        await world.sim.advance(1)
        assert await world.inbox(ANNA) == ["Anna ${x}, Monday: Anna ${x}!"]
        assert await world.inbox(BEN) == ["Ben, Monday: Ben!"]
        report = await world.ask("GET", f"/batches/{batch['id']}/delivery_report/{CARL}")
        assert (report["status"], report["code"]) == ("Aborted", 405)
        assert await world.sim.codes() == ["PARAMETER_MISSING"]


async def test_a_text_with_too_many_parts_is_aborted_or_cut() -> None:
    async with texting() as world:
        long = "я" * 71
        batch = await world.send(body=long, max_number_of_message_parts=1)
        report = await world.ask("GET", f"/batches/{batch['id']}/delivery_report/{ANNA}")
        assert (report["status"], report["code"], report["number_of_message_parts"]) == ("Aborted", 411, 2)
        await world.send(body=long, max_number_of_message_parts=1, truncate_concat=True)
        await world.sim.advance(1)
        assert await world.inbox(ANNA) == ["я" * 70]


async def test_a_batch_without_sender_has_the_default_originator_or_is_aborted() -> None:
    async with texting() as world:
        batch = await world.ask("POST", "/batches", {"to": [ANNA], "from": None, "body": "Hi"})
        assert batch["from"] is None
        await world.sim.advance(1)
        report = await world.ask("GET", f"/batches/{batch['id']}/delivery_report/{ANNA}")
        assert report["applied_originator"] == "14045550100"
        await world.configure(defaultOriginator=None)
        batch = await world.ask("POST", "/batches", {"to": [ANNA], "body": "Hi"})
        report = await world.ask("GET", f"/batches/{batch['id']}/delivery_report/{ANNA}")
        assert (report["status"], report["code"]) == ("Aborted", 410)


async def test_bytes_arrive_with_their_header() -> None:
    async with texting() as world:
        body = base64.b64encode(b"\x01\x02").decode()
        batch = await world.send(body=body, type="mt_binary", udh="06050423F423F4")
        assert (batch["body"], batch["udh"], batch["type"]) == (body, "06050423f423f4", "mt_binary")
        await world.sim.advance(1)
        [message] = await world.messages()
        assert (message["data"], message["udh"], message["encoding"]) == (body, "06050423f423f4", "BINARY")


async def test_a_media_message_shows_its_text_and_its_address() -> None:
    async with texting() as world:
        body = {"url": "https://example.com/cat.jpg", "message": "A cat"}
        batch = await world.send(type="mt_media", body=body)
        assert batch["body"] == body
        await world.sim.advance(1)
        assert await world.inbox(ANNA) == ["A cat\nhttps://example.com/cat.jpg"]


async def test_a_dry_run_counts_and_sends_nothing() -> None:
    async with texting() as world:
        body = {"to": [ANNA, BEN], "from": OWN, "body": "${x}", "parameters": {"x": {ANNA: "я" * 80, "default": "a"}}}
        assert await world.ask("POST", "/batches/dry_run", body) == {"number_of_recipients": 2, "number_of_messages": 3}
        view = await world.ask("POST", "/batches/dry_run?per_recipient=True&number_of_recipients=1", body)
        assert view["per_recipient"] == [
            {"recipient": "46700000001", "number_of_parts": 2, "body": "я" * 80, "encoding": "unicode"}
        ]
        await world.sim.advance(2)
        assert (await world.messages(), (await world.ask("GET", "/batches"))["count"]) == ([], 0)


async def test_batches_are_listed_newest_first_by_page_sender_reference_and_time() -> None:
    async with texting() as world:
        first = await world.send(client_reference="one")
        await world.sim.advance(3600)
        second = await world.send(**{"from": "Shop"})
        listed = await world.ask("GET", "/batches")
        assert (listed["count"], listed["page"], listed["page_size"]) == (2, 0, 2)
        assert [each["id"] for each in listed["batches"]] == [second["id"], first["id"]]

        async def ids(query: str) -> list[str]:
            return [each["id"] for each in (await world.ask("GET", f"/batches?{query}"))["batches"]]

        assert await ids("page_size=1&page=1") == [first["id"]]
        assert await ids("page=7") == []
        assert await ids("client_reference=one") == [first["id"]]
        assert await ids("from=+1404-5550100,Nobody") == await ids("from=%2B14045550100") == [first["id"]]
        assert await ids("start_date=2025-01-15T11:00:00%2B00:00") == [second["id"]]
        assert await ids("start_date=2025-01-15T12:00:00+01:00") == [second["id"]]
        assert await ids("end_date=2025-01-15T11:00") == [first["id"]]
        await world.sim.advance(86_400)
        assert await ids("") == [second["id"]]
        assert await ids("start_date=2025-01-01") == [second["id"], first["id"]]


BATCH: Json = {"to": [ANNA], "from": OWN, "body": "x"}
CONSTRAINT = "syntax_constraint_violation"
FORMAT = "syntax_invalid_parameter_format"


@pytest.mark.parametrize(
    ("changes", "status", "code", "named"),
    [
        ({"to": None}, 400, CONSTRAINT, "to"),
        ({"to": []}, 400, CONSTRAINT, "to"),
        ({"to": [f"+4670000{each:04}" for each in range(1001)]}, 400, CONSTRAINT, "to"),
        ({"to": ["+1"]}, 400, FORMAT, "to[0]"),
        ({"to": [46700000001]}, 400, "syntax_invalid_json", "to[0]"),
        ({"to": ANNA}, 400, "syntax_invalid_json", "to"),
        ({"to": ["no-such-group"]}, 403, "unknown_group", "no-such-group"),
        ({"body": None}, 400, CONSTRAINT, "body"),
        ({"body": "x" * 2001}, 400, CONSTRAINT, "body"),
        ({"body": 5}, 400, "syntax_invalid_json", "body"),
        ({"type": "mt_fax"}, 400, CONSTRAINT, "type"),
        ({"delivery_report": "some"}, 400, CONSTRAINT, "delivery_report"),
        ({"delivery_report": "full"}, 403, "missing_callback_url", "callback URL"),
        ({"send_at": "tomorrow"}, 400, FORMAT, "send_at"),
        ({"send_at": "9999-12-31T23:59:59.9999Z"}, 400, FORMAT, "send_at"),
        ({"send_at": "0001-01-01T00:00:00+14:00"}, 400, FORMAT, "send_at"),
        ({"expire_at": "9999-01-01"}, 400, FORMAT, "expire_at"),
        ({"send_at": 5}, 400, "syntax_invalid_json", "send_at"),
        ({"expire_at": "2025-01-15T10:29:00Z"}, 400, CONSTRAINT, "expire_at"),
        ({"send_at": "2025-01-16", "expire_at": "2025-01-16"}, 400, CONSTRAINT, "expire_at"),
        ({"callback_url": "no url"}, 400, FORMAT, "callback_url"),
        ({"client_reference": "x" * 129}, 400, CONSTRAINT, "client_reference"),
        ({"flash_message": "yes"}, 400, FORMAT, "flash_message"),
        ({"max_number_of_message_parts": 0}, 400, CONSTRAINT, "max_number_of_message_parts"),
        ({"from_ton": 7}, 400, CONSTRAINT, "from_ton"),
        ({"parameters": {"no name": {}}}, 400, CONSTRAINT, "no name"),
        ({"parameters": {"x": {"default": "y" * 161}}}, 400, CONSTRAINT, "parameters.x.default"),
        ({"parameters": {"x": "y"}}, 400, "syntax_invalid_json", "parameters.x"),
        ({"type": "mt_binary", "body": "AA=="}, 400, CONSTRAINT, "udh"),
        ({"type": "mt_binary", "body": "?", "udh": "00"}, 400, FORMAT, "body"),
        ({"type": "mt_binary", "body": "AA==", "udh": "0"}, 400, FORMAT, "udh"),
        ({"type": "mt_binary", "body": "AAAA" * 47, "udh": "00"}, 400, CONSTRAINT, "142 bytes"),
        ({"type": "mt_media", "body": {}}, 400, CONSTRAINT, "body.url"),
    ],
)
async def test_a_batch_that_cannot_be_is_refused_by_name_and_changes_nothing(
    changes: Json, status: int, code: str, named: str
) -> None:
    async with texting(webhook=False) as world:
        document = {key: value for key, value in {**BATCH, **changes}.items() if value is not None}
        for path in ("/batches", "/batches/dry_run"):
            reply = await world.xms("POST", path, document)
            assert (reply.status, reply.json["code"]) == (status, code), reply.raw
            assert named in reply.json["text"]
            assert reply.headers[HINT]
        assert (await world.ask("GET", "/batches"))["count"] == 0
        assert await world.messages() == []


@pytest.mark.parametrize(
    ("raw", "code"), [(b"", "syntax_invalid_json"), (b"{", "syntax_invalid_json"), (b"[1]", "syntax_invalid_json")]
)
async def test_what_is_no_json_object_is_refused(raw: bytes, code: str) -> None:
    async with texting() as world:
        for method, path in (("POST", "/batches"), ("POST", "/groups"), ("POST", "/batches/dry_run")):
            reply = await world.xms(method, path, raw=raw)
            assert (reply.status, reply.json["code"]) == (400, code)


async def test_a_body_that_does_not_say_it_is_json_is_refused() -> None:
    async with texting() as world:
        for sent in ("application/x-www-form-urlencoded", "", "text/json"):
            reply = await world.xms("POST", "/batches", raw=b"{}", Content_Type=sent)
            assert (reply.status, reply.json["code"]) == (415, "unsupported_media_type")
        assert (await world.xms("POST", "/batches", BATCH, Content_Type="Application/JSON;charset=UTF-8")).status == 201


@pytest.mark.parametrize(
    "query", ["page=-1", "page=x", "page_size=0", "page_size=101", "start_date=x", "end_date=2025-13-01", "page=%FF"]
)
@pytest.mark.parametrize("path", ["/batches", "/groups", "/inbounds", "/delivery_reports"])
async def test_a_query_that_cannot_be_is_refused_by_name(path: str, query: str) -> None:
    async with texting() as world:
        if path == "/groups" and "date" in query:
            return
        reply = await world.xms("GET", f"{path}?{query}")
        assert (reply.status, reply.json["code"]) == (400, FORMAT)
        assert query.partition("=")[0] in reply.json["text"]


async def test_who_asks_must_have_the_token_of_the_plan() -> None:
    async with texting() as world:
        other = await world.sim.application()
        plan = f"/xms/v1/{world.plan}/batches"
        for authorization in ("Bearer nobody", f"Bearer {other['apiToken']}", "Basic eDp5", "Bearer", ""):
            headers = {"Authorization": authorization} if authorization else {}
            reply = await world.sim.request("GET", plan, headers=headers)
            assert (reply.status, reply.raw) == (401, b""), authorization
            assert "AUTH_" in reply.headers[HINT]
        own = {"Authorization": f"Bearer {world.token}"}
        unknown = await world.sim.request("GET", "/xms/v1/nobody/batches", headers=own)
        assert (unknown.status, unknown.raw) == (401, b"")
        batch = await world.send()
        path = f"/xms/v1/{other['servicePlanId']}/batches/{batch['id']}"
        theirs = {"Authorization": f"Bearer {other['apiToken']}"}
        assert (await world.sim.request("GET", path, headers=theirs)).status == 404


async def test_what_is_not_there_is_404_without_a_body_and_a_wrong_verb_405() -> None:
    async with texting() as world:
        for path in ("/batches/x", "/batches/x/delivery_report", "/groups/x", "/groups/x/members", "/inbounds/x", "/x"):
            reply = await world.xms("GET", path)
            assert (reply.status, reply.raw) == (404, b"")
        reply = await world.xms("PATCH", "/batches")
        assert (reply.status, reply.json["code"]) == (405, "method_not_allowed")
        reply = await world.xms("GET", "/batches/x/tags")
        assert (reply.status, reply.json["code"]) == (501, "not_supported")
        assert "client_reference" in reply.headers[HINT]


async def test_an_account_without_credit_sends_nothing() -> None:
    async with texting() as world:
        await world.configure(credit=0.05, barred=["+1*"])
        batch = await world.send(ANNA, BEN, CARL)
        await world.sim.advance(1)
        report = await world.ask("GET", f"/batches/{batch['id']}/delivery_report?type=full")
        assert [(each["code"], each["recipients"]) for each in report["statuses"]] == [
            (0, ["46700000001"]), (402, ["14045550199"]), (413, ["46700000003"]),
        ]  # fmt: skip
        await world.configure(credit=0)
        reply = await world.xms("POST", "/batches", BATCH)
        assert (reply.status, reply.json["code"]) == (403, "blocked_account")


async def test_senders_that_need_an_arrangement_are_told_once() -> None:
    async with texting() as world:
        for sender in (OWN, "Home Assistant", "12345", "+46700000099", "Home Assistant"):
            await world.send(**{"from": sender})
        assert await world.sim.codes() == ["SENDER_NOT_ARRANGED", "SENDER_NOT_ARRANGED", "SENDER_NOT_RENTED"]


async def test_a_character_that_makes_a_text_longer_is_named() -> None:
    async with texting() as world:
        await world.send(body="It’s " + "a" * 100)
        await world.send(body="It’s short")
        [finding] = (await world.sim.control("GET", "/diagnostics"))["diagnostics"]
        assert finding["code"] == "TEXT_IS_UNICODE"
        assert "’" in finding["message"]
