"""Puts together all that answers behind the port: the worlds, the products' APIs, the control API, the callback sender.

It is apart from ``app.py`` because it takes most of the time of a start to load.
"""

from typing import TYPE_CHECKING

from sinch_simulator.config import ServerConfig
from sinch_simulator.core.allowed_hosts import AllowedHosts
from sinch_simulator.core.product import Product
from sinch_simulator.core.values import define
from sinch_simulator.server.callback_sender import CallbackSender
from sinch_simulator.server.outbound import Outbound
from sinch_simulator.server.platform_api import Platform
from sinch_simulator.server.products import PRODUCTS
from sinch_simulator.server.worlds import Worlds

if TYPE_CHECKING:
    from sinch_simulator.server.control.serving import Control


def _way_out(config: ServerConfig) -> Outbound:
    named = {"s3": config.s3_endpoint, "azure": config.azure_endpoint}
    stores = {kind: endpoint for kind, endpoint in named.items() if endpoint is not None}
    return Outbound(AllowedHosts(config.allow_hosts), stores, config.ca_file)


@define(eq=False)
class Services:
    """What a server of this configuration answers with."""

    worlds: Worlds
    platform: Platform
    _products: tuple[Product, ...]
    _sender: CallbackSender
    _control: "Control | None" = None

    @classmethod
    def of(cls, config: ServerConfig, base_url: str, products: tuple[Product, ...] | None = None) -> "Services":
        """Begins the worlds, with these products or all that there are; needs a running event loop."""
        offered = PRODUCTS if products is None else products
        sender = CallbackSender(config.callback_timeout_s, _way_out(config))
        worlds = Worlds(config, sender, offered)
        worlds.base_url = base_url
        worlds.open()
        return cls(worlds, Platform(worlds, offered), offered, sender)

    @property
    def control(self) -> "Control":
        """Returns the control API, which is loaded when it is first asked for: an app's callout has no need of it."""
        if self._control is None:
            from sinch_simulator.server.control.endpoints import control_endpoints
            from sinch_simulator.server.control.serving import Control

            self._control = Control.of(self.worlds, control_endpoints(self._products))
        return self._control

    async def stop_worlds(self) -> None:
        """Ends every world; callbacks under way get a short grace."""
        await self.worlds.stop()

    async def close(self) -> None:
        """Closes every connection to an app."""
        await self._sender.close()
