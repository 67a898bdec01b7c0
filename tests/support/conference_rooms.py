"""Conference rooms of a pure world for tests: led into, looked at, ordered about."""

from typing import Any

import pytest

from sinch_simulator.core.errors import ApiError
from sinch_simulator.products.voice.call import Call
from sinch_simulator.products.voice.conferences.bodies import read_command
from sinch_simulator.products.voice.conferences.conference import Conference
from sinch_simulator.products.voice.events import Kicked, RoomKey
from support.pure_world import BEN, DID, KEY, PureWorld, menu, svaml

CARL = "+46700000003"
DORA = "+46700000004"
QUESTION = menu({"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(one)"}]})


def join(conference_id: str = "room", **properties: Any) -> dict[str, Any]:
    """A reply that leads into a room."""
    return svaml({"name": "connectConf", "conferenceId": conference_id, **properties})


def keys(mode: str, **options: int) -> dict[str, Any]:
    """How keys are treated."""
    return {"conferenceDtmfOptions": {"mode": mode, **options}}


def conference_callout(to: str = BEN, **fields: Any) -> dict[str, Any]:
    """A callout into the room, with DiCE."""
    about = {"cli": DID, "destination": {"type": "number", "endpoint": to}, "conferenceId": "room", "enableDice": True}
    return {"method": "conferenceCallout", "conferenceCallout": about | fields}


def room_of(world: PureWorld, conference_id: str = "room") -> Conference:
    """The ongoing conference."""
    return world.exchange.rooms.room(RoomKey(KEY, "euc1", conference_id))


def hears(world: PureWorld, call: Call) -> list[str]:
    """The calls that this one hears."""
    return room_of(world).heard_by(call.id)


def command(world: PureWorld, call: Call, word: str, **about: str) -> None:
    """The app orders something about a participant."""
    world.simulation.receive(read_command({"command": word, **about}, call.id, []))
    world.settle()


def kick(world: PureWorld, *calls: Call) -> None:
    """The app throws participants out."""
    for call in calls:
        world.simulation.receive(Kicked(call.id))
    world.settle()


def is_over(world: PureWorld, conference_id: str = "room") -> bool:
    """Whether there is no such room any more."""
    with pytest.raises(ApiError) as refusal:
        room_of(world, conference_id)
    return refusal.value.message == f"No such ongoing conference '{conference_id}' in the application's context"
