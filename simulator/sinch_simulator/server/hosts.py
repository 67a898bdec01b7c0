"""Reads a Host header: where the caller finds this server, the region, and the part of a product that is meant.

Source: docs/platform/rest.md#1.1.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.sinch_hosts import is_sinch_host
from sinch_simulator.core.values import frozen

if TYPE_CHECKING:  # the server listens, and asks who is here, before products are loaded
    from sinch_simulator.core.product import Product
    from sinch_simulator.core.rest.platform_request import PlatformEndpoint

_HOST = re.compile(r"[A-Za-z0-9._~:\[\]-]+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Tells whether a host, in lower case and without a port, leads nowhere but here, as ``*.localhost`` does."""
    return host in _LOOPBACK or host.endswith(".localhost")


@frozen
class Where:
    """What a Host header says.

    ``api`` is empty where the name of the host does not tell the parts of a product apart, as with localhost.
    """

    base_url: str
    region: str
    api: str = ""


def host_reader(product: "Product") -> Callable[[str], Where | None]:
    """Makes the function that reads a Host header of a request to this product; it gives None for what is no host."""

    @lru_cache(maxsize=256)
    def where_is(host: str) -> Where | None:
        if not _HOST.fullmatch(host):
            return None
        for name in product.hosts:
            match = re.match(name.pattern, host, re.IGNORECASE)
            if match is not None:
                region = match.groupdict().get("region")
                return Where(_base_url(host), region.lower() if region else product.default_region, name.api)
        return Where(_base_url(host), product.default_region)

    return where_is


def _base_url(host: str) -> str:
    """Where a caller finds us again: under a name of Sinch's, which leads here by a proxy or a hosts file, by TLS."""
    scheme = "https" if is_sinch_host(host.partition(":")[0]) else "http"
    return f"{scheme}://{host}"


def remark_on_host(where: Where, product: "Product", endpoint: "PlatformEndpoint") -> list[Diagnostic]:
    """Warns of a host of another part of the product: here each answers on any, there it does not.

    Source: docs/platform/gotchas.md#B7.
    """
    if where.api in ("", endpoint.api):
        return []
    right = next(name.begins for name in product.hosts if name.api == endpoint.api)
    message = f"This is an endpoint of the {endpoint.api} API, and the host is that of the {where.api} API."
    return [Diagnostic("WRONG_HOST", Severity.WARNING, "headers.Host", message, f"Its host begins with {right}")]
