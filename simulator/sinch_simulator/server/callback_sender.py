"""Posts callbacks: signs the bytes that it sends, reads the answer, goes to the fallback URL when the first failed.

It knows nothing of what an answer says. A failed attempt is a value like any other: nothing that a webhook does raises
here.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import Protocol, TypeVar

import aiohttp
from attrs import evolve, field
from yarl import URL

from sinch_simulator import __version__
from sinch_simulator.core.allowed_hosts import is_own
from sinch_simulator.core.callback import Attempt, Outcome, Reading, Response, SendCallback
from sinch_simulator.core.delivery import Tried, is_done
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.signing import CALLBACK_CONTENT_TYPE, callback_path
from sinch_simulator.core.values import define
from sinch_simulator.server import descriptors
from sinch_simulator.server.connection_pool import KEPT_S, KeptConnections
from sinch_simulator.server.outbound import HostRefused, Outbound
from sinch_simulator.server.unreachable import why_unreachable

LONGEST_REPLY = 65_536
"""Bytes of a reply that are read (docs/platform/callbacks.md#11; *assumed*)."""
LONGEST_SEARCH = 1_048_576
"""Bytes of a reply of unannounced length within which its end is looked for; after that it has none."""

LARGEST_MESSAGE = 5_000_000
"""Bytes of one message of a stream: as many as the platform buffers (docs/platform/svaml.md#3.7)."""

_DESCRIPTOR_WAIT_S = 0.02

_USER_AGENT = f"sinch-simulator/{__version__}"
_UNSIGNED = {"Content-Type": CALLBACK_CONTENT_TYPE}

Result = TypeVar("Result")
Read = Callable[[Response], Reading]
"""Has the product that has sent a callback read the 2xx answer to it."""


class DirectApp(Protocol):
    """A way to an app without a socket: gives the answer to one POST, or raises TimeoutError or OSError."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes, timeout_s: float) -> Response: ...


@define(eq=False)
class CallbackSender:
    """One for the whole server; ``timeout_s`` is real seconds for an attempt, connecting and reading included."""

    timeout_s: float
    outbound: Outbound = field(factory=Outbound)
    direct: dict[tuple[str, str], DirectApp] = field(init=False, factory=dict)
    """By application key and origin (``http://app.test``): apps that are handed their callbacks without a socket."""
    _connections: KeptConnections = field(init=False)
    """For callbacks."""
    _others: aiohttp.ClientSession | None = field(init=False, default=None)
    """For what an app names and no user has: files, streams, stores."""

    def __attrs_post_init__(self) -> None:
        connect = self.outbound.connect
        self._connections = KeptConnections(self.timeout_s, LONGEST_REPLY, LONGEST_SEARCH, connect)

    async def close(self) -> None:
        """Closes every connection."""
        self._connections.close()
        if self._others is not None:
            await self._others.close()

    @property
    def others(self) -> aiohttp.ClientSession:
        """Returns the client for what an app names; each of its requests is admitted, redirected ones too."""
        if self._others is None:
            timeout = aiohttp.ClientTimeout(total=self.timeout_s)
            self._others = self.outbound.session(timeout, keep_s=KEPT_S, user_agent=_USER_AGENT)
        return self._others

    def leaves_for(self, application_key: str, url: str) -> str | None:
        """Returns the host outside this machine that a callback will reach; None for an app that is here."""
        host = _foreign_host(url)
        if host is None:
            return None
        try:
            target, _ = _target(url)
            if (application_key, str(target.origin())) in self.direct:
                return None
            self.outbound.admit(target, application_key)
        except (ValueError, HostRefused):
            return None
        return host

    async def open_socket(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """Opens a WebSocket to an app's server, without headers of ours; whoever opened it answers its pings.

        Raises ``OutOfDescriptors``, and what ``fetch`` raises.
        """
        return await self.with_descriptor(
            lambda: self.others.ws_connect(url, autoping=False, max_msg_size=LARGEST_MESSAGE)
        )

    async def fetch(self, url: str, limit: int) -> Response:
        """Fetches a file of the app, up to ``limit`` bytes.

        Raises ``OutOfDescriptors``, TimeoutError, aiohttp.ClientError, OSError, ValueError.
        """
        async with await self.with_descriptor(lambda: self.others.get(URL(url, encoded=url.isascii()))) as reply:
            content = await _read(reply, limit)
            return Response(reply.status, dict(reply.headers), content[:limit], cut=len(content) > limit)

    async def with_descriptor(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        """Does what opens a connection, and does it again while there is no descriptor for it: nothing was sent then.

        Raises ``OutOfDescriptors`` when there is none within the time that an app has.
        """
        asked_at = time.monotonic()
        while True:
            try:
                return await ask()
            except OSError as error:
                if not descriptors.is_for_want_of_descriptors(error):
                    raise
            if time.monotonic() - asked_at > self.timeout_s:
                raise descriptors.OutOfDescriptors(descriptors.tell())
            self._connections.drop_idle()
            await asyncio.sleep(_DESCRIPTOR_WAIT_S)

    async def deliver(self, callback: SendCallback, read: Read) -> list[Tried]:
        """Posts to the first URL and, if that fails, at once to the fallback: one or two attempts."""
        first = judged(await self.post(callback, callback.url), read)
        if callback.fallback_url is None or is_done(first):
            return [first]
        return [first, judged(await self.post(callback, callback.fallback_url), read)]

    async def post(self, callback: SendCallback, url: str) -> Attempt:
        """Makes one attempt; waits while there is no descriptor for its connection. Raises ``OutOfDescriptors``."""
        return await self.with_descriptor(lambda: self._attempt(callback, url))

    async def _attempt(self, callback: SendCallback, url: str) -> Attempt:
        body = encode(callback.body)
        started = time.monotonic()
        headers = {**dict(callback.headers), "User-Agent": _USER_AGENT}
        signature = callback.signature
        hint = ""
        try:
            target, path = _target(url)
            headers |= _UNSIGNED if signature is None else signature.headers(path, body, time.time())
            outcome, response, why = await self._exchange(callback.application_key, target, headers, body)
        except TimeoutError:
            if descriptors.are_used_up():
                # An app in this very process could not even take the connection.
                raise descriptors.OutOfDescriptors(descriptors.tell()) from None
            outcome, response, why = Outcome.TIMEOUT, None, f"no reply within {self.timeout_s:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if descriptors.is_for_want_of_descriptors(error):
                raise
            outcome, response, why = Outcome.UNREACHABLE, None, why_unreachable(error, url)
            hint = error.hint if isinstance(error, HostRefused) else ""
        latency_ms = round((time.monotonic() - started) * 1000)
        return Attempt(url, headers, outcome, latency_ms, response, why, hint)

    async def _exchange(
        self, application_key: str, url: URL, headers: Mapping[str, str], body: bytes
    ) -> tuple[Outcome, Response | None, str]:
        direct = self.direct.get((application_key, str(url.origin()))) if self.direct else None
        if direct is not None:
            response = _cut(await direct(str(url), headers, body, self.timeout_s))
        else:
            self.outbound.admit(url, application_key)
            if url.raw_user is not None or url.raw_password is not None:
                raise ValueError("a callback cannot have a user name and a password: Authorization is the signature's")
            response = await self._connections.post(url, headers, body)
        if response.endless:
            # Nobody has finished answering: the platform waits for it in vain (docs/platform/callbacks.md#11).
            return Outcome.TIMEOUT, response, f"the reply still went on after {LONGEST_SEARCH} bytes"
        if 200 <= response.status < 300:
            return Outcome.ANSWERED, response, ""
        hint = ": redirects are not followed" if 300 <= response.status < 400 else ""
        return Outcome.BAD_STATUS, response, f"HTTP status {response.status}{hint}"


def _cut(response: Response) -> Response:
    """Takes no more of an answer without a socket than is read of one with."""
    if len(response.body) <= LONGEST_REPLY:
        return response
    return evolve(response, body=response.body[:LONGEST_REPLY], cut=True)


def judged(attempt: Attempt, read: Read) -> Tried:
    """Returns an attempt with what the product makes of its answer, if that has a 2xx status."""
    if attempt.outcome is not Outcome.ANSWERED or attempt.response is None:
        return attempt, None
    return attempt, read(attempt.response)


@lru_cache(maxsize=256)
def _foreign_host(url: str) -> str | None:
    """Returns the host of a URL when that is not this machine; None for what is no URL."""
    try:
        host = _target(url)[0].raw_host
    except ValueError:
        return None
    return None if host is None or is_own(host) else host


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
