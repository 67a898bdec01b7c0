"""What a world's clock waits for: callbacks under way, and those who want time to pass."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import define

from sinch_simulator.products.voice.callbacks.replies import Delivered
from sinch_simulator.products.voice.effects import SendCallback
from sinch_simulator.products.voice.events import CallbackEvent

_Result = TypeVar("_Result")

Post = Callable[[SendCallback, int, int], Awaitable[Delivered]]
"""Posts a callback, given its number in the order of sending and the simulated time; never raises."""


@define(eq=False)
class Delivery:
    """A callback under way; ``started_s`` is of the event loop's clock."""

    order: int
    callback: SendCallback
    started_s: float
    task: "asyncio.Future[Delivered]"

    def shown(self, now_s: float) -> str:
        """In words, and since when."""
        event = self.callback.event
        name = "DiCE" if event is CallbackEvent.DICE else event.value.upper()
        return f"the reply to {name} of call {self.callback.call_id}, {now_s - self.started_s:.1f} s"


@define(eq=False)
class Leap:
    """An order to let so much time pass; ``target`` is known when its turn has come."""

    ms: int
    future: "asyncio.Future[int]"
    target: int | None = None


def finish(future: "asyncio.Future[_Result]", result: _Result) -> None:
    """Let whoever waits go on, if nobody has yet."""
    if not future.done():
        future.set_result(result)
