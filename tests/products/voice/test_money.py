"""Rates by calling prefix, started minutes, and the platform's form of money."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.addresses import Address, AddressKind
from sinch_simulator.core.prices import DEFAULT_RATE, RATES, debit, money, rate_for, rate_to


@pytest.mark.parametrize(
    ("duration_s", "rate", "amount"),
    [(138, 1758, 5274), (12, 95, 95), (14, 1758, 1758), (0, 100, 0), (1, 100, 100), (60, 100, 100), (61, 100, 200)],
)
def test_every_started_minute_is_charged_in_full(duration_s: int, rate: int, amount: int) -> None:
    assert debit(duration_s, rate) == amount


def test_money_is_an_amount_with_its_currency() -> None:
    assert money(412) == {"currencyId": "USD", "amount": 0.0412}
    assert json.dumps(money(5274)) == '{"currencyId": "USD", "amount": 0.5274}'


@given(st.integers(0, 10**9))
def test_money_keeps_every_ten_thousandth(amount: int) -> None:
    assert round(money(amount)["amount"] * 10_000) == amount


def test_the_longest_prefix_decides_the_rate() -> None:
    assert rate_for("+46812345678") == RATES["46"]
    assert rate_for("+46701234567") == RATES["467"]
    assert rate_for("+18761234567") == RATES["1876"]
    assert rate_for("+14045550100") == RATES["1"]


def test_a_country_without_a_price_of_its_own_has_the_default_rate() -> None:
    assert rate_for("+99812345678") == DEFAULT_RATE == 100


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True).filter(lambda number: not number.startswith("+4600")))
def test_every_number_costs_something(number: str) -> None:
    assert rate_for(number) > 0


@pytest.mark.parametrize("number", ["+46000000000", "+460000000009", "+4600000000010", "+4600000000051"])
def test_the_platforms_test_numbers_are_free(number: str) -> None:
    assert rate_for(number) == 0


@pytest.mark.parametrize(
    ("kind", "endpoint"),
    [
        (AddressKind.USERNAME, "+46701234567"),
        (AddressKind.SIP, "100@pbx.example.com"),
        (AddressKind.CONFERENCE, "room"),
        (AddressKind.WEBSOCKET, "wss://example.com"),
    ],
)
def test_only_telephone_numbers_cost(kind: AddressKind, endpoint: str) -> None:
    assert rate_to(Address(kind, endpoint)) == 0
    assert rate_to(Address(AddressKind.NUMBER, "+46701234567")) == RATES["467"]


def test_what_is_no_number_is_free() -> None:
    assert rate_for("private") == rate_for("") == 0
