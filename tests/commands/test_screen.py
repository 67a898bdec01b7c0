"""What ``start`` shows while it serves, and that it never shows more than anybody can read."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sinch_simulator.commands.line_writer import LineWriter
from sinch_simulator.commands.screen import MOST_ENTRIES, Screen
from sinch_simulator.commands.terminal import Look
from sinch_simulator.config import LogFormat, ServerConfig
from sinch_simulator.server.app import SimulatorServer
from sinch_simulator.server.worlds import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    server = SimulatorServer(ServerConfig(port=0))
    await server.start()
    yield server.worlds.default
    await server.stop()


async def test_of_too_much_at_once_only_the_beginning_is_shown_and_the_rest_is_counted(
    world: World, tmp_path: Path
) -> None:
    journal = world.simulation.journal
    shown = tmp_path / "shown"
    descriptor = os.open(shown, os.O_CREAT | os.O_WRONLY)
    screen = Screen(world, LogFormat.TEXT, Look(None, False), LineWriter(descriptor))
    screen.open()
    for number in range(MOST_ENTRIES + 100):
        journal.add(0, "digit.pressed", f"call-{number % 7}", {"leg": "caller", "digit": "1"})
    finding = {"code": "X", "severity": "error", "path": "", "message": "", "hint": ""}
    journal.add(0, "diagnostic", None, finding)
    screen.close()
    os.close(descriptor)
    *lines, last = shown.read_text().splitlines()
    assert len(lines) == MOST_ENTRIES
    assert last == (
        "... 101 lines about 7 calls are not shown, too much happens, 1 of them findings: see sinch-simulator calls"
    )
