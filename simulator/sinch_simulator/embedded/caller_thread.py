"""Work that has to be done in somebody's own thread: a synchronous webhook runs in the thread of the test it serves.

While a test waits for the simulator, its thread is free: it takes the callbacks of its app, one after the other, and so
the app sees the test's own database transaction, patches and thread-local state.
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

from attrs import define, field

from sinch_simulator.client.errors import SimulatorError

Result = TypeVar("Result")

__tracebackhide__ = True  # pytest shows the line of the test instead

_inside = threading.local()


def inside_an_errand() -> bool:
    """Whether this thread is answering a callback just now."""
    return getattr(_inside, "depth", 0) > 0


@define(eq=False)
class Errand:
    """One piece of work. Whoever claims it first does it; ``limit`` begins to count then.

    When nobody waits it lies ready for ``patience_s``, and then gets a thread of its own.
    """

    work: Callable[[], object]
    timeout_s: float
    patience_s: float
    limit: asyncio.Timeout
    done: "asyncio.Future[object]"
    _claimed: bool = False
    _lock: threading.Lock = field(init=False, factory=threading.Lock)

    def claim(self) -> bool:
        """Whether it is still to be done; it is the caller's then."""
        with self._lock:
            claimed, self._claimed = self._claimed, True
            return not claimed

    def carry_out(self) -> None:
        """Do it in this thread, unless somebody has."""
        if not self.claim():
            return
        self._tell(self._start_counting)
        _inside.depth = getattr(_inside, "depth", 0) + 1
        try:
            result = self.work()
        except BaseException as error:
            # It belongs to whose thread this is (Ctrl-C, pytest.fail); the app has not answered.
            self._tell(partial(self._fail, f"{type(error).__name__}: {error}"))
            raise
        finally:
            _inside.depth -= 1
        self._tell(partial(self._finish, result))

    def lie_ready(self) -> None:
        """Nobody waits just now: have it done alone if nobody comes."""
        self._tell(self._set_alarm)

    def _set_alarm(self) -> None:
        self.done.get_loop().call_later(self.patience_s, self._start_alone)

    def _start_alone(self) -> None:
        if not self._claimed:
            # A daemon: a webhook that never returns must not keep the process from ending.
            threading.Thread(target=self._carry_out_alone, name="sinch-webhook", daemon=True).start()

    def _carry_out_alone(self) -> None:
        # What ends a test (pytest.fail) has no test to end here; the callback has failed, and says why.
        with suppress(BaseException):
            self.carry_out()

    def _tell(self, news: Callable[[], None]) -> None:
        """Have it known in the server's event loop; when that has been closed meanwhile, nobody asks any more."""
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
class Errands:
    """Those of one world: they go to a thread that waits, or lie ready for the next, or get a thread of their own."""

    _lock: threading.Lock = field(init=False, factory=threading.Lock)
    _waiting: "list[SimpleQueue[Errand | None]]" = field(init=False, factory=list)
    _lying: deque[Errand] = field(init=False, factory=deque)

    async def have_done(self, work: Callable[[], object], *, timeout_s: float, patience_s: float) -> object:
        """Its result; TimeoutError when it takes too long. Untaken for ``patience_s``, it gets its own thread.

        ``work`` raises nothing but what belongs to the thread that it runs in.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            errand = Errand(work, timeout_s, patience_s, limit, loop.create_future())
            self._offer(errand)
            try:
                return await errand.done
            finally:
                errand.claim()

    def wait_for(self, future: "Future[Result]") -> Result:
        """The future's result; until it is there this thread runs errands."""
        queue: SimpleQueue[Errand | None] = SimpleQueue()
        with self._lock:
            self._waiting.append(queue)
            while self._lying:
                queue.put(self._lying.popleft())
        future.add_done_callback(lambda _: queue.put(None))
        try:
            while (errand := queue.get()) is not None:
                errand.carry_out()
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

    def _offer(self, errand: Errand) -> None:
        with self._lock:
            if self._waiting:
                self._waiting[-1].put(errand)
                return
            self._lying = deque(lying for lying in self._lying if not lying.done.done())
            self._lying.append(errand)
        errand.lie_ready()

    def _leave(self, queue: "SimpleQueue[Errand | None]") -> None:
        left: list[Errand] = []
        with self._lock:
            self._waiting.remove(queue)
            while not queue.empty():
                errand = queue.get()
                if errand is not None:
                    left.append(errand)
        for errand in left:
            self._offer(errand)
