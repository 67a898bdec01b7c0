"""Shows simulated moments and lines of the journal as the control API does."""

from typing import Any

from sinch_simulator.core.callback import About
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.time_texts import timestamp_ms

Json = dict[str, Any]  # what goes out as JSON and is never read again


def time_text(world: SimulatedWorld, at_ms: int) -> str:
    """Writes a simulated moment, in milliseconds since the world began, as ISO 8601 in UTC with milliseconds."""
    return timestamp_ms(world.epoch_ms + at_ms)


def ids_view(about: About) -> Json:
    """Shows the ids that something is about; null where there is none."""
    return {
        "callId": about.call_id,
        "sessionId": about.session_id,
        "verificationId": about.verification_id,
        "messageId": about.message_id,
        "batchId": about.batch_id,
        "number": about.number,
    }


def entry_view(world: SimulatedWorld, entry: Entry) -> Json:
    """Shows a line of the journal."""
    ids = {name: text for name, text in _ids(world, entry).items() if text is not None}
    return {"seq": entry.seq, "at": time_text(world, entry.at_ms), "kind": entry.kind, **ids, **entry.fields}


def _ids(world: SimulatedWorld, entry: Entry) -> Json:
    about = None if entry.subject is None else world.about(entry.subject)
    return {} if about is None else ids_view(about)


def diagnostic_view(world: SimulatedWorld, entry: Entry) -> Json:
    """Shows a line of the journal that is a finding."""
    view = entry_view(world, entry)
    del view["seq"], view["kind"]
    return view
