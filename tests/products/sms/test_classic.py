"""Classic SMS with key and secret of the application (docs/platform/sms.md#11)."""

from typing import Any

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.embedded.signatures import verify
from support.sms_world import ANNA, HINT, OWN, Texting, texting
from support.wired_world import Reply

VERIFIED = "+46700000009"


async def post(world: Texting, number: str = VERIFIED, /, **body: Any) -> Reply:
    return await world.sim.rest("POST", f"/v1/sms/{number}", body)


async def status(world: Texting, message_id: object) -> str:
    reply = await world.sim.rest("GET", f"/v1/message/status/{message_id}")
    same = await world.sim.rest("GET", f"/v1/Sms/{message_id}/")
    assert (reply.status, reply.json) == (same.status, same.json)
    found: str = reply.json["status"]
    return found


async def test_a_text_is_sent_by_the_verified_number_and_its_status_told() -> None:
    async with texting() as world:
        reply = await post(world, message="Hello")
        assert (reply.status, reply.json) == (200, {"messageId": 1})
        assert await status(world, 1) == "Pending"
        await world.sim.advance(1)
        assert await status(world, 1) == "Successful"
        [message] = await world.messages()
        assert (message["api"], message["messageId"], message["from"]) == ("classic", "1", VERIFIED)
        assert await world.inbox(VERIFIED) == ["Hello"]


async def test_message_ids_begin_again_after_a_reset() -> None:
    async with texting() as world:
        assert [(await post(world, message="Hello")).json for _ in range(2)] == [{"messageId": 1}, {"messageId": 2}]
        await world.sim.control("POST", "/reset")
        assert (await post(world, message="Hello")).json == {"messageId": 1}


async def test_names_may_be_written_as_old_programs_do() -> None:
    async with texting() as world:
        reply = await world.sim.rest("POST", f"/v1/Sms/{VERIFIED}", {"Message": "Hi", "From": OWN})
        assert reply.status == 200
        await world.sim.advance(1)
        assert [each["from"] for each in await world.messages()] == [OWN]


@pytest.mark.parametrize(
    ("last_digit", "told"),
    [("0", "Faulted"), ("1", "Faulted"), ("2", "Pending"), ("3", "Pending"), ("4", "Successful")],
)
async def test_a_status_is_one_of_four_words(last_digit: str, told: str) -> None:
    async with texting() as world:
        await post(world, f"+1404555013{last_digit}", message="x")
        await world.sim.advance(5)
        assert await status(world, 1) == told


async def test_an_id_of_nobody_or_of_somebody_else_is_unknown() -> None:
    async with texting() as world:
        other = await world.sim.application(world="default")
        await post(world, message="x")
        assert await status(world, 2) == await status(world, "x") == "Unknown"
        reply = await world.sim.rest("GET", "/v1/sms/1", key=other["key"], secret=other["secret"])
        assert reply.json == {"status": "Unknown"}


@pytest.mark.parametrize(
    ("number", "body", "code", "named"),
    [
        (VERIFIED, {}, 40002, "message"),
        (VERIFIED, {"message": ""}, 40001, "message"),
        (VERIFIED, {"message": "x" * 2001}, 40001, "message"),
        (VERIFIED, {"message": 5, "from": []}, 40001, "from"),
        ("12", {"message": "x"}, 40001, "number"),
        ("abc", {"message": "x"}, 40001, "number"),
    ],
)
async def test_a_text_that_cannot_be_is_refused_by_name(number: str, body: Any, code: int, named: str) -> None:
    async with texting() as world:
        reply = await post(world, number, **body)
        assert reply.error_code == code
        assert named in reply.json["message"]
        assert reply.headers[HINT]
        assert await world.messages() == []


async def test_a_sandbox_application_sends_to_verified_numbers_only() -> None:
    async with texting() as world:
        await world.configure(sandbox=True, verifiedNumbers=[ANNA])
        assert (await post(world, ANNA, message="x")).status == 200
        refused = await post(world, message="x")
        assert (refused.status, refused.error_code) == (403, 40303)
        assert ANNA in refused.headers[HINT]
        await world.configure(sandbox=False)
        assert (await post(world, message="x")).status == 200
        await world.configure(verifiedNumbers=[])
        assert (await post(world, ANNA, message="x")).error_code == 40303


async def test_requests_are_signed_or_basic_and_nothing_else() -> None:
    async with texting() as world:
        for authorization, code in (("Bearer x", 40301), ("", 40100), (f"Application {DEFAULT_KEY}", 40301)):
            headers = {"Authorization": authorization} if authorization else {}
            reply = await world.sim.request("POST", f"/v1/sms/{VERIFIED}", {"message": "x"}, headers=headers)
            assert reply.error_code == code


async def test_a_text_that_comes_in_is_posted_signed_as_callbacks_of_voice() -> None:
    async with texting(webhook=False) as world:
        await world.configure(classicSmsCallbackUrl=world.sim.webhook.url)
        await world.text("Hello")
        [posted] = world.sim.webhook.posted
        assert posted.body == {
            "event": "incomingSms",
            "to": {"type": "number", "endpoint": OWN},
            "from": {"type": "number", "endpoint": ANNA},
            "message": "Hello",
            "timestamp": "2025-01-15T10:30:00Z",
            "version": 1,
        }
        assert verify(
            DEFAULT_SECRET, application_key=DEFAULT_KEY, headers=posted.headers, path="/hook", body=posted.raw
        )


async def test_a_sender_without_arrangement_and_texts_to_the_states_are_told() -> None:
    async with texting() as world:
        await post(world, "+14045550199", message="x")
        await post(world, message="x", **{"from": "Shop"})
        assert await world.sim.codes() == ["SENDER_NOT_RENTED", "SENDER_NOT_ARRANGED"]
