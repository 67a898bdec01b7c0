"""What the Verification API answers (docs/platform/verification.md#3.2 to #5.2)."""

from datetime import UTC, datetime
from typing import Any

from sinch_simulator.core.number_facts import describe
from sinch_simulator.core.prices import money
from sinch_simulator.products.verification.callbacks import price
from sinch_simulator.products.verification.codes import cli_filter
from sinch_simulator.products.verification.model import Method, State, Verification

PREFIX = "/verification/v1"


def start_body(verification: Verification) -> dict[str, Any]:
    """Returns the answer to a start."""
    href = f"{verification.request.base_url}{PREFIX}/verifications/id/{verification.id}"
    body: dict[str, Any] = {
        "id": verification.id,
        "method": verification.method.value,
        "_links": [
            {"rel": "status", "href": href, "method": "GET"},
            {"rel": "report", "href": href, "method": "PUT"},
        ],
    }
    about = _about_method(verification)
    return body if about is None else {**body, verification.method.object_name: about}


def _about_method(verification: Verification) -> dict[str, Any] | None:
    match verification.method:
        case Method.SMS:
            return {
                "template": verification.template,
                "interceptionTimeout": verification.interception_s,
                "codeType": verification.code_type.value,
            }
        case Method.FLASHCALL:
            assert verification.cli is not None
            return {
                "cliFilter": cli_filter(verification.cli),
                "interceptionTimeout": verification.interception_s,
                "reportTimeout": verification.report_s,
                "denyCallAfter": 0,
                "callId": verification.id,
            }
        case Method.SEAMLESS:
            return {"targetUri": target_uri(verification)}
        case Method.WHATSAPP:
            return {"codeType": verification.code_type.value}
        case _:
            return None


def target_uri(verification: Verification) -> str:
    """Returns where the device must go by mobile data."""
    application = verification.application.key
    return f"{verification.request.base_url}{PREFIX}/data/{application}/{verification.id}"


def report_body(verification: Verification) -> dict[str, Any]:
    """Returns the answer to a report."""
    body = _result(verification)
    if verification.call is not None:
        body["callComplete"] = verification.call.ended_ms is not None
    return body


def _result(verification: Verification) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": verification.id,
        "method": verification.method.value,
        "status": verification.status.value,
    }
    if verification.reason is not None:
        body["reason"] = verification.reason.value
    if verification.request.reference is not None:
        body["reference"] = verification.request.reference
    if verification.source is not None:
        body["source"] = verification.source
    return body


def status_body(verification: Verification, epoch_ms: int) -> dict[str, Any]:
    """Returns the answer to a query of the status; ``epoch_ms`` is the Unix time of the world's first millisecond."""
    body = {
        **_result(verification),
        "identity": {"type": "number", "endpoint": verification.number},
        "countryId": describe(verification.number).country,
        "verificationTimestamp": _moment(epoch_ms + verification.started_ms),
    }
    call = verification.call
    if verification.state is State.ENDED:
        body["price"] = _price(verification)
    if call is not None:
        body["callComplete"] = call.ended_ms is not None
        if call.result is not None:
            body["callResult"] = call.result.value
    return body


def _price(verification: Verification) -> dict[str, Any]:
    """What it has cost: nothing when it was denied or could not be done."""
    paid = price(verification) if verification.status.charged else 0
    prices: dict[str, Any] = {"verificationPrice": money(paid)}
    call = verification.call
    if call is not None:
        # Termination debiting is off by default: a call costs nothing beside the verification.
        prices["terminationPrice"] = money(0)
        prices["billableDuration"] = _billable_s(verification)
    return prices


def _billable_s(verification: Verification) -> int:
    call = verification.call
    if call is None or call.answered_ms is None or call.ended_ms is None:
        return 0
    return -(-(call.ended_ms - call.answered_ms) // 1000)


def _moment(unix_ms: int) -> str:
    """Writes UTC without a Z, which is not ISO 8601 on purpose (docs/platform/verification.md#5.2)."""
    return datetime.fromtimestamp(unix_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{unix_ms % 1000:03}0000"
