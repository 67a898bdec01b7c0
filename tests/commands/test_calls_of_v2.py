"""The commands for a simulator that runs show calls of Voice v2 in its own words."""

from pathlib import Path

import pytest

from sinch_simulator import blocking
from sinch_simulator.cli import main
from support.command_line import Typed
from support.svaml_v2 import say

BEN = "+14045550199"
TO_BEN = {"command": "dial", "callName": "ben", "to": {"type": "PHONE", "phone": {"number": BEN}}}


def test_calls_are_listed_and_shown(typed: Typed, company: blocking.Application, tmp_path: Path) -> None:
    company.phone(BEN).answers(after=1)
    session = company.start_call({**TO_BEN, "events": {"onAnswer": [say("Good morning.")]}})
    call = session.calls["ben"].expect("Good morning")
    assert typed("calls").out.split()[2:] == ["app", "->", BEN, "in", "progress", "0", "s"]
    typed("phone", BEN, "hang-up")
    assert "COMPLETED, CALLEE_HANGUP" in typed("calls").out
    shown = typed("show", call.id[:8]).out
    assert f"call {call.id}: COMPLETED, CALLEE_HANGUP, 0 s" in shown
    assert "app -> sinch   calls +14045550199 (dial)" in shown
    typed("show", call.id[:8], "--html", str(tmp_path / "call.html"))
    assert "COMPLETED, CALLEE_HANGUP" in (tmp_path / "call.html").read_text()


def test_a_call_to_a_service_is_placed_and_its_verdict_told(
    simulator: blocking.Simulator, company: blocking.Application, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = [{"command": "answer"}, {**say("Welcome."), "events": {"onFinish": [{"command": "hangup"}]}}]
    company.change(call_behavior={"type": "STATIC", "static": {"commands": answered}})
    code = main(["call", "--simulator", simulator.url, "--application", f"{company.key}:{company.secret}"])

    assert code == 0
    assert "COMPLETED, MANAGER_HANGUP" in capsys.readouterr().out
