"""Reads the body and the query of a request to the control API, and says what an endpoint of it is.

An endpoint declares what it takes and what it answers as shapes: requests are read by them, and the OpenAPI document is
made of them. Every mistake is refused by the name of the field.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

from attrs import field

from sinch_simulator.core.application import Application
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.rest.answer import Answer, Pending, Settled
from sinch_simulator.core.rest.control_error import ControlError, invalid, not_found
from sinch_simulator.core.rest.worlds import SimulatedWorlds
from sinch_simulator.core.schema.fields import BoundedText
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.schema.words import shown, suggestion
from sinch_simulator.core.values import define, frozen

Handler = TypeVar("Handler")
Worlds = TypeVar("Worlds", bound=SimulatedWorlds, covariant=True)

NOTHING = Shape("nothing", ())
"""The body of a request that takes none."""


@define
class ControlFindings(Findings):
    """What was found in a body; the first mistake is what the request is refused for."""

    where: str
    refusal: ControlError | None = field(default=None, init=False)

    def refuse(self, error: ControlError) -> None:
        """Keeps an error, if it is the first."""
        self.refusal = self.refusal or error
        self.illegal = True

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Refuses a value that cannot be."""
        self.refuse(ControlError(400, "invalid_value", f"{path}: {message}", hint))

    def wrong(
        self, item: Field, path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        """Refuses a value that a field cannot have."""
        message = f"{shown(value)} {problem or 'is not possible here'}"
        self.error("INVALID_VALUE", path, message, hint or f"expected {right or item.expected}")

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        """Refuses an object without a field that must be there."""
        message = f"{prefix}{item.name} is missing"
        self.refuse(ControlError(400, "missing_field", message, f"expected {item.expected}"))

    def unknown(self, shape: Shape, name: str, prefix: str) -> None:
        """Refuses a field that the shape does not have."""
        hint = suggestion(str(name), shape.exact) if shape.exact else "none is expected here"
        message = f"{prefix[:-1] or self.where}: unknown field {shown(name)}"
        self.refuse(ControlError(400, "unknown_field", message, hint))


@define
class QueryFindings(ControlFindings):
    """What was found in a query, where numbers are written as texts."""

    numerals = True


def read_control(shape: Shape, document: object, findings: ControlFindings) -> Values:
    """Reads an object by its shape. Raises ``ControlError`` for the first mistake in it."""
    if not isinstance(document, dict):
        expected = f"expected a JSON object with {', '.join(shape.exact) or 'no fields'}"
        raise ControlError(400, "invalid_body", f"{findings.where} is {shown(document)}", expected)
    values = shape.read(document, "", findings)
    if findings.refusal is not None:
        raise findings.refusal
    return values


@frozen
class ControlRequest(Generic[Worlds]):
    """A request to the control API that has been let in. ``parameters`` stood in the path."""

    worlds: Worlds
    endpoint: "ControlEndpoint[Any]"
    """The one that the request is for."""
    parameters: Mapping[str, str] = field(factory=dict)
    query_text: str = ""
    body: bytes = b""

    def read_body(self) -> Values:
        """Reads the JSON object in the body, by the shape of the endpoint; no body is an object without fields."""
        return read_control(self.endpoint.body or NOTHING, self.document(), ControlFindings("the body"))

    def document(self) -> object:
        """Reads the body as JSON."""
        if not self.body.strip():
            return {}
        try:
            return decode(self.body)
        except NotJsonError as error:
            raise ControlError(400, "invalid_json", f"the body is not JSON: {error}", "send one JSON object") from None

    def query(self) -> Values:
        """Reads the parameters of the query; of one given twice the last counts, and an empty one is absent."""
        try:
            given = _parameters(self.query_text)
        except ValueError:
            raise ControlError(400, "invalid_query", "the query has too many parameters") from None
        return read_control(self.endpoint.query_shape, given, QueryFindings("the query"))

    def application(self, values: Values) -> Application | None:
        """Returns the application that ``application`` names, None when nothing does."""
        key = values.text_or_none("application")
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

    ``pattern`` is what follows ``/_simulator``, with path parameters in braces. ``query`` lists what the query may
    hold; ``body`` declares the JSON object that it takes, None when it takes none, and ``example`` is such an object.
    ``answer`` declares the JSON of its answer, None when that is no JSON or nothing.
    """

    method: str
    pattern: str
    handler: Handler
    summary: str
    query: tuple[Field, ...] = ()
    body: Shape | None = None
    example: Mapping[str, object] | None = None
    query_example: str = ""
    """A query as it is written, which goes with the example."""
    answer: Shape | None = None
    status: int = 200
    """Of a request that succeeds."""
    media_types: tuple[str, ...] = ()
    """What it may answer with beside JSON."""

    query_shape: Shape = field(init=False, repr=False)
    """What the query is read by."""

    @query_shape.default
    def _query_shape(self) -> Shape:
        return Shape("the query", self.query)


APPLICATION = BoundedText(
    "application",
    "the key of the application that is meant, with its world; the default world when it is absent",
    right="the key of an application",
)
"""The query parameter that most control endpoints take."""
CALL_ID = BoundedText("callId", "only what is about this call")
"""The query parameter that narrows a list to one call."""


@lru_cache(maxsize=256)
def _parameters(query_text: str) -> Mapping[str, str | None]:
    """Reads the names and values of a query; None for an empty value. Raises ValueError for too many."""
    pairs = parse_qsl(query_text, keep_blank_values=True, errors="backslashreplace", max_num_fields=50)
    return {name: value or None for name, value in pairs}


def one_of(name: str, value: str | None, words: Iterable[str]) -> str | None:
    """Returns a value that is one of some words that only the running server knows. Raises ``ControlError``."""
    known = tuple(words)
    if value is None or value in known:
        return value
    raise invalid(name, value, "one of " + ", ".join(known))


def unknown_application(key: str) -> ControlError:
    """Makes the refusal for a key that no application has."""
    return not_found("application", key, "GET /_simulator/applications lists them")
