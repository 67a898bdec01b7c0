"""Runs a load test: plays a population in many small worlds at once, each dropped when its calls are over.

Within a world time leaps and stands still while the app is asked; the worlds together press on the app. Nothing is kept
of a call but numbers, and one call for each kind of failure, so that a long run takes no more memory than a short one.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from attrs import field

from sinch_scenarios.language.model import Population
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.population import draw_person
from sinch_scenarios.load.worlds import LoadWorld, Person, Sample, WorldResult
from sinch_scenarios.playing.parallel import work_together
from sinch_simulator.core.values import define, frozen

CALLS_OF_A_WORLD = 10
MOST_SAMPLES = 20
"""Of so many kinds of failure a call is kept to be shown."""

Open = Callable[[int], AbstractAsyncContextManager[LoadWorld]]
"""Opens a world, given the number of its first call: an application with its callback URL, under the manual clock."""


@define
class Tally:
    """Counts what happens in a load test. Latencies are real milliseconds."""

    people: tuple[str, ...]
    began_s: float
    seed: int = 0
    date: str = ""
    """When it began, for whoever reads the report later: ISO 8601, UTC."""
    calls: int = 0
    seconds: float = 0.0
    stuck: int = 0
    refused: Counter[str] = field(factory=Counter)
    kinds: Counter[int] = field(factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(factory=Counter)
    callbacks: Counter[tuple[str, str]] = field(factory=Counter)
    latencies: dict[str, Counter[int]] = field(factory=dict)
    diagnostics: Counter[tuple[str, str]] = field(factory=Counter)
    finished: Counter[int] = field(factory=Counter)
    """How many calls were over in each real second."""
    samples: dict[str, Sample] = field(factory=dict)
    """For each kind of failure the first call that had it."""

    def count(self, result: WorldResult) -> None:
        """Adds what happened in one world."""
        for told in result.callbacks:
            self.callbacks[told.event, told.outcome] += 1
            self.latencies.setdefault(told.event, Counter())[told.latency_ms] += 1
            if told.ending is not None:
                self.outcomes[told.ending] += 1
        self.outcomes.update(result.untold)
        self.diagnostics.update(result.diagnostics)
        self.stuck += len(result.stuck_calls)

    @property
    def callback_count(self) -> int:
        """All callbacks, of whatever outcome."""
        return sum(self.callbacks.values())

    @property
    def failed_callbacks(self) -> int:
        """Those that the app did not answer as it should."""
        return sum(count for (_, outcome), count in self.callbacks.items() if outcome != "answered")

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong: no stuck call, no failed callback, no refused request."""
        return not (self.stuck or self.failed_callbacks or self.refused)


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
        loop = asyncio.get_running_loop()
        titles = tuple(_title(people.phone) for people in self.population.people)
        date = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        tally = Tally(titles, loop.time(), self.seed, date)
        size = self._calls_of_a_world()
        batches = iter(range(0, self.calls, size))

        async def work() -> None:
            for first in batches:
                await self._batch(first, min(size, self.calls - first), tally)
                tally.seconds = loop.time() - tally.began_s
                tell(tally)

        await work_together(work, max(1, min(self.concurrency // size, self.calls // size + 1)))
        tally.seconds = loop.time() - tally.began_s
        return tally

    def _calls_of_a_world(self) -> int:
        if self.one_world:
            return self.concurrency
        return min(CALLS_OF_A_WORLD, self.concurrency)

    async def _batch(self, first: int, count: int, tally: Tally) -> None:
        people: list[Person] = []
        for number in range(first, first + count):
            person = draw_person(self.population, random.Random(f"{self.seed}/{number}"))
            tally.kinds[person.kind] += 1
            people.append(Person(person.persona, f"+4670{number % 100_000_000:08}"))
        async with self.open(first) as world:
            refusals = await world.begin(people)
            for error in refusals:
                if error.status == 0:
                    raise error
                tally.refused[str(error)] += 1
            await world.let_pass()
            result = await world.result(count - len(refusals))
            tally.count(result)
            for kind, call_id in result.failures().items():
                if kind not in tally.samples and len(tally.samples) < MOST_SAMPLES:
                    tally.samples[kind] = await world.sample(call_id)
        tally.calls += count
        tally.finished[int(asyncio.get_running_loop().time() - tally.began_s)] += count


def _title(phone: Json) -> str:
    """Says what reports call a kind of people."""
    if not isinstance(phone, dict):
        return "answers"
    for key in ("by_hand", "busy", "reject", "no_answer", "unreachable", "congestion"):
        if key in phone:
            return key
    answer = phone.get("answer")
    kind = answer.get("as", "human") if isinstance(answer, dict) else "human"
    return f"answers as {kind}" if isinstance(kind, str) else "answers"
