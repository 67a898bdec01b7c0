"""Installs packages of npm for tests that need one; they are kept between runs."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

PATH = os.environ.get("PATH", os.defpath)
CACHES = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def node() -> str:
    """The command that runs Node; the test is skipped where there is none."""
    found = shutil.which("node", path=PATH)
    if found is None:
        pytest.skip("there is no Node on this machine")
    return found


def installed(*packages: str) -> Path:
    """The folder that has these packages (``name@version``) in ``node_modules``; without npm the test is skipped."""
    names = " ".join(packages)
    folder = CACHES / "sinch-simulator-tests" / names.replace("/", "-").replace(" ", "_")
    if folder.is_dir():
        return folder
    npm = shutil.which("npm", path=PATH)
    if npm is None:
        pytest.skip(f"{names}: there is no npm on this machine")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of this name is complete: workers that run at the same time install side by side, and one is the first.
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        new = Path(place) / "package"
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(new), *packages]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if finished.returncode:
            pytest.skip(f"npm cannot install {names}: {finished.stderr.strip()[:200]}")
        try:
            new.rename(folder)
        except OSError:
            assert folder.is_dir()
    return folder
