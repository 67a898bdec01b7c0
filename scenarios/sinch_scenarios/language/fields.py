"""What a key of a step, or of a file, may hold: one class for each kind of value."""

from typing import Any

from sinch_scenarios.language.findings import NodeFindings
from sinch_scenarios.language.model import Leg
from sinch_scenarios.language.yaml_nodes import plain, written
from sinch_simulator.core.schema.fields import BoundedText, Seconds
from sinch_simulator.core.schema.shapes import Field, Findings
from sinch_simulator.core.schema.words import suggestion
from sinch_simulator.phones.handset import misspelt_secret
from sinch_simulator.phones.persona_json import Heard, Keys

LONGEST_S = 604_800
"""A week: no step lasts longer."""

_TEXT = {"type": ["string", "number"]}
_WHO = {"type": ["string", "number", "boolean", "null"]}
_DIGITS = {"type": ["string", "integer"], "pattern": "^[0-9*#w]+$"}
_DESTINATION = {"type": ["string", "number", "object"]}
_OBJECT = {"type": "object"}


class Written(BoundedText):
    """A text; a number stands for its digits as they are written in the file."""

    right: str = "a text in quotes"
    described: "dict[str, Any] | None" = _TEXT

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the text."""
        return BoundedText.read(self, name, written(value), prefix, findings)


class WrittenSecret(Written):
    """What is reported: ``right``, ``wrong``, or a code or number as it is."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads it."""
        text: str | None = Written.read(self, name, value, prefix, findings)
        if text is not None and (hint := misspelt_secret(text)):
            findings.wrong(self, prefix + name, text, "is neither right nor wrong, and no code", hint=hint)
            return None
        return text


class WrittenKeys(Keys):
    """Keys to press."""

    described: "dict[str, Any] | None" = _DIGITS

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the keys."""
        return Keys.read(self, name, written(value), prefix, findings)


class WrittenHeard(Heard):
    """A text that is to be heard, or a regular expression between slashes."""

    described: "dict[str, Any] | None" = _TEXT

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the text."""
        return Heard.read(self, name, written(value), prefix, findings)


class NewName(Written):
    """A name for the call that a step begins."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the name, which later steps know."""
        assert isinstance(findings, NodeFindings)
        given: str | None = Written.read(self, name, value, prefix, findings)
        if given in ("caller", "callee", "true"):
            findings.wrong(self, prefix + name, given, "means something else", hint="choose another name")
        elif given in findings.names:
            findings.wrong(self, prefix + name, given, "is the name of another call", hint="choose another name")
        elif given is not None:
            findings.names.append(given)
            return given
        return None


class CallName(Written):
    """The ``callName`` of a call of Voice v2, by which later steps may speak of it too."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the name, which later steps know."""
        assert isinstance(findings, NodeFindings)
        given: str | None = Written.read(self, name, value, prefix, findings)
        if given is not None and given not in findings.names:
            findings.names.append(given)
        return given


class KnownName(Written):
    """The name of a call that an earlier step began."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the name."""
        assert isinstance(findings, NodeFindings)
        given: str | None = Written.read(self, name, value, prefix, findings)
        if given is None or given in findings.names:
            return given
        right = suggestion(given, findings.names) if findings.names else "give it one: `dial: {caller: NAME, ...}`"
        findings.wrong(self, prefix + name, given, "is the name of no call before this step", hint=right)
        return None


class Who(KnownName):
    """The name of a call, or which end of it; true and nothing mean the person whom the platform talks to."""

    described: "dict[str, Any] | None" = _WHO

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | Leg | None:
        """Reads which."""
        if value is None or value is True:
            return None
        if value in ("caller", "callee"):
            return Leg(value)
        named: str | None = KnownName.read(self, name, value, prefix, findings)
        return named


class Duration(Seconds):
    """Simulated seconds, which are read as milliseconds."""

    maximum: float | None = LONGEST_S
    beyond: str = "is longer than a week"


class Object(Field):
    """A mapping that goes out as it is."""

    phrase: str = "a mapping"
    described: "dict[str, Any] | None" = _OBJECT

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the mapping as JSON."""
        if isinstance(value, dict):
            return plain(value)
        findings.wrong(self, prefix + name, value)
        return None


class Destination(Written):
    """An address, or a mapping of type and endpoint."""

    described: "dict[str, Any] | None" = _DESTINATION

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads it."""
        return plain(value) if isinstance(value, dict) else Written.read(self, name, value, prefix, findings)
