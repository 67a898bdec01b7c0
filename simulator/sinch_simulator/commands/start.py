"""Serves until somebody says stop, and tells what happens meanwhile: ``sinch-simulator start``."""

import json
import signal
import sys
from typing import TYPE_CHECKING, Any

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.server_flags import read_config, server_options

if TYPE_CHECKING:
    from sinch_simulator.commands.log import Log
    from sinch_simulator.commands.screen import Screen
    from sinch_simulator.config import ServerConfig
    from sinch_simulator.core.application import Application
    from sinch_simulator.phones.behaviour import Persona
    from sinch_simulator.server.worlds import World, Worlds

    Phones = dict[str, Persona]


@click.command(cls=Command)
@server_options
@click.option("--quiet", is_flag=True, help="Tell findings only, on stderr, instead of each call as it happens.")
@click.option("--json", "as_json", is_flag=True, help="Ready: one line of JSON on stdout; the rest on stderr.")
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of what is told while it runs.",
)
def command(
    *,
    quiet: bool,
    as_json: bool,
    log_format: str,
    **flags: Any,  # those of every server, which ``read_config`` knows
) -> int:
    """Start the simulator and serve until it is stopped (Ctrl-C).

    Of the environment, SINCH_APPLICATION_KEY and SINCH_APPLICATION_SECRET make the default application when no
    --application is given, and SINCH_PROJECT_ID, SINCH_KEY_ID, SINCH_KEY_SECRET, SINCH_SERVICE_PLAN_ID and
    SINCH_API_TOKEN its other credentials. Repeatable flags take several values from their variable, separated by
    spaces.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _leave)
    config = read_config(flags, log_format=log_format)
    from sinch_simulator.server.process import collect_nothing_yet, run

    collect_nothing_yet()
    return run(_serve(config, phones_of(config), quiet=quiet, as_json=as_json))


def _leave(signal_number: int, frame: object) -> None:
    sys.exit(0)


def phones_of(config: "ServerConfig") -> "Phones":
    """Reads the phones of the scenario files; where two files script one address, the later file wins."""
    if not config.scenario_files:
        return {}
    from sinch_scenarios.catalogue import load_named
    from sinch_scenarios.language.yaml_nodes import ScenarioError

    try:
        scenarios = load_named(config.scenario_files)
    except ScenarioError as error:
        first, *others = map(str, error.problems)
        more = f" (and {len(others)} more)" if others else ""
        raise click.ClickException(f"--scenario: {first}{more}") from None
    return {address: persona for scenario in scenarios for address, persona in scenario.phones}


async def _serve(config: "ServerConfig", phones: "Phones", *, quiet: bool, as_json: bool) -> int:
    import asyncio

    from sinch_simulator.server.app import SimulatorServer
    from sinch_simulator.server.descriptors import EXIT_CODE, were_too_few, when_too_few
    from sinch_simulator.server.process import collect_rarely

    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    tellers: list[Log | Screen] = []

    def prepare(worlds: "Worlds") -> None:
        for address, persona in phones.items():
            worlds.default.simulation.phonebook.script(address, persona)
        tellers.append(_follow(worlds.default, config, quiet=quiet, as_json=as_json))
        collect_rarely()

    server = SimulatorServer(config, prepare)
    try:
        await server.start()
    except OSError as error:
        from sinch_simulator.server.refused_address import why_not_served

        raise click.ClickException(why_not_served(config.host, config.port, error)) from None
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: loop.call_soon_threadsafe(stopped.set))
    try:
        tell = _ready_line if as_json else _banner
        click.echo(tell(config, server.url, server.control_token))
        sys.stdout.flush()
        when_too_few(stopped.set)
        await stopped.wait()
    finally:
        await server.stop()
        for teller in tellers:
            teller.close()
    return EXIT_CODE if were_too_few() else 0


def _follow(world: "World", config: "ServerConfig", *, quiet: bool, as_json: bool) -> "Log | Screen":
    """Tells what happens in this world, or only what is found wrong there; stdout is left to ``--json``."""
    from sinch_simulator.commands.line_writer import LineWriter

    stream = sys.stderr if quiet or as_json else sys.stdout
    writer = LineWriter(stream.fileno())
    if quiet:
        from sinch_simulator.commands.log import Log

        log = Log(world, config.log_format, writer)
        log.open()
        return log
    from sinch_simulator.commands.screen import Screen
    from sinch_simulator.commands.terminal import Look

    screen = Screen(world, config.log_format, Look.on(stream), writer)
    screen.open()
    return screen


def made_of(config: "ServerConfig") -> "list[Application]":
    """Returns the applications that a server of this configuration has: it need not be asked, it may still load."""
    made = [each.application(config.seed) for each in config.applications]
    for application in made:
        application.project.admit(application.key)
    return made


def _ready_line(config: "ServerConfig", url: str, token: str | None) -> str:
    applications = [{**application.as_json(), "world": "default"} for application in made_of(config)]
    ready = {"url": url, "applications": applications, "seed": config.seed}
    return json.dumps(ready if token is None else {**ready, "controlToken": token})


def _whom_it_is_open_to(config: "ServerConfig", url: str, token: str | None) -> list[str]:
    """Says who may use it, where that is not this machine alone, or not without a token."""
    from sinch_simulator.server.guard import is_open_to_others

    lines = []
    if is_open_to_others(config.host):
        lines += [
            f"  open to             other machines, at {config.host or 'every address'}: the platform's API to whoever",
            "                      has key and secret, the control API to whoever has the token",
        ]
    if token is not None:
        lines += [f"  control token       {token} (Authorization: Bearer TOKEN; page: {url}/?token={token})"]
    return lines


def _banner(config: "ServerConfig", url: str, token: str | None) -> str:
    default = made_of(config)[0]
    return "\n".join(
        [
            f"sinch-simulator is serving ({config.clock.value} clock). Ctrl-C stops it.",
            "",
            f"  base URL            {url}",
            f"  page                {url}/ in a browser: watch calls, be a phone",
            f"  application key     {default.key}",
            f"  application secret  {default.secret}",
            f"  project id          {default.project.id}",
            f"  key id              {default.project.key_id}",
            f"  key secret          {default.project.key_secret}",
            f"  service plan id     {default.service_plan_id}",
            f"  API token           {default.api_token}",
            f"  number              {', '.join(default.numbers)}",
            *_where_events_go(default),
            *_whom_it_is_open_to(config, url, token),
            f"  seed                {config.seed}: start with --seed {config.seed} for the same ids again",
            "",
        ]
    )


def _where_events_go(application: "Application") -> list[str]:
    """Names the URLs that are set, and says which of them are not on this machine."""
    behavior = application.service.call_behavior
    urls = {
        "callbacks go to": (application.callback_url, application.fallback_url),
        "webhook": (behavior.url, behavior.fallback_url),
        "verifications go to": (application.verification.callback_url, None),
        "texts go to": (application.sms.callback_url, None),
        "classic texts go to": (application.sms.classic_callback_url, None),
    }
    lines = [f"  {name:<20}{_shown_url(*pair)}" for name, pair in urls.items() if pair[0] is not None]
    return lines or ["  callbacks go to     nowhere yet: start with --callback-url URL"]


def _shown_url(url: str | None, fallback_url: str | None) -> str:
    from urllib.parse import urlsplit

    from sinch_simulator.core.allowed_hosts import is_own

    hosts = (urlsplit(each).hostname or "" for each in (url, fallback_url) if each)
    outside = ", ".join(dict.fromkeys(host for host in hosts if not is_own(host)))
    return f"{url}{f' (leaving this machine for {outside})' if outside else ''}"
