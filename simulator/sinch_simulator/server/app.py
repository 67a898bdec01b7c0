"""Listens at the one port, and tells the platform's paths from those of the control API.

It listens before what answers is loaded: somebody who waits for a start need not wait for that as well. A thread loads
it meanwhile; a request that needs it waits, one that asks whether the simulator is there is answered at once.
"""

import asyncio
import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http import RawRequestMessage
from attrs import field

from sinch_simulator import __version__
from sinch_simulator.config import ServerConfig
from sinch_simulator.core.allowed_hosts import AllowedHosts
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.values import define
from sinch_simulator.server.guard import CONTROL_PREFIX, COOKIE, Guard, is_open_to_others
from sinch_simulator.server.http_connection import HttpConnection, WriteQueue
from sinch_simulator.server.http_messages import split_target, write
from sinch_simulator.server.long_requests import LongRequests, answered

if TYPE_CHECKING:
    from sinch_simulator.core.product import Product
    from sinch_simulator.server.wiring import Services
    from sinch_simulator.server.worlds import Worlds

PAGE_PREFIX = f"{CONTROL_PREFIX}/page/"
_WIRING = "sinch_simulator.server.wiring"
_SHUTDOWN_S = 0.1
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}

# What aiohttp logs of its own accord is about requests that are no HTTP: the client is told, the terminal need not be.
_http_log = logging.getLogger("sinch_simulator.http")
_http_log.setLevel(logging.CRITICAL + 1)


@define(eq=False)
class SimulatorServer:
    """A simulator that listens. ``start`` and ``stop`` are called once each, in the same event loop.

    ``prepare`` is done to the worlds when they have been made, before any request reaches them. ``products`` are what
    the platform offers here; None for all that there are.
    """

    config: ServerConfig
    prepare: "Callable[[Worlds], None] | None" = None
    products: "tuple[Product, ...] | None" = None
    url: str = field(init=False, default="")
    """Without a trailing slash; known after ``start``."""
    _guard: Guard = field(init=False)
    _services: "Services | None" = field(init=False, default=None)
    _loading: "asyncio.Future[object] | None" = field(init=False, default=None)
    _runner: web.ServerRunner | None = field(init=False, default=None)
    _listener: asyncio.Server = field(init=False)
    _connections: set[HttpConnection] = field(init=False, factory=set)

    def __attrs_post_init__(self) -> None:
        token = self.config.control_token
        if token is None and is_open_to_others(self.config.host):
            import secrets

            token = secrets.token_urlsafe(24)
        self._guard = Guard(self.config.host, AllowedHosts(self.config.allow_hosts), token)

    @property
    def control_token(self) -> str | None:
        """Returns what control requests over a connection must send; None where they need not."""
        return self._guard.token

    @property
    def worlds(self) -> "Worlds":
        """Returns every world of this server; asking for them waits until they are loaded."""
        return self._loaded().worlds

    async def start(self) -> None:
        """Begins to listen. Raises OSError when the address cannot be bound; nothing is left behind then."""
        others = LongRequests(self._serve, access_log=None, logger=_http_log)
        queue = WriteQueue()
        self._listener = await asyncio.get_running_loop().create_server(
            lambda: HttpConnection(self._serve_at_once, queue, others, self._connections),
            self.config.host,
            self.config.port,
        )
        self._runner = web.ServerRunner(others, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        self.url = f"http://{_host_of_url(self.config.host)}:{self._listener.sockets[0].getsockname()[1]}"
        if _WIRING in sys.modules:
            self._loaded()
        else:
            self._loading = asyncio.get_running_loop().run_in_executor(None, importlib.import_module, _WIRING)
            self._loading.add_done_callback(self._begin)

    async def stop(self) -> None:
        """Stops listening and ends every world; callbacks under way get a short grace."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        self._listener.close()
        if self._services is not None:
            await self._services.stop_worlds()
        for connection in list(self._connections):
            connection.close()
        handed_over = [] if runner.server is None else [each.transport for each in runner.server.connections]
        await runner.cleanup()
        if self._services is not None:
            await self._services.close()
        # What is still open is so for the sake of clients that do not read.
        for connection in list(self._connections):
            connection.abort()
        for transport in handed_over:
            if transport is not None:
                transport.abort()

    def _begin(self, loading: "asyncio.Future[object]") -> None:
        if self._runner is not None and not loading.cancelled():
            self._loaded()

    def _loaded(self) -> "Services":
        if self._services is None:
            from sinch_simulator.server.wiring import Services

            self._services = Services.of(self.config, self.url, self.products)
            if self.prepare is not None:
                self.prepare(self._services.worlds)
        return self._services

    def _serve_at_once(self, message: RawRequestMessage, body: bytes, send: Callable[[Answer], bool]) -> bool:
        """Answers a request to the platform once everything is loaded; all others take longer."""
        if self._services is None or CONTROL_PREFIX in message.path or message.path.partition("?")[0] == "/":
            return False
        try:
            self._guard.check(message.headers, message.path)
        except ControlError as refusal:
            path, _ = split_target(message.path)
            send(self._services.platform.refuse(path, refusal.message, refusal.hint))
            return True
        return self._services.platform.serve_at_once(message.method, message.path, message.headers, body, send)

    async def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, *, settle: bool = True
    ) -> Answer:
        """Gives the answer to a request that is made in this process, the platform's or the control API's.

        ``target`` is the path and the query, percent-encoded. What comes over a connection means the same and is
        refused in the same words; only who may use the control API is not asked. Raises ``ConnectionCut`` where a
        fault leaves the request without an answer. Without ``settle`` a control request that changes something does
        not wait until the world is settled, and is answered without a body.
        """
        services = await self._when_loaded()
        path, query = split_target(target)
        if _is_control(path):
            return await services.control.answer(
                method, path.removeprefix(CONTROL_PREFIX), query, body, settle=settle
            )
        return await services.platform.answer(method, target, headers, body)

    async def _serve(self, http: web.BaseRequest) -> web.StreamResponse:
        return await answered(http, self._answer(http))

    async def _answer(self, http: web.BaseRequest) -> web.StreamResponse:
        path, query = split_target(http.raw_path)
        is_page = http.method in ("GET", "HEAD") and (path == "/" or path.startswith(PAGE_PREFIX))
        try:
            self._guard.check(http.headers, "/" if is_page else path, _local_address(http))
        except ControlError as refusal:
            return await write(http, await self._refuse(path, refusal))
        if is_page and (part := self._page_part(http, path, query)) is not None:
            return await write(http, part)
        if self._services is None and http.method == "GET" and path == f"{CONTROL_PREFIX}/health":
            return await write(http, json_answer({"status": "ok", "version": __version__}))
        services = await self._when_loaded()
        if _is_control(path):
            return await services.control.serve(http, path.removeprefix(CONTROL_PREFIX))
        return await services.platform.serve(http, path, query)

    async def _refuse(self, path: str, refusal: ControlError) -> Answer:
        """Returns the refusal of a request that may not come in, in the words of who would have answered."""
        if _is_control(path) or path == "/":
            return json_answer(refusal.document(), refusal.status)
        return (await self._when_loaded()).platform.refuse(path, refusal.message, refusal.hint)

    def _page_part(self, http: web.BaseRequest, path: str, query: str) -> Answer | None:
        """Returns a part of the page, None where there is none. It tells nothing about anybody, so all may have it.

        ``/?token=TOKEN`` leaves the control token with the browser, for the requests of the page.
        """
        if path == "/" and query.startswith("token=") and self._guard.is_token(query.removeprefix("token=")):
            kept = f"{COOKIE}={self.control_token}; Path={CONTROL_PREFIX}; HttpOnly; SameSite=Strict"
            return Answer(303, b"", {"Location": "/", "Set-Cookie": kept, "Cache-Control": "no-store"})
        from sinch_simulator.server.page_files import serve_front, serve_page_file

        if path == "/":
            return serve_front(http.headers, self.url)
        return serve_page_file(path.removeprefix(PAGE_PREFIX), http.headers)

    async def _when_loaded(self) -> "Services":
        if self._services is None and self._loading is not None:
            await self._loading
        return self._loaded()


def _local_address(http: web.BaseRequest) -> str:
    """Returns the address of this end of the connection."""
    name = http.transport.get_extra_info("sockname") if http.transport is not None else None
    return str(name[0]).lower() if isinstance(name, tuple) else ""


def _is_control(path: str) -> bool:
    return path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/")


def _host_of_url(host: str) -> str:
    """Returns the host that a client on this machine can use."""
    if ":" in host and host not in _WILDCARDS:
        return f"[{host}]"
    return _WILDCARDS.get(host, host)
