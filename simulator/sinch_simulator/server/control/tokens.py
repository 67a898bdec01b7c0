"""Ends OAuth2 tokens before their time."""

from sinch_simulator.core.rest.answer import Answer
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest


async def post_expiry(request: ServerRequest) -> Answer:
    """Ends every token issued so far: of the application's project, or of all."""
    application, worlds = request.application(request.query()), request.worlds
    for project in [application.project] if application is not None else worlds.directory.projects.values():
        project.expire_tokens()
    for world in worlds if application is None else (worlds.home_of(application),):
        await world.runner.settled()
    return Answer(204)


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "POST",
        "/tokens/expire",
        post_expiry,
        "Ends every OAuth2 token issued so far, of the application's project or of all.",
        (APPLICATION,),
        status=204,
    ),
)
