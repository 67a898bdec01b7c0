"""connectStream over real sockets: what goes over the wire, what becomes of the call, what a test can look at."""

import asyncio
import base64
import json

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.journal import Entry
from sinch_simulator.phones.signals import LegName
from sinch_simulator.server.voice_io.streams.frames import StreamSound
from support.ears import keys_in
from support.stream_listeners import Listener, connect_stream, dial_into, echo, listening, say, stream_of, wav_of
from support.wired_world import wired

# ---- the handshake


async def test_the_first_message_tells_the_server_about_the_call() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        options = {"version": 1, "sampleRate": 24000}
        call_id = await dial_into(
            sim, listener, streamingOptions=options, callHeaders=[{"key": "lang", "value": "sv"}], maxDuration=60
        )
        assert listener.connects == [
            {
                "command": "connect",
                "version": 1,
                "callId": call_id,
                "applicationKey": DEFAULT_KEY,
                "codec": "PCM",
                "sampleRate": 24000,
                "callHeaders": {"lang": "sv"},
            }
        ]
        call = await sim.call(call_id)
        assert (call["state"], call["domain"]) == ("CONNECTED", "stream")
        assert sim.webhook.events == ["ice"]
        assert await sim.codes() == ["STREAM_CLOSED_BETA", "STREAM_NOT_TLS"]
        assert not [name for name in listener.headers[0] if name.lower().startswith(("x-", "authorization"))]
        shown = await stream_of(sim, call_id)
        assert shown["commands"] == [
            {"at": "2025-01-15T10:30:00.000Z", "from": "sinch", "command": "connect"},
            {"at": "2025-01-15T10:30:00.000Z", "from": "app", "command": "answer"},
        ]
        assert (shown["state"], shown["sampleRate"], shown["url"]) == ("open", 24000, listener.url)


@pytest.mark.parametrize("word", ["busy", "reject"])
async def test_a_server_that_is_busy_or_rejects_makes_the_call_busy(word: str) -> None:
    async with wired() as sim, listening(say(word)) as listener:
        call = await sim.call(await dial_into(sim, listener))
        assert (call["result"], call["reason"], call["status"]) == ("BUSY", "N/A", "FINAL")
        assert (await stream_of(sim, call["callId"]))["state"] == "closed"
        await asyncio.wait_for(listener.closed.wait(), 2)


async def test_a_server_that_is_not_there_fails_the_call() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", connect_stream("ws://127.0.0.1:9/audio"))
        call = await sim.dial()
        assert (call["result"], call["reason"]) == ("FAILED", "GENERALERROR")
        assert "STREAM_UNREACHABLE" in await sim.codes()


async def test_a_server_that_leaves_before_it_answers_fails_the_call() -> None:
    async def leave(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.close()

    async with wired() as sim, listening(leave) as listener:
        call = await sim.call(await dial_into(sim, listener))
        assert (call["result"], call["reason"]) == ("FAILED", "GENERALERROR")


async def test_a_server_that_says_nothing_fails_the_call_in_real_time() -> None:
    async with wired(timeout_s=0.1) as sim, listening(say()) as listener:
        call = await sim.call(await dial_into(sim, listener))
        assert (call["result"], call["duration"]) == ("FAILED", 0)
        assert "within 0.1 s" in (await sim.control("GET", "/diagnostics"))["diagnostics"][-1]["message"]


async def test_other_words_are_told_and_ignored() -> None:
    async with wired() as sim, listening(say("hello", "Answer", "sing")) as listener:
        call_id = await dial_into(sim, listener)
        await sim.advance(0.1)
        assert (await sim.call(call_id))["state"] == "CONNECTED"
        assert (await sim.codes())[2:] == ["STREAM_UNKNOWN_COMMAND"] * 2


# ---- sound


async def test_fifty_frames_go_out_for_each_second_that_is_advanced() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        call_id = await dial_into(sim, listener)
        assert listener.frames == []
        await sim.advance(2)
        assert len(listener.frames) == 100
        assert {len(frame) for frame in listener.frames} == {640}
        assert not any(b"".join(listener.frames))
        assert (await stream_of(sim, call_id))["framesSent"] == 100


async def test_keys_of_the_caller_are_tones_at_their_moments() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        call_id = await dial_into(sim, listener, streamingOptions={"sampleRate": 8000})
        await sim.advance(1)
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "4#"})
        await sim.advance(2)
        assert keys_in(wav_of(listener.frames, rate_hz=8000)) == [(1.0, "4"), (1.2, "#")]


async def test_the_words_of_the_caller_are_heard() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        call_id = await dial_into(sim, listener)
        await sim.control("POST", f"/calls/{call_id}/speak", {"text": "I want to talk to support"})
        await sim.advance(1)
        assert any(listener.frames[10])
        await sim.advance(9)
        assert not any(listener.frames[-1])


async def test_what_the_app_sends_is_kept_and_heard_as_time_passes() -> None:
    async with wired() as sim, listening(echo) as listener:
        call_id = await dial_into(sim, listener)
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "5"})
        await sim.advance(1)
        shown = await stream_of(sim, call_id, frames=1000)
        assert shown["framesReceived"] == 50
        assert b"".join(base64.b64decode(frame["pcm"]) for frame in shown["frames"]) == b"".join(listener.frames)
        assert (shown["heard"], shown["buffered"]) == (0.9, 0.1)
        assert len((await stream_of(sim, call_id, frames=3))["frames"]) == 3
        kinds = [line["kind"] for line in (await sim.call(call_id))["timeline"]]
        assert kinds.count("stream.speaking") == 1


async def test_clear_drops_what_is_buffered() -> None:
    async def chatter(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        await socket.send_bytes(bytes(320_000))
        async for _ in listener.listen(socket):
            if len(listener.frames) == 100:
                await socket.send_json({"command": "clear"})

    async with wired() as sim, listening(chatter) as listener:
        call_id = await dial_into(sim, listener)
        await sim.advance(1.9)
        assert (await stream_of(sim, call_id))["buffered"] > 8
        await sim.advance(0.1)
        assert (await stream_of(sim, call_id))["buffered"] == 0
        await sim.advance(0.2)
        assert [line["kind"] for line in (await sim.call(call_id))["timeline"]][-1] == "stream.silent"


async def test_a_heartbeat_is_answered_with_nothing() -> None:
    async def alive(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "heartbeat"})
        await socket.send_json({"command": "answer"})
        async for _ in listener.listen(socket):
            if len(listener.frames) == 50:
                await socket.send_json({"command": "heartbeat"})

    async with wired() as sim, listening(alive) as listener:
        call_id = await dial_into(sim, listener)
        await sim.advance(2)
        assert (await sim.call(call_id))["state"] == "CONNECTED"
        assert "STREAM_UNKNOWN_COMMAND" not in await sim.codes()


async def test_sound_beyond_the_buffer_is_dropped_and_told_once() -> None:
    async def flood(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        for _ in range(4):
            await socket.send_bytes(bytes(2_000_001))
        async for _ in listener.listen(socket):
            pass

    async with wired() as sim, listening(flood) as listener:
        call_id = await dial_into(sim, listener)
        await sim.advance(0.1)
        assert (await stream_of(sim, call_id))["buffered"] <= 5_000_000 / 32_000
        assert (await sim.codes())[2:] == ["STREAM_ODD_FRAME", "STREAM_BUFFER_FULL"]


async def test_a_message_to_both_ends_is_heard_by_the_server_too() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        call_id = await dial_into(sim, listener)
        message = {"instructions": [{"name": "say", "text": "One moment", "locale": "en-US"}]}
        body = {**message, "action": {"name": "continue"}}
        reply = await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}/leg/both", body)
        assert reply.status == 200
        await sim.advance(1)
        assert any(listener.frames[5])
        assert (await sim.call(call_id))["heard"] == ["One moment"]


async def test_the_sound_of_the_app_is_in_the_recording() -> None:
    async def dial_back(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        key = StreamSound(LegName.CALLEE, 16000)
        key.listen([Entry(1, 0, "digit.pressed", "a call", {"leg": "caller", "digit": "9"})])
        tone = b"".join(key.frames(0, 100))
        async for _ in listener.listen(socket):
            if len(listener.frames) == 50:
                await socket.send_bytes(tone)

    async with wired() as sim, listening(dial_back) as listener:
        start = {"name": "startRecording", "options": {"format": "wav", "destinationUrl": "sdrive://talk.wav"}}
        sim.webhook.on("ice", {**connect_stream(listener.url), "instructions": [{"name": "answer"}, start]})
        call_id = (await sim.dial())["callId"]
        await sim.advance(2)
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
        await sim.advance(1)
        await sim.control("POST", f"/calls/{call_id}/hangup", {})
        await sim.advance(10)
        downloaded = await sim.rest("GET", "/calling/v1/recording/talk.wav")
        assert keys_in(downloaded.raw) == [(1.0, "9"), (2.0, "1")]


# ---- the end


async def test_the_loss_of_the_socket_ends_the_call_without_an_advance() -> None:
    leave = asyncio.Event()

    async def answer_and_leave(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        await leave.wait()
        await socket.close()

    async with wired() as sim, listening(answer_and_leave) as listener:
        call_id = await dial_into(sim, listener)
        leave.set()
        [dice] = await sim.callbacks(f"?callId={call_id}&event=dice&wait=5")
        assert (dice["request"]["body"]["result"], dice["request"]["body"]["reason"]) == ("ANSWERED", "CALLEEHANGUP")
        assert (await stream_of(sim, call_id))["state"] == "closed"


async def test_the_loss_of_the_socket_in_the_middle_ends_the_call_at_that_moment() -> None:
    async def answer_and_leave(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        async for _ in listener.listen(socket):
            if len(listener.frames) == 150:
                return

    async with wired() as sim, listening(answer_and_leave) as listener:
        call_id = await dial_into(sim, listener)
        await sim.advance(60)
        call = await sim.call(call_id)
        assert (call["result"], call["reason"], call["duration"]) == ("ANSWERED", "CALLEEHANGUP", 3)
        assert len(listener.connects) == 1


async def test_the_caller_hangs_up_and_the_server_is_told() -> None:
    async with wired() as sim, listening(echo) as listener:
        call_id = await dial_into(sim, listener)
        await sim.advance(1)
        ended = await sim.control("POST", f"/calls/{call_id}/hangup", {})
        assert (ended["result"], ended["reason"]) == ("ANSWERED", "CALLERHANGUP")
        await asyncio.wait_for(listener.closed.wait(), 2)
        await sim.advance(5)
        assert len(listener.frames) == 50


async def test_the_maximum_duration_cuts_the_stream() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        call_id = await dial_into(sim, listener, maxDuration=3)
        await sim.advance(10)
        call = await sim.call(call_id)
        assert (call["result"], call["reason"], call["duration"]) == ("ANSWERED", "TIMEOUT", 3)
        await asyncio.wait_for(listener.closed.wait(), 2)


async def test_the_caller_hangs_up_before_the_server_has_answered() -> None:
    asked = asyncio.Event()

    async def silent(listener: Listener, socket: web.WebSocketResponse) -> None:
        asked.set()
        async for _ in listener.listen(socket):
            pass

    async with wired() as sim, listening(silent) as listener:
        sim.webhook.on("ice", connect_stream(listener.url))
        dialling = asyncio.create_task(sim.dial())
        await asked.wait()
        [call] = (await sim.control("GET", "/calls"))["calls"]
        ended = await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
        assert (ended["result"], ended["reason"]) == ("NOANSWER", "CANCEL")
        assert (await dialling)["status"] == "FINAL"
        assert "STREAM_UNREACHABLE" not in await sim.codes()
        await asyncio.wait_for(listener.closed.wait(), 2)


async def test_a_reset_ends_the_streams() -> None:
    async with wired() as sim, listening(say("answer")) as listener:
        await dial_into(sim, listener)
        await sim.advance(1)
        await sim.control("POST", "/reset")
        await asyncio.wait_for(listener.closed.wait(), 2)


async def test_a_simulator_that_stops_says_goodbye_to_the_server() -> None:
    async with listening(say("answer")) as listener:
        async with wired() as sim:
            await dial_into(sim, listener)
        await asyncio.wait_for(listener.closed.wait(), 2)


# ---- the other clocks


async def test_under_the_auto_clock_a_stream_runs_by_itself() -> None:
    async def hang_up_after_a_second(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        async for _ in listener.listen(socket):
            if len(listener.frames) == 50:
                return

    async with wired("auto") as sim, listening(hang_up_after_a_second) as listener:
        call_id = await dial_into(sim, listener)
        [dice] = await sim.callbacks(f"?callId={call_id}&event=dice&wait=5")
        assert dice["request"]["body"]["duration"] == 1


async def test_under_the_real_clock_frames_come_one_by_one() -> None:
    moments: list[float] = []

    async def note(listener: Listener, socket: web.WebSocketResponse) -> None:
        await socket.send_json({"command": "answer"})
        async for _ in listener.listen(socket):
            moments.append(asyncio.get_running_loop().time())
            if len(moments) == 50:
                return

    async with wired("realtime", speed=2) as sim, listening(note) as listener:
        call_id = await dial_into(sim, listener)
        [dice] = await sim.callbacks(f"?callId={call_id}&event=dice&wait=5")
        assert dice["request"]["body"]["reason"] == "CALLEEHANGUP"
        assert moments[-1] - moments[0] > 0.3
        assert len({round(moment, 3) for moment in moments}) > 10


async def test_the_clock_says_that_it_waits_for_the_server() -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(listener: Listener, socket: web.WebSocketResponse) -> None:
        asked.set()
        await answer.wait()
        await socket.send_json({"command": "answer"})
        async for _ in listener.listen(socket):
            pass

    async with wired() as sim, listening(slow) as listener:
        sim.webhook.on("ice", connect_stream(listener.url))
        dialling = asyncio.create_task(sim.dial())
        await asked.wait()
        [reason] = (await sim.control("GET", "/clock"))["waitingFor"]
        assert "the server of the stream to answer" in reason
        answer.set()
        assert (await dialling)["state"] == "CONNECTED"


async def test_a_callout_can_be_a_stream_and_nothing_else() -> None:
    async with wired(callback_url=None) as sim, listening(say("answer")) as listener:
        ice = json.dumps(connect_stream(listener.url))
        body = {"method": "customCallout", "customCallout": {"cli": DEFAULT_NUMBER, "ice": ice}}
        call_id = (await sim.rest("POST", "/calling/v1/callouts", body)).json["callId"]
        await sim.advance(1)
        assert len(listener.frames) == 50
        call = await sim.call(call_id)
        assert (call["state"], call["legs"][0]["address"]) == ("CONNECTED", listener.url)
        await sim.control("POST", f"/calls/{call_id}/hangup", {})
        await asyncio.wait_for(listener.closed.wait(), 2)


async def test_a_call_without_a_stream_has_none_to_show() -> None:
    async with wired() as sim:
        call = await sim.dial()
        reply = await sim.request("GET", f"/_simulator/calls/{call['callId']}/stream")
        assert (reply.status, reply.error["code"]) == (404, "no_stream")


async def test_the_same_stream_twice_is_the_same_to_the_letter() -> None:
    async def once() -> tuple[str, bytes]:
        async with wired() as sim, listening(echo) as listener:
            call_id = await dial_into(sim, listener)
            await sim.control("POST", f"/calls/{call_id}/press", {"digits": "12w3"})
            await sim.advance(3)
            await sim.control("POST", f"/calls/{call_id}/hangup", {})
            timeline = json.dumps((await sim.call(call_id))["timeline"])
            for url in (listener.url, sim.webhook.url, sim.server.url):
                timeline = timeline.replace(url, "URL")
            return timeline, b"".join(listener.frames)

    assert await once() == await once()
