"""Runs programs with packages of PyPI that the tests' own environment has in another version: ``sinch`` 2 beside 1.1.4.

The packages are installed once, into a folder that is kept between runs, as those of npm are (``node_packages``). A
program runs in a process of its own, with this Python, where that folder comes before what else is installed:

    printed = run_with([SINCH_2], program, {"SIMULATOR_URL": url})

``tests/clients/conftest.py`` has the fixture ``run_sinch_2``, which does so with the credentials of an application.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from support.node_packages import CACHES

SINCH_2 = "sinch==2.3.0"
_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_LONGEST_INSTALL_S = 300


def installed(*requirements: str) -> Path:
    """The folder that has these packages (``name==version``); without an index of packages the test is skipped."""
    names = "_".join(sorted(requirements))
    folder = CACHES / "sinch-simulator-tests" / f"{_PYTHON}_{names}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of this name is complete: workers that run at the same time install side by side, and one is the first.
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        new = Path(place) / "packages"
        # A fresh environment has pip, whatever has made that of the tests.
        _run([sys.executable, "-m", "venv", f"{place}/venv"], names)
        install = [f"{place}/venv/bin/python", "-m", "pip", "install", "--quiet", "--target", str(new), *requirements]
        _run(install, names)
        try:
            new.rename(folder)
        except OSError:
            assert folder.is_dir()
    return folder


def run_with(requirements: Sequence[str], program: str, environment: Mapping[str, str]) -> str:
    """Runs a program with these packages at hand, and these variables; gives what it prints. It must succeed."""
    variables = {**os.environ, **environment, "PYTHONPATH": str(installed(*requirements))}
    finished = subprocess.run(
        [sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False, timeout=60
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def _run(command: list[str], names: str) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_INSTALL_S, check=False)
    if finished.returncode:
        pytest.skip(f"pip cannot install {names}: {finished.stderr.strip()[-200:]}")
