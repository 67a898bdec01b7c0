"""Playing a file against a simulator that runs: what fixtures and other programs call."""

from pathlib import Path

import pytest

from sinch_scenarios.language.model import Sample
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.playing.files import play_file, play_file_in
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Credentials, Hall
from sinch_simulator.client.control import Refused, move_in

STORY = 'steps:\n  - dial: {from: "+46700000001"}\n  - hear: Welcome\n  - press: "2"\n  - expect: dice\n'
OWN = Credentials("11111111-2222-4333-8444-555555555555", "c2VjcmV0")


async def test_a_file_is_played_in_an_application_of_its_own(hall: Hall, tmp_path: Path) -> None:
    path = tmp_path / "story.sinch.yaml"
    path.write_text(STORY)
    async with hall.webhook(Sample.IVR, OWN) as url:
        result = await play_file(hall.client.url, path, callback_url=url, key=OWN.key, secret=OWN.secret)
    assert result.passed, story_of(result)
    assert (await hall.client.ask("GET", "/_simulator/applications"))["applications"] == []


async def test_a_file_is_played_in_an_application_that_stays(hall: Hall, tmp_path: Path) -> None:
    path = tmp_path / "story.sinch.yaml"
    path.write_text(STORY)
    async with hall.webhook(Sample.IVR, OWN) as url:
        lodger = await move_in(hall.client, clock="manual", seed=0, callback_url=url, key=OWN.key, secret=OWN.secret)
        result = await play_file_in(hall.client.url, path, key=OWN.key, secret=OWN.secret)
    assert result.passed, story_of(result)
    assert len(await lodger.calls()) == 1


async def test_without_a_simulator_or_steps_nothing_is_played(tmp_path: Path) -> None:
    path = tmp_path / "story.sinch.yaml"
    path.write_text(STORY)
    with pytest.raises(Refused, match="no simulator answers at"):
        await play_file("http://127.0.0.1:9", path, callback_url=None)
    path.write_text('phones: {"+14045550198": {busy: {}}}')
    with pytest.raises(ScenarioError, match="the file has no steps"):
        await play_file("http://127.0.0.1:9", path, callback_url=None)
