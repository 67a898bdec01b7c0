"""What lint says about a file: the findings of the reader, and never less."""

import pytest

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import lint_document


def test_a_good_document_gives_no_findings() -> None:
    assert lint_document(b'{"action": {"name": "hangup"}}', SvamlContext.ICE) == []


def test_findings_come_in_the_order_of_the_document() -> None:
    text = b'{"instructions": [{"name": "say", "text": "Hi", "voice": 1}, {"name": "hop"}], "action": {"name": "go"}}'
    found = lint_document(text, SvamlContext.ACE)
    assert [(finding.code, finding.path, finding.severity) for finding in found] == [
        ("UNKNOWN_PROPERTY", "instructions[0].voice", Severity.WARNING),
        ("UNKNOWN_INSTRUCTION", "instructions[1].name", Severity.WARNING),
        ("UNKNOWN_ACTION", "action.name", Severity.ERROR),
    ]


@pytest.mark.parametrize("context", SvamlContext)
def test_a_file_that_is_no_json_is_an_error_in_every_context(context: SvamlContext) -> None:
    (finding,) = lint_document(b"OK", context)
    assert (finding.code, finding.severity) == ("NOT_JSON", Severity.ERROR)


def test_the_event_decides_what_is_allowed() -> None:
    text = b'{"action": {"name": "continue"}}'
    assert [finding.code for finding in lint_document(text, SvamlContext.ICE)] == ["ACTION_NOT_ALLOWED"]
    assert lint_document(text, SvamlContext.ACE) == []
