"""Plays a population: many calls in many small worlds at once, each of which is dropped when its calls are over.

Within a world time leaps and stands still while the app is asked; the worlds together press on the app. Nothing is kept
of a call but numbers, so that a long run takes no more memory than a short one.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from attrs import define, field, frozen

from sinch_scenarios.client import Lodger, Refused
from sinch_scenarios.document import Json
from sinch_scenarios.population import Person, draw_person
from sinch_scenarios.running import work_together
from sinch_scenarios.steps import Population

CALLS_OF_A_WORLD = 20
LONGEST_CALL_MS = 14_400_000
"""Four hours: no call lasts longer (lifecycle.md 1)."""
MOST_ADVANCES = 5
"""After so many times four hours a call that is still there is stuck."""

Open = Callable[[int], AbstractAsyncContextManager[Lodger]]
"""Opens a world, given its number: an application with its callback URL, under the manual clock."""


@define
class Tally:
    """What is counted. Latencies are real milliseconds."""

    people: tuple[str, ...]
    began_s: float
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
class Crowd:
    """A population, and how much of it: ``concurrency`` calls are there at a time; with ``one_world`` all in one."""

    population: Population
    calls: int
    concurrency: int
    seed: int
    open: Open
    one_world: bool = False

    async def play(self, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
        """All calls; ``tell`` hears of the tally after each world. Raises ``Refused`` when there is no simulator."""
        loop = asyncio.get_running_loop()
        tally = Tally(tuple(_title(people.phone) for people in self.population.people), loop.time())
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
        async with self.open(first) as lodger:
            begun = 0
            for number in range(first, first + count):
                person = draw_person(self.population, random.Random(f"{self.seed}/{number}"))
                tally.kinds[person.kind] += 1
                try:
                    await self._begin(lodger, person, number)
                    begun += 1
                except Refused as error:
                    if error.status == 0:
                        raise
                    tally.refused[str(error)] += 1
            await _let_pass(lodger)
            await _count(lodger, begun, tally)
        tally.calls += count
        tally.finished[int(asyncio.get_running_loop().time() - tally.began_s)] += count

    async def _begin(self, lodger: Lodger, person: Person, number: int) -> None:
        address = f"+4670{number % 100_000_000:08}"
        if self.population.callout is None:
            await lodger.dial({"from": address, "caller": person.persona})
            return
        await lodger.script(address, person.persona)
        await lodger.call_out(_addressed(self.population.callout, address))


def _addressed(callout: dict[str, Json], address: str) -> dict[str, Json]:
    """The callout with this destination, and with ``{address}`` written out in its texts."""
    method = callout.get("method")
    body = {key: _written_out(value, address) for key, value in callout.items()}
    details = body.get(method) if isinstance(method, str) else None
    if isinstance(details, dict) and "{address}" not in str(callout):
        details.setdefault("destination", {"type": "number", "endpoint": address})
    return body


def _written_out(value: Json, address: str) -> Json:
    match value:
        case str():
            return value.replace("{address}", address)
        case list():
            return [_written_out(one, address) for one in value]
        case dict():
            return {key: _written_out(one, address) for key, one in value.items()}
        case _:
            return value


async def _let_pass(lodger: Lodger) -> None:
    """Until nothing is due any more, or the calls must be stuck."""
    for _ in range(MOST_ADVANCES):
        await lodger.advance(LONGEST_CALL_MS)
        if await lodger.next_due() is None:
            return


async def _count(lodger: Lodger, begun: int, tally: Tally) -> None:
    ended = 0
    for record in await lodger.callbacks():
        event = record["event"]
        tally.callbacks[event, record["outcome"]] += 1
        tally.latencies.setdefault(event, Counter())[record["latencyMs"]] += 1
        if event == "dice":
            body = record["request"]["body"]
            ended += 1
            tally.outcomes[body["result"], body["reason"]] += 1
    for finding in (await lodger.control("GET", "/diagnostics"))["diagnostics"]:
        tally.diagnostics[finding["code"], finding["severity"]] += 1
    if ended < begun:
        # Not every call tells its end: those are asked for.
        await _count_untold(lodger, tally)


async def _count_untold(lodger: Lodger, tally: Tally) -> None:
    told = {record["callId"] for record in await lodger.callbacks() if record["event"] == "dice"}
    for call in await lodger.calls():
        if call["status"] != "FINAL":
            tally.stuck += 1
        elif call["callId"] not in told:
            tally.outcomes[call["result"], call["reason"]] += 1


def _title(phone: Json) -> str:
    """What reports call a kind of people."""
    if not isinstance(phone, dict):
        return "answers"
    for key in ("busy", "reject", "no_answer", "unreachable", "congestion"):
        if key in phone:
            return key
    answer = phone.get("answer")
    kind = answer.get("as", "human") if isinstance(answer, dict) else "human"
    return f"answers as {kind}" if isinstance(kind, str) else "answers"
