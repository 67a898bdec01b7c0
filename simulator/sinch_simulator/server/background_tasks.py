"""What is under way outside beside callbacks (a file on its way to a store, a stream), and the events that come of it.

Events are taken in the order in which the tasks were begun, so that a run repeats.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from attrs import field

from sinch_simulator.core.values import define

Events = Sequence[Any]
"""Events of the product whose order is carried out: each product has its own."""


@define(eq=False)
class _Task:
    application_key: str
    reason: str
    future: "asyncio.Future[Events]"


@define(eq=False)
class BackgroundTasks:
    """Keeps the tasks of one world that are under way, or whose events have not been taken yet."""

    _wake: Callable[[], None]
    _under_way: list[_Task] = field(factory=list)
    _of_apps: list[_Task] = field(factory=list)
    """Nothing comes of them in the world, and so no other task waits for them."""

    def __bool__(self) -> bool:
        return bool(self._under_way or self._of_apps)

    def begin(self, application_key: str, reason: str, work: Awaitable[Events]) -> None:
        """Begins to do this, which never raises; ``reason`` says in words what is waited for."""
        future = asyncio.ensure_future(work)
        self._under_way.append(_Task(application_key, reason, future))
        future.add_done_callback(self._came_back)

    def wait_for_app(self, application_key: str, reason: str, work: Awaitable[Events]) -> None:
        """Lets time wait for work of an app itself, of which no events come and which never raises."""
        future = asyncio.ensure_future(work)
        self._of_apps.append(_Task(application_key, reason, future))
        future.add_done_callback(self._came_back)

    def _came_back(self, future: "asyncio.Future[Events]") -> None:
        if any(task.future is future for task in (*self._under_way, *self._of_apps)):
            self._wake()

    def take(self) -> tuple[bool, list[Any]]:
        """Returns whether any task is done, and the events of those; not as long as an earlier one is still open."""
        events: list[Any] = []
        before = len(self._under_way) + len(self._of_apps)
        while self._under_way and self._under_way[0].future.done():
            events += self._under_way.pop(0).future.result()
        self._of_apps = [task for task in self._of_apps if not task.future.done()]
        return len(self._under_way) + len(self._of_apps) < before, events

    def reasons(self) -> list[str]:
        """Returns what is waited for, in words."""
        return [task.reason for task in (*self._under_way, *self._of_apps) if not task.future.done()]

    def forget(self, application_key: str) -> None:
        """Ends the tasks of this application, and takes no notice of what comes of them."""
        for task in (*self._under_way, *self._of_apps):
            if application_key == task.application_key:
                task.future.cancel()
        self._under_way = [task for task in self._under_way if task.application_key != application_key]
        self._of_apps = [task for task in self._of_apps if task.application_key != application_key]

    def close(self) -> None:
        """Ends all tasks; nothing here leads back to whom it would wake."""
        for task in (*self._under_way, *self._of_apps):
            task.future.cancel()
        self._under_way.clear()
        self._of_apps.clear()
        del self._wake
