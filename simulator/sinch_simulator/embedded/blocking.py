"""Reaches a simulator's event loop from threads that wait for it: what ``sync_api`` stands on.

While a thread waits here it answers the callbacks of the synchronous apps that are mounted, so that they see its
database transaction, its patches and its thread-local state. ``awaiting`` has the same names for coroutines.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.values import define
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.caller_thread import INSIDE_A_WEBHOOK, CallerThreads, answers_a_callback
from sinch_simulator.embedded.host import NOT_RUNNING, Host
from sinch_simulator.embedded.loop_thread import STOPPED, LoopThread, Work, refuse_inside_a_loop
from sinch_simulator.embedded.views import ApplicationView

if TYPE_CHECKING:
    from sinch_simulator.embedded import async_api

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")

CLIENT = "SinchClient"
"""The class of the SDK's client."""
PATIENT = True
"""Whether a webhook can expect that a thread waits for the simulator and answers its callbacks."""


@define(eq=False, repr=False)
class ApplicationBase(ApplicationView):
    """An application whose calls block the thread that makes them."""

    _host: Host

    def for_coroutines(self) -> "async_api.Application":
        """Gives the same application, to be awaited in whichever event loop."""
        from sinch_simulator.embedded import async_api

        return async_api.Application(self._application, self._host)


def run(application: HostedApplication, work: Work[Result]) -> Result:
    """Waits for what must run in the server's event loop; until it is done this thread answers callbacks."""
    return _waited(application.loop, application.threads, work)


def close(application: HostedApplication, work: Work[None]) -> None:
    """Waits for what ends an application; callbacks that its app has not been asked yet, it is not asked any more."""
    _waited(application.loop, CallerThreads(), work)


def run_beside(host: Host, work: Work[Result]) -> Result:
    """Waits for a coroutine that runs in the server's event loop, beside it."""
    if host.thread is None:
        work.close()
        raise SimulatorError(NOT_RUNNING)
    return _waited(host.thread.loop, CallerThreads(), work)


def start(host: Host) -> None:
    """Serves from a thread of its own."""
    if host.thread is not None:
        raise SimulatorError("this simulator runs already")
    thread = LoopThread("sinch-simulator")
    thread.start()
    try:
        _waited(thread.loop, CallerThreads(), host.start())
    except BaseException:
        thread.stop()
        raise
    host.thread = thread


def stop(host: Host) -> None:
    """Ends the server and its thread; it is no error when nothing runs."""
    thread, host.thread = host.thread, None
    if thread is None:
        return
    try:
        thread.submit(host.stop()).result()
    finally:
        thread.stop()
        host.stop_apps()


def apps_loop(host: Host) -> Callable[[], asyncio.AbstractEventLoop]:
    """Gives the event loop in which asynchronous apps are to run: one in a thread of its own."""
    return host.apps_loop


def _waited(loop: asyncio.AbstractEventLoop, threads: CallerThreads, work: Work[Result]) -> Result:
    try:
        refuse_inside_a_loop("a blocking call", "use sinch_async, or 'async with Simulator(...)', and await")
        if answers_a_callback():
            raise SimulatorError(INSIDE_A_WEBHOOK)
        if loop.is_closed():
            raise SimulatorError(STOPPED)
    except SimulatorError:
        work.close()
        raise
    return threads.wait_for(asyncio.run_coroutine_threadsafe(work, loop))
