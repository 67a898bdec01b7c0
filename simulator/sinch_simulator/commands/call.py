"""``sinch-simulator call``: place one call, watch it climb down its ladder, say how it went."""

import json
import re

import click

from sinch_simulator.cli import Command


@click.command(cls=Command)
@click.option("--from", "source", metavar="+E164", help="Who calls.  [default: +46700000001; a callout: our number]")
@click.option(
    "--to", "destination", metavar="ADDRESS", help="Who is called.  [default: our number; a callout: +14045550199]"
)
@click.option("--callout", is_flag=True, help="The app calls out, by the REST API, instead of being called.")
@click.option(
    "--press", "digits", default="1", show_default=True, metavar="DIGITS", help="Keys pressed once a menu opens."
)
@click.option("--text", help="What a callout reads out (a ttsCallout); without it, it is a customCallout.")
@click.option("--callback-url", metavar="URL", help="Your webhook.  [default: a bundled sample]")
@click.option("--simulator", metavar="URL", help="A simulator that runs.  [default: one is started for this call]")
@click.option("--application", metavar="KEY:SECRET", help="The application.  [default: the simulator's first]")
@click.option(
    "--clock", type=click.Choice(["realtime", "manual", "auto"]), default="auto", show_default=True,
    help="Of the simulator that is started. With manual, the command itself advances time.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Of the simulator that is started.")
@click.option("--json", "as_json", is_flag=True, help="One document, {call, callbacks}, when it is over.")
@click.pass_context
def command(
    context: click.Context,
    *,
    source: str | None,
    destination: str | None,
    callout: bool,
    digits: str,
    text: str | None,
    callback_url: str | None,
    simulator: str | None,
    application: str | None,
    clock: str,
    seed: int,
    as_json: bool,
) -> int:
    """Place one call and print its ladder while it happens.

    Without --simulator and --callback-url nothing else is needed: a simulator and a sample webhook are started for this
    one call. Exit 0 when it went well, 1 when a callback or the call failed.
    """
    _refuse_what_contradicts_itself(context, digits=digits, text=text, callout=callout, simulator=simulator)
    import asyncio

    from sinch_simulator.commands import placing
    from sinch_simulator.config import ClockMode, ConfigError

    try:
        order = placing.Order(
            source=source,
            destination=destination,
            callout=callout,
            digits=digits,
            text=text,
            callback_url=callback_url,
            simulator=simulator,
            application=application,
            clock=ClockMode(clock),
            seed=seed,
        )
        say = (lambda line: None) if as_json else click.echo
        call, callbacks = asyncio.run(placing.place_and_watch(order, say))
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    except placing.Refused as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps({"call": call, "callbacks": callbacks}))
    return 1 if placing.went_wrong(call, callbacks) else 0


def _refuse_what_contradicts_itself(
    context: click.Context, *, digits: str, text: str | None, callout: bool, simulator: str | None
) -> None:
    if not re.fullmatch(r"[0-9*#w]*", digits):
        raise click.BadParameter("expected keys 0-9 * #, and w for a pause", param_hint="--press")
    if text is not None and not callout:
        raise click.UsageError("--text: only a callout reads a text out; add --callout")
    typed = click.core.ParameterSource.COMMANDLINE
    for flag in ("clock", "seed"):
        if simulator and context.get_parameter_source(flag) is typed:
            raise click.UsageError(f"--{flag}: the simulator at --simulator has its own")
