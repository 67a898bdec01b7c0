"""Runs the command: as a child whose streams, folder and terminal are ours, and to which signals are passed on."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from attrs import define, field, frozen

_LAUNCHER = Path(__file__).with_name("launcher.py")
_PASSED_ON = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2}
_SENT_BY_THE_KERNEL = 0x80
_LONGEST_LINE = 65_536


class CannotExecuteError(Exception):
    """The command cannot be executed; ``code`` is what a shell exits with then (126 or 127)."""

    def __init__(self, command: str, number: int) -> None:
        super().__init__(f"{command}: {os.strerror(number)}")
        self.code = 127 if number in (2, 20) else 126


class EndedEarlyError(Exception):
    """A signal came before the command began; ``code`` is what a shell exits with then."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.code = 128 + number


@define(eq=False)
class Signals:
    """Takes the signals that somebody sends to this process, from ``hold`` on, for whoever is to get them."""

    _before: set[int] = field(init=False, factory=set)
    _deliver: Callable[[int], None] | None = field(init=False, default=None)
    _from_terminal_too: bool = field(init=False, default=False)
    came: list[int] = field(init=False, factory=list)
    """Those that nobody has got yet."""
    _lock: threading.Lock = field(init=False, factory=threading.Lock)

    def hold(self) -> None:
        """Begins; to be called before any thread is started, in the main thread."""
        self._before = {int(each) for each in signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON)}
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def blocked_before(self) -> list[int]:
        """The signals that were blocked when this process began: what the command is to find."""
        return sorted(self._before)

    def deliver_to(self, deliver: Callable[[int], None], *, also_from_terminal: bool = False) -> None:
        """Hands over what has come so far, and everything that comes; from a terminal the command itself gets it."""
        with self._lock:
            self._deliver, self._from_terminal_too = deliver, also_from_terminal
            for number in self.came:
                deliver(number)
            self.came.clear()

    def _wait(self) -> None:
        while True:
            number, by_terminal = _next_signal()
            with self._lock:
                if self._deliver is None:
                    self.came.append(number)
                elif self._from_terminal_too or not by_terminal:
                    self._deliver(number)


def _next_signal() -> tuple[int, bool]:
    """Waits for a signal; tells too whether it came from the terminal, which sends it to the command as well."""
    if hasattr(signal, "sigwaitinfo"):
        information = signal.sigwaitinfo(_PASSED_ON)
        return information.si_signo, information.si_code == _SENT_BY_THE_KERNEL
    number = int(signal.sigwait(_PASSED_ON))
    return number, number in (signal.SIGINT, signal.SIGQUIT) and _is_in_front()


def _is_in_front() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


@frozen
class Enclosure:
    """How far the command is closed in, on Linux: which files it finds in the place of others, and what may connect."""

    files: Mapping[str, str] = {}
    """By the file that is there, the one that the command finds."""
    filtered: bool = False
    strict: bool = False


@define(eq=False)
class Command:
    """One run of a command; ``start`` and ``wait`` are called once each."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    signals: Signals
    enclosure: Enclosure
    problems: Mapping[str, str] = field(init=False, factory=dict)
    """Of the enclosure, what this system does not allow, and why: ``namespace``, ``filter``."""
    _process: "subprocess.Popen[bytes]" = field(init=False)
    _control: socket.socket = field(init=False)

    def prepare(self) -> int | None:
        """Starts a process and closes it in; gives the listener of its connection filter, None where there is none."""
        self._control, theirs = socket.socketpair()
        with theirs:
            theirs.set_inheritable(True)
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_LAUNCHER), str(theirs.fileno())],
                # What the caller has opened for the command is the command's, as with ``<(...)`` of a shell.
                close_fds=False,
                restore_signals=False,
                # Without a folder the C library would spawn it, and leave a signal of its own ignored.
                cwd=".",
            )
        filtering = ("strict" if self.enclosure.strict else "open") if self.enclosure.filtered else ""
        order = {
            "command": list(self.arguments),
            "environment": dict(self.environment),
            "blocked": self.signals.blocked_before,
            "files": dict(self.enclosure.files),
            "filter": filtering,
        }
        self._control.sendall(json.dumps(order).encode() + b"\n")
        line, listeners, _, _ = socket.recv_fds(self._control, _LONGEST_LINE, 1)
        self.problems = json.loads(line)
        return listeners[0] if listeners else None

    def start(self) -> None:
        """Lets the process become the command. Raises ``CannotExecuteError`` and ``EndedEarlyError``."""
        with self._control:
            if self.signals.came:
                raise EndedEarlyError(self.signals.came[0])
            self._control.sendall(b"\n")
            failure = self._control.recv(_LONGEST_LINE)
        if failure:
            self._process.wait()
            raise CannotExecuteError(self.arguments[0], json.loads(failure)["errno"])
        self.signals.deliver_to(self._send)

    def wait(self) -> int:
        """Waits for its end, and gives its exit code; 128 and the number for a signal, as shells have it."""
        code = self._process.wait()
        return code if code >= 0 else 128 - code

    def _send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
