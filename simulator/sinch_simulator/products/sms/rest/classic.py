"""Sends single texts by the classic SMS API, and tells what has become of them (docs/platform/sms.md#11)."""

from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.message import Message, Status
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.core.schema.request_findings import RequestFindings, read_body
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.core.schema.words import shown
from sinch_simulator.products.sms.advice import advise_on_sender, advise_on_text
from sinch_simulator.products.sms.events import Due
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.rest.fields import sender_of

FORBIDDEN = 40303
"""The error of an application that may not send to this number (docs/platform/sms.md#11)."""
_LONGEST_TEXT = 2000
_LONGEST_SENDER = 40
SMS = Shape(
    "a text",
    (
        BoundedText("message", "the text", required=True, longest=_LONGEST_TEXT),
        BoundedText("from", "who sends it: a number or a name", longest=_LONGEST_SENDER),
    ),
)
_SUCCESSFUL = "Successful"
_FAULTED = "Faulted"
_PENDING = "Pending"
_UNKNOWN = "Unknown"
_STATUSES = {
    Status.DELIVERED: _SUCCESSFUL,
    **dict.fromkeys((Status.FAILED, Status.REJECTED, Status.EXPIRED, Status.ABORTED, Status.DELETED), _FAULTED),
}


def post_sms(request: PlatformRequest) -> Answer:
    """Sends a text to the number in the path. The answer comes before it is sent."""
    application, world = request.application, request.world
    given = request.parameters["number"]
    number = normalise_number(given)
    if number is None:
        raise ApiError.invalid_parameter("number", given, expected="a number in E.164 form, as +46700000009")
    findings = RequestFindings()
    body = read_body(SMS, request.json(), findings)
    text, named = body.text("message"), body.text_or_none("from")
    _refuse_strangers(application, number)
    sms = sms_of(world)
    sender = application.sms.verified_numbers[0] if named is None else sender_of(named)
    message = sms.new_classic(application, sender, number, text, world.now)
    advice = [] if named is None else advise_on_sender(application, sender, sms)
    advice += advise_on_text(text, application, "message")
    if number.startswith("+1") and sms.data.pool.sms_owner(sender) is not application:
        advice += _once(application, _US_NUMBER)
    request.diagnose([*findings.found, *advice], message.id)
    answer = json_answer({"messageId": int(message.message_id or 0)})
    world.receive_soon(Due(message.id))
    return answer


def _refuse_strangers(application: Application, number: str) -> None:
    """Refuses a number to which the application may not send."""
    settings = application.sms
    if not settings.verified_numbers:
        hint = "give the application verifiedNumbers: without one nobody may send classic SMS"
        raise ApiError(FORBIDDEN, "The account has no verified number", hint=hint)
    if settings.sandbox and number not in settings.verified_numbers:
        hint = f"a sandbox application sends to its verified numbers only: {', '.join(settings.verified_numbers)}"
        raise ApiError(FORBIDDEN, f"The number {shown(number)} is not verified", hint=hint, path="number")


_US_NUMBER = Diagnostic(
    "SENDER_NOT_RENTED",
    Severity.WARNING,
    "from",
    "Texts to the United States and Canada need a number that is rented for SMS as their sender.",
    "say from, with one of the application's numbers",
)


def _once(application: Application, finding: Diagnostic) -> list[Diagnostic]:
    if finding.message in application.told_once:
        return []
    application.told_once.add(finding.message)
    return [finding]


def get_status(request: PlatformRequest) -> Answer:
    """Says what has become of a text; of an id that nobody knows ``Unknown``, which is no error."""
    message = sms_of(request.world).classic.get(request.parameters["messageId"])
    own = message is not None and message.application_key == request.application.key
    return json_answer({"status": _status(message) if message is not None and own else _UNKNOWN})


def _status(message: Message) -> str:
    return _STATUSES.get(message.status, _PENDING)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("POST", "/{number}", post_sms, "sends a text", below="/v1/sms"),
    PlatformEndpoint("GET", "/{messageId}", get_status, "what has become of a text", below="/v1/sms"),
    PlatformEndpoint("GET", "/{messageId}", get_status, "what has become of a text", below="/v1/message/status"),
)
