"""Carries the requests of a ``Client`` over HTTP, to a simulator wherever it runs."""

import errno
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from attrs import frozen
from yarl import URL

from sinch_simulator.client.control import Client, Reply
from sinch_simulator.client.errors import Refused
from sinch_simulator.core.rest.answer import HINT_HEADER

LONGEST_REQUEST_S = 300.0
"""Real seconds that a request may take: an advance of the clock answers when every callback has been answered."""

_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
"""What OpenSSL calls an answer that is no TLS, by its version."""


@frozen
class HttpTransport:
    """Sends requests to the simulator at ``url``, which has no trailing slash."""

    session: aiohttp.ClientSession
    url: str

    async def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Sends a request and gives the reply. Raises ``Refused`` when nobody answers."""
        limit = aiohttp.ClientTimeout(total=LONGEST_REQUEST_S)
        try:
            async with self.session.request(
                method, URL(self.url + target, encoded=True), data=body or None, headers=headers, timeout=limit
            ) as response:
                return Reply(response.status, await response.read(), response.headers.get(HINT_HEADER, ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Refused(no_answer(self.url, error)) from None


def no_answer(url: str, error: BaseException) -> str:
    """One line about a simulator that does not answer; what would be right, where none runs."""
    if any(word in str(error) for word in _NO_TLS):
        return f"what answers at {url} speaks no TLS, as no simulator does: write http:// in place of https://"
    cause = getattr(error, "os_error", None)
    if getattr(cause, "errno", None) == errno.ECONNREFUSED or "Multiple exceptions" in str(cause):
        return f"no simulator answers at {url}: nothing listens there; start one with `sinch-simulator start`"
    return f"no simulator answers at {url}: {error or type(error).__name__}"


def token_headers(token: str | None) -> dict[str, str]:
    """Returns the header that shows the control token; none where there is no token."""
    return {} if token is None else {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def connected(url: str, token: str | None = None) -> AsyncIterator[Client]:
    """Gives a client of the simulator at this URL, and closes its connections at the end.

    ``token`` is the control token, for a simulator that asks for one.
    """
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers=token_headers(token)) as session:
        yield Client(HttpTransport(session, url.rstrip("/")))
