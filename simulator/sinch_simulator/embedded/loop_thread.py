"""Runs an event loop in a thread of its own, and reaches an event loop from other threads."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from attrs import field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.values import define

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")
Work = Coroutine[Any, Any, Result]

STOPPED = "the simulator has been stopped: make a new one"
LOOP_PATIENCE_S = 2.0
"""Real seconds after which an event loop that does not get to a task is taken to stand still."""


@define(eq=False)
class LoopThread:
    """A thread with an event loop, from ``start`` to ``stop``. It never keeps the process from ending."""

    name: str
    loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.new_event_loop)
    _thread: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def submit(self, work: Work[Result]) -> "Future[Result]":
        """Starts a coroutine there, and gives the future of its result."""
        if self.loop.is_closed():
            work.close()
            raise SimulatorError(STOPPED)
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def stop(self) -> None:
        """Ends the loop, and what still runs in it."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    def _run(self) -> None:
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(_end_what_is_left())
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        finally:
            self.loop.close()


async def _end_what_is_left() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Gives the event loop that runs in this thread; None without one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def refuse_inside_a_loop(what: str, instead: str) -> None:
    """Raises ``SimulatorError`` when this thread runs an event loop: waiting would stop everything in it."""
    if running_loop() is not None:
        raise SimulatorError(f"{what} would block the event loop that runs in this thread; {instead}")


def call_in_loop(loop: asyncio.AbstractEventLoop, function: Callable[[], Result]) -> Result:
    """Calls a function that waits for nothing in an event loop, between whatever else runs there.

    A loop that stands still (a debugger has stopped it, or what runs in it waits for this thread) changes nothing: then
    the function is called here. Raises ``SimulatorError`` when the loop has been closed.
    """
    if running_loop() is loop:
        return function()
    future: Future[Result] = Future()

    def run() -> None:
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(function())
            except BaseException as error:
                future.set_exception(error)

    try:
        loop.call_soon_threadsafe(run)
    except RuntimeError:
        raise SimulatorError(STOPPED) from None
    try:
        return future.result(LOOP_PATIENCE_S)
    except TimeoutError:
        return function() if future.cancel() else future.result()
