"""Who may ask: this machine, whoever the user lets in, and, where others can reach the port, who has the token."""

import asyncio
from contextlib import suppress
from typing import Any

import aiohttp
import pytest

from sinch_simulator.client.control import CONTROL
from sinch_simulator.client.errors import Refused
from sinch_simulator.client.event_stream import batches
from sinch_simulator.client.http import connected
from sinch_simulator.config import DEFAULT_KEY, ConfigError, ServerConfig
from support.wired_world import Wired, basic, wired

NUMBERS = "/v1/configuration/numbers"
URLS = f"/v1/configuration/callbacks/applications/{DEFAULT_KEY}"
TOKEN = "a-token-of-this-test"
EVIL = {"primary": "http://127.0.0.1:9/evil"}

FOREIGN = [
    [("Host", "evil.example")],
    [("Host", "evil.example:7462")],
    [("Host", "127.0.0.1.evil.example")],
    [("Host", "evil\\@localhost")],
    [("Host", "evil@localhost")],
    [("Host", "localhost#.evil.example")],
    [("Host", "localhost, evil.example")],
    [("Host", "")],
    [("Host", "localhost"), ("Origin", "http://evil.example")],
    [("Host", "localhost"), ("Origin", "null")],
    [("Host", "localhost"), ("Origin", "http://localhost.evil.example")],
    [("Host", "localhost"), ("Origin", "http://localhost"), ("Origin", "http://evil.example")],
    [("Host", "localhost"), ("Origin", "http://evil.example"), ("Origin", "http://localhost")],
    [("Host", "localhost"), ("Origin", "http://evil.example\\@localhost")],
    [("Host", "localhost"), ("Origin", "http://localhost http://evil.example")],
]


async def exchange(sim: Wired, method: str, path: str, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """Sends a request exactly so, and returns all that comes back."""
    host, _, port = sim.server.url.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body)}", "Connection: close"]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    answer = await reader.read()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ["/", "/_simulator/health", "/_simulator/page/main.js", NUMBERS, "/nothing"])
async def test_a_foreign_host_or_origin_is_refused_everywhere(headers: list[tuple[str, str]], path: str) -> None:
    async with wired() as sim:
        answer = await exchange(sim, "GET", path, [*headers, *basic().items()])
        assert status(answer) in (400, 403)  # 400 where it is no HTTP at all


async def test_a_page_bent_to_this_address_changes_no_callback_url() -> None:
    body = b'{"url": {"primary": "http://127.0.0.1:9/evil"}}'
    async with wired() as sim:
        before = (await sim.rest("GET", URLS)).json
        for headers in FOREIGN:
            await exchange(sim, "POST", URLS, [*headers, *basic().items()], body)
        assert (await sim.rest("GET", URLS)).json == before


async def test_the_refusal_has_the_form_of_who_would_have_answered() -> None:
    async with wired() as sim:
        reply = await sim.rest("GET", NUMBERS, headers={"Host": "evil.example"})
        assert (reply.status, reply.error_code) == (403, 40300)
        assert "this simulator is not" in reply.json["message"]
        assert "--allow-host" in reply.headers["X-Sinch-Simulator-Hint"]
        reply = await sim.request("GET", f"{CONTROL}/calls", headers={"Origin": "https://evil.example"})
        assert (reply.status, reply.error["code"]) == (403, "forbidden_origin")
        assert "--allow-host" in reply.error["hint"]


FRIENDS = [
    {"Host": "localhost:7462"},
    {"Host": "calling-use1.localhost"},
    {"Host": "[::1]:80"},
    {"Host": "127.1.2.3"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://[::1]:3000"},
    {"Host": "Calling.API.sinch.com"},
    {"Host": "sim.test", "Origin": "https://app.test:1"},
]


@pytest.mark.parametrize("headers", FRIENDS, ids=str)
async def test_this_machine_sinchs_names_and_allowed_names_are_not_foreign(headers: dict[str, str]) -> None:
    async with wired(allow_hosts=("*.test",)) as sim:
        assert (await sim.rest("GET", NUMBERS, headers=headers)).status == 200


async def test_to_allow_every_host_lets_nobody_in() -> None:
    async with wired(allow_hosts=("*",)) as sim:
        assert (await sim.rest("GET", NUMBERS, headers={"Host": "evil.example"})).status == 403


async def test_one_connection_may_ask_again_after_a_refusal() -> None:
    async with wired() as sim:
        for host, expected in (("evil.example", 403), ("localhost", 200)):
            assert (await sim.rest("GET", NUMBERS, headers={"Host": host})).status == expected


# ---- a simulator that others can reach


def open_to_others(**settings: Any) -> Any:
    return wired(host="0.0.0.0", **settings)


async def test_where_others_can_reach_it_control_needs_the_token_and_the_platform_does_not() -> None:
    async with open_to_others() as sim:
        assert (await sim.rest("GET", NUMBERS, headers={"Host": "build-machine:7462"})).status == 200
        assert (await sim.request("GET", f"{CONTROL}/health")).status == 200
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Cookie": "a=b"}):
            reply = await sim.request("GET", f"{CONTROL}/applications", headers=headers)
            assert (reply.status, reply.error["code"]) == (401, "token_required")
            assert "--control-token" in reply.error["hint"]
        right = {"Authorization": f"Bearer {sim.server.control_token}", "Host": "build-machine:7462"}
        assert (await sim.request("GET", f"{CONTROL}/applications", headers=right)).status == 200


async def test_a_made_token_cannot_be_guessed() -> None:
    async with open_to_others() as one, open_to_others() as other:
        assert one.server.control_token is not None
        assert len(one.server.control_token) > 20
        assert one.server.control_token != other.server.control_token


async def test_a_token_may_be_asked_on_this_machine_too_and_clients_send_it() -> None:
    async with wired(control_token=TOKEN) as sim:
        async with connected(sim.server.url) as client:
            with pytest.raises(Refused, match="token"):
                await client.ask("GET", f"{CONTROL}/clock")
        async with connected(sim.server.url, TOKEN) as client:
            assert (await client.ask("GET", f"{CONTROL}/clock"))["mode"] == "manual"
        async for batch in batches(sim.server.url, {}, None, TOKEN):
            assert batch.position
            break
        with pytest.raises(Refused, match="token"):
            async for _ in batches(sim.server.url, {}, None):
                pass


async def test_the_page_gets_the_token_once_and_keeps_it_in_a_cookie() -> None:
    async with wired(control_token=TOKEN) as sim, aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as browser:
        async with browser.get(f"{sim.server.url}/?token=wrong", allow_redirects=False) as reply:
            assert (reply.status, "Set-Cookie" in reply.headers) == (200, False)
        async with browser.get(f"{sim.server.url}{CONTROL}/clock") as reply:
            assert reply.status == 401
        async with browser.get(f"{sim.server.url}/?token={TOKEN}", allow_redirects=False) as reply:
            assert (reply.status, reply.headers["Location"]) == (303, "/")
            assert {"HttpOnly", "SameSite=Strict"} <= set(reply.headers["Set-Cookie"].split("; "))
        async with browser.get(f"{sim.server.url}{CONTROL}/clock") as reply:
            assert reply.status == 200
        foreign = {"Origin": "http://evil.example"}
        async with browser.get(f"{sim.server.url}{CONTROL}/clock", headers=foreign) as reply:
            assert reply.status == 403


@pytest.mark.parametrize("token", ["", "short", "with a blank", "semi;colon", "ümlautümlaut"])
def test_a_token_that_no_header_or_cookie_can_hold_is_refused(token: str) -> None:
    with pytest.raises(ConfigError, match="--control-token"):
        ServerConfig(control_token=token)
