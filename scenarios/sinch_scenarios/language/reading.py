"""Reads single values and steps from nodes; what is wrong is reported with its place, and reading goes on.

A reader returns None for what it has reported. Only the file as a whole fails, in the loader.
"""

import re
from typing import assert_never

from attrs import field

from sinch_scenarios.language.expectations import Check, json_expected
from sinch_scenarios.language.model import Event, Leg, Step
from sinch_scenarios.language.table import RULES, FieldRule, Kind, StepRule, Values
from sinch_scenarios.language.yaml_nodes import (
    Entry,
    Fields,
    Items,
    Json,
    Node,
    Place,
    Problem,
    Scalar,
    json_of,
    shown,
)
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import define
from sinch_simulator.phones.behaviour import text_pattern
from sinch_simulator.phones.persona_json import PersonaError, read_digits

LONGEST_S = 604_800
"""A week: no step lasts longer."""

_PATH = re.compile(r"\[([0-9]+)\]|\.?([^.\[\]]+)")


@define
class Reader:
    """Gathers the problems of one file."""

    file: str
    problems: list[Problem] = field(factory=list)

    def report(self, place: Place, message: str, hint: str = "") -> None:
        """One more problem."""
        self.problems.append(Problem(self.file, place, message, hint))

    def json(self, node: Node) -> Json:
        """The node as JSON."""
        return json_of(node)

    def text(self, node: Node, what: str) -> str | None:
        """A text; a number stands for its digits as they are written."""
        if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, bool):
            self.report(node.place, f"{what}: {shown(node)} is no text", "write it in quotes")
            return None
        if not node.written.strip():
            self.report(node.place, f"{what}: the text is empty", "write at least one word")
            return None
        return node.written

    def ms(self, node: Node, what: str) -> int | None:
        """Seconds, from 0 to a week, as milliseconds."""
        right = f"write seconds as a number from 0 to {LONGEST_S}, like 2.5"
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.report(node.place, f"{what}: {shown(node)} is no number", right)
            return None
        if not 0 <= value <= LONGEST_S:
            self.report(node.place, f"{what}: {shown(node)} is out of range", right)
            return None
        return round(value * 1000)

    def one_of(self, node: Node, what: str, known: tuple[str, ...]) -> str | None:
        """One of these words."""
        text = self.text(node, what)
        if text is not None and text not in known:
            self.report(node.place, f'{what}: "{text}" is not known here', suggestion(text, known))
            return None
        return text

    def place_at(self, node: Node, path: str) -> Place:
        """Where a path into a node leads; as far as it can be followed."""
        for index, name in _PATH.findall(path):
            if isinstance(node, Items) and index and int(index) < len(node.items):
                node = node.items[int(index)]
            elif isinstance(node, Fields) and (below := node.get(name)) is not None:
                node = below
            else:
                break
        return node.place


@define
class StepReader:
    """Reads steps from top to bottom, and remembers the names that they give to calls."""

    reader: Reader
    names: list[str] = field(factory=list)
    begun: bool = False

    def step(self, node: Node) -> Step | None:
        """One step: a mapping of one key, or the bare name of a step that needs nothing."""
        entry = self._single_key(node)
        if entry is None:
            return None
        rule = RULES.get(entry.key)
        if rule is None:
            self.reader.report(entry.place, f'unknown step "{entry.key}"', suggestion(entry.key, tuple(RULES)))
            return None
        before = len(self.reader.problems)
        values = self._values(rule, entry)
        if rule.about_a_call and not rule.begins and not self.begun:
            self.reader.report(entry.place, f"{rule.key}: no call has begun yet", "put dial or callout before it")
        self.begun = self.begun or rule.begins
        return rule.build(values) if len(self.reader.problems) == before else None

    def _single_key(self, node: Node) -> Entry | None:
        if isinstance(node, Scalar) and node.written in RULES:
            return Entry(node.written, node.place, Fields(node.place))
        right = 'a step is one key, like `press: "1"`'
        if not isinstance(node, Fields):
            self.reader.report(node.place, f"{shown(node)} is no step", right)
            return None
        if len(node.entries) != 1:
            found = " and ".join(entry.key for entry in node.entries) or "none"
            self.reader.report(node.place, f"a step with several keys: {found}", right)
            return None
        return node.entries[0]

    def _values(self, rule: StepRule, entry: Entry) -> Values:
        node = entry.value
        if rule.free:
            return self._free_values(rule, entry)
        if rule.short is not None and not isinstance(node, Fields):
            short = next(one for one in rule.fields if one.key == rule.short)
            return Values(entry.place, self._read(short, rule, node))
        if isinstance(node, Scalar) and node.value is None and not any(one.required for one in rule.fields):
            node = Fields(node.place)
        if not isinstance(node, Fields):
            right = f"write a mapping of {', '.join(one.key for one in rule.fields)}"
            self.reader.report(node.place, f"{rule.key}: {shown(node)} is no mapping", right)
            return Values(entry.place, {})
        return self._keyed_values(rule, entry, node)

    def _keyed_values(self, rule: StepRule, entry: Entry, node: Fields) -> Values:
        known = {one.key: one for one in rule.fields}
        fields: dict[str, object] = {}
        checks: list[Check] = []
        for each in node.entries:
            if each.key in known:
                fields |= self._read(known[each.key], rule, each.value)
            elif rule.expects:
                checks += self._check(each)
            else:
                right = suggestion(each.key, tuple(known))
                self.reader.report(each.place, f'{rule.key}: unknown key "{each.key}"', right)
        for missing in (one for one in rule.fields if one.required and node.get(one.key) is None):
            self.reader.report(entry.place, f"{rule.key}: {missing.key} is missing", f"add it: {missing.help}")
        return Values(entry.place, fields, tuple(checks))

    def _free_values(self, rule: StepRule, entry: Entry) -> Values:
        node = entry.value
        if not isinstance(node, Fields) or not node.entries:
            self.reader.report(node.place, f"{rule.key}: {shown(node)} is no request", "write the request as a mapping")
            return Values(entry.place, {})
        own = {one.key: one for one in rule.fields}
        fields: dict[str, object] = {}
        for each in node.entries:
            if each.key in own:
                fields |= self._read(own[each.key], rule, each.value)
        body = {each.key: json_of(each.value) for each in node.entries if each.key not in own}
        return Values(entry.place, {**fields, "body": body})

    def _check(self, entry: Entry) -> list[Check]:
        try:
            return [Check(entry.key, json_expected(json_of(entry.value)))]
        except ValueError as why:
            self.reader.report(entry.value.place, f"{entry.key}: {shown(entry.value)} is {why}")
            return []

    def _read(self, rule: FieldRule, step: StepRule, node: Node) -> dict[str, object]:
        """The value of one key, under its key; nothing when it was reported."""
        if rule.kind is Kind.WHO:
            return self._who(step, node)
        value = self._value(rule.kind, f"{step.key}: {rule.key}", node)
        return {} if value is None else {rule.key: value}

    def _value(self, kind: Kind, what: str, node: Node) -> object:
        match kind:
            case Kind.TEXT:
                return self.reader.text(node, what)
            case Kind.HEARD:
                return self._heard(node, what)
            case Kind.NEW_NAME:
                return self._new_name(node, what)
            case Kind.NAME | Kind.WHO:
                return self._name(node, what)
            case Kind.LEG:
                return self.reader.one_of(node, what, tuple(leg.value for leg in Leg))
            case Kind.EVENT:
                return self.reader.one_of(node, what, tuple(event.value for event in Event))
            case Kind.DIGITS:
                return self._digits(node, what)
            case Kind.SECONDS:
                return self.reader.ms(node, what)
            case Kind.BOOLEAN:
                return self._boolean(node, what)
            case Kind.OBJECT | Kind.HEADERS:
                return self._object(node, what)
            case Kind.DESTINATION:
                return self._object(node, what) if isinstance(node, Fields) else self.reader.text(node, what)
            case _:
                assert_never(kind)

    def _heard(self, node: Node, what: str) -> str | None:
        text = self.reader.text(node, what)
        if text is None:
            return None
        try:
            text_pattern(text)
        except ValueError as why:
            self.reader.report(node.place, f"{what}: {shown(node)} is no regular expression: {why}")
            return None
        return text

    def _new_name(self, node: Node, what: str) -> str | None:
        name = self.reader.text(node, what)
        if name in ("caller", "callee", "true"):
            self.reader.report(node.place, f'{what}: "{name}" means something else', "choose another name")
        elif name in self.names:
            self.reader.report(node.place, f'{what}: the name "{name}" is taken', "choose another name")
        elif name is not None:
            self.names.append(name)
        return name

    def _name(self, node: Node, what: str) -> str | None:
        name = self.reader.text(node, what)
        if name is None or name in self.names:
            return name
        right = "give it one: `dial: {caller: NAME, ...}`" if not self.names else suggestion(name, tuple(self.names))
        self.reader.report(node.place, f'{what}: no call before this step is named "{name}"', right)
        return None

    def _who(self, step: StepRule, node: Node) -> dict[str, object]:
        if isinstance(node, Scalar) and (node.value is True or node.value is None):
            return {}
        if isinstance(node, Scalar) and node.written in ("caller", "callee"):
            return {"leg": node.written}
        name = self._name(node, step.key)
        return {} if name is None else {"caller": name}

    def _digits(self, node: Node, what: str) -> str | None:
        text = self.reader.text(node, what)
        if text is None:
            return None
        try:
            return read_digits(text, what)
        except PersonaError as error:
            self.reader.report(node.place, str(error))
            return None

    def _boolean(self, node: Node, what: str) -> bool | None:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.reader.report(node.place, f"{what}: {shown(node)} is neither true nor false", "write true or false")
        return None

    def _object(self, node: Node, what: str) -> Json:
        if isinstance(node, Fields):
            return json_of(node)
        self.reader.report(node.place, f"{what}: {shown(node)} is no mapping", "write a mapping")
        return None
