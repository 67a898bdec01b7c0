"""Phones: who is at which address, and how they behave."""

from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import ControlEndpoint, ControlRequest
from sinch_simulator.core.rest.routing import Endpoint
from sinch_simulator.phones.persona_json import PersonaError, persona_document, read_persona
from sinch_simulator.server.http_messages import Answer, json_answer
from sinch_simulator.server.worlds import World

LONGEST_ADDRESS = 256


async def get_phone(request: ControlRequest) -> Answer:
    """The persona that applies there."""
    world, address = _where(request)
    return json_answer(persona_document(world.simulation.phonebook.persona_for(address)))


async def put_phone(request: ControlRequest) -> Answer:
    """From now on this persona is there."""
    world, address = _where(request)
    try:
        persona = read_persona(request.document(), "persona")
    except PersonaError as error:
        raise ControlError(400, "invalid_value", f"{error.path}: {error.message}", error.hint) from None
    world.simulation.phonebook.script(address, persona)
    await world.runner.settled()
    return json_answer(persona_document(persona))


async def delete_phone(request: ControlRequest) -> Answer:
    """Whoever was scripted there is gone; it is no error if nobody was."""
    world, address = _where(request)
    world.simulation.phonebook.forget(address)
    await world.runner.settled()
    return Answer(204)


def _where(request: ControlRequest) -> tuple[World, str]:
    application = request.application(request.query("application"))
    address = request.parameters["address"]
    if not address.strip() or len(address) > LONGEST_ADDRESS:
        raise ControlError(
            400,
            "invalid_value",
            f"address: it has {len(address)} characters",
            f"expected a number, a pattern, a user name or a SIP address of up to {LONGEST_ADDRESS} characters",
        )
    return request.world_of(application), address


ENDPOINTS: tuple[ControlEndpoint, ...] = (
    Endpoint("GET", "/phones/{address}", get_phone, "who is at an address"),
    Endpoint("PUT", "/phones/{address}", put_phone, "puts somebody at an address"),
    Endpoint("DELETE", "/phones/{address}", delete_phone, "takes away who was put there"),
)
