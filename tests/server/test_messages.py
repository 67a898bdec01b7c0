"""The texts of all products, as the control API shows them."""

import asyncio

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.message import Channel, Direction, Message, Status
from support.wired_world import ANNA, BEN, Wired, wired


def keep(sim: Wired, name: str, **fields: object) -> Message:
    message = Message(name, DEFAULT_KEY, "xms", DEFAULT_NUMBER, ANNA, 0, "Hello")
    for field, value in fields.items():
        setattr(message, field, value)
    sim.server.worlds.default.simulation.messages.keep(message)
    return message


async def ids(sim: Wired, query: str = "") -> list[str]:
    return [each["id"] for each in (await sim.control("GET", f"/messages{query}"))["messages"]]


async def test_messages_are_found_by_what_they_are() -> None:
    async with wired() as sim:
        other = await sim.application(world="default")
        keep(sim, "plain")
        keep(sim, "ben", recipient=BEN, status=Status.DELIVERED, batch_id="B")
        keep(sim, "in", direction=Direction.INBOUND, sender=ANNA, recipient=DEFAULT_NUMBER, status=Status.RECEIVED)
        keep(sim, "app", channel=Channel.WHATSAPP, sender="Clinic")
        keep(sim, "other", application_key=other["key"])
        assert await ids(sim) == ["plain", "ben", "in", "app", "other"]
        assert await ids(sim, f"?application={DEFAULT_KEY}") == ["plain", "ben", "in", "app"]
        assert await ids(sim, f"?application={other['key']}") == ["other"]
        assert await ids(sim, f"?to={BEN}") == await ids(sim, "?to=" + BEN.replace("+", "%2B")) == ["ben"]
        assert await ids(sim, "?from=46700000001") == ["in"]
        assert await ids(sim, "?from=Clinic") == ["app"]
        assert await ids(sim, "?direction=inbound") == ["in"]
        assert await ids(sim, "?channel=whatsapp") == ["app"]
        assert await ids(sim, "?batchId=B&status=Delivered") == ["ben"]
        assert await ids(sim, "?status=Failed") == []


async def test_whoever_waits_gets_a_message_as_soon_as_it_is_there() -> None:
    async with wired() as sim:
        keep(sim, "first")
        assert await ids(sim, "?wait=5") == ["first"]
        assert await ids(sim, "?wait=0.01&count=2") == ["first"]
        waiting = asyncio.ensure_future(ids(sim, "?wait=5&count=2"))
        await sim.control("GET", "/health")
        keep(sim, "second")
        await sim.advance(1)
        assert await waiting == ["first", "second"]


async def test_a_message_is_shown_with_its_parts() -> None:
    async with wired() as sim:
        keep(sim, "long", text="я" * 80)
        keep(sim, "bytes", text=None, data=b"\x00\xff", udh=b"\x06\x05")
        long = await sim.control("GET", "/messages/long")
        assert (long["encoding"], long["numberOfParts"], long["parts"]) == ("UNICODE", 2, ["я" * 67, "я" * 13])
        shown = await sim.control("GET", "/messages/bytes")
        assert (shown["encoding"], shown["data"], shown["udh"], shown["text"]) == ("BINARY", "AP8=", "0605", None)
        reply = await sim.request("GET", "/_simulator/messages/nothing")
        assert (reply.status, reply.error["code"]) == (404, "not_found")


async def test_a_phone_that_got_nothing_has_an_empty_inbox() -> None:
    async with wired() as sim:
        empty = {"address": ANNA, "messages": [], "missedCalls": []}
        assert await sim.control("GET", f"/phones/{ANNA.replace('+', '%2B')}/inbox") == empty


async def test_a_reset_drops_messages() -> None:
    async with wired() as sim:
        keep(sim, "gone")
        await sim.control("POST", "/reset")
        assert await ids(sim) == []


@pytest.mark.parametrize(
    ("sms", "problem"),
    [
        ({"status": "Lost"}, "sms.status"),
        ({"code": 61}, "sms.code"),
        ({"status": "Failed", "code": 0}, "sms.code"),
        ({"status": "Failed", "reply": {"text": "YES"}}, "sms.reply"),
        ({"reply": {}}, "sms.reply.text"),
        ({"never": True, "after": 2}, "sms"),
        ({"never": False}, "sms.never"),
        ({"after": -1}, "sms.after"),
        ("Failed", "sms"),
    ],
)
async def test_a_persona_whose_texts_cannot_be_is_refused_by_name(sms: object, problem: str) -> None:
    async with wired() as sim:
        reply = await sim.request("PUT", f"/_simulator/phones/{ANNA}", {"sms": sms})
        assert reply.status == 400
        assert reply.error["message"].startswith(f"persona.{problem}"), reply.error
        assert (await sim.control("GET", f"/phones/{ANNA}")).get("sms") is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"status": "Failed"}, {"status": "Failed", "code": 100, "after": 1}),
        ({"status": "Rejected", "code": 15, "after": 0}, {"status": "Rejected", "code": 15, "after": 0}),
        ({"never": True}, {"never": True}),
        (
            {"reply": {"text": "YES"}},
            {"status": "Delivered", "code": 0, "after": 1, "reply": {"after": 2, "text": "YES"}},
        ),
    ],
)
async def test_a_persona_says_what_becomes_of_texts(given: object, shown: object) -> None:
    async with wired() as sim:
        assert (await sim.control("PUT", f"/phones/{ANNA}", {"sms": given}))["sms"] == shown
        assert (await sim.control("GET", f"/phones/{ANNA}"))["sms"] == shown
