"""All that answers behind the port: the worlds, the platform's API, the control API, the courier.

It is apart from ``app.py`` because it takes most of the time of a start to load.
"""

from sinch_simulator.config import ServerConfig
from sinch_simulator.core.values import frozen
from sinch_simulator.server.callback_sender import Courier
from sinch_simulator.server.control.endpoints import control_endpoints
from sinch_simulator.server.control.serving import Control
from sinch_simulator.server.platform_api import Platform
from sinch_simulator.server.products import PRODUCTS
from sinch_simulator.server.worlds import Worlds


@frozen(eq=False)
class Services:
    """What a server of this configuration answers with."""

    worlds: Worlds
    platform: Platform
    control: Control
    _courier: Courier

    @classmethod
    def of(cls, config: ServerConfig, base_url: str) -> "Services":
        """Begin the worlds; needs a running event loop."""
        courier = Courier(config.callback_timeout_s)
        courier.open()
        worlds = Worlds(config, courier)
        worlds.base_url = base_url
        worlds.open()
        control = Control.of(worlds, control_endpoints(PRODUCTS))
        return cls(worlds, Platform(worlds, PRODUCTS), control, courier)

    async def stop_worlds(self) -> None:
        """End every world; callbacks under way get a short grace."""
        await self.worlds.stop()

    async def close(self) -> None:
        """Close every connection to an app."""
        await self._courier.close()
