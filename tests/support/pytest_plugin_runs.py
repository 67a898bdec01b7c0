"""Runs tests of a user's own project, in a process and a folder of their own, with the plugin loaded."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
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


MakeProject = Callable[..., "Project"]

PLUGIN = ("-rA", "-p", "no:cacheprovider", "-p", "asyncio", "-p", "xdist", "-p", "pytest_sinch")
"""What these projects use; to load all that is installed takes longer than most of them."""
BETWEEN_RUNS = "\n---- this was one run of pytest ----\n"
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


# Runs pytest once for each list of arguments that it is given: the start of a process costs more than such a run.
ONE_AFTER_THE_OTHER = f"""
import json, sys, pytest
for arguments in json.loads(sys.argv[1]):
    pytest.main(arguments)
    print({BETWEEN_RUNS!r}, flush=True)
"""


@frozen
class Project:
    """A folder of tests, and the environment that pytest runs in there."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, within: str = ".") -> Run:
        """Run pytest with these arguments, ``within`` this folder of the project."""
        return Run(self._said_by("-m", "pytest", *PLUGIN, *arguments, within=within))

    def run_with_each(self, *alternatives: Sequence[str]) -> list[Run]:
        """Run pytest with each of these lists of arguments, one after the other in one process."""
        lists = json.dumps([[*PLUGIN, *arguments] for arguments in alternatives])
        *runs, rest = self._said_by("-c", ONE_AFTER_THE_OTHER, lists).split(BETWEEN_RUNS)
        assert len(runs) == len(alternatives), rest
        return [Run(output) for output in runs]

    def _said_by(self, *command: str, within: str = ".") -> str:
        finished = subprocess.run(
            [sys.executable, *command],
            cwd=self.folder / within,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return finished.stdout + finished.stderr


def maker(environment: dict[str, str], folders: pytest.TempPathFactory) -> MakeProject:
    """A function of the source, of what a ``pytest.ini`` says, and of further files by name."""

    def make(source: str, *, ini: str = "", files: Mapping[str, str] | None = None) -> Project:
        folder: Path = folders.mktemp("project")
        (folder / "pytest.ini").write_text(INI + ini)
        (folder / "test_it.py").write_text(PREAMBLE + source)
        for name, text in (files or {}).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        return Project(folder, {**environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})

    return make
