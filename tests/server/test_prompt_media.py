"""The file of a prompt, handed on to whoever wants to hear it."""

from urllib.parse import quote

import pytest
from aiohttp import web

from support.wired_world import Reply, Wired, serving, wired


async def played(sim: Wired, url: str) -> str:
    """The id of a call that has played this file."""
    play = {"name": "playFiles", "ids": [f"#href[{url}]"], "locale": "en-US"}
    sim.webhook.on("ice", {"instructions": [{"name": "answer"}, play], "action": {"name": "hangup"}})
    return str((await sim.dial())["callId"])


async def media(sim: Wired, call_id: str, url: str) -> Reply:
    return await sim.request("GET", f"/_simulator/calls/{call_id}/media?url={quote(url, safe='')}")


async def serve(request: web.BaseRequest) -> web.Response:
    kinds = {"/sound.wav": "audio/wav", "/page.html": "text/html"}
    if request.path not in kinds:
        return web.Response(status=404)
    return web.Response(body=b"RIFF....", content_type=kinds[request.path])


async def test_a_file_that_was_played_is_handed_on_as_it_is() -> None:
    async with wired() as sim, serving(serve) as address:
        url = f"http://{address}/sound.wav"
        reply = await media(sim, await played(sim, url), url)
        assert (reply.status, reply.raw, reply.headers["Content-Type"]) == (200, b"RIFF....", "audio/wav")
        assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(("name", "why"), [("page.html", "text/html"), ("nothing.wav", "404")])
async def test_what_is_no_sound_is_refused(name: str, why: str) -> None:
    async with wired() as sim, serving(serve) as address:
        url = f"http://{address}/{name}"
        reply = await media(sim, await played(sim, url), url)
        assert (reply.status, reply.error["code"]) == (409, "no_sound")
        assert why in reply.error["message"]


async def test_only_what_the_call_has_played_is_fetched_and_only_from_here() -> None:
    async with wired() as sim, serving(serve) as address:
        call_id = await played(sim, "http://sounds.example/welcome.wav")
        other = await media(sim, call_id, f"http://{address}/sound.wav")
        assert (other.status, other.error["code"]) == (404, "not_found")
        outside = await media(sim, call_id, "http://sounds.example/welcome.wav")
        assert (outside.status, outside.error["code"]) == (409, "not_here")
        assert (await media(sim, "nobody", "http://127.0.0.1/x.wav")).status == 404
