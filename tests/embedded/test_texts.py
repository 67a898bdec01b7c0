"""Texts in the fixture: what a phone has got and answers, what comes in, what became of each."""

import json
import urllib.request
from typing import Any

import pytest

from sinch_simulator import NotSeen, Simulator, SimulatorError, blocking

ANNA = "+46700000001"
BEN = "+14045550199"


def send(app: blocking.Application, *to: str, body: str = "Are you coming?", **fields: Any) -> str:
    """Sends a batch as the app under test would; its id."""
    document = {"to": list(to), "from": app.number, "body": body, **fields}
    request = urllib.request.Request(
        f"{app.url}/xms/v1/{app.service_plan_id}/batches",
        json.dumps(document).encode(),
        {"Authorization": f"Bearer {app.api_token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        batch_id: str = json.load(response)["id"]
    return batch_id


def test_a_phone_shows_what_it_has_got_and_waits_for_the_next_text(app: blocking.Application) -> None:
    phone = app.phone(ANNA)
    assert (len(phone.sms), list(phone.sms), list(phone.whatsapp)) == (0, [], [])
    batch = send(app, ANNA)
    text = phone.sms.wait(within=5)
    assert (text.text, text.sender, text.to, text.status, text.code) == (
        "Are you coming?", app.number, ANNA, "Delivered", 0,
    )  # fmt: skip
    assert (text.direction, text.channel, text.batch_id, text.language) == ("outbound", "sms", batch, None)
    assert text.sent_at is not None
    assert phone.sms[-1] == text
    assert phone.sms[:] == [text]
    send(app, ANNA, body="Hello?")
    assert phone.sms.wait().text == "Hello?"
    assert [each.text for each in app.messages(to=ANNA)] == ["Are you coming?", "Hello?"]


def test_a_text_that_is_not_there_tells_what_has_arrived_and_what_is_under_way(app: blocking.Application) -> None:
    phone = app.phone(ANNA)
    with pytest.raises(IndexError, match=r"^there is no text \[-1\]: \+46700000001 has got no text, none is"):
        phone.sms[-1]
    send(app, ANNA, BEN)
    with pytest.raises(IndexError, match=r"has got no text, 1 text under way: use \.wait\(\)$"):
        phone.sms[-1]
    app.advance(seconds=1)
    assert phone.sms[0] == phone.sms[-1]
    with pytest.raises(IndexError, match=r"\[1\]: \+46700000001 has got 1 text, none is under way$"):
        phone.sms[1]


def test_a_name_that_a_phone_does_not_have_is_told_with_the_one_that_is_meant(app: blocking.Application) -> None:
    phone: Any = app.phone(ANNA)
    with pytest.raises(AttributeError, match=r"^a phone has no 'reply'; did you mean \"replies\"\?$"):
        phone.reply("YES")
    with pytest.raises(AttributeError, match=r"a phone has no 'xyz'; known are address, answer, "):
        phone.xyz()
    assert not hasattr(phone, "__len__")


def test_a_text_shows_its_ladder(app: blocking.Application) -> None:
    send(app, ANNA)
    text = app.phone(ANNA).sms.wait()
    sent, arrived = text.ladder().splitlines()[-2:]
    assert 'texts "Are you coming?" to +46700000001' in sent
    assert "the text has arrived" in arrived
    assert text.verification_id is None


def test_waiting_in_vain_tells_what_was_sent(app: blocking.Application) -> None:
    with pytest.raises(NotSeen, match="has sent none"):
        app.phone(BEN).sms.wait(within=1)
    app.phone(BEN).fails_texts()
    send(app, BEN)
    with pytest.raises(NotSeen, match=r"within 10 s of simulated time(.|\n)*to \+14045550199, Failed: Are you"):
        app.phone(BEN).sms.wait()


def test_phones_fail_never_get_and_answer_texts(app: blocking.Application) -> None:
    app.phone(ANNA).fails_texts("Rejected", code=15, after=3)
    app.phone(BEN).never_gets_texts()
    app.phone("+1*").replies("YES", after=4).is_busy()
    send(app, ANNA, BEN, "+12065550100")
    app.advance(seconds=10)
    assert [(each.status, each.code) for each in app.messages(direction="outbound")] == [
        ("Rejected", 15), ("Dispatched", 401), ("Delivered", 0),
    ]  # fmt: skip
    [answer] = app.messages(direction="inbound")
    assert (answer.text, answer.sender, answer.to, answer.status) == ("YES", "+12065550100", app.number, "Received")
    assert app.phone("+1*").persona["sms"]["reply"] == {"after": 4, "text": "YES"}
    assert "busy" in app.phone("+1*").persona
    with pytest.raises(SimulatorError, match=r"sms\.status"):
        app.phone(ANNA).fails_texts("Lost")


def test_a_text_comes_in_and_the_webhook_hears_of_it(app: blocking.Application) -> None:
    webhook = app.webhook()
    text = app.text(from_=ANNA, text="JOIN")
    assert (text.text, text.sender, text.to, text.status) == ("JOIN", ANNA, app.number, "Received")
    assert [event["body"] for event in webhook.received] == ["JOIN"]
    assert webhook.events() == ["mo_text"]
    assert app.text(from_=ANNA, data="AP8=", udh="00").data == "AP8="
    with pytest.raises(SimulatorError, match="number for texts"):
        app.text(from_=ANNA, text="x", to=BEN)
    send(app, ANNA, delivery_report="summary")
    app.advance(seconds=1)
    assert webhook.events() == ["mo_text", "mo_binary", "delivery_report_sms"]


async def test_the_same_is_awaited() -> None:
    async with Simulator(callback_timeout=1.0) as simulator:
        app = await simulator.create_application()
        await app.text(from_=ANNA, text="Hello")
        assert [each.text for each in app.messages(from_=ANNA)] == ["Hello"]
        with pytest.raises(NotSeen):
            await app.phone(ANNA).sms.wait(within=1)
