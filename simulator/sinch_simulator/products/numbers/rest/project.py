"""Shows and changes how the events of a project are signed."""

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.products.numbers.rest.reading import CALLBACK_CONFIGURATION, read_json


def get_callback_configuration(request: PlatformRequest) -> Answer:
    """Shows what signs the events of a project."""
    return _shown(request)


def patch_callback_configuration(request: PlatformRequest) -> Answer:
    """Changes what signs the events of a project."""
    request.application.project.hmac_secret = read_json(request, CALLBACK_CONFIGURATION).text("hmacSecret")
    return _shown(request)


def _shown(request: PlatformRequest) -> Answer:
    project = request.application.project
    return json_answer({"projectId": project.id, "hmacSecret": project.hmac_secret})


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint(
        "GET", "/{projectId}/callbackConfiguration", get_callback_configuration, "what signs the events of a project"
    ),
    PlatformEndpoint(
        "PATCH", "/{projectId}/callbackConfiguration", patch_callback_configuration, "changes what signs events"
    ),
)
