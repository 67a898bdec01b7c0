"""``sinch-simulator clock``: looks at the time of a simulator that runs, changes how it passes, lets it pass."""

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.running import Json, Running, in_running, of_a_running_simulator, print_json


@click.command(cls=Command)
@click.argument("mode", required=False, type=click.Choice(["realtime", "manual", "auto"]))
@click.option("--advance", type=float, metavar="SECONDS", help="Let so much simulated time pass, event by event.")
@click.option("--speed", type=float, metavar="X", help="Simulated seconds for each real one, under realtime.")
@of_a_running_simulator
def command(
    *, mode: str | None, advance: float | None, speed: float | None, url: str, key: str | None, as_json: bool
) -> int:
    """Show the clock of a running simulator; with MODE, --speed or --advance, change it first."""
    wanted = {name: value for name, value in (("mode", mode), ("speed", speed)) if value is not None}

    async def change(running: Running) -> Json:
        if wanted:
            await running.control("PUT", "/clock", wanted)
        if advance is not None:
            await running.control("POST", "/clock/advance", {"seconds": advance})
        return await running.control("GET", "/clock")

    clock = in_running(url, key, change)
    if as_json:
        print_json(clock)
        return 0
    pace = f", {clock['speed']:g} times as fast" if clock["mode"] == "realtime" and clock["speed"] != 1 else ""
    click.echo(f"{clock['now']}  {clock['mode']}{pace}")
    for reason in clock["waitingFor"]:
        click.echo(f"  stands still, waiting for {reason}")
    if clock.get("nextDue"):
        click.echo(f"  next something happens by itself at {clock['nextDue']}")
    return 0
