"""The fidelity table as data."""

from collections import Counter

from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlRequest
from sinch_simulator.core.rest.routing import Endpoint
from sinch_simulator.server.fidelity.table import Row, Status, rows
from sinch_simulator.server.http_messages import Answer, json_answer


async def get_fidelity(request: ControlRequest) -> Answer:
    """Every row, and how many there are of each status."""
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


ENDPOINTS: tuple[ControlEndpoint, ...] = (
    Endpoint("GET", "/fidelity", get_fidelity, "what is verified, documented, inferred, unsupported"),
)
