"""Recordings: from when to when, what they are called, what the app is told, and that they outlive their call."""

from collections.abc import Callable
from typing import Any

import pytest

from sinch_simulator.core.callback import Outcome
from sinch_simulator.products.voice.audio.score import score_of_call, score_of_room
from sinch_simulator.products.voice.audio.transcript import transcript_of
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.effects import StoreFile
from sinch_simulator.products.voice.events import RecordingDelivered, RecordingDue, RecordingEvent, RecordingUndelivered
from sinch_simulator.products.voice.recording import (
    RETRY_MS,
    RecordingState,
)
from sinch_simulator.products.voice.recording_transitions import RECORDING_TRANSITIONS
from support.pure_world import ANNA, BEN, KEY, PureWorld, custom_callout, menu, say, svaml, tts_callout

STOP = {"name": "stopRecording"}


def start(**options: Any) -> dict[str, Any]:
    return {"name": "startRecording", "options": options} if options else {"name": "startRecording"}


def notices(world: PureWorld) -> list[tuple[str, str | None]]:
    told = [sent.body for sent in world.sent if sent.event == "notify"]
    return [(body["type"], body.get("destination")) for body in told]


def types(world: PureWorld) -> list[str]:
    return [what for what, _ in notices(world)]


def times(world: PureWorld, call: Call) -> list[tuple[float, str]]:
    return [
        (entry.at_ms / 1000, str(entry.fields["body"]["type"]))
        for entry in world.lines(call, "callback.sent")
        if entry.fields["event"] == "notify"
    ]


def said(world: PureWorld, call: Call) -> str:
    """The words within the last recording of a call."""
    recording = call.recordings[-1]
    parts = score_of_call(world.simulation.journal.of(call.id))
    end_ms = world.simulation.now if recording.stopped_ms is None else recording.stopped_ms
    return str(transcript_of(parts, recording.started_ms, end_ms)["text"])


def recorded_call(world: PureWorld, *instructions: dict[str, Any], seconds: float = 10) -> Call:
    """Somebody calls in, is recorded from the answer on, talks with Ben for so long and hangs up."""
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}, *instructions))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(seconds)
    world.hang_up(call)
    return call


def test_only_what_is_said_after_the_start_is_recorded() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup", {"name": "answer"}, say("the first message"), start(), say("the second one")))
    call = world.dial()
    world.advance(20)
    assert said(world, call) == "the second one"


def test_what_is_said_after_the_stop_is_not_recorded() -> None:
    world = PureWorld()
    world.on("ice", svaml("hangup", {"name": "answer"}, start(), say("this one"), STOP, say("not that one")))
    call = world.dial()
    world.advance(20)
    assert said(world, call) == "this one"


def test_the_app_is_told_when_it_is_finished_and_available_after_the_call() -> None:
    world = PureWorld()
    call = recorded_call(world, start())
    assert [event for event in world.events(call) if event != "ice"] == ["ace", "dice", "notify"]
    world.advance(600)
    name = f"20250115103000_{KEY}_{call.id}.mp3"
    assert notices(world) == [
        ("recording_finished", None),
        ("recording_available", f"http://sim.test/calling/v1/recording/{name}"),
    ]
    assert times(world, call) == [(10.0, "recording_finished"), (15.0, "recording_available")]
    body = world.sent[-1].body
    assert body["callid"] == call.id
    assert "applicationKey" not in body
    assert world.simulation.timetable.subjects() == set()


def test_a_transcript_follows_a_minute_later() -> None:
    world = PureWorld()
    call = recorded_call(world, start(transcriptionOptions={"enabled": True, "locale": "en-US"}, format="wav"))
    world.advance(600)
    assert times(world, call)[-1] == (75.0, "transcription_available")
    assert notices(world)[-1] == (
        "transcription_available",
        f"http://sim.test/calling/v1/recording/20250115103000_{KEY}_{call.id}-transcript.json",
    )


def test_without_notification_events_nothing_is_told_and_all_is_stored() -> None:
    world = PureWorld()
    call = recorded_call(world, start(notificationEvents=False, transcriptionOptions={"enabled": True}))
    world.advance(600)
    assert types(world) == []
    assert [file.stored_ms for file in call.recordings[0].files] == [15_000, 75_000]


def test_a_second_start_is_ignored_and_told() -> None:
    world = PureWorld()
    call = recorded_call(world, start(), start(destinationUrl="s3://bucket/"))
    assert len(call.recordings) == 1
    assert "RECORDING_ALREADY_ON" in world.codes(call)


def test_a_stop_without_a_recording_is_told() -> None:
    world = PureWorld()
    call = recorded_call(world, STOP)
    assert "RECORDING_NOT_ON" in world.codes(call)


def test_a_call_can_be_recorded_twice() -> None:
    world = PureWorld()
    first = say("one message that takes more than a second to be spoken")
    world.on("ice", svaml("hangup", {"name": "answer"}, start(), first, STOP, start(), say("two")))
    world.dial()
    world.advance(60)
    assert types(world) == ["recording_finished", "recording_finished", "recording_available", "recording_available"]
    assert len({destination for _, destination in notices(world)}) == 3


def test_the_app_starts_and_stops_a_recording_while_people_talk() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectPstn", "number": BEN}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(5)
    world.patch(call, {"action": {"name": "startRecording", "recordingOptions": {"destinationUrl": "sdrive://talk"}}})
    world.advance(3)
    world.patch(call, {"action": {"name": "stopRecording"}})
    assert (call.recordings[0].started_ms, call.recordings[0].stopped_ms) == (5_000, 8_000)
    assert not call.final
    world.advance(5)
    assert notices(world)[-1] == ("recording_available", "http://sim.test/calling/v1/recording/talk.mp3")


@pytest.mark.parametrize(
    "action",
    [
        {"name": "connectPstn", "number": BEN},
        {"name": "connectSip", "destination": {"endpoint": "ben@pbx.example.com"}},
    ],
)
def test_record_of_an_action_begins_with_the_answer(action: dict[str, Any]) -> None:
    world = PureWorld()
    world.on("ice", svaml({**action, "record": True}))
    world.on("ace", svaml("continue"))
    call = world.dial()
    world.advance(10)
    world.hang_up(call)
    assert (call.recordings[0].started_ms, call.recordings[0].stopped_ms) == (2_000, 10_000)


def test_record_of_continue_begins_when_the_call_goes_on() -> None:
    world = PureWorld()
    world.on("ace", svaml({"name": "continue", "record": True}))
    call = world.callout(tts_callout(text="good morning"))
    world.advance(60)
    assert said(world, call) == "good morning"


def test_nothing_is_recorded_with_connect_mxp() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectMxp", "destination": {"type": "username", "endpoint": "anna"}}, start()))
    call = world.dial()
    world.advance(5)
    world.patch(call, svaml("continue", start()))
    world.hang_up(call)
    world.advance(600)
    assert call.recordings == ()
    assert types(world) == []
    assert "RECORDING_IGNORED_MXP" in world.codes(call)


def test_an_unknown_format_is_written_as_mp3_and_told() -> None:
    world = PureWorld()
    call = recorded_call(world, start(format="flac"))
    assert call.recordings[0].audio.place.path.endswith(".mp3")
    assert "RECORDING_FORMAT" in world.codes(call)


def test_keys_of_a_menu_are_in_the_recording() -> None:
    world = PureWorld()
    world.on("ice", svaml(menu({"id": "main", "mainPrompt": "#tts[Press four]", "maxDigits": 4}), start()))
    world.on("pie", svaml("hangup"))
    call = world.dial()
    world.advance(2)
    world.press(call, "1234")
    parts = score_of_call(world.simulation.journal.of(call.id))
    assert [part.text for part in parts if part.kind.value == "key"] == list("1234")


# ---- rooms


def enter_room(world: PureWorld, caller: str = ANNA, **conference: Any) -> Call:
    world.on("ice", svaml({"name": "connectConf", "conferenceId": "room", **conference}))
    return world.dial(caller)


def test_a_room_is_recorded_once_until_the_last_has_left() -> None:
    world = PureWorld()
    anna = enter_room(world, record=True)
    ben = enter_room(world, "+46700000002", record=True)
    world.advance(5)
    world.hang_up(anna)
    assert types(world) == []
    world.advance(5)
    world.hang_up(ben)
    world.advance(60)
    assert [len(call.recordings) for call in (anna, ben)] == [1, 0]
    assert (anna.recordings[0].started_ms, anna.recordings[0].stopped_ms) == (0, 10_000)
    assert types(world) == ["recording_finished", "recording_available"]
    assert world.sent[-1].body["conferenceId"] == "room"
    entries = [entry for call in (anna, ben) for entry in world.simulation.journal.of(call.id)]
    assert score_of_room(entries, "room") == []


def test_a_key_that_the_room_hears_is_in_its_recording_once() -> None:
    world = PureWorld()
    calls = [
        enter_room(world, f"+4670000000{number}", record=True, conferenceDtmfOptions={"mode": "forward"})
        for number in range(1, 4)
    ]
    world.advance(2)
    world.press(calls[0], "7")
    entries = [entry for call in calls for entry in world.simulation.journal.of(call.id)]
    assert [(part.start_ms, part.text) for part in score_of_room(entries, "room")] == [(2000, "7")]


def test_anybody_in_the_room_can_stop_its_recording() -> None:
    world = PureWorld()
    anna = enter_room(world, record=True)
    ben = enter_room(world, "+46700000002")
    world.advance(5)
    world.patch(ben, svaml("continue", STOP))
    assert types(world) == ["recording_finished"]
    assert anna.recordings[0].stopped_ms == 5_000
    world.patch(ben, svaml("continue", STOP))
    assert "RECORDING_NOT_ON" in world.codes(ben)


def test_a_call_in_a_room_has_a_recording_of_its_own_too() -> None:
    world = PureWorld()
    world.on("ice", svaml({"name": "connectConf", "conferenceId": "room", "record": True}, start()))
    call = world.dial()
    world.advance(5)
    world.hang_up(call)
    assert [recording.conference_id for recording in call.recordings] == [None, "room"]
    assert types(world) == ["recording_finished", "recording_finished"]


# ---- stores of the customer


def world_with_stores() -> PureWorld:
    world = PureWorld()
    world.simulation.data.outside = frozenset({"s3", "azure"})
    return world


def due_delivery(world: PureWorld) -> tuple[str, str, bool]:
    (delivery,), world.orders = world.orders, []
    assert isinstance(delivery, StoreFile)
    return delivery.subject, delivery.recording_id, delivery.transcript


def test_without_a_store_delivery_is_simulated_and_the_file_stays_here() -> None:
    world = PureWorld()
    call = recorded_call(world, start(destinationUrl="s3://bucket/calls/", credentials="a:b:eu-central-1"))
    world.advance(600)
    assert notices(world)[-1] == (
        "recording_available",
        f"s3://bucket/calls/20250115103000_{KEY}_{call.id}.mp3",
    )
    assert call.recordings[0].audio.fetchable(world.simulation.now)


def test_a_file_that_is_delivered_is_told_and_gone_from_here() -> None:
    world = world_with_stores()
    options = {"destinationUrl": "azure://account/box/a.wav", "transcriptionOptions": {"enabled": True}}
    call = recorded_call(world, start(**options))
    world.advance(5)
    call_id, recording_id, transcript = due_delivery(world)
    assert not transcript
    assert types(world) == ["recording_finished"]
    world.simulation.receive(RecordingDelivered(call_id, recording_id))
    world.advance(60)
    assert notices(world)[-1] == ("recording_available", "azure://account/box/a.wav")
    assert due_delivery(world) == (call_id, recording_id, True)
    world.simulation.receive(RecordingDelivered(call_id, recording_id))
    world.settle()
    assert notices(world)[-1] == ("transcription_available", "azure://account/box/a-transcript.json")
    assert [file.fetchable(world.simulation.now) for file in call.recordings[0].files] == [False, False]


def test_a_store_that_never_takes_the_file_is_tried_four_times_and_the_file_stays_here() -> None:
    world = world_with_stores()
    call = recorded_call(world, start(destinationUrl="s3://bucket/", credentials="a:b:c"))
    world.advance(5)
    for pause_ms in (*RETRY_MS, 0):
        call_id, recording_id, _ = due_delivery(world)
        world.simulation.receive(RecordingUndelivered(call_id, recording_id, "the bucket does not exist"))
        world.advance(pause_ms / 1000)
    assert world.orders == []
    assert types(world) == ["recording_finished"]
    assert [entry.fields["attempt"] for entry in world.lines(call, "recording.undelivered")] == [1, 2, 3, 4]
    assert "RECORDING_UNDELIVERED" in world.codes(call)
    assert call.recordings[0].audio.fetchable(world.simulation.now)


def test_a_store_that_takes_the_file_at_last_gets_it() -> None:
    world = world_with_stores()
    recorded_call(world, start(destinationUrl="s3://bucket/", credentials="a:b:c"))
    world.advance(5)
    call_id, recording_id, _ = due_delivery(world)
    world.simulation.receive(RecordingUndelivered(call_id, recording_id, "out of order"))
    world.advance(RETRY_MS[0] / 1000)
    due_delivery(world)
    world.simulation.receive(RecordingDelivered(call_id, recording_id))
    world.settle()
    assert types(world) == ["recording_finished", "recording_available"]


def test_calls_that_are_dropped_take_their_recordings_along() -> None:
    world = PureWorld()
    recorded_call(world, start())
    world.simulation.forget(KEY)
    assert world.simulation.timetable.subjects() == set()


# ---- the table


EVENTS: dict[type[RecordingEvent], Callable[[str, str], RecordingEvent]] = {
    RecordingDue: RecordingDue,
    RecordingDelivered: RecordingDelivered,
    RecordingUndelivered: lambda call_id, recording_id: RecordingUndelivered(call_id, recording_id, "no"),
}


def test_every_event_in_every_state_of_a_recording_follows_its_row_or_is_ignored() -> None:
    for state in RecordingState:
        for kind, event_of in EVENTS.items():
            world = world_with_stores()
            call = recorded_call(
                world, start(destinationUrl="s3://b/", credentials="a:b:c", transcriptionOptions={"enabled": True})
            )
            recording = call.recordings[0]
            recording.state = state
            world.simulation.receive(event_of(call.id, recording.id))
            row = RECORDING_TRANSITIONS.get((state, kind))
            if row is None:
                assert recording.state is state
                assert world.lines(call, "ignored")[-1].fields["event"] == kind.__name__
            else:
                assert recording.state in row[1]


def test_a_recording_nobody_knows_is_ignored() -> None:
    world = PureWorld()
    call = recorded_call(world)
    world.simulation.receive(RecordingDue(call.id, "unknown"))
    assert world.lines(call, "ignored") != []


def test_a_callback_that_fails_changes_nothing_about_the_recording() -> None:
    world = PureWorld()
    world.on("notify", Outcome.TIMEOUT)
    call = recorded_call(world, start())
    world.advance(600)
    assert call.recordings[0].state is RecordingState.DONE
    assert types(world) == ["recording_finished", "recording_available"]


def test_a_recording_of_a_callout_covers_its_text() -> None:
    world = PureWorld()
    world.on("ace", svaml("continue", start()))
    call = world.callout(custom_callout(ace=None))
    world.advance(5)
    world.hang_up(call)
    assert call.recordings[0].stopped_ms == 5_000
