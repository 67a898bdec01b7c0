"""What the control API will have and has not yet."""

from sinch_simulator.server.control.errors import ControlError
from sinch_simulator.server.control.requests import ControlEndpoint, ControlHandler, ControlRequest
from sinch_simulator.server.http import Answer
from sinch_simulator.server.routing import Endpoint

_MISSING = (
    ("GET", "/fidelity", "the fidelity table"),
)


def _refusal_of(what: str) -> ControlHandler:
    async def refuse(request: ControlRequest) -> Answer:
        raise ControlError(501, "not_supported", f"this version has not got {what}", "a later one will")

    return refuse


ENDPOINTS: tuple[ControlEndpoint, ...] = tuple(
    Endpoint(method, pattern, _refusal_of(what), what) for method, pattern, what in _MISSING
)
