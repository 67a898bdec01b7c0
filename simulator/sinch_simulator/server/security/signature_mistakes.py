"""Lists what developers put into the string-to-sign instead of the right thing, line by line.

Source: docs/platform/auth.md#6.4, docs/platform/gotchas.md#A.

Only data about mistakes: ``signature_clues`` tries them.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from urllib.parse import quote, unquote

from sinch_simulator.core.signing import content_md5, decoded_path, read_timestamp
from sinch_simulator.core.values import frozen

_LONGEST_BODY_TRIED = 16 * 1024
_EMPTY_MD5 = "1B2M2Y8AsgTpgAmY7PhCfg=="


class Part(Enum):
    """What of a signature can be wrong, in the order in which it is told."""

    SECRET = 0
    METHOD = 1
    CONTENT_MD5 = 2
    CONTENT_TYPE = 3
    TIMESTAMP = 4
    PATH = 5
    LAYOUT = 6

    @property
    def line(self) -> int:
        """Returns the line of the string-to-sign, from 1; only of the parts that are one."""
        assert self not in (Part.SECRET, Part.LAYOUT)
        return int(self.value)

    @property
    def title(self) -> str:
        """Returns the line's name in the documents."""
        return _TITLES[self]


_TITLES = {
    Part.SECRET: "secret",
    Part.METHOD: "HTTP method",
    Part.CONTENT_MD5: "Content-MD5",
    Part.CONTENT_TYPE: "Content-Type",
    Part.TIMESTAMP: "x-timestamp",
    Part.PATH: "path",
    Part.LAYOUT: "lines",
}


@frozen
class SignedParts:
    """All of a request that a signature speaks of, or that is signed by mistake. Texts as received."""

    method: str
    body: bytes
    content_type: str
    timestamp: str
    path: str
    query: str = ""
    host: str = ""

    def lines(self) -> tuple[str, ...]:
        """Returns the five right lines."""
        return (
            self.method,
            content_md5(self.body),
            self.content_type,
            f"x-timestamp:{self.timestamp}",
            self.path,
        )


@frozen
class Mistake:
    """One wrong ``text`` for one part (for the layout: a format of the five lines), and what to do about it."""

    part: Part
    code: str
    text: str
    cause: str
    hint: str


def line_mistakes(parts: SignedParts) -> Iterator[Mistake]:
    """Gives every wrong line that is worth a try; never the right one, and none twice."""
    right = parts.lines()
    seen: set[tuple[Part, str]] = set()
    for mistakes in (_of_body, _of_md5, _of_content_type, _of_timestamp, _of_path, _of_method):
        for mistake in mistakes(parts):
            known = (mistake.part, mistake.text)
            if mistake.text != right[mistake.part.line - 1] and known not in seen:
                seen.add(known)
                yield mistake


def layouts() -> Iterator[Mistake]:
    """Gives wrong ways to put the five lines together."""
    for text, cause in (
        ("{0}\n{1}\n{2}\n{3}\n{4}\n", "there is a line feed after the path"),
        ("{0}\r\n{1}\r\n{2}\r\n{3}\r\n{4}", "the lines end with CR LF"),
        ("{0}\\n{1}\\n{2}\\n{3}\\n{4}", "the lines are joined by a backslash and an n, not by a line feed"),
        ("{0}\n{2}\n{3}\n{4}", "the Content-MD5 line is left out; its line feed stays when the body is empty"),
        ("{0}\n{1}\n{3}\n{4}", "the Content-Type line is left out; its line feed stays when there is none"),
        ("{0}\n{1}\n{2}\n{4}", "the x-timestamp line is left out"),
        ("{0}\n{1}\n{2}\n{4}\n{3}", "the path comes before the x-timestamp line"),
        ("{0}{1}{2}{3}{4}", "the lines are joined without line feeds"),
    ):
        yield Mistake(Part.LAYOUT, "AUTH_LINES", text, cause, "Join the five lines by LF, without one at the end.")


def _of_method(parts: SignedParts) -> Iterator[Mistake]:
    hint = "Sign the method of the request, in upper case."
    for text in (parts.method.lower(), parts.method.capitalize(), "POST", "GET", "PATCH", "PUT", "DELETE"):
        yield Mistake(Part.METHOD, "AUTH_METHOD_MISMATCH", text, "not the method that was sent", hint)


def _of_md5(parts: SignedParts) -> Iterator[Mistake]:
    digest = hashlib.md5(parts.body, usedforsecurity=False)
    empty_hint = "Leave the Content-MD5 line empty when there is no body; its line feed stays."
    hint = "Use base64 of the 16 binary bytes of the MD5, not hexadecimal."
    if not parts.body:
        yield _md5("AUTH_MD5_OF_EMPTY", _EMPTY_MD5, "the MD5 of an empty text, where the line stays empty", empty_hint)
        yield _md5("AUTH_MD5_OF_EMPTY", digest.hexdigest(), "the hexadecimal MD5 of an empty text", empty_hint)
        return
    hexadecimal = digest.hexdigest()
    yield _md5("AUTH_MD5_HEX", hexadecimal, "hexadecimal instead of base64", hint)
    yield _md5("AUTH_MD5_HEX", hexadecimal.upper(), "hexadecimal instead of base64", hint)
    yield _md5("AUTH_MD5_HEX", base64.b64encode(hexadecimal.encode()).decode(), "base64 of the hexadecimal text", hint)
    right = base64.b64encode(digest.digest()).decode()
    other = "Use base64 in the standard alphabet, with padding."
    yield _md5("AUTH_MD5_ENCODING", right.rstrip("="), "base64 without padding", other)
    yield _md5("AUTH_MD5_ENCODING", base64.urlsafe_b64encode(digest.digest()).decode(), "base64 for URLs", other)
    yield _md5("AUTH_MD5_MISSING", "", "empty although there is a body", "Sign the MD5 of the body, on GET too.")
    yield _md5("AUTH_MD5_MISSING", _EMPTY_MD5, "the MD5 of an empty text although there is a body", "Sign the body.")
    sha256 = base64.b64encode(hashlib.sha256(parts.body).digest()).decode()
    yield _md5("AUTH_MD5_ENCODING", sha256, "SHA-256 instead of MD5", "Use MD5 for this line.")


def _md5(code: str, text: str, cause: str, hint: str) -> Mistake:
    return Mistake(Part.CONTENT_MD5, code, text, cause, hint)


def _of_body(parts: SignedParts) -> Iterator[Mistake]:
    hint = "Serialise the body once; sign the very bytes that are sent, and verify the very bytes that came."
    for other, how in _other_bodies(parts.body):
        if other == parts.body:
            continue
        cause = f"it is the MD5 of {how}; {_first_difference(other, parts.body)}"
        yield _md5("AUTH_BODY_RESERIALISED", content_md5(other), cause, hint)


def _other_bodies(body: bytes) -> Iterator[tuple[bytes, str]]:
    if not body:
        for instead in (b"{}", b"null", b'""', b"undefined"):
            yield instead, f"the text {instead.decode()}, but no body was sent"
        return
    if len(body) > _LONGEST_BODY_TRIED:
        return
    yield body.strip(), "the body without white space around it"
    yield body + b"\n", "the body with a line feed after it"
    yield body.replace(b"\r\n", b"\n"), "the body with LF for CR LF"
    try:
        text = body.decode("utf-8")
        dumped = list(_other_json(json.loads(text)))
    except (ValueError, RecursionError):
        return
    for encoding in ("latin-1", "utf-8-sig", "utf-16-le"):
        yield text.encode(encoding, "replace"), f"the body in the encoding {encoding}"
    yield from dumped


def _other_json(document: object) -> Iterator[tuple[bytes, str]]:
    for ordered in (False, True):
        for escaped in (False, True):
            for indent, separators, spacing in (
                (None, (",", ":"), "compact JSON"),
                (None, (", ", ": "), "JSON with spaces after commas and colons"),
                (2, (",", ": "), "JSON indented by 2"),
                (4, (",", ": "), "JSON indented by 4"),
            ):
                text = json.dumps(
                    document, ensure_ascii=escaped, sort_keys=ordered, indent=indent, separators=separators
                )
                how = spacing + (", sorted keys" if ordered else "") + (", non-ASCII escaped" if escaped else "")
                yield text.encode("utf-8", "surrogatepass"), how


def _first_difference(signed: bytes, sent: bytes) -> str:
    at = next((at for at, (one, other) in enumerate(zip(signed, sent, strict=False)) if one != other), None)
    start = max(0, (min(len(signed), len(sent)) if at is None else at) - 8)
    one, other = (body[start : start + 28].decode("utf-8", "backslashreplace") for body in (signed, sent))
    return f"from byte {start} on, {one!r} was signed and {other!r} sent"


def _of_content_type(parts: SignedParts) -> Iterator[Mistake]:
    hint = (
        "Sign the Content-Type header exactly as it is sent, parameters and letter case included; "
        "many HTTP libraries add '; charset=utf-8' on their own."
    )
    base = parts.content_type.partition(";")[0].strip()
    types = dict.fromkeys((base, "application/json", "text/plain"))
    for kind in types:
        for charset in ("", "; charset=utf-8", "; charset=UTF-8", ";charset=utf-8", ";charset=UTF-8"):
            yield _content_type(kind + charset if kind else "", hint)
    yield _content_type("", hint)
    yield _content_type(parts.content_type.lower(), hint)
    yield _content_type(f"content-type:{parts.content_type}", hint)
    yield _content_type("application/x-www-form-urlencoded", hint)
    yield _content_type("application/octet-stream", hint)


def _content_type(text: str, hint: str) -> Mistake:
    return Mistake(Part.CONTENT_TYPE, "AUTH_CONTENT_TYPE_MISMATCH", text, "not the header that was sent", hint)


def _of_timestamp(parts: SignedParts) -> Iterator[Mistake]:
    hint = "Sign 'x-timestamp:' in lower case, without a space, and then the header's value exactly as it is sent."
    sent = parts.timestamp
    for text in (
        f"x-timestamp: {sent}",
        f"X-Timestamp:{sent}",
        f"X-Timestamp: {sent}",
        f"X-TIMESTAMP:{sent}",
        f"x-timestamp:x-timestamp:{sent}",
        f"x-timestamp={sent}",
        f"timestamp:{sent}",
        f"date:{sent}",
        sent,
        "",
    ):
        yield Mistake(Part.TIMESTAMP, "AUTH_TIMESTAMP_LINE", text, "the line is not written as it should be", hint)
    for other in _other_timestamps(sent):
        cause = "another time, or the same time written in another way, than in the header"
        hint = "Take the time once, and use the same text for the header and for the signature."
        yield Mistake(Part.TIMESTAMP, "AUTH_TIMESTAMP_LINE", f"x-timestamp:{other}", cause, hint)


def _other_timestamps(sent: str) -> Iterator[str]:
    moment = read_timestamp(sent)
    if moment is None:
        return
    time = datetime.fromtimestamp(moment, tz=UTC)
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S")
    micros = f"{seconds}.{time.microsecond:06d}"
    for text in (seconds, micros, micros[:-3], f"{micros}0"):
        yield from (f"{text}Z", f"{text}+00:00", text)
    yield str(int(moment))
    yield str(int(moment * 1000))
    for off_s in (-2, -1, 1, 2):
        yield datetime.fromtimestamp(int(moment) + off_s, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _of_path(parts: SignedParts) -> Iterator[Mistake]:
    query_hint = "Sign the path without its query string."
    hint = "Sign the absolute path, from its first slash up to the query, as it goes over the wire."
    path = parts.path
    if parts.query:
        for text in (f"{path}?{parts.query}", f"{decoded_path(path)}?{unquote(parts.query)}"):
            yield Mistake(Part.PATH, "AUTH_QUERY_SIGNED", text, "the query string was signed too", query_hint)
    yield _path(decoded_path(path), "percent-encoding was undone", hint)
    yield _path(quote(decoded_path(path), errors="surrogateescape"), "percent-encoded", hint)
    yield _path(path.removesuffix("/"), "without the slash at the end", hint)
    yield _path(f"{path}/", "with a slash at the end", hint)
    yield _path(path.removeprefix("/"), "without the slash at the beginning", hint)
    yield _path(f"/{path}", "with two slashes at the beginning", hint)
    yield _path(path.lower(), "in lower case", hint)
    yield _path("/", "only the root", hint)
    yield _path("", "empty", hint)
    for host in dict.fromkeys((parts.host, "calling.api.sinch.com")):
        for prefix in (f"https://{host}", f"http://{host}", host):
            yield _path(f"{prefix}{path}", "scheme or host were signed too", hint)
            if parts.query:
                yield _path(f"{prefix}{path}?{parts.query}", "host and query were signed too", hint)
    yield from _cut_paths(path, hint)


def _cut_paths(path: str, hint: str) -> Iterator[Mistake]:
    """Gives the path without a base path that the client left out, or that a proxy took away."""
    segments = path.split("/")
    for start in range(2, min(len(segments), 10)):
        yield _path("/" + "/".join(segments[start:]), "the first part of the path is missing", hint)
    for prefix in ("/calling", "/calling/v1", "/v1", "/sinch", "/api"):
        yield _path(f"{prefix}{path}", "with a part in front that did not arrive", hint)


def _path(text: str, cause: str, hint: str) -> Mistake:
    return Mistake(Part.PATH, "AUTH_PATH_MISMATCH", text, cause, hint)
