"""The flags of every command that starts a server, ``start`` and ``exec``: their one list, and what is made of them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sinch_simulator.commands.trust_option import allow_host_option, ca_option

if TYPE_CHECKING:
    from sinch_simulator.config import ServerConfig

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_LARGEST_SEED = 2**63 - 1

_OF_THE_DEFAULT_APPLICATION = (
    click.option("--callback-url", metavar="URL", help="Where the default application's callbacks go."),
    click.option("--fallback-url", metavar="URL", help="Where they go when the callback URL has failed."),
    click.option(
        "--callback-style",
        type=click.Choice(["single", "functions"]),
        default="single",
        show_default=True,
        help="functions: POST to URL/ice, URL/ace, URL/pie, URL/dice, URL/notify.",
    ),
    click.option(
        "--application", "applications", metavar="KEY:SECRET", multiple=True,
        help="Repeatable; the first is the default.",
    ),
    click.option(
        "--number", "numbers", metavar="+E164", multiple=True, help="A number of the default application; repeatable."
    ),
    click.option(
        "--project", metavar="PROJECT:KEYID:KEYSECRET", help="The default application's project, and its access key."
    ),
    click.option("--service-plan", metavar="PLAN:TOKEN", help="The default application's service plan of SMS."),
    click.option("--verification-callback-url", metavar="URL", help="Where events of Verification go."),
    click.option(
        "--verification-auth",
        type=click.Choice(["deny", "public", "basic", "application"]),
        default="public",
        show_default=True,
        help="The least authorization that starts a verification.",
    ),
    click.option("--sms-callback-url", metavar="URL", help="Where texts that come in, and delivery reports, go."),
    click.option("--classic-sms-callback-url", metavar="URL", help="Where texts to classic SMS go."),
    click.option("--webhook-url", metavar="URL", help="Of Voice v2: what decides about calls that come in."),
    click.option("--webhook-fallback-url", metavar="URL", help="Where they go when the webhook has failed."),
    click.option(
        "--protocol",
        type=click.Choice(["auto", "v1", "v2"]),
        default="auto",
        show_default=True,
        help="The Voice API of calls that come in; auto: v2 with --webhook-url, else v1.",
    ),
)
_OF_THE_SERVER = (
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on."),
    click.option(
        "--port", type=click.IntRange(0, 65535), default=7462, show_default=True, help="The port; 0 takes a free one."
    ),
    click.option(
        "--clock", type=click.Choice(["realtime", "manual", "auto"]), default="realtime", show_default=True,
        help="Who moves simulated time: the wall clock, you, or the simulator whenever nothing is under way.",
    ),
    click.option("--speed", type=float, default=1.0, show_default=True, help="Simulated seconds per real second."),
    click.option(
        "--callback-timeout", type=float, default=5.0, show_default=True, metavar="SECONDS",
        help="Real seconds in which the app must answer.",
    ),
    ca_option,
    allow_host_option,
    click.option(
        "--control-token", metavar="TOKEN",
        help="Asked of control requests.  [default: made and printed where other machines can reach --host, else none]",
    ),
    click.option("--s3-endpoint", metavar="URL", help="Where recordings for s3:// go; without it nowhere."),
    click.option("--azure-endpoint", metavar="URL", help="Where recordings for azure:// go; without it nowhere."),
    click.option("--scenario", "scenarios", metavar="FILE", multiple=True, help="Load this file's phones; repeatable."),
    click.option(
        "--seed", type=click.IntRange(0, _LARGEST_SEED), metavar="N",
        help="Call ids and random choices follow from it.  [default: drawn anew, and told]",
    ),
    click.option(
        "--now", metavar="TIME",
        help="Where the simulated clock begins (ISO 8601).  [default: the present under realtime, else a fixed moment]",
    ),
    click.option(
        "--keep-calls", type=click.IntRange(1), default=100_000, show_default=True, metavar="N",
        help="Finished calls, and their journal, that are kept; older ones are dropped.",
    ),
)


def server_options(command: Decorated) -> Decorated:
    """Gives a command the flags of a server, in the order in which its help lists them."""
    for option in reversed((*_OF_THE_DEFAULT_APPLICATION, *_OF_THE_SERVER)):
        command = option(command)
    return command


def read_config(flags: Mapping[str, Any], *, log_format: str) -> "ServerConfig":
    """Makes of these flags what a server is started with. Raises ``click.UsageError`` for what is not possible."""
    import os

    from attrs import fields_dict

    from sinch_simulator import config as settings

    rest = dict(flags)
    seed, now, pairs = rest.pop("seed"), rest.pop("now"), rest.pop("applications")
    try:
        server = {
            "clock": settings.ClockMode(rest.pop("clock")),
            "callback_timeout_s": rest.pop("callback_timeout"),
            "seed": _drawn_seed() if seed is None else seed,
            "begins_at_ms": None if now is None else settings.read_time(now, "--now"),
            "scenario_files": rest.pop("scenarios"),
            "log_format": settings.LogFormat(log_format),
            **{name: rest.pop(name) for name in fields_dict(settings.ServerConfig) if name in rest},
        }
        return settings.ServerConfig(applications=settings.read_applications(pairs, os.environ, **rest), **server)
    except settings.ConfigError as error:
        raise click.UsageError(str(error)) from None


def _drawn_seed() -> int:
    """Draws a seed, so that an app with a database does not take the calls of today for those of yesterday."""
    import os

    return int.from_bytes(os.urandom(4), "big") % 1_000_000_000
