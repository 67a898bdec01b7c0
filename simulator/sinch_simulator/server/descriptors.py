"""How many files and connections this process may have open at a time, and what is said when that is too few.

What fails for want of descriptors says nothing about the app. It is a failure of this process, told once: the world
that meets it stops, and ``start`` and ``run`` end with ``EXIT_CODE``.
"""

import asyncio
import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

EXIT_CODE = 3
"""Of a process that had too few descriptors."""
SPARE = 64
"""Descriptors that a process needs besides those of its connections."""

_OURS = (errno.EMFILE, errno.ENFILE)
_MOST_ASKED_FOR = 65_536
"""Where the hard limit is no limit at all."""

_log = logging.getLogger("sinch_simulator")
_told: list[str] = []
_waiting: list[bool] = []
_watchers: list[Callable[[], None]] = []


class OutOfDescriptors(Exception):
    """This process has as many files and connections open as it may."""

    def __repr__(self) -> str:
        """Gives the sentence, which is for people."""
        return str(self)


def raise_limit() -> None:
    """Raises the soft limit of this process to the hard one. Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_ASKED_FOR if hard == resource.RLIM_INFINITY else hard
    while soft != resource.RLIM_INFINITY and wanted > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return
        except (ValueError, OSError):
            # macOS allows fewer than its hard limit says.
            wanted //= 2


def limit() -> int | None:
    """Returns how many descriptors this process may have; None where nothing limits them."""
    try:
        import resource
    except ImportError:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def is_for_want_of_descriptors(error: BaseException) -> bool:
    """Returns whether opening something failed because as many are open as may be: nothing was sent then."""
    if isinstance(error, ImportError | FileNotFoundError):
        # Python looks for modules, and for a folder of temporary files, and says that there is none.
        return are_used_up()
    if not isinstance(error, OSError):
        return False
    # Where several addresses of a host were tried, only the text tells what came of each.
    return error.errno in _OURS or any(f"[Errno {number}]" in str(error) for number in _OURS)


def as_ours(error: Exception) -> Exception:
    """Returns ``OutOfDescriptors`` in place of an error that comes of too few descriptors, else the error."""
    return OutOfDescriptors(tell()) if is_for_want_of_descriptors(error) else error


@contextmanager
def needed() -> Iterator[None]:
    """Makes what fails in here for want of descriptors a failure of this process. Raises ``OutOfDescriptors``."""
    try:
        yield
    except OSError as error:
        raise as_ours(error) from None


def are_used_up() -> bool:
    """Returns whether no file can be opened now."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in _OURS
    return False


def tell() -> str:
    """Says, the first time, that there were too few; returns what is said."""
    may = limit()
    count = "as many files and connections as it may" if may is None else f"{may} files and connections, all it may"
    text = f"this process has {count} have open: that is too few for so much at a time. Raise it: ulimit -n 65536"
    if not _told:
        _told.append(text)
        _log.critical("%s", text)
        for watcher in _watchers:
            watcher()
    return text


def were_too_few() -> bool:
    """Returns whether anything has failed for want of descriptors."""
    return bool(_told)


def when_too_few(watcher: Callable[[], None]) -> None:
    """Calls this at the first failure for want of descriptors."""
    _watchers.append(watcher)


def handle_loop_exception(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Takes the place of an event loop's exception handler: connections that cannot be accepted are told once.

    They wait until some other connection closes; asyncio reports a hundred of them a second.
    """
    error = context.get("exception")
    if error is not None and is_for_want_of_descriptors(error):
        _tell_of_waiting()
    else:
        loop.default_exception_handler(context)


def _tell_of_waiting() -> None:
    if not _waiting:
        _waiting.append(True)
        how_many = f"it may have {limit()} files and connections open: raise that with ulimit -n 65536"
        _log.error("connections wait, because this process cannot accept more: %s", how_many)
