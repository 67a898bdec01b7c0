"""Shows calls, makes them from outside, and lets the people on the line act."""

from itertools import dropwhile, islice

from sinch_simulator.core.addresses import Address, AddressKind, read_identity
from sinch_simulator.core.application import Application
from sinch_simulator.core.phone_call import PhoneCall
from sinch_simulator.core.rest.answer import Answer, Settled, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.control_request import (
    APPLICATION,
    ControlEndpoint,
    ControlFindings,
    ControlHandler,
    ProductRequest,
)
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.phones.persona_json import read_persona
from sinch_simulator.phones.signals import HungUp, LegName, Spoke
from sinch_simulator.products.voice import DEFAULT_REGION
from sinch_simulator.products.voice.arriving import arrive
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.calling import press as press_keys
from sinch_simulator.products.voice.control.either_protocol import (
    AnyCall,
    brief_view,
    ends_of,
    find_call,
    is_ringing,
    newest_calls,
    owner_of,
    person_on,
    states_of_ends,
    view,
)
from sinch_simulator.products.voice.control.shapes import (
    ANSWER,
    CALL,
    DECLINE,
    HANG_UP,
    INCOMING_CALL,
    PRESS,
    SPEAK,
    TARGET,
    TIMELINE,
)
from sinch_simulator.products.voice.control.shapes import FROM as _FROM
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.incoming import Incoming
from sinch_simulator.products.voice.svaml.model import CallHeader

_MOST_DIGITS = 1000


def get_calls(request: ProductRequest) -> Answer:
    """Lists the calls of an application, or of the default world, oldest first."""
    query = request.query()
    application = request.application(query)
    status = query["status"]
    world = request.worlds.simulation_of(application)
    before = query["before"]
    newest = newest_calls(world)
    if before is not None:
        newest = islice(dropwhile(lambda call: call.id != before, newest), 1, None)
    found = (call for call in newest if application in (None, owner_of(call)) and status in (None, _status(call)))
    calls = [*islice(found, query["limit"])][::-1]
    if query["brief"] == "true":
        return json_answer({"calls": [brief_view(world, call) for call in calls]})
    return json_answer({"calls": [view(world, call, timeline=query["timeline"] == "true") for call in calls]})


def get_call(request: ProductRequest) -> Answer:
    """Shows one call."""
    timeline = request.query()["timeline"] == "true"
    return json_answer(view(*any_call_of_path(request), timeline=timeline))


def post_call(request: ProductRequest) -> Settled:
    """Lets somebody outside dial."""
    timeline = request.query()["timeline"] == "true"
    body = request.read_body()
    origin = Origin(body["origin"])
    cli = _read_from(body["from"], origin)
    _only_with(body, "cli", Origin.MXP, "an in-app user's client sets it for itself")
    _only_with(body, "rdnis", Origin.PSTN, "only a phone forwards a call")
    application = request.application(body) or _default_application(request, body["to"])
    world = request.worlds.simulation_of(application)
    to = _read_to(body["to"], origin, application)
    incoming = Incoming(
        origin,
        cli,
        to,
        custom=body["custom"] or None,
        call_headers=tuple(CallHeader(header["key"], header["value"]) for header in body.objects("callHeaders")),
        base_url=request.worlds.base_url,
        region=DEFAULT_REGION,
        own_cli=body["cli"],
        rdnis=body["rdnis"] or "",
    )
    call = arrive(world, application, incoming, body["caller"])
    return Settled(world, lambda: json_answer(view(world, call, timeline=timeline), 201))


def press(request: ProductRequest) -> Settled:
    """Lets somebody on the line press keys."""
    world, call, body, leg = _act(request)
    digits = body.text("digits")
    if len(digits) > _MOST_DIGITS:
        raise invalid("digits", digits, f"at most {_MOST_DIGITS} keys")
    press_keys(world, call, leg, digits)
    return _settled_view(request, world, call)


def speak(request: ProductRequest) -> Settled:
    """Lets somebody on the line say something."""
    world, call, body, leg = _act(request)
    world.receive(Spoke(call.id, leg, body.text("text")))
    return _settled_view(request, world, call)


def hang_up(request: ProductRequest) -> Settled:
    """Lets somebody on the line hang up."""
    world, call, _, leg = _act(request)
    world.receive(HungUp(call.id, leg))
    return _settled_view(request, world, call)


def answer(request: ProductRequest) -> Settled:
    """Lets a phone that rings be picked up."""
    world, call, body, leg = _ringing(request)
    world.meet(call.id, leg, read_persona({"answer": {"after": 0, "as": body["as"]}}))
    return _settled_view(request, world, call)


def decline(request: ProductRequest) -> Settled:
    """Lets a phone that rings be declined."""
    world, call, body, leg = _ringing(request)
    world.meet(call.id, leg, read_persona({body["as"]: {"after": 0}}))
    return _settled_view(request, world, call)


# ---- what somebody on the line does


def call_of_path(request: ProductRequest) -> tuple[SimulatedWorld, Call]:
    """Returns the call of Voice v1 that the path names, and its world."""
    world, call = any_call_of_path(request)
    if not isinstance(call, Call):
        of = "a verification" if isinstance(call, PhoneCall) else "Voice v2"
        raise ControlError(409, "wrong_protocol", f"call {call.id} is one of {of}", "this is for calls of Voice v1")
    return world, call


def any_call_of_path(request: ProductRequest) -> tuple[SimulatedWorld, AnyCall]:
    """Returns the call that the path names, and its world."""
    call_id = request.parameters["callId"]
    for world in request.worlds.simulations():
        call = find_call(world, call_id)
        if call is not None:
            return world, call
    raise not_found("call", call_id, "GET /_simulator/calls lists those that are kept (--keep-calls)")


def _act(request: ProductRequest) -> tuple[SimulatedWorld, AnyCall, Values, LegName]:
    """Returns who does it: the end that is named, else the person whom the platform talks to."""
    request.query()  # what is wrong there is refused before anything happens
    world, call = any_call_of_path(request)
    body = request.read_body()
    leg = person_on(call) if body["leg"] is None else LegName(body["leg"])
    there = ends_of(call)
    if leg not in there:
        named = " and ".join(each.value for each in there) or "nobody"
        raise ControlError(409, "no_such_leg", f"leg: the call has no {leg.value}", f"on the line: {named}")
    return world, call, body, leg


def _ringing(request: ProductRequest) -> tuple[SimulatedWorld, AnyCall, Values, LegName]:
    """Returns whose phone rings, which is that of a callee: a caller has dialled. Refuses when none does."""
    request.query()  # what is wrong there is refused before anything happens
    world, call = any_call_of_path(request)
    body = request.read_body()
    leg = LegName.CALLEE if body["leg"] is None else LegName(body["leg"])
    if leg is LegName.CALLEE and is_ringing(call):
        return world, call, body, leg
    message = f"the {leg.value} of call {call.id} does not ring"
    raise ControlError(409, "not_ringing", message, f"now {states_of_ends(call)}")


def _settled_view(request: ProductRequest, world: SimulatedWorld, call: AnyCall) -> Settled:
    timeline = request.query()["timeline"] == "true"
    return Settled(world, lambda: json_answer(view(world, call, timeline=timeline)))


def _status(call: AnyCall) -> str:
    return "FINAL" if call.final else "ONGOING"


# ---- a call from outside


def _default_application(request: ProductRequest, to: object) -> Application:
    """Returns whoever owns the dialled number in the default world, else the first who lives there."""
    world = request.worlds.simulation_of(None)
    if isinstance(to, str) and (address := read_identity(AddressKind.DID, to)) is not None:
        owner = exchange_of(world).owner_of(address.endpoint)
        if owner is not None:
            return owner
    applications = list(world.applications.values())
    if not applications:
        raise ControlError(400, "missing_field", "application is missing", "the default world has no application")
    return applications[0]


def _only_with(body: Values, name: str, origin: Origin, why: str) -> None:
    if body[name] is not None and body["origin"] != origin.value:
        hint = f'leave it out, or set origin to "{origin.value}"'
        raise ControlError(400, "invalid_value", f'{name}: {why}, and origin is "{body["origin"]}"', hint)


def _read_from(text: str, origin: Origin) -> str:
    if origin is Origin.MXP or (origin is Origin.PSTN and text == "private"):
        return text
    address = read_identity(AddressKind.NUMBER, text)
    if origin is Origin.SIP:
        address = read_identity(AddressKind.SIP, text) or address
    if address is None:
        raise invalid("from", text, _FROM if origin is Origin.PSTN else "a SIP address, like alice@example.com")
    return address.endpoint


def _read_to(value: object, origin: Origin, application: Application) -> Address:
    if isinstance(value, dict):
        return _read_target(value, origin)
    if value is None and not application.numbers:
        raise ControlError(400, "missing_field", "to is missing", f"application {application.key} has no number")
    text = application.numbers[0] if value is None else value
    if not isinstance(text, str) or not text.strip():
        raise invalid("to", value, "what is dialled")
    if origin is Origin.SIP and (address := read_identity(AddressKind.SIP, text)) is not None:
        return address
    kind = {Origin.PSTN: AddressKind.DID, Origin.MXP: AddressKind.NUMBER}.get(origin, AddressKind.SIP)
    number = read_identity(AddressKind.DID, text)
    if number is None:
        raise invalid("to", text, 'an E.164 number, like "+14045550100"')
    return Address(kind, number.endpoint)


def _read_target(value: dict[str, object], origin: Origin) -> Address:
    if origin is not Origin.MXP:
        raise invalid("to", value, f"a number as text for origin {origin.value}")
    findings = ControlFindings("to")
    target = TARGET.read(value, "to.", findings)
    if findings.refusal is not None:
        raise findings.refusal
    address = read_identity(AddressKind(target["type"]), target["endpoint"])
    if address is None:
        raise invalid("to.endpoint", target["endpoint"], "an E.164 number")
    return address


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/calls",
        get_calls,
        "Lists calls, the oldest first.",
        (
            APPLICATION,
            Choice("status", "only calls in this state", choices=("ONGOING", "FINAL")),
            TIMELINE,
            Integer("limit", "how many, the newest ones; all when absent", minimum=1),
            BoundedText("before", "only calls that are older than the one of this id"),
            Choice("brief", "true gives each as CallInBrief", choices=("true", "false"), default="false"),
        ),
        query_example="status=ONGOING",
        answer=listed("calls", CALL),
    ),
    ControlEndpoint(
        "GET",
        "/calls/{callId}",
        get_call,
        "Shows a call with its legs and its timeline.",
        (TIMELINE,),
        query_example="timeline=false",
        answer=CALL,
    ),
    ControlEndpoint(
        "POST",
        "/calls",
        post_call,
        "Lets a call come in from outside.",
        (TIMELINE,),
        body=INCOMING_CALL,
        example={"from": "+46700000001", "to": "+14045550100", "caller": {"then": [{"wait": 60}]}},
        answer=CALL,
        status=201,
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/press",
        press,
        "Lets somebody on the line press keys.",
        (TIMELINE,),
        body=PRESS,
        example={"digits": "1#"},
        answer=CALL,
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/speak",
        speak,
        "Lets somebody on the line speak.",
        (TIMELINE,),
        body=SPEAK,
        example={"text": "support"},
        answer=CALL,
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/answer",
        answer,
        "Lets a phone that rings be picked up.",
        (TIMELINE,),
        body=ANSWER,
        example={"as": "human"},
        answer=CALL,
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/decline",
        decline,
        "Lets a phone that rings be declined.",
        (TIMELINE,),
        body=DECLINE,
        example={"as": "busy"},
        answer=CALL,
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/hangup",
        hang_up,
        "Lets somebody on the line hang up.",
        (TIMELINE,),
        body=HANG_UP,
        example={"leg": "caller"},
        answer=CALL,
    ),
)
