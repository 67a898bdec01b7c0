"""Writes refusals as Voice v2 does: ``application/problem+json`` (docs/platform/voice-v2.md#1.3)."""

from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.rest.answer import CONTENT_TYPE, Answer

CONTENT = "application/problem+json"
_PREFIX = "https://api.sinch.com/docs/errors/"
# By status: the end of the type, and the title. The last five are not documented.
_KINDS = {
    400: ("bad-request", "Bad Request"),
    401: ("unauthorized", "Unauthorized"),
    402: ("payment-required", "Account Suspended"),
    403: ("forbidden", "Forbidden"),
    404: ("not-found", "Not Found"),
    409: ("conflict", "Duplicate resource name"),
    429: ("too-many-requests", "Too Many Requests"),
    500: ("internal-server-error", "Internal Server Error"),
    405: ("method-not-allowed", "Method Not Allowed"),
    413: ("payload-too-large", "Payload Too Large"),
    415: ("unsupported-media-type", "Unsupported Media Type"),
    501: ("not-implemented", "Not Implemented"),
    503: ("service-unavailable", "Service Unavailable"),
}
_RETRY_AFTER_S = 1


def write_problem(error: ApiError) -> Answer:
    """Makes the answer to a refused request."""
    kind, title = _KINDS.get(error.status, ("internal-server-error", f"Error {error.status}"))
    problem = {"type": _PREFIX + kind, "title": title, "detail": error.message, "instance": error.instance or "/"}
    headers = {CONTENT_TYPE: CONTENT}
    if error.status == 429:
        headers["Retry-After"] = str(_RETRY_AFTER_S)
    return Answer(error.status, encode(problem), headers)
