"""Lists and changes which numbers of the account an application has (docs/platform/numbers.md#8)."""

from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.numbers import Capability, NumberPool
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.assigning import assign, unassign
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.fields import Entries
from sinch_simulator.core.schema.shapes import Findings, Shape
from sinch_simulator.core.schema.texts import PhoneNumber
from sinch_simulator.core.signing import normalise_key
from sinch_simulator.products.number_administration.machine import machine_of
from sinch_simulator.products.number_administration.rest.login import read, signed_endpoint
from sinch_simulator.products.number_administration.rest.organisation import number_view, numbers_of_account
from sinch_simulator.products.number_administration.rest.shop import group_of


class _LongNumber(PhoneNumber):
    """A telephone number, which is an integer here."""

    right: str = "a number without plus sign, as 14150005550"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number in the spelling that is used inside."""
        text = str(value) if type(value) is int and value.bit_length() <= 64 else value
        return PhoneNumber.read(self, name, text, prefix, findings)


ASSIGNING = Shape(
    "an assignment",
    (
        Entries(
            "numbers",
            "all that the application shall have",
            of=_LongNumber(),
            required=True,
            right="[14150005550]",
        ),
    ),
)


def get_numbers(request: PlatformRequest) -> Answer:
    """Lists the numbers that are assigned to an application, for whatever."""
    return _listed(request, _application(request))


def put_numbers(request: PlatformRequest) -> Answer:
    """Assigns exactly these numbers to an application for calls, or for texts: those that it had so far lose that."""
    application, capability = _application(request), _capability(request.parameters["capability"])
    pool, numbers = machine_of(request.world).pool, read(request, ASSIGNING).texts("numbers")
    account = numbers_of_account(request)
    for index, number in enumerate(numbers):
        _check_number(pool, number, account, capability, f"numbers[{index}]")
    lost = [each for each in account if pool.assigned(each, application, capability) and each not in numbers]
    for number in lost:
        unassign(request.world, pool, number, application, capability)
    for number in numbers:
        assign(request.world, pool, number, application, capability)
    if lost:
        message = f"This takes {', '.join(lost)} away from the application: a PUT names all numbers that it shall have."
        hint = "Name them too; POST /v1/configuration/numbers of the Voice API adds to what is there."
        request.diagnose([Diagnostic("NUMBERS_OVERWRITTEN", Severity.WARNING, "numbers", message, hint)])
    return _listed(request, application)


def delete_number(request: PlatformRequest) -> Answer:
    """Takes a number away from an application; the account keeps it."""
    application, pool = _application(request), machine_of(request.world).pool
    number = normalise_number(request.parameters["number"])
    had = [each for each in Capability if number is not None and pool.assigned(number, application, each)]
    if number is None or not had:
        raise _no_number("number", request.parameters["number"], f"the application {application.key} does not have it")
    for capability in had:
        unassign(request.world, pool, number, application, capability)
    return Answer(204)


def _listed(request: PlatformRequest, application: Application) -> Answer:
    pool = machine_of(request.world).pool
    numbers = [
        number
        for number in numbers_of_account(request)
        if any(pool.assigned(number, application, capability) for capability in Capability)
    ]
    return json_answer([{**number_view(pool, number), "applicationKey": application.key} for number in numbers])


def _application(request: PlatformRequest) -> Application:
    key = request.parameters["key"]
    for each in request.application.project.application_keys:
        if normalise_key(each) == normalise_key(key):
            return request.world.applications[each]
    message = f"Application with the key {key} was not found."
    raise ApiError(ErrorCode.NOT_FOUND, message, hint="It must be one of the account's.", path="key")


def _capability(word: str) -> Capability:
    try:
        return Capability(word.lower())
    except ValueError:
        message = f"Invalid number type: {word}. Type must be one of: sms, voice."
        raise ApiError(ErrorCode.INVALID_PARAMETER, message, path="type") from None


def _check_number(pool: NumberPool, number: str, account: list[str], capability: Capability, path: str) -> None:
    if number not in account:
        raise _no_number(path, number, "the account does not have it")
    group = group_of(number) if number in pool.rentals else None
    if group is not None and capability not in group.kind.capabilities:
        message = f"Invalid capability '{capability.value}'"
        raise ApiError(ErrorCode.INVALID_PARAMETER, message, hint=f"{path}: {number} cannot do that", path=path)


def _no_number(path: str, number: str, why: str) -> ApiError:
    message = "The 'number' specified is not a valid number."
    return ApiError(ErrorCode.INVALID_REQUEST, message, hint=f"{path}: {number[:40]}: {why}", path=path)


_NUMBERS = "/applications/key/{key}/numbers"
ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    signed_endpoint("GET", _NUMBERS, get_numbers, "the numbers of an application"),
    signed_endpoint("PUT", f"{_NUMBERS}/{{capability}}", put_numbers, "the numbers that an application has"),
    signed_endpoint("DELETE", f"{_NUMBERS}/{{number}}", delete_number, "takes a number away"),
)
