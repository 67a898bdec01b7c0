"""Checks documents, and describes them in words (docs/platform/voice-v2.md#2.6)."""

import re
from typing import Any

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import Anything, Choice
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.products.voice.v2.rest.reading import read_body, refuse
from sinch_simulator.products.voice.v2.svaml.describe import describe
from sinch_simulator.products.voice.v2.svaml.reading import read_document

VALIDATION = Shape(
    "the body",
    (
        Anything("svaml", "the document", required=True),
        Choice("validationType", "how strictly", choices=("NORMAL", "STRICT"), default="NORMAL"),
    ),
)
DESCRIPTION = Shape("the body", (Anything("svaml", "the document", required=True),))
_STEP = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


def post_validate(request: PlatformRequest) -> Answer:
    """Says whether a document is legal, and if not, all that is wrong with it."""
    body = read_body(request, VALIDATION)
    reading = read_document(body["svaml"], strict=body["validationType"] == "STRICT")
    if reading.document is not None:
        return json_answer({"isValid": True})
    return json_answer({"isValid": False, "errors": [_error_text(body["svaml"], each) for each in reading.errors]})


def _error_text(document: Any, found: Diagnostic) -> str:
    """Names the command, then the defect, as the platform's samples do."""
    command = _command_at(document, found.path)
    name = f"Invalid {command} command. " if command else ""
    hint = f"; {found.hint}" if found.hint else ""
    return f"{name}{found.path}: {found.message}{hint}." if found.path else f"{found.message}{hint}."


def _command_at(document: Any, path: str) -> str:
    """Returns the name of the innermost command on a path; an empty text when there is none."""
    name = ""
    for word, index in _STEP.findall(path):
        if isinstance(document, dict):
            document = document.get(word)
        elif isinstance(document, list) and index and int(index) < len(document):
            document = document[int(index)]
        else:
            break
        if isinstance(document, dict) and isinstance(document.get("command"), str):
            name = document["command"][:40]
    return name


def post_describe(request: PlatformRequest) -> Answer:
    """Says in words what a document does; 400 for one that is not legal."""
    document = read_body(request, DESCRIPTION)["svaml"]
    reading = read_document(document)
    if reading.document is None:
        refuse(reading.errors[0])
    return json_answer({"description": describe(document)})
