"""Takes reports of codes and of the numbers of flash calls (docs/platform/verification.md#4)."""

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.request_findings import missing, read_body
from sinch_simulator.products.verification.errors import wrong_secret
from sinch_simulator.products.verification.events import Reported
from sinch_simulator.products.verification.model import Method, State, Status, Verification
from sinch_simulator.products.verification.reporting import WRONG
from sinch_simulator.products.verification.rest.bodies import report_body
from sinch_simulator.products.verification.rest.finding import newest_of_path, of_path
from sinch_simulator.products.verification.rest.shapes import INTERCEPTION, REPORT, VerificationFindings

_NOT_YET = {
    State.AWAITING_CALLBACK: "the webhook has not answered VerificationRequestEvent yet",
    State.AWAITING_DEVICE: "a data verification is not reported: the device follows targetUri to its end",
    State.AWAITING_PIN: "it is verified by a key that is pressed in the phone call, not by a report",
}


def report_by_id(request: PlatformRequest) -> Answer:
    """Takes a report about the verification of this id."""
    return _report(request, of_path(request))


def report_by_number(request: PlatformRequest) -> Answer:
    """Takes a report about the newest verification of this number."""
    return _report(request, newest_of_path(request))


def _report(request: PlatformRequest, verification: Verification) -> Answer:
    method, secret, source = _read(request)
    if verification.state is State.ENDED:
        if verification.status is not Status.SUCCESSFUL:
            request.diagnose([_late(verification)], verification.id)
        return json_answer(report_body(verification))
    if method is not verification.method:
        raise wrong_secret("method", f"method: it was started as {verification.method.value}, not as {method.value}")
    if verification.state in _NOT_YET:
        raise wrong_secret("method", _NOT_YET[verification.state])
    request.world.receive(Reported(verification.id, secret, source))
    if verification.status is not Status.SUCCESSFUL:
        place = f"{method.object_name}.{'cli' if method is Method.FLASHCALL else 'code'}"
        raise wrong_secret(place, f"{place}: {secret[:40]!r} is not what the phone was sent", WRONG)
    return json_answer(report_body(verification))


def _read(request: PlatformRequest) -> tuple[Method, str, str | None]:
    """Returns the method, the secret, and how it was found."""
    findings = VerificationFindings()
    values = read_body(REPORT, request.json(), findings)
    method = Method(values["method"])
    name = method.object_name
    about = values.object(name)
    field = "cli" if method is Method.FLASHCALL else "code"
    if about is None:
        raise missing(name, f'an object like {{"{field}": ".."}}')
    return method, about.text(field), values["source"] or None


def _late(verification: Verification) -> Diagnostic:
    reason = "" if verification.reason is None else f" ({verification.reason.value})"
    message = f"The verification has ended with {verification.status.value}{reason}: a report changes nothing any more."
    hint = "Read status in the answer, which is 200 all the same, and start another verification."
    return Diagnostic("VERIFICATION_REPORT_AFTER_END", Severity.WARNING, "", message, hint)


def patch_interception(request: PlatformRequest) -> Answer:
    """Takes what an Android app tells of its interception of a call (docs/platform/verification.md#12.5)."""
    newest_of_path(request)
    read_body(INTERCEPTION, request.json(), VerificationFindings())
    return Answer(200)
