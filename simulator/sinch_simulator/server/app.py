"""The one port: starts and stops, and tells the platform's paths from those of the control API."""

import logging

from aiohttp import web
from attrs import define, field

from sinch_simulator.config import ServerConfig
from sinch_simulator.server import control
from sinch_simulator.server.control.serving import Control
from sinch_simulator.server.courier import Courier
from sinch_simulator.server.endpoints import PLATFORM_ENDPOINTS
from sinch_simulator.server.http import split_target
from sinch_simulator.server.platform import Platform
from sinch_simulator.server.worlds import Worlds

CONTROL_PREFIX = "/_simulator"

_SHUTDOWN_S = 0.1
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}

# What aiohttp logs of its own accord is about requests that are no HTTP: the client is told, the terminal need not be.
_http_log = logging.getLogger("sinch_simulator.http")
_http_log.setLevel(logging.CRITICAL + 1)


@define(eq=False)
class SimulatorServer:
    """A simulator that listens. ``start`` and ``stop`` are called once each, in the same event loop."""

    config: ServerConfig
    url: str = field(init=False, default="")
    """Without a trailing slash; known after ``start``."""
    worlds: Worlds = field(init=False)
    _platform: Platform = field(init=False)
    _control: Control = field(init=False)
    _courier: Courier = field(init=False)
    _runner: web.ServerRunner | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self._courier = Courier(self.config.callback_timeout_s)
        self.worlds = Worlds(self.config, self._courier)
        self._platform = Platform.of(self.worlds, PLATFORM_ENDPOINTS)
        self._control = Control.of(self.worlds, control.ENDPOINTS)

    async def start(self) -> None:
        """Listen. Raises OSError when the address cannot be bound; nothing is left behind then."""
        server = web.Server(self._serve, access_log=None, logger=_http_log)
        runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self.config.host, self.config.port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.url = f"http://{_host_of_url(self.config.host)}:{runner.addresses[0][1]}"
        self.worlds.base_url = self.url
        self._courier.open()
        self.worlds.open()

    async def stop(self) -> None:
        """Stop listening and end every world; callbacks under way get a short grace."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        for site in list(runner.sites):
            await site.stop()
        await self.worlds.stop()
        await runner.cleanup()
        await self._courier.close()

    async def _serve(self, http: web.BaseRequest) -> web.StreamResponse:
        path, _ = split_target(http.raw_path)
        if path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/"):
            return await self._control.serve(http, path.removeprefix(CONTROL_PREFIX))
        return await self._platform.serve(http)


def _host_of_url(host: str) -> str:
    """The host that a client on this machine can use."""
    if ":" in host and host not in _WILDCARDS:
        return f"[{host}]"
    return _WILDCARDS.get(host, host)
