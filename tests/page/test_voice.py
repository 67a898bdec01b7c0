"""A phone with a voice: the browser's microphone speaks to an app that is on a stream, and what it streams is heard."""

import pytest

from support.browser import Visitor, expect
from support.stream_listeners import connect_stream, echo, listening
from support.wired_world import MENU, Wired, wired

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOUD = """(meter) => new Promise((resolve) => {
  const look = () => (meter.value > 0.3 ? resolve() : setTimeout(look, 20));
  look();
})"""


async def test_what_is_said_comes_back_from_an_app_that_echoes(visit: object) -> None:
    async with wired("realtime") as sim, listening(echo) as listener:
        visitor: Visitor = await visit(sim)  # type: ignore[operator]  # a fixture that is called
        sim.webhook.on("ice", connect_stream(listener.url, streamingOptions={"sampleRate": 16_000}))
        await visitor.click("Dial", visitor.phone)
        await visitor.see("opens a stream", visitor.ladder)
        await visitor.click("Microphone")
        for side in ("You", "Your app"):
            await visitor.phone.get_by_label(side, exact=True).evaluate(LOUD)
        await visitor.click("Microphone")
        await expect(visitor.button("Microphone")).to_have_attribute("aria-pressed", "false")
        await visitor.click("Hang up", visitor.phone)
        await visitor.hear("Over: caller hung up")
        assert any(any(frame) for frame in listener.frames)


async def test_a_voice_needs_the_real_time_clock_and_a_stream(visit: object) -> None:
    async with wired() as sim, listening(echo) as listener:
        visitor: Visitor = await visit(sim)  # type: ignore[operator]  # as above
        sim.webhook.on("ice", connect_stream(listener.url))
        await visitor.click("Dial", visitor.phone)
        await visitor.click("Microphone")
        await visitor.see("A voice needs the real-time clock.")
        await visitor.click("Hang up", visitor.phone)
        sim.webhook.on("ice", MENU)
        await visitor.click("Dial", visitor.phone)
        await visitor.hear("Press 1")
        await expect(visitor.button("Microphone")).to_have_count(0)


async def test_the_voice_ends_with_the_call(sim: Wired, visit: object) -> None:
    async with wired("realtime") as real, listening(echo) as listener:
        visitor: Visitor = await visit(real)  # type: ignore[operator]  # as above
        real.webhook.on("ice", connect_stream(listener.url))
        await visitor.click("Dial", visitor.phone)
        await visitor.click("Microphone")
        await visitor.phone.get_by_label("You", exact=True).evaluate(LOUD)
        [call] = (await real.control("GET", "/calls"))["calls"]
        await real.control("POST", f"/calls/{call['callId']}/hangup", {})
        await visitor.hear("Over: caller hung up")
        await expect(visitor.button("Microphone")).to_have_count(0)
