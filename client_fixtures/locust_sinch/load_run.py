"""A load test in one process of Locust: a worker plays calls and counts them, a master adds up what workers count.

Whoever runs alone does both. Callbacks go into Locust's own statistics; what Locust has no name for (how calls ended,
findings, stuck calls, refused requests) is in a ``Tally`` for each population.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from attrs import define, field, frozen
from locust.env import Environment
from locust.exception import StopUser

from locust_sinch.simulator_process import SimulatorEnded, SimulatorProcess
from sinch_scenarios.load.tally import Tally, read_tally, tally_json

MOST_WORKERS = 1000
"""Workers have numbers of their own: that of a call ends in the index of its worker, from 000 to 999."""


class CallbackFailed(Exception):
    """The app did not answer a callback as it should; the text is the outcome, as the control API names it."""


@frozen
class Population:
    """Says what a user class plays: the arguments of its simulator, and what reports call its kinds of people."""

    arguments: tuple[str, ...]
    people: tuple[str, ...]


@define(eq=False)
class LoadRun:
    """Plays and counts in one process of Locust; ``populations`` are by the names of their user classes."""

    environment: Environment
    populations: Mapping[str, Population]
    seed: int
    totals: dict[str, Tally] = field(init=False, factory=dict)
    """Of a worker: what the master has not been told yet. Elsewhere: of the whole test."""
    _simulators: dict[str, SimulatorProcess] = field(init=False, factory=dict)
    _numbers: Iterator[int] = field(init=False, factory=itertools.count)
    lost: bool = field(init=False, default=False)
    """Whether a simulator has ended by itself."""

    def begin(self) -> None:
        """Forgets what an earlier test has counted."""
        date = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self.totals = {name: Tally(each.people, self.seed, date) for name, each in self.populations.items()}

    # ---- calls

    def start_simulators(self, hosts: Mapping[str, str | None], worker: int) -> None:
        """Starts a simulator for each population; ``hosts`` are the callback URLs, None for the bundled app."""
        self.lost = False
        self._numbers = itertools.count(worker % MOST_WORKERS, MOST_WORKERS)
        for name, population in self.populations.items():
            host = hosts[name]
            url = () if host is None else ("--callback-url", host)
            arguments = (*population.arguments, *url, "--seed", str(self.seed))
            self._simulators[name] = SimulatorProcess(arguments, partial(self._count, name))
            self._simulators[name].start()

    def play(self, name: str) -> None:
        """Plays a call of a population. Raises ``StopUser`` when the test is stopped, or its simulator has ended."""
        simulator = self._simulators.get(name)
        if simulator is None or (simulator.ended and not simulator.lost):
            raise StopUser
        try:
            simulator.play(next(self._numbers))
        except SimulatorEnded:
            self.lost = True
            raise

    def finish(self) -> None:
        """Begins no more calls, lets those under way come to their end, and ends the simulators."""
        for simulator in list(self._simulators.values()):
            simulator.finish()

    def _count(self, name: str, message: Mapping[str, Any]) -> None:
        for event, outcome, latency_ms in message["callbacks"]:
            self.environment.events.request.fire(
                request_type="callback",
                name=event,
                response_time=latency_ms,
                response_length=0,
                exception=None if outcome == "answered" else CallbackFailed(outcome),
                context={},
            )
        self.add({name: message["tally"]})

    # ---- counts

    def add(self, counts: Mapping[str, Mapping[str, Any]]) -> None:
        """Adds tallies, by population."""
        for name, document in counts.items():
            self.totals[name].add(read_tally(document, self.populations[name].people))

    def take(self) -> dict[str, Any]:
        """Gives what has been counted since it was last asked, for the master."""
        counts = {name: tally_json(tally) for name, tally in self.totals.items() if tally.calls}
        self.begin()
        return counts

    @property
    def calls(self) -> int:
        """How many calls are over."""
        return sum(tally.calls for tally in self.totals.values())

    @property
    def passed(self) -> bool:
        """Whether nothing went wrong."""
        return all(tally.passed for tally in self.totals.values())

    def rows(self) -> list[dict[str, str | int]]:
        """Lists the counts for a table: population, kind of count, name, number."""
        return [row for name, tally in self.totals.items() for row in _rows(name, tally)]


def _rows(population: str, tally: Tally) -> list[dict[str, str | int]]:
    groups: Sequence[tuple[str, Iterable[tuple[str, int]]]] = (
        ("calls", ((f"{result} {reason}", count) for (result, reason), count in tally.outcomes.most_common())),
        ("callbacks", ((f"{event} {outcome}", count) for (event, outcome), count in tally.callbacks.most_common())),
        ("findings", ((f"{code} ({severity})", count) for (code, severity), count in tally.diagnostics.most_common())),
        ("refused requests", tally.refused.most_common(20)),
        ("stuck calls", [("", tally.stuck)]),
    )
    return [
        {"population": population, "what": what, "name": name, "count": count}
        for what, rows in groups
        for name, count in rows
    ]


RUNS: dict[Environment, LoadRun] = {}
"""The test of each environment of Locust; in a process of ``locust`` there is one."""
