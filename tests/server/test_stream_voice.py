"""A phone with a voice: real sound in and out of a call that the app has put on a stream, under the real-time clock."""

import asyncio
import io
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import WSCloseCode, WSMsgType

from sinch_simulator.server.voice_io.streams.voice import AHEAD_FRAMES, LOOK_BACK_FRAMES, MOST_FRAMES_BEHIND, Voice
from support.stream_listeners import Listener, Script, connect_stream, dial_into, echo, listening, say, stream_of
from support.wired_world import Wired, wired

RATE_HZ = 16_000
FRAME = RATE_HZ * 2 * 20 // 1000


def sound(frames: int) -> bytes:
    """So many frames, no two samples of which are zero or like their neighbours."""
    return array("h", ((7 * index) % 20_000 + 1 for index in range(frames * FRAME // 2))).tobytes()


@asynccontextmanager
async def talking(script: Script = echo, **reply: object) -> AsyncIterator[tuple[Wired, str, Listener]]:
    """A world in real time, the id of a call on an open stream, and the server there, which does what the script says.

    ``reply`` is what else the app answers to the ICE.
    """
    async with wired("realtime") as sim, listening(script) as listener:
        async with sim.session.get(sim.server.url + "/_simulator/events") as events:
            await events.content.readuntil(b"\n\n")
            stream = connect_stream(listener.url, streamingOptions={"sampleRate": RATE_HZ})
            sim.webhook.on("ice", {**stream, **reply})
            call_id = (await sim.dial())["callId"]
            while b'"leg.connected"' not in await events.content.readuntil(b"\n\n"):
                pass
        yield sim, call_id, listener


def audio_of(sim: Wired, call_id: str) -> str:
    """Where the voice of a call goes."""
    return f"{sim.server.url}/_simulator/calls/{call_id}/audio"


async def heard_until(socket: aiohttp.ClientWebSocketResponse, size: int) -> bytes:
    """What is heard, silent frames left out, until it is so much."""
    heard = b""
    while len(heard) < size:
        frame = await socket.receive_bytes()
        assert len(frame) == FRAME
        heard += frame if any(frame) else b""
    return heard


async def test_what_is_said_reaches_the_app_and_what_it_streams_comes_back() -> None:
    said = sound(10)
    async with talking() as (sim, call_id, listener), sim.session.ws_connect(audio_of(sim, call_id)) as socket:
        for first in range(0, len(said), FRAME):
            await socket.send_bytes(said[first : first + FRAME])
        assert await heard_until(socket, len(said)) == said
        assert said in b"".join(listener.frames)
        shown = await stream_of(sim, call_id)
        assert shown["framesSent"] >= 10
        kinds = [entry["kind"] for entry in (await sim.call(call_id))["timeline"]]
        assert "voice.opened" in kinds


async def test_silence_is_heard_while_nobody_says_anything() -> None:
    async with talking(say("answer")) as (sim, call_id, listener):
        async with sim.session.ws_connect(audio_of(sim, call_id)) as socket:
            assert await socket.receive_bytes() == bytes(FRAME)
        assert not any(b"".join(listener.frames))


async def test_keys_are_heard_beside_the_voice() -> None:
    async with talking() as (sim, call_id, _), sim.session.ws_connect(audio_of(sim, call_id)) as socket:
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "5"})
        assert any(await heard_until(socket, FRAME))


async def test_the_stream_goes_on_when_the_listener_has_gone() -> None:
    async with talking() as (sim, call_id, _):
        async with sim.session.ws_connect(audio_of(sim, call_id)) as socket:
            await socket.receive_bytes()
        sent = (await stream_of(sim, call_id))["framesSent"]
        while (await stream_of(sim, call_id))["framesSent"] < sent + 10:
            await sim.control("GET", "/callbacks?count=9&wait=0.05")
        call = await sim.call(call_id)
        assert call["status"] == "ONGOING"
        assert [entry["kind"] for entry in call["timeline"]].count("voice.closed") == 1


async def test_both_voices_are_in_the_recording() -> None:
    said = sound(30)
    start = {"name": "startRecording", "options": {"format": "wav", "destinationUrl": "sdrive://talk.wav"}}
    async with talking(instructions=[{"name": "answer"}, start]) as (sim, call_id, _):
        async with sim.session.ws_connect(audio_of(sim, call_id)) as socket:
            await socket.send_bytes(said)
            await heard_until(socket, len(said))
        await sim.control("POST", f"/calls/{call_id}/hangup")
        await sim.advance(10)
        file = await sim.rest("GET", "/calling/v1/recording/talk.wav")
    with wave.open(io.BytesIO(file.raw)) as opened:
        samples = array("h", opened.readframes(opened.getnframes()))
    loud = sum(abs(sample) > 100 for sample in samples)
    # Said and echoed, each for 0.6 s at 8 kHz, and at most heard at once.
    assert 0.6 * 8000 * 0.9 < loud < 1.2 * 8000 * 1.1


async def test_the_next_listener_takes_the_call() -> None:
    async with (
        talking() as (sim, call_id, _),
        sim.session.ws_connect(audio_of(sim, call_id)) as first,
        sim.session.ws_connect(audio_of(sim, call_id)) as second,
    ):
        await second.receive_bytes()
        message = await closed(first)
        assert (message.data, message.extra) == (WSCloseCode.OK, "somebody else has taken the call")


@pytest.mark.parametrize(
    ("what", "why"), [("hangup", "the stream is over"), ("clock", "time has leapt, or runs at another pace")]
)
async def test_it_ends_with_the_call_and_with_real_time(what: str, why: str) -> None:
    async with talking() as (sim, call_id, _), sim.session.ws_connect(audio_of(sim, call_id)) as socket:
        await socket.receive_bytes()
        if what == "hangup":
            await sim.control("POST", f"/calls/{call_id}/hangup")
        else:
            await sim.control("PUT", "/clock", {"mode": "manual"})
        message = await closed(socket)
        assert (message.data, message.extra) == (WSCloseCode.OK, why)


@pytest.mark.parametrize("wrong", [b"\x00" * (FRAME + 1), "hello"])
async def test_what_is_no_sound_ends_it(wrong: bytes | str) -> None:
    async with talking() as (sim, call_id, _), sim.session.ws_connect(audio_of(sim, call_id)) as socket:
        await (socket.send_str(wrong) if isinstance(wrong, str) else socket.send_bytes(wrong))
        message = await closed(socket)
        assert (message.data, message.extra) == (WSCloseCode.UNSUPPORTED_DATA, "expected binary messages of 16-bit PCM")
        assert (await sim.call(call_id))["status"] == "ONGOING"


async def closed(socket: aiohttp.ClientWebSocketResponse) -> aiohttp.WSMessage:
    """The message that ends a connection."""
    while True:
        async with asyncio.timeout(10):
            message = await socket.receive()
        if message.type is WSMsgType.CLOSE:
            return message
        assert message.type is WSMsgType.BINARY, message


async def test_a_call_without_a_stream_and_a_clock_that_waits_are_refused() -> None:
    async with talking() as (sim, call_id, _):
        plain = await sim.request("GET", f"/_simulator/calls/{call_id}/audio")
        assert (plain.status, plain.error["code"]) == (426, "upgrade_required")
        await sim.control("PUT", "/clock", {"mode": "realtime", "speed": 2})
        fast = await sim.request("GET", f"/_simulator/calls/{call_id}/audio")
        assert (fast.status, fast.error["code"]) == (409, "not_realtime")
        await sim.control("PUT", "/clock", {"mode": "realtime", "speed": 1})
        await sim.control("POST", f"/calls/{call_id}/hangup")
        over = await sim.request("GET", f"/_simulator/calls/{call_id}/audio")
        assert (over.status, over.error["code"]) == (409, "stream_not_open")


async def test_a_stream_under_a_clock_that_waits_has_no_voice() -> None:
    async with wired() as sim, listening(echo) as listener:
        call_id = await dial_into(sim, listener)
        refused = await sim.request("GET", f"/_simulator/calls/{call_id}/audio")
        assert (refused.status, refused.error["code"]) == (409, "not_realtime")
        no_stream = await sim.call_out()
        assert (await sim.request("GET", f"/_simulator/calls/{no_stream}/audio")).error["code"] == "no_stream"


# ---- the frames of a voice, without a clock


def voice_of(frame_bytes: int = 2) -> Voice:
    """A voice whose frames have one sample; nobody is there to trade with."""

    async def trade(said: bytes) -> bytes:
        raise AssertionError("no time passes here")

    return Voice(frame_bytes, trade, lambda: "")


def frames(*numbers: int) -> bytes:
    """One frame for each number."""
    return array("h", numbers).tobytes()


def test_a_voice_begins_when_a_little_is_there_and_begins_anew_after_a_pause() -> None:
    voice = voice_of()
    voice.say(frames(1))
    assert voice.next_said() == frames(0)
    voice.say(frames(2))
    assert [voice.next_said() for _ in range(3)] == [frames(1), frames(2), frames(0)]
    voice.say(frames(3))
    assert voice.next_said() == frames(0)
    voice.say(frames(4))
    assert voice.next_said() == frames(3)


def test_of_too_much_at_once_the_end_is_said() -> None:
    voice = voice_of()
    voice.say(frames(*range(1, MOST_FRAMES_BEHIND + 11)))
    assert voice.next_said() == frames(11)


def test_what_a_faster_clock_piles_up_is_left_out() -> None:
    voice = voice_of()
    voice.say(frames(*range(1, 21)))
    said = []
    for number in range(21, 21 + LOOK_BACK_FRAMES):
        said.append(voice.next_said())
        voice.say(frames(number))
    assert said[0] == frames(1)
    assert said[-1] == frames(LOOK_BACK_FRAMES + 20 - AHEAD_FRAMES)
