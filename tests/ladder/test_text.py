"""The ladder: what people look at when a call went another way than they thought."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sinch_simulator
from sinch_simulator.ladder import Ladder, render
from sinch_simulator.ladder.steps import KINDS as WORDED

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(
    [
        "call.arrived",
        "prompt.started",
        "callback.answered",
        "call.ended",
        "diagnostic",
        "state",
        "leg.answered",
        "tomorrow",
    ]
)


def entry(second: str, kind: str, **fields: object) -> Mapping[str, object]:
    return {"seq": 1, "at": f"2026-01-01T00:00:{second}Z", "kind": kind, "callId": "c1", **fields}


def test_a_call_reads_from_top_to_bottom() -> None:
    text = render(
        [
            entry("00.000", "call.arrived", **{"from": "+46700000001", "to": "+14045550100"}),
            entry("00.000", "callback.sent", event="ice", url="http://app/voice"),
            entry("00.000", "callback.answered", event="ice", action="runMenu", instructions=["say"]),
            entry("00.500", "prompt.started", leg="caller", text="Hi", seconds=2),
            entry("02.500", "digit.pressed", leg="caller", digit="1"),
            entry("09.000", "call.ended", result="ANSWERED", reason="CALLERHANGUP", duration=9),
        ]
    )
    assert text.splitlines() == [
        "     0.000  caller -> sinch   +46700000001 calls +14045550100",
        "     0.000   sinch -> app     ICE to http://app/voice",
        "     0.000     app -> sinch   ICE answered: say, runMenu",
        '     0.500   sinch -> caller  plays "Hi" (2.0 s)',
        "     2.500  caller -> sinch   presses 1",
        "     9.000   sinch            the call has ended after 9 s: ANSWERED, CALLERHANGUP",
    ]


def test_a_prompt_that_is_played_over_and_over_is_one_line() -> None:
    hold = [entry(f"{second:02}.000", "prompt.started", leg="caller", text="Please hold") for second in range(40)]
    other = entry("50.000", "prompt.started", leg="caller", text="Goodbye")
    assert render([*hold, other, *hold[:2]]).splitlines() == [
        '     0.000   sinch -> caller  plays "Please hold", 40 times until 39.000',
        '    50.000   sinch -> caller  plays "Goodbye"',
        '     0.000   sinch -> caller  plays "Please hold"',
        '     1.000   sinch -> caller  plays "Please hold"',
    ]


def test_a_kind_of_tomorrow_is_shown_with_its_fields() -> None:
    line = Ladder().line({"seq": 1, "at": "2026-01-01T00:00:00Z", "kind": "fax.torn", "callId": "x", "page": 3})
    assert line.endswith("fax.torn page=3")


@pytest.mark.parametrize("at", ["yesterday", None, 5, "2026-01-01T00:00:00"])
def test_a_time_that_cannot_be_read_is_a_question_mark(at: object) -> None:
    ladder = Ladder()
    ladder.line({"at": "2026-01-01T00:00:00Z", "kind": "beep"})
    assert ladder.line({"at": at, "kind": "beep"}).split()[0] == "?"


def test_a_text_of_the_app_cannot_steer_the_terminal() -> None:
    line = Ladder().line({"kind": "prompt.started", "leg": "caller", "text": "a\x1b[2Jb\nc"})
    assert "\x1b" not in line
    assert "\n" not in line


@given(fields=st.dictionaries(st.text(max_size=8), JSON, max_size=4), kind=KINDS)
@settings(max_examples=150, deadline=None)
def test_any_entry_gives_exactly_one_line(fields: Mapping[str, object], kind: str) -> None:
    assert len(Ladder().line({**fields, "kind": kind}).splitlines()) == 1


def test_the_apps_own_error_stands_beside_the_callback_that_it_answers() -> None:
    files = "".join(f'  File "{n}.py"\n' for n in range(20))
    trace = f"Traceback (most recent call last):\n{files}KeyError: 'x'\n"
    failed = entry("00.000", "callback.failed", event="ice", outcome="bad-status", status=500, reply=trace)
    later = entry("00.000", "diagnostic", severity="warning", code="X", message="It failed.", traceback="ValueError: y")
    assert render([failed, later]).splitlines() == [
        "     0.000     app -> sinch   ICE FAILED: bad-status 500",
        "                              | Traceback (most recent call last):",
        '                              |   File "0.py"',
        "                              | ...",
        *(f'                              |   File "{n}.py"' for n in range(16, 20)),
        "                              | KeyError: 'x'",
        "     0.000   sinch            warning X: It failed.",
        "                              | ValueError: y",
    ]


def test_of_an_error_page_the_words_are_shown() -> None:
    page = "<html><head><title>Oops</title></head><body>\n<h1>Server Error</h1>\n\n<p>no such &lt;caller&gt;</p></html>"
    failed = entry("00.000", "callback.failed", event="ice", outcome="bad-status", status=500, reply=page)
    assert [line.strip() for line in render([failed]).splitlines()[1:]] == ["| Server Error", "| no such <caller>"]


def test_every_line_that_a_product_or_a_phone_writes_has_words_of_its_own() -> None:
    source = Path(sinch_simulator.__file__).parent
    files = [path for name in ("products", "phones") for path in (source / name).rglob("*.py")]
    written = re.compile(r'(?:journal_kind(?:: ClassVar\[str \| None\])? = |Log\(\s*[\w.]+,\s*)"([a-z.]+)"')
    kinds = {kind for path in files for kind in written.findall(path.read_text())}
    assert len(kinds) > 60
    assert kinds - set(WORDED) == set()


def test_a_hint_that_the_message_of_a_finding_says_already_is_told_once() -> None:
    found = {"kind": "diagnostic", "t": 0.0, "severity": "error", "code": "X", "hint": "expected a list"}
    assert render([{**found, "message": "to: expected a list"}]).endswith("error X: to: expected a list")
    assert render([{**found, "message": "to is missing"}]).endswith("error X: to is missing (expected a list)")


def test_a_fault_rule_that_was_met_names_the_request() -> None:
    met = {"kind": "fault.met", "t": 0.0, "do": {"errorCode": 42901}, "request": "POST /verification/v1/verifications"}
    assert render([met]).endswith("meets a fault rule: errorCode 42901 (POST /verification/v1/verifications)")
