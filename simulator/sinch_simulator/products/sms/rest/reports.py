"""Tells an app what has become of its batches, and takes its own view of that (docs/platform/sms.md#7 and #10)."""

from collections.abc import Iterator

from sinch_simulator.core.message import QUEUED_CODE, Message, Status
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.time_texts import timestamp_ms
from sinch_simulator.products.sms.batch import Batch, wire_number
from sinch_simulator.products.sms.errors import CONSTRAINT, INVALID_FORMAT, XmsError, not_found
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.reports import RECIPIENT_REPORT, Wanted, batch_report, recipient_report
from sinch_simulator.products.sms.rest.batch_shapes import MOST_RECIPIENTS
from sinch_simulator.products.sms.rest.batches import batch_of
from sinch_simulator.products.sms.rest.fields import Listed, Msisdn, XmsFindings, msisdn, read_json, read_object
from sinch_simulator.products.sms.rest.plans import endpoint
from sinch_simulator.products.sms.rest.queries import Query, page

_TYPES = ("summary", "full")
FEEDBACK = Shape(
    "delivery feedback",
    (
        Listed("recipients", "who has got the message; nobody said: all", of=Msisdn(), required=True,
               most=MOST_RECIPIENTS),
    ),
)  # fmt: skip


def get_batch_report(request: PlatformRequest) -> Answer:
    """Says how many messages of a batch have which status, and with ``type=full`` which."""
    query = Query.of(request)
    batch = batch_of(request)
    kind = query.text("type") or _TYPES[0]
    if kind not in _TYPES:
        text = f"{shown(kind)} is not a valid report type."
        raise XmsError(400, INVALID_FORMAT, text, hint="expected summary or full", path="type")
    waiting = sms_of(request.world).waiting(batch)
    return json_answer(batch_report(batch, waiting, full=kind == "full", wanted=_wanted(query)))


def get_recipient_report(request: PlatformRequest) -> Answer:
    """Says what has become of the message to one recipient."""
    batch = batch_of(request)
    recipient = msisdn(request.parameters["recipient"]) or ""
    message = batch.message_to(recipient)
    if message is not None:
        return json_answer(recipient_report(batch, message, request.world.epoch_ms))
    if recipient not in sms_of(request.world).waiting(batch):
        raise not_found("recipient")
    return json_answer(_waiting_report(batch, recipient, request.world.epoch_ms))


def _waiting_report(batch: Batch, recipient: str, epoch_ms: int) -> dict[str, object]:
    return {
        "type": RECIPIENT_REPORT,
        "batch_id": batch.id,
        "recipient": wire_number(recipient),
        "code": QUEUED_CODE,
        "status": Status.QUEUED.value,
        "at": timestamp_ms(epoch_ms + batch.created_at_ms),
    }


def get_reports(request: PlatformRequest) -> Answer:
    """Lists what has become of single messages of all batches, newest first; of the last day if nothing is said."""
    query = Query.of(request)
    epoch_ms = request.world.epoch_ms
    in_time, wanted = query.times(epoch_ms + request.world.now), _wanted(query)
    reference = query.text("client_reference")
    found = [
        (batch, message)
        for batch, message in _newest_first(request)
        if wanted.takes(message.code, message.status)
        and in_time(epoch_ms + message.created_at_ms)
        and reference in (None, batch.content.client_reference)
    ]
    return json_answer(page(query, "delivery_reports", found, lambda each: recipient_report(*each, epoch_ms)))


def _newest_first(request: PlatformRequest) -> Iterator[tuple[Batch, Message]]:
    for batch in reversed(sms_of(request.world).batches.values()):
        if batch.application is request.application:
            yield from ((batch, message) for message in reversed(batch.messages))


def _wanted(query: Query) -> Wanted:
    return Wanted(query.words("status"), query.codes("code"))


def post_feedback(request: PlatformRequest) -> Answer:
    """Takes down whom the app knows to have got a message."""
    batch = batch_of(request)
    findings = XmsFindings()
    body = read_object(FEEDBACK, read_json(request), findings)
    if not batch.content.feedback_enabled:
        hint = "send the batch with feedback_enabled: true"
        raise XmsError(400, CONSTRAINT, "Feedback is not enabled for this batch.", hint=hint, path="feedback_enabled")
    request.diagnose(findings.found, batch.id)
    world = request.world
    world.journal.add(world.now, "batch.feedback", batch.id, {"recipients": list(body["recipients"])})
    return Answer(202)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    endpoint("GET", "/batches/{batch_id}/delivery_report", get_batch_report, "what has become of a batch"),
    endpoint(
        "GET",
        "/batches/{batch_id}/delivery_report/{recipient}",
        get_recipient_report,
        "what has become of the message to one recipient",
    ),
    endpoint("GET", "/delivery_reports", get_reports, "what has become of messages"),
    endpoint("POST", "/batches/{batch_id}/delivery_feedback", post_feedback, "takes down who has got a message"),
)
