"""Says what is known of a telephone number: its country and its kind, from the ``phonenumbers`` library.

The library is loaded when somebody asks for the first time.
"""

from functools import lru_cache

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


def country_code_digits(number: str) -> int:
    """Returns how many digits the country code of a number has that is written as ``+digits``; 0 for none."""
    import phonenumbers

    try:
        return len(str(phonenumbers.parse(number).country_code or ""))
    except phonenumbers.NumberParseException:
        return 0
