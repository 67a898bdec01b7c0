"""What tests of more than one folder share."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support import closed_network

closed_network.close()
# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent
SOURCE_ROOTS = ("simulator", "scenarios", "client_fixtures")

RunCommand = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_xdist_auto_num_workers() -> int:
    """Gives ``-n auto`` a worker more than there are cores: many tests wait for programs that they have started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test has the simulator do, no connection and no look-up goes beyond this machine."""
    closed_network.left.clear()
    yield
    left = [*closed_network.left]
    assert not left or request.node.get_closest_marker("leaves") is not None, left


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """This process's environment without our own variables, able to import the source tree.

    Bytecode is kept, whatever the environment says: a hundred processes that compile everything take a minute.
    """
    dropped = ("SINCH_", "COV_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in SOURCE_ROOTS), "NO_COLOR": "1"}


@pytest.fixture
def run_command(clean_environment: dict[str, str], tmp_path: Path) -> RunCommand:
    """Runs ``sinch-simulator ARGUMENTS`` in a process and a folder of its own; ``environment`` adds variables."""

    def run(
        *arguments: str, environment: dict[str, str] | None = None, stdin: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "sinch_simulator", *arguments],
            cwd=tmp_path,
            env={**clean_environment, **(environment or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In CI a test that is skipped is a test that is missing."""
    if os.environ.get("CI") and (skipped := terminalreporter.getreports("skipped")):
        for report in skipped:
            terminalreporter.write_line(f"skipped in CI: {report.nodeid}", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run fails then, whatever else passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
