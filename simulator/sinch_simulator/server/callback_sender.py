"""Posts callbacks: signs the bytes that it sends, reads the answer, goes to the fallback URL when the first failed.

It knows nothing of what an answer says. A failed attempt is a value like any other: nothing that a webhook does raises
here.
"""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import aiohttp
from attrs import field
from yarl import URL

from sinch_simulator import __version__
from sinch_simulator.core.callback import Attempt, Outcome, Reading, Response, SendCallback
from sinch_simulator.core.delivery import Tried, is_done
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.signing import CALLBACK_CONTENT_TYPE, callback_path
from sinch_simulator.core.values import define
from sinch_simulator.server.connection_pool import KEPT_S, KeptConnections
from sinch_simulator.server.unreachable import why_unreachable

if TYPE_CHECKING:
    import ssl

LONGEST_REPLY = 65_536
"""Bytes of a reply that are read (docs/platform/callbacks.md#11; *assumed*)."""
LONGEST_SEARCH = 1_048_576
"""Bytes of a reply of unannounced length within which its end is looked for; after that it has none."""

LARGEST_MESSAGE = 5_000_000
"""Bytes of one message of a stream: as many as the platform buffers (docs/platform/svaml.md#3.7)."""

_USER_AGENT = f"sinch-simulator/{__version__}"
_UNSIGNED = {"Content-Type": CALLBACK_CONTENT_TYPE}

Read = Callable[[Response], Reading]
"""Has the product that has sent a callback read the 2xx answer to it."""


class DirectApp(Protocol):
    """A way to an app without a socket: gives the answer to one POST, or raises TimeoutError or OSError."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Response: ...


@define(eq=False)
class CallbackSender:
    """One for the whole server; ``timeout_s`` is real seconds for an attempt, connecting and reading included."""

    timeout_s: float
    ca_file: str | None = None
    """A PEM file whose certificates are trusted in addition to those of this machine."""
    direct: dict[tuple[str, str], DirectApp] = field(init=False, factory=dict)
    """By application key and origin (``http://app.test``): apps that are handed their callbacks without a socket."""
    _connections: KeptConnections = field(init=False)
    """For callbacks over plain HTTP, which are most."""
    _session: aiohttp.ClientSession | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._connections = KeptConnections(self.timeout_s, LONGEST_REPLY, LONGEST_SEARCH)

    def open(self) -> None:
        """Makes ready; needs a running event loop."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_S, ssl=self._trusted()),
            timeout=aiohttp.ClientTimeout(total=self.timeout_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={aiohttp.hdrs.USER_AGENT: _USER_AGENT},
            skip_auto_headers=(aiohttp.hdrs.ACCEPT_ENCODING,),
        )

    def _trusted(self) -> "ssl.SSLContext | bool":
        if self.ca_file is None:
            return True  # what this machine trusts
        from sinch_simulator.server.trust import trusting

        return trusting(self.ca_file)

    async def close(self) -> None:
        """Closes every connection."""
        self._connections.close()
        if self._session is not None:
            await self._session.close()

    async def open_socket(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """Opens a WebSocket to an app's server, without headers of ours; whoever opened it answers its pings."""
        assert self._session is not None
        return await self._session.ws_connect(url, autoping=False, max_msg_size=LARGEST_MESSAGE)

    async def fetch(self, url: str, limit: int) -> Response:
        """Fetches a file of the app, up to ``limit`` bytes.

        Raises TimeoutError, aiohttp.ClientError, OSError, ValueError.
        """
        assert self._session is not None
        async with self._session.get(URL(url, encoded=url.isascii())) as reply:
            content = await _read(reply, limit)
            return Response(reply.status, dict(reply.headers), content[:limit], cut=len(content) > limit)

    async def deliver(self, callback: SendCallback, read: Read) -> list[Tried]:
        """Posts to the first URL and, if that fails, at once to the fallback: one or two attempts."""
        first = judged(await self.post(callback, callback.url), read)
        if callback.fallback_url is None or is_done(first):
            return [first]
        return [first, judged(await self.post(callback, callback.fallback_url), read)]

    async def post(self, callback: SendCallback, url: str) -> Attempt:
        """Makes one attempt."""
        body = encode(callback.body)
        started = time.monotonic()
        headers = {**dict(callback.headers), "User-Agent": _USER_AGENT}
        signature = callback.signature
        try:
            target, path = _target(url)
            headers |= _UNSIGNED if signature is None else signature.headers(path, body, time.time())
            outcome, response, why = await self._exchange(callback.application_key, target, headers, body)
        except TimeoutError:
            outcome, response, why = Outcome.TIMEOUT, None, f"no reply within {self.timeout_s:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            outcome, response, why = Outcome.UNREACHABLE, None, why_unreachable(error, url)
        latency_ms = round((time.monotonic() - started) * 1000)
        return Attempt(url, headers, outcome, latency_ms, response, why)

    async def _exchange(
        self, application_key: str, url: URL, headers: Mapping[str, str], body: bytes
    ) -> tuple[Outcome, Response | None, str]:
        direct = self.direct.get((application_key, str(url.origin()))) if self.direct else None
        if direct is None and url.scheme == "http" and url.user is None and url.password is None:
            response = await self._connections.post(url, headers, body)
        elif direct is None:
            response = await self._fetch(url, headers, body)
        else:
            response = await direct(str(url), headers, body, self.timeout_s)
        if response.endless:
            # Nobody has finished answering: the platform waits for it in vain (docs/platform/callbacks.md#11).
            return Outcome.TIMEOUT, response, f"the reply still went on after {LONGEST_SEARCH} bytes"
        if 200 <= response.status < 300:
            return Outcome.ANSWERED, response, ""
        hint = ": redirects are not followed" if 300 <= response.status < 400 else ""
        return Outcome.BAD_STATUS, response, f"HTTP status {response.status}{hint}"

    async def _fetch(self, url: URL, headers: Mapping[str, str], body: bytes) -> Response:
        assert self._session is not None, "the callback sender has not been opened"
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as reply:
            unannounced = reply.content_length is None
            content = await _read(reply, LONGEST_SEARCH if unannounced else LONGEST_REPLY)
            cut = len(content) > LONGEST_REPLY
            endless = unannounced and len(content) > LONGEST_SEARCH
            if cut:
                reply.close()
        return Response(reply.status, dict(reply.headers), content[:LONGEST_REPLY], cut=cut, endless=endless)


def judged(attempt: Attempt, read: Read) -> Tried:
    """Returns an attempt with what the product makes of its answer, if that has a 2xx status."""
    if attempt.outcome is not Outcome.ANSWERED or attempt.response is None:
        return attempt, None
    return attempt, read(attempt.response)


@lru_cache(maxsize=256)
def _target(url: str) -> tuple[URL, str]:
    """Returns where a callback goes, and the path that is signed. Raises ValueError for what is no URL."""
    target = URL(url, encoded=url.isascii())
    return target, callback_path(str(target))


async def _read(reply: aiohttp.ClientResponse, limit: int) -> bytes:
    """Reads the body, or as much of it as shows that it is too long."""
    chunks: list[bytes] = []
    size = 0
    while size <= limit and (chunk := await reply.content.readany()):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)
