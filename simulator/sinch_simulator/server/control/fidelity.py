"""Shows the fidelity table as data."""

from collections import Counter

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.core.rest.control_shapes import answer, list_of, words
from sinch_simulator.core.schema.fields import Choice, Integer, Mapping, Text
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.fidelity.table import Kind, Row, Status, rows

_FIDELITY = answer(
    "the fidelity table",
    Mapping("summary", "how many rows there are of each status", of=Integer()),
    list_of(
        "fidelity",
        answer(
            "a row",
            Choice("kind", "what the row is about", choices=words(Kind)),
            Text("name", "which of that kind"),
            Choice("status", "how we know that it is so", choices=words(Status)),
            Text("source", "where it is known from"),
            Text("remark", "what else there is to say"),
        ),
        "every row",
    ),
)


async def get_fidelity(request: ServerRequest) -> Answer:
    """Lists every row, and how many there are of each status."""
    request.query()
    counts = Counter(row.status for row in rows())
    summary = {status.value: counts[status] for status in Status}
    return json_answer({"summary": summary, "fidelity": [_view(row) for row in rows()]})


def _view(row: Row) -> dict[str, str]:
    return {
        "kind": row.kind.value,
        "name": row.name,
        "status": row.status.value,
        "source": row.source,
        "remark": row.remark,
    }


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET", "/fidelity", get_fidelity, "Shows how faithful the simulator is, thing by thing.", answer=_FIDELITY
    ),
)
