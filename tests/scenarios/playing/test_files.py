"""Playing a file against a simulator that runs: what fixtures and other programs call."""

from pathlib import Path

import pytest

from sinch_scenarios.language.model import Sample
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.playing.files import play_file, play_file_in
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Credentials, Session
from sinch_simulator.client.errors import Refused
from sinch_simulator.client.http import connected

STORY = 'steps:\n  - dial: {from: "+46700000001"}\n  - hear: Welcome\n  - press: "2"\n  - expect: dice\n'
OWN = Credentials("11111111-2222-4333-8444-555555555555", "c2VjcmV0")


async def test_a_file_is_played_in_an_application_of_its_own(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "story.sinch.yaml"
    path.write_text(STORY)
    async with session.webhook(Sample.IVR, OWN) as url:
        result = await play_file(session.client, path, callback_url=url, key=OWN.key, secret=OWN.secret)
    assert result.passed, story_of(result)
    assert (await session.client.ask("GET", "/_simulator/applications"))["applications"] == []


async def test_a_file_is_played_in_an_application_that_stays(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "story.sinch.yaml"
    path.write_text(STORY)
    async with session.webhook(Sample.IVR, OWN) as url:
        settings = {"clock": "manual", "callbackUrl": url, "key": OWN.key, "secret": OWN.secret}
        application = await session.client.create_application(settings)
        result = await play_file_in(application, path)
    assert result.passed, story_of(result)
    assert len(await application.calls()) == 1


async def test_without_a_simulator_or_steps_nothing_is_played(tmp_path: Path) -> None:
    path = tmp_path / "story.sinch.yaml"
    path.write_text(STORY)
    async with connected("http://127.0.0.1:9") as nobody:
        with pytest.raises(Refused, match="no simulator answers at"):
            await play_file(nobody, path, callback_url=None)
        path.write_text('phones: {"+14045550198": {busy: {}}}')
        with pytest.raises(ScenarioError, match="the file has no steps"):
            await play_file(nobody, path, callback_url=None)
