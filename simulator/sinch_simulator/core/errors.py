"""Lists every error that the platform answers with, in one catalogue (docs/platform/rest.md#2).

The first three digits of a code are its HTTP status. The texts name the value that was wrong, because the person who
reads them is looking for it; the platform's own words come first.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import Word

if TYPE_CHECKING:
    from sinch_simulator.core.application import Application


class ErrorCode(Word):
    """Names a kind of error: ``errorCode`` of the body."""

    INVALID_PARAMETER = 40001
    MISSING_PARAMETER = 40002
    INVALID_REQUEST = 40003
    INVALID_APPLICATION_KEY = 40004
    NO_PLUS = 40005
    NO_AUTHORIZATION = 40100
    BAD_TIMESTAMP = 40101
    INVALID_SIGNATURE = 40102
    INVALID_CREDENTIALS = 40108
    NO_CREDIT = 40200
    FORBIDDEN_DESTINATION = 40300
    INVALID_SCHEME = 40301
    OTHER_PROJECT = 40310
    NOT_FOUND = 40400
    METHOD_NOT_ALLOWED = 40500
    TOO_LARGE = 41300
    UNSUPPORTED_MEDIA_TYPE = 41500
    TOO_MANY_REQUESTS = 42900
    INTERNAL = 50000
    NOT_SUPPORTED = 50100
    TEMPORARILY_DOWN = 50300

    @property
    def status(self) -> int:
        """Returns the HTTP status."""
        return self.value // 100


_LONGEST_HEADER_TEXT = 1000


def header_text(text: str) -> str:
    """Returns a text as a header can carry it: printable ASCII on one line, not too long."""
    shown = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
    line = shown.encode("ascii", "backslashreplace").decode("ascii")
    return line if len(line) <= _LONGEST_HEADER_TEXT else line[: _LONGEST_HEADER_TEXT - 3] + "..."


class ApiError(Exception):
    """Refuses a request to the platform. It is raised while a request is handled, and answered by the server."""

    def __init__(self, code: ErrorCode | int, message: str, *, hint: str = "", path: str = "") -> None:
        super().__init__(message)
        self.code = code
        """Out of the catalogue, or a number of the same form."""
        self.message = message
        self.hint = hint
        """Ours, not the platform's: told in the journal and in the ``X-Sinch-Simulator-Hint`` header."""
        self.finding = ""
        """The code of the finding that tells of it already; empty where none does yet."""
        self.path = path
        """The parameter that is wrong, ``ttsCallout.cli``; empty where the request as a whole is."""
        self.headers: Mapping[str, str] = {}
        """What the answer has beside the headers of every error."""
        self.instance = ""
        """The path of the request, known once it is answered."""

    @property
    def number(self) -> int:
        """Returns the five digits of the code."""
        return self.code.value if isinstance(self.code, ErrorCode) else self.code

    @property
    def status(self) -> int:
        """Returns the HTTP status."""
        return self.number // 100

    @property
    def name(self) -> str:
        """Returns the code in words, ``NOT_FOUND``; what is in no catalogue has its number."""
        return self.code.name if isinstance(self.code, ErrorCode) else str(self.code)

    @classmethod
    def invalid_parameter(cls, parameter: str, value: object, *, expected: str = "") -> "ApiError":
        """Refuses a parameter whose value cannot be: 400/40001."""
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        wanted = f"expected {expected}" if expected else ""
        message = f"Invalid parameter '{parameter}' ({shown})" + (f": {wanted}" if wanted else "")
        return cls(ErrorCode.INVALID_PARAMETER, message, hint=wanted, path=parameter)

    @classmethod
    def invalid_request(cls, why: str, *, hint: str = "") -> "ApiError":
        """Refuses a request that makes no sense as a whole (no JSON, unknown method, wrong moment): 400/40003."""
        return cls(ErrorCode.INVALID_REQUEST, f"Invalid request: {why}", hint=hint)

    @classmethod
    def not_found(cls, message: str) -> "ApiError":
        """Refuses what asks for a thing that this application does not have: 404/40400.

        ``message`` is the platform's, as ``Call not found``.
        """
        return cls(ErrorCode.NOT_FOUND, message)

    @classmethod
    def no_credit(cls) -> "ApiError":
        """Refuses a call for which the account has not enough credit: 402/40200."""
        return cls(ErrorCode.NO_CREDIT, "Not enough credit")

    @classmethod
    def forbidden_destination(cls, endpoint: str) -> "ApiError":
        """Refuses a call to where the account may not call: 403/40300."""
        return cls(ErrorCode.FORBIDDEN_DESTINATION, f"Destination is forbidden: '{endpoint}'")


class SenderRefused(ApiError):
    """Refuses a request because of who sends it.

    ``diagnostics`` tell its developer why, and never a secret; ``claimed`` is the application that the request says it
    is of, where that can be told. It proves nothing.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        diagnostics: tuple[Diagnostic, ...],
        *,
        claimed: "Application | None" = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        first = diagnostics[0]
        super().__init__(code, message, hint=header_text(f"{first.code}: {first.message} {first.hint}".strip()))
        self.finding = first.code
        self.diagnostics = diagnostics
        self.claimed = claimed
        self.headers = headers or {}
