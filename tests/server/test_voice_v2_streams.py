"""Calls of Voice v2 to a STREAM over real sockets: raw audio (docs/platform/voice-v2.md#5)."""

import asyncio

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PROJECT
from support.session_world import BEN, command, say
from support.stream_listeners import Listener, echo, listening, stream_of
from support.stream_listeners import say as says
from support.wired_world import Json, Wired, basic, wired

assert DEFAULT_PROJECT is not None
PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
TOGETHER = {"onAnswer": [command("bridgeCall", bridgeName="talk")], "onHangup": []}


async def talk(sim: Wired, url: str, *answered: Json, **options: object) -> tuple[Json, Json]:
    """Ben, who picks up at once, and a stream are in one bridge: their calls."""
    await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 0}})
    ben = command("dial", to={"type": "PHONE", "phone": {"number": BEN}}, events=TOGETHER)
    stream = {"endpoint": url, "callHeaders": [{"key": "lang", "value": "sv"}], **options}
    events = {**TOGETHER, "onAnswer": [*TOGETHER["onAnswer"], *answered]}
    bot = command("dial", to={"type": "STREAM", "stream": stream}, events=events)
    path = f"/v2/projects/{PROJECT}/calls"
    reply = await sim.request("POST", path, {"commands": [ben, bot]}, headers=basic(KEY_ID, KEY_SECRET))
    assert reply.status == 201, reply.raw
    await sim.advance(0)
    first, second = (await sim.control("GET", "/calls"))["calls"]
    return first, second


def loud(frames: list[bytes]) -> bool:
    return any(any(frame) for frame in frames)


async def test_the_server_is_connected_and_hears_what_is_said_in_the_bridge() -> None:
    async with wired() as sim, listening(says("answer")) as listener:
        ben, bot = await talk(sim, listener.url)
        assert listener.connects == [
            {
                "command": "connect",
                "version": 1,
                "callId": bot["callId"],
                "applicationKey": DEFAULT_KEY,
                "codec": "PCM",
                "sampleRate": 8000,
                "callHeaders": {"lang": "sv"},
            }
        ]
        await sim.advance(1)
        assert (len(listener.frames), loud(listener.frames), len(listener.frames[0])) == (50, False, 320)
        await sim.control("POST", f"/calls/{ben['callId']}/speak", {"text": "hello there"})
        await sim.advance(1)
        assert loud(listener.frames)
        shown = await stream_of(sim, bot["callId"])
        assert (shown["state"], shown["framesSent"], shown["url"]) == ("open", 100, listener.url)


async def test_keys_and_messages_are_heard_by_the_server_and_its_sound_comes_back() -> None:
    async with wired() as sim, listening(echo) as listener:
        ben, bot = await talk(sim, listener.url, say("Welcome"))
        await sim.advance(1)
        assert loud(listener.frames)
        await sim.control("POST", f"/calls/{ben['callId']}/press", {"digits": "5"})
        await sim.advance(1)
        shown = await stream_of(sim, bot["callId"])
        assert (shown["framesReceived"], shown["heard"]) == (100, 1.9)
        assert (await sim.call(bot["callId"]))["legs"][0]["dtmf"] == "5"


@pytest.mark.parametrize(("word", "result"), [("busy", "BUSY"), ("reject", "REJECTED")])
async def test_a_server_that_declines_says_how(word: str, result: str) -> None:
    async with wired() as sim, listening(says(word)) as listener:
        _, bot = await talk(sim, listener.url)
        assert (bot["callResult"], bot["callReason"]) == (result, "NOT_AVAILABLE")


async def test_a_server_that_is_not_there_fails_the_call_and_one_that_leaves_ends_it() -> None:
    async def leave(listener: Listener, socket: object) -> None:
        await socket.send_json({"command": "answer"})  # type: ignore[attr-defined]
        await asyncio.sleep(0.05)

    async with wired() as sim, listening(leave) as listener:
        _, bot = await talk(sim, "ws://127.0.0.1:9/audio")
        assert (bot["callResult"], bot["callReason"]) == ("FAILED", "ERROR")
        await sim.control("POST", "/reset")
        ben, bot = await talk(sim, listener.url)
        await asyncio.wait_for(listener.closed.wait(), 2)
        await sim.advance(1)
        ended = await sim.call(bot["callId"])
        assert (ended["callResult"], ended["callReason"]) == ("COMPLETED", "CALLEE_HANGUP")
        assert (await sim.call(ben["callId"]))["status"] == "ONGOING"


async def test_a_stream_ends_with_its_call_and_with_a_reset() -> None:
    async with wired() as sim, listening(says("answer")) as listener:
        _, bot = await talk(sim, listener.url)
        await sim.control("POST", f"/calls/{bot['callId']}/hangup", {})
        await asyncio.wait_for(listener.closed.wait(), 2)
        listener.closed.clear()
        await sim.control("POST", "/reset")
        await talk(sim, listener.url)
        await sim.control("POST", "/reset")
        await asyncio.wait_for(listener.closed.wait(), 2)
