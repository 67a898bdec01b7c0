"""``sinch-simulator show``: one call of a simulator that runs, as its ladder or as a page."""

from pathlib import Path

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.calls import SHORT_ID, table
from sinch_simulator.commands.running import (
    Json,
    Running,
    complete_calls,
    in_running,
    of_a_running_simulator,
    print_json,
)

_QUIET_KINDS = frozenset({"state", "timer.fired"})


@click.command(cls=Command)
@click.argument("call", shell_complete=complete_calls)
@click.option("--html", metavar="FILE", help="Write it as a page that needs nothing else.")
@of_a_running_simulator
def command(*, call: str, html: str | None, url: str, key: str | None, as_json: bool) -> int:
    """Show what happened in a call, or a verification, of a running simulator, line by line.

    CALL is its id, or the beginning of it. Below stand its callbacks, by the ids that `resend` takes.
    """

    async def get(running: Running) -> tuple[Json, list[Json]]:
        found = await running.call(call)
        answer = await running.client.ask("GET", "/_simulator/callbacks", query=_query(found))
        return found, answer["callbacks"]

    found, callbacks = in_running(url, key, get)
    if html is not None:
        _write(Path(html), found, callbacks)
    if as_json:
        print_json({"call": found, "callbacks": callbacks})
    elif html is not None:
        click.echo(f"written to {html}")
    else:
        _print(found, callbacks)
    return 0


def _query(call: Json) -> dict[str, str]:
    """Finds the callbacks of a call; those of a verification are about it, whether or not it rings."""
    of_verification = call["origin"].startswith("verification")
    return {"verificationId" if of_verification else "callId": call["callId"]}


def _write(file: Path, call: Json, callbacks: list[Json]) -> None:
    from sinch_simulator.ladder.page import call_part, heading, page

    title = f"Call {call['callId']}"
    try:
        file.write_text(page(title, [heading(title), call_part(call, callbacks)]), encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--html: cannot write {file}: {error.strerror}") from None


def _print(call: Json, callbacks: list[Json]) -> None:
    from sinch_simulator.client.ended_calls import result_of
    from sinch_simulator.ladder import render

    click.echo(render(entry for entry in call["timeline"] if entry["kind"] not in _QUIET_KINDS))
    click.echo("")
    if call["status"] == "FINAL":
        duration = "" if call["duration"] is None else f", {call['duration']} s"
        click.echo(f"{_word(call)} {call['callId']}: {', '.join(result_of(call))}{duration}")
    else:
        click.echo(f"{_word(call)} {call['callId']} is under way: {call['state'].replace('_', ' ').lower()}")
    if callbacks:
        click.echo("callbacks, for `sinch-simulator resend`:")
        for line in table([_callback_row(each) for each in callbacks]):
            click.echo(f"  {line}")


def _word(call: Json) -> str:
    return "verification" if call["origin"].startswith("verification by") else "call"


def _callback_row(callback: Json) -> list[str]:
    from sinch_simulator.ladder.steps import event_name

    return [_short(callback["id"]), event_name(callback), outcome_of(callback)]


def _short(callback_id: str) -> str:
    """The id of a callback as ``resend`` takes it: it begins with that of its call."""
    call_id, dot, number = callback_id.partition(".")
    return f"{call_id[:SHORT_ID]}{dot}{number}"


def outcome_of(callback: Json) -> str:
    """What came of a callback: ``200 in 4 ms``, ``timeout in 5000 ms``."""
    response, outcome = callback["response"], callback["outcome"]
    came = outcome if response is None else str(response["status"])
    why = f", {outcome}" if response is not None and outcome != "answered" else ""
    return f"{came} in {callback['latencyMs']} ms{why}"
