"""What pours without end costs little memory, and is given up."""

import asyncio
import base64
import hashlib
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import aiohttp
import pytest

from sinch_simulator.server.voice_io.streams import capture
from support.raw_apps import HELLO, OK, app, kept, post
from support.stream_listeners import connect_stream
from support.tls_servers import OwnAuthority
from support.wired_world import wired

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@contextmanager
def costing_less_than(most: int) -> Iterator[None]:
    """What is done here takes no more bytes of memory at any time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.fixture
def own(tmp_path: Path) -> OwnAuthority:
    return OwnAuthority(tmp_path)


HEADS: dict[str, list[bytes | None]] = {
    "100 Continue": [b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000] * 2000,
    "a line": [OK + b"X: ", *[b"x" * 65_536] * 2000],
    "lines": [OK, *[b"X: y\r\n" * 10_000] * 2000],
    "a size of a chunk": [CHUNKED + b"1;", *[b"x" * 65_536] * 2000],
    "trailers": [CHUNKED + b"1\r\nx\r\n0\r\n", *[b"X: y\r\n" * 10_000] * 2000],
}


@pytest.mark.parametrize("by_tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("answer", HEADS.values(), ids=HEADS)
async def test_a_head_without_end_is_given_up_before_it_is_large(
    answer: list[bytes | None], by_tls: bool, own: OwnAuthority
) -> None:
    tls = own.context() if by_tls else None
    async with app(answer, [HELLO], tls=tls) as to, kept(connect=own.connect) as connections:
        refused = pytest.raises(aiohttp.ClientError, match=r"no HTTP|neither a head nor of a body|cannot be read")
        with costing_less_than(8_000_000), refused:
            await post(connections, to)
        await to.ended(0)
        assert (await post(connections, to)).body == b"hello"


FLOODS = {
    "messages of nothing": b"\x82\0",
    "messages of a byte": b"\x82\1x",
    "messages of a sample": b"\x82\2xx",
    "large messages": b"\x82\x7e\xff\xfe" + bytes(65_534),
    "clear": b'\x81\x13{"command":"clear"}',
    "unknown commands": b'\x81\x13{"command":"dance"}',
    "texts of nothing": b"\x81\0",
    "pings": b"\x89\1x",
    "pongs": b"\x8a\0",
    "fragments": b"\x02\x7e\xff\xfe" + bytes(65_534) + b"\0\0" * 1000,
}


@pytest.mark.parametrize("frame", FLOODS.values(), ids=FLOODS)
async def test_a_stream_that_pours_costs_no_more_than_is_kept_of_it(
    frame: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MOST_KEPT", 2_000_000)
    async with wired() as sim, pouring(frame, 20_000_000) as (url, poured):
        sim.webhook.on("ice", connect_stream(url))
        with costing_less_than(10_000_000):
            call_id = (await sim.dial())["callId"]
            await asyncio.wait_for(poured.wait(), 60)
            await sim.advance(0.1)
        assert (await sim.call(call_id))["status"] == "FINAL"


@asynccontextmanager
async def pouring(frame: bytes, size: int) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """An app's WebSocket server that answers, sends a frame again and again, up to so many bytes, and leaves."""
    poured = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        key = head.lower().partition(b"sec-websocket-key: ")[2].split(b"\r\n")[0]
        at = head.lower().index(key)
        accept = base64.b64encode(hashlib.sha1(head[at : at + len(key)] + _GUID).digest())
        upgraded = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        writer.write(upgraded + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        writer.write(b'\x81\x14{"command":"answer"}')
        reading = asyncio.ensure_future(_read_all(reader))
        at_once = frame * (65_536 // len(frame) or 1)
        with suppress(ConnectionError):
            for _ in range(min(5_000 // (65_536 // len(frame) or 1) + 1, size // len(at_once))):
                writer.write(at_once)
                await writer.drain()
        writer.close()
        await reading
        poured.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", poured


async def _read_all(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(65_536):
            pass
