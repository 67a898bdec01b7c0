"""Shows a line of the journal as it is told live, with what came of callbacks in reality."""

from typing import TYPE_CHECKING, Any

from sinch_simulator.core.journal import Entry
from sinch_simulator.core.rest.journal_views import entry_view

if TYPE_CHECKING:
    from sinch_simulator.server.worlds import World

_OUTCOMES = ("callback.answered", "callback.failed")
_SHOWN_OF_A_REPLY = 4000


def live_view(world: "World", entry: Entry) -> dict[str, Any]:
    """Shows a line of the journal; where it is about a callback's outcome, with what no two runs have in common.

    ``latencyMs`` is real milliseconds, ``status`` the HTTP status of the last attempt; they are left out when nothing
    is known of them. A long ``reply``, which is what the app said when it failed, is shortened.
    """
    view = entry_view(world.simulation, entry)
    if entry.kind not in _OUTCOMES or (record := world.callbacks.latest_of(view["callbackId"])) is None:
        return view
    view["latencyMs"] = record.attempt.latency_ms
    response = record.attempt.response
    if response is not None:
        view["status"] = response.status
    if "reply" in view:
        view["reply"] = _ends_of(view["reply"])
    return view


def _ends_of(text: str) -> str:
    """Shortens a long text to its beginning and end: what an app has to say about its failure is at either."""
    shown = _SHOWN_OF_A_REPLY
    return text if len(text) <= 2 * shown else f"{text[:shown]}\n...\n{text[-shown:]}"
