"""Texts that come in, from a test or from phones that answer; keywords; groups (docs/platform/sms.md#9 and #10)."""

import pytest
from aiohttp import web

from support.sms_world import ANNA, BEN, CARL, HINT, OWN, Json, Texting, texting

REPLIES = "+14045550134"


async def test_a_text_that_comes_in_is_posted_shown_and_listed() -> None:
    async with texting() as world:
        message = await world.text("JOIN now", operatorId="24001", sentAt="2025-01-15T10:29:58Z")
        assert (message["direction"], message["status"], message["code"], message["from"], message["to"]) == (
            "inbound", "Received", None, ANNA, OWN,
        )  # fmt: skip
        inbound = {
            "id": message["inboundId"],
            "type": "mo_text",
            "from": "46700000001",
            "to": "14045550100",
            "body": "JOIN now",
            "received_at": "2025-01-15T10:30:00.000Z",
            "sent_at": "2025-01-15T10:29:58.000Z",
            "operator_id": "24001",
        }
        assert world.posted == [inbound]
        assert await world.ask("GET", f"/inbounds/{message['inboundId']}") == inbound
        assert (await world.ask("GET", "/inbounds"))["inbounds"] == [inbound]
        [shown] = await world.sim.callbacks(f"?messageId={message['id']}")
        assert shown["event"] == "mo_text"
        same = await world.sim.control("GET", f"/messages/{message['id']}")
        assert await world.messages("?direction=inbound") == [same]


async def test_a_text_that_no_app_is_told_of_is_said_once() -> None:
    async with texting(webhook=False) as world:
        message = await world.text("one")
        await world.text("two")
        assert await world.sim.codes() == ["SMS_NO_CALLBACK_URL"]
        assert "diagnostic" in [line["kind"] for line in message["timeline"]]
        await world.configure(smsCallbackUrl=world.sim.webhook.url)
        await world.text("three")
        assert [each["body"] for each in world.posted] == ["three"]


async def test_bytes_come_in_with_their_header() -> None:
    async with texting() as world:
        message = await world.sim.control("POST", "/messages", {"from": ANNA, "data": "AP8=", "udh": "0605"})
        assert (message["data"], message["udh"], message["text"]) == ("AP8=", "0605", None)
        [posted] = world.posted
        assert (posted["type"], posted["body"], posted["udh"]) == ("mo_binary", "AP8=", "0605")


async def test_texts_go_to_the_application_that_has_the_number() -> None:
    async with texting() as world:
        other = await world.sim.application(world="default", numbers=["+14045550155"])
        message = await world.text("x", to="1404 555 0155")
        assert message["applicationKey"] == other["key"]
        assert world.posted == []
        assert (await world.ask("GET", "/inbounds"))["count"] == 0


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"text": "x"}, 400, "from"),
        ({"from": ANNA}, 400, "text or data"),
        ({"from": ANNA, "text": "x", "data": "AA=="}, 400, "text or data"),
        ({"from": ANNA, "text": "x", "to": BEN}, 404, BEN),
        ({"from": ANNA, "text": "x", "udh": "00"}, 400, "udh"),
        ({"from": ANNA, "data": "?"}, 400, "data"),
        ({"from": ANNA, "data": "AA==", "udh": "0"}, 400, "udh"),
        ({"from": ANNA, "data": "AA==", "udh": "00 0a"}, 400, "udh"),
        ({"from": ANNA, "data": 5}, 400, "data"),
        ({"from": ANNA, "data": "AAAA" * 47}, 400, "data"),
        ({"from": ANNA, "text": "x", "sentAt": "now"}, 400, "sentAt"),
        ({"from": ANNA, "text": "x", "sentAt": "9999-12-31T23:59:59.9999Z"}, 400, "sentAt"),
        ({"from": ANNA, "text": "x", "application": "nobody"}, 404, "nobody"),
        ({"from": "", "text": "x"}, 400, "from"),
    ],
)
async def test_a_text_that_cannot_come_in_is_refused_by_name(body: Json, status: int, named: str) -> None:
    async with texting() as world:
        reply = await world.sim.request("POST", "/_simulator/messages", body)
        assert reply.status == status
        assert named in reply.error["message"]
        assert await world.messages() == []


async def test_a_phone_answers_each_text_at_the_number_that_sent_it() -> None:
    async with texting() as world:
        for _ in range(2):
            await world.send(REPLIES)
        await world.send(REPLIES, **{"from": "Clinic"})
        await world.sim.advance(2)
        assert [(each["body"], each["from"], each["to"]) for each in world.posted] == [
            ("YES", REPLIES[1:], OWN[1:]),
            ("YES", REPLIES[1:], OWN[1:]),
        ]
        lost = (await world.messages("?from=Clinic"))[0]["timeline"][-1]
        assert (lost["kind"], lost["to"]) == ("text.lost", "Clinic")


async def test_an_answer_may_come_before_the_receipt_says_that_the_text_arrived() -> None:
    async with texting() as world:
        await world.sim.control("PUT", f"/phones/{ANNA}", {"sms": {"after": 5, "reply": {"after": 0, "text": "Ok"}}})
        await world.send(ANNA)
        await world.sim.advance(5)
        assert [each["body"] for each in world.posted] == ["Ok"]


# ---- groups and keywords


async def members(world: Texting, group: Json) -> list[str]:
    found: list[str] = await world.ask("GET", f"/groups/{group['id']}/members")
    return found


async def test_a_group_is_made_shown_changed_replaced_and_deleted() -> None:
    async with texting() as world:
        group = await world.ask("POST", "/groups", {"name": "Staff", "members": [ANNA, "46700000001", BEN]})
        assert group == {
            "id": group["id"],
            "name": "Staff",
            "size": 2,
            "created_at": "2025-01-15T10:30:00.000Z",
            "modified_at": "2025-01-15T10:30:00.000Z",
            "child_groups": [],
        }
        path = f"/groups/{group['id']}"
        assert await world.ask("GET", path) == group
        assert await members(world, group) == ["46700000001", "14045550199"]
        await world.sim.advance(1)
        nothing = {"remove": None, "add_from_group": None, "remove_from_group": None, "auto_update": None}
        changed = await world.ask("POST", path, {"add": [CARL, ANNA], "name": None, **nothing})
        assert "name" not in changed
        assert (changed["size"], changed["modified_at"]) == (3, "2025-01-15T10:30:01.000Z")
        await world.ask("POST", path, {"add": ["+46700000009"], "remove": ["+46700000009", "+46700000008"]})
        assert await members(world, group) == ["46700000001", "14045550199", "46700000003"]
        replaced = await world.ask("PUT", path, {"members": [BEN]})
        assert (replaced["size"], replaced["id"], replaced["created_at"]) == (1, group["id"], group["created_at"])
        assert (await world.ask("GET", "/groups"))["groups"] == [replaced]
        assert (await world.xms("DELETE", path)).status == 200
        assert (await world.xms("GET", path)).status == 404


async def test_members_come_and_go_with_those_of_other_groups() -> None:
    async with texting() as world:
        one = await world.ask("POST", "/groups", {"members": [ANNA, BEN]})
        two = await world.ask("POST", "/groups", {"members": [CARL]})
        await world.ask("POST", f"/groups/{two['id']}", {"add_from_group": one["id"]})
        assert await members(world, two) == [CARL[1:], ANNA[1:], BEN[1:]]
        await world.ask("POST", f"/groups/{two['id']}", {"remove_from_group": one["id"]})
        assert await members(world, two) == [CARL[1:]]
        parent = await world.ask("POST", f"/groups/{one['id']}", {"child_groups_add": [two["id"], one["id"]]})
        assert (parent["child_groups"], parent["size"]) == ([two["id"], one["id"]], 3)
        parent = await world.ask("POST", f"/groups/{one['id']}", {"child_groups_remove": [two["id"]]})
        assert parent["child_groups"] == [one["id"]]


@pytest.mark.parametrize(
    ("body", "status", "code", "named"),
    [
        ({"name": "x" * 21}, 400, "syntax_constraint_violation", "name"),
        ({"name": "Taken"}, 403, "conflict_group_name", "Taken"),
        ({"members": ["x"]}, 400, "syntax_invalid_parameter_format", "members[0]"),
        ({"members": "x"}, 400, "syntax_invalid_json", "members"),
        ({"child_groups": ["nobody"]}, 403, "unknown_group", "nobody"),
        ({"child_groups": ["x1"] * 11}, 400, "syntax_constraint_violation", "child_groups"),
        ({"auto_update": {}}, 400, "syntax_constraint_violation", "auto_update.to"),
        ({"auto_update": {"to": OWN, "add": {}}}, 400, "syntax_constraint_violation", "auto_update.add.first_word"),
        (
            {"auto_update": {"to": OWN, "add": {"first_word": "two words"}}},
            400,
            "syntax_constraint_violation",
            "auto_update.add.first_word",
        ),
    ],
)
async def test_a_group_that_cannot_be_is_refused_by_name_and_changes_nothing(
    body: Json, status: int, code: str, named: str
) -> None:
    async with texting() as world:
        await world.ask("POST", "/groups", {"name": "Taken"})
        own = await world.ask("POST", "/groups", {"name": "Own", "members": [ANNA]})
        replaced = {"members": [], **body}
        for method, path, sent in (("POST", "/groups", body), ("PUT", f"/groups/{own['id']}", replaced)):
            reply = await world.xms(method, path, sent)
            assert (reply.status, reply.json["code"]) == (status, code), reply.raw
            assert named in reply.json["text"]
            assert reply.headers[HINT]
        assert (await world.ask("GET", "/groups"))["groups"][0] == own
        assert await world.ask("GET", f"/groups/{own['id']}") == own


async def test_an_update_that_fails_changes_nothing() -> None:
    async with texting() as world:
        group = await world.ask("POST", "/groups", {"members": [ANNA]})
        path = f"/groups/{group['id']}"
        reply = await world.xms("POST", path, {"add": [BEN], "add_from_group": "nobody"})
        assert (reply.status, reply.json["code"]) == (403, "unknown_group")
        assert await world.ask("GET", path) == group
        assert await members(world, group) == [ANNA[1:]]


async def test_keywords_let_people_join_and_leave_a_group() -> None:
    async with texting() as world:
        join, leave = {"first_word": "Join", "second_word": "Club"}, {"first_word": "stop"}
        rule = {"to": int(OWN[1:]), "add": join, "remove": leave}
        group = await world.ask("POST", "/groups", {"auto_update": rule})
        assert group["auto_update"] == {**rule, "to": OWN[1:]}
        await world.text("JOIN the club")
        assert await members(world, group) == []
        await world.text("join CLUB please")
        assert await members(world, group) == [ANNA[1:]]
        batch = await world.send(group["id"])
        await world.sim.advance(1)
        assert await world.statuses(batch) == {"Delivered": 1}
        left = await world.text("Stop it")
        assert await members(world, group) == []
        kinds = [line["kind"] for line in left["timeline"]]
        assert kinds == ["text.received", "group.left", "callback.sent", "callback.answered"]
        assert [each["body"] for each in world.posted] == ["JOIN the club", "join CLUB please", "Stop it"]


# ---- what a reset and the end of an application leave behind


async def test_a_reset_drops_batches_groups_messages_and_what_was_to_come() -> None:
    async with texting() as world:
        await world.ask("POST", "/groups", {"name": "g"})
        await world.send(send_at="2025-01-15T10:31:00Z")
        await world.send()
        await world.text("x")
        await world.sim.control("POST", "/reset")
        await world.sim.advance(200)
        assert await world.messages() == []
        for path in ("/batches", "/groups", "/inbounds", "/delivery_reports"):
            assert (await world.ask("GET", path))["count"] == 0
        assert await world.inbox(ANNA) == []


async def test_two_runs_have_the_same_ids() -> None:
    seen = []
    for _ in range(2):
        async with texting() as world:
            seen.append([(await world.send())["id"], (await world.text("x"))["id"]])
    assert seen[0] == seen[1]
    assert len({*seen[0]}) == 2


async def test_a_simulator_that_keeps_the_newest_drops_older_texts_with_all_that_was_written_of_them() -> None:
    async with texting(keep_calls=2) as world:
        for number in range(3):
            await world.send(ANNA, BEN, body=f"Text {number}", delivery_report="per_recipient_final")
            await world.sim.rest("POST", "/v1/sms/+46700000009", {"message": f"Classic {number}"})
            await world.text(f"Answer {number}")
            await world.sim.advance(1)
        await world.sim.advance(1)
        assert len(await world.messages()) < 12
        assert (await world.inbox(ANNA))[-1] == "Text 2"
        assert (await world.ask("GET", "/batches"))["count"] == 1
        subjects = {line.get("batchId") for line in (await world.sim.control("GET", "/journal"))["entries"]}
        assert len(subjects - {None}) == 1
        assert len(await world.sim.callbacks("?event=recipient_delivery_report_sms")) == 2
        assert "CALLS_DROPPED" in await world.sim.codes()


async def test_a_batch_stays_while_an_app_has_to_be_told_of_one_of_its_messages_again() -> None:
    async def refuse(request: web.BaseRequest, body: Json) -> web.StreamResponse:
        return web.Response(status=500)

    async with texting(keep_calls=1) as world:
        world.sim.webhook.responders["recipient_delivery_report_sms"] = refuse
        batch = await world.send(delivery_report="per_recipient_final")
        for _ in range(4):
            await world.sim.advance(1)
            await world.send(BEN)
        [refused] = await world.sim.callbacks("?event=recipient_delivery_report_sms")
        assert (refused["outcome"], refused["batchId"]) == ("bad-status", batch["id"])
        assert await world.statuses(batch) == {"Delivered": 1}
        del world.sim.webhook.responders["recipient_delivery_report_sms"]
        await world.sim.advance(6)
        assert [each["type"] for each in world.posted] == ["recipient_delivery_report_sms"] * 2
        assert (await world.xms("GET", f"/batches/{batch['id']}")).status == 404
        assert await world.sim.callbacks() == []
