"""Keeps a control request and a callback from waiting for each other until the callback's time is up.

Under a clock that waits, a request that changes something is answered when no callback is under way. A webhook that
awaits such a request before it replies would wait for itself. Nobody can see where a request comes from; but when the
reply to a callback that was under way as it came is still not there after half of its time, the request is refused.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from sinch_simulator.config import ClockMode
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.server.worlds import World, Worlds

Result = TypeVar("Result")

_HINT = (
    "a webhook replies first, and asks the control API afterwards or from another thread that it does not wait for; "
    "the platform's own REST API, and the realtime clock, never wait"
)


async def patiently(worlds: Worlds, work: Coroutine[Any, Any, Result]) -> Result:
    """Returns what the work returns. Raises ``ControlError`` 409 when it waits for what may be waiting for it."""
    waiting = [world for world in worlds if world.runner.mode is not ClockMode.REALTIME]
    before = {future: world for world in waiting for future in world.runner.callbacks.open_futures()}
    if not before:
        return await work
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task], timeout=worlds.sender.timeout_s / 2)
        if not task.done():
            for future, world in before.items():
                if not future.done():
                    raise _refusal(world)
        return await task
    finally:
        task.cancel()


def _refusal(world: World) -> ControlError:
    reasons = world.runner.waiting_for()
    message = (
        f"this request waits for {reasons[0] if reasons else 'a callback'}; if the app awaits this request before it "
        "replies, each waits for the other. What it changes is changed, but time has not passed"
    )
    return ControlError(409, "callback_under_way", message, _HINT)
