"""Plays one scenario file against a simulator that runs, for test fixtures and other programs."""

from pathlib import Path

from sinch_scenarios.language.loader import load_file
from sinch_scenarios.language.model import Scenario
from sinch_scenarios.language.yaml_nodes import Place, Problem, ScenarioError
from sinch_scenarios.playing.player import play, play_in
from sinch_scenarios.playing.results import Result, Settings
from sinch_scenarios.playing.timing import BACKGROUND_S, ClockChoice
from sinch_simulator.client.control import ApplicationClient, Client


async def play_file(
    client: Client, path: str | Path, *, callback_url: str | None, key: str | None = None, secret: str | None = None,
    clock: str = "auto", seed: int = 0, background_s: float = BACKGROUND_S,
) -> Result:  # fmt: skip
    """Plays a file in an application of its own; ``report.story_of`` tells a failure.

    Raises ``ScenarioError`` for a file that cannot be read, ``Refused`` when no simulator answers the client.
    """
    scenario = _playable(path)
    settings = Settings(ClockChoice(clock), seed, background_s)
    return await play(scenario, client, settings, callback_url=callback_url, key=key, secret=secret)


async def play_file_in(
    application: ApplicationClient, path: str | Path, *, clock: str = "auto", background_s: float = BACKGROUND_S
) -> Result:
    """Plays a file in an application that is there already, and stays; for ``auto`` its world's clock is manual.

    Calls that it has already are none of the scenario's business. Raises as ``play_file`` does, and ``ScenarioError``
    where the file names a number that the application does not have.
    """
    scenario = _playable(path)
    _refuse_other_numbers(scenario, application)
    earlier = frozenset(str(call["callId"]) for call in await application.calls())
    settings = Settings(ClockChoice(clock), background_s=background_s)
    return await play_in(scenario, application, settings, earlier=earlier)


def _playable(path: str | Path) -> Scenario:
    scenario = load_file(path)
    if not scenario.steps:
        raise ScenarioError((Problem(str(path), Place(1, 1), "the file has no steps", "add `steps:`"),))
    return scenario


def _refuse_other_numbers(scenario: Scenario, application: ApplicationClient) -> None:
    others = [number for number in scenario.numbers if number not in application.numbers]
    if others:
        what = f"numbers: the application that it is played in has no {', '.join(others)}"
        own = f"its numbers are {', '.join(application.numbers) or 'none'}"
        raise ScenarioError((Problem(scenario.file, Place(1, 1), what, own),))
