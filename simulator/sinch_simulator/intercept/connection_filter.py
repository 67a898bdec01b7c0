"""Decides, for each connection that the command or a child of it begins, where it goes (Linux).

The kernel asks before the connect of any program, static ones too (``launcher``). Connections to the marker of Sinch's
hosts go to the proxy; so do those to other machines on the ports of the web and of proxies, because only what is said
there tells whose host it is. All others go on as they are, or, with ``strict``, nowhere.
"""

import asyncio
import contextlib
import ctypes
import errno
import fcntl
import ipaddress
import os
import platform
import socket
import struct

from attrs import define, field, frozen

from sinch_simulator.intercept.launcher import CALLS
from sinch_simulator.intercept.proxy import LOOPBACK, Proxy

WEB_PORTS = frozenset({80, 443, 3128, 8080, 8443, 8888})

_RECEIVE, _SEND, _ADD_DESCRIPTOR = 0xC0502100, 0xC0182101, 0x40182103
_NOTIFICATION = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_ADDED = struct.Struct("=QIIII")
_CONTINUE, _SET_DESCRIPTOR = 1, 1
_PIDFD_GETFD = 438
_LONGEST_ADDRESS = 128
_MESSAGE_BYTES, _MOST_MESSAGES = 64, 1024

_libc = ctypes.CDLL(None, use_errno=True)

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@frozen
class Address:
    """Whom a program wants to reach over the internet protocols."""

    host: IpAddress
    port: int

    @property
    def is_here(self) -> bool:
        """Tells whether it is this machine."""
        return self.host.is_loopback or self.host.is_unspecified


@frozen
class SystemCall:
    """A system call that waits for an answer; ``process`` is the number of the thread that made it."""

    id: int
    process: int
    name: str
    arguments: tuple[int, ...]


@define(eq=False)
class ConnectionFilter:
    """``listener`` is the descriptor that the kernel asks through; ``close`` closes it.

    ``proxy_ports`` are those of the proxies that the user's environment names, on this machine or another.
    """

    listener: int
    proxy: Proxy
    marker: str
    proxy_ports: frozenset[int] = frozenset()
    _names: dict[int, str] = field(init=False, factory=dict)

    def open(self) -> None:
        """Begins to answer, in this event loop."""
        self._names = {number: name for name, number in CALLS[platform.machine()].items()}
        asyncio.get_running_loop().add_reader(self.listener, self._answer_one)

    def close(self) -> None:
        """Ends: whoever connects after this gets an error of the kernel."""
        asyncio.get_running_loop().remove_reader(self.listener)
        os.close(self.listener)

    def _answer_one(self) -> None:
        notification = bytearray(_NOTIFICATION.size)
        # Who asked may have been killed meanwhile, before we read or before we answer.
        with contextlib.suppress(OSError):
            fcntl.ioctl(self.listener, _RECEIVE, notification, True)
            number, process, _, call, _, _, *arguments = _NOTIFICATION.unpack(notification)
            asked = SystemCall(number, process, self._names[call], tuple(arguments))
            fcntl.ioctl(self.listener, _SEND, _ANSWER.pack(asked.id, 0, *self._answer(asked)))

    def _answer(self, asked: SystemCall) -> tuple[int, int]:
        """Error and flags: go on as it is, an error, or 0 where the connection has been made in the caller's place."""
        try:
            error = self._decide(asked)
        except OSError:
            return -errno.EACCES, 0
        return (0, _CONTINUE) if error is None else (-error, 0)

    def _decide(self, asked: SystemCall) -> int | None:
        for address in _addresses(asked):
            if address.host == ipaddress.ip_address(self.marker):
                return self._lead(asked, None)
            if not address.is_here and self.proxy.strict:
                return errno.ENETUNREACH
            ports = self.proxy_ports if address.is_here else self.proxy_ports | WEB_PORTS
            if asked.name == "connect" and address.port in ports:
                return self._lead(asked, (str(address.host), address.port))
        return None

    def _lead(self, asked: SystemCall, destination: tuple[str, int] | None) -> int | None:
        """Connects the caller's socket to the proxy. None for a datagram socket, which is not about the web."""
        try:
            taken = _take_socket(asked.process, asked.arguments[0])
        except PermissionError:
            return self._replace(asked, destination)
        with taken:
            if taken.type != socket.SOCK_STREAM:
                return None
            host = LOOPBACK if taken.family == socket.AF_INET else f"::ffff:{LOOPBACK}"
            error = taken.connect_ex((host, self.proxy.port))
            if error in (0, errno.EINPROGRESS):
                self._remember(taken, destination)
            return error

    def _replace(self, asked: SystemCall, destination: tuple[str, int] | None) -> int | None:
        """The same where no process may take another's descriptors: the caller gets a socket of ours in its place."""
        place = f"/proc/{asked.process}/fd/{asked.arguments[0]}"
        if not os.getxattr(place, "system.sockprotoname").startswith(b"TCP"):
            return None
        with open(f"/proc/{asked.process}/fdinfo/{asked.arguments[0]}") as lines:
            flags = next(int(line.split()[1], 8) for line in lines if line.startswith("flags:"))
        with socket.create_connection((LOOPBACK, self.proxy.port)) as ours:
            ours.setblocking(not flags & os.O_NONBLOCK)
            self._remember(ours, destination)
            added = asked.id, _SET_DESCRIPTOR, ours.fileno(), asked.arguments[0], flags & os.O_CLOEXEC
            fcntl.ioctl(self.listener, _ADD_DESCRIPTOR, _ADDED.pack(*added))
        return 0

    def _remember(self, connection: socket.socket, destination: tuple[str, int] | None) -> None:
        if destination is not None:
            self.proxy.meant_for[LOOPBACK, connection.getsockname()[1]] = destination


def _addresses(asked: SystemCall) -> list[Address]:
    """Whom a system call is for; nobody where it is not the internet."""
    arguments = asked.arguments
    if asked.name == "connect":
        places = [arguments[1:3]]
    elif asked.name == "sendto":
        places = [arguments[4:6]]
    else:
        count = 1 if asked.name == "sendmsg" else min(arguments[2], _MOST_MESSAGES)
        heads = (_read_memory(asked.process, arguments[1] + _MESSAGE_BYTES * each, 12) for each in range(count))
        places = [struct.unpack("=QI", head) for head in heads]
    found = [_parsed(_read_memory(asked.process, at, min(length, _LONGEST_ADDRESS))) for at, length in places if at]
    return [address for address in found if address is not None]


def _parsed(raw: bytes) -> Address | None:
    family = int.from_bytes(raw[:2], "little")
    port = int.from_bytes(raw[2:4], "big")
    if family == socket.AF_INET and len(raw) >= 8:
        return Address(ipaddress.IPv4Address(raw[4:8]), port)
    if family == socket.AF_INET6 and len(raw) >= 24:
        host = ipaddress.IPv6Address(raw[8:24])
        return Address(host.ipv4_mapped or host, port)
    return None


def _read_memory(process: int, at: int, length: int) -> bytes:
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        memory.seek(at)
        return memory.read(length)


def _take_socket(process: int, descriptor: int) -> socket.socket:
    """Another process's socket: the same one, not a copy. Raises ``OSError``."""
    with open(f"/proc/{process}/status") as lines:
        leader = next(int(line.split()[1]) for line in lines if line.startswith("Tgid:"))
    pidfd = os.pidfd_open(leader)
    try:
        taken = _libc.syscall(_PIDFD_GETFD, pidfd, descriptor, 0)
    finally:
        os.close(pidfd)
    if taken < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return socket.socket(fileno=taken)
