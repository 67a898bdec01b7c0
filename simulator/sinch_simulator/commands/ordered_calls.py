"""Runs ``sinch-simulator run --calls-on-stdin``: a load engine says which calls are played, and when.

A line on stdin is the number of a call; a line on stdout is what came of a world of some calls, as JSON. The end of
stdin is the end of the orders: what is under way is played to its end. docs/load.md has the form of the lines.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Sequence

import click

from sinch_scenarios.language.model import Scenario
from sinch_scenarios.load.run import Players, play_ordered
from sinch_scenarios.load.tally import Tally, tally_json
from sinch_scenarios.load.worlds import LoadWorlds, WorldResult
from sinch_scenarios.playing.session import SessionOptions
from sinch_simulator.server import descriptors
from sinch_simulator.server.process import collect_rarely

_CHUNK = 65_536


async def play_orders(scenario: Scenario, options: SessionOptions, *, seed: int) -> int:
    """Plays what is ordered. Exit code 0, whatever became of the calls: whoever orders them judges."""
    assert scenario.population is not None
    collect_rarely()
    async with options.open() as session:
        players = Players(scenario.population, seed, LoadWorlds(session, scenario, seed).open)
        await play_ordered(players, _orders(), _tell, one_world=session.application is not None)
    return descriptors.EXIT_CODE if descriptors.were_too_few() else 0


def _tell(numbers: Sequence[int], result: WorldResult, tally: Tally) -> None:
    callbacks = [[told.event, told.outcome, told.latency_ms] for told in result.callbacks]
    sys.stdout.write(json.dumps({"numbers": [*numbers], "callbacks": callbacks, "tally": tally_json(tally)}) + "\n")
    sys.stdout.flush()


async def _orders() -> AsyncIterator[list[int]]:
    """Gives the numbers that have come in since it was last asked, until stdin ends."""
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        chunk = b"-"
        while chunk:
            chunk = os.read(sys.stdin.fileno(), _CHUNK)
            try:
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)
            except RuntimeError:  # the run is over, whatever else is ordered
                return

    # A thread, because a pipe, a file and a terminal are all read this way; it never keeps the process from ending.
    threading.Thread(target=read, name="orders", daemon=True).start()
    begun = b""
    while chunk := await chunks.get():
        parts = [begun, chunk]
        while not chunks.empty() and parts[-1]:
            parts.append(chunks.get_nowait())
        *lines, begun = b"".join(parts).split(b"\n")
        if numbers := [_number(line) for line in lines if line.strip()]:
            yield numbers
        if not parts[-1]:
            break
    if begun.strip():
        yield [_number(begun)]


def _number(line: bytes) -> int:
    text = line.decode(errors="replace").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise click.ClickException(f"stdin: {text!r} is no number of a call; expected a whole number in each line")
    return int(text)
