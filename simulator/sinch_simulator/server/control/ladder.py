"""Writes what happened as text for people: what a test in any language prints when it fails."""

from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.answer import CONTENT_TYPE, Answer
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint
from sinch_simulator.core.rest.journal_views import entry_view
from sinch_simulator.ladder import render
from sinch_simulator.server.control.journal import ABOUT, select_lines
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest

_UNTOLD = frozenset({"state", "timer.fired"})
TEXT_TYPE = "text/plain; charset=utf-8"


async def get_ladder(request: ServerRequest) -> Answer:
    """Writes the ladder of each call, or of whatever else it is about, in the order in which they began."""
    world, wanted = select_lines(request, request.query())
    by_subject: dict[str, list[Entry]] = {}
    for entry in world.simulation.journal.entries:
        if entry.subject is not None and entry.kind not in _UNTOLD and wanted(entry):
            by_subject.setdefault(entry.subject, []).append(entry)
    ladders = (render(entry_view(world.simulation, entry) for entry in entries) for entries in by_subject.values())
    return Answer(200, "".join(f"{ladder}\n\n" for ladder in ladders).encode(), {CONTENT_TYPE: TEXT_TYPE})


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/ladder",
        get_ladder,
        "Writes what happened in calls as text for people.",
        (APPLICATION, *ABOUT),
        media_types=("text/plain",),
    ),
)
