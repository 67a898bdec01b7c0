"""Searches numbers that can be rented, and rents them (docs/platform/numbers.md#3)."""

from sinch_simulator.core.application import Application
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ErrorCode
from sinch_simulator.core.numbering_plan import (
    KINDS,
    NumberKind,
    NumberType,
    SearchPattern,
    free_numbers,
    is_free,
    kind_of,
)
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.products.numbers.machine import machine_of
from sinch_simulator.products.numbers.records import Rented, Settings
from sinch_simulator.products.numbers.rest.errors import AVAILABLE, NumbersError, not_found
from sinch_simulator.products.numbers.rest.reading import (
    REGIONS,
    RENTING,
    RENTING_ANY,
    SEARCH,
    read_json,
    read_number,
    read_query,
    read_settings,
)
from sinch_simulator.products.numbers.rest.views import active_view, available_view


def get_regions(request: PlatformRequest) -> Answer:
    """Lists the countries, and which types of numbers each has."""
    wanted = read_query(request, REGIONS).texts("types")
    types: dict[tuple[str, str], list[str]] = {}
    for kind in KINDS:
        if not wanted or kind.type.value in wanted:
            types.setdefault((kind.region_code, kind.region_name), []).append(kind.type.value)
    rows = [{"regionCode": code, "regionName": name, "types": of} for (code, name), of in types.items()]
    return json_answer({"availableRegions": rows})


def get_available(request: PlatformRequest) -> Answer:
    """Lists numbers that can be rented, by country, type, digits and capabilities."""
    query = read_query(request, SEARCH)
    kind = _kind_wanted(request, query)
    found = _found(request, kind, query["size"], query["numberPattern.pattern"], query["numberPattern.searchPattern"])
    return json_answer({"availableNumbers": [available_view(each, number) for each, number in found]})


def get_available_number(request: PlatformRequest) -> Answer:
    """Shows one number that can be rented."""
    kind, number = _available(request)
    return json_answer(available_view(kind, number))


def rent(request: PlatformRequest) -> Answer:
    """Rents a number; what is asked for it comes into force after a while."""
    kind, number = _available(request)
    settings = read_settings(read_json(request, RENTING))
    return _rent(request, kind, number, settings)


def rent_any(request: PlatformRequest) -> Answer:
    """Rents the first number that fits."""
    body = read_json(request, RENTING_ANY)
    settings = read_settings(body)
    kind = _kind_wanted(request, body)
    pattern = body.object("numberPattern")
    digits = None if pattern is None else pattern["pattern"]
    where = SearchPattern.START.value if pattern is None else pattern["searchPattern"]
    found = _found(request, kind, 1, digits, where)
    if not found:
        raise not_found(AVAILABLE, "", "no number of this region, type, pattern and these capabilities is available")
    if kind is not None and (kind.region_code, kind.type) != ("US", NumberType.LOCAL):
        message = f"rentAny has rented a {kind.type.value} number of {kind.region_code}."
        hint = "Of the platform only US LOCAL is known to work here; search and rent by number else."
        request.diagnose([Diagnostic("RENT_ANY_REGION", Severity.WARNING, "regionCode", message, hint)])
    return _rent(request, *found[0], settings)


def _rent(request: PlatformRequest, kind: NumberKind, number: str, settings: Settings) -> Answer:
    machine = machine_of(request.world)
    _pay(request.application, kind)
    machine.rent(request.application, number, request.world.now)
    request.world.receive(Rented(number, settings))
    record = machine.active(number)
    assert record is not None, "it has just been rented"
    return json_answer(active_view(machine, record))


def _pay(application: Application, kind: NumberKind) -> None:
    """Takes the price of a number from an application that has limits."""
    limits = application.limits
    if limits is not None and not limits.pay_price(kind.setup_price + kind.monthly_price):
        raise NumbersError(
            ErrorCode.INVALID_PARAMETER,
            "phoneNumber: not enough credit to rent this number",
            hint="Give the application more credit, or null for no limit: PATCH /_simulator/applications/{key}.",
            path="phoneNumber",
        )


def _available(request: PlatformRequest) -> tuple[NumberKind, str]:
    """Returns the number in the path, which must be free."""
    number = read_number(request)
    kind = kind_of(number)
    if kind is None or not is_free(machine_of(request.world).pool.inventory, number):
        why = "is rented" if kind is not None else "is not in the inventory"
        raise not_found(AVAILABLE, number, f"{number} is not available: it {why}", "GET availableNumbers lists some.")
    return kind, number


def _kind_wanted(request: PlatformRequest, values: Values) -> NumberKind | None:
    """Returns the kind of numbers that is asked for; None when there is none such, or none with these capabilities."""
    wanted = values["type"]
    if wanted is None:
        wanted = NumberType.MOBILE.value
        message = "Without a type the platform searches MOBILE numbers."
        request.diagnose(
            [Diagnostic("NUMBER_TYPE_DEFAULT", Severity.WARNING, "type", message, "Name the type: MOBILE, LOCAL, ...")]
        )
    capabilities = set(values.texts("capabilities"))
    for kind in KINDS:
        if kind.region_code == values["regionCode"] and kind.type.value == wanted:
            return kind if capabilities <= {each.name for each in kind.capabilities} else None
    return None


def _found(
    request: PlatformRequest, kind: NumberKind | None, most: int, pattern: str | None, where: str
) -> list[tuple[NumberKind, str]]:
    if kind is None:
        return []
    inventory = machine_of(request.world).pool.inventory
    numbers = free_numbers(inventory, kind, most, pattern or "", SearchPattern(where))
    return [(kind, number) for number in numbers]


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/{projectId}/availableRegions", get_regions, "the countries that have numbers"),
    PlatformEndpoint("GET", "/{projectId}/availableNumbers", get_available, "numbers that can be rented"),
    PlatformEndpoint(
        "GET", "/{projectId}/availableNumbers/{phoneNumber}", get_available_number, "a number that can be rented"
    ),
    PlatformEndpoint("POST", "/{projectId}/availableNumbers/{phoneNumber}:rent", rent, "rents a number"),
    PlatformEndpoint("POST", "/{projectId}/availableNumbers:rentAny", rent_any, "rents any number that fits"),
)
