"""Conferences as a test wants to see them: who is in which room, and who hears whom."""

from typing import Any

from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlRequest
from sinch_simulator.core.rest.routing import Endpoint
from sinch_simulator.products.voice.conferences.conference import Conference, Participant
from sinch_simulator.products.voice.control.views import time_text
from sinch_simulator.server.http_messages import Answer, json_answer
from sinch_simulator.server.worlds import World


async def get_conferences(request: ControlRequest) -> Answer:
    """The ongoing conferences of an application, or of the default world, in the order in which they began."""
    application = request.application(request.query("application"))
    world = request.world_of(application)
    rooms = world.simulation.exchange.rooms.of(None if application is None else application.key)
    return json_answer({"conferences": [_conference_view(world, room) for room in rooms]})


def _conference_view(world: World, room: Conference) -> dict[str, Any]:
    return {
        "conferenceId": room.key.conference_id,
        "region": room.key.region,
        "participants": [_participant_view(world, room, each) for each in room.participants.values()],
    }


def _participant_view(world: World, room: Conference, participant: Participant) -> dict[str, Any]:
    return {
        "callId": participant.call_id,
        "cli": participant.cli,
        "joinedAt": time_text(world, participant.joined_ms),
        "muted": participant.muted,
        "onhold": participant.on_hold,
        "hears": room.heard_by(participant.call_id),
    }


ENDPOINTS: tuple[ControlEndpoint, ...] = (Endpoint("GET", "/conferences", get_conferences, "conferences"),)
