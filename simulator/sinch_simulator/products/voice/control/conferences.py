"""Shows conferences as a test wants to see them: who is in which room, and who hears whom."""

from typing import Any

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.rest.journal_views import time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.conferences.conference import Conference, Participant
from sinch_simulator.products.voice.control.shapes import CONFERENCE
from sinch_simulator.products.voice.exchange import exchange_of


def get_conferences(request: ProductRequest) -> Answer:
    """Lists the ongoing conferences of an application, or of the default world, in the order in which they began."""
    application = request.application(request.query())
    world = request.worlds.simulation_of(application)
    rooms = exchange_of(world).rooms.of(None if application is None else application.key)
    return json_answer({"conferences": [_conference_view(world, room) for room in rooms]})


def _conference_view(world: SimulatedWorld, room: Conference) -> dict[str, Any]:
    return {
        "conferenceId": room.key.conference_id,
        "region": room.key.region,
        "participants": [_participant_view(world, room, each) for each in room.participants.values()],
    }


def _participant_view(world: SimulatedWorld, room: Conference, participant: Participant) -> dict[str, Any]:
    return {
        "callId": participant.call_id,
        "cli": participant.cli,
        "joinedAt": time_text(world, participant.joined_ms),
        "muted": participant.muted,
        "onhold": participant.on_hold,
        "hears": room.heard_by(participant.call_id),
    }


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/conferences",
        get_conferences,
        "Lists the conferences, and who hears whom in each.",
        (APPLICATION,),
        answer=listed("conferences", CONFERENCE),
    ),
)
