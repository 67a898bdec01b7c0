"""Refuses requests in the words of the Numbers API (docs/platform/numbers.md#6)."""

from typing import Any

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.schema.request_findings import shown_in_error

ACTIVE, AVAILABLE = "ActiveNumber", "AvailableNumber"
"""What a number that is not found would have been."""
_STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "PERMISSION_DENIED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


class NumbersError(ApiError):
    """Refuses a request, with what is said about it in ``details``."""

    def __init__(
        self, code: ErrorCode, message: str, *details: dict[str, Any], hint: str = "", path: str = ""
    ) -> None:
        super().__init__(code, message, hint=hint, path=path)
        self.details = details


def invalid(path: str, why: str, expected: str) -> NumbersError:
    """Returns the 400 for a field that cannot be so."""
    violation = {"field": path, "description": f"{why}: expected {expected}"}
    detail = {"type": "BadRequest", "fieldViolations": [violation]}
    message = f"invalid {path}: {why}: expected {expected}"
    return NumbersError(ErrorCode.INVALID_PARAMETER, message, detail, hint=f"expected {expected}", path=path)


def unknown_word(path: str, value: object, expected: str) -> NumbersError:
    """Returns the 400 for a value that is none of the words that a field takes."""
    shown = f'"{value}"' if isinstance(value, str) and len(value) <= 60 else shown_in_error(value)
    message = f'parsing field "{path}": {shown} is not a valid value'
    return NumbersError(ErrorCode.INVALID_PARAMETER, message, hint=f"expected {expected}", path=path)


def not_found(what: str, number: str, why: str, hint: str = "") -> NumbersError:
    """Returns the 404 for a number that is not there; ``what`` is ``ACTIVE`` or ``AVAILABLE``.

    On the platform its message is empty (docs/platform/sdks.md#4).
    """
    detail = {
        "type": "ResourceInfo",
        "resourceType": what,
        "resourceName": number,
        "owner": "",
        "description": "",
    }
    return NumbersError(ErrorCode.NOT_FOUND, why, detail, hint=hint, path="phoneNumber")


def write_error(error: ApiError, reference: str) -> Answer:
    """Writes an error as the Numbers API does; it has no place for a reference."""
    body = {
        "code": error.status,
        "message": error.message,
        "status": _STATUS_WORDS.get(error.status, "UNKNOWN"),
        "details": list(error.details) if isinstance(error, NumbersError) else [],
    }
    return json_answer({"error": body}, error.status)
