"""Plays scenario files as tests: each in an application of its own on the session's simulator."""

import shlex
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_sinch.application_fixture import server_of
from pytest_sinch.failure_page import Calls, calls_of, folder_of, write_page
from pytest_sinch.findings import show_warnings
from pytest_sinch.settings import callback_url, credentials, option, severities, typed_id, whole_number

if TYPE_CHECKING:
    from sinch_scenarios.language.model import Scenario
    from sinch_scenarios.playing.results import Result, Settings
    from sinch_scenarios.playing.session import Credentials
    from sinch_simulator.client.control import ApplicationClient, Client

_CLOCKS = {"manual": "auto", "auto": "auto", "realtime": "realtime"}
"""How a file is played, by what is said of the session's tests: nobody advances the time of a file by hand."""
_NO_APP = (
    "who answers? Give --sinch-callback-url=URL (or sinch_callback_url in the ini file), or name a bundled `app:` in "
    "the file. An app that a fixture serves or mounts: sinch.play(file) in a test."
)


class ScenarioFile(pytest.File):
    """A scenario file; one that cannot be read is an error of the collection, with every mistake and its place."""

    def collect(self) -> "Iterator[ScenarioItem]":
        """Gives its one scenario."""
        from sinch_scenarios.language.loader import load_file
        from sinch_scenarios.language.yaml_nodes import ScenarioError

        try:
            scenario = load_file(self.path, file=self.nodeid)
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        name = " ".join(scenario.name.split())
        item: ScenarioItem = ScenarioItem.from_parent(self, name=name, scenario=scenario)
        if scenario.population is not None:
            item.add_marker(pytest.mark.skip(reason="a population is a load test: sinch-simulator run FILE"))
        elif not scenario.steps:
            item.add_marker(pytest.mark.skip(reason="it has phones but no steps"))
        yield item


class ScenarioItem(pytest.Item):
    """A scenario as a test. It fails with the step that is not so, and the ladders of its calls."""

    def __init__(self, *, scenario: "Scenario", **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # what from_parent passes on is pytest's own affair
        self.scenario = scenario

    def setup(self) -> None:
        """Says at once when nobody would answer."""
        if callback_url(self.config) is None and self.scenario.sample is None:
            pytest.fail(f"{self.scenario.file}: {_NO_APP}", pytrace=False)

    def runtest(self) -> None:
        """Plays it."""
        from sinch_scenarios.playing.report import story_of
        from sinch_simulator.client.errors import Refused

        clock = option(self.config, "clock", "auto")
        if clock not in _CLOCKS:
            pytest.fail(f"--sinch-clock: {clock!r} is not known; known are {', '.join(_CLOCKS)}", pytrace=False)
        seed = whole_number(self.config, "seed", "0")
        url, own = callback_url(self.config), credentials(self.config)
        server = server_of(self.config)
        folder = folder_of(self.config)
        seen: Calls = []

        async def look(application: "ApplicationClient") -> None:
            seen.extend(await calls_of(application))

        afterwards = None if folder is None else look
        try:
            settings = _settings(_CLOCKS[clock], severities(self.config))
            result = server.run(_played(server.client, self.scenario, settings, seed, url, own, afterwards))
        except Refused as error:
            raise pytest.fail.Exception(f"{self.scenario.file}: {error}", pytrace=False) from None
        show_warnings(self, result.warnings)
        if result.failure is not None:
            again = f"pytest {shlex.quote(typed_id(self))} --sinch-seed={seed}"
            told = [story_of(result), f"The same again: {again}"]
            if folder is not None:
                failure = story_of(result).partition("\n\n")[0]
                told.append(f"Its calls: {write_page(folder, self.nodeid, seen, failure=failure, again=again)}")
            pytest.fail("\n\n".join(told), pytrace=False)

    def reportinfo(self) -> tuple[str, int, str]:
        """Says where its first step stands."""
        line = self.scenario.steps[0].at.line if self.scenario.steps else 1
        return str(self.path), line - 1, self.name


def _settings(clock: str, fail_on: frozenset[str]) -> "Settings":
    from sinch_scenarios.playing.results import Settings
    from sinch_scenarios.playing.timing import ClockChoice

    return Settings(ClockChoice(clock), fail_on=fail_on)


async def _played(
    client: "Client",
    scenario: "Scenario",
    settings: "Settings",
    seed: int,
    url: str | None,
    own: "Credentials | None",
    afterwards: "Callable[[ApplicationClient], Awaitable[None]] | None",
) -> "Result":
    """Plays it in the same way as ``sinch-simulator run`` does, so that both come to the same."""
    from sinch_scenarios.playing.parallel import ScenarioRun
    from sinch_scenarios.playing.session import Session

    session = Session(client, settings, url, own, afterwards)
    return await session.play(ScenarioRun(scenario, seed))
