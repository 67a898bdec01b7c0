"""The page of a call: everything that was said is on it as text, and it needs nothing from elsewhere."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.ladder.page import MOST_ROWS, call_part, heading, page, quotation

HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "&lt;b&gt;", "مرحبا 😀", "x' onload='y"]
VOID = {"meta"}


class Reader(HTMLParser):
    """Reads a document as a browser would: which elements it has, its text, and whether every one is closed."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def entry(second: str, kind: str, **fields: Any) -> Mapping[str, Any]:
    return {"seq": 1, "at": f"2026-01-01T00:00:{second}Z", "kind": kind, "callId": "c1", **fields}


def call(*timeline: Mapping[str, Any], **fields: Any) -> Mapping[str, Any]:
    about = {"callId": "c1", "status": "FINAL", "result": "ANSWERED", "reason": "CALLERHANGUP", "duration": 9}
    return {**about, "origin": "pstn", "startedAt": "2026-01-01T00:00:00Z", "legs": [], "timeline": timeline, **fields}


def failed_callback(body: str) -> Mapping[str, Any]:
    request = {"headers": {"x-timestamp": "now"}, "body": {"event": "ice"}}
    response = {"status": 500, "headers": {}, "body": body}
    about = {"id": "c1.1", "event": "ice", "url": "http://app/", "outcome": "bad-status", "latencyMs": 12}
    return {**about, "request": request, "response": response}


def read(*parts: str) -> Reader:
    reader = Reader(page("A title", parts))
    assert reader.open == []
    return reader


def test_a_call_with_its_callbacks_is_told() -> None:
    reader = read(
        call_part(
            call(
                entry("00.000", "call.arrived", **{"from": "+46700000001", "to": "+14045550100"}),
                entry("00.000", "callback.sent", callbackId="c1.1", event="ice", url="http://app/"),
                entry("00.000", "diagnostic", severity="error", code="CALLBACK_BAD_STATUS", message="It failed."),
                entry("00.000", "callback.failed", callbackId="c1.1", event="ice", outcome="bad-status"),
                entry("04.000", "prompt.started", leg="caller", text="Goodbye", seconds=1.5),
            ),
            [failed_callback("KeyError: 'x'")],
        )
    )
    words = " ".join(reader.text.split())
    for told in (
        "+46700000001 → +14045550100", "1 error", "sinch → your app: ICE", "your app → sinch: 500 in 12 ms",
        "POST http://app/", "x-timestamp: now", "KeyError: 'x'", "error CALLBACK_BAD_STATUS: It failed.", "… 4.0 s",
        "caller hears: Goodbye (1.5 s)",
    ):  # fmt: skip
        assert told in words
    assert "open" in dict(reader.attributes)  # what has failed need not be looked for


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_an_app_or_a_person_says_is_text(text: str) -> None:
    said = call(
        entry("00.000", "call.arrived", **{"from": text, "to": text}),
        entry("00.000", "prompt.started", leg="caller", text=text, seconds=1),
        entry("00.000", "callback.failed", callbackId="c1.1", event=text, outcome=text),
        entry("00.000", text, leg=text),
        callId=text, reason=text, legs=[{"leg": "caller", "address": text}],
    )  # fmt: skip
    reader = read(heading(text, text), quotation(text, text), call_part(said, [failed_callback(text)]))
    assert reader.text.count(text) >= 8
    assert {"script", "img"} & set(reader.tags) == set()
    assert {name for name, _ in reader.attributes} <= {
        "lang", "charset", "name", "content", "class", "id", "aria-hidden", "open"
    }  # fmt: skip


def test_the_page_needs_nothing_from_elsewhere() -> None:
    document = page("A title", [call_part(call())])
    assert re.findall(r"url\(|@import|src=|<link|http", document) == []


def test_a_prompt_that_is_played_over_and_over_is_one_row() -> None:
    hold = [entry(f"{second:02}.000", "prompt.started", leg="caller", text="Please hold") for second in range(40)]
    part = call_part(call(*hold, entry("40.000", "leg.hungup", leg="caller")))
    assert part.count("Please hold") == 1
    assert "× 40" in part
    assert part.count('class="gap"') == 0


def test_a_call_of_many_lines_says_how_many_are_left_out() -> None:
    part = call_part(call(*[entry("00.000", "digit.pressed", leg="caller", digit="1")] * (MOST_ROWS + 5)))
    assert part.count("<li>") == MOST_ROWS
    assert "… 5 lines more" in part


@given(
    fields=st.dictionaries(
        st.sampled_from(["leg", "text", "event", "outcome", "at", "seconds", "callbackId", "x"]),
        st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
    ),
    kind=st.sampled_from(["prompt.started", "callback.sent", "callback.answered", "diagnostic", "leg.answered", "?"]),
)
@settings(max_examples=100, deadline=None)
def test_any_entry_gives_a_page_that_is_well_formed(fields: Mapping[str, Any], kind: str) -> None:
    read(call_part(call({**fields, "kind": kind})))
