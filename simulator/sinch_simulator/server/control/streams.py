"""Shows the stream of a call: the commands of both sides, and the sound that the app has sent."""

import base64
from typing import Any

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.core.rest.control_shapes import Moment, answer, list_of, words
from sinch_simulator.core.rest.journal_views import time_text
from sinch_simulator.core.schema.fields import Choice, Integer, Number, Text
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.control.calls import call_of_path
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.voice_io.outside import VoiceOutside
from sinch_simulator.server.voice_io.streams.capture import StreamRecord, StreamState
from sinch_simulator.server.worlds import World

MOST_FRAMES = 10_000
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
    simulated, call = call_of_path(request)
    world = request.worlds.world_of(simulated)
    outside = world.outside["voice"]
    assert isinstance(outside, VoiceOutside)
    record = outside.streams.record_of(call)
    if record is None:
        raise ControlError(404, "no_stream", f"call {call.id} has no stream", "connectStream gives it one")
    return json_answer(_stream_view(world, record, shown))


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
            for each in (record.frames[-shown:] if shown else ())
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
)
