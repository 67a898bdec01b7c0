"""Puts together all that answers behind the port: the worlds, the products' APIs, the control API, the callback sender.

It is apart from ``app.py`` because it takes most of the time of a start to load.
"""

from sinch_simulator.config import ServerConfig
from sinch_simulator.core.product import Product
from sinch_simulator.core.values import frozen
from sinch_simulator.server.callback_sender import Courier
from sinch_simulator.server.control.endpoints import control_endpoints
from sinch_simulator.server.control.serving import Control
from sinch_simulator.server.platform_api import Platform
from sinch_simulator.server.products import PRODUCTS
from sinch_simulator.server.worlds import Worlds


def load(products: tuple[Product, ...] | None) -> None:
    """Imports what the pages of these products name, or of all products, so that it is there when it is needed."""
    for product in PRODUCTS if products is None else products:
        product.endpoints()
        product.control_endpoints()


@frozen(eq=False)
class Services:
    """What a server of this configuration answers with."""

    worlds: Worlds
    platform: Platform
    control: Control
    _courier: Courier

    @classmethod
    def of(cls, config: ServerConfig, base_url: str, products: tuple[Product, ...] | None = None) -> "Services":
        """Begins the worlds, with these products or all that there are; needs a running event loop."""
        offered = PRODUCTS if products is None else products
        courier = Courier(config.callback_timeout_s)
        courier.open()
        worlds = Worlds(config, courier)
        worlds.base_url = base_url
        worlds.open()
        control = Control.of(worlds, control_endpoints(offered))
        return cls(worlds, Platform(worlds, offered), control, courier)

    async def stop_worlds(self) -> None:
        """Ends every world; callbacks under way get a short grace."""
        await self.worlds.stop()

    async def close(self) -> None:
        """Closes every connection to an app."""
        await self._courier.close()
