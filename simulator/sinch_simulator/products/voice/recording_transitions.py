"""What a recording does when something happens: it stops, is uploaded, is transcribed.

Source: docs/platform/lifecycle.md#3.12.

A machine of its own, because it outlives its call: it has its own table, its own place in the timetable, and an id that
its events name. How long an upload and a transcription take, and when a failed delivery is tried again, is *assumed*.
"""

from collections.abc import Callable

from sinch_simulator.core.addresses import AddressKind
from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.effects import Diagnose, Log, SetTimer
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.callbacks.rules import tell, warn
from sinch_simulator.products.voice.effects import Effect, Notice, StopRecordingRoom, StoreFile
from sinch_simulator.products.voice.events import (
    CallbackEvent,
    RecordingDelivered,
    RecordingDue,
    RecordingEvent,
    RecordingUndelivered,
    RoomRecordingOver,
)
from sinch_simulator.products.voice.recording import (
    DUE,
    FORMATS,
    RETRY_MS,
    TRANSCRIPTION_MS,
    UPLOAD_MS,
    RecordedFile,
    Recording,
    RecordingState,
    Store,
    file_name,
    place_of,
    transcript_place,
)
from sinch_simulator.products.voice.svaml.model import StartRecording

R = RecordingState
Handler = Callable[[Call, Recording, RecordingEvent, int], list[Effect]]


# ---- starting and stopping --------------------------------------------------------------------------------------


def start(call: Call, options: StartRecording, now: int, *, conference_id: str | None = None) -> list[Log | Diagnose]:
    """Records from here on: the call, or the room of this id. A second start while one runs is ignored (*assumed*)."""
    if running_of(call, conference_id) is not None:
        message = "The recording goes on: a second startRecording while one runs is ignored."
        return [warn(call, "RECORDING_ALREADY_ON", message, hint="Stop the first one before.")]
    if conference_id is None and _is_in_app(call):
        message = "Recording is ignored together with connectMxp: nothing is recorded."
        return [warn(call, "RECORDING_IGNORED_MXP", message)]
    findings: list[Log | Diagnose] = []
    extension = options.format.strip().lower()
    if extension not in FORMATS:
        message = f"{options.format!r} is no format that recordings are written in: mp3 is taken."
        findings.append(warn(call, "RECORDING_FORMAT", message, hint=f"Use one of {', '.join(FORMATS)}."))
        extension = FORMATS[0]
    recording = _new(call, options, now, extension, conference_id)
    call.recordings = (*call.recordings, recording)
    fields: dict[str, object] = {
        "recordingId": recording.id,
        "format": recording.format,
        "destination": recording.audio.place.url(call.setup.base_url),
    }
    if conference_id is not None:
        fields["conferenceId"] = conference_id
    return [*findings, Log(call.id, "recording.started", fields)]


def _new(call: Call, options: StartRecording, now: int, extension: str, conference_id: str | None) -> Recording:
    name = file_name(call.setup.epoch_ms + now, call.application.key, call.id, extension)
    audio = RecordedFile(place_of(options.destination_url, name))
    return Recording(
        f"{call.id}.recording-{len(call.recordings) + 1}",
        call.id,
        options,
        now,
        extension,
        audio,
        RecordedFile(transcript_place(audio.place)) if options.transcription else None,
        conference_id,
    )


def _is_in_app(call: Call) -> bool:
    """Whether ``connectMxp`` has put an in-app user at the far end."""
    other = call.other
    return other.present and other.address is not None and other.address.kind is AddressKind.USERNAME


def running_of(call: Call, conference_id: str | None = None) -> Recording | None:
    """Returns the recording of the call, or of this room, that this call has started and that still runs."""
    for recording in call.recordings:
        if recording.running and recording.conference_id == conference_id:
            return recording
    return None


def stop(call: Call, now: int) -> list[Effect]:
    """Stops the recording of its call for the app; a call that has none stops that of the room it is in (*assumed*)."""
    recording = running_of(call)
    if recording is not None:
        return finish(call, recording, now)
    if call.attendance is None:
        message = "There is no recording to be stopped."
        return [warn(call, "RECORDING_NOT_ON", message, severity=Severity.INFO)]
    return [StopRecordingRoom(call.id, call.attendance.room)]


def stop_room(call: Call, event: RoomRecordingOver, now: int) -> list[Effect]:
    """Ends the recording that this call has started in a room, wherever the call itself is by now."""
    recording = running_of(call, event.conference_id)
    return [] if recording is None else finish(call, recording, now)


def stop_with_call(call: Call, now: int) -> list[Effect]:
    """Ends the call's own recording with the call; that of a room goes on without the call that started it."""
    recording = running_of(call)
    return [] if recording is None else finish(call, recording, now)


def finish(call: Call, recording: Recording, now: int) -> list[Effect]:
    """Stops recording; the upload begins."""
    recording.state = R.UPLOADING
    recording.stopped_ms = now
    seconds = (now - recording.started_ms) / 1000
    return [
        Log(call.id, "recording.stopped", {"recordingId": recording.id, "seconds": seconds}),
        *_notify(call, recording, Notice("recording_finished")),
        _wake(recording, UPLOAD_MS),
    ]


def _wake(recording: Recording, after_ms: int) -> SetTimer:
    """Lets the recording go on by itself after so long, whether its call lasts or not."""
    return SetTimer(recording.id, DUE, after_ms, RecordingDue(recording.call_id, recording.id))


# ---- after the recording ----------------------------------------------------------------------------------------


def _upload(call: Call, recording: Recording, event: RecordingEvent, now: int) -> list[Effect]:
    """The audio is ready: it is in Sinch Drive, or goes to the customer's store."""
    if recording.audio.place.store is Store.DRIVE:
        return _make_available(call, recording, now, kept=True)
    recording.state = R.DELIVERING
    return [StoreFile(call.id, recording.id, recording.audio.place.store.value, transcript=False)]


def _arrive(call: Call, recording: Recording, event: RecordingEvent, now: int) -> list[Effect]:
    """The customer's store has the audio."""
    assert isinstance(event, RecordingDelivered)
    return _make_available(call, recording, now, kept=event.simulated)


def _make_available(call: Call, recording: Recording, now: int, *, kept: bool) -> list[Effect]:
    effects = _store(call, recording, recording.audio, now, kept=kept, kind="recording")
    recording.attempts = 0
    if recording.transcript is None:
        recording.state = R.DONE
        return effects
    recording.state = R.TRANSCRIBING
    return [*effects, _wake(recording, TRANSCRIPTION_MS)]


def _transcribe(call: Call, recording: Recording, event: RecordingEvent, now: int) -> list[Effect]:
    """The transcript is ready: it goes where the audio went."""
    assert recording.transcript is not None
    if recording.transcript.place.store is Store.DRIVE:
        return _make_transcript_available(call, recording, now, kept=True)
    recording.state = R.DELIVERING_TRANSCRIPT
    return [StoreFile(call.id, recording.id, recording.transcript.place.store.value, transcript=True)]


def _arrive_transcribed(call: Call, recording: Recording, event: RecordingEvent, now: int) -> list[Effect]:
    """The customer's store has the transcript."""
    assert isinstance(event, RecordingDelivered)
    return _make_transcript_available(call, recording, now, kept=event.simulated)


def _make_transcript_available(call: Call, recording: Recording, now: int, *, kept: bool) -> list[Effect]:
    assert recording.transcript is not None
    recording.state = R.DONE
    return _store(call, recording, recording.transcript, now, kept=kept, kind="transcription")


def _retry(call: Call, recording: Recording, event: RecordingEvent, now: int) -> list[Effect]:
    """The store did not take the audio."""
    return _try_again(call, recording, event, recording.audio, R.UPLOADING, now)


def _retry_transcript(call: Call, recording: Recording, event: RecordingEvent, now: int) -> list[Effect]:
    """The store did not take the transcript."""
    assert recording.transcript is not None
    return _try_again(call, recording, event, recording.transcript, R.TRANSCRIBING, now)


def _try_again(
    call: Call, recording: Recording, event: RecordingEvent, file: RecordedFile, waits: RecordingState, now: int
) -> list[Effect]:
    """Wait and deliver once more; after the last attempt the file stays here and the app hears nothing."""
    assert isinstance(event, RecordingUndelivered)
    recording.attempts += 1
    destination = file.place.url(call.setup.base_url)
    failed = Log(
        call.id,
        "recording.undelivered",
        {
            "recordingId": recording.id,
            "destination": destination,
            "attempt": recording.attempts,
            "why": event.why,
        },
    )
    if recording.attempts <= len(RETRY_MS):
        recording.state = waits
        return [failed, _wake(recording, RETRY_MS[recording.attempts - 1])]
    recording.state = R.DONE
    file.stored_ms, file.kept = now, True
    message = f"{destination} could not be delivered in {recording.attempts} attempts: {event.why}"
    hint = f"No Notify tells of it. The file is still to be had: GET /calling/v1/recording/{file.place.path}"
    return [failed, warn(call, "RECORDING_UNDELIVERED", message, hint=hint, severity=Severity.ERROR)]


def _store(call: Call, recording: Recording, file: RecordedFile, now: int, *, kept: bool, kind: str) -> list[Effect]:
    """The file is where it belongs, and the app is told so."""
    file.stored_ms, file.kept = now, kept
    destination = file.place.url(call.setup.base_url)
    fields = {"recordingId": recording.id, "destination": destination, "kept": kept}
    return [
        Log(call.id, f"{kind}.stored", fields),
        *_notify(call, recording, Notice(f"{kind}_available", destination)),
    ]


def _notify(call: Call, recording: Recording, notice: Notice) -> list[Effect]:
    return tell(call, CallbackEvent.NOTIFY, notice=notice) if recording.options.notification_events else []


# ---- the table --------------------------------------------------------------------------------------------------

RECORDING_TRANSITIONS: dict[tuple[RecordingState, type[RecordingEvent]], tuple[Handler, frozenset[RecordingState]]] = {
    # ---- waiting for / what happened / what the recording does / what it waits for next
    (R.UPLOADING, RecordingDue): (_upload, frozenset({R.DELIVERING, R.TRANSCRIBING, R.DONE})),
    (R.DELIVERING, RecordingDelivered): (_arrive, frozenset({R.TRANSCRIBING, R.DONE})),
    (R.DELIVERING, RecordingUndelivered): (_retry, frozenset({R.UPLOADING, R.DONE})),
    (R.TRANSCRIBING, RecordingDue): (_transcribe, frozenset({R.DELIVERING_TRANSCRIPT, R.DONE})),
    (R.DELIVERING_TRANSCRIPT, RecordingDelivered): (_arrive_transcribed, frozenset({R.DONE})),
    (R.DELIVERING_TRANSCRIPT, RecordingUndelivered): (_retry_transcript, frozenset({R.TRANSCRIBING, R.DONE})),
}


def go_on(call: Call, event: RecordingEvent, now: int) -> list[Effect]:
    """Lets one thing happen to a recording of this call, whatever has become of the call itself."""
    recording = next((each for each in call.recordings if each.id == event.recording_id), None)
    row = RECORDING_TRANSITIONS.get((recording.state, type(event))) if recording is not None else None
    if recording is None or row is None:
        text = "nothing is left to do for the recording"
        fields = {"event": type(event).__name__, "recordingId": event.recording_id, "text": text}
        return [Log(call.id, "ignored", fields)]
    handler, targets = row
    before = recording.state
    effects = handler(call, recording, event, now)
    assert recording.state in targets, f"{before} + {type(event).__name__} led to {recording.state}"
    return effects
