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


def installed(package: str) -> Path:
    """The folder that has this package (``name@version``) in ``node_modules``; the test is skipped where npm cannot."""
    folder = CACHES / "sinch-simulator-tests" / package.replace("/", "-")
    if folder.is_dir():
        return folder
    npm = shutil.which("npm", path=PATH)
    if npm is None:
        pytest.skip(f"{package} needs npm")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of this name is complete: workers that run at the same time install side by side, and one is the first.
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        new = Path(place) / "package"
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(new), package]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if finished.returncode:
            pytest.skip(f"npm cannot install {package}: {finished.stderr.strip()[:200]}")
        try:
            new.rename(folder)
        except OSError:
            assert folder.is_dir()
    return folder
