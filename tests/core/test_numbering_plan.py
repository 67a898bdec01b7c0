"""Numbers that can be rented: there are always some, the same for the same seed, and a search finds what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.application import Application
from sinch_simulator.core.numbering_plan import (
    KINDS,
    NumberKind,
    NumberType,
    SearchPattern,
    free_numbers,
    is_free,
    kind_of,
    matches,
)
from sinch_simulator.core.numbers import Inventory

kinds = st.sampled_from(KINDS)


def named(region: str, type_: NumberType) -> NumberKind:
    [kind] = [kind for kind in KINDS if (kind.region_code, kind.type) == (region, type_)]
    return kind


@given(kinds, st.integers(0, 2**63 - 1), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_numbers_are_of_their_kind_and_each_is_there_once(kind: NumberKind, seed: int, most: int) -> None:
    found = free_numbers(Inventory(seed), kind, most)
    assert len(set(found)) == most
    assert {kind_of(number) for number in found} <= {kind}
    assert found == free_numbers(Inventory(seed), kind, most)


def test_another_seed_has_others_first() -> None:
    kind = named("US", NumberType.LOCAL)
    assert free_numbers(Inventory(1), kind, 10) != free_numbers(Inventory(2), kind, 10)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.region_code} {kind.type.value}")
def test_however_many_are_taken_more_are_free(kind: NumberKind) -> None:
    inventory = Inventory()
    for number in free_numbers(inventory, kind, 3000):
        inventory.keep(number)
    left = free_numbers(inventory, kind, 5)
    assert len(left) == 5
    assert not any(inventory.keeps(number) for number in left)
    assert all(is_free(inventory, number) for number in left)


@given(kinds, st.text("0123456789", min_size=1, max_size=4), st.booleans(), st.sampled_from(SearchPattern))
@settings(max_examples=200, deadline=None)
def test_a_search_finds_numbers_that_match(kind: NumberKind, digits: str, plus: bool, where: SearchPattern) -> None:
    pattern = f"+{digits}" if plus else digits
    found = free_numbers(Inventory(), kind, 5, pattern, where)
    assert all(matches(number, pattern, where, kind.country_code) for number in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("pattern", "where", "number"),
    [
        ("+1201", SearchPattern.START, "+12015550100"),
        ("1201", SearchPattern.START, "+12015550100"),
        ("201", SearchPattern.START, "+12015550100"),
        ("7654321", SearchPattern.END, "+12017654321"),
        ("0177", SearchPattern.CONTAINS, "+12015550177"),
    ],
)
def test_a_pattern_may_be_written_as_the_documentation_does(
    pattern: str, where: SearchPattern, number: str
) -> None:
    assert matches(number, pattern, where, "1")
    found = free_numbers(Inventory(), named("US", NumberType.LOCAL), 5, pattern, where)
    assert len(found) == 5
    assert all(matches(each, pattern, where, "1") for each in found)


@pytest.mark.parametrize(
    ("pattern", "where"),
    [("+201", SearchPattern.START), ("5", SearchPattern.START), ("7654321000000", SearchPattern.CONTAINS)],
)
def test_a_pattern_that_stands_elsewhere_is_not_there(pattern: str, where: SearchPattern) -> None:
    assert not matches("+12015550100", pattern, where, "1")


def test_the_simulators_own_phones_and_numbers_of_applications_are_not_for_rent() -> None:
    inventory = Inventory(applications={"key": Application("key", "", ["+12015550100"])})
    assert not is_free(inventory, "+12015550100")
    assert not is_free(inventory, "+14045550110")
    assert is_free(inventory, "+12015550101")
    assert kind_of("+46700000001") is None
