"""Files that the app serves on this machine are looked at when a prompt plays them."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from attrs import define, field

from sinch_simulator.config import DEFAULT_KEY
from support.wired_world import CONTINUE, Json, serving, wired


@define
class Files:
    """A file server of the app."""

    url: str = ""
    content: bytes = b"RIFF"
    content_type: str = "audio/wav"
    asked: list[str] = field(factory=list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.path)
        return web.Response(body=self.content, content_type=self.content_type)


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    files = Files()
    async with serving(files.answer) as address:
        files.url = f"http://{address}/jingle.wav"
        yield files


def plays(url: str) -> Json:
    """SVAML."""
    return {"instructions": [{"name": "answer"}, {"name": "playFiles", "ids": [url]}], "action": {"name": "hangup"}}


async def test_a_changed_file_is_remarked_upon_within_a_day(files: Files) -> None:
    async with wired() as world:
        world.webhook.on("ice", plays(files.url))
        for content in (b"one", b"one", b"two"):
            files.content = content
            call = await world.control("POST", "/calls", {"from": "+46700000001"})
            await world.control("POST", "/clock/advance", {"seconds": 60})
        assert await world.codes("") == ["MEDIA_CACHE"]
        assert await world.codes(f"?callId={call['callId']}") == ["MEDIA_CACHE"]


async def test_a_file_of_the_wrong_type_is_told_and_the_call_goes_on(files: Files) -> None:
    files.content_type = "text/html"
    async with wired() as world:
        world.webhook.on("ice", plays(files.url))
        call = await world.control("POST", "/calls", {"from": "+46700000001"})
        assert await world.codes("") == ["MEDIA_TYPE"]
        await world.control("POST", "/clock/advance", {"seconds": 60})
        assert (await world.control("GET", f"/calls/{call['callId']}"))["reason"] == "MANAGERHANGUP"


async def test_nothing_is_asked_of_other_machines(files: Files) -> None:
    async with wired() as world:
        world.webhook.on("ice", plays("http://203.0.113.7/jingle.wav"))
        world.webhook.on("ace", CONTINUE)
        await world.control("POST", "/calls", {"from": "+46700000001"})
        assert await world.codes("") == ["MEDIA_NOT_FETCHED"]
    assert files.asked == []


async def test_the_files_of_messages_of_voice_v2_are_looked_at_too(files: Files) -> None:
    files.content_type = "text/html"
    play = {"command": "messages", "messages": [{"type": "PLAY", "play": {"url": files.url}}]}
    static = {"type": "STATIC", "static": {"commands": [{"command": "answer"}, play]}}
    async with wired(callback_url=None) as world:
        await world.control("PATCH", f"/applications/{DEFAULT_KEY}", {"callBehavior": static})
        call = await world.dial()
        await world.advance(60)

        assert files.asked == ["/jingle.wav"]
        assert await world.codes(f"?callId={call['callId']}") == ["MEDIA_TYPE"]
        assert (await world.call(call["callId"]))["heard"] == [files.url]
