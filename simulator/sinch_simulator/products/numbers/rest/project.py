"""Shows and changes how the events of a project are signed."""

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.products.numbers.machine import machine_of
from sinch_simulator.products.numbers.rest.reading import CALLBACK_CONFIGURATION, read_json


def get_callback_configuration(request: PlatformRequest) -> Answer:
    """Shows what signs the events of a project."""
    return _shown(request)


def patch_callback_configuration(request: PlatformRequest) -> Answer:
    """Changes what signs the events of a project."""
    secret = read_json(request, CALLBACK_CONFIGURATION).text("hmacSecret")
    machine_of(request.world).secrets[request.parameters["projectId"]] = secret
    return _shown(request)


def _shown(request: PlatformRequest) -> Answer:
    project_id = request.parameters["projectId"]
    secret = machine_of(request.world).secrets.get(project_id, "")
    return json_answer({"projectId": project_id, "hmacSecret": secret})


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint(
        "GET", "/{projectId}/callbackConfiguration", get_callback_configuration, "what signs the events of a project"
    ),
    PlatformEndpoint(
        "PATCH", "/{projectId}/callbackConfiguration", patch_callback_configuration, "changes what signs events"
    ),
)
