"""An event loop in a thread of its own: where the server of a blocking simulator lives."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from attrs import define, field

from sinch_simulator.client.errors import SimulatorError

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")
Work = Coroutine[Any, Any, Result]


@define(eq=False)
class LoopThread:
    """Runs from ``start`` to ``stop``; a daemon, so that nobody who forgets it keeps the process from ending."""

    name: str
    loop: asyncio.AbstractEventLoop = field(init=False, factory=asyncio.new_event_loop)
    _thread: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        """Let it run."""
        self._thread.start()

    def submit(self, work: Work[Result]) -> "Future[Result]":
        """Have a coroutine run there."""
        if self.loop.is_closed():
            work.close()
            raise SimulatorError("the simulator has been stopped: make a new one")
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def stop(self) -> None:
        """End the loop, and what still runs in it."""
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


def refuse_inside_a_loop(what: str, instead: str) -> None:
    """Raise ``SimulatorError`` when this thread runs an event loop: waiting would stop everything in it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise SimulatorError(f"{what} would block the event loop that runs in this thread; {instead}")
