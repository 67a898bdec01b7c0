"""What the platform has and the simulator has not: refused with 501 and a hint, never answered as if it worked."""

from sinch_simulator.exchange.errors import ApiError
from sinch_simulator.server.http import Answer
from sinch_simulator.server.platform import PlatformEndpoint, PlatformHandler, PlatformRequest
from sinch_simulator.server.routing import Endpoint

_MISSING = (
    ("GET", "/configuration/numbers", "the numbers of the account"),
    ("POST", "/configuration/numbers", "assigning numbers"),
    ("DELETE", "/configuration/numbers", "un-assigning a number"),
    ("GET", "/configuration/callbacks/applications/{applicationKey}", "the callback URLs of an application"),
    ("POST", "/configuration/callbacks/applications/{applicationKey}", "setting callback URLs"),
    ("GET", "/calling/query/number/{number}", "querying a number"),
    ("GET", "/recording", "the list of recordings"),
    ("GET", "/recording/{key}", "a recording"),
    ("DELETE", "/recording/{key}", "deleting a recording"),
    ("GET", "/users/{type}/{endpoint}/calls/{domain}", "the report of a user's calls"),
    ("GET", "/counters/{id}", "a counter"),
    ("GET", "/services/{id}", "the status of a service"),
    ("POST", "/callreport/callId/{callId}", "reporting the status of a call"),
)
_HINT = "This version does callouts, calls, conferences; numbers and callback URLs are set at /_simulator/applications."


def _refusal_of(what: str) -> PlatformHandler:
    def refuse(request: PlatformRequest) -> Answer:
        raise ApiError.not_supported(what, hint=_HINT)

    return refuse


ENDPOINTS: tuple[PlatformEndpoint, ...] = tuple(
    Endpoint(method, pattern, _refusal_of(what), what) for method, pattern, what in _MISSING
)
