"""Reaches a simulator's event loop from coroutines: what ``async_api`` stands on.

``blocking``, on which ``sync_api`` stands, has the same names, so that the one API can be made from the other.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.config import ClockMode
from sinch_simulator.core.values import define
from sinch_simulator.embedded.answering_tasks import this_task_answers
from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.caller_thread import INSIDE_A_WEBHOOK
from sinch_simulator.embedded.host import Host
from sinch_simulator.embedded.loop_thread import Work
from sinch_simulator.embedded.views import ApplicationView

__tracebackhide__ = True  # pytest shows the line of the test instead

Result = TypeVar("Result")

CLIENT = "SinchClientAsync"
"""The class of the SDK's client, where its version has it."""
PATIENT = False
"""Whether a webhook can expect that a thread waits for the simulator and answers its callbacks."""


@define(eq=False, repr=False)
class ApplicationBase(ApplicationView):
    """An application whose calls are awaited."""

    _host: Host


async def run(application: HostedApplication, work: Work[Result]) -> Result:
    """Awaits what must run in the server's event loop, from whichever loop this is."""
    if this_task_answers() and application.world.runner.mode is not ClockMode.REALTIME:
        work.close()
        raise SimulatorError(INSIDE_A_WEBHOOK)
    loop = application.loop
    if loop is asyncio.get_running_loop():
        return await work
    if loop.is_closed():
        work.close()
        application.check()
    try:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
    except (SimulatorError, AssertionError) as error:
        raise error.with_traceback(None) from None


async def close(application: HostedApplication, work: Work[None]) -> None:
    """Awaits what ends an application."""
    await run(application, work)


async def run_beside(host: Host, work: Work[Result]) -> Result:
    """Awaits a coroutine beside the server, whose event loop runs here."""
    return await work


async def start(host: Host) -> None:
    """Serves in the event loop that runs here."""
    await host.start()


async def stop(host: Host) -> None:
    """Ends the server; it is no error when nothing runs."""
    await host.stop()


def apps_loop(host: Host) -> Callable[[], asyncio.AbstractEventLoop]:
    """Gives the event loop in which asynchronous apps are to run: the one that runs here."""
    loop = asyncio.get_running_loop()
    return lambda: loop
