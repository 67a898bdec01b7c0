"""``sinch-simulator tail``: shows calls of a simulator that runs elsewhere, as they happen, across its restarts."""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from sinch_simulator.cli import Command
from sinch_simulator.commands.running import (
    Json,
    Running,
    complete_calls,
    given_token,
    in_running,
    of_a_running_simulator,
    why_refused,
)

if TYPE_CHECKING:
    from sinch_simulator.client.event_stream import Batch
    from sinch_simulator.commands.terminal import Look
    from sinch_simulator.ladder.live import LiveLines

TOGETHER_S = 0.03
"""How long lines are waited for that belong to one that has come."""
LOOK_AGAIN_S = 0.5
"""How often it is tried whether the simulator is back."""



@click.command(cls=Command)
@click.option("--call", metavar="ID", shell_complete=complete_calls, help="Only this call.")
@click.option(
    "--event", "names", metavar="NAME", multiple=True,
    help="Only these: a callback (ice, pie), a kind of line (prompt.started) or a family (callback); repeatable.",
)  # fmt: skip
@of_a_running_simulator
def command(*, call: str | None, names: tuple[str, ...], url: str, key: str | None, as_json: bool) -> int:
    """Show calls of a running simulator as they happen, like `start` does.

    It goes on when the simulator has gone and come back. With --json each line is an entry of the journal. Ctrl-C ends.
    """
    for name in names:
        _check_name(name)

    async def find(running: Running) -> str | None:
        if call is None:  # still, a simulator has to be there
            await running.control("GET", "/clock")
            return None
        return str((await running.call(call))["callId"])

    call_id = in_running(url, key, find)
    about = {"application": key, "callId": call_id}
    query = {name: value for name, value in about.items() if value is not None}
    return _follow(url.rstrip("/"), query, _Shown(names, as_json), given_token())


def _follow(url: str, query: Mapping[str, str], shown: "_Shown", token: str | None) -> int:
    import asyncio

    from sinch_simulator.client.errors import Refused

    try:
        asyncio.run(_follow_for_ever(url, query, shown, token))
    except Refused as error:
        raise click.ClickException(why_refused(error, url)) from None
    return 0


async def _follow_for_ever(url: str, query: Mapping[str, str], shown: "_Shown", token: str | None) -> None:
    """Shows what happens, now and after each loss of the simulator. Raises ``Refused`` when it refuses."""
    import asyncio

    from sinch_simulator.client.errors import Refused
    from sinch_simulator.client.event_stream import batches

    welcome: str | None = f"following {url} (Ctrl-C ends)"
    while True:
        try:
            async for batch in _joined(batches(url, query, shown.position, token)):
                if welcome is not None:
                    click.echo(welcome, err=True)
                    welcome = None
                shown.tell(batch)
        except Refused as error:
            if error.status and not (error.status == 404 and shown.position is not None):
                raise  # what was followed once may be made again: an application of a test, or a call
        if welcome is None:
            welcome = f"the simulator at {url} is back"
            click.echo(f"the simulator at {url} has gone; waiting for it to come back (Ctrl-C ends)", err=True)
        await asyncio.sleep(LOOK_AGAIN_S)


async def _joined(parts: "AsyncIterator[Batch]") -> "AsyncIterator[Batch]":
    """Gives batches that come within a moment as one: a callback and its quick answer are to be one line.

    What has come before a loss is given before the loss is raised.
    """
    import asyncio

    from sinch_simulator.client.errors import Refused
    from sinch_simulator.client.event_stream import Batch

    came: asyncio.Queue[Batch | Refused | None] = asyncio.Queue()

    async def take() -> None:
        try:
            async for part in parts:
                came.put_nowait(part)
            came.put_nowait(None)
        except Refused as error:
            came.put_nowait(error)

    task = asyncio.create_task(take())
    try:
        while True:
            together = [await came.get()]
            await asyncio.sleep(TOGETHER_S)
            while not came.empty():
                together.append(came.get_nowait())
            found = [each for each in together if isinstance(each, Batch)]
            if found:
                yield Batch(found[-1].position, tuple(entry for each in found for entry in each.entries))
            if isinstance(together[-1], Refused):
                raise together[-1]
            if together[-1] is None:
                return
    finally:
        task.cancel()


@dataclass
class _Shown:
    """What of the journal is shown, how, and up to where it has been."""

    names: tuple[str, ...]
    as_json: bool
    position: str | None = None
    _lines: "LiveLines | None" = field(default=None, init=False)
    _look: "Look | None" = field(default=None, init=False)

    def tell(self, batch: "Batch") -> None:
        """Prints the lines of a batch; a simulator that was started anew counts its calls anew."""
        if self.position is not None and self.position.partition("-")[0] != batch.position.partition("-")[0]:
            self._lines = None
        self.position = batch.position
        for line in self._written([entry for entry in batch.entries if self._wanted(entry)]):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def _written(self, entries: list[Json]) -> list[str]:
        if self.as_json:
            return [json.dumps(entry, ensure_ascii=False) for entry in entries]
        from sinch_simulator.commands.terminal import Look
        from sinch_simulator.ladder.live import LiveLines

        self._look = self._look or Look.on(sys.stdout)
        self._lines = self._lines or LiveLines()
        return [text for line in self._lines.of(entries) for text in self._look.shown(line)]

    def _wanted(self, entry: Json) -> bool:
        kind, event = entry["kind"], entry.get("event")
        return not self.names or any(name in (kind, event) or kind.startswith(f"{name}.") for name in self.names)


def _check_name(name: str) -> None:
    """Raises ``click.UsageError`` for a name that no line of a journal has."""
    from sinch_simulator.core.schema.words import did_you_mean, shown
    from sinch_simulator.ladder.steps import KINDS
    from sinch_simulator.server.products import PRODUCTS

    families = {kind.partition(".")[0] for kind in KINDS}
    events = [event for product in PRODUCTS for event in product.events]
    known = {*events, *KINDS, *families}
    if name not in known and not any(product.sends(name) for product in PRODUCTS):
        there = f"there are {', '.join((*events, *sorted(families)))}, and kinds such as prompt.started"
        raise click.UsageError(f"--event: {shown(name)} is not known; {did_you_mean(name, sorted(known)) or there}")
