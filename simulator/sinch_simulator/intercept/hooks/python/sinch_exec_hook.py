"""Leads a Python program's look-ups of Sinch's hosts to the simulator, whatever library makes them.

It changes modules when the program imports them: ``socket`` (names and connections), ``ssl`` (our authority, for
Sinch's hosts only), ``http.client`` and ``aiohttp`` (proxies that the program names itself). It stands alone: it runs
in the program's own Python, of any version from 3.7, and finds its settings in the module beside it.
"""

from __future__ import annotations

import sys

import sinch_exec_settings  # type: ignore[import-not-found]  # written beside this file for one run

MYPY = False
if MYPY:  # every Python that the command starts would wait for these
    from types import ModuleType
    from typing import Any, Callable

_LOOPBACK = ("127.", "::1", "::ffff:127.", "localhost")
_settings: dict[str, Any] = sinch_exec_settings.SETTINGS


def install() -> None:
    """Changes what is or will be imported."""
    sys.meta_path.insert(0, _Finder())
    for name, change in _CHANGES.items():
        if name in sys.modules:
            _apply(change, sys.modules[name])


class _Finder:
    """Lets the other finders find a module, and changes it when it has been loaded."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        change = _CHANGES.get(name)
        if change is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = None if finder is self or find is None else find(name, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader.exec_module = _changing(spec.loader.exec_module, change)
                return spec
        return None


def _changing(execute: Callable[[ModuleType], None], change: Callable[[Any], None]) -> Callable[[ModuleType], None]:
    def load(module: ModuleType) -> None:
        execute(module)
        _apply(change, module)

    return load


def _apply(change: Callable[[Any], None], module: ModuleType) -> None:
    try:
        change(module)
    except Exception as error:
        sys.stderr.write(f"sinch-simulator exec: cannot lead {module.__name__} to the simulator: {error!r}\n")


def _is_sinch(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return False
    name = host.rstrip(".").lower()
    return any(name == domain or name.endswith("." + domain) for domain in _settings["domains"])


def _change_socket(socket: Any) -> None:
    look_up, marker = socket.getaddrinfo, _settings["marker"]
    by_name, by_name_with_aliases = socket.gethostbyname, socket.gethostbyname_ex

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
        if not _is_sinch(host):
            return look_up(host, port, family, type, proto, flags)
        address = "::ffff:" + marker if family == socket.AF_INET6 else marker
        return look_up(address, port, family, type, proto, 0)

    def gethostbyname(hostname: Any) -> Any:
        return marker if _is_sinch(hostname) else by_name(hostname)

    def gethostbyname_ex(hostname: Any) -> Any:
        return (hostname, [], [marker]) if _is_sinch(hostname) else by_name_with_aliases(hostname)

    def led(connection: Any, address: Any) -> Any:
        """The address to connect to in place of this one."""
        if connection.family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(address, tuple):
            return address
        host = address[0]
        if _is_sinch(host) or host in (marker, "::ffff:" + marker):
            proxy, port = _settings["proxy"]
            return (proxy, port) if connection.family == socket.AF_INET else ("::ffff:" + proxy, port)
        if _settings["strict"] and not str(host).startswith(_LOOPBACK):
            raise ConnectionRefusedError(111, f"sinch-simulator exec --strict: {host} is not this machine")
        return address

    plain = socket.socket
    connect, connect_ex = plain.connect, plain.connect_ex
    plain.connect = lambda self, address: connect(self, led(self, address))
    plain.connect_ex = lambda self, address: connect_ex(self, led(self, address))
    socket.getaddrinfo = getaddrinfo
    socket.gethostbyname = gethostbyname
    socket.gethostbyname_ex = gethostbyname_ex


def _change_ssl(ssl: Any) -> None:
    """Whatever a program trusts, for a Sinch host it trusts our authority as well."""
    context = ssl.SSLContext

    def trusting(method: Any, place: int) -> Any:
        def wrapped(self: Any, *arguments: Any, **named: Any) -> Any:
            name = named.get("server_hostname", arguments[place] if len(arguments) > place else None)
            if _is_sinch(name):
                self.load_verify_locations(cafile=_settings["authority"])
            return method(self, *arguments, **named)

        return wrapped

    context.wrap_socket = trusting(context.wrap_socket, 4)
    context.wrap_bio = trusting(context.wrap_bio, 3)


def _change_http_client(client: Any) -> None:
    """A tunnel to a Sinch host goes through our proxy, whichever the program has named."""
    set_tunnel = client.HTTPConnection.set_tunnel

    def tunnel(self: Any, host: Any, port: Any = None, headers: Any | None = None) -> None:
        if _is_sinch(str(host).rpartition(":")[0] or host) or _is_sinch(host):
            self.host, self.port = _settings["proxy"]
            headers = None
        set_tunnel(self, host, port, headers)

    client.HTTPConnection.set_tunnel = tunnel


def _change_aiohttp(aiohttp: Any) -> None:
    """aiohttp has resolvers and event loops that look names up without ``socket``; a proxy needs no look-up."""
    session = aiohttp.ClientSession
    request = session._request

    async def through_our_proxy(self: Any, method: Any, url: Any, **named: Any) -> Any:
        try:
            host = self._build_url(url).host
        except Exception:
            host = None
        if _is_sinch(host):
            named.update(proxy="http://%s:%d" % tuple(_settings["proxy"]), proxy_auth=None, proxy_headers=None)
        return await request(self, method, url, **named)

    session._request = through_our_proxy


_CHANGES = {
    "socket": _change_socket,
    "ssl": _change_ssl,
    "http.client": _change_http_client,
    "aiohttp.client": _change_aiohttp,
}
