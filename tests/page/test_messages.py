"""Conversations by text on the page: who wrote what, and what became of it."""

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.message import Direction, Message, Status
from sinch_simulator.phones.signals import SendText
from support.browser import Visitor, expect
from support.wired_world import ANNA, BEN, Wired

pytestmark = pytest.mark.asyncio(loop_scope="session")


def keep(
    sim: Wired, name: str, text: str, *, phone: str = ANNA, inbound: bool = False, status: str = "Delivered"
) -> None:
    sender, recipient = (phone, DEFAULT_NUMBER) if inbound else (DEFAULT_NUMBER, phone)
    direction = Direction.INBOUND if inbound else Direction.OUTBOUND
    now = sim.server.worlds.default.simulation.now
    message = Message(name, DEFAULT_KEY, "xms", sender, recipient, now, text, direction=direction)
    message.ended(Status(status), 402, now)
    sim.server.worlds.default.simulation.messages.keep(message)


async def test_texts_stand_as_conversations_by_number(sim: Wired, visitor: Visitor) -> None:
    keep(sim, "reminder", "Reply YES to confirm.")
    await sim.advance(1)
    keep(sim, "yes", "YES", inbound=True, status="Received")
    await sim.advance(1)
    keep(sim, "thanks", "Thank you", status="Failed")
    keep(sim, "to-ben", "Hello Ben", phone=BEN)
    await sim.advance(1)
    await visitor.open("#/messages")
    await visitor.see("3 texts", visitor.option("+46 70 000 00 01"))
    await visitor.see("Hello Ben", visitor.option("+1 404 555 0199"))
    await visitor.option("+46 70 000 00 01").click()
    texts = visitor.page.get_by_role("list", name="Texts").get_by_role("listitem")
    await expect(texts).to_have_count(3)
    written = [text.split("\n")[0] for text in await texts.all_inner_texts()]
    assert written == ["Reply YES to confirm.", "YES", "Thank you"]
    await visitor.see("code 402", texts.last)
    await visitor.see("failed", texts.last)
    assert await visitor.complaints() == []


async def test_your_phone_shows_the_newest_text(sim: Wired, visitor: Visitor) -> None:
    mine = "+46700007462"
    keep(sim, "code", "Your code is 4711.", phone=mine)
    sim.server.worlds.default.simulation.inboxes.keep(SendText("code", mine, DEFAULT_NUMBER, "Your code is 4711."), 0)
    await sim.advance(1)
    await visitor.see("Your code is 4711.", visitor.phone)
    await visitor.phone.get_by_role("link", name="answer").click()
    await expect(visitor.part("Text to +14045550100")).to_be_visible()
