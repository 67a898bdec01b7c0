"""Connections to apps, by TLS too, kept open for a while: one POST after the other, and the answers to them.

This is what a simulator does most. aiohttp's parser reads the answers, as it does for aiohttp's own client, whose
request, response, timer and payload objects for each POST are what is spared.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Protocol, cast

import aiohttp
from aiohttp import hdrs
from aiohttp.http import HttpResponseParser, RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError, PayloadEncodingError
from aiohttp.streams import StreamReader
from attrs import field
from yarl import URL

from sinch_simulator.core.callback import Response
from sinch_simulator.core.values import define
from sinch_simulator.server.http_messages import Unpaused

# Shorter than what common web servers keep: a connection that closes while it is used again would look like a failure.
KEPT_S = 1.5
_BUFFER = 1_048_576
"""Bytes. The parser is asked to pause when it holds twice as many, or more chunks than a sixteenth of that; an answer
of up to 64 KiB never comes so far."""
_AT_ONCE = 16_384
"""Bytes that the parser is given at a time: what it makes of them is kept until it has seen all."""
_MOST_REREAD = 131_072
"""Bytes of an answer that are read again when it has a mistake."""
MOST_AT_ONCE = 1000
"""Requests under way at one time; more wait for their turn, or an app would be sent more connections than it takes."""
_NO_ANSWER = "the app closed the connection without an answer"

Origin = tuple[bool, str, int]
"""Whether by TLS, host and port."""


class Connect(Protocol):
    """Opens a connection to a host and a port."""

    def __call__(self, make: Callable[[], "_Connection"], host: str, port: int, *, tls: bool) -> Awaitable[None]: ...


@define(eq=False)
class KeptConnections:
    """To every app. ``timeout_s`` is for one POST, connecting and reading included; ``limit`` is bytes of an answer.

    Of an answer that does not say how long it is, up to ``search`` bytes are taken to see whether it has an end.
    """

    timeout_s: float
    limit: int
    search: int
    _connect: Connect
    _idle: dict[Origin, list["_Connection"]] = field(init=False, factory=dict)
    _busy: dict["_Connection", float] = field(init=False, factory=dict)
    """Until when each may take; all may take as long, so those that began first come first."""
    _turns: asyncio.Semaphore = field(init=False, factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    _alarm: asyncio.TimerHandle | None = field(init=False, default=None)
    _tidying: asyncio.TimerHandle | None = field(init=False, default=None)

    async def post(self, url: URL, headers: Mapping[str, str], body: bytes) -> Response:
        """Sends a POST and returns the answer; a kept connection that the app has just closed is replaced, once.

        It waits while ``MOST_AT_ONCE`` are under way; its time begins after that. Raises TimeoutError,
        aiohttp.ClientError, OSError; ValueError for headers that cannot be sent.
        """
        async with self._turns:
            return await self._post(url, headers, body)

    async def _post(self, url: URL, headers: Mapping[str, str], body: bytes) -> Response:
        request = _written(url, headers, body)
        now_s = asyncio.get_running_loop().time()
        deadline_s = now_s + self.timeout_s
        origin = (url.scheme == "https", url.raw_host or "", url.port or 0)
        kept = self._take(origin, now_s)
        if kept is not None:
            try:
                return await self._ask(kept, origin, request, deadline_s)
            except (aiohttp.ServerDisconnectedError, ConnectionError, ssl.SSLError):
                # The app may close a connection at the moment at which it is used again (RFC 9112, 9.3.1).
                if kept.answer_began:
                    raise
        return await self._ask(_Connection(self.limit, self.search), origin, request, deadline_s)

    async def _ask(self, connection: "_Connection", origin: Origin, request: bytes, deadline_s: float) -> Response:
        loop = asyncio.get_running_loop()
        self._watch(connection, deadline_s)
        try:
            if not connection.open:
                async with asyncio.timeout_at(deadline_s):
                    tls, host, port = origin
                    await self._connect(lambda: connection, host, port, tls=tls)
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
        for connection in [*self._busy]:
            connection.close()
        self.drop_idle()

    def drop_idle(self) -> None:
        """Closes the connections that nobody uses now."""
        for connection in [each for idle in self._idle.values() for each in idle]:
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
            kept = []
            for connection in idle:
                if connection.open and loop.time() - connection.idle_since_s < KEPT_S:
                    kept.append(connection)
                else:
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


class _Brake(Unpaused):
    """Makes a parser pause that holds far more than anybody reads: a few bytes may be gigabytes, compressed."""

    parser: HttpResponseParser | None = None

    def pause_reading(self) -> None:
        if self.parser is None:
            return
        if not hasattr(self.parser, "pause_reading"):
            # Before aiohttp 3.14 a parser could only be stopped.
            raise PayloadEncodingError("it is far too long")
        self.parser.pause_reading()


@define(eq=False)
class _Connection(asyncio.Protocol):
    """One connection; it is asked one thing at a time."""

    _limit: int
    _search: int
    open: bool = field(init=False, default=False)
    goes_on: bool = field(init=False, default=False)
    """Whether the last answer leaves the connection to the next request."""
    answer_began: bool = field(init=False, default=False)
    """Whether anything came back after the last request."""
    idle_since_s: float = field(init=False, default=0.0)
    _transport: asyncio.Transport | None = field(init=False, default=None)
    _parser: HttpResponseParser = field(init=False)
    _brake: _Brake = field(init=False)
    _answer: "asyncio.Future[Response] | None" = field(init=False, default=None)
    _begun: tuple[RawResponseMessage, StreamReader] | None = field(init=False, default=None)
    _content: bytes = field(init=False, default=b"")
    """The beginning of an answer that is too long, while its end is looked for."""
    _raw: bytearray = field(init=False, factory=bytearray)
    """All that has come since the last request, while that is little."""
    _barren: int = field(init=False, default=0)
    """Bytes that have come since the last of a body, or since the request: heads, sizes of chunks, trailers."""
    _seen: int = field(init=False, default=0)
    """Bytes of a body that had come before."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Those of uvloop are such transports too, but no subclass says so.
        self._transport = cast(asyncio.Transport, transport)
        self._brake = _Brake(asyncio.get_running_loop())
        self._parser = self._brake.parser = self._new_parser()
        self.open = True

    def _new_parser(self) -> HttpResponseParser:
        return HttpResponseParser(self._brake, asyncio.get_running_loop(), _BUFFER, read_until_eof=True)

    async def ask(self, request: bytes) -> Response:
        """Send a request and wait for the answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self.goes_on = self.answer_began = False
        self._barren = self._seen = 0
        self._raw.clear()
        if self._transport is None or not self.open:
            raise aiohttp.ServerDisconnectedError(_NO_ANSWER)
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        for at in range(0, len(data), _AT_ONCE):
            self._take_in(data[at : at + _AT_ONCE])

    def _take_in(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            # Nothing was asked: whatever this is, the connection is of no more use.
            self.close()
            return
        self.answer_began = True
        self._barren += len(data)
        if len(self._raw) < _MOST_REREAD:
            self._raw += data
        try:
            messages, _, _ = self._parser.feed_data(data)
        except HttpProcessingError as error:
            if not self._reread():
                self.fail(aiohttp.ClientConnectionError(f"the answer is no HTTP: {_one_line(error)}"))
            return
        surplus = False
        for begun in messages:
            if self._begun is not None:
                surplus = True
            # What comes before the answer, such as 100 Continue, is none (RFC 9110, 15.2).
            elif begun[0].code >= 200 or begun[0].code == HTTPStatus.SWITCHING_PROTOCOLS:
                self._begun = begun
        if self._begun is not None:
            self._read(*self._begun)
        if surplus:
            # Something answered twice: nobody can tell what the next answer would be to.
            self.goes_on = False
        if self._barren > self._limit:
            self.fail(aiohttp.ClientPayloadError(f"{self._barren} bytes in a row are neither a head nor of a body"))

    def _reread(self) -> bool:
        """Looks whether there is an answer before what is no HTTP: an app may have said too small a length.

        The parser gives nothing of bytes in which it finds a mistake, so they are given to another one by one.
        """
        parser = self._new_parser()
        begun: tuple[RawResponseMessage, StreamReader] | None = None
        for byte in self._raw:
            try:
                messages, _, _ = parser.feed_data(bytes((byte,)))
            except HttpProcessingError:
                return False
            begun = begun or next((each for each in messages if each[0].code >= HTTPStatus.OK), None)
            if begun is not None and begun[1].is_eof():
                self._content = b""
                self._read(*begun)
                self.goes_on = False
                return True
        return False

    def eof_received(self) -> None:
        self.open = False

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._break_off(exc)
        # The parser knows its brake as well.
        self._brake.parser = None

    def fail(self, error: Exception) -> None:
        """Nothing more is expected."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
            # Whoever waits for it may have been cancelled a moment ago, and asyncio tells of errors nobody has seen.
            self._answer.exception()

    def close(self) -> None:
        """End it."""
        self.open = False
        if self._transport is not None:
            self._transport.abort()

    def _break_off(self, error: Exception | None) -> None:
        """What has come so far is all of the answer, or it is none."""
        if self._begun is None:
            self.fail(error or aiohttp.ServerDisconnectedError(_NO_ANSWER))
            return
        try:
            if error is not None:
                raise error
            self._parser.feed_eof()
        except (HttpProcessingError, OSError) as cause:
            self.fail(aiohttp.ClientPayloadError(f"the answer breaks off: {_one_line(cause)}"))
            return
        self._read(*self._begun)

    def _read(self, message: RawResponseMessage, payload: StreamReader) -> None:
        """Finish when all of the answer is here, or more than anybody reads."""
        broken = payload.exception()
        if broken is not None:
            self.fail(aiohttp.ClientPayloadError(f"the answer cannot be read: {_one_line(broken)}"))
            return
        if payload.total_bytes > self._seen:
            self._barren, self._seen = 0, payload.total_bytes
        cut, ended = payload.total_bytes > self._limit, payload.is_eof()
        if not (cut or ended):
            return
        endless = not ended and hdrs.CONTENT_LENGTH not in message.headers
        if endless and payload.total_bytes <= self._search:
            # What nobody reads is dropped as it comes, or the parser would be asked to pause.
            self._content = (self._content + payload.read_nowait())[: self._limit]
            return
        assert self._answer is not None
        self._begun = None
        self.goes_on = self.open and not (cut or message.should_close or message.code < HTTPStatus.OK)
        content, self._content = (self._content + payload.read_nowait())[: self._limit], b""
        answer = Response(message.code, dict(message.headers), content, cut=cut, endless=endless)
        self._answer.set_result(answer)


def _written(url: URL, headers: Mapping[str, str], body: bytes) -> bytes:
    host = url.host_subcomponent or ""
    lines = [
        f"POST {url.raw_path_qs} HTTP/1.1",
        f"Host: {host}" if url.is_default_port() else f"Host: {host}:{url.port}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "Accept: */*",
        f"Content-Length: {len(body)}",
    ]
    if not "".join(lines).isprintable():
        raise ValueError("its URL or one of its headers has a line break or another character that cannot be sent")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _one_line(error: BaseException) -> str:
    """What aiohttp's parser says, without its drawing of the place."""
    text = error.message if isinstance(error, HttpProcessingError) else str(error)
    return " ".join(line.strip() for line in text.splitlines() if line.strip(" ^"))[:300]
