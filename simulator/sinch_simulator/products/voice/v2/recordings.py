"""Recordings of a call: several at once, by name (docs/platform/voice-v2.md#3.3).

What is told is that a recording has stopped, or could not start; its delivery is told to nobody. Files are where they
belong as long after the end as in Voice v1, and a store that does not take one is tried as often.
"""

from attrs import evolve

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import Log, SetTimer
from sinch_simulator.products.voice.events import RecordingDue, RecordingEvent, RecordingUndelivered
from sinch_simulator.products.voice.recording import (
    DUE,
    RETRY_MS,
    TRANSCRIPTION_MS,
    UPLOAD_MS,
    Place,
    Store,
    file_name,
    place_of,
    transcript_place,
)
from sinch_simulator.products.voice.v2.asking import tell
from sinch_simulator.products.voice.v2.events import EventName
from sinch_simulator.products.voice.v2.outside_signals import StoreRecording
from sinch_simulator.products.voice.v2.session import Call, Recording, Session
from sinch_simulator.products.voice.v2.svaml.model import HandlerName, RecordingStore, StartRecording
from sinch_simulator.products.voice.v2.turn import Turn

_SCHEMES = {RecordingStore.AWS: "s3://", RecordingStore.GCP: "gs://", RecordingStore.AZURE: "azure://"}


def start_recording(turn: Turn, call: Call, command: StartRecording) -> None:
    """Records a call from here on; a destination that is none of its store's, or a name in use, is ``onFailure``."""
    scheme = _SCHEMES[command.store]
    if not command.destination_url.startswith(scheme):
        message = f"{command.destination_url!r} is no place at {command.store.value}: nothing is recorded."
        _fail(turn, call, command, "RECORDING_DESTINATION", message, f"expected {scheme}...")
    elif command.name is not None and _running(call.session, command.name) is not None:
        message = f"A recording of the name {command.name!r} runs in the session: this one does not start."
        _fail(turn, call, command, "NAME_IN_USE", message, "Give every recording a name of its own.")
    else:
        number = len(call.recordings) + 1
        recording = Recording(f"{call.id}.recording-{number}", call, command, turn.now, _files_of(turn, call, command))
        call.recordings = (*call.recordings, recording)
        fields = {
            "recordingId": recording.id,
            "recordingName": command.name,
            "format": command.format.lower(),
            "recordingType": command.side.value,
            "destination": command.destination_url,
        }
        turn.order(Log(call.id, "recording.started", fields))


def stop_recording(turn: Turn, session: Session, name: str) -> None:
    """Stops the recording of this name, whichever call of the session it is of."""
    recording = _running(session, name)
    if recording is None:
        message = f"No recording of the name {name!r} runs in the session: nothing is stopped."
        hint = "It has not begun, has been stopped, or its call is over."
        turn.warn(session.id, "RECORDING_NOT_ON", message, hint=hint, severity=Severity.INFO)
    else:
        _stop(turn, recording)


def stop_all(turn: Turn, call: Call) -> None:
    """Stops the recordings of a call that is over."""
    for recording in call.recordings:
        if recording.stopped_ms is None:
            _stop(turn, recording)


def go_on(turn: Turn, call: Call, event: RecordingEvent) -> None:
    """Delivers the file that is due, or notes what became of it, whatever has become of the call."""
    recording = next((each for each in call.recordings if each.id == event.recording_id), None)
    if recording is None or recording.stored == len(recording.files):
        return
    place = recording.files[recording.stored]
    if isinstance(event, RecordingUndelivered):
        _try_again(turn, recording, place, event.why)
    elif isinstance(event, RecordingDue) and place.store.value in turn.data.outside:
        turn.order(StoreRecording(call.id, recording.id, place))
    else:
        _note_stored(turn, recording, place, simulated=isinstance(event, RecordingDue))


def _note_stored(turn: Turn, recording: Recording, place: Place, *, simulated: bool) -> None:
    """Notes that a file is in its store; without such a store outside that is simulated."""
    kind = "transcription" if recording.stored else "recording"
    recording.stored += 1
    recording.attempts = 0
    fields = {"recordingId": recording.id, "destination": place.url(""), "simulated": simulated}
    turn.order(Log(recording.call.id, f"{kind}.stored", fields))
    if recording.stored < len(recording.files):
        turn.order(_wake(recording, TRANSCRIPTION_MS))


def _try_again(turn: Turn, recording: Recording, place: Place, why: str) -> None:
    """Waits and delivers once more; after the last attempt the file is lost, and the app hears nothing of it."""
    recording.attempts += 1
    fields = {"recordingId": recording.id, "destination": place.url(""), "attempt": recording.attempts, "why": why}
    turn.order(Log(recording.call.id, "recording.undelivered", fields))
    if recording.attempts <= len(RETRY_MS):
        turn.order(_wake(recording, RETRY_MS[recording.attempts - 1]))
        return
    recording.stored = len(recording.files)
    message = f"{place.url('')} could not be delivered in {recording.attempts} attempts: {why}"
    hint = "No event tells of it. Is the endpoint of the store right, and do the credentials fit?"
    turn.warn(recording.call.id, "RECORDING_UNDELIVERED", message, hint=hint, severity=Severity.ERROR)


def _wake(recording: Recording, after_ms: int) -> SetTimer:
    """Lets a recording go on by itself after so long, whether its call lasts or not."""
    return SetTimer(recording.id, DUE, after_ms, RecordingDue(recording.call.id, recording.id))


def _files_of(turn: Turn, call: Call, command: StartRecording) -> tuple[Place, ...]:
    """Returns where the audio goes, and the transcript if one was asked for."""
    moment = turn.data.epoch_ms + turn.now
    name = file_name(moment, call.session.application.key, call.id, command.format.lower())
    if command.store is RecordingStore.GCP:
        # A bucket and a path, as of s3.
        audio = evolve(place_of("s3://" + command.destination_url.partition("://")[2], name), store=Store.GCP)
    else:
        audio = place_of(command.destination_url, name)
    return (audio,) if command.transcription_locale is None else (audio, transcript_place(audio))


def _stop(turn: Turn, recording: Recording) -> None:
    recording.stopped_ms = turn.now
    seconds = (turn.now - recording.started_ms) / 1000
    turn.order(
        Log(recording.call.id, "recording.stopped", {"recordingId": recording.id, "seconds": seconds}),
        _wake(recording, UPLOAD_MS),
    )
    events = recording.command.events
    tell(turn, recording.call, EventName.RECORDING_FINISHED, events, HandlerName.FINISH)


def _fail(turn: Turn, call: Call, command: StartRecording, code: str, message: str, hint: str) -> None:
    turn.warn(call.id, code, message, hint=hint)
    tell(turn, call, EventName.RECORDING_FAILED, command.events, HandlerName.FAILURE)


def _running(session: Session, name: str) -> Recording | None:
    for call in session.calls.values():
        for recording in call.recordings:
            if recording.command.name == name and recording.stopped_ms is None:
                return recording
    return None
