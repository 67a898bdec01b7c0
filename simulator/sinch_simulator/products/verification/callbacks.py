"""The events of a verification as they are posted to the app (docs/platform/verification.md#8)."""

from typing import Any

from sinch_simulator.core.callback import About, ApplicationSignature, SendCallback
from sinch_simulator.core.prices import money, rate_for
from sinch_simulator.products.verification import NAME
from sinch_simulator.products.verification.model import Method, Verification

REQUEST_EVENT = "VerificationRequestEvent"
RESULT_EVENT = "VerificationResultEvent"
DELIVERED_EVENT = "VerificationSmsDeliveredEvent"


def about(verification: Verification) -> About:
    """Returns the ids by which a verification is shown and looked for; that of its text or its call is its own."""
    return About(
        call_id=verification.id if verification.call is not None else None,
        verification_id=verification.id,
        message_id=verification.id if verification.method.is_text and verification.code is not None else None,
        number=verification.number,
    )


def price(verification: Verification) -> int:
    """Returns what a verification costs at most, in ten-thousandths of a US dollar; invented, as all prices are."""
    return rate_for(verification.number)


def request_event(verification: Verification) -> list[SendCallback]:
    """Asks the app whether the verification may be done, and how."""
    fields: dict[str, Any] = {"price": money(price(verification)), "rate": money(0)}
    if verification.method is Method.SMS and verification.request.languages:
        fields["acceptLanguage"] = list(verification.request.languages)
    return _send(verification, REQUEST_EVENT, fields, awaited=True)


def result_event(verification: Verification) -> list[SendCallback]:
    """Tells the app how the verification ended."""
    fields: dict[str, Any] = {"status": verification.status.value}
    if verification.reason is not None:
        fields["reason"] = verification.reason.value
    if verification.source is not None:
        fields["source"] = verification.source
    return _send(verification, RESULT_EVENT, fields)


def delivered_event(verification: Verification, *, successful: bool) -> list[SendCallback]:
    """Tells the app whether the text has arrived; of other methods than sms nobody hears that."""
    if verification.method is not Method.SMS:
        return []
    return _send(verification, DELIVERED_EVENT, {"smsResult": "Successful" if successful else "Failed"})


def _send(
    verification: Verification, event: str, fields: dict[str, Any], *, awaited: bool = False
) -> list[SendCallback]:
    application, request = verification.application, verification.request
    url = application.verification.callback_url
    if url is None:
        return []
    body: dict[str, Any] = {
        "id": verification.id,
        "event": event,
        "method": request.method.value,
        "identity": {"type": "number", "endpoint": request.number},
        **fields,
    }
    if request.reference is not None:
        body["reference"] = request.reference
    if request.custom is not None:
        body["custom"] = request.custom
    return [
        SendCallback(
            f"{verification.id}.{event}",
            verification.id,
            NAME,
            event,
            about(verification),
            application.key,
            url,
            fallback_url=None,
            body=body,
            signature=ApplicationSignature(application),
            awaited=awaited,
            holds_request=awaited,
        )
    ]
