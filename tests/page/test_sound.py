"""What the soft phone sounds like: prompts in the browser's voice, files as they are, tones; only when sound is on."""

import io
import wave
from typing import Any

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_NUMBER
from support.browser import Visitor, expect
from support.wired_world import MENU, Json, Wired, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

LISTEN = """() => {
  window.spoken = [];
  window.tones = [];
  speechSynthesis.speak = (words) => spoken.push(`${words.lang}: ${words.text}`);
  speechSynthesis.cancel = () => spoken.push("(silence)");
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) {
    tones.push(this.frequency.value);
    return start.apply(this, given);
  };
}"""


async def listened(visitor: Visitor) -> Visitor:
    await visitor.page.evaluate(LISTEN)
    return visitor


async def spoken(visitor: Visitor) -> Any:
    return await visitor.page.evaluate("window.spoken.splice(0)")


async def test_prompts_are_read_aloud_in_their_language_when_sound_is_on(sim: Wired, visitor: Visitor) -> None:
    await listened(visitor)
    hello: Json = {"name": "say", "text": "Välkommen", "locale": "sv-SE"}
    sim.webhook.on("ice", {**MENU, "instructions": [{"name": "answer"}, hello]})
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Välkommen")
    assert [text for text in await spoken(visitor) if text != "(silence)"] == []
    await visitor.click("Sound")
    await visitor.click("Next event")
    await visitor.hear("Press 1")
    assert "en-US: Press 1" in await spoken(visitor)
    await visitor.click("Hang up", visitor.phone)
    await visitor.hear("Over")
    assert await spoken(visitor) == ["(silence)"]


async def test_keys_and_ringing_have_tones(sim: Wired, visitor: Visitor) -> None:
    await listened(visitor)
    sim.webhook.on("ice", MENU)
    await visitor.click("Sound")
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Press 1")
    await visitor.page.evaluate("window.tones.splice(0)")
    await visitor.click("Key 9")
    assert await visitor.page.evaluate("window.tones.splice(0)") == [852, 1477]
    await visitor.click("Hang up", visitor.phone)
    await sim.call_out(destination={"type": "number", "endpoint": "+46700007462"}, cli=DEFAULT_NUMBER)
    await visitor.hear("calls you")
    assert (await visitor.page.evaluate("window.tones"))[:2] == [880, 1108]


async def test_a_file_is_fetched_through_the_simulator_and_played(sim: Wired, visitor: Visitor) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 4000)

    async def serve(request: web.BaseRequest) -> web.Response:
        return web.Response(body=file.getvalue(), content_type="audio/wav")

    async with serving(serve) as address:
        play = {"name": "playFiles", "ids": [f"#href[http://{address}/welcome.wav]"], "locale": "en-US"}
        sim.webhook.on("ice", {"instructions": [{"name": "answer"}, play], "action": {"name": "hangup"}})
        await visitor.click("Sound")
        async with visitor.page.expect_response(lambda response: "/media?" in response.url) as answered:
            await visitor.click("Dial", visitor.phone)
        assert (await answered.value).status in (200, 206)
        await expect(visitor.ladder.locator(".says")).to_contain_text("welcome.wav")
