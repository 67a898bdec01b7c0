"""Plays scenario files, or a population, against an app: ``sinch-simulator run``."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.trust_option import allow_host_option, ca_option

if TYPE_CHECKING:
    from sinch_scenarios.language.model import Scenario
    from sinch_scenarios.playing.parallel import ScenarioRun
    from sinch_scenarios.playing.results import Result
    from sinch_scenarios.playing.session import Credentials, SessionOptions


@click.command(cls=Command)
@click.argument("files", nargs=-1, metavar="FILE|FOLDER...", type=click.Path())
@click.option("--callback-url", metavar="URL", help="The app.  [default: the bundled app that a file names]")
@click.option("--simulator", metavar="URL", help="A simulator that runs.  [default: one is started for this run]")
@click.option(
    "--application", metavar="KEY:SECRET",
    help="The one application that the app knows; scenarios then play one after the other.",
)  # fmt: skip
@click.option(
    "--project", metavar="PROJECT:KEYID:KEYSECRET",
    help="The project of that application, and its access key, where the app knows them.",
)  # fmt: skip
@click.option("--service-plan", metavar="PLAN:TOKEN", help="Its service plan of SMS, where the app knows it.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of the simulator that is started; 0: any.")
@click.option("--number", "numbers", metavar="+E164", multiple=True,
    help="A number of the scenarios' application, where a file names none; repeatable.  [default: +14045550100]",
)  # fmt: skip
@click.option(
    "--clock", type=click.Choice(["auto", "manual", "realtime"]), default="auto", show_default=True,
    help="auto: time leaps by itself; manual: only wait and advance let it pass.",
)  # fmt: skip
@click.option(
    "--callback-timeout", type=float, default=5.0, show_default=True, metavar="SECONDS",
    help="Real seconds in which the app must answer.",
)
@ca_option
@allow_host_option
@click.option(
    "--grace", type=click.FloatRange(0), default=0.3, show_default=True, metavar="SECONDS",
    help="Real seconds for the app's background work when nothing else is due.",
)  # fmt: skip
@click.option("--filter", "text", metavar="TEXT", help="Only scenarios with this in their name or file name.")
@click.option("--jobs", type=click.IntRange(1, 256), default=8, show_default=True, help="Scenarios at a time.")
@click.option("--repeat", type=click.IntRange(1, 100_000), default=1, show_default=True, help="Play each so often.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True,
    help="Call ids and random choices follow from it; each repetition takes the next.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option(
    "--fail-on", type=click.Choice(["warning", "error"]), help="Findings that fail a scenario; warning: errors too."
)
@click.option("--junit", metavar="FILE", type=click.Path(), help="Write a JUnit report.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--record", metavar="OUT.yaml", type=click.Path(), help="Write what happened as a scenario file.")
@click.option("--calls", type=click.IntRange(1), default=1000, show_default=True, help="Of a population: how many.")
@click.option(
    "--concurrency", type=click.IntRange(1, 2000), default=50, show_default=True, help="Of a population: at a time."
)
@click.option("--html", metavar="FILE", type=click.Path(), help="Of a population: write a page with plots.")
@click.option(
    "--calls-on-stdin", is_flag=True,
    help="Of a population: play the calls whose numbers come in lines on stdin, for a load engine; docs/load.md.",
)  # fmt: skip
def command(
    *,
    files: tuple[str, ...],
    callback_url: str | None,
    simulator: str | None,
    application: str | None,
    project: str | None,
    service_plan: str | None,
    port: int,
    numbers: tuple[str, ...],
    clock: str,
    callback_timeout: float,
    ca_file: str | None,
    allow_hosts: tuple[str, ...],
    grace: float,
    text: str | None,
    jobs: int,
    repeat: int,
    seed: int,
    fail_fast: bool,
    fail_on: str | None,
    junit: str | None,
    as_json: bool,
    record: str | None,
    calls: int,
    concurrency: int,
    html: str | None,
    calls_on_stdin: bool,
) -> int:
    """Play scenarios, each with an application, phones and a clock of its own.

    Exit 0 when all passed, 1 when one failed.

    A file without steps but with a population is a load test. With --record and --simulator but without files, what
    happened there is written down. Bundled scenarios: see `sinch-simulator scenario list`.
    """
    from sinch_scenarios.playing.parallel import scenario_runs
    from sinch_simulator.server.descriptors import EXIT_CODE, were_too_few
    from sinch_simulator.server.process import run as run_in_a_loop

    if not files and not (record and simulator):
        raise click.UsageError("name files or folders; see `sinch-simulator scenario list` for bundled ones")
    own = _credentials(application, project, service_plan)
    options = _session_options(
        callback_url, simulator, own, port, clock, callback_timeout, ca_file, allow_hosts, grace, numbers,
        fail_on,
    )  # fmt: skip
    if not files:
        return _record_only(options, record or "")
    scenarios = _load(files, text)
    _refuse_what_cannot_be_played(scenarios, callback_url, repeat=repeat, record=record)
    with _mistakes_told_in_a_line():
        if any(scenario.population is not None for scenario in scenarios):
            _refuse_what_a_population_has_not(junit=junit, record=record, fail_on=fail_on)
            from sinch_simulator.commands.load_test import run_population, the_population
            from sinch_simulator.commands.ordered_calls import play_orders

            scenario = the_population(scenarios)
            if calls_on_stdin:
                return run_in_a_loop(play_orders(scenario, options, seed=seed))
            return run_in_a_loop(
                run_population(scenario, options, calls=calls, concurrency=concurrency, seed=seed, html=html,
                               as_json=as_json)
            )  # fmt: skip
        if calls_on_stdin:
            raise click.UsageError("--calls-on-stdin is for a file with a population")
        wanted = scenario_runs(scenarios, repeat=repeat, seed=seed)
        results = run_in_a_loop(_play(wanted, options, jobs=jobs, fail_fast=fail_fast, say=not as_json, record=record))
    code = _report(results, as_json=as_json, junit=junit)
    return EXIT_CODE if were_too_few() else code


@contextmanager
def _mistakes_told_in_a_line() -> Iterator[None]:
    from sinch_simulator.client.errors import SimulatorError
    from sinch_simulator.server.descriptors import EXIT_CODE, were_too_few

    try:
        yield
    except SimulatorError as error:
        if were_too_few():
            sys.exit(EXIT_CODE)
        raise click.ClickException(str(error)) from None


def _load(files: tuple[str, ...], text: str | None) -> "list[Scenario]":
    from sinch_scenarios.catalogue import load_named
    from sinch_scenarios.language.yaml_nodes import ScenarioError

    try:
        scenarios = load_named(files)
    except ScenarioError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        sys.exit(2)
    if text is None:
        return scenarios
    wanted = text.casefold()
    chosen = [one for one in scenarios if wanted in one.name.casefold() or wanted in one.file.casefold()]
    if not chosen:
        raise click.UsageError(f"--filter: none of {len(scenarios)} scenarios has {text!r} in its name")
    return chosen


def _session_options(
    callback_url: str | None, simulator: str | None, own: "Credentials | None", port: int, clock: str,
    callback_timeout: float, ca_file: str | None, allow_hosts: tuple[str, ...], grace: float,
    numbers: tuple[str, ...], fail_on: str | None,
) -> "SessionOptions":  # fmt: skip
    from sinch_scenarios.playing.results import Settings
    from sinch_scenarios.playing.session import SessionOptions
    from sinch_scenarios.playing.timing import ClockChoice
    from sinch_simulator import config
    from sinch_simulator.embedded.host import Host

    try:
        own_numbers = tuple(dict.fromkeys(map(config.read_number, numbers))) or (config.DEFAULT_NUMBER,)
        started = config.ServerConfig(
            port=port,
            applications=(),
            callback_timeout_s=callback_timeout,
            ca_file=ca_file,
            allow_hosts=allow_hosts,
        )
        return SessionOptions(
            Settings(
                clock=ClockChoice(clock),
                background_s=grace,
                numbers=own_numbers,
                fail_on=frozenset() if fail_on is None else frozenset({fail_on}),
            ),
            Host(started) if simulator is None else config.read_url(simulator, "--simulator"),
            None if callback_url is None else config.read_url(callback_url, "--callback-url"),
            own,
        )
    except config.ConfigError as error:
        raise click.UsageError(str(error)) from None


def _credentials(application: str | None, project: str | None, service_plan: str | None) -> "Credentials | None":
    """Reads the credentials of the flags, else of the environment; None when there are none."""
    from sinch_scenarios.playing.session import Credentials
    from sinch_simulator import config

    pairs = [] if application is None else [application]
    try:
        found = config.read_all_credentials(pairs, os.environ)
        if found:
            return Credentials(*found[0], config.read_other_credentials(project, service_plan, os.environ))
    except config.ConfigError as error:
        raise click.UsageError(str(error)) from None
    for flag, value in (("--project", project), ("--service-plan", service_plan)):
        if value is not None:
            raise click.UsageError(f"{flag}: it is of the one application that the app knows; say --application too")
    return None


def _refuse_what_cannot_be_played(
    scenarios: "list[Scenario]", callback_url: str | None, *, repeat: int, record: str | None
) -> None:
    if record is not None and len(scenarios) * repeat != 1:
        raise click.UsageError("--record: one scenario at a time; choose it with --filter")
    for scenario in scenarios:
        if not scenario.steps and scenario.population is None:
            raise click.UsageError(f"{scenario.file}: it has phones but no steps; `start --scenario` loads it")
        if callback_url is None and scenario.sample is None:
            raise click.UsageError(f"{scenario.file}: who answers? Give --callback-url URL, or name a bundled `app:`")


def _refuse_what_a_population_has_not(**given: str | None) -> None:
    for flag, value in given.items():
        if value is not None:
            name = flag.replace("_", "-")
            raise click.UsageError(f"--{name} is for scenarios with steps: a population has --json and --html")


def _record_only(options: "SessionOptions", record: str) -> int:
    from sinch_simulator.client.errors import Refused
    from sinch_simulator.commands.record import record_what_happened
    from sinch_simulator.server.process import run as run_in_a_loop

    try:
        return run_in_a_loop(record_what_happened(options, record))
    except (Refused, LookupError) as error:
        raise click.ClickException(f"--record: {error}") from None


async def _play(
    wanted: "list[ScenarioRun]", options: "SessionOptions", *, jobs: int, fail_fast: bool, say: bool, record: str | None
) -> "list[Result]":
    from attrs import evolve

    from sinch_scenarios.playing.parallel import run_all
    from sinch_scenarios.playing.report import line_of
    from sinch_simulator.commands.record import recording_to

    def tell(result: "Result") -> None:
        if say:
            click.echo(line_of(result))

    async with options.open() as session:
        if record is not None:
            session = evolve(session, afterwards=recording_to(record))
        at_a_time = jobs if options.application is None else 1
        return await run_all(wanted, session.play, jobs=at_a_time, fail_fast=fail_fast, tell=tell)


def _report(results: "list[Result]", *, as_json: bool, junit: str | None) -> int:
    from sinch_scenarios.playing.report import json_report, junit_report, story_of, table

    if junit is not None:
        try:
            Path(junit).write_text(junit_report(results), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"--junit: {junit} cannot be written: {error.strerror}") from None
    failed = [result for result in results if not result.passed]
    if as_json:
        click.echo(json.dumps(json_report(results)))
    else:
        click.echo("")
        for result in failed:
            click.echo(story_of(result) + "\n")
        click.echo(table(results))
        if any(result.failure is not None and "bad-status 401" in result.failure.message for result in failed):
            click.echo("\nThe app answered 401: if it knows one application only, name that: --application KEY:SECRET")
    return 1 if failed else 0
