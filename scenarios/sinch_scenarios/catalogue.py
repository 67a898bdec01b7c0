"""Finds the bundled scenarios: a folder for each theme, in it a file for each scenario, written for a bundled app."""

from pathlib import Path

from sinch_scenarios.language.loader import load_file
from sinch_scenarios.language.model import Scenario
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
