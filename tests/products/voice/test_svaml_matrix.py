"""Which action and which instruction is allowed where (docs/platform/svaml.md#2)."""

import pytest

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.products.voice.svaml.model import Hangup, Svaml, SvamlContext
from sinch_simulator.products.voice.svaml.reading import Reading, read_svaml
from sinch_simulator.products.voice.svaml.tables import ACTIONS, ALLOWED_ACTIONS, ALLOWED_INSTRUCTIONS, INSTRUCTIONS

ACTION_BODIES: dict[str, dict[str, object]] = {
    "hangup": {},
    "continue": {},
    "connectPstn": {"number": "+14045009000"},
    "connectMxp": {"destination": {"type": "username", "endpoint": "alice"}},
    "connectConf": {"conferenceId": "room"},
    "connectSip": {"destination": {"endpoint": "100@pbx.example.com"}},
    "connectStream": {"destination": {"type": "Websocket", "endpoint": "wss://example.com"}},
    "runMenu": {"menus": [{"id": "main", "options": [{"dtmf": "1", "action": "return(a)"}]}]},
    "park": {},
}
INSTRUCTION_BODIES: dict[str, dict[str, object]] = {
    "playFiles": {"ids": ["welcome"]},
    "say": {"text": "Hello"},
    "sendDtmf": {"value": "12#"},
    "setCookie": {"key": "a", "value": "b"},
    "answer": {},
    "startRecording": {},
    "stopRecording": {},
    "ReportCallStatus": {"value": "success"},
}
# The rows of docs/platform/svaml.md#2: ICE, ACE, PIE, PATCH, DiCE. A parked call is read as ICE; legacy connectConf
# counts as yes.
ACTION_ROWS = {
    "hangup": "yes yes yes yes yes",
    "continue": "no yes yes yes no",
    "connectPstn": "yes no yes no no",
    "connectMxp": "yes no no no no",
    "connectConf": "yes yes yes yes no",
    "connectSip": "yes no yes no no",
    "connectStream": "yes no no no no",
    "runMenu": "yes yes yes yes no",
    "park": "yes no no yes no",
}
INSTRUCTION_ROWS = {
    "playFiles": "yes yes yes yes no",
    "say": "yes yes yes yes no",
    "sendDtmf": "yes no yes yes no",
    "setCookie": "yes yes yes yes no",
    "answer": "yes no no no no",
    "startRecording": "yes yes yes yes no",
    "stopRecording": "yes yes yes yes no",
    "ReportCallStatus": "no no no no yes",
}
COLUMNS = (SvamlContext.ICE, SvamlContext.ACE, SvamlContext.PIE, SvamlContext.PATCH, SvamlContext.DICE)


def cells(rows: dict[str, str]) -> list[tuple[str, SvamlContext, bool]]:
    return [
        (name, context, cell == "yes")
        for name, row in rows.items()
        for context, cell in zip(COLUMNS, row.split(), strict=True)
    ]


def codes(reading: Reading) -> list[str]:
    return [found.code for found in reading.diagnostics]


@pytest.mark.parametrize(("name", "context", "allowed"), cells(ACTION_ROWS))
def test_an_action_is_legal_where_the_matrix_says_so(name: str, context: SvamlContext, allowed: bool) -> None:
    reading = read_svaml({"action": {"name": name, **ACTION_BODIES[name]}}, context)
    if allowed:
        assert reading.legal
        assert reading.svaml is not None
        assert type(reading.svaml.action).__name__.lower() == name.lower()
    elif context is SvamlContext.DICE:
        assert (reading.legal, reading.svaml, codes(reading)) == (True, None, ["SVAML_IGNORED"])
    else:
        assert (reading.legal, reading.svaml) == (False, None)
        assert [found.path for found in reading.diagnostics if found.code == "ACTION_NOT_ALLOWED"] == ["action.name"]


@pytest.mark.parametrize(("name", "context", "allowed"), cells(INSTRUCTION_ROWS))
def test_an_instruction_is_obeyed_where_the_matrix_says_so(name: str, context: SvamlContext, allowed: bool) -> None:
    document = {"instructions": [{"name": name, **INSTRUCTION_BODIES[name]}], "action": {"name": "hangup"}}
    reading = read_svaml(document, context)
    assert reading.legal
    assert isinstance(reading.svaml, Svaml)
    obeyed = [type(instruction).__name__.lower() for instruction in reading.svaml.instructions]
    assert obeyed == ([name.lower()] if allowed else [])
    if not allowed:
        code = "SVAML_IGNORED" if context is SvamlContext.DICE else "INSTRUCTION_NOT_ALLOWED"
        (found,) = [found for found in reading.diagnostics if found.code == code]
        assert found.severity is Severity.WARNING
        assert found.path.startswith("instructions[0]")


def test_the_rows_are_all_that_there_is() -> None:
    assert {shape.name for shape in ACTIONS.values()} == set(ACTION_ROWS)
    assert {shape.name for shape in INSTRUCTIONS.values()} == set(INSTRUCTION_ROWS)
    assert frozenset().union(*ALLOWED_ACTIONS.values()) == set(ACTION_ROWS)
    assert frozenset().union(*ALLOWED_INSTRUCTIONS.values()) == set(INSTRUCTION_ROWS)


@pytest.mark.parametrize("name", [*ACTION_BODIES, "connectPSTN", "ConnectPstn", "runmenu", "Hangup", "connectMXP"])
def test_the_name_of_an_action_is_read_in_any_case(name: str) -> None:
    body = next(body for official, body in ACTION_BODIES.items() if official.lower() == name.lower())
    for spelling in (name, name.upper(), name.lower()):
        context = SvamlContext.PIE if name == "continue" else SvamlContext.ICE
        reading = read_svaml({"action": {"name": spelling, **body}}, context)
        assert reading.legal
        assert "CASE" not in codes(reading)


@pytest.mark.parametrize("name", INSTRUCTION_BODIES)
def test_the_name_of_an_instruction_is_read_in_any_case(name: str) -> None:
    context = SvamlContext.DICE if name == "ReportCallStatus" else SvamlContext.ICE
    item = {"name": name.upper(), **INSTRUCTION_BODIES[name]}
    reading = read_svaml({"instructions": [item], "action": {"name": "HANGUP"}}, context)
    assert reading.svaml is not None
    assert len(reading.svaml.instructions) == 1
    assert "CASE" not in codes(reading)


def test_a_report_of_the_status_needs_no_action() -> None:
    document = {"instructions": [{"name": "ReportCallStatus", "value": "FAILURE", "details": "x" * 70}]}
    reading = read_svaml(document, SvamlContext.DICE)
    assert reading.svaml is not None
    assert reading.svaml.action == Hangup()
    assert [getattr(report, "value", None) for report in reading.svaml.instructions] == ["failure"]
    assert [len(getattr(report, "details", "")) for report in reading.svaml.instructions] == [64]
    assert codes(reading) == ["OUT_OF_RANGE"]
