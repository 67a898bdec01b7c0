"""Keeps what became of every callback, attempt by attempt, in the order of sending, and lets others wait for more."""

import asyncio
from bisect import insort
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from itertools import islice

from attrs import evolve, field

from sinch_simulator.core.callback import Attempt
from sinch_simulator.core.delivery import Record
from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import define

_NEWEST = 1000


@define(eq=False)
class CallbackLog:
    """Keeps the records of one world."""

    _records: list[Record] = field(factory=list)
    _given: int = 0
    _waiters: set["asyncio.Future[None]"] = field(factory=set)
    _closed: bool = False

    @property
    def count(self) -> int:
        """Returns how many attempts are kept."""
        return len(self._records)

    def next_order(self) -> int:
        """Returns the number of the next callback."""
        self._given += 1
        return self._given

    def add(self, record: Record) -> None:
        """Keeps a record, at its place in the order of sending; who waits for more looks again."""
        records = self._records
        if not records or records[-1].order < record.order:
            records.append(record)
        else:
            insort(records, record, key=lambda kept: (kept.order, kept.number))
        self.stir()

    def matching(self, wanted: Callable[[Record], bool]) -> list[Record]:
        """Returns the records that are wanted, in order."""
        return [record for record in self._records if wanted(record)]

    def of(self, application_key: str, call_id: str | None = None) -> list[Record]:
        """Returns the records of an application, or those of one call of its, in order."""
        return self.matching(partial(is_about, application_key=application_key, call_id=call_id))

    def get(self, record_id: str) -> Record | None:
        """Returns the record of this id."""
        return next((record for record in self._records if record.id == record_id), None)

    def genuine(self, record: Record) -> Record:
        """Returns the record itself; of a forged one the record that it was made from, if that is still kept."""
        if record.forgery is None:
            return record
        made_from = record.id.rpartition("-again-")[0]
        return self.get(made_from) or record

    def latest_of(self, callback_id: str) -> Record | None:
        """Returns the last attempt to deliver a callback, if it is among the newest thousand records."""
        newest = islice(reversed(self._records), _NEWEST)
        return next((record for record in newest if record.callback.id == callback_id), None)

    def add_findings(self, found: list[tuple[str, Diagnostic]]) -> None:
        """Adds what has been found while answers were obeyed to the last attempt of each one's callback, once.

        Each finding stands behind the id of its callback.
        """
        for callback_id, diagnostic in found:
            kept = self.latest_of(callback_id)
            if kept is not None and diagnostic not in kept.diagnostics:
                more = evolve(kept, diagnostics=(*kept.diagnostics, diagnostic))
                self._records[self._records.index(kept)] = more
                self.stir()

    def drop(self, application_key: str) -> None:
        """Drops what went to this application."""
        self._records = [record for record in self._records if record.callback.application_key != application_key]

    def drop_subjects(self, subjects: Collection[str]) -> None:
        """Drops what was about these subjects."""
        self._records = [record for record in self._records if record.callback.subject not in subjects]

    async def wait_for(self, wanted: Callable[[Record], bool], *, count: int, seconds: float) -> list[Record]:
        """Returns the records that are wanted, once there are ``count`` of them or so many real seconds have passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self.matching(wanted)) < count and not self._closed:
                    await self._more()
        return self.matching(wanted)

    async def _more(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    def close(self) -> None:
        """Lets everybody go on who waits: there will be no more."""
        self._closed = True
        self.stir()

    def stir(self) -> None:
        """Lets everybody who waits look again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


def is_about(record: Record, *, application_key: str | None, call_id: str | None) -> bool:
    """Tells whether a record is of this application and about this call; None stands for any."""
    callback = record.callback
    return application_key in (None, callback.application_key) and call_id in (None, callback.about.call_id)


def again(record: Record, attempt: Attempt, *, order: int, sent_at_ms: int) -> Record:
    """Returns the record of the same body, delivered once more."""
    return evolve(record, id=f"{record.id}-again-{order}", order=order, attempt=attempt, sent_at_ms=sent_at_ms)
