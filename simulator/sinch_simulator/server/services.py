"""All that answers behind the port: the worlds, the platform's API, the control API, the courier.

It is apart from ``app.py`` because it takes most of the time of a start to load.
"""

from aiohttp import web

from sinch_simulator.config import ServerConfig
from sinch_simulator.exchange.values import frozen
from sinch_simulator.server.control.endpoints import CONTROL_ENDPOINTS
from sinch_simulator.server.control.serving import Control
from sinch_simulator.server.courier import Courier
from sinch_simulator.server.rest.endpoints import PLATFORM_ENDPOINTS
from sinch_simulator.server.rest.platform import Platform
from sinch_simulator.server.worlds import Worlds


@frozen(eq=False)
class Services:
    """What a server of this configuration answers with."""

    worlds: Worlds
    _platform: Platform
    _control: Control
    _courier: Courier

    @classmethod
    def of(cls, config: ServerConfig, base_url: str) -> "Services":
        """Begin the worlds; needs a running event loop."""
        courier = Courier(config.callback_timeout_s)
        courier.open()
        worlds = Worlds(config, courier)
        worlds.base_url = base_url
        worlds.open()
        return cls(worlds, Platform.of(worlds, PLATFORM_ENDPOINTS), Control.of(worlds, CONTROL_ENDPOINTS), courier)

    async def serve_platform(self, http: web.BaseRequest) -> web.StreamResponse:
        """Answer a request to the platform."""
        return await self._platform.serve(http)

    async def serve_control(self, http: web.BaseRequest, path: str) -> web.StreamResponse:
        """Answer a request to the control API; ``path`` is what follows its prefix."""
        return await self._control.serve(http, path)

    async def stop_worlds(self) -> None:
        """End every world; callbacks under way get a short grace."""
        await self.worlds.stop()

    async def close(self) -> None:
        """Close every connection to an app."""
        await self._courier.close()
