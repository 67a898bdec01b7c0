"""Recordings of a call: several at once, by name (docs/platform/voice-v2.md#3.3).

What is told is that a recording has stopped, or could not start; its delivery is told to nobody.
"""

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import Log
from sinch_simulator.products.voice.v2.asking import tell
from sinch_simulator.products.voice.v2.events import EventName
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
        recording = Recording(f"{call.id}.recording-{len(call.recordings) + 1}", call, command, turn.now)
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


def _stop(turn: Turn, recording: Recording) -> None:
    recording.stopped_ms = turn.now
    seconds = (turn.now - recording.started_ms) / 1000
    turn.order(Log(recording.call.id, "recording.stopped", {"recordingId": recording.id, "seconds": seconds}))
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
