"""Callbacks on the wire: what is sent, and where; what becomes of those under way; what the developer is told."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
import uvloop
from yarl import URL

from support.raw_apps import BODY, HELLO, OK, app, kept, post
from support.wired_world import Wired, wired


async def test_a_callback_is_sent_as_it_always_was() -> None:
    async with app([HELLO]) as to, kept() as connections:
        await post(connections, to, "/a%20b/%c3%b6?x=%2F&y#z")
        assert to.requests == [
            b"POST /a%%20b/%%c3%%b6?x=%%2F&y HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-A: b\r\nAccept: */*\r\n"
            b"Content-Length: 15\r\n\r\n%b" % (to.port, BODY)
        ]


@pytest.mark.parametrize("host", ["localhost", "127.1"])
async def test_a_host_may_have_a_name(host: str) -> None:
    async with app([HELLO]) as to, kept() as connections:
        for _ in range(2):
            assert (await post(connections, to, "", host)).body == b"hello"
        assert to.requests[0].startswith(b"POST / HTTP/1.1\r\nHost: %b:%d\r\n" % (host.encode(), to.port))
        assert to.connections == 1


async def test_a_host_may_be_an_address_of_ipv6() -> None:
    async with app([HELLO], host="::1") as to, kept() as connections:
        assert (await post(connections, to, "/", "[::1]")).body == b"hello"
        assert b"\r\nHost: [::1]:%d\r\n" % to.port in to.requests[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://127.0.0.1:80/"])
async def test_the_usual_port_is_80(url: str) -> None:
    async with kept(0.2) as connections:
        with pytest.raises(OSError, match=r"80|refused"):
            await connections.post(URL(url, encoded=True), {}, BODY)


@pytest.mark.parametrize(("name", "value"), [("X-A", "b\r\nX-B: c"), ("X-A", "b\nc"), ("X\r\nY", "b"), ("X", "\0")])
async def test_a_header_that_would_be_two_is_refused(name: str, value: str) -> None:
    async with app([HELLO]) as to, kept() as connections:
        with pytest.raises(ValueError, match="cannot be sent"):
            await connections.post(URL(f"http://127.0.0.1:{to.port}/"), {name: value}, BODY)
        assert to.requests == []


TOLD = {
    "http://127.0.0.1:1/": r"\(CALLBACK_UNREACHABLE\) ICE could .+ http://127.0.0.1:1/: nothing listens there.+",
    "http://user:word@127.0.0.1:1/": r"\(CALLBACK_UNREACHABLE\) .*http://user:word@127.0.0.1:1/: .+\.",
    "https://127.0.0.1:1/": r"\(CALLBACK_UNREACHABLE\) .*https://127.0.0.1:1/: nothing listens there.+",
    "http://a.invalid/": r"\(CALLBACK_UNREACHABLE\) .*http://a.invalid/: .*[Nn]ame.*\.",
}


@pytest.mark.parametrize(("url", "told"), TOLD.items())
async def test_the_developer_is_told_which_url_and_what_was_wrong(url: str, told: str) -> None:
    async with wired(callback_url=url) as sim:
        await sim.dial()
        [ice, _] = await sim.callbacks()
        [finding] = ice["diagnostics"]
        assert re.fullmatch(told, f"({finding['code']}) {finding['message']}")


async def test_an_app_may_close_its_connection_right_after_each_answer_without_saying_so() -> None:
    async with wired() as sim, app([OK + b'Content-Length: 31\r\n\r\n{"action": {"name": "hangup"}} ', None]) as to:
        await _callbacks_go_to(sim, f"http://127.0.0.1:{to.port}/")
        for _ in range(10):
            await sim.dial()
        assert [callback["outcome"] for callback in await sim.callbacks()] == ["answered"] * 20


async def test_a_reset_of_the_world_closes_connections_under_way() -> None:
    async with wired("realtime") as sim, app([b""]) as to:
        await _callbacks_go_to(sim, f"http://127.0.0.1:{to.port}/")
        await sim.dial()
        await to.asked.wait()
        await sim.control("POST", "/reset")
        await to.ended(0)


async def _callbacks_go_to(sim: Wired, url: str) -> None:
    path = f"/v1/configuration/callbacks/applications/{sim.server.config.applications[0].key}/"
    assert (await sim.rest("POST", path, {"url": {"primary": url}})).status == 204


STORIES: list[Callable[[], Awaitable[None]]] = [
    test_an_app_may_close_its_connection_right_after_each_answer_without_saying_so,
    test_a_host_may_be_an_address_of_ipv6,
]


@pytest.mark.parametrize("story", STORIES)
def test_apps_are_reached_with_uvloop_too(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await story()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told())
