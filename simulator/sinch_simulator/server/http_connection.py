"""Reads requests from a connection, and answers small ones in the turn of the event loop in which they come.

Anything else is for aiohttp's own server: a connection on which something unusual comes (a request in pieces that is
long, several at once, an upgrade, the control API) is handed over to it for good, with what has been received and not
answered. aiohttp's parser reads the requests here as there; what is spared is its task, its request and its response.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

from aiohttp import hdrs
from aiohttp.http import HttpRequestParser, HttpVersion11, RawRequestMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader
from attrs import field

from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.values import define
from sinch_simulator.server.http_messages import Unpaused, written

_MOST_HELD = 65_536
"""Bytes of a request that comes in pieces."""
_BUFFER = 1_048_576
"""More than is received at once: the parser never asks to hold anything back."""
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


class AnswerAtOnce(Protocol):
    """Answers a request at once, or says that it takes longer: then nothing has happened yet."""

    def __call__(self, message: RawRequestMessage, body: bytes, send: Callable[[Answer], bool]) -> bool:
        """Tells whether the request has been answered. ``send`` tells whether somebody is there to get the answer."""


@define(eq=False)
class WriteQueue:
    """Keeps answers until the end of this turn of the event loop, and sends them one right after the other.

    To send each as soon as it is known takes turns between the work of many clients and that of the network; a fifth of
    the time went into that.
    """

    _answers: dict[asyncio.Transport, bytes] = field(factory=dict)

    def put(self, connection: asyncio.Transport, answer: bytes) -> None:
        """Sends this when the turn ends. A connection has one answer here at most: see ``send_earlier``."""
        if not self._answers:
            asyncio.get_running_loop().call_soon(self.send_all)
        self._answers[connection] = answer

    def send_earlier(self, connection: asyncio.Transport) -> None:
        """Sends the answer to an earlier request of this connection before the next one is looked at."""
        if connection in self._answers:
            self.send_all()

    def send_all(self) -> None:
        """Sends everything."""
        answers, self._answers = self._answers, {}
        for connection, answer in answers.items():
            connection.write(answer)


@define(eq=False)
class HttpConnection(asyncio.Protocol):
    """One connection, until it is handed over."""

    _answer_at_once: AnswerAtOnce
    _queue: WriteQueue
    _take_over: Callable[[], asyncio.Protocol]
    """Makes what the connection is handed over to."""
    _open: set["HttpConnection"]
    """All that have not been handed over."""
    _connection: asyncio.Transport = field(init=False)
    _parser: HttpRequestParser = field(init=False)
    _received: bytes = field(init=False, default=b"")
    """Of a request that has not been answered."""
    _unread: bool = field(init=False, default=False)
    """Whether the client leaves answers lying; nothing more is received from it until it reads them."""
    _request: tuple[RawRequestMessage, StreamReader] | None = field(init=False, default=None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Those of uvloop are such transports too, but no subclass says so.
        self._connection = cast(asyncio.Transport, transport)
        loop = asyncio.get_running_loop()
        self._parser = HttpRequestParser(Unpaused(loop), loop, _BUFFER, auto_decompress=False)
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._open.discard(self)

    def pause_writing(self) -> None:
        self._unread = True
        self._connection.pause_reading()

    def resume_writing(self) -> None:
        self._unread = False
        if not self._connection.is_closing():
            self._connection.resume_reading()

    def eof_received(self) -> None:
        # Who sends no more may still read: the connection closes when what has been answered is out.
        self._queue.send_earlier(self._connection)

    def data_received(self, data: bytes) -> None:
        self._queue.send_earlier(self._connection)
        self._received = self._received + data if self._received else data
        try:
            messages, upgraded, _ = self._parser.feed_data(data)
        except HttpProcessingError:
            self._hand_over()
            return
        if upgraded or len(messages) + (self._request is not None) > 1:
            self._hand_over()
            return
        if messages:
            self._request = messages[0]
        if self._request is None or not self._request[1].is_eof():
            if len(self._received) > _MOST_HELD or (self._request is not None and not _is_usual(self._request[0])):
                self._hand_over()
            return
        message, payload = self._request
        if not (_is_usual(message) and payload.exception() is None and self._answer(message, payload)):
            self._hand_over()
            return
        self._received = b""
        self._request = None

    def close(self) -> None:
        """Ends the connection when what has been answered is out."""
        self._connection.close()

    def abort(self) -> None:
        """Ends the connection now."""
        self._connection.abort()

    def _answer(self, message: RawRequestMessage, payload: StreamReader) -> bool:
        body = payload.read_nowait()
        # Whatever else came with it, such as the beginning of the next request, is for whom that is handed over to.
        if self._received.find(b"\r\n\r\n") + 4 + len(body) != len(self._received):
            return False
        return self._answer_at_once(message, body, self._send)

    def _send(self, answer: Answer) -> bool:
        if self._connection.is_closing():
            return False
        self._queue.put(self._connection, written(answer))
        return True

    def _hand_over(self) -> None:
        self._open.discard(self)
        other = self._take_over()
        self._connection.set_protocol(other)
        other.connection_made(self._connection)
        if self._unread:
            other.pause_writing()
            self._connection.resume_reading()
        other.data_received(self._received)


def _is_usual(message: RawRequestMessage) -> bool:
    return (
        message.version == HttpVersion11
        and not message.should_close
        and message.method in _METHODS
        and message.compression is None
        and hdrs.EXPECT not in message.headers
    )
