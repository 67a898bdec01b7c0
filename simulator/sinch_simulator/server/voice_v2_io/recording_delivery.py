"""Makes the files of recordings of Voice v2 and puts them into the customer's stores."""

import asyncio
from collections.abc import Callable

from sinch_simulator.core.journal import Entry
from sinch_simulator.products.voice.audio.score import Part
from sinch_simulator.products.voice.events import RecordingDelivered, RecordingEvent, RecordingUndelivered
from sinch_simulator.products.voice.v2.outside_signals import StoreRecording
from sinch_simulator.products.voice.v2.recording_files import parts_of
from sinch_simulator.products.voice.v2.session import Recording
from sinch_simulator.server import descriptors
from sinch_simulator.server.voice_io.recording_files.make import audio_of, transcript_of
from sinch_simulator.server.voice_io.recording_files.stores import DeliveryError, Stores
from sinch_simulator.simulation import Simulation


async def deliver(
    simulation: Simulation, stores: Stores, recording: Recording, order: StoreRecording
) -> list[RecordingEvent]:
    """Makes a file and puts it into its store; what came of it is an event."""
    call_id, started_ms = recording.call.id, recording.started_ms
    stopped_ms = simulation.now if recording.stopped_ms is None else recording.stopped_ms
    parts = _score_of(simulation, recording)
    if order.place is recording.files[0]:
        made = audio_of(parts, started_ms, stopped_ms, recording.command.format.lower())
    else:
        made = transcript_of(parts, started_ms, stopped_ms)
    try:
        with descriptors.needed():
            made_file = await asyncio.to_thread(made.make)
        with made_file as file:
            await stores.put(order.place, recording.command.credentials, file, made.content_type)
    except (DeliveryError, OSError) as error:
        return [RecordingUndelivered(call_id, recording.id, str(error))]
    return [RecordingDelivered(call_id, recording.id)]


def _score_of(simulation: Simulation, recording: Recording) -> Callable[[], list[Part]]:
    """Reads the lines now; reading the score from them can wait."""
    call = recording.call
    own: tuple[Entry, ...] = tuple(simulation.journal.of(call.id))
    others = {
        other.id: tuple(simulation.journal.of(other.id))
        for other in call.session.calls.values()
        if other is not call
    }
    return lambda: parts_of(recording, own, others)
