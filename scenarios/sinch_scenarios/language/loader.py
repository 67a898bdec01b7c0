"""Reads scenario files: YAML in, a ``Scenario`` out, or every mistake with its place and what would be right.

It knows the language by the table of ``language.py``. It plays nothing.
"""

from collections.abc import Iterable
from pathlib import Path

from attrs import field

from sinch_scenarios.language.model import Population, Sample, Scenario, Step
from sinch_scenarios.language.population import read_population
from sinch_scenarios.language.reading import Reader, StepReader
from sinch_scenarios.language.table import RULES
from sinch_scenarios.language.yaml_nodes import (
    Entry,
    Fields,
    Items,
    Node,
    Place,
    Problem,
    Scalar,
    ScenarioError,
    read_document,
    shown,
)
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import define
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.persona_json import PersonaError, read_persona

FILE_KEYS = ("name", "description", "app", "numbers", "phones", "steps", "population")
SUFFIXES = (".yaml", ".yml")


def load_file(path: str | Path, *, file: str | None = None) -> Scenario:
    """The scenario of a file; ``file`` is what it is called, if not by its path.

    Raises ``ScenarioError`` with every problem.
    """
    file = file or str(path)
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(file, Place(1, 1), f"byte {error.start} is no UTF-8", "save the file as UTF-8")
        raise ScenarioError((problem,)) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioError((Problem(file, Place(1, 1), f"it cannot be read: {why}"),)) from None
    return load_text(text, file)


def load_text(text: str, file: str) -> Scenario:
    """The scenario that a text says; ``file`` is what problems call it. Raises ``ScenarioError``."""
    return _FileReader(Reader(file)).read(read_document(text, file))


def scenario_files(paths: Iterable[str | Path]) -> list[Path]:
    """The files that are meant: a folder stands for every scenario file below it, sorted.

    Raises ``ScenarioError`` for what is not there, and for a folder without scenarios.
    """
    found: list[Path] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        if path.is_dir():
            below = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
            found += below
            if not below:
                problems.append(Problem(str(path), Place(1, 1), "the folder holds no *.yaml file"))
        elif path.exists():
            found.append(path)
        else:
            problems.append(Problem(str(path), Place(1, 1), "there is no such file or folder"))
    if problems:
        raise ScenarioError(tuple(problems))
    return list(dict.fromkeys(found))


def load_files(paths: Iterable[str | Path]) -> list[Scenario]:
    """The scenarios of files and folders. Raises ``ScenarioError`` with the problems of all of them."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for path in scenario_files(paths):
        try:
            scenarios.append(load_file(path))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(tuple(problems))
    return scenarios


@define
class _FileReader:
    """Reads one file; problems are gathered, and raised together at its end."""

    reader: Reader
    known: dict[str, Node] = field(factory=dict)

    def read(self, root: Node) -> Scenario:
        """The whole file."""
        reader = self.reader
        if not isinstance(root, Fields):
            reader.report(root.place, f"the file is {shown(root)}", "begin with `name:` and `steps:`")
            raise ScenarioError(tuple(reader.problems))
        self._take_keys(root)
        scenario = Scenario(
            reader.file,
            self._text("name") or Path(reader.file).name.split(".")[0],
            self._text("description") or "",
            self._sample(),
            self._numbers(),
            self._phones(),
            self._steps(),
            self._population(),
        )
        if not reader.problems and not any(key in self.known for key in ("steps", "phones", "population")):
            reader.report(root.place, "nothing happens in this file", "add `steps:`, a list of what happens")
        if reader.problems:
            raise ScenarioError(tuple(sorted(reader.problems, key=lambda one: (one.place.line, one.place.column))))
        return scenario

    def _take_keys(self, root: Fields) -> None:
        for entry in root.entries:
            if entry.key in FILE_KEYS:
                self.known[entry.key] = entry.value
            elif entry.key in RULES:
                self.reader.report(entry.place, f"the step {entry.key} stands outside of `steps:`", "move it there")
            else:
                self.reader.report(entry.place, f'unknown key "{entry.key}"', suggestion(entry.key, FILE_KEYS))

    def _text(self, key: str) -> str | None:
        node = self.known.get(key)
        return None if node is None else self.reader.text(node, key)

    def _sample(self) -> Sample | None:
        node = self.known.get("app")
        if node is None:
            return None
        names = tuple(sample.value for sample in Sample)
        text = self.reader.text(node, "app")
        if text is None:
            return None
        if text not in names:
            self.reader.report(node.place, f'there is no bundled app "{text}"', suggestion(text, names))
            return None
        return Sample(text)

    def _numbers(self) -> tuple[str, ...]:
        node = self.known.get("numbers")
        if node is None:
            return ()
        if not isinstance(node, Items) or not node.items:
            self.reader.report(node.place, f"numbers: {shown(node)} is no list", 'write one, like ["+14045550100"]')
            return ()
        return tuple(text for item in node.items if (text := self.reader.text(item, "numbers")) is not None)

    def _phones(self) -> tuple[tuple[str, Persona], ...]:
        node = self.known.get("phones")
        if node is None:
            return ()
        if not isinstance(node, Fields):
            right = 'write personas by address, like "+14045550199": {busy: {}}'
            self.reader.report(node.place, f"phones: {shown(node)} is no mapping", right)
            return ()
        return tuple((entry.key, persona) for entry in node.entries if (persona := self._persona(entry)) is not None)

    def _persona(self, entry: Entry) -> Persona | None:
        if not entry.key.strip():
            self.reader.report(entry.place, "a phone without an address", 'write one, like "+14045550199"')
            return None
        try:
            return read_persona(self.reader.json(entry.value), "")
        except PersonaError as error:
            place = self.reader.place_at(entry.value, error.path)
            self.reader.report(place, f"{error.path.lstrip('.') or 'phone'}: {error.message}", error.hint)
            return None

    def _steps(self) -> tuple[Step, ...]:
        node = self.known.get("steps")
        if node is None:
            return ()
        if not isinstance(node, Items) or not node.items:
            what = "an empty list" if isinstance(node, Items) else shown(node)
            self.reader.report(node.place, f"steps: {what} is no list of steps", "begin each step with `- `")
            return ()
        steps = StepReader(self.reader)
        return tuple(step for item in node.items if (step := steps.step(item)) is not None)

    def _population(self) -> Population | None:
        node = self.known.get("population")
        if node is None:
            return None
        if "steps" in self.known:
            place = node.place if isinstance(node, Scalar) else Place(node.place.line, node.place.column)
            self.reader.report(place, "a file has steps or a population, not both", "split it into two files")
        return read_population(self.reader, node)
