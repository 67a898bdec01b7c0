"""What has changed in a world since somebody last looked: for a page that shows it while thousands of calls go by.

Changes are gathered a few times a second and not line by line, and once for all who watch the same application. All
gathering together takes no more than a twentieth of the time, however much happens: whoever is too far behind is told
that they have missed something, and looks at the newest calls instead.
"""

import asyncio
import secrets
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from attrs import evolve, field

from sinch_simulator.core.application import Application
from sinch_simulator.core.journal import Entry
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.product import Product
from sinch_simulator.core.values import define, frozen
from sinch_simulator.simulation import Simulation

SHORTEST_PAUSE_S = 0.1
LONG_PAUSE_S = 0.5
"""Between two looks when more happens than can be told."""
SHARE = 0.05
"""How much of the time gathering may take."""
STRIDE = 3000
"""A batch ends at the latest with a line of the journal whose number is a multiple of this: so all who lag share it."""
MOST_BEHIND = 10 * STRIDE
_KEPT_BATCHES = 8


@frozen
class Position:
    """Up to where somebody has seen a world. ``run`` is another one after each reset and in each process."""

    run: str
    seq: int

    @classmethod
    def read(cls, text: str) -> "Position | None":
        """Reads what ``str`` of a position gave; None for any other text."""
        run, dash, digits = text.rpartition("-")
        return cls(run, int(digits)) if run and dash and digits.isascii() and digits.isdigit() else None

    def __str__(self) -> str:
        return f"{self.run}-{self.seq}"


@frozen
class Batch:
    """What changed up to the line ``until``, by product, as JSON; ``missed`` says that there was more than is told."""

    until: int
    changed: bytes = b"{}"
    missed: bool = False


@frozen
class Tally:
    """How many there have been since the world began. ``until`` is the last line that was counted."""

    until: int = 0
    errors: int = 0
    warnings: int = 0
    callbacks: int = 0
    begun: Mapping[str, int] = MappingProxyType({})
    """By product, how many of its subjects."""


@define(eq=False)
class Changes:
    """The changes of one world."""

    _simulation: Simulation
    _products: tuple[Product, ...]
    run: str = field(init=False, factory=lambda: secrets.token_hex(4))
    closed: bool = field(init=False, default=False)
    """Whether the world is gone."""
    _wakes: int = field(init=False, default=0)
    _waiting: set["asyncio.Future[None]"] = field(init=False, factory=set)
    _unfollow: Callable[[], None] | None = field(init=False, default=None)
    _not_before_s: float = field(init=False, default=0.0)
    """When the next batch may be gathered."""
    _overrun: bool = field(init=False, default=False)
    """Whether somebody was too far behind when they last looked."""
    _batches: dict[tuple[str, int], Batch] = field(init=False, factory=dict)
    """The latest ones, by application and the line after which they begin."""
    _tallies: dict[str, Tally] = field(init=False, factory=dict)
    _first_lines: Mapping[str, str] = field(init=False)
    """By kind of line, the product one of whose subjects begins with it."""

    def __attrs_post_init__(self) -> None:
        self._first_lines = {each.first_line: each.name for each in self._products if each.first_line}

    @property
    def until(self) -> int:
        """The number of the last line there is."""
        entries = self._simulation.journal.entries
        return entries[-1].seq if entries else 0

    @property
    def stamp(self) -> tuple[int, int]:
        """Another value after anything has happened."""
        return self._wakes, self.until

    def restart(self) -> None:
        """Lets everybody who watches begin anew: the world has been reset, or a part of it."""
        self.run = secrets.token_hex(4)
        self._batches.clear()
        self._tallies.clear()
        self.wake()

    def close(self) -> None:
        """Lets everybody who watches leave: the world is gone."""
        self.closed = True
        self.wake()

    def wake(self, entry: Entry | None = None) -> None:
        """Lets everybody who waits look."""
        self._wakes += 1
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def wait(self, stamp: tuple[int, int], seconds: float) -> None:
        """Returns when something has happened since the stamp was taken, or after so many real seconds."""
        if self.closed or stamp != self.stamp:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        if self._unfollow is None:
            self._unfollow = self._simulation.journal.follow(self.wake)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await waiter
        finally:
            self._waiting.discard(waiter)

    async def pause(self) -> None:
        """Returns when a batch may be gathered again."""
        shortest_s = LONG_PAUSE_S if self._overrun else SHORTEST_PAUSE_S
        await asyncio.sleep(max(shortest_s, self._not_before_s - time.perf_counter()))

    def batch(self, application: Application, since: int) -> Batch | None:
        """Gathers what the lines after ``since`` are about; None when it is too soon for that."""
        end = self.until
        known = self._batches.get((application.key, since))
        if since >= end:
            return Batch(end)
        if known is not None:
            return known
        self._overrun = end - since > MOST_BEHIND
        if self._overrun:
            return Batch(end, missed=True)
        started_s = time.perf_counter()
        if started_s < self._not_before_s:
            return None
        until = min(end, (since // STRIDE + 1) * STRIDE)
        batch = Batch(until, encode(self._changed(application, since, until)))
        finished_s = time.perf_counter()
        self._not_before_s = finished_s + (finished_s - started_s) / SHARE
        self._batches[application.key, since] = batch
        while len(self._batches) > _KEPT_BATCHES:
            del self._batches[next(iter(self._batches))]
        return batch

    def tally(self, application: Application) -> Tally:
        """Counts what there has been so far of this application."""
        tally = self._tallies.get(application.key, Tally())
        errors = warnings = callbacks = 0
        begun: Counter[str] = Counter(tally.begun)
        for entry in self._lines_after(tally.until):
            if entry.kind == "diagnostic":
                if self._concerns(application, entry):
                    errors += entry.fields["severity"] == "error"
                    warnings += entry.fields["severity"] == "warning"
            elif entry.kind == "callback.sent":
                callbacks += self._concerns(application, entry)
            elif entry.kind in self._first_lines:
                begun[self._first_lines[entry.kind]] += self._concerns(application, entry)
        tally = evolve(
            tally,
            until=self.until,
            errors=tally.errors + errors,
            warnings=tally.warnings + warnings,
            callbacks=tally.callbacks + callbacks,
            begun=begun,
        )
        self._tallies[application.key] = tally
        return tally

    def _changed(self, application: Application, since: int, until: int) -> dict[str, list[Mapping[str, Any]]]:
        """Shows what the lines from one to another are about, by product, in the order in which it changed first."""
        subjects: dict[str, None] = {}
        for entry in self._lines_after(since):
            if entry.seq > until:
                break
            if entry.subject is not None:
                subjects[entry.subject] = None
        changed: dict[str, list[Mapping[str, Any]]] = {}
        for product in self._products:
            machine = self._simulation.machines.get(product.name)
            if product.brief is not None and machine is not None:
                there = (each for each in subjects if each in machine.subjects)
                mine = [each for each in there if machine.owner(each) == application.key]
                briefs = (product.brief(self._simulation, each) for each in mine)
                changed[product.name] = [brief for brief in briefs if brief is not None]
        return changed

    def _concerns(self, application: Application, entry: Entry) -> bool:
        """Whether a line is about this application; those without a subject and a key belong to everybody."""
        if entry.subject is not None:
            return self._simulation.owner(entry.subject) == application.key
        return bool(entry.fields.get("applicationKey", application.key) == application.key)

    def _lines_after(self, seq: int) -> Iterator[Entry]:
        entries = self._simulation.journal.entries
        start = bisect_right(entries, seq, key=lambda entry: entry.seq)
        for index in range(start, len(entries)):
            yield entries[index]
