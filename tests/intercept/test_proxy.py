"""The proxy and the gateway on real sockets: where requests go, and what is passed on."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from sinch_simulator.intercept.certificates import Certificates
from sinch_simulator.intercept.gateway import Asked, Gateway
from sinch_simulator.intercept.other_hosts import OtherHosts
from sinch_simulator.intercept.proxy import Proxy, is_loopback
from support.outside import http, serve

Headers = list[tuple[str, str]]


class World:
    """A stand-in for the simulator, which tells what it was asked, behind gateway and proxy."""

    def __init__(self, proxy: Proxy, gateway: Gateway, seen: list[tuple[str, str, Headers, bytes]]) -> None:
        self.proxy = proxy
        self.gateway = gateway
        self.seen = seen
        self.trust = ssl.create_default_context(cadata=gateway.certificates.authority_pem)

    async def raw(self, data: bytes, port: int = 0) -> bytes:
        """What comes back until the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port or self.proxy.port)
        writer.write(data)
        answer = await reader.read()
        writer.close()
        return answer

    async def ask(self, url: str, **more: object) -> tuple[int, bytes]:
        """As a client does that has the proxy from its environment."""
        named = {"proxy": f"http://127.0.0.1:{self.proxy.port}", "ssl": self.trust, **more}
        async with aiohttp.ClientSession() as session, session.request("GET", url, **named) as answer:  # type: ignore[arg-type]  # as the caller gives them
            return answer.status, await answer.read()


@asynccontextmanager
async def world(proxies: Mapping[str, str] | None = None, *, strict: bool = False) -> AsyncIterator[World]:
    seen: list[tuple[str, str, Headers, bytes]] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        seen.append((request.method, request.raw_path, list(request.headers.items()), await request.read()))
        if request.path == "/cut":
            assert request.transport is not None
            request.transport.abort()
        return web.Response(text="simulated", status=201, headers={"X-Hint": "here"})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    gateway = Gateway(f"http://127.0.0.1:{runner.addresses[0][1]}", Certificates())
    await gateway.start()
    proxy = Proxy(gateway.tls_port, gateway.plain_port, OtherHosts(proxies or {}), strict)
    await proxy.start()
    try:
        yield World(proxy, gateway, seen)
    finally:
        await proxy.stop()
        await gateway.stop()
        await runner.cleanup()


@pytest.mark.parametrize(
    "host", ["calling.api.sinch.com", "zt.us.sms.api.sinch.com", "some.new.sinch.com", "api.mblox.com"]
)
async def test_a_request_to_sinch_reaches_the_simulator_as_it_was_sent(host: str) -> None:
    async with world() as here:
        headers = {"Content-Type": "application/json; charset=UTF-8", "x-timestamp": "2025-01-01T00:00:00Z"}
        status, body = await here.ask(f"https://{host}/calling/v1/a%20b?c=%2B1", headers=headers, data=b"{}")
        assert (status, body) == (201, b"simulated")
        [(method, path, got, content)] = here.seen
        assert (method, path, content) == ("GET", "/calling/v1/a%20b?c=%2B1", b"{}")
        assert dict(got)["Host"] == host
        assert headers.items() <= dict(got).items()
        assert here.gateway.asked == [Asked("GET", host, "/calling/v1/a%20b", 201)]


async def test_a_client_that_dialled_us_without_a_proxy_is_served_as_well() -> None:
    async with world() as here:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", here.proxy.port, ssl=here.trust, server_hostname="us1.voice.api.sinch.com"
        )
        for _ in range(2):  # it keeps its connection
            writer.write(b"GET /v2/x HTTP/1.1\r\nHost: us1.voice.api.sinch.com\r\n\r\n")
            assert (await reader.readuntil(b"simulated")).startswith(b"HTTP/1.1 201")
        writer.close()
        plain = await here.raw(b"GET /v1/x HTTP/1.1\r\nHost: calling.api.sinch.com\r\n\r\n")
        assert plain.startswith(b"HTTP/1.1 201")


async def test_a_whole_url_in_a_request_without_tls_reaches_the_simulator() -> None:
    # axios sends such requests to a proxy, for https too.
    async with world() as here:
        answer = await here.raw(
            b"POST https://calling.api.sinch.com/calling/v1/x HTTP/1.1\r\nHost: calling.api.sinch.com\r\n"
            b"Proxy-Authorization: Basic eDp5\r\nContent-Length: 2\r\n\r\n{}"
        )
        assert answer.startswith(b"HTTP/1.1 201")
        [(method, path, headers, content)] = here.seen
        assert (method, path, content) == ("POST", "/calling/v1/x", b"{}")
        assert "Proxy-Authorization" not in dict(headers)


async def test_an_answer_that_is_cut_off_is_cut_off_for_the_client() -> None:
    async with world() as here:
        head = b"GET /cut HTTP/1.1\r\nHost: calling.api.sinch.com\r\n\r\n"
        assert await here.raw(head) == b""
        # The request is not tried again: whoever wants a request to fail wants the client to see it.
        assert len(here.seen) == 1
        assert here.gateway.asked == [Asked("GET", "calling.api.sinch.com", "/cut", 0)]


async def test_other_hosts_pass_through_untouched() -> None:
    async with world() as here:
        with serve(lambda data: http("outside")) as outside:
            address = f"127.0.0.1:{outside.port}"
            assert await here.ask(f"http://{address}/a?b=c", headers={"A": "1"}) == (200, b"outside")
            head = f"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
            answer = await here.raw(head + b"any bytes")
            assert answer.endswith(http("outside"))
        first, second = outside.received
        assert first.startswith(b"GET /a?b=c HTTP/1.1\r\n")
        assert b"\r\nA: 1\r\n" in first
        assert second == b"any bytes"
        assert here.seen == []


async def test_the_users_proxy_gets_other_hosts_and_never_one_of_sinch() -> None:
    established = b"HTTP/1.1 200 OK\r\n\r\n"
    with serve(lambda data: established if data.startswith(b"CONNECT") else http("by proxy")) as corporate:
        url = f"http://me:s%3Acret@127.0.0.1:{corporate.port}"
        async with world({"http": url, "https": url, "all": url, "no": "internal"}) as here:
            assert await here.ask("http://other.example/x") == (200, b"by proxy")
            await here.raw(b"CONNECT other.example:443 HTTP/1.1\r\n\r\n")
            assert (await here.ask("https://calling.api.sinch.com/x"))[0] == 201
    plain, tunnel = corporate.received
    assert plain.startswith(b"GET http://other.example/x HTTP/1.1\r\n")
    assert tunnel.startswith(b"CONNECT other.example:443 HTTP/1.1\r\n")
    for head in (plain, tunnel):
        assert b"Proxy-Authorization: Basic bWU6czpjcmV0\r\n" in head


async def test_a_socks_proxy_of_the_user_gets_other_hosts() -> None:
    asked: list[bytes] = []

    async def socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readexactly(3))
        writer.write(b"\x05\x00")
        asked.append(await reader.readexactly(5 + len("other.example") + 2))
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00hello")
        writer.close()

    server = await asyncio.start_server(socks, "127.0.0.1", 0)
    async with server, world({"all": f"socks5h://127.0.0.1:{server.sockets[0].getsockname()[1]}"}) as here:
        answer = await here.raw(b"CONNECT other.example:99 HTTP/1.1\r\n\r\n")
    assert answer == b"HTTP/1.1 200 Connection established\r\n\r\nhello"
    assert asked == [b"\x05\x01\x00", b"\x05\x01\x00\x03\x0dother.example\x00\x63"]


async def test_strict_refuses_other_hosts_but_not_this_machine() -> None:
    async with world(strict=True) as here:
        with serve(lambda data: http("here")) as outside:
            assert await here.ask(f"http://127.0.0.1:{outside.port}/") == (200, b"here")
        refused = await here.raw(b"CONNECT other.example:443 HTTP/1.1\r\n\r\n")
        assert refused.startswith(b"HTTP/1.1 403")
        assert b"exec --strict: other.example is not this machine" in refused
        assert (await here.raw(b"GET http://other.example/ HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403")
        assert (await here.ask("https://calling.api.sinch.com/x"))[0] == 201


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /x HTTP/1.1\r\nHost: other.example\r\n\r\n", b"HTTP/1.1 400"),
        (b"CONNECT nonsense:0 HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
        (b"GET ftp://other.example/ HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
        (b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n", b"HTTP/1.1 502"),
        (b"GET http://127.0.0.1:1/ HTTP/1.1\r\n\r\n", b"HTTP/1.1 502"),
    ],
)
async def test_what_leads_nowhere_is_refused_in_words(data: bytes, status: bytes) -> None:
    async with world() as here:
        answer = await here.raw(data)
        assert answer.startswith(status)
        assert b"sinch-simulator exec: " in answer


@pytest.mark.parametrize("data", [b"SSH-2.0-x\r\n", b"\x16\x02\x01\x00\x05abcde"])
async def test_what_cannot_be_placed_is_closed(data: bytes) -> None:
    async with world() as here:
        assert await here.raw(data) == b""


async def test_a_connection_that_was_meant_for_another_address_goes_there_unless_it_speaks_of_sinch() -> None:
    async with world() as here:
        with serve(lambda data: b"other") as outside:

            async def led(data: bytes) -> bytes:
                client = socket.socket()
                client.bind(("127.0.0.1", 0))
                here.proxy.meant_for[client.getsockname()] = (outside.host, outside.port)
                client.setblocking(False)
                await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", here.proxy.port))
                reader, writer = await asyncio.open_connection(sock=client)
                writer.write(data)
                answer = await reader.read()
                writer.close()
                return answer

            assert await led(b"SSH-2.0-x\r\n") == b"other"
            assert await led(b"CONNECT other.example:443 HTTP/1.1\r\n\r\n") == b"other"
            answer = await led(b"GET / HTTP/1.1\r\nHost: calling.api.sinch.com\r\nConnection: close\r\n\r\n")
            assert answer.endswith(b"simulated")
        assert outside.received == [b"SSH-2.0-x\r\n", b"CONNECT other.example:443 HTTP/1.1\r\n\r\n"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "a.localhost", "::ffff:127.0.0.1"]
)
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "example.com", "::", "localhost.example.com", "127.0.0.1.example.com"])
def test_another_machine_is_not(host: str) -> None:
    assert not is_loopback(host)
