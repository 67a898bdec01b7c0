"""Shows and scripts how phones behave."""

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlFindings
from sinch_simulator.phones.persona_json import PERSONA, ScriptedPersona, persona_document
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.worlds import World

LONGEST_ADDRESS = 256


async def get_phone(request: ServerRequest) -> Answer:
    """Shows the persona that applies there."""
    world, address = _where(request)
    return json_answer(persona_document(world.simulation.phonebook.persona_for(address)))


async def put_phone(request: ServerRequest) -> Answer:
    """Scripts the persona that is there from now on."""
    world, address = _where(request)
    findings = ControlFindings("persona")
    persona = ScriptedPersona().read("persona", request.document(), "", findings)
    if persona is None:
        assert findings.refusal is not None, "what is no persona has a mistake"
        raise findings.refusal
    world.simulation.phonebook.script(address, persona)
    await world.runner.settled()
    return json_answer(persona_document(persona))


async def delete_phone(request: ServerRequest) -> Answer:
    """Takes the scripted persona away; it is no error if there was none."""
    world, address = _where(request)
    world.simulation.phonebook.forget(address)
    await world.runner.settled()
    return Answer(204)


def _where(request: ServerRequest) -> tuple[World, str]:
    application = request.application(request.query())
    address = request.parameters["address"]
    if not address.strip() or len(address) > LONGEST_ADDRESS:
        raise ControlError(
            400,
            "invalid_value",
            f"address: it has {len(address)} characters",
            f"expected a number, a pattern, a user name or a SIP address of up to {LONGEST_ADDRESS} characters",
        )
    return request.worlds.present(application), address


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint(
        "GET", "/phones/{address}", get_phone, "Shows how a phone behaves.", (APPLICATION,), answer=PERSONA
    ),
    ControlEndpoint(
        "PUT",
        "/phones/{address}",
        put_phone,
        "Scripts how a phone behaves.",
        (APPLICATION,),
        body=PERSONA,
        answer=PERSONA,
        example={"answer": {"after": 2.0, "as": "human"}, "then": [{"wait_for": "menu"}, {"press": "1"}]},
    ),
    ControlEndpoint(
        "DELETE", "/phones/{address}", delete_phone, "Takes a scripted phone away.", (APPLICATION,), status=204
    ),
)
