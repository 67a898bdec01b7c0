"""Makes, lists and drops fault rules."""

from collections.abc import Mapping

from sinch_simulator.core.application import Application
from sinch_simulator.core.product import Product
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.control_request import APPLICATION, ControlEndpoint, one_of
from sinch_simulator.core.rest.control_shapes import listed
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.server.control.event_names import known_event
from sinch_simulator.server.control.serving import ServerHandler, ServerRequest
from sinch_simulator.server.control.shapes import DO, FAULT, NEW_FAULT
from sinch_simulator.server.faults.rules import (
    ONLY_FOR_CALLBACKS,
    ONLY_FOR_REQUESTS,
    Fault,
    FaultKind,
    FaultMatch,
    FaultSide,
)


async def get_faults(request: ServerRequest) -> Answer:
    """Lists the rules, with how often each has applied; those of one application, or all of the default world."""
    application = request.application(request.query())
    rules = request.worlds.present(application).faults.of(_key(application))
    return json_answer({"faults": [_view(rule) for rule in rules]})


async def post_fault(request: ServerRequest) -> Answer:
    """Makes a new rule, after those that are there."""
    application = request.application(request.query())
    body = request.read_body()
    side = FaultSide(body["on"])
    kind, number = body["do"]
    _check_order(kind, number, side)
    match = _match(body["match"], side, request.worlds.products)
    world = request.worlds.present(application)
    fault = Fault(
        world.faults.next_id(),
        side,
        kind,
        0 if number is True else number,
        match,
        application_key=_key(application),
        times=body["times"],
        probability=body["probability"],
    )
    world.faults.add(fault)
    await world.runner.settled()
    return json_answer(_view(fault), 201)


async def delete_faults(request: ServerRequest) -> Answer:
    """Drops one rule, or all of them."""
    query = request.query()
    application = request.application(query)
    fault_id = query["id"]
    world = request.worlds.present(application)
    if not world.faults.drop(_key(application), fault_id) and fault_id is not None:
        raise not_found("fault", fault_id, "GET /_simulator/faults?application=KEY lists them")
    await world.runner.settled()
    return Answer(204)


def _key(application: Application | None) -> str | None:
    return None if application is None else application.key


def _check_order(kind: FaultKind, number: float, side: FaultSide) -> None:
    """Refuses what the platform never does to a request."""
    if side is FaultSide.CALLBACK:
        if kind in ONLY_FOR_REQUESTS:
            raise ControlError(400, "invalid_value", f'do: {kind.value} is for requests only, and on is "callback"', DO)
        return
    if kind in ONLY_FOR_CALLBACKS:
        raise ControlError(400, "invalid_value", f'do: {kind.value} is for callbacks only, and on is "rest"', DO)
    if kind is FaultKind.STATUS and number < 400:
        raise invalid("do.status", int(number), "a status from 400 to 599")


def _match(values: Values | None, side: FaultSide, products: tuple[Product, ...]) -> FaultMatch:
    if values is None:
        return FaultMatch()
    event = known_event("match.event", values["event"], products)
    product = one_of("match.product", values["product"], dict.fromkeys(each.name for each in products))
    if event is not None and side is FaultSide.REST:
        raise ControlError(400, "invalid_value", 'match.event: only callbacks have an event, and on is "rest"')
    method = values["method"]
    return FaultMatch(values["path"], None if method is None else method.upper(), event, values["callId"], product)


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
    ControlEndpoint(
        "GET", "/faults", get_faults, "Lists the fault rules.", (APPLICATION,), answer=listed("faults", FAULT)
    ),
    ControlEndpoint(
        "POST",
        "/faults",
        post_fault,
        "Makes a fault rule.",
        (APPLICATION,),
        body=NEW_FAULT,
        example={"on": "rest", "match": {"path": "/calling/v1/callouts"}, "do": {"status": 503}, "times": 1},
        answer=FAULT,
        status=201,
    ),
    ControlEndpoint(
        "DELETE",
        "/faults",
        delete_faults,
        "Drops one fault rule, or all of them.",
        (APPLICATION, BoundedText("id", "the rule to drop; all of them when it is absent", right="the id of a rule")),
        query_example="id=fault-1",
        status=204,
    ),
)
