"""Runs a load test: plays a population in many small worlds at once, each dropped when its calls are over.

Within a world time leaps and stands still while the app is asked; the worlds together press on the app.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from sinch_scenarios.language.model import Population
from sinch_scenarios.load.population import draw_person
from sinch_scenarios.load.tally import MOST_SAMPLES, Tally, people_of
from sinch_scenarios.load.texts import Person
from sinch_scenarios.load.worlds import LoadWorld, WorldResult
from sinch_scenarios.playing.parallel import work_together
from sinch_simulator.core.values import frozen

CALLS_OF_A_WORLD = 10

Open = Callable[[int], AbstractAsyncContextManager[LoadWorld]]
"""Opens a world, given the number of its first call: an application with its callback URL, under the manual clock."""


@frozen
class _Watch:
    """Measures how long something has taken, and how much of a core."""

    began_s: float
    processor_began_s: float

    def read(self, tally: Tally) -> None:
        """Writes down both."""
        tally.seconds = time.monotonic() - self.began_s
        tally.busy = min(1.0, (time.process_time() - self.processor_began_s) / max(tally.seconds, 1e-9))


@frozen
class Players:
    """Plays calls of a population by their numbers: a number and the seed say who it is, from which address."""

    population: Population
    seed: int
    open: Open

    async def play(self, numbers: Sequence[int], tally: Tally, sampled: Collection[str] = ()) -> WorldResult:
        """Plays these calls in a world of their own, and counts what happens. Raises ``Refused`` without a simulator.

        ``sampled`` are kinds of failure of which nobody needs a call any more.
        """
        people: list[Person] = []
        for number in numbers:
            person = draw_person(self.population, random.Random(f"{self.seed}/{number}"))
            tally.kinds[person.kind] += 1
            people.append(Person(person.persona, f"+4670{number % 100_000_000:08}"))
        async with self.open(numbers[0]) as world:
            refusals = await world.begin(people)
            for error in refusals:
                if error.status == 0:
                    raise error
                tally.refused[str(error)] += 1
            await world.let_pass()
            result = await world.result(len(numbers) - len(refusals))
            tally.count(result)
            for kind, call_id in result.failures().items():
                if kind not in sampled and kind not in tally.samples and len(tally.samples) < MOST_SAMPLES:
                    tally.samples[kind] = await world.sample(call_id)
        tally.calls += len(numbers)
        return result


@frozen
class LoadTest:
    """A population, and how much of it: ``concurrency`` calls are there at a time; with ``one_world`` all in one."""

    population: Population
    calls: int
    concurrency: int
    seed: int
    open: Open
    one_world: bool = False

    async def play(self, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
        """Plays all calls and counts; ``tell`` gets the tally after each world. Raises ``Refused``."""
        watch = _Watch(time.monotonic(), time.process_time())
        date = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        tally = Tally(people_of(self.population), self.seed, date)
        players = Players(self.population, self.seed, self.open)
        size = self.concurrency if self.one_world else min(CALLS_OF_A_WORLD, self.concurrency)
        batches = iter(range(0, self.calls, size))

        async def work() -> None:
            for first in batches:
                numbers = range(first, min(first + size, self.calls))
                await players.play(numbers, tally)
                watch.read(tally)
                tally.finished[int(tally.seconds)] += len(numbers)
                tell(tally)

        await work_together(work, max(1, min(self.concurrency // size, self.calls // size + 1)))
        watch.read(tally)
        return tally


async def play_ordered(
    players: Players,
    orders: AsyncIterable[Sequence[int]],
    tell: Callable[[Sequence[int], WorldResult, Tally], None],
    *,
    one_world: bool = False,
) -> None:
    """Plays calls as somebody else orders them, by number: a load engine that says when, and how many at a time.

    It ends when there are no more orders and all calls are over. ``tell`` gets each world, with a tally of its own; of
    each kind of failure the first has a sample. With ``one_world`` all that wait are played in one world, and then the
    next: for an app that knows one application only. What stops one of them stops all, and is raised as it is.
    """
    watch = _Watch(time.monotonic(), time.process_time())
    sampled: set[str] = set()

    async def play(numbers: Sequence[int]) -> None:
        tally = Tally(people_of(players.population))
        result = await players.play(numbers, tally, sampled)
        sampled.update(tally.samples)
        watch.read(tally)
        tally.finished[int(tally.seconds)] += len(numbers)
        tell(numbers, result, tally)

    try:
        async with asyncio.TaskGroup() as group:
            async for numbers in orders:
                if one_world:
                    await play(numbers)
                    continue
                for first in range(0, len(numbers), CALLS_OF_A_WORLD):
                    group.create_task(play(numbers[first : first + CALLS_OF_A_WORLD]))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
