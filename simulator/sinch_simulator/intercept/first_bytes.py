"""Reads from the first bytes of a client where it wants to go: from a TLS greeting or the head of an HTTP request."""

import re

from attrs import frozen

_LONGEST = 65_536
_HANDSHAKE_RECORD, _CLIENT_HELLO, _SERVER_NAME_EXTENSION = 22, 1, 0
_REQUEST_LINE = re.compile(rb"([A-Z]{3,16}) (\S+) HTTP/1\.[01]\r?\n")
_BEGINNING_OF_A_METHOD = re.compile(rb"[A-Z]{1,16}( |$)")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_HOST_HEADER = re.compile(rb"^host:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


@frozen
class TlsGreeting:
    """A client begins TLS; ``server_name`` is empty when it does not say with whom."""

    server_name: str


@frozen
class RequestHead:
    """The head of an HTTP request: ``target`` as it stands in the request line, ``length`` in bytes."""

    method: str
    target: str
    host: str
    length: int


@frozen
class Unknown:
    """Neither of the two."""


FirstBytes = TlsGreeting | RequestHead | Unknown


def read_first_bytes(data: bytes) -> FirstBytes | None:
    """Tells what the bytes are, None when more are needed to tell."""
    if not data:
        return None
    if data[0] == _HANDSHAKE_RECORD:
        return _read_greeting(data)
    if _BEGINNING_OF_A_METHOD.match(data):
        return _read_head(data)
    return Unknown()


def split_host(text: str, default_port: int) -> tuple[str, int]:
    """Splits ``host``, ``host:port``, ``[v6]`` or ``[v6]:port``; raises ``ValueError`` for what is none of them."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%]+)\]|([^:\s/@]+))(?::(\d{1,5}))?", text)
    if match is None:
        raise ValueError(f"{text!r} is no host")
    port = int(match[3]) if match[3] else default_port
    if not 0 < port < 65_536:
        raise ValueError(f"{port} is no port")
    return match[1] or match[2], port


def _read_head(data: bytes) -> FirstBytes | None:
    end = _END_OF_HEAD.search(data)
    if end is None:
        return None if len(data) < _LONGEST else Unknown()
    line = _REQUEST_LINE.match(data)
    if line is None:
        return Unknown()
    host = _HOST_HEADER.search(data, line.end(), end.end())
    return RequestHead(
        line[1].decode(), line[2].decode("latin-1"), host[1].decode("latin-1") if host else "", end.end()
    )


def _read_greeting(data: bytes) -> FirstBytes | None:
    """A greeting may be spread over several records."""
    handshake, at = b"", 0
    while len(data) >= at + 5:
        if data[at] != _HANDSHAKE_RECORD or data[at + 1] != 3:
            return Unknown()
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        handshake += data[at + 5 : at + 5 + length]
        at += 5 + length
        if len(handshake) >= 4:
            if handshake[0] != _CLIENT_HELLO:
                return Unknown()
            whole = 4 + int.from_bytes(handshake[1:4], "big")
            if whole > _LONGEST:
                return Unknown()
            if len(handshake) >= whole:
                return TlsGreeting(_server_name(handshake[4:whole]))
    return None


def _server_name(hello: bytes) -> str:
    """The name in the greeting; what is cut short or out of shape names nobody."""
    at = 2 + 32  # version, random
    at += 1 + _number(hello, at, 1)  # session
    at += 2 + _number(hello, at, 2)  # cipher suites
    at += 1 + _number(hello, at, 1)  # compression
    end = at + 2 + _number(hello, at, 2)
    at += 2
    while at + 4 <= min(end, len(hello)):
        kind, length = _number(hello, at, 2), _number(hello, at + 2, 2)
        if kind == _SERVER_NAME_EXTENSION:
            # A list with one entry: its length (2), the entry's type (1), the name's length (2), the name.
            size = _number(hello, at + 7, 2)
            return hello[at + 9 : at + 9 + size].decode("ascii", "replace")
        at += 4 + length
    return ""


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
