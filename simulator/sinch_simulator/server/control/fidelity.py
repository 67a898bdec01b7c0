"""Shows the fidelity table as data."""

from collections import Counter

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.fidelity.table import Row, Status, rows


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
    ControlEndpoint("GET", "/fidelity", get_fidelity, "Shows how faithful the simulator is, thing by thing."),
)
