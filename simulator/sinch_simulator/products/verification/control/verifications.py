"""Shows verifications with their secrets, and ends them as nothing else can: for fraud, for lack of credit."""

from sinch_simulator.core.rest.answer import Answer, Settled, json_answer
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.control_request import (
    APPLICATION,
    ControlEndpoint,
    ControlHandler,
    ProductRequest,
)
from sinch_simulator.core.rest.control_shapes import listed, words
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer
from sinch_simulator.products.verification.control import records
from sinch_simulator.products.verification.control.shapes import CONCLUSION, VERIFICATION
from sinch_simulator.products.verification.control.views import verification_view
from sinch_simulator.products.verification.events import Concluded
from sinch_simulator.products.verification.machine import verifications_of
from sinch_simulator.products.verification.model import REASONS, Method, Reason, State, Status, Verification


def get_verifications(request: ProductRequest) -> Answer:
    """Lists the verifications of an application, or of the default world, oldest first."""
    query = request.query()
    application = request.application(query)
    world = request.worlds.simulation_of(application)
    number = query.text_or_none("number")
    bare = None if number is None else number.strip().removeprefix("+")  # a plus sign in a query may come as a blank

    def wanted(each: Verification) -> bool:
        return (
            application in (None, each.application)
            and bare in (None, each.number[1:])
            and query["method"] in (None, each.method.value)
            and query["status"] in (None, each.status.value)
        )

    found = [each for each in verifications_of(world).verifications.values() if wanted(each)]
    if query["limit"] is not None:
        found = found[-query.integer("limit") :]
    return json_answer({"verifications": [verification_view(world, each) for each in found]})


def get_verification(request: ProductRequest) -> Answer:
    """Shows one verification of any world."""
    request.query()
    return json_answer(verification_view(*_of_path(request)))


def end_verification(request: ProductRequest) -> Settled:
    """Lets the platform end a verification by itself."""
    request.query()
    world, verification = _of_path(request)
    body = request.read_body()
    status = Status(body["status"])
    reason = None if body["reason"] is None else Reason(body["reason"])
    possible = REASONS.get(status, ())
    if reason is not None and reason not in possible:
        right = ", ".join(each.value for each in possible)
        raise invalid("reason", reason.value, f"one of {right}" if right else f"none: {status.value} has no reason")
    if verification.state is State.ENDED:
        hint = f"it has ended with {verification.status.value}; start another one"
        raise ControlError(409, "has_ended", f"verification {verification.id} is over", hint)
    world.receive(Concluded(verification.id, status, reason))
    return Settled(world, lambda: json_answer(verification_view(world, verification)))


def _of_path(request: ProductRequest) -> tuple[SimulatedWorld, Verification]:
    wanted = request.parameters["id"]
    for world in request.worlds.simulations():
        verification = verifications_of(world).verifications.get(wanted)
        if verification is not None:
            return world, verification
    raise not_found("verification", wanted, "GET /_simulator/verifications?application=KEY lists them")


ENDPOINTS: tuple[ControlEndpoint[ControlHandler], ...] = (
    ControlEndpoint(
        "GET",
        "/verifications",
        get_verifications,
        "Lists verifications with their secrets, the oldest first.",
        (
            APPLICATION,
            BoundedText("number", "only those of this number, with or without +"),
            Choice("method", "only those by this method", choices=words(Method)),
            Choice("status", "only those of this status", choices=words(Status)),
            Integer("limit", "how many, the newest ones; all when absent", minimum=1),
        ),
        query_example="number=%2B46700000001&status=PENDING",
        answer=listed("verifications", VERIFICATION),
    ),
    ControlEndpoint("GET", "/verifications/{id}", get_verification, "Shows a verification.", answer=VERIFICATION),
    ControlEndpoint(
        "POST",
        "/verifications/{id}/end",
        end_verification,
        "Lets the platform end a verification by itself.",
        body=CONCLUSION,
        example={"status": "DENIED", "reason": "Fraud"},
        answer=VERIFICATION,
    ),
    *records.ENDPOINTS,
)
