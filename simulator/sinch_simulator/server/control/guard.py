"""Decides who may use the control API: this machine. Web pages of other sites, and names bent to this address, may not.

It is light to load, because it is asked before anything else is.
"""

from urllib.parse import urlsplit

from aiohttp import hdrs, web

from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.schema.words import shown
from sinch_simulator.server.hosts import is_loopback

CONTROL_PREFIX = "/_simulator"
"""Where the control API is."""


def let_in(http: web.BaseRequest, bound_host: str) -> None:
    """Raises ``ControlError`` 403 unless Host and Origin are loopback (``*.localhost`` too) or the bound address."""
    own = {bound_host.lower(), _local_address(http)}
    host = http.headers.get(hdrs.HOST)
    if host is not None and not _is_ours(f"//{host}", own):
        raise ControlError(
            403,
            "forbidden_host",
            f"the control API is not served to the host {shown(host)}",
            "use 127.0.0.1, localhost or the address that the simulator is bound to",
        )
    origin = http.headers.get(hdrs.ORIGIN)
    if origin is not None and not _is_ours(origin, own):
        raise ControlError(
            403,
            "forbidden_origin",
            f"a page of {shown(origin)} may not use the control API",
            "only pages of this machine may",
        )


def _is_ours(url: str, own: set[str]) -> bool:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return host is not None and (host in own or is_loopback(host))


def _local_address(http: web.BaseRequest) -> str:
    """Returns the address of this end of the connection."""
    name = http.transport.get_extra_info("sockname") if http.transport is not None else None
    return str(name[0]).lower() if isinstance(name, tuple) else ""
