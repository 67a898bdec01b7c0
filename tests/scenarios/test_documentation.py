"""Every example of docs/scenarios.md runs as it stands, and the page names every step."""

import re
from pathlib import Path

import pytest

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.table import STEPS
from sinch_scenarios.load.run import LoadTest
from sinch_scenarios.load.worlds import LoadWorlds
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Session

PAGE = Path(__file__).resolve().parents[2].joinpath("docs", "scenarios.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0].removeprefix("name: "))
async def test_an_example_runs(example: str, session: Session) -> None:
    scenario = load_text(example, "example.yaml")
    if scenario.population is None:
        result = await session.play(ScenarioRun(scenario, 0))
        assert result.passed, story_of(result)
        return
    tally = await LoadTest(scenario.population, 40, 20, 0, LoadWorlds(session, scenario, 0).open).play()
    assert tally.passed, tally


def test_every_step_is_on_the_page() -> None:
    assert [rule.key for rule in STEPS if f"`{rule.key}`" not in PAGE] == []


def test_every_key_of_a_step_is_on_the_page() -> None:
    keys = {field.name for rule in STEPS for field in rule.fields}
    assert sorted(key for key in keys if f"`{key}`" not in PAGE and f"`{key}:" not in PAGE) == []
