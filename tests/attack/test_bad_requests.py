"""The short form of ``bad_requests``: nothing hangs, fails, changes or is told on the terminal."""

import asyncio
from collections.abc import Callable

import pytest
import uvloop

from attack.bad_requests import attack, state, two_calls
from support.wired_world import wired


@pytest.mark.parametrize("make_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("seed", [1, 2])
def test_bad_inputs_are_refused_and_change_nothing(
    make_loop: Callable[[], asyncio.AbstractEventLoop], seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def told() -> None:
        async with wired() as sim:
            await two_calls(sim)
            before = await state(sim)
            outcomes = await attack(sim, 200, seed)
            assert sum(outcomes.values()) == 200
            assert not [name for name in outcomes if name == "hangs" or name.startswith("5")]
            assert await state(sim) == before
            assert caplog.records == []

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(told())
