"""Those who wait for a world: requests whose answers need something to happen first, and who wants time to pass."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from attrs import field

from sinch_simulator.core.rest.answer import Answer, Pending
from sinch_simulator.core.values import define

_Result = TypeVar("_Result")


@define(eq=False)
class Leap:
    """Somebody wants so much time to pass; ``target`` is known when its turn has come."""

    ms: int
    future: "asyncio.Future[int]"
    target: int | None = None


def finish(future: "asyncio.Future[_Result]", result: _Result) -> None:
    """Lets whoever waits go on, if nobody has yet."""
    if not future.done():
        future.set_result(result)


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Clears an event, and tells whether it is set again within so many real seconds."""
    event.clear()
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


class WaitedInVain(Exception):
    """What an answer has waited for will not happen any more: its application or its world is gone."""


@define(eq=False)
class _Waiting:
    """A request that waits; ``answer`` gives None as long as it is too early."""

    application_key: str
    answer: Callable[[], Answer | None]
    future: "asyncio.Future[Answer]"


@define(eq=False)
class PendingAnswers:
    """The requests of one world that wait, in the order in which they came."""

    _waiting: list[_Waiting] = field(factory=list)

    def add(self, application_key: str, answer: Callable[[], Answer | None]) -> "asyncio.Future[Answer]":
        """Lets a request wait; the future is done when ``look`` has got its answer, or what it raises."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(application_key, answer, future))
        return future

    def look(self) -> int:
        """Asks for each answer anew; returns how many requests have theirs now."""
        return 0 if not self._waiting else self._end(_look)

    def give_up(self, why: str, application_key: str | None = None) -> int:
        """Ends the waiting of an application's requests, or of all, with ``WaitedInVain``; returns how many."""

        def give_up(each: _Waiting) -> bool:
            if application_key not in (None, each.application_key):
                return False
            each.future.set_exception(WaitedInVain(why))
            return True

        return self._end(give_up)

    def _end(self, ends: Callable[[_Waiting], bool]) -> int:
        waiting = [each for each in self._waiting if not each.future.done()]
        self._waiting = [each for each in waiting if not ends(each)]
        return len(waiting) - len(self._waiting)


async def in_time(future: "asyncio.Future[Answer]", pending: Pending) -> Answer:
    """Returns the answer when it is there, or the other one when its time is over."""
    try:
        async with asyncio.timeout(pending.within_s):
            return await future
    except TimeoutError:
        assert pending.otherwise is not None, "an answer that waits for a limited time has another one"
        return pending.otherwise()


def _look(each: _Waiting) -> bool:
    try:
        answer = each.answer()
    except Exception as error:
        each.future.set_exception(error)
        return True
    if answer is not None:
        each.future.set_result(answer)
    return answer is not None
