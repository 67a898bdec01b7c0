"""Explains why a signature is wrong: tries the usual mistakes, alone and in pairs, until one gives what came.

What is found names the first line of the string-to-sign that differs, with both texts where they are known. Pure, and
it never reveals the secret. It answers developers only: nothing that is found here makes a wrong signature right.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import combinations

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.signing import (
    SKEW_S,
    decode_secret,
    fold_headers,
    hmac_sha256,
    lenient_base64,
    normalise_key,
    read_timestamp,
    signed_by,
    string_to_sign,
    verify,
)
from sinch_simulator.core.values import frozen
from sinch_simulator.server.security.signature_mistakes import Mistake, Part, SignedParts, layouts, line_mistakes

_DIGEST_BYTES = 32
_OTHER_DIGESTS = {16: "HMAC-MD5", 20: "HMAC-SHA1", 48: "HMAC-SHA384", 64: "HMAC-SHA512"}
_QUARTER_HOUR_S = 900


@frozen
class _Suspect:
    """One key to try, and the mistake that it is when it is not the right one."""

    key: bytes
    mistakes: tuple[Mistake, ...]


def explain(
    secret: str,
    *,
    application_key: str,
    headers: Mapping[str, str],
    path: str,
    body: bytes,
    method: str = "POST",
    query: str = "",
    wall_time: float | None = None,
    skew_s: float = SKEW_S,
    scheme: str = "application",
) -> tuple[Diagnostic, ...]:
    """Explains why ``verify`` says no to this request; empty when it says yes. Takes what ``verify`` takes.

    For a webhook's own tests: a proxy that rewrites the path, a framework that parses and dumps the body again and a
    header that was lost are all told apart. ``query`` makes a signed query string recognisable.
    """
    if verify(
        secret,
        application_key=application_key,
        headers=headers,
        path=path,
        body=body,
        method=method,
        wall_time=wall_time,
        skew_s=skew_s,
        scheme=scheme,
    ):
        return ()
    folded = fold_headers(headers)
    signature = _signature_of(folded, application_key, scheme)
    if isinstance(signature, Diagnostic):
        return (signature,)
    timestamp = folded.get("x-timestamp", "")
    stale = explain_timestamp(timestamp, wall_time, skew_s)
    if stale is not None:
        return (stale,)
    parts = SignedParts(
        method=method,
        body=body,
        content_type=folded.get("content-type", ""),
        timestamp=timestamp,
        path=path,
        query=query,
        host=folded.get("host", ""),
    )
    return explain_signature(secret, signature, parts)


def _signature_of(folded: Mapping[str, str], application_key: str, scheme: str) -> str | Diagnostic:
    """Returns the signature by this application, or why there is none."""
    credentials = signed_by(folded, scheme)
    if credentials is None:
        given = folded.get("authorization", "").strip().partition(" ")[0]
        shown = f"{given[:20]!r}" if given else "no Authorization header"
        expected = f"Expected 'Authorization: {scheme.capitalize()} KEY:SIGNATURE'."
        return _error("AUTH_NOT_SIGNED", "Authorization", f"The request is not signed: {shown}.", expected)
    key, signature = credentials
    if normalise_key(key) != normalise_key(application_key):
        message = f"The request is signed by application {key!r}, expected {application_key!r}."
        return _error("AUTH_UNKNOWN_KEY", "Authorization", message, "Look the secret up by the key in the header.")
    return signature


def explain_timestamp(timestamp: str, wall_time: float | None, skew_s: float | None) -> Diagnostic | None:
    """Says what is wrong with an ``x-timestamp``, or None. Without ``wall_time`` or ``skew_s`` any age will do."""
    if not timestamp:
        return _error(
            "AUTH_TIMESTAMP_MISSING",
            "x-timestamp",
            "There is no x-timestamp header.",
            "Send the time that was signed, as 'x-timestamp: 2025-01-15T10:30:00Z'.",
        )
    moment = read_timestamp(timestamp)
    if moment is None:
        return _error(
            "AUTH_TIMESTAMP_UNREADABLE",
            "x-timestamp",
            f"x-timestamp {timestamp[:60]!r} is not an ISO 8601 time in UTC.",
            "Expected the form 2025-01-15T10:30:00Z, with any number of decimals.",
        )
    if wall_time is None or skew_s is None or abs(wall_time - moment) <= skew_s:
        return None
    behind_s = wall_time - moment
    side = "behind" if behind_s > 0 else "ahead of"
    hint = f"At most {skew_s:g} s are allowed; signatures go by real time, never by the simulated clock."
    off_s = abs(behind_s) % _QUARTER_HOUR_S
    if abs(behind_s) < 15 * 3600 and min(off_s, _QUARTER_HOUR_S - off_s) < 30:
        hint += " It looks like local time that is written as UTC."
    message = f"x-timestamp {timestamp!r} is {abs(behind_s):.0f} s {side} the real time."
    return _error("AUTH_CLOCK_SKEW", "x-timestamp", message, hint)


def explain_signature(secret: str, signature: str, parts: SignedParts) -> tuple[Diagnostic, ...]:
    """Says why this signature does not belong to this request: first the line that differs, last what was expected.

    At most two mistakes are found together, beside a signature in another notation. Takes some milliseconds.
    Raises ValueError when ``secret`` is not base64.
    """
    expected = string_to_sign(parts.method, parts.body, parts.content_type, parts.timestamp, parts.path)
    shown = Diagnostic(
        code="AUTH_STRING_TO_SIGN",
        severity=Severity.INFO,
        path="string-to-sign",
        message=f"Expected string-to-sign: {_one_line(expected)}",
    )
    digest, notation = _read_signature(signature)
    if digest is None:
        return (notation, shown) if notation is not None else (shown,)
    found = _search(secret, digest, parts)
    if found is None:
        unknown = _error(
            "AUTH_SIGNATURE_UNKNOWN",
            "Authorization",
            "The signature matches neither the request nor any usual mistake.",
            f"Expected string-to-sign: {_one_line(expected)} ; if yours is the same, the secret is another one.",
        )
        return (unknown, shown)
    named = tuple(_describe(mistake, parts) for mistake in sorted(found, key=lambda mistake: mistake.part.value))
    return (*named, *((notation,) if notation is not None else ()), shown)


def mistaken_signatures(secret: str, parts: SignedParts) -> Iterator[tuple[str, str]]:
    """Gives the signatures that the usual mistakes, each alone, make of a request, and what each mistake is."""
    lines = parts.lines()
    for suspect in _suspects(secret):
        mistakes = [(each,) for each in suspect.mistakes] or [(each,) for each in (*line_mistakes(parts), *layouts())]
        for (mistake,) in mistakes:
            chosen = () if suspect.mistakes else (mistake,)
            finding = _describe(mistake, parts)
            digest = hmac_sha256(suspect.key, _text(lines, chosen))
            yield base64.b64encode(digest).decode(), f"{finding.message} {finding.hint}"


def _search(secret: str, digest: bytes, parts: SignedParts) -> tuple[Mistake, ...] | None:
    """Finds the fewest mistakes that lead to this digest, None when no combination does."""
    lines = parts.lines()
    mistakes = [*line_mistakes(parts), *layouts()]
    suspects = _suspects(secret)
    for count in (0, 1, 2):
        for suspect in suspects:
            for chosen in _choices(mistakes, count - len(suspect.mistakes)):
                if hmac_sha256(suspect.key, _text(lines, chosen)) == digest:
                    return (*suspect.mistakes, *chosen)
    return None


def _suspects(secret: str) -> tuple[_Suspect, ...]:
    undecoded = Mistake(
        part=Part.SECRET,
        code="AUTH_SECRET_NOT_DECODED",
        text="",
        cause="the text of the secret was the HMAC key",
        hint="base64-decode the application secret and use the bytes as the HMAC key.",
    )
    texts = dict.fromkeys((secret, secret.strip(), secret.strip().rstrip("=")))
    wrong = (_Suspect(text.encode("utf-8"), (undecoded,)) for text in texts)
    return (_Suspect(decode_secret(secret), ()), *wrong)


def _choices(mistakes: list[Mistake], count: int) -> Iterator[tuple[Mistake, ...]]:
    if count < 0:
        return
    for chosen in combinations(mistakes, count):
        if count < 2 or chosen[0].part is not chosen[1].part:
            yield chosen


def _text(lines: tuple[str, ...], chosen: tuple[Mistake, ...]) -> str:
    signed = list(lines)
    layout = None
    for mistake in chosen:
        if mistake.part is Part.LAYOUT:
            layout = mistake.text
        else:
            signed[mistake.part.line - 1] = mistake.text
    return "\n".join(signed) if layout is None else layout.format(*signed)


def _describe(mistake: Mistake, parts: SignedParts) -> Diagnostic:
    match mistake.part:
        case Part.SECRET:
            return _error(mistake.code, "Authorization", f"The HMAC key is wrong: {mistake.cause}.", mistake.hint)
        case Part.LAYOUT:
            message = f"The lines of the string-to-sign are put together wrongly: {mistake.cause}."
            return _error(mistake.code, "string-to-sign", message, mistake.hint)
        case _:
            line = mistake.part.line
            expected = parts.lines()[line - 1]
            message = (
                f"Line {line} ({mistake.part.title}) of the string-to-sign differs: "
                f"{_one_line(mistake.text)} was signed, {_one_line(expected)} is right ({mistake.cause})."
            )
            return _error(mistake.code, f"string-to-sign line {line}", message, mistake.hint)


def _read_signature(signature: str) -> tuple[bytes | None, Diagnostic | None]:
    """Reads the 32 bytes of a signature in whatever notation, and says what is wrong with the notation."""
    try:
        digest = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        digest = b""
    if len(digest) == _DIGEST_BYTES:
        canonical = base64.b64encode(digest).decode() == signature
        return digest, None if canonical else _notation("the bits that its last character does not need are not zero")
    for notation, other in _other_notations(signature):
        if len(other) == _DIGEST_BYTES:
            return other, _notation(f"it is {notation}")
    algorithm = _OTHER_DIGESTS.get(len(digest))
    return None, _notation(f"it has the length of {algorithm}" if algorithm else "it is not base64 of 32 bytes")


def _other_notations(signature: str) -> Iterator[tuple[str, bytes]]:
    with suppress(ValueError):
        yield "hexadecimal", bytes.fromhex(signature)
    with suppress(ValueError):
        yield "base64 without padding or in the URL alphabet", lenient_base64(signature)
    with suppress(ValueError):
        yield "base64 of the hexadecimal digest", bytes.fromhex(lenient_base64(signature).decode("ascii"))


def _notation(why: str) -> Diagnostic:
    return _error(
        "AUTH_SIGNATURE_ENCODING",
        "Authorization",
        f"The signature is not written as it should be: {why}.",
        "Send base64 (standard alphabet, with padding) of the binary HMAC-SHA256.",
    )


def _error(code: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code=code, severity=Severity.ERROR, path=path, message=message, hint=hint)


def _one_line(text: str) -> str:
    shown = text if len(text) <= 400 else text[:397] + "..."
    shown = shown.encode("utf-8", "backslashreplace").decode()
    return '"' + shown.replace("\r", "\\r").replace("\n", "\\n") + '"'
