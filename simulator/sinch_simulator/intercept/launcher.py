"""Becomes the command, closed in as far as the kernel lets an ordinary user do it (Linux; elsewhere not at all).

It is a script of its own, which needs the standard library only: the command inherits nothing of the simulator.

    python -I -S launcher.py CONTROL_SOCKET

The socket brings one line, the order as JSON. One line goes back: what could not be done, and with it the listener of
the connection filter where there is one. An empty line lets the command begin; what follows is why it cannot be
executed.
"""

import _thread
import json
import os
import platform
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any

_NEW_MOUNTS, _NEW_USER = 0x20000, 0x10000000
_BIND, _REC_PRIVATE = 4096, 16384 | 262144
_NO_NEW_PRIVILEGES = 38
_SET_MODE_FILTER, _NEW_LISTENER, _WAIT_KILLABLE = 1, 8, 32

# By machine: architecture as the kernel's audit names it, and the numbers of the system calls.
CALLS = {
    "x86_64": {"arch": 0xC000003E, "seccomp": 317, "connect": 42, "sendto": 44, "sendmsg": 46, "sendmmsg": 307},
    "aarch64": {"arch": 0xC00000B7, "seccomp": 277, "connect": 203, "sendto": 206, "sendmsg": 211, "sendmmsg": 269},
}
_IO_URING_SETUP = 425

_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_NOT_IMPLEMENTED, _NOT_SUPPORTED = 0x00050000 | 38, 0x00050000 | 95
_LOAD, _IF_EQUAL, _IF_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_FAST_OPEN = 0x20000000
"""A flag of sendto and sendmsg: they connect as well."""


Line = tuple[int, ...]
"""An instruction of a filter: code, value, and how many lines to skip when true and when false."""


def main() -> None:
    """Does what the order says, then executes the command; the process stays the same."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    lines = control.makefile("rb")
    order = json.loads(lines.readline())
    problems: dict[str, str] = {}
    if order["files"]:
        problems["namespace"] = _attempt(_replace_files, order["files"])
    listener = -1
    if order["filter"]:
        # The filter holds for the thread that sets it: another one, begun before, can still send the listener.
        ready, sent = _thread.allocate_lock(), _thread.allocate_lock()
        ready.acquire()
        sent.acquire()

        def send() -> None:
            ready.acquire()
            _answer(control, problems, listener)
            sent.release()

        _thread.start_new_thread(send, ())
        try:
            listener = _set_filter(order["filter"] == "strict")
        except OSError as error:
            problems["filter"] = str(error)
        ready.release()
        sent.acquire()
    else:
        _answer(control, problems, listener)
    if not lines.readline():
        os._exit(1)  # nobody is there any more
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python itself ignores them
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, order["blocked"])
    try:
        os.execvpe(order["command"][0], order["command"], order["environment"])
    except OSError as error:
        control.sendall(json.dumps({"errno": error.errno}).encode() + b"\n")
        os._exit(127)


def _answer(control: socket.socket, problems: dict[str, str], listener: int) -> None:
    line = json.dumps({name: text for name, text in problems.items() if text}).encode() + b"\n"
    socket.send_fds(control, [line], [listener] if listener >= 0 else [])
    if listener >= 0:
        os.close(listener)


def _attempt(act: Callable[[Any], None], argument: Any) -> str:
    """Tries in a child first, because what has been done halfway cannot be undone; tells why it does not work."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            act(argument)
        except OSError as error:
            os.write(writer, str(error).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        why = told.read()
    os.waitpid(child, 0)
    if not why:
        act(argument)
    return why


def _replace_files(files: dict[str, str]) -> None:
    """In a mount namespace of this process and its children, other files stand in the place of these."""
    libc = _libc()
    try:
        _check(libc.unshare(_NEW_MOUNTS), "unshare")
    except OSError:
        uid, gid = os.getuid(), os.getgid()
        _check(libc.unshare(_NEW_MOUNTS | _NEW_USER), "unshare")
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    _check(libc.mount(None, b"/", None, _REC_PRIVATE, None), "mount /")
    for target, source in files.items():
        _check(libc.mount(os.fsencode(source), os.fsencode(target), None, _BIND, None), f"mount {target}")


def _set_filter(strict: bool) -> int:
    """From here on every connect waits for a word of the listener, which this gives."""
    import ctypes

    numbers = CALLS.get(platform.machine())
    if numbers is None:
        raise OSError(f"not known for {platform.machine()}")
    program = filter_program(numbers, strict)
    instructions = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    libc = _libc()

    def attempt(flags: int) -> int:
        listener: int = libc.syscall(numbers["seccomp"], _SET_MODE_FILTER, flags, head)
        return listener

    listener = -1
    for flags in (_NEW_LISTENER | _WAIT_KILLABLE, _NEW_LISTENER):
        if (listener := attempt(flags)) >= 0:
            return listener
    # Who is not privileged must give up new privileges first.
    _check(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "prctl")
    for flags in (_NEW_LISTENER | _WAIT_KILLABLE, _NEW_LISTENER):
        if (listener := attempt(flags)) >= 0:
            return listener
    _check(listener, "seccomp")
    return listener


def filter_program(numbers: dict[str, int], strict: bool) -> bytes:
    """Writes the filter: connect asks, fast open and io_uring are not there; with ``strict`` datagrams ask as well."""
    flags_of = {"sendto": 3, "sendmsg": 2}
    blocks = [
        _decide(numbers["connect"], [(_RETURN, _NOTIFY)]),
        _decide(_IO_URING_SETUP, [(_RETURN, _NOT_IMPLEMENTED)]),
    ]
    for name, argument in flags_of.items():
        rest: list[Line] = [(_RETURN, _ALLOW)]
        if strict and name == "sendto":
            # A null address is that of a connection that is there; both halves of the pointer count.
            rest = [(_LOAD, 48), (_IF_EQUAL, 0, 0, 2), (_LOAD, 52), (_IF_EQUAL, 0, 1, 0), (_RETURN, _NOTIFY), *rest]
        elif strict:
            rest = [(_RETURN, _NOTIFY)]
        check: list[Line] = [(_LOAD, 16 + 8 * argument), (_IF_BITS, _FAST_OPEN, 0, 1), (_RETURN, _NOT_SUPPORTED), *rest]
        blocks.append(_decide(numbers[name], check))
    if strict:
        blocks.append(_decide(numbers["sendmmsg"], [(_RETURN, _NOTIFY)]))
    start: list[Line] = [(_LOAD, 4), (_IF_EQUAL, numbers["arch"], 1, 0), (_RETURN, _ALLOW), (_LOAD, 0)]
    lines = [*start, *(line for block in blocks for line in block), (_RETURN, _ALLOW)]
    return b"".join(_instruction(*line) for line in lines)


def _decide(number: int, then: list[Line]) -> list[Line]:
    """What to do for one system call; the next block is for the others, so ``then`` ends with a return."""
    return [(_IF_EQUAL, number, 0, len(then)), *then]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result < 0:
        import ctypes

        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
