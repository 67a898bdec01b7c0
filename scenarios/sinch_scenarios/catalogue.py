"""Finds the bundled scenarios: a folder for each theme, in it a file for each scenario, written for a bundled app."""

from collections.abc import Iterable
from pathlib import Path

from attrs import evolve

from sinch_scenarios.language.loader import load_file, load_files
from sinch_scenarios.language.model import Scenario
from sinch_scenarios.language.yaml_nodes import Problem, ScenarioError
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import frozen

FOLDER = Path(__file__).with_name("catalogue")


@frozen
class Entry:
    """A bundled scenario. ``name`` is ``theme/scenario``."""

    name: str
    path: Path

    @property
    def theme(self) -> str:
        """What it is about."""
        return self.name.partition("/")[0]

    def scenario(self) -> Scenario:
        """Reads the file."""
        return load_file(self.path)


def entries() -> list[Entry]:
    """Lists all of them, by theme."""
    files = sorted(FOLDER.rglob("*.yaml"))
    return [Entry(path.relative_to(FOLDER).with_suffix("").as_posix(), path) for path in files]


def find(name: str) -> list[Entry]:
    """Finds the scenario of this name, or all of a theme. Raises ``LookupError`` that says which there are."""
    wanted = name.removesuffix(".yaml").strip("/")
    there = entries()
    found = [entry for entry in there if wanted in (entry.name, entry.theme, entry.path.stem)]
    if not found:
        known = tuple(sorted({entry.theme for entry in there} | {entry.name for entry in there}))
        right = suggestion(wanted, known) if wanted else ""
        right = right if right.startswith("did") else "see `sinch-simulator scenario list`"
        raise LookupError(f"there is no bundled scenario or theme {name!r}; {right}")
    return found


def load_named(paths: Iterable[str | Path]) -> list[Scenario]:
    """Reads the scenarios of files and folders, as ``load_files`` does.

    Raises ``ScenarioError``; where the name of a bundled scenario stands for a file, it says how to copy that.
    """
    try:
        return load_files(paths)
    except ScenarioError as error:
        raise ScenarioError(tuple(map(_with_hint, error.problems))) from None


def _with_hint(problem: Problem) -> Problem:
    if problem.hint or Path(problem.file).exists():
        return problem
    try:
        found = find(problem.file)
    except LookupError:
        return problem
    copied = " ".join(entry.path.name for entry in found[:3]) + (" ..." if len(found) > 3 else "")
    hint = f"bundled scenarios are copied first: `sinch-simulator scenario copy {problem.file} .`, then run {copied}"
    return evolve(problem, hint=hint)
