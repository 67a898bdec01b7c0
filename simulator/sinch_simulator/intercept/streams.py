"""Carries bytes between two connections."""

import asyncio
import contextlib

from attrs import define, field

from sinch_simulator.intercept.first_bytes import FirstBytes, Unknown, read_first_bytes

_CHUNK = 65_536


@define(eq=False)
class Connection:
    """One end: what is read from it can be looked at before it is passed on."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    received: bytes = field(init=False, default=b"")
    """Looked at, and not passed on yet."""

    async def first_bytes(self) -> FirstBytes:
        """Reads until it is clear what the other side begins; nothing is lost."""
        while (first := read_first_bytes(self.received)) is None:
            more = await self.reader.read(_CHUNK)
            if not more:
                return Unknown()
            self.received += more
        return first

    def take(self, length: int) -> bytes:
        """Gives and forgets so many of the bytes that were looked at."""
        taken, self.received = self.received[:length], self.received[length:]
        return taken

    async def send(self, data: bytes) -> None:
        """Writes, and waits until there is room for more."""
        self.writer.write(data)
        await self.writer.drain()

    def close(self) -> None:
        """Ends the connection when what has been written is out."""
        self.writer.close()

    def abort(self) -> None:
        """Ends the connection at once."""
        self.writer.transport.abort()


async def open_connection(host: str, port: int) -> Connection:
    """Connects by whichever address of the host answers first. Raises ``OSError``."""
    return Connection(*await asyncio.open_connection(host, port, happy_eyeballs_delay=0.25))


async def relay(one: Connection, other: Connection) -> None:
    """Carries bytes both ways until both sides have ended; an end of one direction is passed on as such."""
    try:
        async with asyncio.TaskGroup() as directions:
            directions.create_task(_carry(one, other))
            directions.create_task(_carry(other, one))
    except* OSError:
        one.abort()
        other.abort()
    finally:
        other.close()


async def _carry(source: Connection, target: Connection) -> None:
    data = source.take(len(source.received))
    while data or (data := await source.reader.read(_CHUNK)):
        await target.send(data)
        data = b""
    if target.writer.can_write_eof():
        with contextlib.suppress(OSError, RuntimeError):
            target.writer.write_eof()
