"""Lets an app of this process do what it does after a reply, once the reply counts, and reports what fails then.

Over a socket the bytes of a reply arrive, and only then does what the app does later (background tasks of FastAPI and
Starlette, ``call_on_close`` of Flask): here it is the same. Where time waits, it waits for such work too, but for no
more than ``LONGEST_S``: an app may well wait for something that time must pass for.
"""

import asyncio
from functools import partial

from attrs import evolve

from sinch_simulator.core.delivery import Record
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.server.background_tasks import BackgroundTasks, Events
from sinch_simulator.simulation import Simulation

LONGEST_S = 10.0
"""Real seconds for which time waits for what an app does after a reply."""


def go_on(simulation: Simulation, tasks: BackgroundTasks, record: Record) -> Record:
    """Lets the app go on that has given this answer; returns the record without what could be let go on."""
    response = record.attempt.response
    if response is None or response.afterwards is None:
        return record
    work = asyncio.ensure_future(response.afterwards())
    work.add_done_callback(partial(_report, simulation, record))
    callback = record.callback
    title = simulation.product(callback.product).title(callback.event)
    reason = f"what the app does after its reply to {title} of {callback.about.in_words()}"
    tasks.wait_for_app(callback.application_key, reason, _finished(work))
    return evolve(record, attempt=evolve(record.attempt, response=evolve(response, afterwards=None)))


async def _finished(work: "asyncio.Future[str]") -> Events:
    await asyncio.wait((work,), timeout=LONGEST_S)
    return ()


def _report(simulation: Simulation, record: Record, work: "asyncio.Future[str]") -> None:
    """Writes into the journal what failed, unless the call is gone."""
    callback = record.callback
    if work.cancelled() or not simulation.knows(callback.subject):
        return
    error = work.exception()
    trace = work.result() if error is None else f"{type(error).__name__}: {error}"
    if not trace:
        return
    title = simulation.product(callback.product).title(callback.event)
    last = trace.rstrip().splitlines()[-1]
    message = f"The app failed after its reply to {title}: {last}"
    hint = "The reply counts; what the app does after it (a background task) ended there."
    finding = Diagnostic("APP_FAILED_AFTER_REPLY", Severity.WARNING, "", message, hint)
    simulation.diagnose(callback.subject, finding, event=callback.event, traceback=trace)
