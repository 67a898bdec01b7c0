"""Connections of a client that counts its bytes, for tests of what is on the wire."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from attrs import define, frozen

from support.wired_world import Wired, basic, tts_callout

CALLOUTS = "/calling/v1/callouts"
CALLOUT = json.dumps(tts_callout()).encode()
HEALTH = b"GET /_simulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
STRANGE = b"GET /strange HTTP/1.1\r\nHost: localhost\r\n\r\n"


@frozen
class Got:
    """An answer, as it was on the wire."""

    status_line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def status(self) -> int:
        """The number of it."""
        return int(self.status_line.split()[1])


@define
class Line:
    """A connection of a client that counts its bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        """One segment, if the network is kind."""
        self.writer.write(data)

    async def get(self) -> Got:
        """The next answer."""
        async with asyncio.timeout(5):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().removesuffix("\r\n\r\n").split("\r\n")
            headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in head[1:]))
            length = int(dict(headers).get("Content-Length", 0))
            return Got(head[0], headers, await self.reader.readexactly(length))

    async def rest(self) -> bytes:
        """All that comes until the other side closes."""
        async with asyncio.timeout(5):
            return await self.reader.read()

    async def ask(self, data: bytes) -> Got:
        """Send, and get the answer."""
        self.send(data)
        return await self.get()

    async def statuses(self, count: int) -> list[int]:
        """Those of the next answers."""
        return [(await self.get()).status for _ in range(count)]


@asynccontextmanager
async def line(sim: Wired) -> AsyncIterator[Line]:
    """A new connection to the simulator."""
    async with line_to(int(sim.server.url.rpartition(":")[2])) as opened:
        yield opened


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    """A new connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()


async def arrived(sim: Wired) -> None:
    """What has been sent so far has been received: somebody who came later has been served."""
    async with line(sim) as other:
        assert (await other.ask(STRANGE)).status == 404


def request(
    method: str = "POST",
    path: str = CALLOUTS,
    body: bytes | None = CALLOUT,
    *more: str,
    version: str = "1.1",
    signed: bool = True,
) -> bytes:
    """A request; ``more`` are whole header lines."""
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *more]
    if signed:
        lines.append(f"Authorization: {basic()['Authorization']}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")
