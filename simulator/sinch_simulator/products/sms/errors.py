"""Refuses requests to XMS in its own words, ``{"code", "text"}`` (docs/platform/sms.md#5)."""

from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, json_answer

INVALID_JSON = "syntax_invalid_json"
INVALID_FORMAT = "syntax_invalid_parameter_format"
CONSTRAINT = "syntax_constraint_violation"

_WORDS = {
    ErrorCode.INVALID_PARAMETER: INVALID_FORMAT,
    ErrorCode.MISSING_PARAMETER: CONSTRAINT,
    ErrorCode.INVALID_REQUEST: INVALID_JSON,
}
_WITHOUT_BODY = (401, 404)


class XmsError(ApiError):
    """An error whose code is a word."""

    def __init__(self, status: int, word: str, message: str, *, hint: str = "", path: str = "") -> None:
        super().__init__(status * 100, message, hint=hint, path=path)
        self.word = word

    @property
    def name(self) -> str:
        """Returns the code as diagnostics call it."""
        return self.word.upper()


def format_error(path: str, value: str, right: str) -> XmsError:
    """Returns the 400 for a value of the wrong form."""
    text = f"The format of parameter '{path}' is invalid; value {value} is not {right}."
    return XmsError(400, INVALID_FORMAT, text, hint=f"expected {right}", path=path)


def not_found(what: str) -> ApiError:
    """Returns the 404, which has no body, for what this application does not have."""
    return ApiError.not_found(f"There is no such {what}")


def write_error(error: ApiError, reference: str) -> Answer:
    """Writes an error: 401 and 404 without a body, all others with a code and a text."""
    status = error.status
    if error.code is ErrorCode.INVALID_SCHEME:
        status = 401
    if status in _WITHOUT_BODY:
        return Answer(status)
    if isinstance(error, XmsError):
        word = error.word
    else:
        code = error.code
        word = _WORDS.get(code, code.name.lower()) if isinstance(code, ErrorCode) else f"error_{error.number}"
    return json_answer({"code": word, "text": error.message}, status)
