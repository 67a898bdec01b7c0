"""Runs synchronous webhooks in the thread of the test that they serve, while that thread waits for the simulator.

A thread that waits is free: it takes the callbacks of its app, one after the other, and so the app sees the test's own
database transaction, patches and thread-local state.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from attrs import field

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.values import define

Result = TypeVar("Result")

__tracebackhide__ = True  # pytest shows the line of the test instead

INSIDE_A_WEBHOOK = "this runs inside a webhook, which the simulator waits for: do it in the test instead"

_this_thread = threading.local()


def answers_a_callback() -> bool:
    """Tells whether this thread is answering a callback just now."""
    return getattr(_this_thread, "depth", 0) > 0


@define(eq=False)
class ThreadTask:
    """A piece of work for some thread. Whichever claims it first does it; ``limit`` begins to count then.

    When no thread waits it is kept for ``patience_s`` real seconds, and then gets a thread of its own.
    """

    work: Callable[[], object]
    timeout_s: float
    patience_s: float
    limit: asyncio.Timeout
    done: "asyncio.Future[object]"
    _claimed: bool = False
    _lock: threading.Lock = field(init=False, factory=threading.Lock)

    def claim(self) -> bool:
        """Claims the task for the thread that calls; False when another has."""
        with self._lock:
            claimed, self._claimed = self._claimed, True
            return not claimed

    def run(self) -> None:
        """Does the work in this thread, unless another has claimed it."""
        if not self.claim():
            return
        self._tell(self._start_counting)
        _this_thread.depth = getattr(_this_thread, "depth", 0) + 1
        try:
            result = self.work()
        except BaseException as error:
            # It belongs to whose thread this is (Ctrl-C, pytest.fail); the app has not answered.
            self._tell(partial(self._fail, f"{type(error).__name__}: {error}"))
            raise
        finally:
            _this_thread.depth -= 1
        self._tell(partial(self._finish, result))

    def keep(self) -> None:
        """Lets the task wait for a thread, and gives it one of its own if none comes in time."""
        self._tell(self._set_alarm)

    def _set_alarm(self) -> None:
        self.done.get_loop().call_later(self.patience_s, self._start_alone)

    def _start_alone(self) -> None:
        if not self._claimed:
            # A daemon: a webhook that never returns must not keep the process from ending.
            threading.Thread(target=self._run_alone, name="sinch-webhook", daemon=True).start()

    def _run_alone(self) -> None:
        # What ends a test (pytest.fail) has no test to end here; the callback has failed, and says why.
        with suppress(BaseException):
            self.run()

    def _tell(self, news: Callable[[], None]) -> None:
        """Says something in the server's event loop; when that has been closed meanwhile, nobody asks any more."""
        with suppress(RuntimeError):
            self.done.get_loop().call_soon_threadsafe(news)

    def _start_counting(self) -> None:
        if not self.done.done() and not self.limit.expired():
            self.limit.reschedule(self.done.get_loop().time() + self.timeout_s)

    def _finish(self, result: object) -> None:
        if not self.done.done():
            self.done.set_result(result)

    def _fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionAbortedError(why))


@define(eq=False)
class CallerThreads:
    """The threads that wait for one world, and the tasks for them: a task goes to the thread that came last.

    Without a thread that waits, a task is kept for the next one, or gets a thread of its own.
    """

    _lock: threading.Lock = field(init=False, factory=threading.Lock)
    _waiting: "list[SimpleQueue[ThreadTask | None]]" = field(init=False, factory=list)
    _kept: deque[ThreadTask] = field(init=False, factory=deque)

    async def run(self, work: Callable[[], object], *, timeout_s: float, patience_s: float) -> object:
        """Has work done in one of the threads and gives its result. Raises ``TimeoutError`` when it takes too long.

        ``work`` raises nothing but what belongs to the thread that it runs in.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            task = ThreadTask(work, timeout_s, patience_s, limit, loop.create_future())
            self._offer(task)
            try:
                return await task.done
            finally:
                task.claim()

    def wait_for(self, future: "Future[Result]") -> Result:
        """Gives the future's result; until it is there this thread does tasks."""
        queue: SimpleQueue[ThreadTask | None] = SimpleQueue()
        with self._lock:
            self._waiting.append(queue)
            while self._kept:
                queue.put(self._kept.popleft())
        future.add_done_callback(lambda _: queue.put(None))
        try:
            while (task := queue.get()) is not None:
                task.run()
        except BaseException:
            future.cancel()
            raise
        finally:
            self._leave(queue)
        try:
            return future.result()
        except (SimulatorError, AssertionError) as error:
            # It is about what the caller did: where it was noticed in here is of no interest.
            raise error.with_traceback(None) from None

    def _offer(self, task: ThreadTask) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[-1].put(task)
                return
            self._kept = deque(kept for kept in self._kept if not kept.done.done())
            self._kept.append(task)
        task.keep()

    def _leave(self, queue: "SimpleQueue[ThreadTask | None]") -> None:
        left: list[ThreadTask] = []
        with self._lock:
            self._waiting.remove(queue)
            while not queue.empty():
                task = queue.get()
                if task is not None:
                    left.append(task)
        for task in left:
            self._offer(task)
