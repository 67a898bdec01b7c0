"""Answers for Sinch's hosts: ends TLS with our certificate, asks the simulator, and notes what was asked.

The simulator gets the request as it was sent, with the Host that the client meant: products and regions follow from it.
"""

import asyncio
import logging
from collections.abc import Mapping

import aiohttp
from aiohttp import hdrs, web
from attrs import define, field, frozen
from multidict import CIMultiDict
from yarl import URL

from sinch_simulator.intercept.certificates import Certificates
from sinch_simulator.intercept.proxy import LOOPBACK

_HOP_BY_HOP = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_ADDED_BY_THE_CLIENT = (hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.CONTENT_TYPE, hdrs.USER_AGENT)
_IDLE_S = 60.0
_SHUTDOWN_S = 0.1

# What aiohttp logs of its own accord is about requests that are no HTTP: the client is told, the terminal need not be.
_log = logging.getLogger("sinch_simulator.intercept")
_log.setLevel(logging.CRITICAL + 1)


@frozen
class Asked:
    """A request to the platform and the status of its answer, 0 when there was none."""

    method: str
    host: str
    path: str
    status: int

    @property
    def name(self) -> str:
        """Gives method, host and path in one."""
        return f"{self.method} {self.host}{self.path}"


@define(eq=False)
class Gateway:
    """``simulator_url`` is where the simulator serves, without a trailing slash."""

    simulator_url: str
    certificates: Certificates
    spoken: set[int] = field(init=False, factory=set)
    """Gets the ports from which a request comes."""
    asked: list[Asked] = field(init=False, factory=list)
    """In the order in which the answers came."""
    tls_port: int = field(init=False, default=0)
    plain_port: int = field(init=False, default=0)
    """Both known after ``start``."""
    _session: aiohttp.ClientSession = field(init=False)
    _runner: web.ServerRunner = field(init=False)

    async def start(self) -> None:
        """Listens on two free ports of this machine."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            skip_auto_headers=_ADDED_BY_THE_CLIENT,
        )
        # A fault that cuts a connection off must reach the client; aiohttp has no public name for this.
        self._session._retry_connection = False
        server = web.Server(
            self._serve, access_log=None, logger=_log, handler_cancellation=True, keepalive_timeout=_IDLE_S
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        context = await asyncio.to_thread(self.certificates.server_context)
        await web.TCPSite(self._runner, LOOPBACK, 0, ssl_context=context).start()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        self.tls_port, self.plain_port = (address[1] for address in self._runner.addresses)

    async def stop(self) -> None:
        """Stops listening; what has no answer yet gets none."""
        await self._runner.cleanup()
        await self._session.close()

    async def _serve(self, http: web.BaseRequest) -> web.StreamResponse:
        assert http.transport is not None
        self.spoken.add(http.transport.get_extra_info("peername")[1])
        path = _path_of(http.raw_path)
        host = http.headers.get(hdrs.HOST, "")
        if http.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
            await http.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            http.writer.output_size = 0
        # Read unbounded: how much is too much is for the simulator to say.
        body = await http.content.read()
        try:
            answer, content = await self._ask(http, path, body)
        except (aiohttp.ClientError, OSError):
            self._note(http.method, host, path, 0)
            http.transport.abort()
            return web.Response(status=502)
        self._note(http.method, host, path, answer.status)
        headers = _passed_on(answer.headers)
        response = web.Response(status=answer.status, reason=answer.reason, headers=headers, body=content)
        if not _is_secure(http):
            # The next request on a proxy's connection may be for another host.
            response.force_close()
        return response

    async def _ask(self, http: web.BaseRequest, path: str, body: bytes) -> tuple[aiohttp.ClientResponse, bytes]:
        url = URL(self.simulator_url + path, encoded=True)
        headers = _passed_on(http.headers)
        headers.popall(hdrs.CONTENT_LENGTH, None)
        sending = body if body or hdrs.CONTENT_LENGTH in http.headers else None
        async with self._session.request(
            http.method, url, headers=headers, data=sending, allow_redirects=False
        ) as answer:
            return answer, await answer.read()

    def _note(self, method: str, host: str, path: str, status: int) -> None:
        self.asked.append(Asked(method, host, path.partition("?")[0], status))


def _path_of(target: str) -> str:
    """Path and query as sent; of a whole URL, as a proxy gets it, without scheme and host."""
    if "://" not in target.partition("?")[0]:
        return target
    slash = target.find("/", target.index("://") + 3)
    return target[slash:] if slash >= 0 else "/"


def _passed_on(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP)


def _is_secure(http: web.BaseRequest) -> bool:
    return http.transport is not None and http.transport.get_extra_info("sslcontext") is not None
