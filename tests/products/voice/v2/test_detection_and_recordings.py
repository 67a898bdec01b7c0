"""Machine detection as a command, and recordings by name."""

from typing import Any

import pytest

from sinch_simulator.products.voice.events import RecordingUndelivered
from sinch_simulator.products.voice.v2.outside_signals import StoreRecording
from sinch_simulator.products.voice.v2.session import Call, SessionState
from support.session_world import BEN, KEY, Json, SessionWorld, calls_of, command, dial, say

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


def stored(world: SessionWorld) -> list[tuple[int, str, str]]:
    """When files were where they belong, and where that is."""
    return [
        (entry.at_ms, entry.kind, entry.fields["destination"].replace(KEY, "KEY"))
        for entry in world.simulation.journal.entries
        if entry.kind.endswith(".stored")
    ]


def test_files_are_in_their_stores_some_time_after_the_end_of_their_call() -> None:
    world = SessionWorld()
    call = answered(world, record("a"))
    options = {
        "destination": "GCP",
        "destinationUrl": "gs://bucket/folder/file.wav",
        "credentials": "key",
        "format": "WAV",
        "transcriptionOptions": {"isEnabled": True},
    }
    world.update(call, command("startRecording", recordingOptions=options))
    world.advance(2)
    world.hang_up(call)
    assert call.session.state is SessionState.COMPLETED
    world.advance(100)

    assert stored(world) == [
        (8000, "recording.stored", f"s3://bucket/calls/20250115103001_KEY_{call.id}.mp3"),
        (8000, "recording.stored", "gs://bucket/folder/file.wav"),
        (68000, "transcription.stored", "gs://bucket/folder/file-transcript.json"),
    ]


def test_a_store_that_takes_nothing_is_tried_four_times() -> None:
    world = SessionWorld()
    world.simulation.data.outside |= {"s3"}
    call = answered(world, record("a"))
    world.hang_up(call)
    (recording,) = call.recordings
    for _ in range(6):
        world.advance(400)
        if world.orders:
            (order,) = world.orders
            world.orders.clear()
            assert isinstance(order, StoreRecording)
            world.simulation.receive(RecordingUndelivered(call.id, recording.id, "closed"))

    assert world.kinds(call).count("recording.undelivered") == 4
    assert world.codes() == ["RECORDING_UNDELIVERED"]
    assert world.simulation.next_due() is None


def test_a_recording_that_does_not_run_is_not_stopped() -> None:
    world = SessionWorld()
    answered(world, command("stopRecording", recordingName="none"))

    assert world.codes() == ["RECORDING_NOT_ON"]
