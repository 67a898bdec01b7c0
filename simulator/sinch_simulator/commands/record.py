"""What ``run --record`` does: writes what happened as a scenario file."""

import asyncio
from pathlib import Path

import click

from sinch_scenarios.playing.player import Afterwards
from sinch_scenarios.playing.recorder import record
from sinch_scenarios.playing.session import Doors
from sinch_simulator.client.control import Lodger, Refused


def recording_to(path: str) -> Afterwards:
    """Writes what happened in an application to this file."""

    async def write(lodger: Lodger) -> None:
        await _write(lodger, path)

    return write


async def record_what_happened(doors: Doors, path: str) -> int:
    """Write down the calls of an application of a running simulator: the named one, else the first."""
    async with doors as hall:
        there = (await hall.client.ask("GET", "/_simulator/applications"))["applications"]
        wanted = None if doors.application is None else doors.application.key
        found = next((each for each in there if wanted in (None, each["key"])), None)
        if found is None:
            raise Refused(f"the simulator has no application {wanted or 'at all'}")
        await _write(Lodger(hall.client, found["key"], found["secret"], tuple(found["numbers"])), path)
    return 0


async def _write(lodger: Lodger, path: str) -> None:
    file = Path(path)
    text = await record(lodger, file.stem)
    try:
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"--record: {path} cannot be written: {error.strerror}") from None
