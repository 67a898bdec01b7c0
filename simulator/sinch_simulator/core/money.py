"""Amounts of money: integer ten-thousandths of a US dollar inside, the platform's form at the border."""

from typing import TypedDict

CURRENCY = "USD"
UNITS_PER_DOLLAR = 10_000


class Money(TypedDict):
    """The platform's ``money`` (docs/platform/rest.md#1.5)."""

    currencyId: str
    amount: float


def debit(duration_s: int, rate: int) -> int:
    """What a call of so many seconds costs: every started minute in full.

    This fits all published samples (docs/platform/lifecycle.md#5). A call that was not answered has no duration, and
    costs 0.
    """
    started_minutes = -(-duration_s // 60)
    return started_minutes * rate


def money(amount: int) -> Money:
    """An amount of ten-thousandths as JSON: ``money(412)`` is ``{"currencyId": "USD", "amount": 0.0412}``."""
    return {"currencyId": CURRENCY, "amount": amount / UNITS_PER_DOLLAR}
