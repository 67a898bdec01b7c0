"""Bytes in and bytes out of one HTTP request: limits, JSON, and the answer that is out before anything else happens.

Knows neither the platform nor the control API; both answer through here.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import IO

from aiohttp import ClientPayloadError, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from attrs import field, frozen

from sinch_simulator import __version__

JSON_TYPE = "application/json; charset=utf-8"
_SERVER = f"sinch-simulator/{__version__}"


class BodyTooLarge(Exception):
    """The body has more bytes than this part of the server takes."""


class BodyBroken(Exception):
    """The body cannot be read: bad chunks, a bad compression, or too few bytes."""


@frozen
class Answer:
    """A whole response. An empty body goes out with ``Content-Length: 0``.

    ``if_lost`` is done when the client has closed its connection before the answer was out.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(factory=dict)
    if_lost: Callable[[], None] | None = None
    file: Callable[[], IO[bytes]] | None = None
    """Makes the body, in a worker thread, in place of ``body``; it is closed when it has been sent."""


def json_answer(
    document: object,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    if_lost: Callable[[], None] | None = None,
) -> Answer:
    """A JSON document as a response."""
    return Answer(status, encode(document), {hdrs.CONTENT_TYPE: JSON_TYPE, **(headers or {})}, if_lost)


def encode(document: object) -> bytes:
    """JSON in UTF-8 without blanks; texts with lone surrogates are escaped, because UTF-8 has no bytes for them."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":")).encode()


async def read_body(request: web.BaseRequest, limit: int) -> bytes:
    """The body; ``BodyTooLarge`` as soon as it is known to be longer than ``limit`` bytes, ``BodyBroken``."""
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # What is counted decides whether an error can still be answered; this line is no answer.
        request.writer.output_size = 0
    if request.content_length is not None and request.content_length > limit:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := await request.content.readany():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge
            chunks.append(chunk)
    except (web.RequestPayloadError, ClientPayloadError, HttpProcessingError) as error:
        raise BodyBroken(str(error)) from error
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def write(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    """Send the answer, to its last byte: what the caller does next comes after it on the wire."""
    body = answer.body if answer.file is None else await asyncio.to_thread(answer.file)
    response = web.Response(status=answer.status, body=body, headers=answer.headers)
    response.headers[hdrs.SERVER] = _SERVER
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        # The client has gone; aiohttp closes its connection, and what it asked for has happened all the same.
        response.force_close()
    return response


def split_target(raw_target: str) -> tuple[str, str]:
    """Path and query of a request line, as sent; a proxy's absolute form is cut to its path."""
    path, _, query = raw_target.partition("?")
    if path.startswith(("http://", "https://")):
        _, slash, rest = path.partition("://")[2].partition("/")
        path = slash + rest
    return path or "/", query
