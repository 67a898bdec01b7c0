"""What the simulator tells a developer about a document, a request or a call, beside what the platform answers.

A diagnostic never changes what goes over the wire. The codes are the upper-case names of the published list of gotchas.
"""


from sinch_simulator.core.values import Word, frozen


class Severity(Word):
    """How bad it is: an error is refused by the platform, a warning surprises, an info explains."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@frozen
class Diagnostic:
    """One finding: what, where in the document (``action.menus[0].options[1].dtmf``), and what would be right."""

    code: str
    severity: Severity
    path: str
    message: str
    hint: str = ""

    def as_json(self) -> dict[str, str]:
        """Returns it as a line of the journal, and the control API, show it."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": self.path,
            "message": self.message,
            "hint": self.hint,
        }
