"""Lets time pass until something is so, in one of three ways: one for each clock that a run can ask for.

Under ``auto`` the world's own clock is manual, and the player leaps from one due thing to the next itself. So nothing
can slip by between two looks, and a run repeats to the letter.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import TypeVar, assert_never

from sinch_simulator.client.control import ApplicationClient
from sinch_simulator.core.values import frozen

GRACE_S = 0.003
"""Real seconds in which nothing may happen before time leaps, so that an app's background work fits in."""
BACKGROUND_S = 0.3
"""Real seconds for an app's background work when nothing else is due any more."""
LOOK_EVERY_S = 0.02

Found = TypeVar("Found")
Look = Callable[[], Awaitable[Found | None]]


class ClockChoice(Enum):
    """Names who moves time in a run: the player, the steps ``wait`` and ``advance`` alone, or the wall clock."""

    AUTO = "auto"
    MANUAL = "manual"
    REALTIME = "realtime"

    @property
    def of_the_world(self) -> str:
        """The clock that the world is made with."""
        return "realtime" if self is ClockChoice.REALTIME else "manual"


@frozen
class Timing:
    """Moves the time of one world. ``background_s`` is how long an app's own work may take when nothing is due."""

    application: ApplicationClient
    clock: ClockChoice
    background_s: float = BACKGROUND_S

    async def until(self, look: Look[Found], within_ms: int) -> Found | None:
        """Gives what ``look`` finds, now or after at most so much simulated time; None when it finds nothing."""
        found = await look()
        if found is not None:
            return found
        match self.clock:
            case ClockChoice.AUTO:
                return await self._leap_until(look, within_ms)
            case ClockChoice.MANUAL:
                await self.application.advance(0)
                return await look()
            case ClockChoice.REALTIME:
                return await self._look_until(look, within_ms)
            case _:
                assert_never(self.clock)

    async def wait(self, ms: int) -> None:
        """Lets so much time pass, in the clock's way."""
        if self.clock is ClockChoice.REALTIME:
            await asyncio.sleep(ms / 1000 / await self.application.speed())
        else:
            await self.application.advance(ms)

    async def _leap_until(self, look: Look[Found], within_ms: int) -> Found | None:
        left_ms = within_ms
        while True:
            await asyncio.sleep(GRACE_S)
            due_ms = await self.application.next_due_ms()
            if due_ms is None or due_ms > left_ms:
                found = await self._look_in_the_background(look)
                if found is not None or due_ms is None:
                    return found
                # The app may have made something due in the meantime.
                again_ms = await self.application.next_due_ms()
                if again_ms is None or again_ms > left_ms:
                    await self.application.advance(left_ms)
                    return await look()
                due_ms = again_ms
            await self.application.advance(due_ms)
            left_ms -= due_ms
            found = await look()
            if found is not None:
                return found

    async def _look_in_the_background(self, look: Look[Found]) -> Found | None:
        """Looks in real time while nothing is due, and only the app can still do something."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + self.background_s
        while True:
            found = await look()
            if found is not None or loop.time() >= end_s:
                return found
            await asyncio.sleep(LOOK_EVERY_S)

    async def _look_until(self, look: Look[Found], within_ms: int) -> Found | None:
        end = await self.application.now_ms() + within_ms
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            over = await self.application.now_ms() >= end
            found = await look()
            if found is not None or over:
                return found
