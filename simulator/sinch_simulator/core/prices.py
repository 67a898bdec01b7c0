"""What a minute to a number costs, and how an amount of money is written.

The prices are invented: the platform's are per account and change. They only differ enough for an app to notice which
number a rate belongs to. Amounts are integer ten-thousandths of a US dollar inside; rates are per started minute.
"""

from typing import TypedDict

from sinch_simulator.core.addresses import Address, AddressKind

CURRENCY = "USD"
UNITS_PER_DOLLAR = 10_000

DEFAULT_RATE = 100
"""USD 0.0100 (docs/platform/lifecycle.md#5)."""

RATES = {
    "1": 100,
    "1876": 1900,
    "33": 130,
    "34": 140,
    "44": 120,
    "447": 280,
    "46": 95,
    "467": 412,
    "49": 150,
    "4915": 390,
    "4916": 390,
    "4917": 390,
    "55": 320,
    "61": 160,
    "65": 180,
    "81": 450,
    "91": 210,
}
"""By calling prefix without ``+``; the longest that fits counts. Invented."""

_LONGEST_FIRST = sorted({len(prefix) for prefix in RATES}, reverse=True)
# No Swedish number has a zero after the country code, so the prefix alone names the test numbers
# (docs/platform/lifecycle.md#6).
_TEST_NUMBERS = "+46000000000"


def rate_for(number: str) -> int:
    """Returns the rate of a number written as ``+digits``; 0 for the test numbers and for what is no number."""
    if not number.startswith("+") or number.startswith(_TEST_NUMBERS):
        return 0
    for length in _LONGEST_FIRST:
        rate = RATES.get(number[1 : length + 1])
        if rate is not None:
            return rate
    return DEFAULT_RATE


def rate_to(address: Address) -> int:
    """Returns the rate of calling this address; app users, rooms, streams and SIP addresses cost nothing.

    Source: docs/platform/lifecycle.md#5.
    """
    return rate_for(address.endpoint) if address.kind in (AddressKind.NUMBER, AddressKind.DID) else 0


class Money(TypedDict):
    """The platform's ``money`` (docs/platform/rest.md#1.5)."""

    currencyId: str
    amount: float


def debit(duration_s: int, rate: int) -> int:
    """Returns what a call of so many seconds costs: every started minute in full.

    This fits all published samples (docs/platform/lifecycle.md#5). A call that was not answered has no duration, and
    costs 0.
    """
    started_minutes = -(-duration_s // 60)
    return started_minutes * rate


def money(amount: int) -> Money:
    """Returns an amount of ten-thousandths as JSON: ``money(412)`` is ``{"currencyId": "USD", "amount": 0.0412}``."""
    return {"currencyId": CURRENCY, "amount": amount / UNITS_PER_DOLLAR}
