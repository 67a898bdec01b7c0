"""Sends batches, lets an app look at them, change and cancel them (docs/platform/sms.md#3 and #4)."""

from collections.abc import Iterator
from typing import Any

from sinch_simulator.core.application import Application
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.text_parts import Encoding, encoding_of, number_of_parts
from sinch_simulator.products.sms.advice import advise
from sinch_simulator.products.sms.batch import Batch, Content, Kind, Reports, filled_in, wire_number
from sinch_simulator.products.sms.errors import XmsError, not_found
from sinch_simulator.products.sms.events import Accepted, Canceled, Changed
from sinch_simulator.products.sms.machine import sms_of
from sinch_simulator.products.sms.rest.batch_shapes import read_batch, read_change
from sinch_simulator.products.sms.rest.fields import XmsFindings, read_json
from sinch_simulator.products.sms.rest.plans import endpoint
from sinch_simulator.products.sms.rest.queries import Query, page
from sinch_simulator.products.sms.rest.views import batch_view

_SHOWN_BY_DRY_RUN = 100
_MOST_SHOWN_BY_DRY_RUN = 1000


def post_batch(request: PlatformRequest) -> Answer:
    """Takes a batch in. The answer comes before it is sent."""
    content, findings = _content_of(request)
    world = request.world
    batch = sms_of(world).new_batch(request.application, content, world.now)
    request.diagnose([*findings.found, *advise(request.application, content, sms_of(world))], batch.id)
    answer = json_answer(batch_view(batch, world.epoch_ms), 201)
    world.receive_soon(Accepted(batch.id, batch))
    return answer


def get_batches(request: PlatformRequest) -> Answer:
    """Lists batches, newest first; those of the last day if nothing else is said."""
    query = Query.of(request)
    epoch_ms = request.world.epoch_ms
    in_time = query.times(epoch_ms + request.world.now)
    senders, reference = query.addresses("from"), query.text("client_reference")
    found = [
        batch
        for batch in _newest_first(request)
        if in_time(epoch_ms + batch.created_at_ms)
        and (senders is None or batch.content.sender in senders)
        and reference in (None, batch.content.client_reference)
    ]
    return json_answer(page(query, "batches", found, lambda batch: batch_view(batch, epoch_ms)))


def _newest_first(request: PlatformRequest) -> Iterator[Batch]:
    batches = reversed(sms_of(request.world).batches.values())
    return (batch for batch in batches if batch.application is request.application)


def get_batch(request: PlatformRequest) -> Answer:
    """Shows a batch."""
    return json_answer(batch_view(batch_of(request), request.world.epoch_ms))


def update_batch(request: PlatformRequest) -> Answer:
    """Changes what is said of a batch that is not sent yet."""
    batch = _unsent(request)
    findings = XmsFindings()
    world = request.world
    content = read_change(read_json(request), batch.content, world.epoch_ms + world.now, findings)
    return _change(request, batch, content, findings)


def replace_batch(request: PlatformRequest) -> Answer:
    """Puts another batch in the place of one that is not sent yet."""
    batch = _unsent(request)
    content, findings = _content_of(request)
    return _change(request, batch, content, findings)


def _change(request: PlatformRequest, batch: Batch, content: Content, findings: XmsFindings) -> Answer:
    _refuse(request.application, content, request)
    world = request.world
    sms_of(world).change(batch, content, world.now)
    request.diagnose([*findings.found, *advise(request.application, content, sms_of(world))], batch.id)
    answer = json_answer(batch_view(batch, world.epoch_ms))
    world.receive_soon(Changed(batch.id))
    return answer


def cancel_batch(request: PlatformRequest) -> Answer:
    """Cancels a batch: nothing is sent of a scheduled one, and one that was sent stays sent."""
    batch = batch_of(request)
    if not batch.canceled:
        request.world.receive(Canceled(batch.id))
    return json_answer(batch_view(batch, request.world.epoch_ms))


def dry_run(request: PlatformRequest) -> Answer:
    """Counts the messages of a batch without sending any."""
    query = Query.of(request)
    per_recipient = query.flag("per_recipient")
    most = query.integer("number_of_recipients", _SHOWN_BY_DRY_RUN, least=1, most=_MOST_SHOWN_BY_DRY_RUN)
    content, findings = _content_of(request)
    request.diagnose(findings.found)
    recipients = [*sms_of(request.world).recipients(request.application, content)]
    texts = {recipient: _text_for(content, recipient) for recipient in recipients}
    view: dict[str, Any] = {
        "number_of_recipients": len(recipients),
        "number_of_messages": sum(1 if text is None else number_of_parts(text) for text in texts.values()),
    }
    if per_recipient:
        view["per_recipient"] = [_dry_view(content, recipient, texts[recipient]) for recipient in recipients[:most]]
    return json_answer(view)


def _text_for(content: Content, recipient: str) -> str | None:
    if content.kind is not Kind.TEXT:
        return None
    text = filled_in(content, recipient)
    return content.body if text is None else text


def _dry_view(content: Content, recipient: str, text: str | None) -> dict[str, Any]:
    body = content.data.hex() if text is None else text
    encoding = "binary" if text is None else "text" if encoding_of(text) is Encoding.GSM else "unicode"
    return {
        "recipient": wire_number(recipient),
        "number_of_parts": 1 if text is None else number_of_parts(text),
        "body": body,
        "encoding": encoding,
    }


# ---- what several have in common


def batch_of(request: PlatformRequest) -> Batch:
    """Returns the batch that the path names; another application's is not found."""
    batch = sms_of(request.world).batches.get(request.parameters["batch_id"])
    if batch is None or batch.application is not request.application:
        raise not_found("batch")
    return batch


def _unsent(request: PlatformRequest) -> Batch:
    batch = batch_of(request)
    if batch.scheduled and batch.content.send_at_ms is not None:
        return batch
    hint = "only a batch whose send_at is still to come can be changed"
    raise XmsError(403, "batch_already_dispatched", f"Batch {batch.id} was sent or cancelled already.", hint=hint)


def _content_of(request: PlatformRequest) -> tuple[Content, XmsFindings]:
    findings = XmsFindings()
    world = request.world
    content = read_batch(read_json(request), world.epoch_ms + world.now, findings)
    _refuse(request.application, content, request)
    return content, findings


def _refuse(application: Application, content: Content, request: PlatformRequest) -> None:
    """Refuses a batch for a group that is not there, for reports that could go nowhere, and without credit."""
    groups = sms_of(request.world).groups
    for index, recipient in enumerate(content.to):
        if recipient[0] == "+":
            continue
        group = groups.get(recipient)
        if group is None or group.application_key != application.key:
            text = f"Group {shown(recipient)} is unknown or deleted."
            raise XmsError(403, "unknown_group", text, hint="a recipient with a letter is a group", path=f"to[{index}]")
    if content.reports is not Reports.NONE and not (content.callback_url or application.sms.callback_url):
        text = "Requesting delivery report without any callback URL."
        hint = "say callback_url, or give the application an smsCallbackUrl"
        raise XmsError(403, "missing_callback_url", text, hint=hint, path="callback_url")
    limits = application.limits
    if limits is not None and limits.credit is not None and limits.credit <= 0:
        hint = "give the application more credit"
        raise XmsError(403, "blocked_account", "The account has no credit left.", hint=hint)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    endpoint("POST", "/batches", post_batch, "sends a batch"),
    endpoint("GET", "/batches", get_batches, "the batches"),
    endpoint("POST", "/batches/dry_run", dry_run, "counts the messages of a batch"),
    endpoint("GET", "/batches/{batch_id}", get_batch, "a batch"),
    endpoint("POST", "/batches/{batch_id}", update_batch, "changes a scheduled batch"),
    endpoint("PUT", "/batches/{batch_id}", replace_batch, "replaces a scheduled batch"),
    endpoint("DELETE", "/batches/{batch_id}", cancel_batch, "cancels a batch"),
)
