"""Reads steps from nodes, each by the shape of its row in the table; what is wrong is reported, and reading goes on.

A reader returns None for what it has reported. Only the file as a whole fails, in the loader.
"""

from collections.abc import Mapping

from attrs import field

from sinch_scenarios.language.events import OF_A_CALL
from sinch_scenarios.language.expectations import Check, json_expected
from sinch_scenarios.language.findings import NodeFindings, Problems
from sinch_scenarios.language.model import Step
from sinch_scenarios.language.table import RULES, StepRule, Values
from sinch_scenarios.language.yaml_nodes import Entry, Fields, Node, Scalar, json_of, shown, value_of
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.core.values import define


@define
class StepReader:
    """Reads steps from top to bottom, and remembers the names that they give to calls."""

    problems: Problems
    names: list[str] = field(factory=list)
    begun: bool = False

    def step(self, node: Node) -> Step | None:
        """Reads one step: a mapping of one key, or the bare name of a step that needs nothing."""
        entry = self._single_key(node)
        if entry is None:
            return None
        rule = RULES.get(entry.key)
        if rule is None:
            self.problems.report(entry.place, f'unknown step "{entry.key}"', suggestion(entry.key, tuple(RULES)))
            return None
        before = len(self.problems.found)
        values = self._values(rule, entry)
        of_a_call = values.fields.get("callback") in (None, *OF_A_CALL)
        if rule.about_a_call and of_a_call and not rule.begins and not self.begun:
            self.problems.report(entry.place, f"{rule.key}: no call has begun yet", "put dial or callout before it")
        self.begun = self.begun or rule.begins
        return rule.build(values) if len(self.problems.found) == before else None

    def _single_key(self, node: Node) -> Entry | None:
        if isinstance(node, Scalar) and node.written in RULES:
            return Entry(node.written, node.place, Fields(node.place))
        right = 'a step is one key, like `press: "1"`'
        if not isinstance(node, Fields):
            self.problems.report(node.place, f"{shown(node)} is no step", right)
            return None
        if len(node.entries) != 1:
            found = " and ".join(entry.key for entry in node.entries) or "none"
            self.problems.report(node.place, f"a step with several keys: {found}", right)
            return None
        return node.entries[0]

    def _values(self, rule: StepRule, entry: Entry) -> Values:
        node = entry.value
        if rule.free:
            return self._free_values(rule, entry)
        if isinstance(node, Scalar) and node.value is None and not (rule.shape.required or rule.one_of):
            return self._read(rule, entry, {})
        if rule.short is not None and not isinstance(node, Fields):
            return self._read(rule, entry, {rule.short: value_of(node)})
        if not isinstance(node, Fields):
            right = f"write a mapping of {', '.join(one.name for one in rule.fields)}"
            self.problems.report(node.place, f"{rule.key}: {shown(node)} is no mapping", right)
            return Values(entry.place, {})
        given = [each.key for each in node.entries if each.key in rule.one_of]
        if rule.one_of and len(given) != 1:
            right = f"write one of {' and '.join(rule.one_of)}"
            self.problems.report(node.place, f"{rule.key}: {' and '.join(given) or 'nothing'} is said", right)
            return Values(entry.place, {})
        checks = [each for each in node.entries if rule.expects and each.key not in rule.shape.exact]
        told = {each.key: value_of(each.value) for each in node.entries if each not in checks}
        return self._read(rule, entry, told, tuple(check for each in checks for check in self._check(each)))

    def _free_values(self, rule: StepRule, entry: Entry) -> Values:
        node = entry.value
        if isinstance(node, Fields) and not node.entries:
            self.problems.report(node.place, f"{rule.key}: the request is empty", "write what it says")
            return Values(entry.place, {})
        if not isinstance(node, Fields):
            message = f"{rule.key}: {shown(node)} is no request"
            self.problems.report(node.place, message, "write the request as a mapping")
            return Values(entry.place, {})
        own = {each.key: value_of(each.value) for each in node.entries if each.key in rule.shape.exact}
        body = {each.key: json_of(each.value) for each in node.entries if each.key not in own}
        values = self._read(rule, entry, own)
        return Values(entry.place, {**values.fields, "body": body})

    def _read(
        self, rule: StepRule, entry: Entry, document: Mapping[str, object], checks: tuple[Check, ...] = ()
    ) -> Values:
        findings = NodeFindings(self.problems, entry.value, entry.place, rule.key, self.names)
        return Values(entry.place, rule.shape.read(document, "", findings), checks)

    def _check(self, entry: Entry) -> list[Check]:
        try:
            return [Check(entry.key, json_expected(json_of(entry.value)))]
        except ValueError as why:
            self.problems.report(entry.value.place, f"{entry.key}: {shown(entry.value)} is {why}")
            return []
