"""Ties a load test to what happens in Locust: its start and stop, reports of workers, its web page and its exit code.

A master stops its workers within half a second, whatever they do. So it first tells them to let the calls under way
come to their end, and waits for that: what the app has answered is what the report has.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click
import gevent
from flask import Response, request
from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from locust_sinch.load_run import RUNS, LoadRun, Population
from locust_sinch.population_user import PopulationUser

_FINISH, _FINISHED = "sinch_finish", "sinch_finished"
_FINISHED_AFTER_S = 70.0
_LOOK_EVERY_S = 0.05
_TABLE = {
    "key": "sinch",
    "structure": [{"key": key, "title": key.capitalize()} for key in ("population", "what", "name", "count")],
}


def _add_options(parser: LocustArgumentParser) -> None:
    parser.add_argument(
        "--sinch-seed", type=int, default=0, env_var="LOCUST_SINCH_SEED",
        help="Who calls, and the ids of calls, follow from it (default: 0)",
    )  # fmt: skip
    parser.add_argument(
        "--sinch-calls", type=int, default=0, env_var="LOCUST_SINCH_CALLS",
        help="End the test once so many calls are over, or a few more (default: go on)",
    )  # fmt: skip
    parser.add_argument(
        "--sinch-report", metavar="FOLDER", default="", env_var="LOCUST_SINCH_REPORT", include_in_web_ui=False,
        help="Write NAME.json and NAME.html (plots, a ladder of each kind of failure) there for each population",
    )  # fmt: skip


def _set_up(environment: Environment, **_: Any) -> None:
    options = environment.parsed_options
    try:
        run = RUNS[environment] = LoadRun(environment, _populations(environment), options.sinch_seed if options else 0)
    except (OSError, ValueError) as error:
        print(f"locust_sinch: {error}", file=sys.stderr)
        sys.exit(2)
    run.begin()
    runner = environment.runner
    finished: set[str] = set()
    assert runner is not None
    runner.greenlet.spawn(_end_when_over, run)
    if isinstance(runner, WorkerRunner):
        runner.register_message(_FINISH, lambda **_: _finish_worker(run, runner), concurrent=True)
    elif isinstance(runner, MasterRunner):
        runner.register_message(_FINISHED, lambda msg, **_: finished.add(msg.node_id))
    environment.events.test_start.add_listener(lambda **_: _start(run, finished))
    environment.events.test_stopping.add_listener(lambda **_: _stop(run, finished))
    environment.events.report_to_master.add_listener(lambda data, **_: data.update(sinch=run.take()))
    environment.events.worker_report.add_listener(lambda data, **_: run.add(data.get("sinch", {})))
    environment.events.reset_stats.add_listener(lambda **_: run.begin())
    environment.events.quitting.add_listener(lambda **_: _quit(run))
    environment.events.quit.add_listener(lambda **_: _tell(run))
    if environment.web_ui is not None:
        _show(environment, run)


def _populations(environment: Environment) -> dict[str, Population]:
    from sinch_scenarios.language.loader import load_file
    from sinch_scenarios.load.tally import people_of

    found = {}
    for user_class in environment.user_classes:
        if issubclass(user_class, PopulationUser):
            population = load_file(user_class.file()).population
            if population is None:
                raise ValueError(f"{user_class.file()} has no population; docs/scenarios.md shows one")
            arguments = (str(user_class.file()), *user_class.run_options)
            found[user_class.__name__] = Population(arguments, people_of(population))
    return found


# ---- a test


def _start(run: LoadRun, finished: set[str]) -> None:
    finished.clear()
    environment = run.environment
    if environment.parsed_options is not None:
        run.seed = int(environment.parsed_options.sinch_seed)
    run.begin()
    runner = environment.runner
    if not isinstance(runner, MasterRunner):
        classes = {each.__name__: each for each in environment.user_classes}
        hosts = {name: environment.host or classes[name].host for name in run.populations}
        run.start_simulators(hosts, max(0, getattr(runner, "worker_index", 0)))


def _stop(run: LoadRun, finished: set[str]) -> None:
    runner = run.environment.runner
    if not isinstance(runner, MasterRunner):
        run.finish()
        return
    runner.send_message(_FINISH)
    with gevent.Timeout(_FINISHED_AFTER_S, False):
        while not {client.id for client in (*runner.clients.running, *runner.clients.spawning)} <= finished:
            gevent.sleep(_LOOK_EVERY_S)


def _end_when_over(run: LoadRun) -> None:
    """Ends the test when as many calls are over as ``--sinch-calls`` says, or a simulator is lost."""
    environment = run.environment
    runner = environment.runner
    assert runner is not None
    while True:
        gevent.sleep(_LOOK_EVERY_S)
        options = environment.parsed_options  # the web page may have changed them
        calls = 0 if options is None or isinstance(runner, WorkerRunner) else int(options.sinch_calls)
        if runner.state in ("spawning", "running") and (run.lost or 0 < calls <= run.calls):
            # A worker without a simulator leaves; the others go on. An end kills the greenlet that this is.
            gevent.spawn(runner.stop if environment.web_ui is not None else runner.quit).join()


def _finish_worker(run: LoadRun, runner: WorkerRunner) -> None:
    run.finish()
    runner.send_message(_FINISHED)


def _quit(run: LoadRun) -> None:
    environment = run.environment
    run.finish()
    if isinstance(environment.runner, WorkerRunner) or not run.totals:
        return
    options = environment.parsed_options
    if not run.passed and environment.process_exit_code is None and options is not None:
        environment.process_exit_code = options.exit_code_on_error
    if options is not None and options.sinch_report:
        _write(run, Path(options.sinch_report))


# ---- reports


def _write(run: LoadRun, folder: Path) -> None:
    from sinch_scenarios.load.report import html_report, json_report

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, tally in run.totals.items():
            (folder / f"{name}.json").write_text(json.dumps(json_report(tally), indent=2) + "\n", encoding="utf-8")
            (folder / f"{name}.html").write_text(html_report(tally, name), encoding="utf-8")
    except OSError as error:
        print(f"locust_sinch: --sinch-report: {folder} cannot be written: {error.strerror}", file=sys.stderr)
        run.environment.process_exit_code = 2


def _tell(run: LoadRun) -> None:
    from sinch_scenarios.load.report import text_report

    if not isinstance(run.environment.runner, WorkerRunner):
        for name, tally in run.totals.items():
            click.echo(f"\n{name}\n{text_report(tally)}", err=True)


def _show(environment: Environment, run: LoadRun) -> None:
    """Adds a table to Locust's web page."""
    page = environment.web_ui
    assert page is not None
    assert page.app is not None
    page.template_args["extended_tabs"] = [{"title": "Calls", "key": _TABLE["key"]}]
    page.template_args["extended_tables"] = [_TABLE]

    def add_counts(response: Response) -> Response:
        if request.path.endswith("/stats/requests") and response.is_json:
            counts = {"extended_stats": [{"key": _TABLE["key"], "data": run.rows()}]}
            response.set_data(json.dumps({**response.get_json(), **counts}))
        return response

    page.app.after_request(add_counts)


events.init_command_line_parser.add_listener(_add_options)
events.init.add_listener(_set_up)
