"""What a terminal shows of calls while they happen."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.ladder.live import LONGEST_TEXT, Line, LiveLines

ARRIVED: dict[str, Any] = {"from": "+46700000001", "to": "+14045550100"}
JSON = st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=2) | st.dictionaries(st.text(), st.text())
KINDS = st.sampled_from(
    ["call.arrived", "prompt.started", "callback.sent", "callback.failed", "diagnostic", "call.ended", "menu.opened"]
)


def entry(kind: str, at: str = "00.000", call: str | None = "c1b9fd77-614c", **fields: Any) -> Mapping[str, object]:
    about = {} if call is None else {"callId": call}
    return {"seq": 1, "at": f"2026-01-01T10:31:{at}Z", "kind": kind, **about, **fields}


def sent(event: str = "ice") -> Mapping[str, object]:
    return entry("callback.sent", callbackId=event, event=event, url="http://app/")


def answered(event: str = "ice", **fields: Any) -> Mapping[str, object]:
    return entry("callback.answered", callbackId=event, event=event, **fields)


def plain(*entries: Mapping[str, object]) -> list[str]:
    return [line.plain() for line in LiveLines().of(entries)]


def test_a_prompt_that_is_played_over_and_over_is_told_no_more_and_counted_at_the_end() -> None:
    hold = [
        entry(kind, f"{second:02}.000", leg="caller", text="Please hold", timer="prompt")
        for second in range(40)
        for kind in ("prompt.started", "timer.fired", "prompt.stopped")
    ]
    other = entry("prompt.started", "20.000", call="another", leg="caller", text="Please hold")
    assert plain(*hold[:60], other, *hold[60:], entry("leg.hungup", "41.000", leg="caller")) == [
        '10:31:00.000   1    plays "Please hold" to caller',
        '10:31:01.000   1    plays "Please hold" to caller',
        '10:31:02.000   1    plays "Please hold" to caller, and again and again',
        '10:31:20.000   2    plays "Please hold" to caller',
        "10:31:41.000   1    played it 40 times",
        "10:31:41.000   1    caller hangs up",
    ]


def test_a_call_is_told_from_its_arrival_to_its_end() -> None:
    failed: dict[str, Any] = {"callbackId": "pie", "event": "pie", "outcome": "bad-status"}
    broken = {"code": "CALLBACK_BAD_STATUS", "severity": "error", "message": "It failed.", "event": "pie"}
    assert plain(
        entry("call.arrived", **ARRIVED),
        sent(),
        answered(status=200, latencyMs=12, instructions=["say"], action="runMenu"),
        entry("leg.accepted", leg="caller"),
        entry("prompt.started", leg="caller", text="Welcome.", seconds=2.25),
        entry("menu.opened", "02.250", leg="caller", menuId="main"),
        entry("prompt.started", "02.250", leg="caller", text="Press 1.", seconds=1),
        entry("digit.pressed", "03.900", leg="caller", digit="1"),
        entry("prompt.stopped", "03.900", leg="caller"),
        entry("menu.closed", "03.900", leg="caller"),
        sent("pie"),
        entry("diagnostic", "03.900", **broken),
        entry("callback.failed", "03.900", status=500, latencyMs=31, reply="Traceback\n\nKeyError: 'x'\n", **failed),
        entry("leg.released", "03.900", leg="caller"),
        entry("call.ended", "03.931", result="FAILED", reason="CALLBACKERROR", duration=4),
    ) == [
        "10:31:00.000   1  +46700000001 calls +14045550100",
        "10:31:00.000   1    ICE to your app, 200 in 12 ms: say, runMenu",
        "10:31:00.000   1    answers the call",
        '10:31:00.000   1    plays "Welcome." (2.2 s)',
        '10:31:02.250   1    menu main plays "Press 1." (1.0 s)',
        "10:31:03.900   1    caller presses 1",
        "10:31:03.900   1    PIE to your app, 500 in 31 ms",
        "               1      Traceback",
        "               1      KeyError: 'x'",
        "               1    error CALLBACK_BAD_STATUS: It failed.",
        "10:31:03.900   1    disconnects caller",
        "10:31:03.931   1  over: FAILED, CALLBACKERROR, 4 s; 1 error; more: sinch-simulator show c1b9fd77",
    ]


def test_calls_are_told_apart_by_their_numbers() -> None:
    lines = plain(
        entry("call.arrived", call="a", **ARRIVED),
        entry("call.placed", call="b", to="+14045550199", method="ttsCallout"),
        entry("digit.pressed", call="a", leg="caller", digit="1"),
        entry("digit.pressed", call="b", leg="callee", digit="2"),
    )
    assert [line[12:].split(maxsplit=1) for line in lines] == [
        ["1", "+46700000001 calls +14045550100"],
        ["2", "your app calls +14045550199 (ttsCallout)"],
        ["1", "caller presses 1"],
        ["2", "callee presses 2"],
    ]


def test_a_callback_that_takes_long_is_told_when_it_is_sent_and_when_it_comes_back() -> None:
    lines = LiveLines()
    [waiting] = lines.of([sent()])
    [back] = lines.of([answered(status=200, latencyMs=900, action="hangup")])
    assert waiting.text.strip() == "ICE to your app ..."
    assert back.text.strip() == "ICE came back, 200 in 900 ms: hangup"


def test_who_is_spoken_to_is_said_only_of_the_other_end() -> None:
    lines = plain(
        entry("call.arrived", **ARRIVED),
        entry("prompt.started", leg="caller", text="Hi", seconds=1.0),
        entry("prompt.started", leg="callee", text="Hi", seconds=1.0),
    )
    assert lines[1].endswith('  plays "Hi" (1.0 s)')
    assert lines[2].endswith('  plays "Hi" (1.0 s) to callee')


def test_a_finding_about_no_call_is_told_at_once() -> None:
    found = {"code": "NOT_JSON", "severity": "error", "message": "No JSON.", "request": "POST /calling/v1/callouts"}
    assert plain(entry("diagnostic", call=None, **found)) == [
        "                    error NOT_JSON in POST /calling/v1/callouts: No JSON."
    ]


def test_colours_are_around_the_same_words() -> None:
    [line] = LiveLines().of([entry("call.arrived", **ARRIVED)])
    assert "\x1b[" in line.coloured()
    assert "+46700000001 calls +14045550100" in line.coloured()
    assert "\x1b" not in line.plain()


def test_a_long_text_is_cut_and_cannot_steer_the_terminal() -> None:
    [line] = plain(entry("prompt.started", leg="caller", text="\x1b[2J\n" + "x" * 100_000))
    assert "\x1b" not in line
    assert len(line) <= LONGEST_TEXT + 20


def test_a_line_is_wrapped_below_its_own_text() -> None:
    parts = Line("10:31:03.000", "1", f"  plays {'word ' * 10}".rstrip()).wrapped(50)
    assert [part.plain() for part in parts] == [
        "10:31:03.000   1    plays word word word word word",
        "               1      word word word word word",
    ]


def test_of_an_error_page_only_the_words_are_told() -> None:
    page = "<!doctype html><head><style>p{}</style></head><p>Oh &amp; no</p>\n<!--\nKeyError: 'x'\n-->"
    failed: dict[str, Any] = {"event": "ice", "callbackId": "ice", "outcome": "bad-status", "status": 500}
    assert [line.split(maxsplit=1)[1] for line in plain(entry("callback.failed", reply=page, **failed))[1:]] == [
        "Oh & no",
        "KeyError: 'x'",
    ]


@pytest.mark.parametrize("kind", ["state", "timer.fired", "prompt.stopped"])
def test_what_only_the_machinery_does_is_not_told(kind: str) -> None:
    assert plain(entry(kind)) == []


@given(
    batches=st.lists(
        st.lists(st.tuples(KINDS, st.dictionaries(st.text(max_size=8), JSON, max_size=3)), max_size=5), max_size=3
    )
)
@settings(max_examples=100, deadline=None)
def test_any_entries_give_lines_without_breaks(batches: list[list[tuple[str, dict[str, object]]]]) -> None:
    lines = LiveLines()
    for batch in batches:
        for line in lines.of([{**fields, "kind": kind} for kind, fields in batch]):
            assert len(line.plain().splitlines()) <= 1


@pytest.mark.parametrize("event", ["DigitPressed", "Spoke", "Updated", "Kicked", "Commanded"])
def test_what_somebody_does_in_vain_is_told_in_words(event: str) -> None:
    ignored = entry("ignored", event=event, state="PROMPTING", text="the key 1 does nothing: no menu is open")
    assert plain(ignored) == ["10:31:00.000   1    the key 1 does nothing: no menu is open"]


def test_what_the_machinery_does_in_vain_is_not_told() -> None:
    assert plain(entry("ignored", event="timer menu", state="ENDED", text="a wait that runs out changes nothing")) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"outcome": "answered", "status": 200}, "ICE again: answered, 200"),
        ({"outcome": "bad-status", "status": 401, "forged": "stale"}, "forged (stale) ICE: refused, 401"),
        ({"outcome": "answered", "status": 200, "forged": "body"}, "forged (body) ICE: taken, 200"),
        ({"outcome": "bad-status", "status": 500, "forged": "unsigned"}, "forged (unsigned) ICE: bad status, 500"),
        ({"outcome": "unreachable", "forged": "stale"}, "forged (stale) ICE: unreachable"),
    ],
)
def test_a_callback_that_is_sent_again_is_told_with_what_came_of_it(fields: dict[str, Any], told: str) -> None:
    assert plain(entry("callback.redelivered", event="ice", **fields)) == [f"10:31:00.000   1    {told}"]
