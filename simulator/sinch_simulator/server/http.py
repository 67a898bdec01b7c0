"""Bytes in and bytes out of one HTTP request: limits, JSON, and the answer that is out before anything else happens.

Knows neither the platform nor the control API; both answer through here.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import IO

from aiohttp import ClientPayloadError, hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion11
from aiohttp.http_exceptions import HttpProcessingError
from attrs import define, field

from sinch_simulator import __version__
from sinch_simulator.exchange.values import frozen
from sinch_simulator.server.json_text import encode

JSON_TYPE = "application/json; charset=utf-8"
_SERVER = f"sinch-simulator/{__version__}"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_JSON_HEADERS: Mapping[str, str] = {hdrs.CONTENT_TYPE: JSON_TYPE}
_MOST_AT_ONCE = 65_536
"""Bytes of a body that are handed to the socket without asking whether the client takes them."""


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
    return Answer(status, encode(document), {**_JSON_HEADERS, **headers} if headers else _JSON_HEADERS, if_lost)


def body_at_hand(request: web.BaseRequest, limit: int) -> bytes | None:
    """The body when all of it is here, None when it is to be awaited by ``read_body``. Raises what that raises."""
    if not request.content.is_eof():
        return None
    try:
        body = request.content.read_nowait()
    except (web.RequestPayloadError, ClientPayloadError, HttpProcessingError) as error:
        raise BodyBroken(str(error)) from error
    if len(body) > limit:
        raise BodyTooLarge
    return body


def json_text_answer(text: bytes, if_lost: Callable[[], None]) -> Answer:
    """A 200 with what is JSON already."""
    return Answer(200, text, _JSON_HEADERS, if_lost)


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
        while not request.content.at_eof():
            chunk = await request.content.readany()
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge
            chunks.append(chunk)
    except (web.RequestPayloadError, ClientPayloadError, HttpProcessingError) as error:
        raise BodyBroken(str(error)) from error
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


@define(eq=False)
class OutTray:
    """Small answers that wait for the end of this turn of the event loop, and are sent one right after the other.

    To send each as soon as it is known takes turns between the work of many clients and that of the network; a fifth of
    the time went into that.
    """

    _answers: dict[asyncio.Transport, bytes] = field(factory=dict)

    def put(self, connection: asyncio.Transport, answer: bytes) -> None:
        """Send this when the turn ends. A connection has one answer here at most: see ``send_earlier``."""
        if not self._answers:
            asyncio.get_running_loop().call_soon(self.empty)
        self._answers[connection] = answer

    def send_earlier(self, connection: asyncio.Transport | None) -> None:
        """Called before a request is looked at: the answer to the one before it on this connection goes out first."""
        if connection in self._answers:
            self.empty()

    def empty(self) -> None:
        """Send everything."""
        answers, self._answers = self._answers, {}
        for connection, answer in answers.items():
            connection.write(answer)


async def write(request: web.BaseRequest, answer: Answer, tray: OutTray | None = None) -> web.StreamResponse:
    """Send the answer, to its last byte: what the caller does next comes after it on the wire.

    A small answer goes into the ``tray``, where there is one.
    """
    if answer.headers is _JSON_HEADERS and len(answer.body) <= _MOST_AT_ONCE and request.version == HttpVersion11:
        return _write_at_once(request, answer, tray)
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


class _Written(web.StreamResponse):
    """What aiohttp gets in place of a response that is on the wire already: it only asks whether to go on."""

    def __init__(self, *, keep_alive: bool) -> None:
        super().__init__()
        self._goes_on = keep_alive

    @property
    def keep_alive(self) -> bool:
        return self._goes_on

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return None


_GO_ON, _CLOSE = _Written(keep_alive=True), _Written(keep_alive=False)


def _write_at_once(request: web.BaseRequest, answer: Answer, tray: OutTray | None) -> web.StreamResponse:
    """Head and body of a small JSON answer in one piece: building a response object takes longer than all else."""
    connection = request.transport
    if connection is None or connection.is_closing():
        return _CLOSE
    keep_alive = request.keep_alive
    head = _head(answer.status, int(time.time()), keep_alive) % len(answer.body)
    text = head if request.method == hdrs.METH_HEAD else head + answer.body
    request.writer.output_size += len(head)
    if not keep_alive or tray is None:
        connection.write(text)
    else:
        tray.put(connection, text)
    return _GO_ON if keep_alive else _CLOSE


@lru_cache(maxsize=64)
def _head(status: int, unix_s: int, keep_alive: bool) -> bytes:
    """The head of an answer at this second; its length is to be filled in."""
    lines = [
        f"HTTP/1.1 {status} {_PHRASES.get(status, '')}",
        f"Content-Type: {JSON_TYPE}",
        f"Server: {_SERVER}",
        *([] if keep_alive else ["Connection: close"]),
        f"Date: {formatdate(unix_s, usegmt=True)}",
        "Content-Length: %d",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def split_target(raw_target: str) -> tuple[str, str]:
    """Path and query of a request line, as sent; a proxy's absolute form is cut to its path."""
    path, _, query = raw_target.partition("?")
    if path.startswith(("http://", "https://")):
        _, slash, rest = path.partition("://")[2].partition("/")
        path = slash + rest
    return path or "/", query
