"""Where the reader of SVAML writes down what it finds, in the order of the document."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from attrs import define, field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.products.voice.svaml.model import SvamlContext

LIMIT = 200
"""Findings kept of one document; the rest of a document that is wrong all over says nothing new."""
_LONGEST_NAME = 60
_MOST_CANDIDATES = 200

_CONSEQUENCES = {
    SvamlContext.ICE: "The platform takes this for illegal SVAML and ends the call.",
    SvamlContext.ACE: "The platform takes this for illegal SVAML and ends the call.",
    SvamlContext.PIE: "The platform takes this for illegal SVAML and ends the call.",
    SvamlContext.PATCH: "The platform refuses the request with 400.",
    SvamlContext.UNPARK: "The platform refuses the request with 400.",
    SvamlContext.DICE: "The platform ignores it.",
}


@define
class Findings:
    """The diagnostics of one document so far, and whether an error among them makes it illegal."""

    context: SvamlContext
    consequence: str = ""
    """What follows from an error, as a sentence; by default what follows in this context."""
    found: list[Diagnostic] = field(factory=list)
    illegal: bool = False

    @property
    def full(self) -> bool:
        """Whether further warnings are dropped."""
        return len(self.found) >= LIMIT

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """The platform refuses the document; ``message`` is a sentence, what follows from it is added."""
        if not (self.full and self.illegal):
            message = f"{message} {self.consequence or _CONSEQUENCES[self.context]}"
            self.found.append(Diagnostic(code, Severity.ERROR, path, message, hint))
        self.illegal = True

    def warn(self, code: str, path: str, message: str, hint: str = "") -> None:
        """The platform takes the document, but not as its author meant it."""
        if not self.full:
            self.found.append(Diagnostic(code, Severity.WARNING, path, message, hint))

    def info(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Something worth knowing; nothing is wrong."""
        if not self.full:
            self.found.append(Diagnostic(code, Severity.INFO, path, message, hint))


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """``did you mean 'x'?`` for the candidate closest to a name, or nothing."""
    if len(name) > _LONGEST_NAME:
        return ""
    spellings = {candidate.lower(): candidate for candidate in islice(candidates, _MOST_CANDIDATES)}
    close = get_close_matches(name.lower(), spellings, n=1)
    return f"did you mean {spellings[close[0]]!r}?" if close else ""


def shown(value: object) -> str:
    """A value of a document in a message: short, and safe for whatever JSON may hold."""
    if isinstance(value, str):
        text = repr(value[:_LONGEST_NAME])
        return text if len(value) <= _LONGEST_NAME else f"{text}..."
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of more than 64 bits"
    if isinstance(value, int | float):
        return repr(value)
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else type(value).__name__
