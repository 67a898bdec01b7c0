"""Shows applications and callbacks as the control API does."""

from functools import lru_cache

from attrs import asdict

from sinch_simulator.core.application import Application
from sinch_simulator.core.callback import Response
from sinch_simulator.core.delivery import Record
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.limits import Limits
from sinch_simulator.core.prices import UNITS_PER_DOLLAR
from sinch_simulator.core.rest.journal_views import Json, ids_view, time_text
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.core.signing import callback_path
from sinch_simulator.server.worlds import World


def application_view(world: World, application: Application) -> Json:
    """Shows an application with its credentials, and the clock of its world."""
    return {
        **application.as_json(),
        **_limits_view(application.limits),
        "world": world.name,
        "clock": world.runner.mode.value,
        "seed": world.seed,
    }


def _limits_view(limits: Limits | None) -> Json:
    """Shows US dollars of credit, barred destinations, caller ids; null and empty where there is no limit."""
    if limits is None:
        return {"credit": None, "barred": [], "callerIds": None}
    return {
        "credit": None if limits.credit is None else limits.credit / UNITS_PER_DOLLAR,
        "barred": list(limits.barred),
        "callerIds": None if limits.caller_ids is None else list(limits.caller_ids),
    }


def callback_view(world: World, record: Record) -> Json:
    """Shows one attempt to deliver a callback."""
    attempt = record.attempt
    return {
        "id": record.id,
        **ids_view(record.callback.about),
        "applicationKey": record.callback.application_key,
        "product": record.callback.product,
        "event": record.callback.event,
        "url": attempt.url,
        "attempt": record.number,
        "sentAt": time_text(world.simulation, record.sent_at_ms),
        "latencyMs": attempt.latency_ms,
        "request": _request_view(record),
        "response": None if attempt.response is None else _response_view(attempt.response),
        "outcome": attempt.outcome.value,
        "diagnostics": [_finding_view(record, finding) for finding in record.diagnostics],
        **({"bypassed": True} if record.callback.bypassed else {}),
        **({} if record.forgery is None else {"forged": record.forgery}),
    }


def _request_view(record: Record) -> Json:
    """Shows what was sent, and the text that its signature is made over."""
    callback, headers = record.callback, dict(record.attempt.headers)
    raw = encode(callback.body)
    # What a fault kept from leaving has no headers, and was never signed.
    signature = callback.signature if headers else None
    path = callback_path(record.attempt.url)
    return {
        "headers": headers,
        "body": callback.body,
        "raw": raw.decode(),
        "signed": None if signature is None else signature.signed(path, raw, headers),
    }


def _response_view(response: Response) -> Json:
    """Shows the body as JSON where it is JSON, else as text."""
    return {"status": response.status, "headers": dict(response.headers), "body": _read_body(response.body)}


@lru_cache(maxsize=64)
def _read_body(body: bytes) -> object:
    """Reads the JSON of a body, or its text, to be shown and never changed: apps answer the same again and again."""
    try:
        return parse_json(body)
    except NotJsonError:
        return body.decode("utf-8", "replace")


def _finding_view(record: Record, finding: Diagnostic) -> Json:
    fields = asdict(finding)
    fields["severity"] = finding.severity.value
    return {**fields, "callId": record.callback.about.call_id, "event": record.callback.event}
