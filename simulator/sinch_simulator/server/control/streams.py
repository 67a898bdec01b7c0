"""Shows the stream of a call: the commands of both sides, and the sound that the app has sent."""

import asyncio
import base64
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from sinch_simulator.config import ClockMode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.core.rest.control_shapes import Moment, answer, list_of, words
from sinch_simulator.core.rest.journal_views import time_text
from sinch_simulator.core.schema.fields import Choice, Integer, Number, Text
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice import NAME, NAME_OF_V2
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.control.calls import any_call_of_path
from sinch_simulator.server.control.serving import Conversation, ServerHandler, ServerRequest
from sinch_simulator.server.http_messages import write
from sinch_simulator.server.voice_io.streams.capture import StreamRecord, StreamState
from sinch_simulator.server.voice_io.streams.hub import Streams
from sinch_simulator.server.worlds import World

if TYPE_CHECKING:  # loaded with the first stream
    from sinch_simulator.server.voice_io.streams.socket import StreamSocket
    from sinch_simulator.server.voice_io.streams.voice import Voice

MOST_FRAMES = 10_000
LARGEST_MESSAGE = 1_048_576
_HEARTBEAT_S = 15.0
_FEW_FRAMES = 50


_STREAM = answer(
    "a stream",
    Text("callId"),
    Choice("leg", "which end of the call is on it", choices=words(LegName)),
    Text("url", "the app's WebSocket server"),
    Choice("state", "how far it is", choices=words(StreamState)),
    Integer("version", "of the protocol"),
    Integer("sampleRate", "samples in a second"),
    list_of(
        "commands",
        answer(
            "a command",
            Moment("at"),
            Choice("from", "who has sent it", choices=("sinch", "app")),
            Text("command", "the text that was sent"),
        ),
        "what both sides said beside the sound",
    ),
    Integer("framesSent", "binary messages that the app has got"),
    Integer("framesReceived", "binary messages that the app has sent"),
    Number("heard", "seconds of the app's sound that the person has heard"),
    Number("buffered", "seconds of it that are still to be heard"),
    list_of("frames", answer("a binary message", Moment("at"), Text("pcm", "16-bit PCM in base64"))),
    title="Stream",
    meaning="The stream of a call.",
)


async def get_stream(request: ServerRequest) -> Answer:
    """Shows the stream of a call, with the last ``frames`` binary messages of the app: 50 when nothing is said."""
    shown: int = request.query()["frames"]
    world, socket = _stream_of(request)
    return json_answer(_stream_view(world, socket.record, shown))


async def get_audio(request: ServerRequest) -> Conversation:
    """Makes whoever connects the caller of a stream: a WebSocket of binary messages both ways, 16-bit PCM, 20 ms each.

    What is sent is what the caller says, what comes is what the caller hears, silence as well. There is one such
    listener; the next takes its place. A message of another kind ends it.
    """
    request.query()
    world, socket = _stream_of(request)
    runner = world.runner
    if runner.mode is not ClockMode.REALTIME or runner.speed != 1:
        pace = f"{runner.speed:g} times as fast" if runner.mode is ClockMode.REALTIME else runner.mode.value
        hint = "PUT /_simulator/clock with mode realtime and speed 1"
        raise ControlError(409, "not_realtime", f"a voice needs the real-time clock; this one is {pace}", hint)
    if socket.record.state is not StreamState.OPEN:
        state = socket.record.state.value
        raise ControlError(409, "stream_not_open", f"the stream of call {socket.record.call.id} is {state}")
    return partial(_converse, socket)


async def _converse(socket: "StreamSocket", http: web.BaseRequest) -> web.StreamResponse:
    response = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=LARGEST_MESSAGE)
    if not response.can_prepare(http).ok:
        error = ControlError(426, "upgrade_required", "this is a WebSocket", "connect with ws:// and this path")
        return await write(http, json_answer(error.document(), error.status))
    await response.prepare(http)
    voice = socket.open_voice()
    carrying = asyncio.create_task(voice.carry())
    speaking = asyncio.create_task(_let_hear(voice, response))
    try:
        async for message in response:
            if message.type is not WSMsgType.BINARY or len(message.data) % 2:
                reason = b"expected binary messages of 16-bit PCM"
                await response.close(code=WSCloseCode.UNSUPPORTED_DATA, message=reason)
                break
            voice.say(message.data)
    finally:
        socket.close_voice(voice)
        await asyncio.gather(carrying, speaking)
    return response


async def _let_hear(voice: "Voice", response: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError):
        while (frame := await voice.heard.get()) is not None:
            await response.send_bytes(frame)
    await response.close(message=voice.why.encode())


def _stream_of(request: ServerRequest) -> "tuple[World, StreamSocket]":
    """Returns the stream of the call that the path names. Raises ``ControlError``."""
    simulated, call = any_call_of_path(request)
    world = request.worlds.world_of(simulated)
    # Both protocols have streams, each held by what carries out the orders of its product.
    outside: Any = world.outside[NAME if isinstance(call, Call) else NAME_OF_V2]
    streams: Streams = outside.streams
    socket = streams.socket_of(call.id)
    if socket is None:
        hint = "connectStream gives it one, of Voice v2 a dial to STREAM"
        raise ControlError(404, "no_stream", f"call {call.id} has no stream", hint)
    return world, socket


def _stream_view(world: World, record: StreamRecord, shown: int) -> dict[str, Any]:
    options = record.options
    simulation = world.simulation
    return {
        "callId": record.call.id,
        "leg": record.leg.value,
        "url": options.endpoint,
        "state": record.state.value,
        "version": options.version,
        "sampleRate": options.sample_rate_hz,
        "commands": [
            {"at": time_text(simulation, each.at_ms), "from": "sinch" if each.sent else "app", "command": each.command}
            for each in record.commands
        ],
        "framesSent": record.frames_sent,
        "framesReceived": record.frames_received,
        "heard": record.played_ms / 1000,
        "buffered": record.buffered_ms / 1000,
        "frames": [
            {"at": time_text(simulation, each.at_ms), "pcm": base64.b64encode(each.pcm).decode()}
            for each in list(record.frames)[max(0, len(record.frames) - shown) :]
        ],
    }


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/calls/{callId}/stream",
        get_stream,
        "Shows the stream of a call: its commands, and the sound that the app has sent.",
        (
            Integer(
                "frames",
                "how many of the last binary messages are shown",
                minimum=0,
                maximum=MOST_FRAMES,
                default=_FEW_FRAMES,
            ),
        ),
        query_example="frames=10",
        answer=_STREAM,
    ),
    ControlEndpoint(
        "GET",
        "/calls/{callId}/audio",
        get_audio,
        "Opens a WebSocket over which somebody is the caller of a stream with a real voice.",
        status=101,
    ),
)
