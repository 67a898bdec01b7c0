"""Tells whether the simulator is there, and lets it begin anew."""

from sinch_simulator import __version__
from sinch_simulator.core.application import Application
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint
from sinch_simulator.core.rest.control_shapes import answer
from sinch_simulator.core.schema.fields import Choice, Text
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest

_HEALTH = answer("health", Choice("status", choices=("ok",)), Text("version", "of the simulator"))


async def get_health(request: ServerRequest) -> Answer:
    """Answers the same as soon as requests are answered."""
    request.query()
    return json_answer({"status": "ok", "version": __version__})


async def reset(request: ServerRequest) -> Answer:
    """Drops what happened, to one application or to all; replies that are still to come are discarded."""
    application = request.application(request.query())
    request.read_body()
    if application is not None:
        world = request.worlds.present(application)
        world.reset(application.key)
        _drop_services(request, [each for each in world.applications if each.project is application.project])
        await world.runner.settled()
        return Answer(204)
    for world in request.worlds:
        world.reset(None)
        _drop_services(request, world.applications)
    for world in request.worlds:
        await world.runner.settled()
    return Answer(204)


def _drop_services(request: ServerRequest, applications: list[Application]) -> None:
    """Drops the services that apps have made by REST: a reset leaves what was configured."""
    for each in applications:
        if each.service.made_by_rest:
            request.worlds.remove(each)


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET", "/health", get_health, "Tells whether the simulator is there, and its version.", answer=_HEALTH
    ),
    ControlEndpoint(
        "POST",
        "/reset",
        reset,
        "Drops what has happened, and the scripted phones and faults.",
        (APPLICATION,),
        status=204,
    ),
)
