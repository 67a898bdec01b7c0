"""What became of every callback, attempt by attempt, in the order of sending; and waiting for there to be more."""

import asyncio
from bisect import insort
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice

from attrs import define, evolve, field

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.effects import SendCallback
from sinch_simulator.products.voice.events import Outcome

_NEWEST = 1000


@frozen
class Response:
    """What a webhook answered. ``cut`` says that its body was longer than anybody reads."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


@frozen
class Attempt:
    """One POST and what came of it. ``why`` says in words what went wrong; times are real milliseconds."""

    url: str
    headers: Mapping[str, str]
    outcome: Outcome
    latency_ms: int
    response: Response | None = None
    why: str = ""


@frozen
class Record:
    """An attempt as it is kept: of which callback, which one, and what there is to be said about it."""

    id: str
    order: int
    """Counts callbacks in the order of sending."""
    number: int
    """1 for the primary URL, 2 for the fallback."""
    sent_at_ms: int
    """Simulated, since the start of the world."""
    callback: SendCallback
    attempt: Attempt
    diagnostics: tuple[Diagnostic, ...] = ()


@define(eq=False)
class CallbackLog:
    """The records of one world."""

    _records: list[Record] = field(factory=list)
    _given: int = 0
    _waiters: set["asyncio.Future[None]"] = field(factory=set)
    _closed: bool = False

    def next_order(self) -> int:
        """The number of the next callback."""
        self._given += 1
        return self._given

    def add(self, record: Record) -> None:
        """Keep a record, at its place in the order of sending; who waits for more looks again."""
        records = self._records
        if not records or records[-1].order < record.order:
            records.append(record)
        else:
            insort(records, record, key=lambda kept: (kept.order, kept.number))
        self.stir()

    def matching(self, wanted: Callable[[Record], bool]) -> list[Record]:
        """The records that are wanted, in order."""
        return [record for record in self._records if wanted(record)]

    def get(self, record_id: str) -> Record | None:
        """The record of this id."""
        return next((record for record in self._records if record.id == record_id), None)

    def latest_of(self, callback_id: str) -> Record | None:
        """The last attempt to deliver a callback, if it is among the newest thousand records."""
        newest = islice(reversed(self._records), _NEWEST)
        return next((record for record in newest if record.callback.id == callback_id), None)

    def drop(self, application_key: str) -> None:
        """Forget what went to this application."""
        self._records = [record for record in self._records if record.callback.application_key != application_key]

    async def wait_for(self, wanted: Callable[[Record], bool], *, count: int, seconds: float) -> list[Record]:
        """The records that are wanted, once there are ``count`` of them or so many real seconds have passed."""
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
        """There will be no more: nobody needs to wait."""
        self._closed = True
        self.stir()

    def stir(self) -> None:
        """Let everybody who waits look again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


def again(record: Record, attempt: Attempt, *, order: int, sent_at_ms: int) -> Record:
    """The record of the same body, delivered once more."""
    return evolve(record, id=f"{record.id}-again-{order}", order=order, attempt=attempt, sent_at_ms=sent_at_ms)
