"""The bundled scenarios: each passes against the bundled app that it is written for."""

from collections import Counter

import pytest

from sinch_scenarios.catalogue import Entry, entries, find
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Session

ALL = entries()
THEMES = {
    "amd", "call_back", "conferences", "failing_webhooks", "in_app", "ivr", "ivr_v2", "numbers", "outcomes",
    "parking", "recordings", "sip", "texts", "timing", "verification",
}  # fmt: skip


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)
async def test_it_passes(entry: Entry, session: Session) -> None:
    result = await session.play(ScenarioRun(entry.scenario(), 0))
    assert result.passed, story_of(result)


def test_there_are_enough_of_every_theme() -> None:
    themes = Counter(entry.theme for entry in ALL)
    assert len(ALL) >= 40
    assert set(themes) == THEMES
    assert min(themes.values()) >= 3


def test_each_has_a_title_a_description_and_an_app() -> None:
    scenarios = [entry.scenario() for entry in ALL]
    assert [one.file for one in scenarios if not (one.name and one.description and one.sample)] == []
    assert len({one.name for one in scenarios}) == len(scenarios)


def test_a_scenario_is_found_by_its_name_and_a_theme_by_its_own() -> None:
    assert [entry.name for entry in find("ivr/sales")] == ["ivr/sales"]
    assert [entry.name for entry in find("sales")] == ["ivr/sales"]
    assert {entry.theme for entry in find("amd")} == {"amd"}


def test_a_name_that_is_not_there_gets_a_hint() -> None:
    with pytest.raises(LookupError, match="did you mean"):
        find("ivr/sale")
    with pytest.raises(LookupError, match="scenario list"):
        find("")
