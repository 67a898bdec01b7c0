"""The app's own view of a call, for its call detail records (docs/platform/rest.md#4.4; seen in an SDK)."""

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.request_fields import Properties, PropertyNames, missing
from sinch_simulator.products.voice.rest.calls import call_of

LONGEST_DETAILS = 64

_NAMES = PropertyNames.of(("status", "details"))
FIELDS = tuple(_NAMES.by_lower.values())

_STATUSES = ("success", "failure")


def post_report(request: PlatformRequest) -> Answer:
    """Keep it, as the reply to DiCE would; details are cut to 64 characters as there."""
    call = call_of(request)
    document = request.json()
    if not isinstance(document, dict):
        raise ApiError.invalid_request("the body must be a JSON object")
    findings: list[Diagnostic] = []
    body = Properties.read(document, "", _NAMES, findings)
    if not body.has("status"):
        raise missing("status", "Success or Failure")
    # The SDK capitalises these words, the reply to DiCE does not have to: no spelling is unusual.
    status = Properties("", {"status": body.values["status"]}, []).choice("status", _STATUSES)
    details = body.text("details") or ""
    if len(details) > LONGEST_DETAILS:
        body.warn("TOO_LONG", "details", f"Only the first {LONGEST_DETAILS} characters are kept.")
    simulation = request.world
    fields = {"value": status, "details": details[:LONGEST_DETAILS]}
    simulation.journal.add(simulation.now, "status.reported", call.id, fields)
    request.diagnose(findings, call.id)
    return Answer(204)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("POST", "/callreport/callId/{callId}", post_report, "the app's own view of a call"),
)
