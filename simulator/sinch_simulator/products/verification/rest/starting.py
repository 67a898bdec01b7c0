"""Starts verifications (docs/platform/verification.md#3)."""

from collections.abc import Mapping
from functools import partial

from sinch_simulator.core.application_settings import VerificationAuth
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, Pending, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.request_findings import read_body
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.products.verification.errors import (
    INVALID_CALLBACK_RESPONSE,
    REQUIREMENT_NOT_MET,
    duplicate_reference,
)
from sinch_simulator.products.verification.events import Started, Superseded
from sinch_simulator.products.verification.fields import code_type_of, flash_options, spoken_locale
from sinch_simulator.products.verification.languages import PLACE, accepted_languages
from sinch_simulator.products.verification.machine import verifications_of
from sinch_simulator.products.verification.model import (
    NO_OPTIONS,
    Method,
    Options,
    Reason,
    Request,
    State,
    Status,
    Verification,
)
from sinch_simulator.products.verification.rest.authorization import level_of, require_start
from sinch_simulator.products.verification.rest.bodies import start_body
from sinch_simulator.products.verification.rest.shapes import (
    PUBLIC_START,
    START,
    VerificationFindings,
    given_options,
)

WITHOUT_DATA = "+17818880008"
"""A number for which data verification is not available (docs/platform/verification.md#3.6)."""
ACCEPT_LANGUAGE = "Accept-Language"


def post_verification(request: PlatformRequest) -> Answer | Pending:
    """Starts a verification. With a callback URL the answer waits for the app's (docs/platform/verification.md#8.3)."""
    application, world = request.application, request.world
    level = level_of(request)
    require_start(request, level)
    wanted, findings = _read(request, level)
    _refuse_destination(request, wanted)
    machine = verifications_of(world)
    if wanted.reference is not None and machine.of_reference(application, wanted.reference) is not None:
        raise duplicate_reference(wanted.reference)
    earlier = machine.newest(application, wanted.number)
    if earlier is not None and earlier.state is not State.ENDED:
        world.receive(Superseded(earlier.id))
    verification = machine.new(application, wanted, world.now)
    world.receive(Started(verification.id, wanted))
    if findings:
        request.diagnose(findings, verification.id)
    if verification.state is State.AWAITING_CALLBACK:
        return Pending(world, partial(_when_asked, verification))
    return _started(verification)


def _when_asked(verification: Verification) -> Answer | None:
    """Answers once the app has said whether the verification may be done."""
    if verification.state is State.AWAITING_CALLBACK:
        return None
    if verification.template is None and verification.call is None and verification.state is State.ENDED:
        raise _never_begun(verification)
    return _started(verification)


def _started(verification: Verification) -> Answer:
    headers: Mapping[str, str] | None = None
    if verification.method.is_text and verification.language is not None:
        headers = {"Content-Language": verification.language}
    return json_answer(start_body(verification), headers=headers)


_REFUSALS: dict[Reason | None, tuple[ErrorCode | int, str, str]] = {
    Reason.DENIED_BY_CALLBACK: (
        REQUIREMENT_NOT_MET,
        "The verification was denied by a callback.",
        'The webhook answered VerificationRequestEvent with "deny"; {"action": "allow"} lets it begin.',
    ),
    Reason.INVALID_CALLBACK: (
        INVALID_CALLBACK_RESPONSE,
        "Invalid callback response.",
        "The webhook must answer VerificationRequestEvent in time, with 200 and"
        ' {"action": "allow"} or {"action": "deny"}: the diagnostics say what it did.',
    ),
    Reason.NOT_ENOUGH_CREDIT: (ErrorCode.NO_CREDIT, "Not enough credit", ""),
    Reason.FRAUD: (ErrorCode.FORBIDDEN_DESTINATION, "Identity is blacklisted.", ""),
    Reason.BLOCKED: (ErrorCode.FORBIDDEN_DESTINATION, "Identity is blacklisted.", ""),
    Reason.DESTINATION_DENIED: (ErrorCode.FORBIDDEN_DESTINATION, "Destination denied.", ""),
    Reason.INTERNAL_ERROR: (ErrorCode.INTERNAL, "Internal error", ""),
}


def _never_begun(verification: Verification) -> ApiError:
    """Returns what is answered of a verification that ended before it had begun; its own lines tell of it already."""
    another = "Another verification of the same number was started" if _is_superseded(verification) else "It ended"
    unknown = (INVALID_CALLBACK_RESPONSE, "Invalid callback response.", f"{another} before the webhook had answered.")
    code, message, hint = _REFUSALS.get(verification.reason, unknown)
    error = ApiError(code, message, hint=hint)
    error.finding = "verification.ended"
    return error


def _is_superseded(verification: Verification) -> bool:
    return verification.status is Status.ABORTED


def _refuse_destination(request: PlatformRequest, wanted: Request) -> None:
    """Refuses numbers that cannot be verified: without credit, barred, or without mobile data."""
    limits = request.application.limits
    if limits is not None:
        if limits.bars(wanted.address):
            hint = f"identity.endpoint: {wanted.number} is among the barred numbers of the application"
            raise ApiError(ErrorCode.FORBIDDEN_DESTINATION, "Identity is blacklisted.", hint=hint)
        if not limits.affords(wanted.address):
            raise ApiError(ErrorCode.NO_CREDIT, "Not enough credit", hint="Give the application more credit.")
    if wanted.method is Method.SEAMLESS and wanted.number == WITHOUT_DATA:
        message = "Seamless verification not available for given destination."
        hint = f"identity.endpoint: {WITHOUT_DATA} is a test number that is refused; any other can be verified"
        raise ApiError(ErrorCode.FORBIDDEN_DESTINATION, message, hint=hint, path="identity.endpoint")


# ---- reading


def _read(request: PlatformRequest, level: VerificationAuth) -> tuple[Request, list[Diagnostic]]:
    """Returns what is wanted, and what there is to be said about it."""
    document = request.json()
    public = level is VerificationAuth.PUBLIC
    findings = VerificationFindings()
    values = read_body(PUBLIC_START if public else START, document, findings)
    method = Method(values["method"])
    _remark_on_options(document, level, findings)
    assert isinstance(document, dict)
    written = next((value for name, value in document.items() if name.lower() == "method"), method.value)
    if written != method.value:
        message = f"The method is written {written!r}: it is taken, and answered as {method.value!r}."
        findings.info("VERIFICATION_METHOD_CASE", "method", message, f"Write {method.value}.")
    sms = None if public else values.object("smsOptions")
    wanted = Request(
        method,
        values["identity"]["endpoint"],
        request.base_url,
        values["reference"] or None,
        values["custom"],
        NO_OPTIONS if public else _options(method, values),
        accepted_languages(request.headers.get(ACCEPT_LANGUAGE, "")) if method.is_text else (),
        None if sms is None or method is not Method.SMS else sms["locale"],
    )
    return wanted, findings.found


def _options(method: Method, values: Values) -> Options:
    about = values.object(f"{method.object_name}Options") if method is not Method.SEAMLESS else None
    if about is None:
        return NO_OPTIONS
    if method is Method.FLASHCALL:
        options = flash_options(about)
    elif method is Method.CALLOUT:
        options = Options(locale=spoken_locale(about))
    elif method is Method.SMS:
        template = about["template"]
        template = template if template is not None and PLACE in template else None
        options = Options(code_type=code_type_of(about), expiry_ms=about["expiry"], template=template)
    else:
        options = Options(code_type=code_type_of(about))
    return NO_OPTIONS if options == NO_OPTIONS else options


def _remark_on_options(document: object, level: VerificationAuth, findings: VerificationFindings) -> None:
    """Tells of options in a request that is not signed: the platform considers those of signed requests only."""
    given = given_options(document)
    if not given or level is VerificationAuth.APPLICATION:
        return
    hint = "Sign the request (Application KEY:SIGNATURE), or give them in the reply to VerificationRequestEvent."
    if level is VerificationAuth.PUBLIC:
        message = "Options of a request with the key alone are ignored."
    else:
        message = "Options count here; the platform may ignore those of a request that is not signed."
    findings.warn("VERIFICATION_OPTIONS_IGNORED", given[0], message, hint)
