"""Makes, lists and drops fault rules."""

from collections.abc import Mapping

from sinch_simulator.core.application import Application
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, Fields, QueryParameter
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.faults.rules import ONLY_FOR_CALLBACKS, Fault, FaultKind, FaultMatch, FaultSide

LONGEST_DELAY_S = 600.0
_MOST_TIMES = 1_000_000
_DO = 'one of {"status": 503}, {"delay": 2.0}, ' + ", ".join(
    f'{{"{kind.value}": true}}' for kind in FaultKind if kind not in (FaultKind.STATUS, FaultKind.DELAY)
)


async def get_faults(request: ServerRequest) -> Answer:
    """Lists the rules, with how often each has applied; those of one application, or all of the default world."""
    application = request.application(request.query())
    rules = request.worlds.present(application).faults.of(_key(application))
    return json_answer({"faults": [_view(rule) for rule in rules]})


async def post_fault(request: ServerRequest) -> Answer:
    """Makes a new rule, after those that are there."""
    application = request.application(request.query())
    fields = request.fields("on", "match", "do", "times", "probability")
    side = fields.one_of("on", FaultSide)
    if side is None:
        raise ControlError(400, "missing_field", "on is missing", "expected rest or callback")
    kind, number = _order(fields, side)
    match = _match(fields, side, request.worlds.products)
    times = fields.integer("times", least=1, most=_MOST_TIMES)
    probability = fields.number("probability", least=0, most=1)
    world = request.worlds.present(application)
    fault = Fault(
        world.faults.next_id(),
        side,
        kind,
        number,
        match,
        application_key=_key(application),
        times=times,
        probability=probability,
    )
    world.faults.add(fault)
    await world.runner.settled()
    return json_answer(_view(fault), 201)


async def delete_faults(request: ServerRequest) -> Answer:
    """Drops one rule, or all of them."""
    query = request.query()
    application = request.application(query)
    fault_id = query.text("id", "the id of a rule")
    world = request.worlds.present(application)
    if not world.faults.drop(_key(application), fault_id) and fault_id is not None:
        raise not_found("fault", fault_id, "GET /_simulator/faults?application=KEY lists them")
    await world.runner.settled()
    return Answer(204)


def _key(application: Application | None) -> str | None:
    return None if application is None else application.key


def _order(fields: Fields, side: FaultSide) -> tuple[FaultKind, float]:
    """Reads what goes wrong: ``do`` has one property."""
    written = fields.values.get("do")
    if not isinstance(written, dict) or len(written) != 1:
        raise invalid("do", written, _DO)
    order = Fields.read(written, tuple(kind.value for kind in FaultKind), "do")
    [name] = written
    kind = FaultKind(name)
    if kind in ONLY_FOR_CALLBACKS and side is not FaultSide.CALLBACK:
        raise ControlError(400, "invalid_value", f'do: {name} is for callbacks only, and on is "{side.value}"', _DO)
    if kind is FaultKind.STATUS:
        # A redirect is an error to the platform when an app answers so, but the platform never sends one.
        least = 300 if side is FaultSide.CALLBACK else 400
        return kind, _given(order.integer(name, least=least, most=599), "do.status", f"a status from {least} to 599")
    if kind is FaultKind.DELAY:
        seconds = order.number(name, least=0, most=LONGEST_DELAY_S)
        return kind, _given(seconds, "do.delay", "real seconds")
    if written[name] is not True:
        raise invalid(f"do.{name}", written[name], "true")
    return kind, 0


def _given(value: float | None, name: str, expected: str) -> float:
    if value is None:
        raise invalid(name, None, expected)
    return value


def _match(fields: Fields, side: FaultSide, products: tuple[Product, ...]) -> FaultMatch:
    written = fields.values.get("match")
    if written is None:
        return FaultMatch()
    match = Fields.read(written, ("path", "method", "event", "callId", "product"), "match")
    path = match.text("path", "a path, in which * stands for any text")
    if path is not None and not path.startswith(("/", "*")):
        raise invalid("match.path", path, "a path that begins with /, as /calling/v1/callouts")
    event = match.word("event", (event for each in products for event in each.events))
    if event is not None and side is FaultSide.REST:
        raise ControlError(400, "invalid_value", 'match.event: only callbacks have an event, and on is "rest"')
    method = match.text("method", "an HTTP method")
    return FaultMatch(
        path,
        None if method is None else method.upper(),
        event,
        match.text("callId", "the id of a call"),
        match.word("product", (each.name for each in products)),
    )


def _view(fault: Fault) -> Mapping[str, object]:
    view: dict[str, object] = {"id": fault.id, "on": fault.side.value}
    match = {
        "path": fault.match.path,
        "method": fault.match.method,
        "event": fault.match.event,
        "callId": fault.match.call_id,
        "product": fault.match.product,
    }
    given = {name: value for name, value in match.items() if value is not None}
    if given:
        view["match"] = given
    view["do"] = fault.order
    if fault.times is not None:
        view["times"] = fault.times
    if fault.probability is not None:
        view["probability"] = fault.probability
    view["used"] = fault.used
    return view


ENDPOINTS: tuple[ControlEndpoint[ServerHandler], ...] = (
    ControlEndpoint("GET", "/faults", get_faults, "Lists the fault rules.", (APPLICATION,)),
    ControlEndpoint(
        "POST",
        "/faults",
        post_fault,
        "Makes a fault rule.",
        (APPLICATION,),
        example={"on": "rest", "match": {"path": "/calling/v1/callouts"}, "do": {"status": 503}, "times": 1},
    ),
    ControlEndpoint(
        "DELETE",
        "/faults",
        delete_faults,
        "Drops one fault rule, or all of them.",
        (APPLICATION, QueryParameter("id", "the rule to drop; all of them when it is absent", "fault-1")),
    ),
)
