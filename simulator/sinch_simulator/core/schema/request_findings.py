"""How the body of a platform request is read: what cannot be is refused with the platform's code, by name.

What the platform would ignore is kept, and told as a diagnostic. A property that is null counts as absent, because SDKs
send null for what was not set (*assumed*).
"""

from attrs import field

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.values import define


@define
class RequestFindings(Findings):
    """What was found in one request; the first thing that cannot be is what it is refused for."""

    any_case = True
    ignores_unknown = True
    numerals = True
    coerces = True

    refusal: ApiError | None = field(default=None, init=False)
    """What to raise, once everything has been read."""

    def refuse(self, error: ApiError) -> None:
        """Keeps the reason why the request cannot be taken."""
        self.refusal = self.refusal or error
        self.illegal = True

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Refuses a parameter that has a value that cannot be: 40001; ``message`` is the platform's."""
        self.refuse(ApiError(ErrorCode.INVALID_PARAMETER, message, hint=hint, path=path))

    def wrong(
        self, item: Field, path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        """Refuses a parameter that has a value that cannot be: 40001."""
        self.refuse(refused(path, value, right or item.expected))

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        """Refuses a request in which a parameter is missing: 40002."""
        self.refuse(missing(prefix + item.name, item.expected))

    def empty(self, item: Field, path: str) -> None:
        """Refuses a request in which a parameter is there, but blank: 40002 too."""
        self.refuse(missing(path, item.expected))


def read_body(shape: Shape, document: object, findings: RequestFindings) -> Values:
    """Reads the JSON object in a request. Raises ``ApiError``: 40001, 40002, and 40003 for what is no object."""
    if not isinstance(document, dict):
        raise ApiError.invalid_request("the body must be a JSON object")
    values = shape.read(document, "", findings)
    if findings.refusal is not None:
        raise findings.refusal
    return values


def refused(path: str, value: object, expected: str) -> ApiError:
    """Returns the 40001 for a value that can't be."""
    message = f"Invalid parameter '{path}' ({shown_in_error(value)}): expected {expected}"
    return ApiError(ErrorCode.INVALID_PARAMETER, message, hint=f"expected {expected}", path=path)


def shown_in_error(value: object) -> str:
    """Returns a value as errors of the platform show it; an object or an array is only named, it may be huge."""
    if isinstance(value, dict | list):
        return "an array" if isinstance(value, list) else "an object"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a huge number"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def missing(path: str, hint: str) -> ApiError:
    """Returns the 40002 for a parameter that is not there, with what would be right as a hint."""
    return ApiError(ErrorCode.MISSING_PARAMETER, f"Missing parameter '{path}'", hint=hint, path=path)
