"""Servers with a certificate of their own, as an app on a developer's machine has one."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trustme

from sinch_simulator.server.connection_pool import Connect
from sinch_simulator.server.outbound import Outbound


class OwnAuthority:
    """An authority that nobody trusts by himself."""

    def __init__(self, folder: Path, name: str = "authority.pem") -> None:
        self.authority = trustme.CA()
        self.file = str(folder / name)
        self.authority.cert_pem.write_to_path(self.file)

    def context(self, name: str = "127.0.0.1") -> ssl.SSLContext:
        """What a server of this name shows who it is with."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(name).configure_cert(context)
        return context

    @property
    def connect(self) -> Connect:
        """Opens connections that trust this authority."""
        return Outbound(ca_file=self.file).connect


@asynccontextmanager
async def in_front_of(address: str, context: ssl.SSLContext) -> AsyncIterator[str]:
    """Serves a plain server by TLS too; gives the address (``host:port``)."""
    host, _, port = address.partition(":")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(_copy(reader, behind_writer), _copy(behind_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass
    finally:
        writer.close()
