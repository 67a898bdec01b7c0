"""The flag ``--ca`` of every command that starts a simulator."""

import click


def _checked(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    if path is None:
        return None
    from sinch_simulator.server.trust import UntrustableError, trusting

    try:
        trusting(path)
    except UntrustableError as error:
        raise click.BadParameter(str(error), param_hint="--ca") from None
    return path


ca_option = click.option(
    "--ca", "ca_file", metavar="FILE", callback=_checked,
    help="Trust these certificates (PEM) too: of apps, streams, files and stores.",
)  # fmt: skip
