"""What there is to say about a SVAML document in a file, before any call has met it."""

from attrs import evolve

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_reply


def lint_document(text: bytes, context: SvamlContext) -> list[Diagnostic]:
    """The findings in the order of the document; it is fine when none of them is an error.

    Text that is no JSON is an error in every context: as the reply to an event that nobody reads it would pass.
    """
    return [
        evolve(found, severity=Severity.ERROR) if found.code == "NOT_JSON" else found
        for found in read_reply(text, context).diagnostics
    ]
