"""``sinch-simulator calls``: the calls of a simulator that runs, as a table."""

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.running import Json, Running, in_running, of_a_running_simulator, print_json

SHORT_ID = 8


@click.command(cls=Command)
@click.option("--status", type=click.Choice(["ONGOING", "FINAL"]), help="Only these.")
@of_a_running_simulator
def command(*, status: str | None, url: str, key: str | None, as_json: bool) -> int:
    """List the calls of a running simulator, oldest first.

    The first column is the beginning of the id: enough for `sinch-simulator show`.
    """

    wanted = {} if status is None else {"status": status}

    async def get(running: Running) -> Json:
        return await running.control("GET", "/calls", None, **wanted)

    answer = in_running(url, key, get)
    if as_json:
        print_json(answer)
    elif answer["calls"]:
        for line in table([row(call) for call in answer["calls"]]):
            click.echo(line)
    else:
        click.echo("no call yet: `sinch-simulator phone +46700000001 dial` makes one come in", err=True)
    return 0


def row(call: Json) -> list[str]:
    """A call as the columns of a table."""
    final = call["status"] == "FINAL"
    state = f"{call['result']}, {call['reason']}" if final else call["state"].replace("_", " ").lower()
    findings = [entry["severity"] for entry in call["timeline"] if entry["kind"] == "diagnostic"]
    counted = [(findings.count(word), word) for word in ("error", "warning")]
    found = ", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in counted if count)
    duration = f"{call['duration']} s" if call["duration"] is not None else ""
    begun: Json = next(iter(call["timeline"]), {})
    source, target = begun.get("from") or call["from"] or "app", begun.get("to") or call["to"] or ""
    return [call["callId"][:SHORT_ID], call["startedAt"][11:19], source, f"-> {target}", state, duration, found]


def table(rows: list[list[str]]) -> list[str]:
    """Rows as lines whose columns begin below each other."""
    from sinch_simulator.ladder.steps import printable

    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        printable("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        for row in rows
    ]
