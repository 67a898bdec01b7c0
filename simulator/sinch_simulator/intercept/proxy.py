"""The one door through which the command reaches the network: Sinch's hosts lead to the simulator, others pass through.

It is a forward proxy for whom the environment sends here, and takes connections that were meant for somebody else as
well: those of hooks and of the connection filter begin with TLS or with a request of their own. What it cannot place
is closed, never guessed.
"""

import asyncio
import ipaddress
import re
import ssl
from collections import Counter
from urllib.parse import urlsplit

from attrs import define, field

from sinch_simulator.core.sinch_hosts import is_sinch_host
from sinch_simulator.intercept.first_bytes import FirstBytes, RequestHead, TlsGreeting, split_host
from sinch_simulator.intercept.other_hosts import OtherHosts, authorization
from sinch_simulator.intercept.streams import Connection, open_connection, relay

LOOPBACK = "127.0.0.1"

_PORTS = {"http": 80, "https": 443}
_NOT_PASSED_ON = re.compile(rb"^(?:proxy-[a-z-]+|connection|keep-alive):[^\n]*\n", re.IGNORECASE | re.MULTILINE)
_UPGRADE = re.compile(rb"^upgrade:", re.IGNORECASE | re.MULTILINE)

_BACKLOG = 4096
_LAST_WORDS_S = 0.2

Address = tuple[str, int]


@define(eq=False)
class Proxy:
    """``tls_port`` and ``plain_port``: where the gateway to the simulator listens. ``strict`` refuses other hosts."""

    tls_port: int
    plain_port: int
    others: OtherHosts
    strict: bool = False
    port: int = field(init=False, default=0)
    """Known after ``start``."""
    spoken: set[int] = field(init=False, factory=set)
    """The ports of ours from which a request has come to the gateway by TLS; it is the gateway that tells."""
    given_up: Counter[str] = field(init=False, factory=Counter)
    """By Sinch's hosts: connections that began with TLS and brought no request."""
    meant_for: dict[Address, Address] = field(init=False, factory=dict)
    """Where a connection was meant to go before it was led here, by the address that it comes from."""
    _servers: list[asyncio.Server] = field(init=False, factory=list)
    _tasks: set["asyncio.Task[None]"] = field(init=False, factory=set)

    async def start(self) -> None:
        """Listens on a free port of this machine."""
        server = await asyncio.start_server(self._accept, LOOPBACK, 0, backlog=_BACKLOG)
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]

    async def listen_at(self, address: str, port: int) -> None:
        """Listens at one more address. Raises ``OSError`` where this system does not allow it."""
        self._servers.append(await asyncio.start_server(self._accept, address, port, backlog=_BACKLOG))

    async def settle(self) -> None:
        """Waits a moment for connections that are ending."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_WORDS_S)

    async def stop(self) -> None:
        """Stops listening and ends every connection."""
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Connection(reader, writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            peer = writer.get_extra_info("peername")
            destination = self.meant_for.pop(peer[:2], None) if peer else None
            await self._lead(client, await client.first_bytes(), destination)
        except (OSError, asyncio.CancelledError):
            # Cancelled by ``stop``: nothing comes after this.
            client.abort()
        finally:
            self._tasks.discard(task)
            client.close()

    async def _lead(self, client: Connection, first: FirstBytes, destination: Address | None) -> None:
        """Finds out where the client wants to go. ``destination``: the address of another host that it had dialled."""
        match first:
            case TlsGreeting(name) if is_sinch_host(name) or (not name and destination is None):
                await self._to_simulator(client, self.tls_port, name)
            case RequestHead("CONNECT", target) if is_sinch_host(_host_of(target)) or self._is_this(target):
                client.take(first.length)
                await client.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._lead(client, await client.first_bytes(), None)
            case RequestHead() if first.method != "CONNECT" and is_sinch_host(_host_asked(first)):
                await self._to_simulator(client, self.plain_port)
            case _ if destination is not None:
                await self._to_destination(client, first, destination)
            case RequestHead("CONNECT", target):
                await self._tunnel(client, first, target)
            case RequestHead():
                await self._forward(client, first)
            case _:
                client.abort()

    async def _to_simulator(self, client: Connection, port: int, name: str = "") -> None:
        gateway = await open_connection(LOOPBACK, port)
        own_port = gateway.writer.get_extra_info("sockname")[1]
        await relay(client, gateway)
        if name and own_port not in self.spoken:
            self.given_up[name] += 1
        self.spoken.discard(own_port)

    async def _to_destination(self, client: Connection, first: FirstBytes, destination: Address) -> None:
        """On to where the client had dialled; by name where it gave one and that address does not answer."""
        if self.strict and not is_loopback(destination[0]):
            client.abort()
            return
        try:
            other = await asyncio.wait_for(open_connection(*destination), 3)
        except OSError:
            if not isinstance(first, TlsGreeting) or not first.server_name:
                raise
            other = await open_connection(first.server_name, destination[1])
        await relay(client, other)

    async def _tunnel(self, client: Connection, head: RequestHead, target: str) -> None:
        try:
            host, port = split_host(target, 443)
        except ValueError as error:
            await _refuse(client, "400 Bad Request", str(error))
            return
        if self._is_closed_to(host):
            await _refuse(client, "403 Forbidden", f"exec --strict: {host} is not this machine")
            return
        try:
            other = await self.others.open_tunnel(host, port)
        except OSError as error:
            await _refuse(client, "502 Bad Gateway", f"{host}:{port}: {error}")
            return
        client.take(head.length)
        await client.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await relay(client, other)

    async def _forward(self, client: Connection, head: RequestHead) -> None:
        """Pass one request with a whole URL on to its host; the connection ends with the answer."""
        url = urlsplit(head.target)
        if url.scheme not in _PORTS or not url.hostname:
            await _refuse(client, "400 Bad Request", "this is the proxy of sinch-simulator exec: it takes whole URLs")
            return
        host, port = url.hostname, url.port or _PORTS[url.scheme]
        if self._is_closed_to(host):
            await _refuse(client, "403 Forbidden", f"exec --strict: {host} is not this machine")
            return
        proxy = self.others.proxy_for(url.scheme, host, port)
        by_proxy = proxy is not None and url.scheme == "http" and not proxy.scheme.startswith("socks")
        try:
            if proxy is not None and by_proxy:
                other = await self.others.open_proxy(proxy)
            else:
                other = await self.others.open_tunnel(host, port, url.scheme)
                if url.scheme == "https":
                    await other.writer.start_tls(ssl.create_default_context(), server_hostname=host)
        except OSError as error:
            await _refuse(client, "502 Bad Gateway", f"{host}:{port}: {error}")
            return
        target = head.target if by_proxy else url._replace(scheme="", netloc="", fragment="").geturl() or "/"
        shown = authorization(proxy) if proxy is not None and by_proxy else ""
        await other.send(_rewritten(client.take(head.length), target, shown))
        await relay(client, other)

    def _is_this(self, target: str) -> bool:
        """Whether a client that has been led here asks a proxy for us: curl does, with the options that we give it."""
        return target == f"{LOOPBACK}:{self.port}"

    def _is_closed_to(self, host: str) -> bool:
        return self.strict and not is_loopback(host)

def is_loopback(address: str) -> bool:
    """Tells whether a name or an address is this machine."""
    plain = address.strip("[]").rstrip(".").lower()
    if plain == "localhost" or plain.endswith(".localhost"):
        return True
    try:
        parsed = ipaddress.ip_address(plain.split("%")[0])
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def _host_of(authority: str) -> str:
    try:
        return split_host(authority, 443)[0]
    except ValueError:
        return ""


def _host_asked(head: RequestHead) -> str:
    """The host of a whole URL, else that of the Host header."""
    if "://" in head.target:
        return urlsplit(head.target).hostname or ""
    return _host_of(head.host)


def _rewritten(head: bytes, target: str, authorization_line: str) -> bytes:
    line, _, headers = head.partition(b"\n")
    method, _, version = line.split(b" ", 2)
    if _UPGRADE.search(headers) is None:
        headers = b"Connection: close\r\n" + _NOT_PASSED_ON.sub(b"", headers)
    return b" ".join([method, target.encode("latin-1"), version]) + b"\n" + authorization_line.encode() + headers


async def _refuse(client: Connection, status: str, why: str) -> None:
    body = f"sinch-simulator exec: {why}\n".encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    await client.send(head.encode() + body)
