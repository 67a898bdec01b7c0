"""A request to the control API, and the reading of its body and its query: every mistake is refused by name."""

import math
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar
from urllib.parse import parse_qsl

from aiohttp import web

from sinch_simulator.core.application import Application
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found, shown
from sinch_simulator.core.rest.routing import Endpoint
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.call import Call
from sinch_simulator.server.http_messages import Answer
from sinch_simulator.server.worlds import World, Worlds

Choice = TypeVar("Choice", bound=Enum)


@frozen
class Fields:
    """The properties of a JSON object, or the parameters of a query. A value that is null counts as absent."""

    values: Mapping[str, object]
    as_text: bool = False
    """Whether numbers are written as text, as in a query."""

    @classmethod
    def read(cls, document: object, known: tuple[str, ...], where: str = "the body") -> "Fields":
        """The fields; ``ControlError`` for what is no object and for a field that is not known."""
        if not isinstance(document, dict):
            raise ControlError(
                400, "invalid_body", f"{where} is {shown(document)}", f"expected a JSON object with {_listed(known)}"
            )
        for name in document:
            if name not in known:
                raise ControlError(400, "unknown_field", f"{where}: unknown field {shown(name)}", _hint(name, known))
        return cls(document)

    def has(self, name: str) -> bool:
        """Whether the field was given, be it as null."""
        return name in self.values

    def text(self, name: str, expected: str = "a text") -> str | None:
        """A text that is not empty."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or not _encodable(value):
            raise invalid(name, value, expected)
        return value

    def required(self, name: str, expected: str) -> str:
        """A text that must be there."""
        text = self.text(name, expected)
        if text is None:
            raise ControlError(400, "missing_field", f"{name} is missing", f"expected {expected}")
        return text

    def one_of(self, name: str, choices: type[Choice]) -> Choice | None:
        """A member of a closed set."""
        value = self.values.get(name)
        if value is None:
            return None
        for choice in choices:
            if choice.value == value:
                return choice
        raise invalid(name, value, "one of " + _listed(tuple(str(choice.value) for choice in choices)))

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """A number."""
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
        """A whole number."""
        value = self.number(name, least=least, most=most)
        if value is None:
            return None
        if value != int(value):
            raise invalid(name, value, f"a whole number from {least} to {most}")
        return int(value)

    def entries(self, name: str, expected: str) -> list[object] | None:
        """A list."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise invalid(name, value, expected)
        return value


@frozen
class ControlRequest:
    """A request that has been let in. ``parameters`` stood in the path."""

    worlds: Worlds
    http: web.BaseRequest | None
    """None when it was made within this process."""
    parameters: Mapping[str, str]
    query_text: str
    body: bytes

    def fields(self, *known: str) -> Fields:
        """The JSON object in the body; no body is an object without fields."""
        return Fields.read(self.document(), known)

    def document(self) -> object:
        """The body as JSON."""
        if not self.body.strip():
            return {}
        try:
            return parse_json(self.body)
        except NotJsonError as error:
            raise ControlError(400, "invalid_json", f"the body is not JSON: {error}", "send one JSON object") from None

    def query(self, *known: str) -> Fields:
        """The parameters of the query; of one given twice the last counts."""
        try:
            pairs = parse_qsl(self.query_text, keep_blank_values=True, errors="backslashreplace", max_num_fields=50)
        except ValueError:
            raise ControlError(400, "invalid_query", "the query has too many parameters") from None
        fields = Fields.read(dict(pairs), known, "the query")
        return Fields({name: value for name, value in fields.values.items() if value != ""}, as_text=True)

    def application(self, fields: Fields) -> Application | None:
        """The application that ``application`` names, None when nothing does."""
        key = fields.text("application", "the key of an application")
        if key is None:
            return None
        application = self.worlds.application(key)
        if application is None:
            raise unknown_application(key)
        return application

    def world_of(self, application: Application | None) -> World:
        """The world that is meant: its clock is brought up to date."""
        world = self.worlds.default if application is None else self.worlds.home_of(application)
        world.runner.catch_up()
        return world

    def call(self) -> tuple[World, Call]:
        """The call that the path names."""
        call_id = self.parameters["callId"]
        found = self.worlds.find_call(call_id)
        if found is None:
            raise not_found("call", call_id, "GET /_simulator/calls?application=KEY lists the calls")
        found[0].runner.catch_up()
        return found


ControlHandler = Callable[[ControlRequest], Awaitable[Answer | web.StreamResponse]]
ControlEndpoint = Endpoint[ControlHandler]


def unknown_application(key: str) -> ControlError:
    """There is no application of this key."""
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
