"""The short form of ``bad_requests``: nothing hangs, fails, changes or is told on the terminal."""

import pytest

from attack.bad_requests import attack
from support.wired_world import wired


@pytest.mark.parametrize("seed", [1, 2])
async def test_bad_inputs_are_refused_and_change_nothing(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    async with wired() as sim:
        outcomes = await attack(sim, 200, seed)
        assert sum(outcomes.values()) == 200
        assert not [name for name in outcomes if name == "hangs" or name.startswith("5")]
        assert (await sim.control("GET", "/calls"))["calls"] == []
        assert caplog.records == []
