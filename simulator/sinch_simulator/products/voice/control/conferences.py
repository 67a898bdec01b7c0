"""Shows conferences as a test wants to see them: who is in which room, and who hears whom."""

from typing import Any

from sinch_simulator.core.rest.answer import Answer, Settled, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.rest.journal_views import time_text
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.products.voice.conferences.conference import Conference, Participant
from sinch_simulator.products.voice.control.calls import call_of_path
from sinch_simulator.products.voice.control.shapes import CALL, CONFERENCE, CONFERENCE_COMMAND
from sinch_simulator.products.voice.control.views import call_view
from sinch_simulator.products.voice.events import Commanded, ConferenceCommand, Kicked
from sinch_simulator.products.voice.exchange import exchange_of


def get_conferences(request: ProductRequest) -> Answer:
    """Lists the ongoing conferences of an application, or of the default world, in the order in which they began."""
    application = request.application(request.query())
    world = request.worlds.simulation_of(application)
    rooms = exchange_of(world).rooms.of(None if application is None else application.key)
    return json_answer({"conferences": [_conference_view(world, room) for room in rooms]})


def post_command(request: ProductRequest) -> Settled:
    """Does what an app can do by REST about a participant: mutes it, puts it on hold, takes it back, throws it out."""
    request.query()
    world, call = call_of_path(request)
    command = request.read_body().text("command")
    if not any(call.id in room.participants for room in exchange_of(world).rooms.of(call.application.key)):
        raise ControlError(409, "not_in_a_conference", "the call is in no conference", "connectConf brings it into one")
    world.receive(Kicked(call.id) if command == "kick" else Commanded(call.id, ConferenceCommand(command)))
    return Settled(world, lambda: json_answer(call_view(world, call)))


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
    ControlEndpoint(
        "POST",
        "/calls/{callId}/conference",
        post_command,
        "Mutes, unmutes, holds, resumes or kicks a participant of a conference.",
        body=CONFERENCE_COMMAND,
        example={"command": "mute"},
        answer=CALL,
    ),
)
