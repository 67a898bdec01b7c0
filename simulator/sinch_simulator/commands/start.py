"""Serves until somebody says stop, and tells what happens meanwhile: ``sinch-simulator start``."""

import json
import signal
import sys
from typing import TYPE_CHECKING

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.trust_option import allow_host_option, ca_option

if TYPE_CHECKING:
    from sinch_simulator.commands.log import Log
    from sinch_simulator.commands.screen import Screen
    from sinch_simulator.config import ApplicationConfig, ServerConfig
    from sinch_simulator.phones.behaviour import Persona
    from sinch_simulator.server.worlds import World, Worlds

    Phones = dict[str, Persona]

LARGEST_SEED = 2**63 - 1


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7462, show_default=True, help="The port; 0 takes a free one."
)
@click.option("--callback-url", metavar="URL", help="Where the default application's callbacks go.")
@click.option("--fallback-url", metavar="URL", help="Where they go when the callback URL has failed.")
@click.option(
    "--callback-style",
    type=click.Choice(["single", "functions"]),
    default="single",
    show_default=True,
    help="functions: POST to URL/ice, URL/ace, URL/pie, URL/dice, URL/notify.",
)
@click.option(
    "--application", "applications", metavar="KEY:SECRET", multiple=True, help="Repeatable; the first is the default."
)
@click.option(
    "--number", "numbers", metavar="+E164", multiple=True, help="A number of the default application; repeatable."
)
@click.option(
    "--clock", type=click.Choice(["realtime", "manual", "auto"]), default="realtime", show_default=True,
    help="Who moves simulated time: the wall clock, you, or the simulator whenever nothing is under way.",
)  # fmt: skip
@click.option("--speed", type=float, default=1.0, show_default=True, help="Simulated seconds per real second.")
@click.option(
    "--callback-timeout", type=float, default=5.0, show_default=True, metavar="SECONDS",
    help="Real seconds in which the app must answer.",
)
@ca_option
@allow_host_option
@click.option(
    "--control-token", metavar="TOKEN",
    help="Asked of control requests.  [default: made and printed where other machines can reach --host, else none]",
)
@click.option("--s3-endpoint", metavar="URL", help="Where recordings for s3:// go; without it nowhere.")
@click.option("--azure-endpoint", metavar="URL", help="Where recordings for azure:// go; without it nowhere.")
@click.option("--scenario", "scenarios", metavar="FILE", multiple=True, help="Load this file's phones; repeatable.")
@click.option(
    "--seed", type=click.IntRange(0, LARGEST_SEED), metavar="N",
    help="Call ids and random choices follow from it.  [default: drawn anew, and told]",
)  # fmt: skip
@click.option(
    "--now", metavar="TIME",
    help="Where the simulated clock begins (ISO 8601).  [default: the present under realtime, else a fixed moment]",
)  # fmt: skip
@click.option(
    "--keep-calls", type=click.IntRange(1), default=100_000, show_default=True, metavar="N",
    help="Finished calls, and their journal, that are kept; older ones are dropped.",
)  # fmt: skip
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
    host: str,
    port: int,
    callback_url: str | None,
    fallback_url: str | None,
    callback_style: str,
    applications: tuple[str, ...],
    numbers: tuple[str, ...],
    clock: str,
    speed: float,
    callback_timeout: float,
    ca_file: str | None,
    allow_hosts: tuple[str, ...],
    control_token: str | None,
    s3_endpoint: str | None,
    azure_endpoint: str | None,
    scenarios: tuple[str, ...],
    seed: int | None,
    now: str | None,
    keep_calls: int,
    quiet: bool,
    as_json: bool,
    log_format: str,
) -> int:
    """Start the simulator and serve until it is stopped (Ctrl-C).

    Of the environment, SINCH_APPLICATION_KEY and SINCH_APPLICATION_SECRET make the default application when no
    --application is given. Repeatable flags take several values from their variable, separated by spaces.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _leave)
    config = read_config(
        host=host,
        port=port,
        callback_url=callback_url,
        fallback_url=fallback_url,
        callback_style=callback_style,
        applications=applications,
        numbers=numbers,
        clock=clock,
        speed=speed,
        callback_timeout=callback_timeout,
        ca_file=ca_file,
        allow_hosts=allow_hosts,
        control_token=control_token,
        s3_endpoint=s3_endpoint,
        azure_endpoint=azure_endpoint,
        scenarios=scenarios,
        seed=seed,
        now=now,
        log_format=log_format,
        keep_calls=keep_calls,
    )
    from sinch_simulator.server.process import collect_nothing_yet, run

    collect_nothing_yet()
    return run(_serve(config, phones_of(config), quiet=quiet, as_json=as_json))


def read_config(
    *,
    host: str,
    port: int,
    callback_url: str | None,
    fallback_url: str | None,
    callback_style: str,
    applications: tuple[str, ...],
    numbers: tuple[str, ...],
    clock: str,
    speed: float,
    callback_timeout: float,
    ca_file: str | None,
    allow_hosts: tuple[str, ...],
    control_token: str | None,
    s3_endpoint: str | None,
    azure_endpoint: str | None,
    scenarios: tuple[str, ...],
    seed: int | None,
    now: str | None = None,
    log_format: str,
    keep_calls: int | None = None,
) -> "ServerConfig":
    """Makes of the flags what a server is started with. Raises ``click.UsageError`` for what is not possible."""
    from sinch_simulator import config as settings

    try:
        return settings.ServerConfig(
            host=host,
            port=port,
            applications=_applications(applications, numbers, callback_url, fallback_url, callback_style),
            clock=settings.ClockMode(clock),
            speed=speed,
            callback_timeout_s=callback_timeout,
            ca_file=ca_file,
            seed=drawn_seed() if seed is None else seed,
            begins_at_ms=None if now is None else settings.read_time(now, "--now"),
            scenario_files=scenarios,
            allow_hosts=allow_hosts,
            control_token=control_token,
            s3_endpoint=s3_endpoint,
            azure_endpoint=azure_endpoint,
            log_format=settings.LogFormat(log_format),
            keep_calls=keep_calls,
        )
    except settings.ConfigError as error:
        raise click.UsageError(str(error)) from None


def _applications(
    pairs: tuple[str, ...],
    numbers: tuple[str, ...],
    callback_url: str | None,
    fallback_url: str | None,
    callback_style: str,
) -> "tuple[ApplicationConfig, ...]":
    """Reads the applications of the flags, else of the environment. Raises ``ConfigError``."""
    import os

    from sinch_simulator.config import read_applications
    from sinch_simulator.core.application import CallbackStyle

    return read_applications(
        pairs,
        key=os.environ.get("SINCH_APPLICATION_KEY"),
        secret=os.environ.get("SINCH_APPLICATION_SECRET"),
        numbers=numbers,
        callback_url=callback_url,
        fallback_url=fallback_url,
        callback_style=CallbackStyle(callback_style),
    )


def drawn_seed() -> int:
    """Draws a seed, so that an app with a database does not take the calls of today for those of yesterday."""
    import os

    return int.from_bytes(os.urandom(4), "big") % 1_000_000_000


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


def _ready_line(config: "ServerConfig", url: str, token: str | None) -> str:
    applications = [
        {
            "key": application.key,
            "secret": application.secret,
            "numbers": list(application.numbers),
            "callbackUrl": application.callback_url,
            "fallbackUrl": application.fallback_url,
            "world": "default",
        }
        for application in config.applications
    ]
    ready = {"url": url, "applications": applications, "seed": config.seed}
    return json.dumps(ready if token is None else {**ready, "controlToken": token})


def _where_callbacks_go(application: "ApplicationConfig") -> str:
    """Names the callback URL, and says so when it or the fallback URL is not on this machine."""
    from urllib.parse import urlsplit

    from sinch_simulator.core.allowed_hosts import is_own

    if application.callback_url is None:
        return "nowhere yet: start with --callback-url URL"
    hosts = (urlsplit(url).hostname or "" for url in (application.callback_url, application.fallback_url) if url)
    outside = ", ".join(dict.fromkeys(host for host in hosts if not is_own(host)))
    return f"{application.callback_url}{f' (leaving this machine for {outside})' if outside else ''}"


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
    default = config.applications[0]
    callbacks = _where_callbacks_go(default)
    return "\n".join(
        [
            f"sinch-simulator is serving ({config.clock.value} clock). Ctrl-C stops it.",
            "",
            f"  base URL            {url}",
            f"  page                {url}/ in a browser: watch calls, be a phone",
            f"  application key     {default.key}",
            f"  application secret  {default.secret}",
            f"  number              {', '.join(default.numbers)}",
            f"  callbacks go to     {callbacks}",
            *_whom_it_is_open_to(config, url, token),
            f"  seed                {config.seed}: start with --seed {config.seed} for the same ids again",
            "",
        ]
    )
