"""Gathers what is wrong with a scenario file, every problem with its place."""

import re

from attrs import field

from sinch_scenarios.language.yaml_nodes import Entry, Fields, Items, Node, Place, Problem
from sinch_simulator.core.schema.shapes import Field, Findings, Shape
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import define

_PATH = re.compile(r"\[([0-9]+)\]|\.?([^.\[\]]+)")


@define
class Problems:
    """The problems of one file."""

    file: str
    found: list[Problem] = field(factory=list)

    def report(self, place: Place, message: str, hint: str = "") -> None:
        """Adds one more problem."""
        self.found.append(Problem(self.file, place, message, hint))


@define
class NodeFindings(Findings):
    """What was found in one node of a file: each finding becomes a problem where the path into the node leads.

    ``key`` is the key that the node is the value of, which is where a field that is missing is told; None of the whole
    file. ``what`` is what messages begin with. ``names`` are those that steps before have given to calls.
    """

    null_is_absent = False

    problems: Problems
    node: Node
    key: Place
    what: str = ""
    names: list[str] = field(factory=list)

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Reports a mistake at the value that the path leads to."""
        self.illegal = True
        self.problems.report(place_at(self.node, path), self._said(path, message), hint)

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        """Reports a field that must be there at the key of the mapping that lacks it."""
        self.illegal = True
        place = place_at(self.node, prefix) if prefix else self.key
        self.problems.report(place, f"{self._said(prefix + item.name, '')} is missing", f"add it: {item.meaning}")

    def unknown(self, shape: Shape, name: str, prefix: str) -> None:
        """Reports a key that the shape does not have, where it stands."""
        self.illegal = True
        above = node_at(self.node, prefix)
        place = next((entry.place for entry in _entries(above) if entry.key == name), above.place)
        self.problems.report(place, self._said(prefix, f'unknown key "{name}"'), suggestion(name, shape.exact))

    def _said(self, path: str, message: str) -> str:
        return ": ".join(part for part in (self.what, path.strip("."), message) if part)


def node_at(node: Node, path: str) -> Node:
    """Returns the node that a path leads to; where it cannot be followed, the last one on the way."""
    for index, name in _PATH.findall(path):
        if isinstance(node, Items) and index and int(index) < len(node.items):
            node = node.items[int(index)]
        elif isinstance(node, Fields) and (below := node.get(name)) is not None:
            node = below
        else:
            break
    return node


def place_at(node: Node, path: str) -> Place:
    """Returns where a path into a node leads."""
    return node_at(node, path).place


def _entries(node: Node) -> tuple[Entry, ...]:
    return node.entries if isinstance(node, Fields) else ()
