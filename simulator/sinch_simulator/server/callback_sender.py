"""Posts callbacks: signs the bytes that it sends, reads the reply, goes to the fallback URL when the primary failed.

It decides nothing about calls. A failed attempt is a value like any other: nothing that a webhook does raises here.
"""

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import aiohttp
from attrs import define, field
from yarl import URL

from sinch_simulator import __version__
from sinch_simulator.core.application import Application
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.signing import callback_headers, callback_path, decode_secret
from sinch_simulator.products.voice.effects import SendCallback
from sinch_simulator.products.voice.events import Outcome
from sinch_simulator.server.callback_log import Attempt, Response
from sinch_simulator.server.connection_pool import KEPT_S, KeptConnections

LONGEST_REPLY = 65_536
"""Bytes of a reply that are read (docs/platform/callbacks.md#11; *assumed*)."""

LARGEST_MESSAGE = 5_000_000
"""Bytes of one message of a stream: as many as the platform buffers (docs/platform/svaml.md#3.7)."""

_USER_AGENT = f"sinch-simulator/{__version__}"


class Straight(Protocol):
    """A way to an app without a socket: the answer to one POST, TimeoutError or OSError."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Response: ...


@define(eq=False)
class Courier:
    """One for the whole server; ``timeout_s`` is real seconds for an attempt, connecting and reading included."""

    timeout_s: float
    straight: dict[tuple[str, str], Straight] = field(init=False, factory=dict)
    """By application key and origin (``http://app.test``): apps that are handed their callbacks without a socket."""
    _connections: KeptConnections = field(init=False)
    """For callbacks over plain HTTP, which are most."""
    _session: aiohttp.ClientSession | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._connections = KeptConnections(self.timeout_s, LONGEST_REPLY)

    def open(self) -> None:
        """Make ready; needs a running event loop."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_S),
            timeout=aiohttp.ClientTimeout(total=self.timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={aiohttp.hdrs.USER_AGENT: _USER_AGENT},
            skip_auto_headers=(aiohttp.hdrs.ACCEPT_ENCODING,),
        )

    async def close(self) -> None:
        """Close every connection."""
        self._connections.close()
        if self._session is not None:
            await self._session.close()

    async def open_socket(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """A WebSocket to an app's server, without headers of ours; whoever opened it answers its pings."""
        assert self._session is not None
        return await self._session.ws_connect(url, autoping=False, max_msg_size=LARGEST_MESSAGE)

    async def fetch(self, url: str, limit: int) -> Response:
        """A file of the app, up to ``limit`` bytes. Raises TimeoutError, aiohttp.ClientError, OSError, ValueError."""
        assert self._session is not None
        async with self._session.get(URL(url, encoded=url.isascii())) as reply:
            content = await _read(reply, limit)
            return Response(reply.status, dict(reply.headers), content[:limit], cut=len(content) > limit)

    async def deliver(self, callback: SendCallback, application: Application) -> list[Attempt]:
        """Post to the primary URL and, if that fails, at once to the fallback: one or two attempts."""
        first = await self.post(callback, application, callback.url)
        if first.outcome is Outcome.ANSWERED or callback.fallback_url is None:
            return [first]
        return [first, await self.post(callback, application, callback.fallback_url)]

    async def post(self, callback: SendCallback, application: Application, url: str) -> Attempt:
        """One attempt."""
        body = encode(callback.body)
        started = time.monotonic()
        headers = {**dict(callback.headers), "User-Agent": _USER_AGENT}
        try:
            target, path = _target(url)
            headers |= callback_headers(application.key, decode_secret(application.secret), path, body, time.time())
            outcome, response, why = await self._exchange(application, target, headers, body)
        except TimeoutError:
            outcome, response, why = Outcome.TIMEOUT, None, f"no reply within {self.timeout_s:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            outcome, response, why = Outcome.UNREACHABLE, None, str(error) or type(error).__name__
        latency_ms = round((time.monotonic() - started) * 1000)
        return Attempt(url, headers, outcome, latency_ms, response, why)

    async def _exchange(
        self, application: Application, url: URL, headers: Mapping[str, str], body: bytes
    ) -> tuple[Outcome, Response | None, str]:
        straight = self.straight.get((application.key, str(url.origin()))) if self.straight else None
        if straight is None and url.scheme == "http" and url.user is None and url.password is None:
            response = await self._connections.post(url, headers, body)
        elif straight is None:
            response = await self._fetch(url, headers, body)
        else:
            response = await straight(str(url), headers, body, self.timeout_s)
        if 200 <= response.status < 300:
            return Outcome.ANSWERED, response, ""
        hint = ": redirects are not followed" if 300 <= response.status < 400 else ""
        return Outcome.BAD_STATUS, response, f"HTTP status {response.status}{hint}"

    async def _fetch(self, url: URL, headers: Mapping[str, str], body: bytes) -> Response:
        assert self._session is not None, "the courier has not been opened"
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as reply:
            content = await _read(reply, LONGEST_REPLY)
            cut = len(content) > LONGEST_REPLY
            if cut:
                reply.close()
        return Response(reply.status, dict(reply.headers), content[:LONGEST_REPLY], cut=cut)


@lru_cache(maxsize=256)
def _target(url: str) -> tuple[URL, str]:
    """Where a callback goes, and the path that is signed. Raises ValueError for what is no URL."""
    target = URL(url, encoded=url.isascii())
    return target, callback_path(str(target))


async def _read(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    """The body, or as much of it as shows that it is too long."""
    chunks: list[bytes] = []
    size = 0
    while size <= limit and (chunk := await reply.content.readany()):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)
