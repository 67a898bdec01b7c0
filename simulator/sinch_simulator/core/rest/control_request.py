"""Reads the body and the query of a request to the control API, and says what an endpoint of it is.

Every mistake is refused by the name of the field.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Generic, TypeVar
from urllib.parse import parse_qsl

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.rest.answer import Answer, Pending, Settled
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found, shown
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.core.values import frozen

Choice = TypeVar("Choice", bound=Enum)
Handler = TypeVar("Handler")
Worlds = TypeVar("Worlds", bound=SimulatedWorlds, covariant=True)


@frozen
class Fields:
    """The properties of a JSON object, or the parameters of a query. A value that is null counts as absent."""

    values: Mapping[str, object]
    as_text: bool = False
    """Whether numbers are written as text, as in a query."""

    @classmethod
    def read(cls, document: object, known: tuple[str, ...], where: str = "the body") -> "Fields":
        """Reads an object; ``ControlError`` for what is none and for a field that is not known."""
        if not isinstance(document, dict):
            raise ControlError(
                400, "invalid_body", f"{where} is {shown(document)}", f"expected a JSON object with {_listed(known)}"
            )
        for name in document:
            if name not in known:
                raise ControlError(400, "unknown_field", f"{where}: unknown field {shown(name)}", _hint(name, known))
        return cls(document)

    def has(self, name: str) -> bool:
        """Tells whether the field was given, be it as null."""
        return name in self.values

    def text(self, name: str, expected: str = "a text") -> str | None:
        """Returns a text that is not empty, None when there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or not _encodable(value):
            raise invalid(name, value, expected)
        return value

    def required(self, name: str, expected: str) -> str:
        """Returns a text that must be there."""
        text = self.text(name, expected)
        if text is None:
            raise ControlError(400, "missing_field", f"{name} is missing", f"expected {expected}")
        return text

    def one_of(self, name: str, choices: type[Choice]) -> Choice | None:
        """Returns a member of a closed set, None when there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        for choice in choices:
            if choice.value == value:
                return choice
        raise invalid(name, value, "one of " + _listed(tuple(str(choice.value) for choice in choices)))

    def word(self, name: str, words: Iterable[str]) -> str | None:
        """One of these texts."""
        value = self.values.get(name)
        if value is None:
            return None
        known = tuple(words)
        if value not in known:
            raise invalid(name, value, "one of " + _listed(known))
        return str(value)

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """Returns a number, None when there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        expected = f"a number from {least:g} to {most:g}"
        if self.as_text and isinstance(value, str):
            try:
                value = float(value[:40])
            except ValueError:
                raise invalid(name, value, expected) from None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(_bounded(value)):
            raise invalid(name, value, expected)
        if not least <= value <= most:
            raise invalid(name, value, expected)
        return value

    def integer(self, name: str, *, least: int, most: int) -> int | None:
        """Returns a whole number, None when there is none."""
        value = self.number(name, least=least, most=most)
        if value is None:
            return None
        if value != int(value):
            raise invalid(name, value, f"a whole number from {least} to {most}")
        return int(value)

    def entries(self, name: str, expected: str) -> list[object] | None:
        """Returns a list, None when there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise invalid(name, value, expected)
        return value


@frozen
class QueryParameter:
    """A parameter that may stand in the query of a control request, what it means, and a value that it may have."""

    name: str
    meaning: str
    example: str = ""


@frozen
class ControlRequest(Generic[Worlds]):
    """A request to the control API that has been let in. ``parameters`` stood in the path."""

    worlds: Worlds
    parameters: Mapping[str, str] = field(factory=dict)
    query_text: str = ""
    body: bytes = b""
    known: tuple[str, ...] = ()
    """The names of the parameters that its endpoint takes in the query."""

    def fields(self, *known: str) -> Fields:
        """Reads the JSON object in the body; no body is an object without fields."""
        return Fields.read(self.document(), known)

    def document(self) -> object:
        """Reads the body as JSON."""
        if not self.body.strip():
            return {}
        try:
            return parse_json(self.body)
        except NotJsonError as error:
            raise ControlError(400, "invalid_json", f"the body is not JSON: {error}", "send one JSON object") from None

    def query(self) -> Fields:
        """Reads the parameters of the query; of one given twice the last counts, and an empty one is absent."""
        try:
            pairs = parse_qsl(self.query_text, keep_blank_values=True, errors="backslashreplace", max_num_fields=50)
        except ValueError:
            raise ControlError(400, "invalid_query", "the query has too many parameters") from None
        fields = Fields.read(dict(pairs), self.known, "the query")
        return Fields({name: value for name, value in fields.values.items() if value != ""}, as_text=True)

    def application(self, fields: Fields) -> Application | None:
        """Returns the application that ``application`` names, None when nothing does."""
        key = fields.text("application", "the key of an application")
        if key is None:
            return None
        application = self.worlds.application(key)
        if application is None:
            raise unknown_application(key)
        return application


ProductRequest = ControlRequest[SimulatedWorlds]
"""A request to one of a product's endpoints."""
ControlHandler = Callable[[ProductRequest], Answer | Pending | Settled]


@frozen
class ControlEndpoint(Generic[Handler]):
    """An endpoint of the control API, as its handler, its description and its documentation need it.

    ``pattern`` is what follows ``/_simulator``, with path parameters in braces. ``body`` declares the JSON object that
    it takes, None when it takes none; ``example`` is such an object.
    """

    method: str
    pattern: str
    handler: Handler
    summary: str
    query: tuple[QueryParameter, ...] = ()
    body: Shape | None = None
    example: Mapping[str, object] | None = None


APPLICATION = QueryParameter(
    "application",
    "the key of the application that is meant, with its world; the default world when it is absent",
    "00000000-0000-4000-8000-000000007462",
)
"""The query parameter that most control endpoints take."""
CALL_ID = QueryParameter("callId", "only what is about this call")
"""The query parameter that narrows a list to one call."""


def unknown_application(key: str) -> ControlError:
    """Makes the refusal for a key that no application has."""
    return not_found("application", key, "GET /_simulator/applications lists them")


def _bounded(value: int | float) -> float:
    return 0.0 if isinstance(value, int) else value


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _hint(name: object, known: tuple[str, ...]) -> str:
    close = get_close_matches(str(name)[:40], known, n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"known are {_listed(known)}" if known else "none is expected here"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "no fields"
