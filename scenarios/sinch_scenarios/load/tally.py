"""Counts what happens in a load test: in one process, or in many whose counts travel as JSON and are added up.

Nothing is kept of a call but numbers, and one call for each kind of failure, so that a long run takes no more memory
than a short one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field

from sinch_scenarios.language.model import Population
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.worlds import Sample, WorldResult
from sinch_simulator.core.values import define

MOST_SAMPLES = 20
"""Of so many kinds of failure a call is kept to be shown."""


@define
class Tally:
    """Counts what happens in a load test. Latencies are real milliseconds."""

    people: tuple[str, ...]
    seed: int = 0
    date: str = ""
    """When it began, for whoever reads the report later: ISO 8601, UTC."""
    calls: int = 0
    seconds: float = 0.0
    busy: float = 0.0
    """How much of a core the process of the simulator took, from 0 to 1; of several processes, the busiest."""
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

    def add(self, other: "Tally") -> None:
        """Adds the counts of another process or another part of the run; ``seconds`` and ``busy`` are the larger."""
        self.calls += other.calls
        self.seconds = max(self.seconds, other.seconds)
        self.busy = max(self.busy, other.busy)
        self.stuck += other.stuck
        self.refused.update(other.refused)
        self.kinds.update(other.kinds)
        self.outcomes.update(other.outcomes)
        self.callbacks.update(other.callbacks)
        self.diagnostics.update(other.diagnostics)
        self.finished.update(other.finished)
        for event, counts in other.latencies.items():
            self.latencies.setdefault(event, Counter()).update(counts)
        for kind, sample in other.samples.items():
            if len(self.samples) < MOST_SAMPLES:
                self.samples.setdefault(kind, sample)


def people_of(population: Population) -> tuple[str, ...]:
    """Says what reports call each kind of people of a population."""
    return tuple(_title(people.phone) for people in population.people)


def tally_json(tally: Tally) -> dict[str, Json]:
    """Writes counts as JSON that ``read_tally`` reads; what says which run it was is left out."""
    return {
        "calls": tally.calls,
        "seconds": tally.seconds,
        "busy": tally.busy,
        "stuck": tally.stuck,
        "refused": dict(tally.refused),
        "kinds": _pairs(tally.kinds),
        "outcomes": _named_pairs(tally.outcomes),
        "callbacks": _named_pairs(tally.callbacks),
        "latencies": {event: _pairs(counts) for event, counts in tally.latencies.items()},
        "diagnostics": _named_pairs(tally.diagnostics),
        "finished": _pairs(tally.finished),
        "samples": {
            kind: {"call": sample.call, "callbacks": list(sample.callbacks)} for kind, sample in tally.samples.items()
        },
    }


def read_tally(document: Mapping[str, Any], people: Sequence[str]) -> Tally:
    """Reads what ``tally_json`` has written; ``people`` are the names of the kinds of people."""
    return Tally(
        tuple(people),
        calls=document["calls"],
        seconds=document["seconds"],
        busy=document["busy"],
        stuck=document["stuck"],
        refused=Counter(document["refused"]),
        kinds=Counter(dict(document["kinds"])),
        outcomes=_read_named(document["outcomes"]),
        callbacks=_read_named(document["callbacks"]),
        latencies={event: Counter(dict(counts)) for event, counts in document["latencies"].items()},
        diagnostics=_read_named(document["diagnostics"]),
        finished=Counter(dict(document["finished"])),
        samples={
            kind: Sample(sample["call"], tuple(sample["callbacks"])) for kind, sample in document["samples"].items()
        },
    )


def _pairs(counts: Counter[int]) -> list[Json]:
    return [[value, count] for value, count in counts.items()]


def _named_pairs(counts: Counter[tuple[str, str]]) -> list[Json]:
    return [[first, second, count] for (first, second), count in counts.items()]


def _read_named(rows: Sequence[tuple[str, str, int]]) -> Counter[tuple[str, str]]:
    return Counter({(first, second): count for first, second, count in rows})


def _title(phone: Json) -> str:
    """Says what reports call a kind of people."""
    if not isinstance(phone, dict):
        return "answers"
    for key in ("by_hand", "busy", "reject", "no_answer", "unreachable", "congestion"):
        if key in phone:
            return key
    texts = phone.get("sms")
    if isinstance(texts, dict):
        return _texts_title(texts)
    answer = phone.get("answer")
    kind = answer.get("as", "human") if isinstance(answer, dict) else "human"
    return f"answers as {kind}" if isinstance(kind, str) else "answers"


def _texts_title(texts: dict[str, Json]) -> str:
    if "never" in texts:
        return "never gets texts"
    status = texts.get("status", "Delivered")
    if status != "Delivered":
        return f"texts {status}" if isinstance(status, str) else "texts fail"
    return "answers texts" if "reply" in texts else "gets texts"
