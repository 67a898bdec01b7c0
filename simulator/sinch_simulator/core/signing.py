"""The HMAC that the platform and its clients sign with, both directions; one algorithm.

Source: docs/platform/auth.md#3 and #5.

Standard library only and pure: the time comes in as an argument, so the same functions serve the server, callbacks and
a user's own webhook. Nothing here says why a signature is wrong: that is ``server/security/signature_mistakes``.
"""

import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import unquote

CALLBACK_CONTENT_TYPE = "application/json; charset=utf-8"
SKEW_S = 300.0
"""How old, or how far ahead, a timestamp may be; the documents only say "not too old".

Source: docs/platform/auth.md#3; *assumed*.
"""

# Copying a started digest takes half the time of starting one.
_NO_BYTES_YET = hashlib.md5(usedforsecurity=False)
_SHA256_BLOCK = 64
_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_TO_STANDARD_ALPHABET = str.maketrans("-_", "+/")


@lru_cache(maxsize=1024)
def decode_secret(text: str) -> bytes:
    """Returns the HMAC key of a base64 secret. Takes both alphabets and missing padding, as the SDKs do.

    Source: docs/platform/auth.md#6.1.

    Raises ValueError, without repeating the secret, when the text is not base64.
    """
    try:
        return lenient_base64(text)
    except ValueError as error:
        raise ValueError(f"application secret {error}; expected base64 text as the dashboard shows it") from error


def lenient_base64(text: str) -> bytes:
    """Returns the bytes of base64 in either alphabet, padded or not; ValueError says what is wrong, not with what."""
    digits = text.strip().rstrip("=").translate(_TO_STANDARD_ALPHABET)
    if not digits:
        raise ValueError("is empty")
    strange = _NOT_BASE64.search(digits)
    if strange:
        raise ValueError(f"is not base64: character {strange.start() + 1} is not a letter, digit, '+', '/', '-' or '_'")
    if len(digits) % 4 == 1:
        raise ValueError(f"is not base64: {len(digits)} characters cannot be, is it cut off?")
    return binascii.a2b_base64(digits + "=" * (-len(digits) % 4))


def content_md5(body: bytes) -> str:
    """Returns the Content-MD5 line: base64 of the binary digest, empty for an empty body."""
    if not body:
        return ""
    digest = _NO_BYTES_YET.copy()
    digest.update(body)
    return _base64(digest.digest())


def string_to_sign(method: str, body: bytes, content_type: str, timestamp: str, path: str) -> str:
    """Returns the five lines, joined by LF, none at the end. ``content_type`` is the header as sent, "" when absent."""
    return f"{method}\n{content_md5(body)}\n{content_type}\nx-timestamp:{timestamp}\n{path}"


def hmac_sha256(secret: bytes, text: str) -> bytes:
    """Returns the raw 32 bytes. Header text that was not UTF-8 goes back to the bytes it was (surrogateescape)."""
    inner, outer = _keyed_hashes(secret)
    within = inner.copy()
    within.update(text.encode("utf-8", "surrogateescape"))
    around = outer.copy()
    around.update(within.digest())
    return around.digest()


def sign(secret: bytes, *, method: str, body: bytes, content_type: str, timestamp: str, path: str) -> str:
    """Returns the signature text. ``secret`` is what ``decode_secret`` gives."""
    return _base64(hmac_sha256(secret, string_to_sign(method, body, content_type, timestamp, path)))


def signed_headers(
    application_key: str, secret: str, method: str, path: str, body: bytes, content_type: str, wall_time: float
) -> dict[str, str]:
    """Returns the two headers that make a request to the platform genuine (docs/platform/auth.md#3).

    ``secret`` is the base64 text from the dashboard, ``path`` the path without its query, ``content_type`` the header
    as it is sent, ``wall_time`` real seconds since 1970. Raises ValueError when ``secret`` is not base64.
    """
    timestamp = timestamp_text(wall_time)
    signature = sign(
        decode_secret(secret), method=method, body=body, content_type=content_type, timestamp=timestamp, path=path
    )
    return {"Authorization": f"Application {application_key}:{signature}", "x-timestamp": timestamp}


def callback_headers(
    application_key: str, secret: bytes, path: str, body: bytes, wall_time: float, scheme: str = "application"
) -> dict[str, str]:
    """Returns the three headers that make a callback genuine to every SDK's validator (docs/platform/auth.md#5).

    ``secret`` is what ``decode_secret`` gives, ``path`` what ``callback_path`` gives; ``wall_time`` is real seconds
    since 1970, never the simulated clock. The key is printed as configured. Voice v2 has the scheme ``service``.
    """
    timestamp = timestamp_text(wall_time)
    signature = sign(
        secret, method="POST", body=body, content_type=CALLBACK_CONTENT_TYPE, timestamp=timestamp, path=path
    )
    return {
        "Content-Type": CALLBACK_CONTENT_TYPE,
        "x-timestamp": timestamp,
        "authorization": f"{scheme} {application_key}:{signature}",
    }


@lru_cache(maxsize=1024)
def callback_path(url: str) -> str:
    """Returns the path that is signed for a callback URL: percent-encoding as configured, no query, "/" for none."""
    after_scheme = url.partition("#")[0].partition("?")[0].partition("://")[2]
    slash = after_scheme.find("/")
    return after_scheme[slash:] if slash >= 0 else "/"


def path_variants(raw_path: str, query: str) -> tuple[str, ...]:
    """Returns what official clients sign for one request: the path as sent, decoded (Java), with its query (.NET)."""
    variants = [raw_path]
    if "%" in raw_path:
        variants.append(decoded_path(raw_path))
    if query:
        variants.append(f"{raw_path}?{query}")
    return tuple(variants)


def decoded_path(raw_path: str) -> str:
    """Returns the path without percent-encoding; a plus sign stays a plus sign."""
    return unquote(raw_path, errors="surrogateescape")


def timestamp_text(wall_time: float) -> str:
    """Writes ``yyyy-MM-ddTHH:mm:ss.fffffffZ``, as the newest captured callbacks have it (docs/platform/auth.md#5)."""
    second = int(wall_time // 1)
    return f"{_second_text(second)}.{int((wall_time - second) * 10_000_000):07d}Z"


def read_timestamp(text: str) -> float | None:
    """Returns seconds since 1970 of an ISO 8601 time with zone and any number of decimals; None when it is not one.

    A time without a zone is not one (*assumed*: every documented sample ends with ``Z``).
    """
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None


def split_credentials(text: str) -> tuple[str, str] | None:
    """Returns key and signature of ``KEY:SIGNATURE``, None when one is missing or there is white space between them."""
    key, colon, signature = text.partition(":")
    if not (key and colon and signature) or len(text.split()) != 1:
        return None
    return key, signature


def signed_by(folded: Mapping[str, str], scheme: str = "application") -> tuple[str, str] | None:
    """Returns key and signature in the Authorization header, None when it is no ``KEY:SIGNATURE`` of this scheme."""
    given, _, rest = folded.get("authorization", "").strip().partition(" ")
    return split_credentials(rest.strip()) if given.lower() == scheme else None


def normalise_key(key: str) -> str:
    """Returns what keys are compared by: case and dashes do not matter, as in a GUID (docs/platform/auth.md#1)."""
    return key.replace("-", "").lower()


def verify(
    secret: str,
    *,
    application_key: str,
    headers: Mapping[str, str],
    path: str,
    body: bytes,
    method: str = "POST",
    wall_time: float | None = None,
    skew_s: float = SKEW_S,
    scheme: str = "application",
) -> bool:
    """Returns whether a callback (or any signed request) is genuine; for use in a webhook.

    ``secret`` is the base64 text from the dashboard, ``path`` the path of the request without its query, ``body`` the
    bytes as received. Header names may be in any case. With ``wall_time`` (seconds since 1970) a timestamp that is
    further than ``skew_s`` away is refused. ``scheme`` is ``service`` for events of Voice v2, which are signed with id
    and secret of a service (docs/platform/voice-v2.md#4.4). Raises ValueError when ``secret`` is not base64.
    """
    folded = fold_headers(headers)
    timestamp = folded.get("x-timestamp", "")
    credentials = signed_by(folded, scheme)
    if credentials is None or not timestamp:
        return False
    if wall_time is not None and not is_fresh(timestamp, wall_time, skew_s):
        return False
    key, signature = credentials
    content_type = folded.get("content-type", "")
    wanted = sign(
        decode_secret(secret), method=method, body=body, content_type=content_type, timestamp=timestamp, path=path
    )
    return normalise_key(key) == normalise_key(application_key) and same_text(wanted, signature)


def fold_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Returns the headers by lower-case name."""
    return {name.lower(): value for name, value in headers.items()}


def is_fresh(timestamp: str, wall_time: float, skew_s: float) -> bool:
    """Returns whether the timestamp can be read and is at most ``skew_s`` seconds away, in either direction."""
    moment = read_timestamp(timestamp)
    return moment is not None and abs(wall_time - moment) <= skew_s


def same_text(wanted: str, given: str) -> bool:
    """Compares two texts in a time that does not tell where the texts differ."""
    if wanted.isascii() and given.isascii():
        return hmac.compare_digest(wanted, given)
    return hmac.compare_digest(wanted.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass"))


def fits_a_path(  # the parts of a request, by name
    signature: str, secret: bytes, paths: Iterable[str], *, method: str, body: bytes, content_type: str, timestamp: str
) -> bool:
    """Tells whether a request was signed with one of these paths: clients sign them decoded, or with their query."""
    return any(
        same_text(
            sign(secret, method=method, body=body, content_type=content_type, timestamp=timestamp, path=path), signature
        )
        for path in paths
    )


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()


@lru_cache(maxsize=1024)
def _keyed_hashes(secret: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    # RFC 2104 with the two padded keys already hashed: twice as fast as hmac.digest for texts of this size.
    block = secret if len(secret) <= _SHA256_BLOCK else hashlib.sha256(secret).digest()
    padded = block.ljust(_SHA256_BLOCK, b"\0")
    return hashlib.sha256(padded.translate(_INNER_PAD)), hashlib.sha256(padded.translate(_OUTER_PAD))


@lru_cache(maxsize=16)
def _second_text(second: int) -> str:
    return datetime.fromtimestamp(second, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")
