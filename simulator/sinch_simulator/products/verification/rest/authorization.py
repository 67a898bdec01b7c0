"""How strongly a request has proven who sends it, and what that is enough for (docs/platform/verification.md#2)."""

from sinch_simulator.core.application_settings import VerificationAuth
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.products.verification.errors import NO_CALLBACK_URL, no_callback_url, too_weak

_STRENGTH = list(VerificationAuth)
_IN_WORDS = {
    VerificationAuth.PUBLIC: "the key alone (Application KEY)",
    VerificationAuth.BASIC: "Basic",
    VerificationAuth.APPLICATION: "a signature (Application KEY:SIGNATURE)",
}


def level_of(request: PlatformRequest) -> VerificationAuth:
    """Returns how strong the authorization of a request is, which is known to be good."""
    scheme, _, credentials = request.headers["Authorization"].strip().partition(" ")
    if scheme.lower() == "basic":
        return VerificationAuth.BASIC
    return VerificationAuth.APPLICATION if ":" in credentials else VerificationAuth.PUBLIC


def require_start(request: PlatformRequest, level: VerificationAuth) -> None:
    """Refuses a start that is weaker than the application's minimum, or a device's where nobody can allow it."""
    application = request.application
    least = application.verification.auth
    if least is VerificationAuth.DENY:
        raise too_weak('verificationAuth of this application is "deny": set it to what may start verifications.')
    if _STRENGTH.index(level) < _STRENGTH.index(least):
        raise too_weak(
            f'verificationAuth of this application is "{least.value}": '
            f"the request has {_IN_WORDS[level]}, and needs {_IN_WORDS[least]}."
        )
    if level is VerificationAuth.PUBLIC and application.verification.callback_url is None:
        request.diagnose([NO_CALLBACK_URL])
        raise no_callback_url()


def require_secret(request: PlatformRequest) -> None:
    """Refuses who knows no more than the key of the application."""
    if level_of(request) is VerificationAuth.PUBLIC:
        raise too_weak(f"This is for {_IN_WORDS[VerificationAuth.BASIC]} or {_IN_WORDS[VerificationAuth.APPLICATION]}.")
