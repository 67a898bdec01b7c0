"""Recordings of Voice v2 as files in a store: who is heard on which side, and what was said."""

import json

import pytest
from aiohttp import web
from attrs import define, field

from sinch_simulator.config import DEFAULT_PROJECT
from support.ears import keys_in
from support.session_world import ANNA, BEN, command, say
from support.wired_world import Json, Wired, basic, serving, wired

assert DEFAULT_PROJECT is not None
PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT


@define
class Bucket:
    """A store that takes everything."""

    files: dict[str, bytes] = field(factory=dict)

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.files[request.path] = await request.read()
        return web.Response()


async def recorded(sim: Wired, side: str) -> None:
    """Anna and Ben talk in a bridge; Anna's call is recorded."""
    for number in (ANNA, BEN):
        await sim.control("PUT", f"/phones/{number}", {"answer": {"after": 0}})
    options = {
        "destination": "AWS",
        "destinationUrl": "s3://calls/talk.wav",
        "credentials": "AK:SK:us-east-1",
        "format": "WAV",
        "recordingType": side,
        "transcriptionOptions": {"isEnabled": True},
    }
    bridge = command("bridgeCall", bridgeName="talk")
    recording = command("startRecording", recordingOptions=options)
    commands: list[Json] = []
    for number, more in ((ANNA, [recording, say("Welcome")]), (BEN, [])):
        events = {"onAnswer": [bridge, *more], "onHangup": []}
        commands.append(command("dial", to={"type": "PHONE", "phone": {"number": number}}, events=events))
    path = f"/v2/projects/{PROJECT}/calls"
    reply = await sim.request("POST", path, {"commands": commands}, headers=basic(KEY_ID, KEY_SECRET))
    assert reply.status == 201, reply.raw
    await sim.advance(2)
    anna, ben = (call["callId"] for call in (await sim.control("GET", "/calls"))["calls"])
    await sim.control("POST", f"/calls/{anna}/speak", {"text": "hello Ben"})
    await sim.advance(2)
    await sim.control("POST", f"/calls/{ben}/speak", {"text": "hello Anna"})
    await sim.advance(2)
    await sim.control("POST", f"/calls/{anna}/press", {"digits": "1"})
    await sim.control("POST", f"/calls/{ben}/press", {"digits": "2"})
    await sim.advance(2)
    await sim.control("POST", f"/calls/{anna}/hangup", {})
    await sim.advance(100)


@pytest.mark.parametrize(
    ("side", "said", "keys"),
    [
        ("COMBINED", ["Welcome", "hello Ben", "hello Anna"], "12"),
        ("INBOUND", ["hello Ben"], "1"),
        ("OUTBOUND", ["Welcome", "hello Anna"], "2"),
    ],
)
async def test_a_recording_and_its_transcript_are_in_the_store(side: str, said: list[str], keys: str) -> None:
    bucket = Bucket()
    async with serving(bucket.serve) as address, wired(s3_endpoint=f"http://{address}") as sim:
        await recorded(sim, side)
        wav, transcript = bucket.files["/calls/talk.wav"], json.loads(bucket.files["/calls/talk-transcript.json"])

        assert [line["text"] for line in transcript["lines"]] == said
        assert sorted(key for _, key in keys_in(wav)) == sorted(keys)
