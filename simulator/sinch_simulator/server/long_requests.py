"""aiohttp's server for what is not answered at once, to clients that may send no more and still read.

A client that has sent all it wants may close its side (``Connection: close``, HTTP/1.0, ``nc``). Its answer is written
all the same; aiohttp alone would drop it, and what was asked for would have happened.
"""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader

from sinch_simulator.server.http_messages import SERVER

_log = logging.getLogger("sinch_simulator")

_LONGEST_READING_S = 1.0
"""Real seconds after its end for which a client is kept that has asked for nothing but to read, such as a stream."""


class LongRequests(web.Server):
    """Makes a ``LongRequest`` for each connection; ``serve`` answers each request."""

    def __call__(self) -> web.RequestHandler:
        """Makes what serves a connection."""
        return LongRequest(self, loop=asyncio.get_running_loop(), **self._kwargs)

    def _make_request(self, message: Any, payload: Any, protocol: Any, *others: Any) -> web.BaseRequest:
        """Makes a request; its types are aiohttp's own affair."""
        protocol.body = payload
        return super()._make_request(message, payload, protocol, *others)


class LongRequest(web.RequestHandler):
    """Serves one connection."""

    ended: bool = False
    """Whether the client has closed its side."""
    body: StreamReader | None = None
    """Of the last request that has been looked at."""

    received: bytes = b""
    """What came last: if it is no HTTP, it is refused in the words of whom it was for."""

    def data_received(self, data: bytes) -> None:
        """Takes what comes."""
        self.received = data
        super().data_received(data)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Returns the answer to what is no HTTP, or could not be answered."""
        from sinch_simulator.server.malformed import refuse

        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer has been sent")
        if status >= 500:
            _log.error("A mistake in the simulator, at %s %s", request.method, request.path, exc_info=exc)
        answer = refuse(self.received, status, message or "")
        response = web.Response(status=answer.status, body=answer.body, headers={**answer.headers, hdrs.SERVER: SERVER})
        response.force_close()
        return response

    def eof_received(self) -> bool:  # type: ignore[override]  # aiohttp closes the transport: None
        """Keeps the transport open until all that was asked for has been answered."""
        if not self.ended:
            self.ended = True
            self._end_the_body()
            if self._current_request is None and not self._messages:
                all_is_answered = self._waiter is not None and not self._waiter.done()
                self.close()
                if all_is_answered:
                    # aiohttp would keep the connection for a next request.
                    self._leave()
            elif self._only_reads():
                self._loop.call_later(_LONGEST_READING_S, self._leave)
        return True

    def _end_the_body(self) -> None:
        """Tells who reads the body that the rest will never come."""
        # Before aiohttp 3.13 the parser had another name.
        parser = getattr(self, "_parser", None) or getattr(self, "_request_parser", None)
        try:
            if parser is not None:
                parser.feed_eof()
        except (HttpProcessingError, ValueError) as error:
            body = self._messages[-1][1] if self._messages else self.body
            if body is not None:
                body.set_exception(error)

    def _only_reads(self) -> bool:
        return self._current_request is not None and self._current_request.method in ("GET", "HEAD")

    def _leave(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def answered(request: web.BaseRequest, response: Awaitable[web.StreamResponse]) -> web.StreamResponse:
    """Answers a request, and ends the connection after the last answer to a client that sends no more."""
    sent = await response
    protocol = request.protocol
    if isinstance(protocol, LongRequest) and protocol.ended and not protocol._messages:
        sent.force_close()
    return sent


def cut(request: web.BaseRequest) -> None:
    """Ends the connection of a request now, without an answer."""
    if request.transport is not None:
        request.transport.abort()


def is_cut(request: web.BaseRequest) -> bool:
    """Returns whether the connection was closed: no answer can be written any more."""
    return request.transport is None or request.transport.is_closing()


def has_left(request: web.BaseRequest) -> bool:
    """Returns whether the client closed its connection, or its side of it, before there was an answer."""
    return is_cut(request) or getattr(request.protocol, "ended", False)
