"""Shows simulated moments and lines of the journal as the control API does."""

from typing import Any

from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.time_texts import timestamp_ms

Json = dict[str, Any]  # what goes out as JSON and is never read again


def time_text(world: SimulatedWorld, at_ms: int) -> str:
    """Writes a simulated moment, in milliseconds since the world began, as ISO 8601 in UTC with milliseconds."""
    return timestamp_ms(world.epoch_ms + at_ms)


def entry_view(world: SimulatedWorld, entry: Entry) -> Json:
    """Shows a line of the journal."""
    about = {} if entry.call_id is None else {"callId": entry.call_id}
    return {"seq": entry.seq, "at": time_text(world, entry.at_ms), "kind": entry.kind, **about, **entry.fields}


def diagnostic_view(world: SimulatedWorld, entry: Entry) -> Json:
    """Shows a line of the journal that is a finding."""
    view = entry_view(world, entry)
    del view["seq"], view["kind"]
    return view
