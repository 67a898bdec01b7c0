"""Explains why an app may have refused a genuine callback, as wrong signatures of requests are explained.

Source: docs/platform/auth.md#5. What the app computed is not known, unless its answer says so; what it should have
computed is. Nothing here shows the secret.
"""

import re

from attrs import evolve

from sinch_simulator.core.callback import ApplicationSignature
from sinch_simulator.core.delivery import Delivered, Record
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.signing import callback_path, fold_headers

_REFUSED = (401, 403)
_SIGNATURE = re.compile(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=|(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
_MOST_SIGNATURES = 4
_SHOWN_BODY = 1500
_USUAL = (
    "Usual mistakes: the secret is not base64-decoded; the body was parsed and dumped again before its MD5; the path "
    "lacks a prefix that a proxy or a mount takes away; the secret is another application's. "
    "`sinch-simulator check-signature --callback-url URL` finds out which."
)

_SERVICE = "Events of Voice API v2 have the scheme service, not application, with the service's id and secret. "


def explained(delivered: Delivered) -> Delivered:
    """Returns the delivery, with what was signed and the likely mistake where the app refused a genuine callback."""
    if not any(_is_refused(record) for record in delivered.records):
        return delivered
    records = tuple(
        evolve(record, diagnostics=(*record.diagnostics, _finding(record))) if _is_refused(record) else record
        for record in delivered.records
    )
    new = tuple(record.diagnostics[-1] for record in records if _is_refused(record))
    return evolve(delivered, records=records, diagnostics=(*delivered.diagnostics, *new))


def _is_refused(record: Record) -> bool:
    response = record.attempt.response
    signed = isinstance(record.callback.signature, ApplicationSignature)
    return signed and response is not None and response.status in _REFUSED


def _finding(record: Record) -> Diagnostic:
    signature, response = record.callback.signature, record.attempt.response
    assert isinstance(signature, ApplicationSignature)
    assert response is not None
    headers, body = dict(record.attempt.headers), encode(record.callback.body)
    path = callback_path(record.attempt.url)
    signed = signature.signed(path, body, headers).replace("\n", "\\n")
    folded = fold_headers(headers)
    shown = "; ".join(f"{name}: {folded[name]}" for name in ("content-type", "x-timestamp", "authorization"))
    message = (
        f"The app answered {response.status} to a callback whose signature is right. Signed was \"{signed}\", with the "
        f"base64-decoded secret of application {signature.application.key}. Headers: {shown}. "
        f"Raw body: {body[:_SHOWN_BODY].decode('utf-8', 'replace')}"
    )
    other_scheme = _SERVICE if folded.get("authorization", "").startswith("service ") else ""
    hint = _likely_mistake(record, signature, folded, body, path) or other_scheme + _USUAL
    return Diagnostic("CALLBACK_REFUSED", Severity.ERROR, "", message, hint)


def _likely_mistake(
    record: Record, signature: ApplicationSignature, folded: dict[str, str], body: bytes, path: str
) -> str:
    """Names the mistake that the app's answer gives away; "" when it gives none away."""
    from sinch_simulator.server.security.explain_signature import explain_signature
    from sinch_simulator.server.security.signature_mistakes import SignedParts

    response = record.attempt.response
    assert response is not None
    if b"csrf" in response.body.lower():
        return "The answer speaks of CSRF: exempt the webhook from that check (Django: csrf_exempt)."
    if any(name.lower() == "www-authenticate" for name in response.headers):
        return "The app asks for a login (WWW-Authenticate): the platform has none, let the webhook do without."
    secret = signature.secret or signature.application.secret
    parts = SignedParts("POST", body, folded.get("content-type", ""), folded.get("x-timestamp", ""), path)
    own = folded.get("authorization", "")
    for found in [match.decode() for match in _SIGNATURE.findall(response.body)][:_MOST_SIGNATURES]:
        causes = [one for one in explain_signature(secret, found, parts) if one.severity is Severity.ERROR]
        if found not in own and causes and causes[0].code != "AUTH_SIGNATURE_UNKNOWN":
            return f"The answer shows what the app computed: {causes[0].message} {causes[0].hint}"
    return ""
