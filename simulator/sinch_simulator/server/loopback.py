"""Which names are this machine."""

_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Whether a host name, in lower case and without a port, leads nowhere else; ``*.localhost`` does not either."""
    return host in _NAMES or host.endswith(".localhost")
