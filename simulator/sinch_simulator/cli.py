"""Runs the command line: finds the command, gives every flag an environment variable, tells mistakes in one line.

Exit codes: 0 fine, 1 what was checked failed, 2 used wrongly.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

COMMANDS = {
    "start": "sinch_simulator.commands.start",
    "tail": "sinch_simulator.commands.tail",
    "phone": "sinch_simulator.commands.phone",
    "calls": "sinch_simulator.commands.calls",
    "numbers": "sinch_simulator.commands.numbers",
    "show": "sinch_simulator.commands.show",
    "clock": "sinch_simulator.commands.clock",
    "resend": "sinch_simulator.commands.resend",
    "check-signature": "sinch_simulator.commands.check_signature",
    "call": "sinch_simulator.commands.call",
    "lint": "sinch_simulator.commands.lint",
    "run": "sinch_simulator.commands.run",
    "exec": "sinch_simulator.commands.exec",
    "scenario": "sinch_simulator.commands.scenario",
}


class Command(click.Command):
    """A command whose every flag is an environment variable too.

    ``--some-flag`` of ``start`` is ``SINCH_SIMULATOR_SOME_FLAG``, of ``run`` it is ``SINCH_SIMULATOR_RUN_SOME_FLAG``.
    A variable that an option names itself counts as well.
    """

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Names the variables first; a flag that was typed wins over its variable."""
        group = parent.info_name if parent is not None and parent.parent is not None else None
        owner = "" if info_name == "start" else f"{group}_{info_name}_" if group else f"{info_name}_"
        for parameter in self.params:
            if isinstance(parameter, click.Option) and not parameter.show_envvar:
                flag = max(parameter.opts, key=len)
                own = f"SINCH_SIMULATOR_{owner}{flag.lstrip('-')}".upper().replace("-", "_")
                parameter.envvar = [own, *([parameter.envvar] if isinstance(parameter.envvar, str) else [])]
                parameter.show_envvar = True
        return super().make_context(info_name, args, parent, **extra)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for: ``COMMANDS`` says where they live."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Lists the names, in the order of the table."""
        return list(COMMANDS)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command that is asked for; one that is not there is told with the one that is meant."""
        name = arguments[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, 1)
            meant = f"did you mean {close[0]}?" if close else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"{name}: there is no such command; {meant}", context)
        return super().resolve_command(context, arguments)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Finds the attribute ``command`` of the command's module; None for a name that is not in the table."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[name]).command
        return command


def _print_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from sinch_simulator import __version__

        click.echo(f"sinch-simulator {__version__}")
        context.exit()


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
@click.pass_context
def group(context: click.Context) -> None:
    """A local simulator of the Sinch platform."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and gives its exit code; an error is one line on stderr."""
    try:
        code = group.main(args=arguments, prog_name="sinch-simulator", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)  # a group without a command: its help
        return 2
    except click.ClickException as error:
        click.echo(_one_line(error), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Whoever read our output has left (`| head`). Nothing more can be said; keep the interpreter from trying.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code if isinstance(code, int) else 0


def _one_line(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "sinch-simulator"
    message = " ".join(error.format_message().split())
    see = f" (see {command} --help)" if isinstance(error, click.UsageError) and "--help" not in message else ""
    return f"{command}: {message}{see}"
