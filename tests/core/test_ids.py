"""Ids follow from key, seed and time."""

import re

from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.application import Application
from sinch_simulator.core.ids import next_id, next_ulid

LONG_LIVED_MS = (1 << 48) - 1


def test_ulids_repeat_with_the_seed_and_never_within_an_application() -> None:
    first, again, other = (Application(key, "secret") for key in ("key", "key", "other"))

    ids = [next_ulid(first, 1, 1_700_000_000_000) for _ in range(3)]

    assert ids == [next_ulid(again, 1, 1_700_000_000_000) for _ in range(3)]
    assert len(set(ids)) == 3
    assert next_ulid(other, 1, 1_700_000_000_000) not in ids


@given(st.integers(0, LONG_LIVED_MS), st.integers(0, LONG_LIVED_MS))
def test_ulids_are_well_formed_and_sort_by_their_time(one: int, two: int) -> None:
    application = Application("key", "secret")
    early, late = (next_ulid(application, 0, moment) for moment in sorted((one, two)))

    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", early)
    assert early[:10] <= late[:10]


def test_ids_of_both_shapes_share_one_count() -> None:
    application = Application("key", "secret")
    next_id(application, 0)
    next_ulid(application, 0, 0)

    assert application.ids_given == 2
