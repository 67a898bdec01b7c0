"""Shows an organisation, sells numbers to it and lists what it has (docs/platform/numbers.md#8)."""

from typing import Any

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.numbering_plan import free_numbers
from sinch_simulator.core.numbers import NumberPool
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import BoundedText, Entries, Integer, Text
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.products.number_administration.machine import Bought, Reservation, Reserved, machine_of
from sinch_simulator.products.number_administration.rest.login import read, signed_endpoint
from sinch_simulator.products.number_administration.rest.shop import (
    AVAILABILITY,
    GROUPS,
    Group,
    cost_of,
    group_of,
    group_view,
    where,
)

RESERVING = Shape(
    "a reservation",
    (
        Integer("groupId", "of the shop"),
        Integer("quantity", "how many", required=True, minimum=1, maximum=1_000_000),
        Entries("capabilities", "what they shall do", of=Text()),
    ),
)
BUYING = Shape(
    "a purchase",
    (
        Entries(
            "referenceIds",
            "reservations",
            of=BoundedText(right="the referenceId of a reservation"),
            required=True,
            right='["..."]',
        ),
    ),
)


def get_organisation(request: PlatformRequest) -> Answer:
    """Shows the organisation of the account: one object, though the path says several."""
    account = request.application.project.account
    return json_answer(
        {
            "id": account.organisation_id,
            "name": request.application.service.name,
            "website": "",
            "phone": "",
            "countryId": "US",
        }
    )


def get_shop(request: PlatformRequest) -> Answer:
    """Lists the groups of numbers that can be bought."""
    _check_organisation(request)
    return json_answer([group_view(group) for group in GROUPS])


def reserve(request: PlatformRequest) -> Answer:
    """Reserves numbers of a group for a while."""
    _check_organisation(request)
    body, machine = read(request, RESERVING), machine_of(request.world)
    group = _group(body["groupId"], body.texts("capabilities"))
    quantity = body.integer("quantity")
    if quantity > AVAILABILITY:
        message = f"Too many numbers: quantity {quantity} is more than the group {group.id} has, {AVAILABILITY}."
        raise ApiError(ErrorCode.INVALID_REQUEST, message, path="quantity")
    numbers = free_numbers(machine.pool.inventory, group.kind, quantity)
    reservation = machine.reserve(request.application, numbers)
    request.world.receive(Reserved(reservation.id, reservation.numbers))
    return json_answer({"referenceId": reservation.id})


def buy(request: PlatformRequest) -> Answer:
    """Rents what was reserved: all of it, or nothing."""
    _check_organisation(request)
    reservations = [_reservation(request, each) for each in dict.fromkeys(read(request, BUYING).texts("referenceIds"))]
    _pay(request.application, reservations)
    for reservation in reservations:
        request.world.receive(Bought(reservation.id, reservation.numbers))
    return Answer(204)


def get_organisation_numbers(request: PlatformRequest) -> Answer:
    """Lists the numbers of the account, assigned or not."""
    _check_organisation(request)
    return json_answer([number_view(machine_of(request.world).pool, each) for each in numbers_of_account(request)])


def numbers_of_account(request: PlatformRequest) -> list[str]:
    """Returns the numbers that the applications of the account have rented, or were made with."""
    pool, project = machine_of(request.world).pool, request.application.project
    numbers: list[str] = []
    for key in project.application_keys:
        numbers += request.world.applications[key].own_numbers
        numbers += [each.number for each in pool.rentals.values() if each.application_key == key]
    return numbers


def number_view(pool: NumberPool, number: str) -> dict[str, Any]:
    """Shows a number; as everywhere here without its plus sign, as an integer."""
    group, owner = group_of(number), pool.voice_owner(number) or pool.sms_owner(number)
    country, country_id = where(number)
    kind = None if group is None or number not in pool.rentals else group.kind
    view = {
        "number": int(number),
        "groupId": 0 if group is None else group.id,
        "capabilities": ["voice", "sms"] if kind is None else [each.value for each in reversed(kind.capabilities)],
        "countryId": country_id,
        "city": "",
        "country": country,
        "areaCode": "",
        "cost": cost_of(kind),
    }
    return view if owner is None else {**view, "applicationKey": owner.key}


def _check_organisation(request: PlatformRequest) -> None:
    named = request.parameters["organisationId"]
    if named != request.application.project.account.organisation_id:
        message = f"The current user is not the owner of the organisation: {named}"
        raise ApiError(ErrorCode.FORBIDDEN_DESTINATION, message, hint="GET /v1/organisations has its id.", path="id")


def _group(group_id: int | None, capabilities: tuple[str, ...]) -> Group:
    if group_id is None:
        raise ApiError(ErrorCode.MISSING_PARAMETER, "No groupIds specified", hint="groupId: GET shop", path="groupId")
    group = next((each for each in GROUPS if each.id == group_id), None)
    if group is None:
        hint = f"groupId: expected a group of the shop, 1 to {len(GROUPS)}"
        raise ApiError(ErrorCode.INVALID_REQUEST, f"Invalid number group: {group_id}", hint=hint, path="groupId")
    can = {each.value for each in group.kind.capabilities}
    for index, capability in enumerate(capabilities):
        if capability.lower() not in can:
            message = f"Invalid capability '{capability}'"
            hint = f"capabilities: the group {group_id} has {', '.join(sorted(can))}"
            raise ApiError(ErrorCode.INVALID_PARAMETER, message, hint=hint, path=f"capabilities[{index}]")
    return group


def _reservation(request: PlatformRequest, reference_id: str) -> Reservation:
    reservation = machine_of(request.world).reservations.get(reference_id)
    if reservation is None or reservation.application_key not in request.application.project.application_keys:
        raise ApiError(
            ErrorCode.NOT_FOUND,
            "Unable to assign numbers to organization: reservation(s) not found or expired",
            hint=f"referenceIds: {reference_id[:60]!r} is none, was used, or is older than ten simulated minutes.",
            path="referenceIds",
        )
    return reservation


def _pay(application: Application, reservations: list[Reservation]) -> None:
    """Takes the price of all numbers from an application that has limits."""
    groups = [group_of(number) for reservation in reservations for number in reservation.numbers]
    price = sum(group.kind.setup_price + group.kind.monthly_price for group in groups if group is not None)
    if application.limits is not None and not application.limits.pay_price(price):
        message = "Insufficient funds to complete the transaction."
        raise ApiError(ErrorCode.NO_CREDIT, message, hint="The application's field credit is too small.")


_NUMBERS = "/organisations/id/{organisationId}/numbers"
ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    signed_endpoint("GET", "/organisations", get_organisation, "the organisation of the account"),
    signed_endpoint("GET", f"{_NUMBERS}/shop", get_shop, "groups of numbers to be bought"),
    signed_endpoint("PUT", f"{_NUMBERS}/shop", reserve, "reserves numbers"),
    signed_endpoint("POST", f"{_NUMBERS}/shop", buy, "rents what was reserved"),
    signed_endpoint("GET", _NUMBERS, get_organisation_numbers, "the numbers of the account"),
)
