"""The only way out: every connection that a simulator opens, to an app, a file, a stream or a store, is opened here.

What may be contacted is decided by the name of the host (``core/allowed_hosts``), and again by the address that it
turns out to have: the connection goes to the address that was looked at. The names of this machine ask no resolver.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from attrs import field
from yarl import URL

from sinch_simulator.core.allowed_hosts import AllowedHosts, NotAllowed, is_own, own_addresses
from sinch_simulator.core.values import define

Protocol = TypeVar("Protocol", bound=asyncio.Protocol)

Endpoint = tuple[str, int]
"""A host and a port."""


class HostRefused(aiohttp.ClientError):
    """A host that may not be contacted. ``hint`` says what would open the way."""

    def __init__(self, refusal: NotAllowed) -> None:
        super().__init__(str(refusal))
        self.hint = refusal.hint


@define(eq=False)
class Outbound:
    """The way out of one server. ``stores`` are the endpoints of stores by kind (``s3``, ``azure``)."""

    allowed: AllowedHosts = field(factory=AllowedHosts)
    stores: Mapping[str, str] = field(factory=dict)
    ca_file: str | None = None
    """A PEM file whose certificates are trusted in addition to those of this machine."""
    _given: dict[str, set[Endpoint]] = field(init=False, factory=dict)
    """By application key, where the user lets callbacks go."""
    _tls: ssl.SSLContext | None = field(init=False, default=None)

    def give(self, application_key: str, urls: Iterable[str | None]) -> None:
        """Lets callbacks of this application go to the hosts of these URLs: the user has named them."""
        for url in urls:
            if url is not None:
                # A host that no name can be leads nowhere: its callbacks will say so.
                with suppress(ValueError):
                    self._given.setdefault(application_key, set()).add(_endpoint(URL(url, encoded=url.isascii())))

    def forget(self, application_key: str) -> None:
        """Drops what was given for an application."""
        self._given.pop(application_key, None)

    def admit(self, url: URL, application_key: str | None = None) -> None:
        """Raises ``HostRefused`` unless this may be contacted: for a callback of this application, or for no callback.

        It looks nothing up.
        """
        host = url.raw_host or ""
        if is_own(host):
            return
        given = application_key is not None and _endpoint(url) in self._given.get(application_key, ())
        try:
            self.allowed.check_name(host, given=given)
        except NotAllowed as refusal:
            raise HostRefused(refusal) from None

    async def addresses(self, host: str) -> tuple[str, ...]:
        """Returns the addresses of a host that was admitted. Raises ``HostRefused``, OSError."""
        own = own_addresses(host)
        if own:
            return own
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
        for address in addresses:
            try:
                self.allowed.check_address(address, host)
            except NotAllowed as refusal:
                raise HostRefused(refusal) from None
        return addresses

    async def connect(self, make: Callable[[], Protocol], host: str, port: int, *, tls: bool = False) -> None:
        """Opens a connection to a host that was admitted, at the first of its addresses that takes it.

        With ``tls`` the host must show a certificate that is trusted. Raises ``HostRefused``, OSError.
        """
        context, name = (self._trusted(), host.rstrip(".")) if tls else (None, None)
        first: OSError | None = None
        for address in await self.addresses(host):
            try:
                loop = asyncio.get_running_loop()
                await loop.create_connection(make, address, port, ssl=context, server_hostname=name)
            except OSError as error:
                first = first or error
            else:
                return
        raise first or OSError(f"{host} has no address")

    def _trusted(self) -> ssl.SSLContext:
        """Returns what certificates are checked with; it is made once, for that takes long."""
        if self._tls is None:
            from sinch_simulator.server.trust import trusting

            self._tls = trusting(self.ca_file)
        return self._tls

    def session(self, timeout: aiohttp.ClientTimeout, *, keep_s: float, user_agent: str) -> aiohttp.ClientSession:
        """Makes a client whose connections all go through here.

        Each request is admitted by itself, also one that a redirect leads to. It takes no proxy and no password from
        the environment.
        """
        return aiohttp.ClientSession(
            connector=_Connector(self, True if self.ca_file is None else self._trusted(), keep_s),
            timeout=timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={aiohttp.hdrs.USER_AGENT: user_agent},
            skip_auto_headers=(aiohttp.hdrs.ACCEPT_ENCODING,),
            trust_env=False,
        )


class _Connector(aiohttp.TCPConnector):
    """Opens the connections of a client; what redirects lead to passes here too."""

    def __init__(self, outbound: Outbound, trusted: ssl.SSLContext | bool, keep_s: float) -> None:
        super().__init__(
            limit=0,
            keepalive_timeout=keep_s,
            resolver=_Resolver(outbound),
            use_dns_cache=False,
            ssl=trusted,
        )
        self._outbound = outbound

    async def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: aiohttp.ClientTimeout  # noqa: ASYNC109 - aiohttp's
    ) -> Connection:
        """Gives a connection for this request."""
        self._outbound.admit(req.url)
        return await super().connect(req, traces, timeout)


class _Resolver(AbstractResolver):
    """Looks names up for a client; addresses are not looked up, but admitted as names are."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Gives the addresses to connect to."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self._outbound.addresses(host)
        ]

    async def close(self) -> None:
        """Has nothing to close."""


def _endpoint(url: URL) -> Endpoint:
    return (url.raw_host or "").rstrip(".").lower(), url.port or 0
