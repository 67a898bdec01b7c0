"""Reads the body of an HTTP request within limits, and writes its answer before anything else happens.

Knows neither the platform nor the control API; both answer through here.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import IO
from urllib.parse import unquote

from aiohttp import ClientPayloadError, hdrs, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError

from sinch_simulator import __version__
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.rest.answer import JSON_HEADERS, Answer
from sinch_simulator.core.values import frozen

SERVER = f"sinch-simulator/{__version__}"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class BodyTooLarge(Exception):
    """The body has more bytes than this part of the server takes."""


class BodyBroken(Exception):
    """The body cannot be read: bad chunks, a bad compression, or too few bytes."""


@frozen
class MadeFile:
    """How to make a file, and what is in it. ``make`` takes time: call it in a worker thread."""

    content_type: str
    make: Callable[[], IO[bytes]]
    findings: tuple[Diagnostic, ...] = ()


class Unpaused(BaseProtocol):
    """Is asked to pause by a parser of aiohttp, and does not: all that is received here is small."""

    def pause_reading(self) -> None:
        return None

    def resume_reading(self, resume_parser: bool = True) -> None:
        return None


async def read_body(request: web.BaseRequest, limit: int) -> bytes:
    """Reads the body; ``BodyTooLarge`` as soon as it is known to be longer than ``limit`` bytes, ``BodyBroken``."""
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # What is counted decides whether an error can still be answered; this line is no answer.
        request.writer.output_size = 0
    if request.content_length is not None and request.content_length > limit:
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    try:
        while not request.content.at_eof():
            chunk = await request.content.readany()
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge
            chunks.append(chunk)
    except (web.RequestPayloadError, ClientPayloadError, HttpProcessingError) as error:
        raise BodyBroken(str(error)) from error
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def write(
    request: web.BaseRequest, answer: Answer, make: Callable[[], IO[bytes]] | None = None
) -> web.StreamResponse:
    """Sends the answer, to its last byte: what the caller does next comes after it on the wire.

    ``make`` makes the file that is its body, in a worker thread; it is closed when it has been sent.
    """
    body = answer.body if make is None else await asyncio.to_thread(make)
    response = web.Response(status=answer.status, body=body, headers=answer.headers)
    response.headers[hdrs.SERVER] = SERVER
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        # The client has gone; aiohttp closes its connection, and what it asked for has happened all the same.
        response.force_close()
    return response


def written(answer: Answer) -> bytes:
    """Returns the whole response as ``write`` sends it on a connection that stays open; not for files."""
    unix_s = int(time.time())
    if answer.headers is JSON_HEADERS:
        head = _json_head(answer.status, unix_s)
    elif answer.body:
        head = _head(answer.status, unix_s, {hdrs.CONTENT_TYPE: "application/octet-stream", **answer.headers})
    else:
        head = _head(answer.status, unix_s, answer.headers)
    if answer.status == HTTPStatus.NO_CONTENT:
        return head + b"\r\n"
    return b"%bContent-Length: %d\r\n\r\n%b" % (head, len(answer.body), answer.body)


@lru_cache(maxsize=64)
def _json_head(status: int, unix_s: int) -> bytes:
    return _head(status, unix_s, JSON_HEADERS)


def _head(status: int, unix_s: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers, but for the length."""
    lines = [
        f"HTTP/1.1 {status} {_PHRASES.get(status, '')}",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"Date: {formatdate(unix_s, usegmt=True)}",
        f"Server: {SERVER}",
        "",
    ]
    return "\r\n".join(lines).encode()


def split_target(raw_target: str) -> tuple[str, str]:
    """Returns path and query of a request line, as sent; a proxy's absolute form is cut to its path."""
    path, _, query = raw_target.partition("?")
    if path.startswith(("http://", "https://")):
        _, slash, rest = path.partition("://")[2].partition("/")
        path = slash + rest
    return path or "/", query


def shown_path(path: str) -> str:
    """Returns a path as messages show it: its beginning, with what was percent-encoded as it is meant."""
    text = unquote(path, errors="backslashreplace")
    return text if len(text) <= 80 else text[:77] + "..."
