"""Runs ``sinch-simulator run`` with a population: a load and soak test of a webhook."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sinch_scenarios.language.model import Scenario
from sinch_scenarios.load.report import html_report, json_report, progress, text_report
from sinch_scenarios.load.run import LoadTest
from sinch_scenarios.load.tally import Tally
from sinch_scenarios.load.worlds import LoadWorlds
from sinch_scenarios.playing.session import SessionOptions
from sinch_simulator.server import descriptors
from sinch_simulator.server.process import collect_rarely


def the_population(scenarios: Sequence[Scenario]) -> Scenario:
    """Gives the one file with a population. Raises ``UsageError`` where there are others beside it."""
    if len(scenarios) != 1:
        raise click.UsageError("a file with a population is run alone")
    return scenarios[0]


async def run_population(
    scenario: Scenario, options: SessionOptions, *, calls: int, concurrency: int, seed: int,
    html: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Plays a population. Exit code 0 when nothing went wrong, else 1."""
    assert scenario.population is not None
    _refuse_too_many(concurrency, options)
    collect_rarely()
    async with options.open() as session:
        worlds = LoadWorlds(session, scenario, seed)
        one_world = session.application is not None
        load_test = LoadTest(scenario.population, calls, concurrency, seed, worlds.open, one_world)
        tally = await load_test.play(lambda tally: _show_progress(tally, calls, as_json=as_json))
    code = _report(scenario, tally, html=html, as_json=as_json)
    return descriptors.EXIT_CODE if descriptors.were_too_few() else code


def _refuse_too_many(concurrency: int, options: SessionOptions) -> None:
    """Refuses more calls at a time than this process can have connections for."""
    # An app of this process has the other end of each connection as well.
    ends = 2 if options.callback_url is None else 1
    limit = descriptors.limit()
    if limit is not None and concurrency * ends + descriptors.SPARE > limit:
        possible = max(1, (limit - descriptors.SPARE) // ends)
        raise click.UsageError(
            f"--concurrency {concurrency}: this process may have {limit} files and connections open, enough for "
            f"{possible}; raise that with ulimit -Hn, or take --concurrency {possible}"
        )


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
