"""Numbers are paid from the credit of an application, if it has a limit."""

import pytest

from sinch_simulator.core.limits import Limits


@pytest.mark.parametrize(
    ("credit", "cents", "paid", "left"),
    [(10_000, 100, True, 0), (10_000, 101, False, 10_000), (-1, 0, False, -1), (None, 10_000, True, None)],
)
def test_a_price_is_paid_whole_or_not_at_all(credit: int | None, cents: int, paid: bool, left: int | None) -> None:
    limits = Limits(credit)
    assert limits.pay_price(cents) is paid
    assert limits.credit == left
