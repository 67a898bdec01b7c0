"""A session to play scenarios in, and a short way to write them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from textwrap import dedent

import pytest
from attrs import evolve

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.results import Result, Settings
from sinch_scenarios.playing.session import Session, SessionOptions
from sinch_scenarios.playing.timing import ClockChoice
from sinch_simulator.config import ServerConfig
from sinch_simulator.embedded.host import Host

Play = Callable[..., Awaitable[Result]]


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    """A simulator of this process; the bundled apps answer. Background work of an app gets little time."""
    host = Host(ServerConfig(port=0, applications=()))
    async with SessionOptions(Settings(background_s=0.05), host).open() as opened:
        yield opened


@pytest.fixture
def play(session: Session) -> Play:
    """Plays a scenario written in a test; settings as keywords, ``callback_url`` for an app of one's own."""

    async def play_text(
        text: str, *, callback_url: str | None = None, clock: ClockChoice = ClockChoice.AUTO, longest_s: float = 30.0
    ) -> Result:
        scenario = load_text(dedent(text), "story.yaml")
        settings = evolve(session.settings, clock=clock, longest_s=longest_s)
        place = evolve(session, settings=settings, callback_url=callback_url)
        return await place.play(ScenarioRun(scenario, 0))

    return play_text


@pytest.fixture
def problems_of() -> Callable[[str], list[str]]:
    """Every problem of a file's text, as a user reads it."""

    def problems(text: str) -> list[str]:
        try:
            load_text(dedent(text), "story.yaml")
        except ScenarioError as error:
            return [str(problem) for problem in error.problems]
        return []

    return problems
