"""``sinch-simulator resend``: sends a callback to the app again."""

from urllib.parse import quote

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.running import Json, Running, in_running, of_a_running_simulator, print_json
from sinch_simulator.commands.show import outcome_of


@click.command(cls=Command)
@click.argument("callback")
@of_a_running_simulator
def command(*, callback: str, url: str, key: str | None, as_json: bool) -> int:
    """Send a callback again: the same body, signed afresh; no call hears of the answer.

    CALLBACK is its id, or the beginning of its call's with the number: c1b9fd77.2, as `sinch-simulator show` has it.
    Exit 0 when the app answered it well, 1 when it did not.
    """

    async def send(running: Running) -> Json:
        callback_id = await _find(running, callback)
        return await running.client.ask("POST", f"/_simulator/callbacks/{quote(callback_id, safe='')}/redeliver")

    from sinch_simulator.ladder.steps import event_name

    sent = in_running(url, key, send)
    if as_json:
        print_json(sent)
    else:
        click.echo(f"{event_name(sent)} to {sent['url']}: {outcome_of(sent)}")
        for found in sent["diagnostics"]:
            click.echo(f"  {found['severity']} {found['code']}: {found['message']} {found['hint']}".rstrip())
    return 0 if sent["outcome"] == "answered" else 1


async def _find(running: Running, name: str) -> str:
    """The id of the callback that is meant. Raises ``click.ClickException``."""
    call, dot, number = name.partition(".")
    listed = (await running.control("GET", "/callbacks"))["callbacks"]
    ids: list[str] = [each["id"] for each in listed]
    if name in ids:
        return name
    found = [each for each in ids if dot and each.startswith(call) and each.endswith(dot + number)]
    if len(found) == 1:
        return found[0]
    if found:
        raise click.ClickException(f"{len(found)} callbacks are named like {name!r}; give more of the id")
    raise click.ClickException(f"there is no callback {name!r}; `sinch-simulator show CALL` lists those of a call")
