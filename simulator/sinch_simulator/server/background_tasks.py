"""What is under way outside beside callbacks (a file on its way to a store, a stream), and the events that come of it.

Events are taken in the order in which the errands were begun, so that a run repeats.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from attrs import define, field

from sinch_simulator.products.voice.events import Event


@define(eq=False)
class _Errand:
    application_key: str
    reason: str
    task: "asyncio.Future[Sequence[Event]]"


@define(eq=False)
class Errands:
    """The errands of one world that are under way, or whose events have not been taken yet."""

    _wake: Callable[[], None]
    _under_way: list[_Errand] = field(factory=list)

    def __bool__(self) -> bool:
        return bool(self._under_way)

    def begin(self, application_key: str, reason: str, work: Awaitable[Sequence[Event]]) -> None:
        """Do this, which never raises; ``reason`` says in words what is waited for."""
        task = asyncio.ensure_future(work)
        self._under_way.append(_Errand(application_key, reason, task))
        task.add_done_callback(self._came_back)

    def _came_back(self, task: "asyncio.Future[Sequence[Event]]") -> None:
        if any(each.task is task for each in self._under_way):
            self._wake()

    def take(self) -> tuple[bool, list[Event]]:
        """Whether any errand is done, and the events of those; not as long as an earlier one is still open."""
        events: list[Event] = []
        before = len(self._under_way)
        while self._under_way and self._under_way[0].task.done():
            events += self._under_way.pop(0).task.result()
        return len(self._under_way) < before, events

    def reasons(self) -> list[str]:
        """What is waited for."""
        return [each.reason for each in self._under_way if not each.task.done()]

    def forget(self, application_key: str) -> None:
        """Take no notice of what comes of the errands of this application."""
        kept: list[_Errand] = []
        for each in self._under_way:
            if application_key == each.application_key:
                each.task.cancel()
            else:
                kept.append(each)
        self._under_way = kept

    def close(self) -> None:
        """Take no notice of any; nothing here leads back to whom it would wake."""
        for each in self._under_way:
            each.task.cancel()
        self._under_way.clear()
        del self._wake
