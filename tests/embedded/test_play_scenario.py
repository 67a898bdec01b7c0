"""Scenario files played in the application that a test has, under each of the clocks."""

from pathlib import Path

import pytest

from sinch_simulator import ScenarioFailed, Simulator, SimulatorError

STORY = """steps:
  - dial: {from: "+46700000001"}
  - hear: Welcome
  - expect: {callback: dice, reason: MANAGERHANGUP}
"""
WELCOME = {
    "instructions": [{"name": "say", "text": "Welcome", "locale": "en-US"}],
    "action": {"name": "hangup"},
}


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A file that is true of an app that says Welcome."""
    path = tmp_path / "story.yaml"
    path.write_text(STORY)
    return path


@pytest.mark.parametrize("clock", ["manual", "auto", "realtime"])
async def test_a_file_is_played_under_each_clock(story: Path, clock: str) -> None:
    async with Simulator(clock=clock, speed=50.0 if clock == "realtime" else 1.0) as simulator:
        application = await simulator.create_application()
        await application.mount(lambda event: WELCOME if event["event"] == "ice" else None)
        await application.play(story)
        assert [callback.event for callback in application.callbacks] == ["ice", "dice"]


def test_a_file_is_played_by_a_program_that_awaits_nothing(story: Path) -> None:
    with Simulator.in_thread() as simulator:
        application = simulator.create_application()
        application.mount(lambda event: None)
        with pytest.raises(ScenarioFailed, match=r"story\.yaml:3:5: step 2: expected to hear \"Welcome\""):
            application.play(story)
        application.mount(lambda event: WELCOME if event["event"] == "ice" else None)
        application.play(str(story))
        application.close()
        with pytest.raises(SimulatorError, match="the application has been closed"):
            application.play(story)
