"""``sinch-simulator calls``: the calls of a simulator that runs, as a table."""

from collections import Counter

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

    async def get(running: Running) -> tuple[Json, list[Json]]:
        if as_json:
            return await running.control("GET", "/calls", None, **wanted), []
        calls = await running.control("GET", "/calls", None, timeline="false", **wanted)
        return calls, (await running.control("GET", "/diagnostics"))["diagnostics"]

    answer, findings = in_running(url, key, get)
    if as_json:
        print_json(answer)
    elif answer["calls"]:
        found = Counter((finding.get("callId"), finding["severity"]) for finding in findings)
        for line in table([row(call, found) for call in answer["calls"]]):
            click.echo(line)
    else:
        click.echo("no call yet: `sinch-simulator phone +46700000001 dial` makes one come in", err=True)
    return 0


def row(call: Json, findings: "Counter[tuple[str | None, str]]") -> list[str]:
    """A call as the columns of a table; ``findings`` are counted by call and severity."""
    from sinch_simulator.client.ended_calls import result_of

    final = call["status"] == "FINAL"
    state = ", ".join(result_of(call)) if final else call["state"].replace("_", " ").lower()
    counted = [(findings[call["callId"], word], word) for word in ("error", "warning")]
    found = ", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in counted if count)
    duration = f"{call['duration']} s" if call["duration"] is not None else ""
    source = "app" if call["origin"] == "callout" else call["from"] or "?"
    target = f"-> {call['dialled'] or call['to'] or ''}"
    return [call["callId"][:SHORT_ID], call["startedAt"][11:19], source, target, state, duration, found]


def table(rows: list[list[str]]) -> list[str]:
    """Rows as lines whose columns begin below each other."""
    from sinch_simulator.ladder.steps import printable

    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        printable("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        for row in rows
    ]
