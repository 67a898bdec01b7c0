"""Shows, to tests, which numbers are rented and what they lead to."""

from typing import Any

from sinch_simulator.core.numbering_plan import NumberType
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, ControlHandler, ProductRequest
from sinch_simulator.core.rest.control_shapes import answer, listed, texts, words
from sinch_simulator.core.schema.fields import Anything, Choice, Nested, Text
from sinch_simulator.products.numbers.machine import NumbersMachine, machine_of
from sinch_simulator.products.numbers.records import NumberRecord, VoiceType
from sinch_simulator.products.numbers.rest.views import region_and_type, sms_provisioning, voice_provisioning

_VOICE = answer(
    "what answers calls",
    Choice("type", "a Voice application, a SIP trunk or a fax service", choices=words(VoiceType)),
    Text("id", "its key or id"),
)
_PROVISIONING = answer(
    "assignments under way",
    Anything("sms", "of texts, as scheduledProvisioning; null for none"),
    Anything("voice", "of calls, as scheduledVoiceProvisioning; null for none"),
)
NUMBER = answer(
    "a rented number",
    Text("number"),
    Text("regionCode", "the country, as US"),
    Choice("type", "what sort of number", choices=words(NumberType)),
    texts("capabilities", "SMS, VOICE"),
    Text("applicationKey", "the application that has rented it, or was made with it"),
    Text("projectId", "the project of that application"),
    Text("servicePlanId", "where texts to it go; null: nowhere", nullable=True),
    Nested("voice", "what answers calls to it; null: nothing", shape=_VOICE, nullable=True),
    Text("callbackUrl", "where its events go; null: nowhere", nullable=True),
    Nested("provisioning", "assignments that are not done", shape=_PROVISIONING),
    title="Number",
    meaning="A number that an application has rented, or was made with.",
)


def get_numbers(request: ProductRequest) -> Answer:
    """Lists the numbers of an application, or of every application of the default world."""
    application = request.application(request.query())
    world = request.worlds.simulation_of(application)
    machine = machine_of(world)
    holders = world.applications.values() if application is None else (application,)
    records = [record for holder in holders for record in machine.held_by(holder)]
    return json_answer({"numbers": [_number_view(machine, record) for record in records]})


def _number_view(machine: NumbersMachine, record: NumberRecord) -> dict[str, Any]:
    region, type_ = region_and_type(record.number)
    voice, epoch_ms = machine.voice_of(record), machine.data.epoch_ms
    return {
        "number": record.number,
        "regionCode": region,
        "type": type_.value,
        "capabilities": [each.name for each in machine.capabilities_of(record.number)],
        "applicationKey": record.application_key,
        "projectId": machine.data.applications[record.application_key].project.id,
        "servicePlanId": machine.plan_of(record.number) or None,
        "voice": None if voice is None else {"type": voice.type.value, "id": voice.id},
        "callbackUrl": record.callback_url or None,
        "provisioning": {
            "sms": None if record.sms is None else sms_provisioning(record.sms, epoch_ms),
            "voice": None if record.voice is None else voice_provisioning(record.voice, epoch_ms),
        },
    }


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/numbers",
        get_numbers,
        "Lists the rented numbers, and what each leads to.",
        (APPLICATION,),
        answer=listed("numbers", NUMBER),
    ),
)
