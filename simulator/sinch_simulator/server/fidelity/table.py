"""Reads the rows of ``table.tsv``: kind, name, status, source and remark, separated by tabs."""

from enum import Enum
from functools import lru_cache

from sinch_simulator.core.values import frozen


class Status(Enum):
    """How we know that it is so."""

    VERIFIED = "verified"
    """An official client goes through it in our tests, or published vectors and samples match."""
    DOCUMENTED = "documented"
    """The platform's documentation says so."""
    INFERRED = "inferred"
    """Nobody documents it; it follows from samples, older products, or is a choice of ours."""
    UNSUPPORTED = "unsupported"
    """The platform has it, the simulator has not."""


class Kind(Enum):
    """What a row is about."""

    ENDPOINT = "endpoint"
    HEADER = "header"
    FIELD = "field"
    ERROR = "error"
    EVENT = "event"
    ACTION = "action"
    INSTRUCTION = "instruction"
    COMMAND = "command"
    PROPERTY = "property"
    BEHAVIOUR = "behaviour"


@frozen
class Row:
    """One thing. ``source`` names where it is known from; the page explains the names."""

    kind: Kind
    name: str
    status: Status
    source: str
    remark: str = ""


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Returns all of them, in the order of the file."""
    from importlib.resources import files  # as long to load as half of the control API, and few ask for the table

    text = files(__package__).joinpath("table.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(Row(Kind(kind), name, Status(status), source, remark) for kind, name, status, source, remark in lines)
