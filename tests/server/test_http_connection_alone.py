"""A connection of the one port by itself: what it answers, what it hands over, how it begins and ends."""

import asyncio
import gc
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

import pytest
import uvloop
from aiohttp.http import RawRequestMessage
from attrs import define, field

from sinch_simulator.config import ApplicationConfig, ServerConfig
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.http_connection import HttpConnection, WriteQueue
from support.raw_connections import HEALTH, STRANGE, arrived, line, line_to, request
from support.wired_world import basic, wired

LIST = (
    b"GET /v1/configuration/numbers HTTP/1.1\r\nHost: localhost\r\nAuthorization: %b\r\n\r\n"
    % basic()["Authorization"].encode()
)


@define
class Other(asyncio.Protocol):
    """What a connection is handed over to: it keeps what it gets, and says so once."""

    received: bytes = b""
    paused: list[bool] = field(factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or type(transport).__module__.startswith("uvloop")
        # Those of uvloop are such transports too, but no subclass says so.
        cast(asyncio.Transport, transport).write(b"over to me")

    def data_received(self, data: bytes) -> None:
        self.received += data

    def pause_writing(self) -> None:
        self.paused.append(True)

    def resume_writing(self) -> None:
        self.paused.append(False)


@define
class Entrance:
    """Connections that answer everything with ``answer``."""

    answer: Answer
    port: int = 0
    asked: list[tuple[str, bytes]] = field(factory=list)
    others: list[Other] = field(factory=list)
    open: set[HttpConnection] = field(factory=set)

    def answer_at_once(self, message: RawRequestMessage, body: bytes, send: Callable[[Answer], bool]) -> bool:
        """Answers, but for what is slow."""
        if message.path == "/slow":
            return False
        self.asked.append((message.path, body))
        return send(self.answer)

    def other(self) -> Other:
        """Where the unusual goes."""
        self.others.append(Other())
        return self.others[-1]


@asynccontextmanager
async def entrance(answer: bytes = b"at once") -> AsyncIterator[Entrance]:
    """It listens."""
    made = Entrance(Answer(200, answer))
    queue = WriteQueue()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.port = listening.getsockname()[1]
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: HttpConnection(made.answer_at_once, queue, made.other, made.open), sock=listening
        )
        try:
            yield made
        finally:
            server.close()
            for connection in list(made.open):
                connection.abort()


def plain(path: str = "/", body: bytes = b"") -> bytes:
    """A small and usual request."""
    return b"POST %b HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (path.encode(), len(body), body)


UNUSUAL = {
    "what takes longer": plain("/slow"),
    "two at once": plain() + plain(),
    "the beginning of another": plain() + b"GET",
    "an empty line afterwards": plain() + b"\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "the last of its connection": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "an expectation": b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "a verb that asks for something else": b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "chunks": b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "compression": b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
    "no HTTP": b"hello\r\n\r\n",
    "much in pieces": plain("/", b" " * 70_000)[:69_000],
}


@pytest.mark.parametrize("raw", UNUSUAL.values(), ids=UNUSUAL)
async def test_what_is_unusual_is_handed_over_whole_and_for_good(raw: bytes) -> None:
    async with entrance() as door, line_to(door.port) as client:
        assert (await client.ask(plain())).body == b"at once"
        client.send(raw)
        assert await client.reader.readexactly(10) == b"over to me"
        client.send(plain())
        client.writer.write_eof()
        assert await client.rest() == b""
        [other] = door.others
        assert other.received == raw + plain()
        assert (door.asked, door.open) == ([("/", b"")], set())


@pytest.mark.parametrize("size", [0, 1, 60_000])
async def test_what_is_usual_is_answered_at_once_in_one_piece_or_two(size: int) -> None:
    raw = plain("/", b"x" * size)
    async with entrance() as door, line_to(door.port) as client:
        assert (await client.ask(raw)).body == b"at once"
        client.send(raw[:-1])
        await asyncio.sleep(0)
        client.send(raw[-1:])
        assert (await client.get()).body == b"at once"
        assert (door.asked, door.others) == ([("/", b"x" * size)] * 2, [])


async def test_from_a_client_that_does_not_read_nothing_more_is_taken_until_it_does() -> None:
    async with (
        entrance(b"x" * 8_000_000) as door,
        line_to(door.port) as client,
        line_to(door.port) as other,
    ):
        client.send(plain("/first"))
        assert len((await other.ask(plain())).body) == 8_000_000
        client.send(plain("/second"))
        assert len((await other.ask(plain())).body) == 8_000_000
        assert [path for path, _ in door.asked] == ["/first", "/", "/"]
        assert [len((await client.get()).body) for _ in range(2)] == [8_000_000] * 2
        assert (await client.ask(plain("/third"))).status == 200


async def test_who_takes_over_is_told_that_the_client_does_not_read() -> None:
    async with entrance(b"x" * 8_000_000) as entry, line_to(entry.port) as client:
        assert (await client.ask(plain())).status == 200
        [door] = entry.open
        # A loop may receive twice in one turn; that of uvloop does when much has come.
        door.data_received(plain())
        door.data_received(plain("/slow"))
        [other] = entry.others
        assert (other.received, other.paused) == (plain("/slow"), [True])
        assert len((await client.get()).body) == 8_000_000
        assert await client.reader.readexactly(10) == b"over to me"
        client.send(plain())
        client.writer.write_eof()
        assert await client.rest() == b""
        assert (other.received, other.paused) == (plain("/slow") + plain(), [True, False])


# ---- the beginning and the end -----------------------------------------------------------------------------------


EARLY = """
import asyncio
from sinch_simulator.config import ServerConfig
from sinch_simulator.server.app import SimulatorServer

async def main():
    server = SimulatorServer(ServerConfig(port=0))
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
    request = b"GET /v1/calls/id/none HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"
    writer.write(request)
    print((await reader.readline()).decode().strip())
    length = int((await reader.readuntil(b"\\r\\n\\r\\n")).lower().partition(b"content-length:")[2].split()[0])
    await reader.readexactly(length)
    writer.write(request)
    print((await reader.readline()).decode().strip())
    writer.close()
    await server.stop()

asyncio.run(main())
"""


def test_a_request_that_comes_while_the_simulator_loads_is_answered(clean_environment: dict[str, str]) -> None:
    command = [sys.executable, "-W", "error", "-c", EARLY]
    done = subprocess.run(command, env=clean_environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.splitlines(), done.stderr) == (["HTTP/1.1 401 Unauthorized"] * 2, "")


async def test_a_stop_ends_open_connections_at_once() -> None:
    async with wired() as sim, line(sim) as idle, line(sim) as begun, line(sim) as handed_over:
        assert (await idle.ask(request())).status == 200
        begun.send(request()[:-1])
        assert (await handed_over.ask(HEALTH)).status == 200
        await arrived(sim)
        began_s = asyncio.get_running_loop().time()
        await sim.server.stop()
        assert asyncio.get_running_loop().time() - began_s < 0.5
        assert [await each.rest() for each in (idle, begun, handed_over)] == [b""] * 3
    gc.collect()


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_stop_leaves_no_connection_open_to_a_client_that_does_not_read(
    loop_factory: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    numbers = tuple(f"+1404{number:07}" for number in range(2000))
    server = SimulatorServer(ServerConfig(port=0, applications=(ApplicationConfig(numbers=numbers),)))

    async def serve(client: socket.socket) -> None:
        await server.start()
        port = int(server.url.rpartition(":")[2])
        async with line_to(port) as other:
            client.connect(("127.0.0.1", port))
            client.setblocking(False)
            for _ in range(20_000_000 // len((await other.ask(LIST)).body)):
                client.send(LIST)
                assert (await other.ask(STRANGE)).status == 404
        await server.stop()

    with socket.socket() as client:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(serve(client))
        # What were still open now would be said to have been forgotten, and warnings are errors.
        gc.collect()


STORIES: list[Callable[[], Awaitable[None]]] = [
    test_from_a_client_that_does_not_read_nothing_more_is_taken_until_it_does,
    test_who_takes_over_is_told_that_the_client_does_not_read,
    test_a_stop_ends_open_connections_at_once,
]


@pytest.mark.parametrize("story", STORIES)
def test_connections_are_served_with_uvloop_too(story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        await story()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told())
