"""Says which hosts a simulator may contact, by their names and addresses alone: it looks nothing up.

This machine is always open, hosts of Sinch never are; every other needs the user's word.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from attrs import field

from sinch_simulator.core.sinch_hosts import is_sinch_host
from sinch_simulator.core.values import frozen

_PATTERN = re.compile(r"[a-z0-9*_:.-]{1,255}")
_METADATA = tuple(map(ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32")))
"""Link-local addresses, and those at which clouds tell a machine its secrets."""
_UNSPECIFIED: dict[str, tuple[str, ...]] = {"0.0.0.0": ("127.0.0.1",), "::": ("::1",)}


class NotAllowed(Exception):
    """A host that may not be contacted: why, and what would open the way."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.hint = hint


@lru_cache(maxsize=1024)
def own_addresses(host: str) -> tuple[str, ...]:
    """Returns the addresses of a host that is this machine, whatever a resolver may say; none for any other.

    That is 127.0.0.0/8, ::1, ``localhost``, ``*.localhost``, and the unspecified address, which leads here.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return ("127.0.0.1", "::1")
    address = _address(name)
    if address is None:
        return ()
    return (str(address),) if address.is_loopback else _UNSPECIFIED.get(str(address), ())


def is_own(host: str) -> bool:
    """Tells whether a host, without a port, is this machine."""
    return bool(own_addresses(host))


def read_pattern(text: str) -> str | None:
    """Reads what may be allowed: a host name or an address, ``*`` for any characters; None for what is neither."""
    plain = text.strip().lower().removeprefix("[").removesuffix("]")
    return plain if _PATTERN.fullmatch(plain) else None


@frozen
class AllowedHosts:
    """The hosts that the user allows, as ``--allow-host`` takes them, read by ``read_pattern``."""

    patterns: tuple[str, ...] = ()
    _matching: tuple["re.Pattern[str]", ...] = field(init=False)

    @_matching.default
    def _compiled(self) -> tuple["re.Pattern[str]", ...]:
        return tuple(re.compile(re.escape(pattern).replace(r"\*", ".*")) for pattern in self.patterns)

    def names(self, host: str) -> bool:
        """Tells whether a pattern names this host; a pattern may be ``*`` for all."""
        plain = host.rstrip(".").lower()
        return any(pattern.fullmatch(plain) for pattern in self._matching)

    def greets(self, host: str) -> bool:
        """Tells whether requests may come to this name, or from pages of it: a mere ``*`` lets out, and nobody in."""
        plain = host.rstrip(".").lower()
        return any(
            matching.fullmatch(plain)
            for pattern, matching in zip(self.patterns, self._matching, strict=True)
            if pattern.strip("*")
        )

    def check_name(self, host: str, *, given: bool) -> None:
        """Raises ``NotAllowed`` for a host that may not be contacted; ``given`` says that the user named it."""
        if is_own(host):
            return
        if is_sinch_host(host):
            raise NotAllowed(
                f"{host} is a host of Sinch, which a simulator never contacts",
                "Use the URL of your own app.",
            )
        if not (given or self.names(host)):
            raise NotAllowed(f"{host} is not this machine, and nobody has allowed it", hint_to_allow(host))
        address = _address(host)
        if address is not None:
            self.check_address(str(address), host)

    def check_address(self, address: str, host: str) -> None:
        """Raises ``NotAllowed`` when a host that may be contacted has an address that may not, unless that is named."""
        parsed = _address(address)
        if parsed is None or not any(parsed in network for network in _METADATA if network.version == parsed.version):
            return
        if str(parsed) not in self.patterns:
            raise NotAllowed(f"{host} is at {parsed}, where clouds keep their secrets", hint_to_allow(str(parsed)))


def hint_to_allow(host: str) -> str:
    """Returns the words that open the way to a host."""
    return (
        f"If it may be contacted, start with --allow-host {host}; "
        f'in Python allow_hosts=["{host}"], for pytest sinch_allow_host = {host}.'
    )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Reads an address; one of IPv4 that is written as one of IPv6 is one of IPv4."""
    try:
        address = ip_address(text.partition("%")[0].removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
