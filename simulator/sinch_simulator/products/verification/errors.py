"""What the Verification API refuses, in its own codes and words (docs/platform/verification.md#10)."""

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.product import classic_error
from sinch_simulator.core.rest.answer import Answer

AUTHORIZATION_REQUIRED = 40104
INVALID_AUTHORIZATION = 40107
REQUIREMENT_NOT_MET = 40303
DUPLICATE_REFERENCE = 40900
INVALID_CALLBACK_RESPONSE = 42202
OWN_CODES = (
    AUTHORIZATION_REQUIRED,
    INVALID_AUTHORIZATION,
    REQUIREMENT_NOT_MET,
    DUPLICATE_REFERENCE,
    INVALID_CALLBACK_RESPONSE,
)
"""Those that no other product answers with."""

# What the platform says with a code that only a fault rule, or one place, gives.
_MESSAGES = {
    40300: "Identity is blacklisted.",
    42200: "Application name is not configured.",
    42201: "No route to destination.",
    INVALID_CALLBACK_RESPONSE: "Invalid callback response.",
    DUPLICATE_REFERENCE: "Reference already defined",
    REQUIREMENT_NOT_MET: "Authorization requirement not met.",
    42900: "Request capacity exceeded",
    42901: "Cannot initiate verification to the same number too quickly",
    50301: "Internal error of the configuration",
}


def write_error(error: ApiError, reference: str) -> Answer:
    """Writes a refusal; three of those of the authorization have a code of their own here."""
    number, message = error.number, error.message
    if error.finding == "AUTH_MISSING":
        number, message = AUTHORIZATION_REQUIRED, "Authorization required"
    elif error.code is ErrorCode.NO_AUTHORIZATION:
        message = "Invalid authorization header"
    elif error.code is ErrorCode.BAD_TIMESTAMP:
        message = "X-Timestamp required"
    elif error.code is ErrorCode.INVALID_SIGNATURE:
        message = "Invalid signature"
    elif error.code is ErrorCode.INVALID_CREDENTIALS:
        number, message = INVALID_AUTHORIZATION, "Invalid authorization"
    elif not (error.hint or error.path) and number in _MESSAGES:
        message = _MESSAGES[number]
    elif error.code is ErrorCode.NOT_FOUND:
        message = f"Requested resource was not found. {error.hint}".strip()
    return classic_error(ApiError(number, message), reference)


def wrong_secret(path: str, hint: str, finding: str = "") -> ApiError:
    """Refuses a report that cannot be right: 400/40003, which SDKs read as a wrong code."""
    error = ApiError(ErrorCode.INVALID_REQUEST, "Invalid identity or code.", hint=hint, path=path)
    error.finding = finding
    return error


def too_weak(hint: str) -> ApiError:
    """Refuses who could have proven more: 403/40303."""
    return ApiError(REQUIREMENT_NOT_MET, "Authorization requirement not met.", hint=hint, path="Authorization")


NO_CALLBACK_URL = Diagnostic(
    "VERIFICATION_NO_CALLBACK_URL",
    Severity.WARNING,
    "Authorization",
    "A verification was started with the key alone, and there is no webhook that could allow it.",
    "Set verificationCallbackUrl (--verification-callback-url), or sign the request.",
)


def no_callback_url() -> ApiError:
    """Refuses a device that nobody vouches for: 403/40303. ``NO_CALLBACK_URL`` tells of it."""
    message = "Callback URL must be set when using public authorization method."
    error = ApiError(REQUIREMENT_NOT_MET, message, hint=NO_CALLBACK_URL.hint, path=NO_CALLBACK_URL.path)
    error.finding = NO_CALLBACK_URL.code
    return error


def duplicate_reference(reference: str) -> ApiError:
    """Refuses a reference that is taken: 409/40900."""
    hint = f"reference: {reference[:80]!r} is taken by another verification of this application; give a new one"
    return ApiError(DUPLICATE_REFERENCE, "Reference already defined", hint=hint, path="reference")
