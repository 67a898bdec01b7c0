"""Answers the query for a number: its country, its kind, and what a minute costs."""

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.number_facts import describe
from sinch_simulator.core.prices import money, rate_for
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest


def query_number(request: PlatformRequest) -> Answer:
    """Describes a number, under every name that any documentation or client has for it."""
    written = request.parameters["number"]
    number = normalise_number(written)
    # Test numbers are impossible as telephone numbers, and can be called all the same.
    if number is None or not (describe(number).possible or _is_test_number(number)):
        raise _refused(written)
    facts = describe(number)
    limits = request.application.limits
    item = {
        "countryId": facts.country,
        "numberType": facts.kind,
        "normalizedNumber": number,
        # What restricts a number is undocumented: *assumed* to be that this account may not call it.
        "restricted": limits is not None and limits.bars(Address(AddressKind.NUMBER, number)),
        "rate": money(rate_for(number)),
    }
    return json_answer({"method": "numberItem", "numberItem": item, "number": item})


def _is_test_number(number: str) -> bool:
    return rate_for(number) == 0


def _refused(written: str) -> ApiError:
    shown = written if len(written) <= 40 else written[:37] + "..."
    return ApiError(
        ErrorCode.INVALID_PARAMETER,
        f"Invalid number specified: {shown!r}",
        hint="Write the number with its country, like +46730170101.",
    )


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/calling/query/number/{number}", query_number, "a number's country, kind and rate"),
)
