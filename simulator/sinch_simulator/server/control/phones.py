"""Shows and scripts how phones behave."""

from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlFindings
from sinch_simulator.core.rest.control_shapes import answer, listed
from sinch_simulator.core.schema.fields import Flag, Nested, Text
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.persona_document import persona_document
from sinch_simulator.phones.persona_json import PERSONA, ScriptedPersona
from sinch_simulator.phones.test_numbers import BUILT_IN, BuiltIn
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.worlds import World

LONGEST_ADDRESS = 256
_PHONE = answer(
    "a phone",
    Text("address", "a number, a pattern with *, a user name or a SIP address"),
    Nested("persona", "how it behaves", shape=PERSONA),
    Flag("builtIn", "whether it behaves so without having been scripted"),
    Text("description", "of a built-in one", nullable=True),
    title="Phone",
    meaning="A phone, and how it behaves.",
)


async def get_phones(request: ServerRequest) -> Answer:
    """Lists who was scripted, then the built-in numbers that nobody has scripted."""
    phonebook = request.worlds.present(request.application(request.query())).simulation.phonebook
    scripted = phonebook.scripted()
    views = [_view(address, persona) for address, persona in scripted.items()]
    views += [_view(each.number, each.persona, each) for each in BUILT_IN if each.number not in scripted]
    return json_answer({"phones": views})


def _view(address: str, persona: Persona, built_in: BuiltIn | None = None) -> dict[str, object]:
    return {
        "address": address,
        "persona": persona_document(persona),
        "builtIn": built_in is not None,
        "description": None if built_in is None else built_in.description,
    }


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
        "GET",
        "/phones",
        get_phones,
        "Lists the scripted phones, and the built-in ones.",
        (APPLICATION,),
        answer=listed("phones", _PHONE),
    ),
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
