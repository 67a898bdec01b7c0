"""Runs tests of a user's own project, in a process and a folder of their own, with the plugin loaded."""

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attrs import frozen


@frozen
class Run:
    """What a pytest process printed."""

    output: str

    def outcome(self, test: str) -> str:
        """``PASSED``, ``FAILED`` or ``ERROR``."""
        found = re.search(rf"^(PASSED|FAILED|ERROR) \S+::{re.escape(test)}(?: |$)", self.output, re.MULTILINE)
        assert found, self.output
        return found[1]

    def story(self, test: str) -> str:
        """The report of a test that did not pass."""
        parts = re.split(r"^_{3,} (?:ERROR at setup of )?(\S+) _{3,}$", self.output, flags=re.MULTILINE)
        assert test in parts, self.output
        return parts[parts.index(test) + 1]


RunTests = Callable[..., Run]

INI = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
PREAMBLE = '''
import pytest

MENU = {
    "instructions": [{"name": "say", "text": "Welcome", "locale": "en-US"}],
    "action": {
        "name": "runMenu",
        "menus": [
            {"id": "main", "mainPrompt": "#tts[Press one]", "options": [{"dtmf": "1", "action": "return(sales)"}]}
        ],
    },
}
BROKEN = {"action": {"name": "runMenus"}}
ANNA = "+46700000001"
'''


def runner(environment: dict[str, str], folders: pytest.TempPathFactory) -> RunTests:
    """A function of the source, of arguments of pytest, of what a ``pytest.ini`` says, and of further files by name."""

    def run(source: str, *arguments: str, ini: str = "", files: Mapping[str, str] | None = None) -> Run:
        folder: Path = folders.mktemp("project")
        (folder / "pytest.ini").write_text(INI + ini)
        (folder / "test_it.py").write_text(PREAMBLE + source)
        for name, text in (files or {}).items():
            (folder / name).write_text(text)
        command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-p", "pytest_sinch", *arguments]
        finished = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        return Run(finished.stdout + finished.stderr)

    return run
