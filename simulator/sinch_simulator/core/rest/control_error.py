"""Says what the control API answers when it is asked for something that cannot be."""

from sinch_simulator.core.schema.words import shown


class ControlError(Exception):
    """Refuses a control request: an HTTP status, a code for programs, a message and a hint for people."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint

    def document(self) -> dict[str, dict[str, str]]:
        """Returns the body of the answer."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}


def not_found(what: str, name: str, hint: str = "") -> ControlError:
    """Makes the refusal for a thing that does not exist."""
    return ControlError(404, "not_found", f"there is no {what} {shown(name)}", hint)


def invalid(field: str, value: object, expected: str) -> ControlError:
    """Makes the refusal for a field, or a parameter of the query, whose value cannot be."""
    return ControlError(400, "invalid_value", f"{field}: {shown(value)} is not possible here", f"expected {expected}")
