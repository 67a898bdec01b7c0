"""A YAML file as nodes that know where they stand: text in, nodes or problems out.

Scalars are read as JSON has them (YAML 1.2): ``no``, ``on`` and ``+46700000001`` are texts, only ``true`` and ``false``
are booleans. What the nodes mean is the loader's business.
"""

import json
import re
from bisect import bisect_right
from typing import assert_never

import yaml
from attrs import field

from sinch_simulator.core.values import frozen

Json = bool | int | float | str | None | list["Json"] | dict[str, "Json"]

LONGEST_TEXT = 1_000_000
"""Characters of a file; no scenario is longer."""
MOST_NODES = 100_000
DEEPEST = 50

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,2})?")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)
"""What the parser gives to scalars without a tag."""
_NULLS = ("", "~", "null", "Null", "NULL")
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@frozen
class Place:
    """Where something stands in a file; both count from one."""

    line: int
    column: int


@frozen
class Problem:
    """One mistake: where it is, what was read, and what would be right."""

    file: str
    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        told = f"{self.file}:{self.place.line}:{self.place.column}: {self.message}"
        return f"{told}; {self.hint}" if self.hint else told


class ScenarioError(ValueError):
    """A file that cannot be read, with every problem that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@frozen
class Scalar:
    """A single value. ``written`` is the text of the file, ``value`` what JSON makes of it."""

    place: Place
    written: str
    value: bool | int | float | str | None


@frozen
class Items:
    """A list."""

    place: Place
    items: tuple["Node", ...]


@frozen
class Entry:
    """A key of a mapping with its value."""

    key: str
    place: Place
    value: "Node"


@frozen
class Fields:
    """A mapping, in the order written."""

    place: Place
    entries: tuple[Entry, ...] = field(factory=tuple)

    def get(self, key: str) -> "Node | None":
        """Returns the value of a key; of a key that is there twice the first."""
        return next((entry.value for entry in self.entries if entry.key == key), None)


Node = Scalar | Items | Fields


def json_of(node: Node) -> Json:
    """Returns the same without places."""
    match node:
        case Scalar():
            return node.value
        case Items():
            return [json_of(item) for item in node.items]
        case Fields():
            return {entry.key: json_of(entry.value) for entry in node.entries}
        case _:
            assert_never(node)


class WrittenInteger(int):
    """A whole number that remembers how the file writes it."""

    written: str


class WrittenNumber(float):
    """A number that remembers how the file writes it."""

    written: str


def value_of(node: Node) -> Json:
    """Returns the same as ``json_of``, with numbers that remember how they are written."""
    match node:
        case Scalar(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            number = WrittenInteger(value) if isinstance(value, int) else WrittenNumber(value)
            number.written = node.written
            return number
        case Scalar():
            return node.value
        case Items():
            return [value_of(item) for item in node.items]
        case Fields():
            return {entry.key: value_of(entry.value) for entry in node.entries}
        case _:
            assert_never(node)


def written(value: object) -> object:
    """Returns a number as the text that the file has for it, anything else as it is."""
    return value.written if isinstance(value, WrittenInteger | WrittenNumber) else value


def plain(value: Json) -> Json:
    """Returns a value without the memory of how its numbers are written."""
    match value:
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case WrittenInteger():
            return int(value)
        case WrittenNumber():
            return float(value)
        case _:
            return value


def shown(node: Node) -> str:
    """Returns what an error says was read."""
    match node:
        case Scalar():
            text = json.dumps(node.value, ensure_ascii=False)
            return text if len(text) <= 60 else text[:57] + "..."
        case Items():
            return "a list"
        case Fields():
            return "a mapping"
        case _:
            assert_never(node)


def read_document(text: str, file: str) -> Node:
    """Reads the document of a file. Raises ``ScenarioError``."""
    if len(text) > LONGEST_TEXT:
        raise _refusal(file, Place(1, 1), "the file is longer than 1,000,000 characters", "split it")
    lines = Lines.of(text)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _refusal(file, lines.place(error.problem_mark or error.context_mark), *_told(error)) from None
    except yaml.reader.ReaderError as error:
        place = lines.at(error.position if isinstance(error.position, int) else 0)
        raise _refusal(file, place, "a character that no text file holds", "write plain UTF-8 text") from None
    except RecursionError:
        raise _refusal(file, Place(1, 1), "lists and mappings are nested too deeply", "a scenario is flat") from None
    if root is None:
        raise _refusal(file, Place(1, 1), "the file is empty", "begin with `name:` and `steps:`")
    reading = _Reading(file, lines)
    node = reading.convert(root, 0)
    if reading.problems:
        raise ScenarioError(tuple(reading.problems))
    return node


@frozen
class Lines:
    """Where the lines of a text begin, as editors count them: YAML counts some rare characters as line breaks too."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Lines":
        """Returns the lines of this text."""
        return cls((0, *(found.end() for found in _LINE_BREAK.finditer(text))))

    def at(self, index: int) -> Place:
        """Returns the place of a character, by its index."""
        line = bisect_right(self.starts, index)
        return Place(line, index - self.starts[line - 1] + 1)

    def place(self, mark: yaml.Mark | None) -> Place:
        """Returns the place of a mark of the parser; without one the beginning."""
        return Place(1, 1) if mark is None else self.at(mark.index)


class _Reading:
    """Turns the parser's nodes into ours; whatever JSON has no word for is a problem."""

    def __init__(self, file: str, lines: Lines) -> None:
        self.file = file
        self.lines = lines
        self.problems: list[Problem] = []
        self.count = 0

    def convert(self, node: yaml.Node, depth: int) -> Node:
        """Reads one node and what is below it."""
        place = self.lines.place(node.start_mark)
        self.count += 1
        if depth > DEEPEST or self.count > MOST_NODES:
            what = "nested too deeply" if depth > DEEPEST else "too many values"
            raise _refusal(self.file, place, what, "a scenario is a flat list of steps")
        if isinstance(node, yaml.ScalarNode):
            return Scalar(place, node.value, self._value(node, place))
        if isinstance(node, yaml.SequenceNode):
            return Items(place, tuple(self.convert(item, depth + 1) for item in node.value))
        return self._fields(node, place, depth)

    def _value(self, node: yaml.ScalarNode, place: Place) -> bool | int | float | str | None:
        text: str = node.value
        if node.tag not in _PLAIN_TAGS:
            self._report(place, f"a tag {node.tag}", "write the value without a tag")
        if node.style is not None:
            return text
        if text in _NULLS:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def _fields(self, node: yaml.Node, place: Place, depth: int) -> Fields:
        entries: list[Entry] = []
        for key, value in node.value:
            key_place = self.lines.place(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                self._report(key_place, "a key that is no text", "write a word before the colon")
                continue
            if any(entry.key == key.value for entry in entries):
                self._report(key_place, f'the key "{key.value}" is there twice', "keep one of them")
                continue
            entries.append(Entry(key.value, key_place, self.convert(value, depth + 1)))
        return Fields(place, tuple(entries))

    def _report(self, place: Place, message: str, hint: str) -> None:
        self.problems.append(Problem(self.file, place, message, hint))


def _refusal(file: str, place: Place, message: str, hint: str) -> ScenarioError:
    return ScenarioError((Problem(file, place, message, hint),))


def _told(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    problem = " ".join(str(error.problem or "it is no YAML").split())
    context = " ".join(str(error.context or "").split())
    if "single document" in context:
        return "a second document begins here", "one scenario per file"
    if "\\t" in problem:
        return "a tab begins this line", "indent with spaces"
    message = f"this is no YAML: {problem}" + (f" ({context})" if context else "")
    return message[:200], 'indent with spaces, and put texts with ": " or " #" in quotes'
