"""The flags ``--ca`` and ``--allow-host`` of every command that starts a simulator."""

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


def _read_hosts(context: click.Context, parameter: click.Parameter, patterns: tuple[str, ...]) -> tuple[str, ...]:
    if not patterns:
        return ()
    from sinch_simulator.config import ConfigError, refuse_hosts

    folded = tuple(pattern.lower() for pattern in patterns)
    try:
        refuse_hosts(folded)
    except ConfigError as error:
        raise click.UsageError(str(error), context) from None
    return folded


ca_option = click.option(
    "--ca", "ca_file", metavar="FILE", callback=_checked,
    help="Trust these certificates (PEM) too: of apps, streams, files and stores.",
)  # fmt: skip

allow_host_option = click.option(
    "--allow-host", "allow_hosts", metavar="PATTERN", multiple=True,
    callback=_read_hosts,
    help="A host that may be contacted besides this machine and the callback URLs given here; repeatable.",
)  # fmt: skip
