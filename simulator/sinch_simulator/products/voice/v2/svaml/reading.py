"""Reads SVAML v2: what a request, the reply of a webhook or a service says, or why it is refused. Nothing here raises.

A document is taken or refused as a whole: an unknown command, a missing required property and a broken limit make it
illegal (docs/platform/voice-v2.md#4.5). An unknown property is ignored, with ``strict`` an error.
"""

from functools import lru_cache

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.v2.svaml.fields import CommandFindings
from sinch_simulator.products.voice.v2.svaml.model import Document
from sinch_simulator.products.voice.v2.svaml.read_commands import read_handlers, read_sequence
from sinch_simulator.products.voice.v2.svaml.read_parts import Place
from sinch_simulator.products.voice.v2.svaml.shapes import DOCUMENT

_REMEMBERED_BYTES = 4096
_AN_EXAMPLE = 'it looks like {"commands": [{"command": "hangup"}]}'


@frozen
class Reading:
    """A document that was read; None when it is illegal, and then at least one of the diagnostics is an error."""

    document: Document | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Returns what makes it illegal."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)


def read_document(document: object, *, strict: bool = False) -> Reading:
    """Reads a document that has been parsed already; it has at least one command (docs/platform/voice-v2.md#2.6)."""
    return _read(document, CommandFindings(strict=strict), fewest=1)


def read_request(body: bytes) -> Reading:
    """Reads the body of a request that starts a call or sends commands to one; it has at least one command."""
    return _read_request_again(body) if len(body) <= _REMEMBERED_BYTES else _read_request(body)


def _read_request(body: bytes) -> Reading:
    return _read_text(body, CommandFindings(), fewest=1)


def read_reply(body: bytes) -> Reading:
    """Reads the answer of a webhook: ``{"commands": []}`` is one in which there is nothing to do.

    That an empty body says the same is a choice of ours (docs/platform/voice-v2.md#4.5).
    """
    return _read_again(body) if len(body) <= _REMEMBERED_BYTES else _read_body(body)


def _read_body(body: bytes) -> Reading:
    if not body or body.isspace():
        return Reading(Document())
    return _read_text(body, CommandFindings(running=True), fewest=0)


# Most apps send the same few documents over and over, and a reading never changes.
_read_again = lru_cache(maxsize=512)(_read_body)
_read_request_again = lru_cache(maxsize=512)(_read_request)


def lint_document(text: bytes) -> list[Diagnostic]:
    """Checks the document of a file by the rules of ``svaml/validate``, type ``STRICT``."""
    return list(_read_text(text, CommandFindings(strict=True), fewest=1).diagnostics)


def _read_text(text: bytes, findings: CommandFindings, fewest: int) -> Reading:
    try:
        document = decode(text)
    except NotJsonError as error:
        findings.error("NOT_JSON", "", f"the document is not JSON: {error}", error.hint or _AN_EXAMPLE)
        return Reading(None, tuple(findings.found))
    return _read(document, findings, fewest)


def _read(document: object, findings: CommandFindings, fewest: int) -> Reading:
    if not isinstance(document, dict):
        findings.error("WRONG_TYPE", "", f"{shown(document)} is not an object", _AN_EXAMPLE)
        return Reading(None, tuple(findings.found))
    values = DOCUMENT.read(document, "", findings)
    read = _document(values, findings, fewest)
    return Reading(None if findings.illegal else read, tuple(findings.found))


def _document(values: Values, findings: CommandFindings, fewest: int) -> Document:
    written = values["commands"]
    commands = () if written is None else read_sequence(written, Place("commands"), findings)
    if isinstance(written, list) and len(written) < fewest:
        findings.error("MISSING_PROPERTY", "commands", "there is no command", "at least one")
    events = read_handlers(values.object("events"), Place("events"), findings)
    return Document(commands, values.text_or_none("callName"), events)
