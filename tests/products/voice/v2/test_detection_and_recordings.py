"""Machine detection as a command, and recordings by name."""

from typing import Any

import pytest

from sinch_simulator.products.voice.v2.session import Call
from support.session_world import BEN, Json, SessionWorld, calls_of, command, dial, say

MACHINE = {"answer": {"after": 1, "as": "machine"}, "greeting": 2.0, "beep": True}
LONG_MACHINE = {"answer": {"after": 1, "as": "machine"}, "greeting": 6.0, "beep": True}


def answered(world: SessionWorld, *commands: Json, persona: Any = None) -> Call:
    """Ben is called, and these commands follow when he answers after a second."""
    world.phone(BEN, **(persona or {"answer": {"after": 1}}))
    session = world.start(dial(BEN, events={"onAnswer": [*commands], "onHangup": []}))
    world.advance(1)
    return calls_of(session)[0]


@pytest.mark.parametrize(
    ("persona", "events"),
    [
        ({"answer": {"after": 1}}, ["call.amd.human"]),
        ({"answer": {"after": 1, "as": "silence"}}, ["call.amd.unknown"]),
        (MACHINE, ["call.amd.machine", "call.amd.beep"]),
        (LONG_MACHINE, ["call.amd.machine", "call.amd.beep"]),
        ({"answer": {"after": 1, "as": "machine"}, "greeting": 1.0, "beep": False}, ["call.amd.unknown"]),
    ],
)
def test_what_has_picked_up_is_told(persona: dict[str, Any], events: list[str]) -> None:
    world = SessionWorld()
    answered(world, command("amd"), persona=persona)
    world.advance(10)

    assert world.events() == events


def test_detection_has_handlers_and_ends_with_its_call() -> None:
    world = SessionWorld()
    handlers = {"onMachine": [say("machine")], "onBeep": [say("after the beep")]}
    call = answered(world, command("amd", events=handlers), persona=LONG_MACHINE)
    world.advance(4)
    assert call.heard == ["machine"]
    world.advance(5)
    assert call.heard == ["machine", "after the beep"]
    hasty = answered(world, command("amd"), command("hangup"))
    world.advance(10)

    assert hasty.final
    assert world.events() == ["call.message.finished", "call.message.finished"]


def record(name: str | None = None, url: str = "s3://bucket/calls", **properties: Any) -> Json:
    options = {"destination": "AWS", "destinationUrl": url, "credentials": "key:secret:eu-west-1"}
    named = {} if name is None else {"recordingName": name}
    return command("startRecording", recordingOptions=options, **named, **properties)


def test_recordings_run_side_by_side_and_are_stopped_by_name_or_with_their_call() -> None:
    world = SessionWorld()
    finished = {"onFinish": [say("recorded")]}
    call = answered(world, record("a", events=finished), record("b"), record())
    world.advance(3)
    world.update(call, command("stopRecording", recordingName="a"))
    assert (call.heard, world.events()) == (["recorded"], [])
    world.advance(2)
    world.hang_up(call)

    assert [recording.stopped_ms for recording in call.recordings] == [4000, 6000, 6000]
    assert world.events() == ["call.message.finished", "call.recording.finished", "call.recording.finished"]


@pytest.mark.parametrize(
    ("second", "code"), [(record("a"), "NAME_IN_USE"), (record(url="gs://b"), "RECORDING_DESTINATION")]
)
def test_a_recording_that_cannot_start_is_told(second: Json, code: str) -> None:
    world = SessionWorld()
    call = answered(world, record("a"))
    world.update(call, second)
    world.update(call, {**second, "events": {"onFailure": [say("not recorded")]}})

    assert (world.events(), call.heard) == (["call.recording.failed"], ["not recorded"])
    assert (set(world.codes()), len(call.recordings)) == ({code}, 1)


def test_a_recording_that_does_not_run_is_not_stopped() -> None:
    world = SessionWorld()
    answered(world, command("stopRecording", recordingName="none"))

    assert world.codes() == ["RECORDING_NOT_ON"]
