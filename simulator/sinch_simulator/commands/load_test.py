"""What ``run`` does with a population: a load and soak test of a webhook."""

import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import click
from attrs import frozen

from sinch_scenarios.language.model import Scenario
from sinch_scenarios.load.inner_room import InnerRoom
from sinch_scenarios.load.report import html_report, json_report, progress, text_report
from sinch_scenarios.load.run import Crowd, Tally
from sinch_scenarios.load.worlds import LodgerRoom, Room
from sinch_scenarios.playing.parallel import Performance
from sinch_scenarios.playing.session import Doors, Hall, made_up
from sinch_simulator.client.control import Lodger, move_in
from sinch_simulator.server.process import collect_rarely


async def run_population(
    scenarios: Sequence[Scenario], doors: Doors, *, calls: int, concurrency: int, seed: int, html: str | None,
    as_json: bool,
) -> int:  # fmt: skip
    """Play the one file with a population. Exit code 0 when nothing went wrong, else 1."""
    if len(scenarios) != 1 or scenarios[0].population is None:
        raise click.UsageError("a file with a population is run alone")
    [scenario] = scenarios
    assert scenario.population is not None
    collect_rarely()
    async with doors as hall:
        rooms = Rooms(hall, scenario, seed)
        one_world = hall.application is not None
        crowd = Crowd(scenario.population, calls, concurrency, seed, rooms.open, one_world)
        tally = await crowd.play(lambda tally: _show_progress(tally, calls, as_json=as_json))
    return _report(scenario, tally, html=html, as_json=as_json)


@frozen
class Rooms:
    """Worlds for a crowd. An app that knows one application only gets it anew for each world, one after the other."""

    hall: Hall
    scenario: Scenario
    seed: int

    @asynccontextmanager
    async def open(self, number: int) -> AsyncIterator[Room]:
        """A world, dropped at the end."""
        own = self.hall.application or made_up(self.scenario, Performance(self.scenario, self.seed, number))
        async with self.hall.webhook(self.scenario.sample, own) as url:
            lodger = await move_in(
                self.hall.client,
                clock="manual",
                seed=self.seed + number,
                callback_url=url,
                key=own.key,
                secret=own.secret,
                numbers=self.scenario.numbers,
            )
            try:
                yield self._room(lodger)
            finally:
                await lodger.leave()

    def _room(self, lodger: Lodger) -> Room:
        callout = None if self.scenario.population is None else self.scenario.population.callout
        server = self.hall.server
        application = None if server is None else server.worlds.application(lodger.key)
        if server is None or application is None:
            return LodgerRoom(lodger, callout)
        return InnerRoom(server.worlds.home_of(application), lodger, callout)


def _show_progress(tally: Tally, calls: int, *, as_json: bool) -> None:
    if not as_json and sys.stderr.isatty():
        click.echo(f"\r{progress(tally, calls)}", nl=False, err=True)


def _report(scenario: Scenario, tally: Tally, *, html: str | None, as_json: bool) -> int:
    if html is not None:
        try:
            Path(html).write_text(html_report(tally, scenario.name), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"--html: {html} cannot be written: {error.strerror}") from None
    if as_json:
        click.echo(json.dumps(json_report(tally)))
    else:
        if sys.stderr.isatty():
            click.echo("", err=True)
        click.echo(text_report(tally))
    return 0 if tally.passed else 1
