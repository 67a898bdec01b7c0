"""Whether the simulator is there, and beginning anew."""

from sinch_simulator import __version__
from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlRequest
from sinch_simulator.core.rest.routing import Endpoint
from sinch_simulator.server.http_messages import Answer, json_answer


async def get_health(request: ControlRequest) -> Answer:
    """Always the same, as soon as requests are answered."""
    request.query()
    return json_answer({"status": "ok", "version": __version__})


async def reset(request: ControlRequest) -> Answer:
    """Drop what happened, to one application or to all; replies that are still to come are discarded."""
    application = request.application(request.query("application"))
    request.fields()
    if application is not None:
        world = request.world_of(application)
        world.reset(application.key)
        await world.runner.settled()
        return Answer(204)
    for world in request.worlds:
        world.reset(None)
    for world in request.worlds:
        await world.runner.settled()
    return Answer(204)


ENDPOINTS: tuple[ControlEndpoint, ...] = (
    Endpoint("GET", "/health", get_health, "whether the simulator is there"),
    Endpoint("POST", "/reset", reset, "drops calls, callbacks and scripts"),
)
