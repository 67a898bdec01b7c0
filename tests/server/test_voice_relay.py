"""Voice Relay over real sockets: an app's server that hears and speaks in texts (docs/platform/voice-v2.md#5)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import WSMsgType, web
from attrs import define, field

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PROJECT
from support.session_world import BEN, command
from support.wired_world import Json, Wired, basic, serving, wired

assert DEFAULT_PROJECT is not None
PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
BRIDGE = command("bridgeCall", bridgeName="talk")
TOGETHER = {"onAnswer": [BRIDGE], "onHangup": []}


@define
class RelayServer:
    """An app's server that answers what it is asked, and keeps what it is told."""

    answers: dict[str, list[Json]] = field(factory=dict)
    """By the text that is heard, what is said then."""
    url: str = ""
    told: list[Json] = field(factory=list)
    declines: bool = False
    socket: web.WebSocketResponse = field(factory=web.WebSocketResponse)
    left: asyncio.Event = field(factory=asyncio.Event)
    """Set when a connection is over."""

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One relay."""
        self.socket = web.WebSocketResponse()
        await self.socket.prepare(request)
        self.told.append(await self.socket.receive_json())
        if self.declines:
            await self.socket.close()
            return self.socket
        await self.socket.send_json({"command": "answer"})
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                words = message.json()
                self.told.append(words)
                for answer in self.answers.get(words.get("text", words["command"]), []):
                    await self.socket.send_json(answer)
        self.left.set()
        return self.socket

    def commands(self) -> list[str]:
        """What it was told, by names."""
        return [words["command"] for words in self.told]


@asynccontextmanager
async def relay_and_world() -> AsyncIterator[tuple[RelayServer, Wired]]:
    relay = RelayServer()
    async with serving(relay.serve) as address, wired() as sim:
        relay.url = f"ws://{address}/relay"
        await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 0}})
        yield relay, sim


def to_relay(url: str, **properties: object) -> Json:
    voice = {"endpoint": url, "ttsVoice": "Emma", "sttLanguage": "en-US", **properties}
    return command("dial", callName="bot", to={"type": "VOICE_RELAY", "voiceRelay": voice}, events=TOGETHER)


async def talk(sim: Wired, relay: Json) -> tuple[Json, Json]:
    """Ben and the relay are in one bridge: their calls."""
    ben = command("dial", callName="ben", to={"type": "PHONE", "phone": {"number": BEN}}, events=TOGETHER)
    path = f"/v2/projects/{PROJECT}/calls"
    reply = await sim.request("POST", path, {"commands": [ben, relay]}, headers=basic(KEY_ID, KEY_SECRET))
    assert reply.status == 201, reply.raw
    await sim.advance(0)
    first, second = (await sim.control("GET", "/calls"))["calls"]
    return first, second


def said(text: str, **properties: object) -> Json:
    return {"command": "text", "text": text, "isLast": True, **properties}


async def test_the_server_is_told_about_the_call_and_answers_it() -> None:
    async with relay_and_world() as (relay, sim):
        headers = [{"key": "lang", "value": "sv"}]
        _, bot = await talk(sim, to_relay(relay.url, callHeaders=headers, enableInterruptions=False))
        assert relay.told == [
            {
                "command": "connect",
                "version": 1,
                "callId": bot["callId"],
                "serviceId": DEFAULT_KEY,
                "sttLanguage": "en-US",
                "ttsVoice": "Emma",
                "interruptionsEnabled": False,
                "callHeaders": {"lang": "sv"},
            }
        ]
        assert (bot["callResult"], bot["bridgeName"]) == ("IN_PROGRESS", "talk")


async def test_what_people_say_is_told_and_what_the_server_says_is_heard() -> None:
    async with relay_and_world() as (relay, sim):
        parts = [said("Hello ", isLast=False), said("Ben")]
        relay.answers = {"hi": parts}
        ben, _ = await talk(sim, to_relay(relay.url))
        await sim.control("POST", f"/calls/{ben['callId']}/speak", {"text": "hi"})
        await sim.control("POST", f"/calls/{ben['callId']}/press", {"digits": "5"})
        await sim.advance(5)

        assert (await sim.call(ben["callId"]))["heard"] == ["Hello Ben"]
        assert relay.told[1] == {"command": "text", "text": "hi", "sttLanguage": "en-US", "isCorrection": False}
        assert relay.commands()[2:] == ["textPlaybackStart", "dtmf", "textPlaybackStop"]
        assert relay.told[3] == {"command": "dtmf", "sequence": "5"}


async def test_speech_interrupts_what_may_be_interrupted() -> None:
    async with relay_and_world() as (relay, sim):
        relay.answers = {"hi": [said("A long story " * 20)], "stop": [said("Well", isInterruptible=False)]}
        ben, _ = await talk(sim, to_relay(relay.url))
        for text in ("hi", "stop", "again"):
            await sim.control("POST", f"/calls/{ben['callId']}/speak", {"text": text})

        assert relay.commands()[1:] == [
            *("text", "textPlaybackStart"),
            *("interrupt", "textPlaybackCancel", "text", "textPlaybackStart"),
            "text",
        ]


async def test_the_server_stops_itself_and_sends_tones() -> None:
    async with relay_and_world() as (relay, sim):
        tones = {"command": "dtmf", "sequence": "12"}
        relay.answers = {"hi": [said("A long story " * 20), {"command": "interrupt"}, tones]}
        ben, _ = await talk(sim, to_relay(relay.url))
        await sim.control("POST", f"/calls/{ben['callId']}/speak", {"text": "hi"})

        assert (await sim.call(ben["callId"]))["legs"][0]["dtmf"] == "12"
        assert relay.commands()[2:] == ["textPlaybackStart", "textPlaybackCancel"]


async def test_a_server_that_declines_is_not_there_or_leaves_ends_its_call_alone() -> None:
    async with relay_and_world() as (relay, sim):
        relay.declines = True
        _, bot = await talk(sim, to_relay(relay.url))
        assert (bot["callResult"], bot["callReason"]) == ("REJECTED", "NOT_AVAILABLE")
        await sim.control("POST", "/reset")
        _, bot = await talk(sim, to_relay("ws://127.0.0.1:9/relay"))
        assert (bot["callResult"], bot["callReason"]) == ("FAILED", "ERROR")
        assert "STREAM_UNREACHABLE" in await sim.codes()
        await sim.control("POST", "/reset")
        relay.declines = False
        ben, bot = await talk(sim, to_relay(relay.url))
        await relay.socket.close()
        await sim.advance(0)
        ended = await sim.call(bot["callId"])
        assert (ended["callResult"], ended["callReason"]) == ("COMPLETED", "CALLEE_HANGUP")
        assert (await sim.call(ben["callId"]))["status"] == "ONGOING"


async def test_a_server_is_told_goodbye_when_its_call_ends_or_is_dropped_and_of_what_it_says_wrong() -> None:
    async with relay_and_world() as (relay, sim):
        relay.answers = {"hi": [{"command": "sing"}, {"command": "text", "text": 1}]}
        ben, bot = await talk(sim, to_relay(relay.url))
        await sim.control("POST", f"/calls/{ben['callId']}/speak", {"text": "hi"})
        assert (await sim.codes()).count("STREAM_UNKNOWN_COMMAND") == 2
        await sim.control("POST", f"/calls/{bot['callId']}/hangup", {})
        await asyncio.wait_for(relay.left.wait(), 2)
        await sim.control("POST", "/reset")
        relay.left.clear()
        await talk(sim, to_relay(relay.url))
        await sim.control("POST", "/reset")
        await asyncio.wait_for(relay.left.wait(), 2)
