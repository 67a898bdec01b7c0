"""A webhook that misbehaves as it is told, and what a simulator has made of it otherwise than is documented."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from attrs import define, field

from attack.webhook_cases import RESET, Case, Consequence, Pause, sized
from support.wired_world import Wired

_AT_ONCE = struct.pack("ii", 1, 0)


@define
class Misbehaving:
    """A webhook that answers an ICE as the case says, and everything else as it should."""

    case: Case | None = None
    url: str = ""
    connections: list[tuple[asyncio.StreamWriter, "asyncio.Future[None]"]] = field(factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.connections.append((writer, ended))
        with suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, RuntimeError):
            while await self._answer(reader, writer):
                pass
        writer.close()
        ended.set_result(None)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
        event = json.loads(await reader.readexactly(length))["event"]
        if event != "ice" or self.case is None:
            writer.write(sized(b""))
            return True
        for piece in self.case.pieces:
            if isinstance(piece, Pause):
                await asyncio.sleep(piece.seconds)
            elif isinstance(piece, bytes):
                writer.write(piece)
                await writer.drain()
            else:
                if piece is RESET:
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                    writer.transport.abort()
                return False
        return True


@asynccontextmanager
async def misbehaving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Misbehaving]:
    """It listens, by TLS when it is to."""
    webhook = Misbehaving()
    server = await asyncio.start_server(webhook.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    webhook.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield webhook
    finally:
        server.close()
        for writer, _ in webhook.connections:
            writer.transport.abort()
        await asyncio.gather(*(ended for _, ended in webhook.connections))


async def mistakes(sim: Wired, webhook: Misbehaving, cases: Iterable[Case]) -> list[str]:
    """Lets somebody call for each case; says of which the journal tells something else than is documented."""
    wrong = []
    for case in cases:
        webhook.case = case
        call_id = (await sim.dial())["callId"]
        call = await sim.call(call_id)
        [ice] = await sim.callbacks(f"?callId={call_id}&event=ice")
        codes = [finding["code"] for finding in ice["diagnostics"]]
        difference = differs(case.consequence, ice["outcome"], codes, call["status"], call["reason"])
        wrong += [f"{case.name}: {difference}"] if difference else []
    return wrong


def differs(expected: Consequence, outcome: str, codes: list[str], status: str, reason: str) -> str:
    """Says what was found in place of a consequence; "" when it is that one, and the call is over."""
    told = expected.code in codes if expected.code else codes == []
    if told and (outcome, status, reason) == (expected.outcome, "FINAL", expected.reason):
        return ""
    return f"{outcome}, {codes}, {status}, {reason}, not {expected}"
