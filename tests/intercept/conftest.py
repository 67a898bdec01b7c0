"""Runs commands under ``sinch-simulator exec``, in a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Execute = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def execute(clean_environment: dict[str, str], tmp_path: Path) -> Execute:
    """Runs ``sinch-simulator exec FLAGS -- COMMAND`` in a folder of the test's own; ``environment`` adds variables."""

    def run(
        *command: str | Path,
        flags: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        stdin: str = "",
        folder: Path = tmp_path,
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "sinch_simulator", "exec", *flags, "--", *command],
            cwd=folder,
            env={**clean_environment, **(environment or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
