"""Answers the query for a number: its country and kind, from the ``phonenumbers`` library, and what a minute costs.

The library is loaded when somebody asks for the first time, and never while a call is placed.
"""

from functools import lru_cache

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.prices import money, rate_for
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.values import frozen

_MOST_REMEMBERED = 4096


@frozen
class NumberFacts:
    """``country`` is an ISO 3166-1 code, "" when the prefix belongs to none; ``kind`` is the platform's word."""

    country: str
    kind: str
    possible: bool


@lru_cache(maxsize=_MOST_REMEMBERED)
def describe(number: str) -> NumberFacts:
    """Returns the facts about a number that is written as ``+digits``; whatever it is, there is an answer."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return NumberFacts("", "Unknown", possible=False)
    country = phonenumbers.region_code_for_number(parsed)
    if country is None and parsed.country_code is not None:
        # Not a number that is in use there, a test number for instance; the prefix still names the country.
        country = phonenumbers.region_code_for_country_code(parsed.country_code)
    return NumberFacts(
        country if country not in (None, "ZZ", "001") else "",
        _kind(phonenumbers.number_type(parsed)),
        possible=phonenumbers.is_possible_number(parsed),
    )


def _kind(number_type: int) -> str:
    """The platform knows Unknown, Fixed, Mobile and Other (docs/platform/rest.md#6.3); where both are possible it is
    *assumed* to say Unknown.
    """
    from phonenumbers import PhoneNumberType

    kinds = {
        PhoneNumberType.FIXED_LINE: "Fixed",
        PhoneNumberType.MOBILE: "Mobile",
        PhoneNumberType.FIXED_LINE_OR_MOBILE: "Unknown",
        PhoneNumberType.UNKNOWN: "Unknown",
    }
    return kinds.get(number_type, "Other")


def query_number(request: PlatformRequest) -> Answer:
    """Describes a number, under every name that any documentation or client has for it."""
    written = request.parameters["number"]
    number = normalise_number(written)
    # Test numbers are impossible as telephone numbers, and can be called all the same.
    if number is None or not (describe(number).possible or _is_test_number(number)):
        raise _refused(written)
    facts = describe(number)
    account = request.application.account
    item = {
        "countryId": facts.country,
        "numberType": facts.kind,
        "normalizedNumber": number,
        # What restricts a number is undocumented: *assumed* to be that this account may not call it.
        "restricted": account is not None and account.bars(Address(AddressKind.NUMBER, number)),
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
