"""A world whose callers are led into a room, and three of them."""

import pytest

from sinch_simulator.products.voice.call import Call
from support.conference_rooms import CARL, DORA, join
from support.pure_world import ANNA, PureWorld


@pytest.fixture
def world() -> PureWorld:
    """Whoever calls is led into the room."""
    world = PureWorld()
    world.on("ice", join())
    return world


@pytest.fixture
def three(world: PureWorld) -> tuple[Call, Call, Call]:
    """Anna, Carl and Dora meet, a second apart."""
    calls = []
    for number in (ANNA, CARL, DORA):
        calls.append(world.dial(number))
        world.advance(1)
    return calls[0], calls[1], calls[2]
