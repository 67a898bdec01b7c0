"""Closes the network for the tests of this process: what would leave this machine is refused, and told.

A hook of the interpreter sees every connection and every look-up of a name, whoever in the process makes it. Names
below ``.invalid`` may be looked up: nobody has them (RFC 6761), and some tests are about a resolver without an answer.
"""

import socket
import sys
from ipaddress import ip_address

left: list[str] = []
"""What would have left this machine since the list was last cleared."""

_CONNECTIONS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class LeavesThisMachineError(OSError):
    """Something would have left this machine."""


def own_address() -> str | None:
    """An address of this machine that is not loopback, None where there is none; the connect sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


OWN_ADDRESS = own_address()
"""To a program it is another machine. It is looked up before the network is closed."""


def close() -> None:
    """Refuses from now on, until the process ends."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in _CONNECTIONS:
        address = arguments[1] if len(arguments) > 1 else None
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            _refuse(f"{event} {address[0]}")
    elif event in _LOOK_UPS:
        host = arguments[0]
        name = host.decode(errors="replace") if isinstance(host, bytes) else str(host or "localhost")
        if not (_is_address(name) or _is_here(name) or name.endswith(".invalid")):
            _refuse(f"{event} {name}")


def _refuse(what: str) -> None:
    left.append(what)
    raise LeavesThisMachineError(f"{what} leaves this machine")


def _is_address(text: str) -> bool:
    """Tells whether this is an address in any spelling (``127.1`` too), which no resolver is asked for."""
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        try:
            socket.inet_aton(text)
        except (OSError, UnicodeEncodeError):
            return False
    return True


def _is_here(host: str) -> bool:
    if not _is_address(host):
        return host in ("", "localhost") or host.endswith(".localhost")
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
