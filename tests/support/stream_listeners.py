"""An app's WebSocket servers for tests, and calls that are led to them."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import WSMsgType, web
from attrs import define, field

from support.wired_world import Json, Wired, serving

Script = Callable[["Listener", web.WebSocketResponse], Awaitable[None]]


@define
class Listener:
    """An app's WebSocket server: it answers as its script says, and keeps what it hears."""

    script: Script
    url: str = ""
    connects: list[Json] = field(factory=list)
    frames: list[bytes] = field(factory=list)
    headers: list[dict[str, str]] = field(factory=list)
    closed: asyncio.Event = field(factory=asyncio.Event)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One stream."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.headers.append(dict(request.headers))
        self.connects.append(await socket.receive_json())
        try:
            await self.script(self, socket)
        finally:
            self.closed.set()
        return socket

    async def listen(self, socket: web.WebSocketResponse) -> AsyncIterator[bytes]:
        """The frames as they come."""
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                self.frames.append(message.data)
                yield message.data


@asynccontextmanager
async def listening(script: Script) -> AsyncIterator[Listener]:
    """An app's server that listens."""
    listener = Listener(script)
    async with serving(listener.serve) as address:
        listener.url = f"ws://{address}/audio"
        yield listener


def say(*commands: str) -> Script:
    """A server that says these words, and then listens."""

    async def script(listener: Listener, socket: web.WebSocketResponse) -> None:
        for command in commands:
            await socket.send_json({"command": command})
        async for _ in listener.listen(socket):
            pass

    return script


async def echo(listener: Listener, socket: web.WebSocketResponse) -> None:
    """Answers, and sends back whatever it hears."""
    await socket.send_json({"command": "answer"})
    async for frame in listener.listen(socket):
        await socket.send_bytes(frame)


def connect_stream(url: str, **properties: object) -> Json:
    """A reply that leads to the app's server."""
    return {"action": {"name": "connectStream", "destination": {"type": "Websocket", "endpoint": url}, **properties}}


def wav_of(frames: list[bytes], *, rate_hz: int) -> bytes:
    """Frames as a file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, rate_hz, 0, "NONE", ""))
        sound.writeframes(b"".join(frames))
    return file.getvalue()


async def stream_of(sim: Wired, call_id: str, frames: int = 0) -> Json:
    """The stream as the control API shows it."""
    return await sim.control("GET", f"/calls/{call_id}/stream?frames={frames}")


async def dial_into(sim: Wired, listener: Listener, **properties: object) -> str:
    """Somebody calls and is led to the app's server; the id of the call."""
    sim.webhook.on("ice", connect_stream(listener.url, **properties))
    call_id: str = (await sim.dial())["callId"]
    return call_id
