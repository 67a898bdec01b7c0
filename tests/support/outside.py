"""Servers that stand for what is outside of this machine, and remember what reached them."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from attrs import define, field

from support.closed_network import OWN_ADDRESS


@define
class Outside:
    """``host`` and ``port`` of the server; ``received`` is what came first on each connection."""

    host: str
    port: int
    received: list[bytes] = field(factory=list)


def own_address() -> str:
    """An address of this machine that is not loopback: to a program it is another machine."""
    if OWN_ADDRESS is None:
        pytest.skip("this machine has loopback only")
    return OWN_ADDRESS


@contextmanager
def serve(answer: Callable[[bytes], bytes], host: str = "127.0.0.1", port: int = 0) -> Iterator[Outside]:
    """Answers what comes first on each connection, and closes it."""
    with socket.create_server((host, port), backlog=50) as listener:
        outside = Outside(host, listener.getsockname()[1])

        def work() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    try:
                        data = connection.recv(65_536)
                        outside.received.append(data)
                        connection.sendall(answer(data))
                    except OSError:
                        continue

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield outside
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def http(text: str) -> bytes:
    """An HTTP answer with this body."""
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}".encode()
