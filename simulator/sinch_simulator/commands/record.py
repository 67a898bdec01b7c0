"""Writes what happened in an application as a scenario file: ``sinch-simulator run --record``."""

import asyncio
from pathlib import Path

import click

from sinch_scenarios.playing.player import Afterwards
from sinch_scenarios.playing.recording import record
from sinch_scenarios.playing.session import SessionOptions
from sinch_simulator.client.control import ApplicationClient
from sinch_simulator.client.errors import Refused


def recording_to(path: str) -> Afterwards:
    """Gives a function that writes what happened in an application to this file."""

    async def write(application: ApplicationClient) -> None:
        await _write(application, path)

    return write


async def record_what_happened(options: SessionOptions, path: str) -> int:
    """Writes down the calls of an application of a running simulator: the named one, else the first."""
    async with options.open() as session:
        wanted = None if options.application is None else options.application.key
        there = await session.client.applications()
        found = next((each for each in there if wanted in (None, each["key"])), None)
        if found is None:
            raise Refused(f"the simulator has no application {wanted or 'at all'}")
        await _write(ApplicationClient.of(session.client, found), path)
    return 0


async def _write(application: ApplicationClient, path: str) -> None:
    file = Path(path)
    text = await record(application, file.stem)
    try:
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"--record: {path} cannot be written: {error.strerror}") from None
