"""Shows an app its conferences, and lets it act on who is in them (docs/platform/rest.md#5)."""

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.products.voice.conferences.bodies import conference_info, read_command
from sinch_simulator.products.voice.conferences.conference import Conference, Participant
from sinch_simulator.products.voice.events import Kicked, RoomKey
from sinch_simulator.products.voice.exchange import exchange_of


def get_conference(request: PlatformRequest) -> Answer:
    """Lists the participants."""
    return json_answer(conference_info(_room(request), request.world.now))


def delete_conference(request: PlatformRequest) -> Answer:
    """Removes everybody; 204, where a single one is 200 (docs/platform/rest.md#5)."""
    for call_id in list(_room(request).participants):
        request.world.receive(Kicked(call_id))
    return Answer(204)


def patch_participant(request: PlatformRequest) -> Answer:
    """Mutes, unmutes, puts on hold or takes back one participant."""
    participant = _participant(request)
    findings: list[Diagnostic] = []
    command = read_command(request.json(), participant.call_id, findings)
    request.diagnose(findings, participant.call_id)
    request.world.receive(command)
    return Answer()


def delete_participant(request: PlatformRequest) -> Answer:
    """Removes one participant."""
    request.world.receive(Kicked(_participant(request).call_id))
    return Answer()


def _room(request: PlatformRequest) -> Conference:
    """Returns the room of the region whose host was asked; the same id elsewhere is told as a diagnostic."""
    rooms = exchange_of(request.world).rooms
    key = RoomKey(request.application.key, request.region, request.parameters["conferenceId"])
    try:
        return rooms.room(key)
    except ApiError:
        regions = rooms.elsewhere(key)
        if regions:
            request.diagnose([_other_region(key, regions)])
        raise


def _participant(request: PlatformRequest) -> Participant:
    participant = _room(request).participants.get(request.parameters["callId"])
    if participant is None:
        raise ApiError.not_found("Call not found")
    return participant


def _other_region(key: RoomKey, regions: list[str]) -> Diagnostic:
    return Diagnostic(
        "CONF_REGION",
        Severity.WARNING,
        "",
        f"Rooms are regional: there is no conference {key.conference_id!r} in {key.region}, but there is one of that"
        f" id in {' and '.join(regions)}.",
        f"Ask the host calling-{regions[0]}, where its participants are.",
    )


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/conferences/id/{conferenceId}", get_conference, "the participants of a conference"),
    PlatformEndpoint("DELETE", "/conferences/id/{conferenceId}", delete_conference, "ends a conference"),
    PlatformEndpoint("PATCH", "/conferences/id/{conferenceId}/{callId}", patch_participant, "changes a participant"),
    PlatformEndpoint("DELETE", "/conferences/id/{conferenceId}/{callId}", delete_participant, "removes a participant"),
)
