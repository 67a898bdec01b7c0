"""``sinch-simulator exec``: run a command whose requests to the platform's production hosts reach a simulator."""

import copy
import os
from typing import Any

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands import start
from sinch_simulator.commands.server_flags import read_config

_NOT_OF_EXEC = ("as_json", "log_format", "port", "quiet")


@click.command(cls=Command, context_settings={"allow_interspersed_args": False})
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="The port; 0 takes a free one."
)
@click.option("--strict", is_flag=True, help="Close everything but this machine: other hosts too.")
@click.option(
    "--unconfined",
    is_flag=True,
    help="Without the namespace and the connection filter of Linux: for commands that need sudo and its like.",
)
@click.option("--ladder", is_flag=True, help="At the end, show each call line by line.")
@click.option("--page", is_flag=True, help="Say where the page is, and serve it until Ctrl-C after the command's end.")
@click.option("--quiet", is_flag=True, help="Do not sum up at the end.")
@click.argument("arguments", metavar="COMMAND [ARG]...", nargs=-1, required=True, type=click.UNPROCESSED)
def command(
    *,
    arguments: tuple[str, ...],
    strict: bool,
    unconfined: bool,
    ladder: bool,
    page: bool,
    quiet: bool,
    **flags: Any,  # of start, whose business they are
) -> int:
    """Run a command as it is, production hosts and all, against a simulator.

    Its requests to Sinch's hosts reach a simulator that is started for it; the real hosts are out of reach while it
    runs. Its exit code, streams and signals are its own. The credentials of the default application are in its
    environment; those that are there already are taken over.
    """
    if os.name != "posix":
        raise click.ClickException("exec runs on Linux and macOS, and under WSL on Windows")
    from sinch_simulator.intercept.command import Signals

    signals = Signals()
    signals.hold()
    config = read_config(flags, log_format="text")
    import asyncio

    from sinch_simulator.server.process import collect_nothing_yet

    collect_nothing_yet()
    from sinch_simulator.commands.exec_run import Order, run_command

    order = Order(
        arguments=arguments, strict=strict, confined=not unconfined, ladder=ladder, page=page, quiet=quiet
    )
    return asyncio.run(run_command(order, config, start.phones_of(config), signals))


def _options() -> list[click.Parameter]:
    """Those of start and our own; each with a variable of this command."""
    theirs = [copy.copy(each) for each in start.command.params if each.name not in _NOT_OF_EXEC]
    options: list[click.Parameter] = [*command.params, *theirs]
    for option in options:
        if isinstance(option, click.Option) and option.opts:
            flag = max(option.opts, key=len).lstrip("-")
            option.envvar = "SINCH_SIMULATOR_EXEC_" + flag.upper().replace("-", "_")
            option.show_envvar = True
    return options


command.params = _options()
