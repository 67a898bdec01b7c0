"""OAuth2 as a product: ``/oauth2/token`` and ``/oauth2/revoke`` (docs/platform/oauth.md#2)."""

from sinch_simulator.core.errors import ApiError, SenderRefused
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.server.oauth2.errors import GrantRefused

_ERRORS = {
    401: "invalid_client",
    403: "access_denied",
    404: "not_found",
    429: "too_many_requests",
    500: "server_error",
    503: "temporarily_unavailable",
}


def _endpoints() -> tuple[PlatformEndpoint, ...]:
    from sinch_simulator.server.oauth2.endpoints import ENDPOINTS

    return ENDPOINTS


def _write_error(error: ApiError, reference: str) -> Answer:
    """Writes an error as RFC 6749 says."""
    status = error.status
    name = _ERRORS.get(status, "invalid_request" if status < 500 else "server_error")
    if isinstance(error, GrantRefused):
        name = "unsupported_grant_type"
    text = error.message
    if isinstance(error, SenderRefused):
        text = f"Client authentication failed: {error.diagnostics[0].message}"
    challenge = {"WWW-Authenticate": 'Basic realm="Sinch"'} if status == 401 else {}
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache", **challenge}
    return json_answer({"error": name, "error_description": text}, status, headers)


OAUTH2 = Product(
    name="oauth2",
    machine=None,
    api_name="token endpoint",
    prefixes=("/oauth2",),
    endpoints=_endpoints,
    schemes=(),
    write_error=_write_error,
)
