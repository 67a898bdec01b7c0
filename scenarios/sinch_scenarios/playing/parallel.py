"""Plays many scenarios, several at a time, and gathers their results in the order asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from sinch_scenarios.language.model import Scenario
from sinch_scenarios.playing.results import Result
from sinch_simulator.core.values import frozen


@frozen
class ScenarioRun:
    """One run of a scenario that is to be played, with the seed of its world. ``repetition`` counts from one."""

    scenario: Scenario
    seed: int
    repetition: int = 1


def scenario_runs(scenarios: Sequence[Scenario], *, repeat: int, seed: int) -> list[ScenarioRun]:
    """Lists every scenario so many times, each time with the next seed."""
    return [
        ScenarioRun(scenario, seed + repetition, repetition + 1)
        for repetition in range(repeat)
        for scenario in scenarios
    ]


async def run_all(
    wanted: Sequence[ScenarioRun],
    play_one: Callable[[ScenarioRun], Awaitable[Result]],
    *,
    jobs: int,
    fail_fast: bool = False,
    tell: Callable[[Result], None] = lambda result: None,
) -> list[Result]:
    """Plays all runs and gives their results in order; with ``fail_fast`` those there when the first one failed."""
    results: dict[int, Result] = {}
    left = iter(enumerate(wanted))
    stopped = False

    async def work() -> None:
        nonlocal stopped
        for index, run in left:
            if stopped:
                return
            results[index] = await play_one(run)
            tell(results[index])
            stopped = stopped or (fail_fast and not results[index].passed)

    await work_together(work, min(jobs, len(wanted)))
    return [results[index] for index in sorted(results)]


async def work_together(work: Callable[[], Coroutine[None, None, None]], workers: int) -> None:
    """Runs so many workers side by side; what stops one of them stops all, and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
