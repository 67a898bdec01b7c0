"""Apps that send bytes, and connections to them, for tests of what is on the wire of a callback."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from attrs import define, field
from yarl import URL

from sinch_simulator.core.callback import Response
from sinch_simulator.server.callback_sender import LONGEST_REPLY, LONGEST_SEARCH
from sinch_simulator.server.connection_pool import Connect, KeptConnections
from sinch_simulator.server.outbound import Outbound

BODY = b'{"event":"ice"}'
OK = b"HTTP/1.1 200 OK\r\n"
HELLO = OK + b"Content-Length: 5\r\n\r\nhello"


@define
class App:
    """A server that sends bytes: to each request the next of ``answers``, to any more the last; None closes."""

    answers: list[list[bytes | None]]
    scheme: str = "http"
    port: int = 0
    requests: list[bytes] = field(factory=list)
    connections: int = 0
    writers: list[asyncio.StreamWriter] = field(factory=list)
    asked: asyncio.Event = field(factory=asyncio.Event)
    ends: list["asyncio.Future[None]"] = field(factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        self.writers.append(writer)
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ends.append(ended)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                for piece in self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]:
                    if piece is None:
                        return
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
                self.asked.set()
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            ended.set_result(None)
            writer.close()

    async def ended(self, number: int) -> None:
        """That connection has been closed by the other side."""
        await asyncio.wait_for(self.ends[number], 5)


@asynccontextmanager
async def app(
    *answers: list[bytes | None], host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[App]:
    """It listens; with ``tls`` by TLS."""
    made = App(list(answers), "http" if tls is None else "https")
    server = await asyncio.start_server(made.serve, host, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for writer in made.writers:
            writer.transport.abort()
        await asyncio.gather(*made.ends)


@asynccontextmanager
async def kept(timeout_s: float = 5.0, connect: Connect | None = None) -> AsyncIterator[KeptConnections]:
    """Connections that are closed at the end."""
    connections = KeptConnections(timeout_s, LONGEST_REPLY, LONGEST_SEARCH, connect or Outbound().connect)
    try:
        yield connections
    finally:
        connections.close()
        await asyncio.sleep(0)


async def post(connections: KeptConnections, to: App, rest: str = "/hook", host: str = "127.0.0.1") -> Response:
    """One callback."""
    return await connections.post(URL(f"{to.scheme}://{host}:{to.port}{rest}", encoded=True), {"X-A": "b"}, BODY)
