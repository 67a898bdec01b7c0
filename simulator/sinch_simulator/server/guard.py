"""Decides who may ask: programs and pages of this machine, or, where a simulator is open to others, who has its token.

A page of another site can make a browser send requests here, also under a name of its own that it bends to this address
(DNS rebinding). Both show: by an ``Origin`` or by a ``Host`` that is foreign. It is light to load, because it is asked
before anything else is.
"""

import re
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie

from aiohttp import hdrs
from attrs import field
from multidict import CIMultiDictProxy

from sinch_simulator.core.allowed_hosts import AllowedHosts, is_own
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.sinch_hosts import is_sinch_host
from sinch_simulator.core.values import define

CONTROL_PREFIX = "/_simulator"
"""Where the control API is."""
COOKIE = "sinch_simulator_token"
"""In which a browser keeps the control token."""

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::[0-9]{1,5})?")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(.+)", re.IGNORECASE)
_WILDCARDS = ("", "0.0.0.0", "::")
_OPEN_WITHOUT_TOKEN = f"{CONTROL_PREFIX}/health"


def is_open_to_others(bound_host: str) -> bool:
    """Tells whether whoever listens at this address can be reached from other machines."""
    return bound_host in _WILDCARDS or not is_own(bound_host)


@define(eq=False)
class Guard:
    """Looks at each request that comes over a connection; ``token`` is asked of requests to the control API."""

    bound_host: str
    allowed: AllowedHosts
    token: str | None = None
    _open: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._open = is_open_to_others(self.bound_host)

    def check(self, headers: CIMultiDictProxy[str], path: str, own_address: str = "") -> None:
        """Raises ``ControlError`` 403 or 401 for a request that may not come in; ``own_address`` is where it came."""
        control = path == CONTROL_PREFIX or path.startswith(CONTROL_PREFIX + "/")
        hosts, origins = headers.getall(hdrs.HOST, ()), headers.getall(hdrs.ORIGIN, ())
        if len(hosts) > 1 or len(origins) > 1:
            name = hdrs.HOST if len(hosts) > 1 else hdrs.ORIGIN
            raise ControlError(403, f"forbidden_{name.lower()}", f"there are several {name} headers", "send one")
        refusal = _refusal(self, hosts[0] if hosts else None, origins[0] if origins else None, control, own_address)
        if refusal is not None:
            raise ControlError(403, *refusal)
        if control and self.token is not None and path != _OPEN_WITHOUT_TOKEN and not self._has_token(headers):
            raise ControlError(
                401,
                "token_required",
                "the control API of this simulator asks for its token",
                "send 'Authorization: Bearer TOKEN' with the --control-token that start was given or has printed",
            )

    def is_token(self, text: str) -> bool:
        """Tells whether this is the token."""
        import hmac

        return self.token is not None and hmac.compare_digest(text.encode(), self.token.encode())

    def _has_token(self, headers: CIMultiDictProxy[str]) -> bool:
        scheme, _, token = headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        if scheme.lower() == "bearer":
            return self.is_token(token.strip())
        try:
            cookie = SimpleCookie(headers.get(hdrs.COOKIE, "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and self.is_token(cookie.value)

    def is_foreign_host(self, host: str, control: bool, own_address: str) -> bool:
        """Tells whether a Host header names somebody else; whoever is open to others is known by any name."""
        name = _name_in(host)
        if name is None:
            return True
        return not (self._open or self._knows(name, control, own_address))

    def is_foreign_origin(self, origin: str, host: str | None, control: bool, own_address: str) -> bool:
        """Tells whether an Origin header names the page of somebody else."""
        if self._open and not control:
            return False
        found = _ORIGIN.fullmatch(origin)
        name = None if found is None else _name_in(found[1])
        if name is None:
            return True
        own_page = self._open and host is not None and name == _name_in(host)
        return not (own_page or self._knows(name, control, own_address))

    def _knows(self, name: str, control: bool, own_address: str) -> bool:
        if is_own(name) or name in (self.bound_host.lower(), own_address) or self.allowed.greets(name):
            return True
        # A hosts file or a proxy leads Sinch's own names here; nobody looks at a simulator by one.
        return not control and is_sinch_host(name)


@lru_cache(maxsize=1024)
def _refusal(
    guard: Guard, host: str | None, origin: str | None, control: bool, own_address: str
) -> tuple[str, str, str] | None:
    """Returns code, message and hint for what is foreign; programs repeat the same headers with each request."""
    if host is not None and guard.is_foreign_host(host, control, own_address):
        hint = "use 127.0.0.1 or localhost; where another name leads here on purpose: start with --allow-host NAME"
        return "forbidden_host", f"this simulator is not {shown(host)}", hint
    if origin is not None and guard.is_foreign_origin(origin, host, control, own_address):
        hint = "only pages of this machine may; for pages of another host: start with --allow-host NAME"
        return "forbidden_origin", f"a page of {shown(origin)} may not use this simulator", hint
    return None


def _name_in(host: str) -> str | None:
    """Returns the name in a Host header, in lower case, without brackets and port; None for what is none."""
    found = _HOST.fullmatch(host)
    return None if found is None else found[1].removeprefix("[").removesuffix("]").lower()
