"""Each usual mistake of a client, or of a webhook and what stands in front of it, is named."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.signing import callback_headers, decode_secret, hmac_sha256
from sinch_simulator.server.security.explain_signature import explain

KEY = "11111111-2222-4333-8444-555555555555"
SECRET = "AAECAwQFBgcICQoLDA0ODw=="
STAMP = "2025-01-15T10:30:00.1234567Z"
NOW = datetime(2025, 1, 15, 10, 30, tzinfo=UTC).timestamp()
JSON = "application/json"
UTF8_JSON = "application/json; charset=utf-8"
CALLOUTS = "/calling/v1/callouts"
BODY = (
    b'{"method":"ttsCallout","ttsCallout":{"cli":"+14045001000","destination":{"type":"number",'
    b'"endpoint":"+14045005000"},"locale":"en-US","text":"Hello from the simulator"}}'
)
A2 = "WYYvB7LeLICCQ+FDnjW+WtMIIVV9XvSV9oUMPnwcupw="
A1 = "BuKueS4je6vj4CSM5+vEUBz05Lvdy4PxrtNXYLnKc4A="


def findings(signature: str, *, body: bytes = BODY, content_type: str = UTF8_JSON) -> tuple[Diagnostic, ...]:
    headers = {"Authorization": f"Application {KEY}:{signature}", "X-Timestamp": STAMP, "Content-Type": content_type}
    found = explain(SECRET, application_key=KEY, headers=headers, path=CALLOUTS, body=body, wall_time=NOW)
    assert SECRET.rstrip("=") not in repr(found)
    return found


def errors(found: tuple[Diagnostic, ...]) -> list[str]:
    return [finding.code for finding in found if finding.severity is Severity.ERROR]


def signature_of(
    *,
    secret: bytes = decode_secret(SECRET),
    method: str = "POST",
    md5: str | None = None,
    body: bytes = BODY,
    content_type: str = UTF8_JSON,
    stamp_line: str = f"x-timestamp:{STAMP}",
    path: str = CALLOUTS,
    layout: str = "{0}\n{1}\n{2}\n{3}\n{4}",
) -> bytes:
    shown = base64.b64encode(hashlib.md5(body).digest()).decode() if md5 is None else md5
    return hmac_sha256(secret, layout.format(method, shown, content_type, stamp_line, path))


def encoded(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


SPACED = json.dumps(json.loads(BODY)).encode()
HEX_MD5 = hashlib.md5(BODY).hexdigest()
MISTAKES: dict[str, tuple[str, list[str]]] = {
    "lower-case method": (encoded(signature_of(method="post")), ["AUTH_METHOD_MISMATCH"]),
    "another method": (encoded(signature_of(method="PUT")), ["AUTH_METHOD_MISMATCH"]),
    "body with spaces": (encoded(signature_of(body=SPACED)), ["AUTH_BODY_RESERIALISED"]),
    "body with sorted keys": (
        encoded(signature_of(body=json.dumps(json.loads(BODY), sort_keys=True).encode())), ["AUTH_BODY_RESERIALISED"],
    ),
    "body indented": (
        encoded(signature_of(body=json.dumps(json.loads(BODY), indent=2).encode())), ["AUTH_BODY_RESERIALISED"],
    ),
    "body with line feed": (encoded(signature_of(body=BODY + b"\n")), ["AUTH_BODY_RESERIALISED"]),
    "no MD5": (encoded(signature_of(md5="")), ["AUTH_MD5_MISSING"]),
    "MD5 of nothing": (encoded(signature_of(body=b"")), ["AUTH_MD5_MISSING"]),
    "MD5 unpadded": (encoded(signature_of(md5="DBt2Z4YA24s/ifOXu6oD0A")), ["AUTH_MD5_ENCODING"]),
    "charset in capitals": (
        encoded(signature_of(content_type="application/json; charset=UTF-8")), ["AUTH_CONTENT_TYPE_MISMATCH"],
    ),
    "no content type": (encoded(signature_of(content_type="")), ["AUTH_CONTENT_TYPE_MISMATCH"]),
    "timestamp with space": (encoded(signature_of(stamp_line=f"x-timestamp: {STAMP}")), ["AUTH_TIMESTAMP_LINE"]),
    "timestamp without name": (encoded(signature_of(stamp_line=STAMP)), ["AUTH_TIMESTAMP_LINE"]),
    "timestamp in capitals": (encoded(signature_of(stamp_line=f"X-Timestamp:{STAMP}")), ["AUTH_TIMESTAMP_LINE"]),
    "timestamp in seconds": (
        encoded(signature_of(stamp_line="x-timestamp:2025-01-15T10:30:00Z")), ["AUTH_TIMESTAMP_LINE"],
    ),
    "path without slash": (encoded(signature_of(path=CALLOUTS[1:])), ["AUTH_PATH_MISMATCH"]),
    "path with slash at the end": (encoded(signature_of(path=CALLOUTS + "/")), ["AUTH_PATH_MISMATCH"]),
    "path without base": (encoded(signature_of(path="/v1/callouts")), ["AUTH_PATH_MISMATCH"]),
    "whole URL": (encoded(signature_of(path=f"https://calling.api.sinch.com{CALLOUTS}")), ["AUTH_PATH_MISMATCH"]),
    "line feed at the end": (encoded(signature_of(layout="{0}\n{1}\n{2}\n{3}\n{4}\n")), ["AUTH_LINES"]),
    "CR LF": (encoded(signature_of(layout="{0}\r\n{1}\r\n{2}\r\n{3}\r\n{4}")), ["AUTH_LINES"]),
    "signature in hexadecimal": (signature_of().hex(), ["AUTH_SIGNATURE_ENCODING"]),
    "signature unpadded": (A1.rstrip("="), ["AUTH_SIGNATURE_ENCODING"]),
    "signature with loose bits": (A1.replace("4A=", "4B="), ["AUTH_SIGNATURE_ENCODING"]),
    "signature too short": ("YWJj", ["AUTH_SIGNATURE_ENCODING"]),
    "SHA-1": (encoded(b"x" * 20), ["AUTH_SIGNATURE_ENCODING"]),
    "no mistake that is known": (encoded(b"x" * 32), ["AUTH_SIGNATURE_UNKNOWN"]),
    "two lines": (
        encoded(signature_of(content_type="application/json", body=SPACED)),
        ["AUTH_BODY_RESERIALISED", "AUTH_CONTENT_TYPE_MISMATCH"],
    ),
    "secret and a line": (
        encoded(signature_of(secret=SECRET.encode(), md5=HEX_MD5)), ["AUTH_SECRET_NOT_DECODED", "AUTH_MD5_HEX"],
    ),
    "a line and the notation": (
        signature_of(md5=HEX_MD5).hex(), ["AUTH_MD5_HEX", "AUTH_SIGNATURE_ENCODING"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_wrong_procedure_is_explained_first_line_first(name: str) -> None:
    signature, codes = MISTAKES[name]
    found = findings(signature)
    assert errors(found) == codes
    assert found[-1].code == "AUTH_STRING_TO_SIGN"


def test_the_md5_of_an_empty_body_is_named() -> None:
    headers = {
        "authorization": f"application {KEY}:TM1aW+BchlUro+DEjIpwNaGcWfMTAe8BN1RvyoJLnC8=",
        "content-type": JSON,
        "x-timestamp": "2025-01-15T10:30:05Z",
    }
    path = "/calling/v1/calls/id/4398599d1ba84ef3bde0a82dfb61abed"
    found = explain(SECRET, application_key=KEY, headers=headers, path=path, body=b"", method="GET")
    assert errors(found) == ["AUTH_MD5_OF_EMPTY"]


def test_a_content_type_that_differs_is_shown_in_both_texts() -> None:
    finding = findings(A2)[0]
    assert finding.code == "AUTH_CONTENT_TYPE_MISMATCH"
    assert finding.message == (
        'Line 3 (Content-Type) of the string-to-sign differs: "application/json" was signed, '
        '"application/json; charset=utf-8" is right (not the header that was sent).'
    )


def test_a_body_that_was_signed_otherwise_shows_the_first_difference() -> None:
    message = findings(encoded(signature_of(body=SPACED)))[0].message
    assert "JSON with spaces after commas and colons" in message
    assert """from byte 2 on, 'method": "ttsCallout", "ttsC' was signed and 'method":"ttsCallout",""" in message


def test_a_signed_query_is_named() -> None:
    headers = {"authorization": f"application {KEY}:{encoded(signature_of(path=CALLOUTS + '?a=%20'))}"}
    headers |= {"content-type": UTF8_JSON, "x-timestamp": STAMP}
    found = explain(SECRET, application_key=KEY, headers=headers, path=CALLOUTS, query="a=%20", body=BODY)
    assert errors(found) == ["AUTH_QUERY_SIGNED"]


documents = st.recursive(
    st.none() | st.text() | st.floats() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=30, deadline=None)
@given(documents, st.booleans(), st.booleans())
def test_json_that_was_dumped_again_is_recognised(document: object, escaped: bool, ordered: bool) -> None:
    sent = json.dumps(document, indent=1).encode()
    signed = json.dumps(document, ensure_ascii=escaped, sort_keys=ordered).encode("utf-8", "surrogatepass")
    codes = errors(findings(encoded(signature_of(body=signed)), body=sent))
    assert codes == ([] if sent == signed else ["AUTH_BODY_RESERIALISED"])


# ---- a webhook and what stands in front of it -------------------------------------------------------------------


def test_a_genuine_callback_needs_no_explanation() -> None:
    headers = callback_headers(KEY, decode_secret(SECRET), "/hook", b"{}", 0.0)
    assert explain(SECRET, application_key=KEY, headers=headers, path="/hook", body=b"{}", wall_time=10.0) == ()


def _why(path: str, body: bytes, headers: dict[str, str], now: float = 0.0, key: str = KEY) -> str:
    return explain(SECRET, application_key=key, headers=headers, path=path, body=body, wall_time=now)[0].code


def test_what_breaks_a_callback_on_its_way_is_told_apart() -> None:
    body = json.dumps({"custom": "smörgås", "version": 1}, separators=(",", ":")).encode()
    headers = callback_headers(KEY, decode_secret(SECRET), "/sinch/hook", body, 0.0)
    dumped = json.dumps(json.loads(body)).encode()
    assert _why("/sinch/hook", dumped, headers) == "AUTH_BODY_RESERIALISED"
    assert _why("/hook", body, headers) == "AUTH_PATH_MISMATCH"
    assert _why("/sinch/hook", body, {**headers, "Content-Type": JSON}) == "AUTH_CONTENT_TYPE_MISMATCH"
    assert _why("/sinch/hook", body, headers, now=301.0) == "AUTH_CLOCK_SKEW"
    assert _why("/sinch/hook", body, headers, key="another") == "AUTH_UNKNOWN_KEY"
    assert _why("/sinch/hook", body, {**headers, "authorization": "Basic abc"}) == "AUTH_NOT_SIGNED"
    assert _why("/sinch/hook", body, {}) == "AUTH_NOT_SIGNED"
    assert _why("/sinch/hook", body, {**headers, "x-timestamp": ""}) == "AUTH_TIMESTAMP_MISSING"
    assert _why("/sinch/hook", b"something else", headers) == "AUTH_SIGNATURE_UNKNOWN"
