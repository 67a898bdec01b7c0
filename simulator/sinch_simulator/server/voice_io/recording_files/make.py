"""The files of a recording, made when somebody wants them: audio and transcript, from the journal's lines.

What the lines are is read in the event loop; the file is made in a worker thread, in a temporary file that is gone with
its last reader. MP3 needs an encoder, ``lame`` or ``ffmpeg``; without one the file is WAV under the same name.
"""

import asyncio
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO

from attrs import evolve

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.audio.rendering import render_wav
from sinch_simulator.products.voice.audio.score import Part, score_of_call_in_rooms, score_of_room, with_sounds
from sinch_simulator.products.voice.audio.transcript import transcript_json
from sinch_simulator.products.voice.effects import StoreFile
from sinch_simulator.products.voice.events import RecordingDelivered, RecordingEvent, RecordingUndelivered
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.recording import FileOfRecording, Recording
from sinch_simulator.server import descriptors
from sinch_simulator.server.http_messages import MadeFile
from sinch_simulator.server.voice_io.recording_files.stores import DeliveryError, Stores
from sinch_simulator.server.voice_io.recording_files.voice import voice

MP3_TYPE = "audio/mpeg"
WAV_TYPE = "audio/wav"
TRANSCRIPT_TYPE = "application/json"

_log = logging.getLogger("sinch_simulator")

_ENCODERS: dict[str, tuple[str, ...]] = {
    "lame": ("--quiet", "{wav}", "{mp3}"),
    "ffmpeg": ("-loglevel", "error", "-y", "-i", "{wav}", "{mp3}"),
}


def file_for(simulation: SimulatedWorld, order: FileOfRecording) -> MadeFile:
    """Returns how to make the file that an answer consists of."""
    if order.transcript:
        return transcript_file(simulation, order.recording)
    made, missing = audio_file(simulation, order.recording), lacks_encoder(order.recording)
    return made if missing is None else evolve(made, findings=(missing,))


def audio_file(simulation: SimulatedWorld, recording: Recording) -> MadeFile:
    """Returns how to make the audio, as far as it goes by now."""
    parts, end_ms = _parts(simulation, recording), _end_of(simulation, recording)
    return audio_of(parts, recording.started_ms, end_ms, recording.format)


def audio_of(parts: Callable[[], list[Part]], start_ms: int, end_ms: int, format: str) -> MadeFile:
    """Returns how to make a file of this stretch of a score: WAV, or ``mp3`` where that can be made here."""
    encoder = _encoder() if format == "mp3" else None
    if encoder is None:
        return MadeFile(WAV_TYPE, lambda: _write_wav(parts(), start_ms, end_ms))
    return MadeFile(MP3_TYPE, lambda: _write_mp3(encoder, parts(), start_ms, end_ms))


def transcript_of(parts: Callable[[], list[Part]], start_ms: int, end_ms: int) -> MadeFile:
    """Returns how to make the transcript of this stretch of a score."""
    return MadeFile(TRANSCRIPT_TYPE, lambda: BytesIO(transcript_json(parts(), start_ms, end_ms)))


def transcript_file(simulation: SimulatedWorld, recording: Recording) -> MadeFile:
    """Returns how to make the transcript."""
    parts, end_ms = _parts(simulation, recording), _end_of(simulation, recording)
    return transcript_of(parts, recording.started_ms, end_ms)


def lacks_encoder(recording: Recording) -> Diagnostic | None:
    """Returns what is to be said when MP3 was asked for and can't be made here."""
    if recording.format != "mp3" or _encoder() is not None:
        return None
    message = f"There is no MP3 encoder on this machine: {recording.audio.place.path} holds WAV."
    return Diagnostic("MP3_NOT_AVAILABLE", Severity.INFO, "", message, "Install lame or ffmpeg, or ask for wav.")


def _end_of(simulation: SimulatedWorld, recording: Recording) -> int:
    return simulation.now if recording.stopped_ms is None else recording.stopped_ms


def _parts(simulation: SimulatedWorld, recording: Recording) -> Callable[[], list[Part]]:
    """Reads the lines now; reading the score from them can wait."""
    conference_id = recording.conference_id
    if conference_id is not None:
        participants = _entries_of_room(simulation, recording, conference_id)
        return lambda: score_of_room(participants, conference_id)
    own = tuple(simulation.journal.of(recording.call_id))
    joined = dict.fromkeys(str(entry.fields["conferenceId"]) for entry in own if entry.kind == "conference.joined")
    rooms = {room: _entries_of_room(simulation, recording, room) for room in joined}
    sounds = list(exchange_of(simulation).sounds.get(recording.call_id, ()))
    return lambda: with_sounds(score_of_call_in_rooms(recording.call_id, own, rooms), sounds)


def _entries_of_room(simulation: SimulatedWorld, recording: Recording, conference_id: str) -> tuple[Entry, ...]:
    """The lines of every call that has been in this room: of the same application and region.

    Source: docs/platform/rest.md#5.
    """
    calls = exchange_of(simulation).calls
    starter = calls[recording.call_id]
    found: list[Entry] = []
    for call in calls.values():
        if call.application is starter.application and call.setup.region == starter.setup.region:
            entries = simulation.journal.of(call.id)
            if any(entry.fields.get("conferenceId") == conference_id for entry in entries):
                found += entries
    return tuple(found)


def _encoder() -> str | None:
    return next((name for name in _ENCODERS if shutil.which(name)), None)


def _write_wav(parts: list[Part], start_ms: int, end_ms: int) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it.
    file.writelines(render_wav(parts, start_ms, end_ms, voice()))
    file.seek(0)
    return file


def _write_mp3(encoder: str, parts: list[Part], start_ms: int, end_ms: int) -> IO[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        wav, mp3 = Path(folder) / "recording.wav", Path(folder) / "recording.mp3"
        with wav.open("wb") as file:
            file.writelines(render_wav(parts, start_ms, end_ms, voice()))
        arguments = [argument.format(wav=wav, mp3=mp3) for argument in _ENCODERS[encoder]]
        done = subprocess.run([encoder, *arguments], check=False, capture_output=True, text=True)
        if done.returncode:
            _log.warning("%s made no MP3, so the file holds WAV: %s", encoder, done.stderr.strip()[-200:])
            shutil.copyfile(wav, mp3)
        encoded = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it.
        with mp3.open("rb") as source:
            shutil.copyfileobj(source, encoded)
        encoded.seek(0)
        return encoded


async def put_file(simulation: SimulatedWorld, stores: Stores, delivery: StoreFile) -> RecordingEvent:
    """Makes a file and puts it into the customer's store; what came of it is an event."""
    recording = _recording_of(simulation, delivery)
    made = transcript_file(simulation, recording) if delivery.transcript else audio_file(simulation, recording)
    place = recording.files[1 if delivery.transcript else 0].place
    missing = None if delivery.transcript or recording.attempts else lacks_encoder(recording)
    if missing is not None:
        simulation.diagnose(recording.call_id, missing)

    try:
        with descriptors.needed():
            made_file = await asyncio.to_thread(made.make)
        with made_file as file:
            await stores.put(place, recording.options.credentials, file, made.content_type)
    except (DeliveryError, OSError) as error:
        return RecordingUndelivered(recording.call_id, recording.id, str(error))
    return RecordingDelivered(recording.call_id, recording.id)


def _recording_of(simulation: SimulatedWorld, delivery: StoreFile) -> Recording:
    recordings = exchange_of(simulation).calls[delivery.subject].recordings
    return next(recording for recording in recordings if recording.id == delivery.recording_id)
