"""Reads scenario files: YAML in, a ``Scenario`` out, or every mistake with its place and what would be right.

It knows the language by the table of ``language.py``. It plays nothing.
"""

from collections.abc import Iterable
from pathlib import Path

from sinch_scenarios.language.fields import Object, Written
from sinch_scenarios.language.findings import NodeFindings, Problems
from sinch_scenarios.language.model import Population, Sample, Scenario, Step
from sinch_scenarios.language.population import read_population
from sinch_scenarios.language.reading import StepReader
from sinch_scenarios.language.table import RULES
from sinch_scenarios.language.yaml_nodes import (
    Entry,
    Fields,
    Items,
    Node,
    Place,
    Problem,
    ScenarioError,
    json_of,
    read_document,
    shown,
    value_of,
)
from sinch_simulator.core.schema.fields import Anything, Choice, Entries
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.core.values import define
from sinch_simulator.phones.behaviour import Persona
from sinch_simulator.phones.persona_json import PersonaField

FILE = Shape(
    "a scenario",
    (
        Written("name", "What reports call it."),
        Written("description", "One line for reports."),
        Choice("app", "The bundled app it is written for.", choices=tuple(sample.value for sample in Sample)),
        Choice("protocol", "Which Voice API your app speaks; v1 when absent.", choices=("v1", "v2")),
        Entries("numbers", "The application's numbers.", of=Written(), right='a list, like ["+14045550100"]'),
        Object(
            "phones",
            "Who is at which address; * stands for anything.",
            right='personas by address, like "+14045550199": {busy: {}}',
        ),
        Entries(
            "fail_on",
            "Findings that fail the scenario: warning (errors too), or error.",
            of=Choice(choices=("warning", "error")),
            right="a list, like [warning]",
        ),
        Anything("steps", "What happens, one after the other."),
        Anything("population", "Who calls or is called, for a load test."),
    ),
)
"""What a file may say; the steps, the phones and the population are read from their nodes."""
SUFFIXES = (".yaml", ".yml")


def load_file(path: str | Path, *, file: str | None = None) -> Scenario:
    """Reads the scenario of a file; ``file`` is what it is called, if not by its path.

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
    """Reads the scenario that a text says; ``file`` is what problems call it. Raises ``ScenarioError``."""
    return _FileReader(Problems(file)).read(read_document(text, file))


def scenario_files(paths: Iterable[str | Path]) -> list[Path]:
    """Returns the files that are meant: a folder stands for every scenario file below it, sorted.

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
    """Reads the scenarios of files and folders. Raises ``ScenarioError`` with the problems of all of them."""
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

    problems: Problems

    def read(self, root: Node) -> Scenario:
        """Reads the whole file."""
        problems = self.problems
        if not isinstance(root, Fields):
            problems.report(root.place, f"the file is {shown(root)}", "begin with `name:` and `steps:`")
            raise ScenarioError(tuple(problems.found))
        known = [entry for entry in root.entries if not self._is_a_step(entry)]
        document = {entry.key: value_of(entry.value) for entry in known}
        values = FILE.read(document, "", NodeFindings(problems, root, root.place))
        scenario = Scenario(
            problems.file,
            values["name"] or Path(problems.file).name.split(".")[0],
            values["description"] or "",
            None if values["app"] is None else Sample(values["app"]),
            values["numbers"],
            self._phones(root.get("phones")),
            self._steps(root.get("steps")),
            self._population(root),
            values["protocol"] == "v2" or (values["app"] is not None and Sample(values["app"]).speaks_v2),
            frozenset(values["fail_on"]),
        )
        if not problems.found and not any(values[key] is not None for key in ("steps", "phones", "population")):
            problems.report(root.place, "nothing happens in this file", "add `steps:`, a list of what happens")
        if problems.found:
            raise ScenarioError(tuple(sorted(problems.found, key=lambda one: (one.place.line, one.place.column))))
        return scenario

    def _is_a_step(self, entry: Entry) -> bool:
        """Reports a step that stands where only keys of the file may."""
        if entry.key in FILE.exact or entry.key not in RULES:
            return False
        self.problems.report(entry.place, f"the step {entry.key} stands outside of `steps:`", "move it there")
        return True

    def _phones(self, node: Node | None) -> tuple[tuple[str, Persona], ...]:
        if not isinstance(node, Fields):
            return ()
        return tuple((entry.key, persona) for entry in node.entries if (persona := self._persona(entry)) is not None)

    def _persona(self, entry: Entry) -> Persona | None:
        if not entry.key.strip():
            self.problems.report(entry.place, "a phone without an address", 'write one, like "+14045550199"')
            return None
        findings = NodeFindings(self.problems, entry.value, entry.place, "phone")
        return PersonaField().read("", json_of(entry.value), "", findings)

    def _steps(self, node: Node | None) -> tuple[Step, ...]:
        if node is None:
            return ()
        if not isinstance(node, Items) or not node.items:
            what = "an empty list" if isinstance(node, Items) else shown(node)
            self.problems.report(node.place, f"steps: {what} is no list of steps", "begin each step with `- `")
            return ()
        steps = StepReader(self.problems)
        return tuple(step for item in node.items if (step := steps.step(item)) is not None)

    def _population(self, root: Fields) -> Population | None:
        node = root.get("population")
        if node is None:
            return None
        if root.get("steps") is not None:
            self.problems.report(
                node.place, "a file has steps or a population, not both", "split it into two files"
            )
        return read_population(self.problems, node)
