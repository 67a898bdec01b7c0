"""Playing one scenario file against a simulator that runs, for test fixtures and other programs."""

from pathlib import Path

import aiohttp

from sinch_scenarios.client import Client, Lodger
from sinch_scenarios.document import Place, Problem, ScenarioError
from sinch_scenarios.loader import load_file
from sinch_scenarios.player import Result, Settings, play, play_in
from sinch_scenarios.steps import Scenario
from sinch_scenarios.timing import BACKGROUND_S, ClockChoice


async def play_file(
    url: str, path: str | Path, *, callback_url: str | None, key: str | None = None, secret: str | None = None,
    clock: str = "auto", seed: int = 0, background_s: float = BACKGROUND_S,
) -> Result:  # fmt: skip
    """Play a file in an application of its own; ``report.story_of`` tells a failure.

    Raises ``ScenarioError`` for a file that cannot be read, ``Refused`` when there is no simulator at ``url``.
    """
    scenario = _playable(path)
    settings = Settings(ClockChoice(clock), seed, background_s)
    async with aiohttp.ClientSession() as session:
        client = Client(session, url.rstrip("/"))
        return await play(scenario, client, settings, callback_url=callback_url, key=key, secret=secret)


async def play_file_in(
    url: str, path: str | Path, *, key: str, secret: str, clock: str = "auto", background_s: float = BACKGROUND_S
) -> Result:
    """Play a file in an application that is there already, and stays; for ``auto`` its world's clock is manual.

    Raises as ``play_file`` does.
    """
    scenario = _playable(path)
    settings = Settings(ClockChoice(clock), background_s=background_s)
    async with aiohttp.ClientSession() as session:
        client = Client(session, url.rstrip("/"))
        application = await client.ask("GET", f"/_simulator/applications/{key}")
        lodger = Lodger(client, key, secret, tuple(application["numbers"]))
        return await play_in(scenario, lodger, settings)


def _playable(path: str | Path) -> Scenario:
    scenario = load_file(path)
    if not scenario.steps:
        raise ScenarioError((Problem(str(path), Place(1, 1), "the file has no steps", "add `steps:`"),))
    return scenario
