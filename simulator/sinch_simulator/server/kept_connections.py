"""Connections to apps over plain HTTP, kept open for a while: one POST after the other, and the answers to them.

This is what a simulator does most. aiohttp's parser reads the answers, as it does for aiohttp's own client, whose
request, response, timer and payload objects for each POST are what is spared.
"""

import asyncio
from collections.abc import Mapping
from typing import cast

import aiohttp
from aiohttp.http import HttpResponseParser, RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader
from attrs import define, field
from yarl import URL

from sinch_simulator.server.http import Unpaused
from sinch_simulator.server.records import Response

# Shorter than what common web servers keep: a connection that closes while it is used again would look like a failure.
KEPT_S = 1.5
_BUFFER = 1_048_576
"""More than is received at once: nothing is ever held back by the parser."""

Origin = tuple[str, int]
"""Host and port."""


@define(eq=False)
class KeptConnections:
    """To every app. ``timeout_s`` is for one POST, connecting and reading included; ``limit`` is bytes of an answer."""

    timeout_s: float
    limit: int
    _idle: dict[Origin, list["_Connection"]] = field(init=False, factory=dict)
    _busy: dict["_Connection", float] = field(init=False, factory=dict)
    """Until when each may take; all may take as long, so those that began first come first."""
    _alarm: asyncio.TimerHandle | None = field(init=False, default=None)
    _tidying: asyncio.TimerHandle | None = field(init=False, default=None)

    async def post(self, url: URL, headers: Mapping[str, str], body: bytes) -> Response:
        """The answer. Raises TimeoutError, aiohttp.ClientError, OSError; ValueError for headers that cannot be sent."""
        request = _written(url, headers, body)
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + self.timeout_s
        origin = (url.host or "", url.port or 80)
        connection = self._take(origin, loop.time())
        if connection is None:
            async with asyncio.timeout_at(deadline_s):
                _, connection = await loop.create_connection(lambda: _Connection(self.limit), *origin)
        self._watch(connection, deadline_s)
        try:
            response = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        finally:
            del self._busy[connection]
        if connection.goes_on:
            self._keep(origin, connection, loop.time())
        else:
            connection.close()
        return response

    def close(self) -> None:
        """Close what is open."""
        for handle in (self._alarm, self._tidying):
            if handle is not None:
                handle.cancel()
        for connection in [*self._busy, *(each for idle in self._idle.values() for each in idle)]:
            connection.close()
        self._idle.clear()

    def _take(self, origin: Origin, now_s: float) -> "_Connection | None":
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if connection.open and now_s - connection.idle_since_s < KEPT_S:
                return connection
            connection.close()
        return None

    def _keep(self, origin: Origin, connection: "_Connection", now_s: float) -> None:
        connection.idle_since_s = now_s
        self._idle.setdefault(origin, []).append(connection)
        if self._tidying is None:
            self._tidying = asyncio.get_running_loop().call_later(KEPT_S, self._tidy_up)

    def _tidy_up(self) -> None:
        """Close what nobody has used for a while."""
        loop = asyncio.get_running_loop()
        for origin, idle in list(self._idle.items()):
            kept = [each for each in idle if each.open and loop.time() - each.idle_since_s < KEPT_S]
            for connection in idle:
                if connection not in kept:
                    connection.close()
            self._idle[origin] = kept
            if not kept:
                del self._idle[origin]
        self._tidying = loop.call_later(KEPT_S, self._tidy_up) if self._idle else None

    def _watch(self, connection: "_Connection", deadline_s: float) -> None:
        self._busy[connection] = deadline_s
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_at(deadline_s, self._look_at_the_clock)

    def _look_at_the_clock(self) -> None:
        """Give up what has taken too long, and wait for the next that might."""
        loop = asyncio.get_running_loop()
        self._alarm = None
        for connection, deadline_s in self._busy.items():
            if deadline_s > loop.time():
                self._alarm = loop.call_at(deadline_s, self._look_at_the_clock)
                return
            connection.fail(TimeoutError())


@define(eq=False)
class _Connection(asyncio.Protocol):
    """One connection; it is asked one thing at a time."""

    _limit: int
    open: bool = field(init=False, default=False)
    goes_on: bool = field(init=False, default=False)
    """Whether the last answer leaves the connection to the next request."""
    idle_since_s: float = field(init=False, default=0.0)
    _transport: asyncio.Transport = field(init=False)
    _parser: HttpResponseParser = field(init=False)
    _answer: "asyncio.Future[Response] | None" = field(init=False, default=None)
    _begun: tuple[RawResponseMessage, StreamReader] | None = field(init=False, default=None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Those of uvloop are such transports too, but no subclass says so.
        self._transport = cast(asyncio.Transport, transport)
        loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(Unpaused(loop), loop, _BUFFER, read_until_eof=True)
        self.open = True

    async def ask(self, request: bytes) -> Response:
        """Send a request and wait for the answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self.goes_on = False
        if not self.open:
            raise aiohttp.ServerDisconnectedError
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            # Nothing was asked: whatever this is, the connection is of no more use.
            self.close()
            return
        try:
            messages, upgraded, _ = self._parser.feed_data(data)
        except HttpProcessingError as error:
            self.fail(aiohttp.ClientConnectionError(f"the answer is no HTTP: {error.message}"))
            return
        for begun in messages:
            # What comes before the answer, such as 100 Continue, is none (RFC 9110, 15.2).
            if begun[0].code >= 200 or upgraded:
                self._begun = begun
        if self._begun is not None:
            self._read(*self._begun)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._answer is None or self._answer.done():
            return
        if self._begun is None:
            self.fail(aiohttp.ServerDisconnectedError())
            return
        try:
            self._parser.feed_eof()
        except HttpProcessingError as error:
            self.fail(aiohttp.ClientPayloadError(f"the answer breaks off: {error.message}"))
            return
        self._read(*self._begun)
        self.fail(aiohttp.ClientPayloadError("the answer breaks off"))

    def fail(self, error: Exception) -> None:
        """Nothing more is expected."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    def close(self) -> None:
        """End it."""
        self.open = False
        self._transport.abort()

    def _read(self, message: RawResponseMessage, payload: StreamReader) -> None:
        """Finish when all of the answer is here, or more than anybody reads."""
        broken = payload.exception()
        if broken is not None:
            self.fail(aiohttp.ClientPayloadError(str(broken)))
            return
        cut = payload.total_bytes > self._limit
        if not (cut or payload.is_eof()):
            return
        assert self._answer is not None
        self._begun = None
        self.goes_on = not (cut or message.should_close or message.upgrade)
        content = payload.read_nowait()[: self._limit]
        self._answer.set_result(Response(message.code, dict(message.headers), content, cut=cut))


def _written(url: URL, headers: Mapping[str, str], body: bytes) -> bytes:
    host = url.host_subcomponent or ""
    lines = [
        f"POST {url.raw_path_qs} HTTP/1.1",
        f"Host: {host}" if url.is_default_port() else f"Host: {host}:{url.port}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "Accept: */*",
        f"Content-Length: {len(body)}",
    ]
    head = "\n".join(lines)
    if "\r" in head or head.count("\n") != len(lines) - 1:
        raise ValueError("a header of the callback has a line break")
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body
