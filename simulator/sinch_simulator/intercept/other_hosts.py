"""Connects to the hosts that are not Sinch's: directly, or by the proxy that the user's environment names for them."""

import asyncio
import base64
import re
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from attrs import frozen

from sinch_simulator.intercept.streams import Connection, open_connection

_PROXY_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080}
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r?\n")


class ProxyRefusedError(OSError):
    """The user's own proxy would not connect."""


@frozen
class OtherHosts:
    """The proxies of the user's environment, by scheme (``http``, ``https``, ``all``, and ``no`` for exceptions)."""

    proxies: Mapping[str, str]

    @classmethod
    def of_environment(cls) -> "OtherHosts":
        """Reads ``https_proxy`` and its likes, in either case."""
        from urllib.request import getproxies_environment

        return cls(getproxies_environment())

    def proxy_for(self, scheme: str, host: str, port: int) -> SplitResult | None:
        """Gives the proxy that the user's environment names for this host, None for a direct connection."""
        from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed leaves it out

        url = self.proxies.get(scheme) or self.proxies.get("all")
        if not url or proxy_bypass_environment(f"{host}:{port}", dict(self.proxies)):
            return None
        parts = urlsplit(url if "://" in url else f"http://{url}")
        return parts if parts.hostname and parts.scheme in _PROXY_PORTS else None

    def addresses_of_proxies(self) -> set[tuple[str, int]]:
        """Lists host and port of every proxy that is named."""
        urls = [url for name, url in self.proxies.items() if name != "no"]
        found = [urlsplit(url if "://" in url else f"http://{url}") for url in urls]
        return {(parts.hostname, _port(parts)) for parts in found if parts.hostname}

    async def open_tunnel(self, host: str, port: int, scheme: str = "https") -> Connection:
        """Connects to a host, through the user's proxy where there is one. Raises ``OSError``."""
        proxy = self.proxy_for(scheme, host, port)
        if proxy is None:
            return await open_connection(host, port)
        connection = await self.open_proxy(proxy)
        try:
            if proxy.scheme.startswith("socks"):
                await _ask_socks(connection, proxy, host, port)
            else:
                await _ask_http(connection, proxy, host, port)
        except BaseException:
            connection.abort()
            raise
        return connection

    async def open_proxy(self, proxy: SplitResult) -> Connection:
        """Connects to a proxy itself; by TLS where its URL says https."""
        assert proxy.hostname is not None
        if proxy.scheme == "https":
            context = ssl.create_default_context()
            return Connection(*await asyncio.open_connection(proxy.hostname, _port(proxy), ssl=context))
        return await open_connection(proxy.hostname, _port(proxy))


def authorization(proxy: SplitResult) -> str:
    """Gives the header line that shows the user's name and password to the proxy, empty when the URL has none."""
    if proxy.username is None:
        return ""
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"


def _port(proxy: SplitResult) -> int:
    return proxy.port or _PROXY_PORTS.get(proxy.scheme, 80)


async def _ask_http(connection: Connection, proxy: SplitResult, host: str, port: int) -> None:
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    await connection.send(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n{authorization(proxy)}\r\n".encode())
    try:
        head = await connection.reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ProxyRefusedError(f"the proxy {proxy.hostname} gave no answer") from error
    status = _STATUS.match(head)
    if status is None or not status[1].startswith(b"2"):
        raise ProxyRefusedError(f"the proxy {proxy.hostname} answered {status[1].decode() if status else 'no HTTP'}")


async def _ask_socks(connection: Connection, proxy: SplitResult, host: str, port: int) -> None:
    """SOCKS 5 (RFC 1928), with name and password (RFC 1929) where the URL has them; the proxy looks the name up."""
    refused = ProxyRefusedError(f"the proxy {proxy.hostname} does not connect to {host}:{port}")
    read = connection.reader.readexactly
    try:
        await connection.send(b"\x05\x01\x02" if proxy.username is not None else b"\x05\x01\x00")
        _, method = await read(2)
        if method == 2:
            name, password = unquote(proxy.username or "").encode(), unquote(proxy.password or "").encode()
            await connection.send(b"\x01" + bytes([len(name)]) + name + bytes([len(password)]) + password)
            if (await read(2))[1] != 0:
                raise refused
        elif method != 0:
            raise refused
        target = host.encode("idna")
        await connection.send(b"\x05\x01\x00\x03" + bytes([len(target)]) + target + port.to_bytes(2, "big"))
        _, reply, _, kind = await read(4)
        if reply != 0:
            raise refused
        await read({1: 4, 4: 16}.get(kind) or (await read(1))[0])
        await read(2)
    except asyncio.IncompleteReadError as error:
        raise refused from error
