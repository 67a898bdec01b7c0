"""The words for what a call does not heed."""

import re
from types import UnionType
from typing import get_args

import pytest
from attrs import fields

from sinch_simulator.phones.signals import DigitPressed, LegName
from sinch_simulator.products.voice.call import CallState
from sinch_simulator.products.voice.events import Event
from sinch_simulator.products.voice.ignored import ignored_text

NAMES_OF_OURS = re.compile(r"[a-z][A-Z]|[A-Z]{2}|_")


def events() -> list[type]:
    assert isinstance(Event, UnionType)
    return list(get_args(Event))


@pytest.mark.parametrize("event", events())
@pytest.mark.parametrize("state", CallState)
def test_whatever_is_ignored_is_told_in_plain_words(event: type, state: CallState) -> None:
    given = {str(each.alias): "7" for each in fields(event)}
    text = ignored_text(event(**given), state)
    assert ": " in text
    assert not NAMES_OF_OURS.search(text)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (CallState.PROMPTING, "no menu is open"),
        (CallState.PARKED, "no menu is open"),
        (CallState.DIALING, "nobody has picked up yet"),
        (CallState.AWAITING_PIE, "the app is being asked what to do"),
        (CallState.ENDED, "the call is over"),
    ],
)
def test_a_key_without_a_menu_says_why_it_does_nothing(state: CallState, why: str) -> None:
    assert ignored_text(DigitPressed("c1", LegName.CALLER, "7"), state) == f"the key 7 does nothing: {why}"
