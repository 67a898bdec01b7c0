"""Runs a test on an event loop whose clock stands still while anything happens, and leaps when nothing does.

Nothing in such a test is late, however busy the machine is, and nobody waits: sleeps and time-outs take no real time
and come in their order. Only for tests whose other ends, clients and servers, are on the same loop.
"""

import asyncio
import functools
import selectors
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec

Arguments = ParamSpec("Arguments")

_PATIENCE_S = 0.005
"""How long bytes may be on their way from one socket of this process to another: no time leaps over them."""


class _Selector(selectors.DefaultSelector):
    """Counts the seconds that it did not wait, and waits for threads."""

    now_s = 0.0
    threads_at_work = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Returns what is ready; after a moment without any, the time that was to be waited for is over."""
        if timeout is None:
            return super().select(None)
        ready = super().select(min(timeout, _PATIENCE_S))
        if not ready and timeout > 0 and not self.threads_at_work:
            self.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own, in seconds since it was made."""

    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        """Returns the virtual time."""
        return self._clock.now_s

    # What asyncio's own takes is said with a variable number of types.
    def run_in_executor(self, *arguments: Any) -> "asyncio.Future[Any]":  # type: ignore[override]
        """Has a thread do something; no time leaps over its work."""
        self._clock.threads_at_work += 1
        done = super().run_in_executor(*arguments)
        done.add_done_callback(self._note_done)
        return done

    def _note_done(self, done: "asyncio.Future[Any]") -> None:
        self._clock.threads_at_work -= 1


def in_virtual_time(test: Callable[Arguments, Awaitable[None]]) -> Callable[Arguments, None]:
    """Makes an awaited test one that runs in virtual time."""

    @functools.wraps(test)
    def run(*arguments: Arguments.args, **names: Arguments.kwargs) -> None:
        async def told() -> None:
            await test(*arguments, **names)

        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(told())

    return run
