"""Places callouts, and lets an app look at its calls and change them (docs/platform/rest.md#3 and #4)."""

from functools import partial

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.rest.answer import Answer, json_answer, json_text_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import Choice, Text
from sinch_simulator.core.schema.request_findings import RequestFindings, read_body
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.phones.signals import HungUp, LegName
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.call_update import context_for, refuse_illegal
from sinch_simulator.products.voice.callbacks.bodies import call_info
from sinch_simulator.products.voice.calling import accept
from sinch_simulator.products.voice.callouts.reading import advise, read_callout
from sinch_simulator.products.voice.events import Updated
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.svaml.model import Svaml
from sinch_simulator.products.voice.svaml.reading import read_reply

LONGEST_DETAILS = 64

# The SDK capitalises the status, the reply to DiCE does not have to: no spelling is unusual.
REPORT = Shape(
    "a call report",
    (
        Choice("status", "how the call went", required=True, choices=("success", "failure"), any_case=True),
        Text("details", "why", default="", phrase="a string"),
    ),
)


def post_callout(request: PlatformRequest) -> Answer:
    """Places a call. The answer comes before it rings (docs/platform/rest.md#3)."""
    read = read_callout(request.json(), request.headers.items())
    application = request.application
    if application.limits is not None and read.callout.destination is not None:
        application.limits.admit(read.callout.destination)
    call = accept(
        request.world, application.key, read.callout, base_url=request.base_url, region=request.region
    )
    findings = read.diagnostics + advise(read.callout, application.callback_url, application.told_once)
    if findings:
        request.diagnose(findings, call.id)
    # An id needs no escapes, and this is the one answer that is given by the thousand.
    return json_text_answer(b'{"callId":"%b"}' % call.id.encode(), partial(_cancel, request, call))


def _cancel(request: PlatformRequest, call: Call) -> None:
    """Cancels a call: whoever goes before the answer is here does not want it.

    Source: docs/platform/rest.md#3; docs/platform/gotchas.md#B26.
    """
    message = "The connection was closed before the reply: the call is cancelled. The platform may not manage that."
    request.diagnose([Diagnostic("CALLOUT_ABORTED", Severity.WARNING, "", message)], call.id)
    request.world.receive(HungUp(call.id, LegName.CALLER))


def get_call(request: PlatformRequest) -> Answer:
    """Shows a call of this application, under way or over."""
    simulation = request.world
    return json_answer(call_info(call_of(request), simulation.now, simulation.epoch_ms))


def patch_call(request: PlatformRequest) -> Answer:
    """Sends SVAML to a call under way.

    204 says that it is accepted, and of a leg an empty 200 (docs/platform/rest.md#4.2, #4.3).
    """
    call = call_of(request)
    if call.final:
        raise ApiError.not_found("Call not found")
    leg = request.parameters.get("callLeg")
    leg = None if leg is None else leg.lower()
    svaml = _read_update(request, call)
    refuse_illegal(call, svaml, leg)
    if leg is not None and (call.setup.callout is not None or call.conference_id is not None):
        request.diagnose([_LEG_IGNORED], call.id)
    request.world.receive(Updated(call.id, svaml, leg))
    return Answer(204 if leg is None else 200)


def call_of(request: PlatformRequest) -> Call:
    """Returns the call that the path names; another application's is not found."""
    call = exchange_of(request.world).calls.get(request.parameters["callId"])
    if call is None or call.application is not request.application:
        raise ApiError.not_found("Call not found")
    return call


def post_report(request: PlatformRequest) -> Answer:
    """Keeps the app's own view of a call for its call detail records, as the reply to DiCE would.

    Details are cut to 64 characters as there. Source: docs/platform/rest.md#4.4; seen in an SDK.
    """
    call = call_of(request)
    findings = RequestFindings()
    body = read_body(REPORT, request.json(), findings)
    details = body.text("details")
    if len(details) > LONGEST_DETAILS:
        findings.warn("TOO_LONG", "details", f"Only the first {LONGEST_DETAILS} characters are kept.")
    simulation = request.world
    fields = {"value": body["status"], "details": details[:LONGEST_DETAILS]}
    simulation.journal.add(simulation.now, "status.reported", call.id, fields)
    request.diagnose(findings.found, call.id)
    return Answer(204)


def _read_update(request: PlatformRequest, call: Call) -> Svaml:
    if request.body.strip() in (b"", b"null"):
        raise ApiError.invalid_request("the body is empty", hint='Send SVAML, like {"action": {"name": "hangup"}}.')
    reading = read_reply(request.body, context_for(call))
    request.diagnose(reading.diagnostics, call.id)
    if reading.svaml is None:
        first = next(found for found in reading.diagnostics if found.severity is Severity.ERROR)
        place = f"{first.path}: " if first.path else ""
        raise ApiError.invalid_request(f"{place}{first.message}", hint=first.hint)
    return reading.svaml


_LEG_IGNORED = Diagnostic(
    "LEG_IGNORED",
    Severity.WARNING,
    "callLeg",
    "The leg is ignored for calls of the callout API and in conferences: who is on the line hears the message.",
    "PATCH /calls/id/{callId} does the same.",
)
_SINGULAR = Diagnostic(
    "CALL_PATH_ALIAS",
    Severity.WARNING,
    "",
    "/call/id/ is a misprint of old examples.",
    "Write /calls/id/.",
)

ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("POST", "/callouts", post_callout, "places a call"),
    PlatformEndpoint("GET", "/calls/id/{callId}", get_call, "a call"),
    PlatformEndpoint("PATCH", "/calls/id/{callId}", patch_call, "sends SVAML to a call"),
    PlatformEndpoint("PATCH", "/calls/id/{callId}/leg/{callLeg}", patch_call, "sends SVAML to one end of a call"),
    PlatformEndpoint("GET", "/call/id/{callId}", get_call, "a call, by a misprint", _SINGULAR),
    PlatformEndpoint("PATCH", "/call/id/{callId}", patch_call, "sends SVAML to a call, by a misprint", _SINGULAR),
    PlatformEndpoint("POST", "/callreport/callId/{callId}", post_report, "the app's own view of a call"),
)
