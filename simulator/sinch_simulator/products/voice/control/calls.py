"""Shows calls, makes them from outside, and lets the people on the line act."""

from enum import Enum

from sinch_simulator.core.addresses import Address, AddressKind, read_identity
from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.rest.answer import Answer, Settled, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.control_request import (
    APPLICATION,
    ControlEndpoint,
    ControlHandler,
    Fields,
    ProductRequest,
    QueryParameter,
)
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.persona_json import PersonaError, read_digits, read_persona
from sinch_simulator.phones.signals import HungUp, LegName, Spoke
from sinch_simulator.products.voice import DEFAULT_REGION
from sinch_simulator.products.voice.call import Call, Origin
from sinch_simulator.products.voice.calling import dial
from sinch_simulator.products.voice.calling import press as press_keys
from sinch_simulator.products.voice.control.views import call_view
from sinch_simulator.products.voice.exchange import Incoming, exchange_of
from sinch_simulator.products.voice.svaml.model import CallHeader

LONGEST_CUSTOM = 1024
_LONGEST_TEXT = 10_000
_MOST_DIGITS = 1000


class _Timeline(Enum):
    """Whether a call is shown with everything that has happened to it, line by line."""

    SHOWN = "true"
    LEFT_OUT = "false"


class _Status(Enum):
    ONGOING = "ONGOING"
    FINAL = "FINAL"


class _Source(Enum):
    """Where a call from outside may come from."""

    PSTN = "pstn"
    MXP = "mxp"
    SIP = "sip"


class _Target(Enum):
    """What an in-app user may dial."""

    NUMBER = "number"
    USERNAME = "username"
    CONFERENCE = "conference"


def get_calls(request: ProductRequest) -> Answer:
    """Lists the calls of an application, or of the default world, oldest first."""
    query = request.query()
    application = request.application(query)
    status = query.one_of("status", _Status)
    timeline = _shows_timeline(query)
    world = request.worlds.simulation_of(application)
    calls = [
        call_view(world, call, timeline=timeline)
        for call in exchange_of(world).calls.values()
        if application in (None, call.application) and status in (None, _status(call))
    ]
    return json_answer({"calls": calls})


def get_call(request: ProductRequest) -> Answer:
    """Shows one call."""
    timeline = _shows_timeline(request.query())
    return json_answer(call_view(*call_of_path(request), timeline=timeline))


def _shows_timeline(query: Fields) -> bool:
    return query.one_of("timeline", _Timeline) is not _Timeline.LEFT_OUT


def post_call(request: ProductRequest) -> Settled:
    """Lets somebody outside dial."""
    timeline = _shows_timeline(request.query())
    fields = request.fields("application", "from", "to", "origin", "callHeaders", "custom", "caller")
    origin = Origin((fields.one_of("origin", _Source) or _Source.PSTN).value)
    persona = _read_caller(fields)
    cli = _read_from(fields, origin)
    application = request.application(fields) or _default_application(request, fields)
    world = request.worlds.simulation_of(application)
    to = _read_to(fields, origin, application)
    incoming = Incoming(
        origin,
        cli,
        to,
        custom=_read_custom(fields),
        call_headers=_read_headers(fields),
        base_url=request.worlds.base_url,
        region=DEFAULT_REGION,
    )
    call = dial(world, application.key, incoming, persona)
    if to.kind is AddressKind.DID and to.endpoint not in application.numbers:
        world.diagnose(call.id, _not_assigned(to.endpoint))
    return Settled(world, lambda: json_answer(call_view(world, call, timeline=timeline), 201))


def press(request: ProductRequest) -> Settled:
    """Lets somebody on the line press keys."""
    world, call, fields, leg = _act(request, "digits")
    try:
        digits = read_digits(fields.values.get("digits"), "digits")
    except PersonaError as error:
        raise _refused(error) from None
    if len(digits) > _MOST_DIGITS:
        raise invalid("digits", digits, f"at most {_MOST_DIGITS} keys")
    press_keys(world, call.id, leg, digits)
    return _settled_view(request, world, call)


def speak(request: ProductRequest) -> Settled:
    """Lets somebody on the line say something."""
    world, call, fields, leg = _act(request, "text")
    text = fields.required("text", 'what is said, like "support"')
    if len(text) > _LONGEST_TEXT:
        raise invalid("text", text, f"at most {_LONGEST_TEXT} characters")
    world.receive(Spoke(call.id, leg, text))
    return _settled_view(request, world, call)


def hang_up(request: ProductRequest) -> Settled:
    """Lets somebody on the line hang up."""
    world, call, _, leg = _act(request)
    world.receive(HungUp(call.id, leg))
    return _settled_view(request, world, call)


# ---- what somebody on the line does


def call_of_path(request: ProductRequest) -> tuple[SimulatedWorld, Call]:
    """Returns the call that the path names, and its world."""
    call_id = request.parameters["callId"]
    for world in request.worlds.simulations():
        call = exchange_of(world).calls.get(call_id)
        if call is not None:
            return world, call
    raise not_found("call", call_id, "GET /_simulator/calls?application=KEY lists the calls")


def _act(request: ProductRequest, *known: str) -> tuple[SimulatedWorld, Call, Fields, LegName]:
    """Returns who does it: the end that is named, else the person whom the platform talks to."""
    _shows_timeline(request.query())  # what is wrong there is refused before anything happens
    world, call = call_of_path(request)
    fields = request.fields(*known, "leg")
    leg = fields.one_of("leg", LegName) or call.party.name
    if call.leg(leg).address is None:
        there = " and ".join(each.name.value for each in call.legs if each.address is not None) or "nobody"
        raise ControlError(409, "no_such_leg", f"leg: the call has no {leg.value}", f"on the line: {there}")
    return world, call, fields, leg


def _settled_view(request: ProductRequest, world: SimulatedWorld, call: Call) -> Settled:
    timeline = _shows_timeline(request.query())
    return Settled(world, lambda: json_answer(call_view(world, call, timeline=timeline)))


def _status(call: Call) -> _Status:
    return _Status.FINAL if call.final else _Status.ONGOING


# ---- a call from outside


def _default_application(request: ProductRequest, fields: Fields) -> Application:
    """Returns whoever owns the dialled number in the default world, else the first who lives there."""
    world = request.worlds.simulation_of(None)
    to = fields.values.get("to")
    if isinstance(to, str) and (address := read_identity(AddressKind.DID, to)) is not None:
        owner = exchange_of(world).owner_of(address.endpoint)
        if owner is not None:
            return owner
    applications = list(world.applications.values())
    if not applications:
        raise ControlError(400, "missing_field", "application is missing", "the default world has no application")
    return applications[0]


def _read_from(fields: Fields, origin: Origin) -> str:
    if origin is Origin.MXP:
        return fields.required("from", 'a user name, like "alice"')
    if origin is Origin.SIP:
        text = fields.required("from", "a SIP address, like alice@example.com")
        address = read_identity(AddressKind.SIP, text) or read_identity(AddressKind.NUMBER, text)
        if address is None:
            raise invalid("from", text, "a SIP address, like alice@example.com")
        return address.endpoint
    expected = 'an E.164 number, like "+46700000001", or "private"'
    text = fields.required("from", expected)
    if text == "private":
        return text
    address = read_identity(AddressKind.NUMBER, text)
    if address is None:
        raise invalid("from", text, expected)
    return address.endpoint


def _read_to(fields: Fields, origin: Origin, application: Application) -> Address:
    value = fields.values.get("to")
    if isinstance(value, dict):
        return _read_target(value, origin)
    text = fields.text("to", "what is dialled")
    if text is None:
        if not application.numbers:
            hint = f"application {application.key} has no number"
            raise ControlError(400, "missing_field", "to is missing", hint)
        text = application.numbers[0]
    if origin is Origin.SIP and (address := read_identity(AddressKind.SIP, text)) is not None:
        return address
    kind = {Origin.PSTN: AddressKind.DID, Origin.MXP: AddressKind.NUMBER}.get(origin, AddressKind.SIP)
    number = read_identity(AddressKind.DID, text)
    if number is None:
        raise invalid("to", text, 'an E.164 number, like "+14045550100"')
    return Address(kind, number.endpoint)


def _read_target(value: object, origin: Origin) -> Address:
    fields = Fields.read(value, ("type", "endpoint"), "to")
    if origin is not Origin.MXP:
        raise invalid("to", value, f"a number as text for origin {origin.value}")
    target = fields.one_of("type", _Target)
    if target is None:
        raise ControlError(400, "missing_field", "to.type is missing", "expected number, username or conference")
    endpoint = fields.required("endpoint", "a number, a user name or the id of a conference")
    address = read_identity(AddressKind(target.value), endpoint)
    if address is None:
        raise invalid("to.endpoint", endpoint, "an E.164 number")
    return address


def _read_caller(fields: Fields) -> Persona | None:
    caller = fields.values.get("caller")
    if caller is None:
        return None
    try:
        return read_persona(caller, "caller")
    except PersonaError as error:
        raise _refused(error) from None


def _read_custom(fields: Fields) -> str | None:
    value = fields.values.get("custom")
    if value is None or value == "":
        return None
    custom = fields.required("custom", "a text")
    if len(custom.encode()) > LONGEST_CUSTOM:
        raise invalid("custom", custom, f"at most {LONGEST_CUSTOM} bytes")
    return custom


def _read_headers(fields: Fields) -> tuple[CallHeader, ...]:
    entries = fields.entries("callHeaders", 'a list like [{"key": "a", "value": "b"}]') or []
    headers = []
    for index, entry in enumerate(entries):
        header = Fields.read(entry, ("key", "value"), f"callHeaders[{index}]")
        value = "" if header.values.get("value") == "" else header.required("value", "a text")
        headers.append(CallHeader(header.required("key", "a name"), value))
    return tuple(headers)


def _not_assigned(number: str) -> Diagnostic:
    return Diagnostic(
        "NUMBER_NOT_ASSIGNED",
        Severity.WARNING,
        "to",
        f"{number} is not assigned to this application; on the platform the call would not come here.",
        "Assign it, or leave to out.",
    )


def _refused(error: PersonaError) -> ControlError:
    return ControlError(400, "invalid_value", f"{error.path}: {error.message}", error.hint)


_TIMELINE = QueryParameter("timeline", "false leaves the timeline out", "false")

ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/calls",
        get_calls,
        "Lists calls, the oldest first.",
        (APPLICATION, QueryParameter("status", "ONGOING or FINAL", "ONGOING"), _TIMELINE),
    ),
    ControlEndpoint("GET", "/calls/{callId}", get_call, "Shows a call with its legs and its timeline.", (_TIMELINE,)),
    ControlEndpoint(
        "POST",
        "/calls",
        post_call,
        "Lets a call come in from outside.",
        (_TIMELINE,),
        example={"from": "+46700000001", "to": "+14045550100", "caller": {"then": [{"wait": 60}]}},
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/press",
        press,
        "Lets somebody on the line press keys.",
        (_TIMELINE,),
        example={"digits": "1#"},
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/speak",
        speak,
        "Lets somebody on the line speak.",
        (_TIMELINE,),
        example={"text": "support"},
    ),
    ControlEndpoint(
        "POST",
        "/calls/{callId}/hangup",
        hang_up,
        "Lets somebody on the line hang up.",
        (_TIMELINE,),
        example={"leg": "callee"},
    ),
)
