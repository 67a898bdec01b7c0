"""Declares what the answers of several control endpoints have in common: moments, journal lines, findings."""

from collections.abc import Iterable
from copy import copy
from enum import Enum
from typing import Any

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.schema.fields import Choice, Entries, Integer, Mapping, Nested, Text
from sinch_simulator.core.schema.shapes import Field, Others, Shape

_DATE_TIME = {"type": "string", "format": "date-time"}


class Moment(Text):
    """A moment of the simulated clock, in UTC."""

    described: "dict[str, Any] | None" = _DATE_TIME


def words(choices: type[Enum]) -> tuple[str, ...]:
    """Returns the words of a closed set."""
    return tuple(str(choice.value) for choice in choices)


def answer(
    name: str,
    *fields: Field,
    optional: Iterable[str] = (),
    others: Others = Others.LATER,
    title: str = "",
    meaning: str = "",
) -> Shape:
    """Declares an object of an answer, where every field is there but those that are optional."""
    optional = frozenset(optional)
    return Shape(
        name,
        tuple(_there(item) if item.name not in optional else item for item in fields),
        title=title,
        meaning=meaning,
        others=others,
    )


def _there(item: Field) -> Field:
    there = copy(item)
    there.required = True
    return there


def listed(name: str, of: Shape, meaning: str = "") -> Shape:
    """Declares an answer that is an object with one list, ``{"calls": [..]}``."""
    return answer(f"a list of {name}", list_of(name, of, meaning))


def list_of(name: str, of: Shape, meaning: str = "") -> Entries:
    """Declares a field that holds a list of objects."""
    return Entries(name, meaning, of=Nested(shape=of))


def texts(name: str, meaning: str = "") -> Entries:
    """Declares a field that holds a list of texts."""
    return Entries(name, meaning, of=Text())


IDS = (
    Text("callId", "the call that it is about", nullable=True),
    Text("sessionId", "the session that it is about", nullable=True),
    Text("verificationId", "the verification that it is about", nullable=True),
    Text("messageId", "the message that it is about", nullable=True),
    Text("batchId", "the batch that it is about", nullable=True),
    Text("number", "the number that it is about", nullable=True),
)
ENTRY = answer(
    "a line of the journal",
    Integer("seq", "counts the lines of the world"),
    Moment("at", "when it happened"),
    Text("kind", "what happened, as callback.sent; what else the line has depends on it"),
    others=Others.ANY,
    title="Entry",
    meaning="A line of the journal.",
)
DIAGNOSTIC = answer(
    "a finding",
    Text("code", "a name for programs, as CLI_MISSING"),
    Choice("severity", "how bad it is", choices=words(Severity)),
    Text("path", "where in the document, as action.menus[0].options[1].dtmf; empty where it is about the whole"),
    Text("message", "what was wrong"),
    Text("hint", "what would be right"),
    Moment("at", "when it was found"),
    Text("callId", "the call that it is about", nullable=True),
    Text("event", "the callback that it is about"),
    Text("request", "the request that it is about, as POST /calling/v1/callouts"),
    optional=("at", "callId", "event", "request"),
    others=Others.ANY,
    title="Diagnostic",
    meaning="A finding: something that the platform refuses, or that will surprise, or that is worth knowing.",
)
ERROR = answer(
    "a refusal",
    Nested(
        "error",
        shape=answer(
            "an error",
            Text("code", "a name for programs, as invalid_value"),
            Text("message", "what was wrong"),
            Text("hint", "what would be right"),
        ),
    ),
    title="Error",
    meaning="Why a request is refused.",
)
HEADERS = Mapping("headers", "as they were sent", of=Text())
