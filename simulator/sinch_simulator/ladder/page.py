"""Writes calls as one HTML page that needs nothing from elsewhere: no script, no file beside it, light and dark.

Whatever an app or a person said is shown as text. Calls and callbacks come in as the control API gives them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from attrs import define, field

from sinch_simulator.ladder.repeats import Told, without_repeats
from sinch_simulator.ladder.steps import APP, PLATFORM, Entry, event_name, finding, reply_names, said, seconds, step_of
from sinch_simulator.ladder.style import STYLE

Json = Mapping[str, Any]  # what the control API answers; shown, never kept

MOST_ROWS = 2000
"""How many lines of one call are shown."""
LONGEST_TEXT = 20_000
"""Characters of one text that are shown."""
GAP_S = 1.5
"""A time in which nothing happens is said when it is longer."""

_LANES = {"caller": 1, PLATFORM: 2, APP: 3, "callee": 4}
_NAMES = {APP: "your app", PLATFORM: "sinch"}
_UNTOLD = frozenset({"state", "timer.fired"})


def page(title: str, parts: Iterable[str]) -> str:
    """A whole document of parts that are HTML already; the title is text."""
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def heading(title: str, about: str = "") -> str:
    """The head of a page: its title, and a line below it."""
    return f"<h1>{escape(title)}</h1>" + (f'\n<p class="sub">{escape(about)}</p>' if about else "")


def quotation(title: str, text: str) -> str:
    """A text that is shown as it is, such as a traceback."""
    return f"<h2>{escape(title)}</h2>\n<pre>{escape(_cut(text))}</pre>"


def call_part(call: Json, callbacks: Sequence[Json] = ()) -> str:
    """One call: who called whom, what became of it, and its ladder, with what went over the wire to open."""
    entries = [entry for entry in call["timeline"] if said(entry, "kind") not in _UNTOLD]
    told = [*without_repeats(entries)]
    rows = _Rows({said(each, "id"): each for each in callbacks})
    shown = "\n".join(row for each in told[:MOST_ROWS] for row in rows.of(each.entry, each))
    left_out = len(told) - MOST_ROWS
    more = f'<p class="gap">… {left_out} lines more</p>' if left_out > 0 else ""
    lanes = [_lane_head("caller", call), _lane_head(PLATFORM, call), _lane_head(APP, call), _lane_head("callee", call)]
    return (
        f'<section class="call" id="call-{escape(said(call, "callId"))}">\n'
        f"<h2>{_who(call)} {_chips(call, entries)}</h2>\n"
        f'<p class="sub">{escape(_about(call))}</p>\n'
        f'<div class="ladder"><div class="heads" aria-hidden="true"><span></span>{"".join(lanes)}</div>\n'
        f"<ol>\n{shown}\n</ol></div>{more}\n</section>"
    )


def _who(call: Json) -> str:
    begun: Entry = next(iter(call["timeline"]), {})
    named = (begun.get("from") or call.get("from") or "the app", begun.get("to") or call.get("to") or "nobody")
    names = [escape(str(name)) for name in named]
    return f'<span class="number">{names[0]}</span> → <span class="number">{names[1]}</span>'


def _chips(call: Json, entries: Sequence[Entry]) -> str:
    final = call.get("status") == "FINAL"
    # Voice v2 has other names for what a call came to.
    result, reason = ("callResult", "callReason") if call.get("protocol") == "v2" else ("result", "reason")
    outcome = f"{said(call, result)}, {said(call, reason)}" if final else f"under way: {said(call, 'state')}"
    chips = [f'<span class="chip {"bad" if call.get(result) == "FAILED" else "good"}">{escape(outcome)}</span>']
    for severity, css in (("error", "bad"), ("warning", "warn")):
        count = sum(entry.get("kind") == "diagnostic" and entry.get("severity") == severity for entry in entries)
        if count:
            chips.append(f'<span class="chip {css}">{count} {severity}{"s" * (count > 1)}</span>')
    return " ".join(chips)


def _about(call: Json) -> str:
    duration = f"{call['duration']} s" if call.get("duration") is not None else ""
    told = (said(call, "callId"), said(call, "origin"), duration, f"began {said(call, 'startedAt')}")
    return " · ".join(part for part in told if part)


def _lane_head(lane: str, call: Json) -> str:
    addresses = [str(leg.get("address") or "") for leg in call.get("legs", ()) if leg.get("leg") == lane]
    return f"<span>{_NAMES.get(lane, lane)}<small>{escape(addresses[0] if addresses else '')}</small></span>"


@define
class _Rows:
    """Makes rows of the entries of one call, in their order."""

    callbacks: Mapping[str, Json]
    _started: datetime | None = None
    _before: datetime | None = None
    _now: str = field(default="")

    def of(self, entry: Entry, told: Told) -> list[str]:
        """The rows of one entry: a pause before it, itself, how often it comes again, and what it hides."""
        rows = self._pass_time(entry)
        kind = said(entry, "kind")
        if kind == "diagnostic":
            css = {"error": "bad", "warning": "warn"}.get(said(entry, "severity"), "")
            return [*rows, self._row(f'<div class="note {css}">{escape(_cut(finding(entry)))}</div>')]
        if kind == "prompt.started":
            said_to = escape(_cut(said(entry, "text"))) + f"<small>{escape(seconds(entry))}</small>"
            lane = _LANES.get(said(entry, "leg"), 1)
            row = self._row(f'<div class="says in{lane}">{_spoken(entry)}{said_to}{_times(told)}</div>')
            self._pass_time(told.last)
            return [*rows, row]
        source, target, what = step_of(entry)
        if not source or not {source, target} <= set(_LANES):
            return [*rows, self._row(f'<div class="inside">{escape(_cut(what))}</div>')]
        if kind in ("callback.answered", "callback.failed"):
            return [*rows, *self._outcome(entry)]
        text = event_name(entry) if kind == "callback.sent" else what
        return [*rows, self._row(_arrow(source, target, text, "wire" if kind == "callback.sent" else ""))]

    def _pass_time(self, entry: Entry) -> list[str]:
        """Remember when this happens; a pause that was long is a row of its own."""
        try:
            at = datetime.fromisoformat(said(entry, "at"))
            self._started = self._started or at
            self._now = f"{(at - self._started).total_seconds():.3f}"
            pause_s = (at - self._before).total_seconds() if self._before is not None else 0.0
            self._before = at
        except (ValueError, TypeError):
            self._now, pause_s = "?", 0.0
        return [f'<li class="gap">… {pause_s:.1f} s</li>'] if pause_s >= GAP_S else []

    def _row(self, inside: str) -> str:
        return f"<li><time>{self._now}</time>{inside}</li>"

    def _outcome(self, entry: Entry) -> list[str]:
        callback = self.callbacks.get(said(entry, "callbackId"))
        failed = entry.get("kind") == "callback.failed"
        response = {} if callback is None else callback.get("response") or {}
        came = str(response.get("status") or (said(entry, "outcome") if failed else "answered"))
        took = "" if callback is None else f" in {said(callback, 'latencyMs')} ms"
        names = f" · {reply_names(entry)}" if reply_names(entry) else ""
        arrow = _arrow(APP, PLATFORM, f"{came}{took}{names}", "wire back" + " failed" * failed)
        rows = [self._row(arrow)]
        if callback is not None:
            rows.append(f'<li><details class="wire"{" open" * failed}>{_exchange(callback)}</details></li>')
        return rows


def _arrow(source: str, target: str, text: str, css: str) -> str:
    first, last = sorted((_LANES[source], _LANES[target]))
    direction = "right" if _LANES[source] < _LANES[target] else "left"
    who = f"{_NAMES.get(source, source)} → {_NAMES.get(target, target)}: "
    return (
        f'<div class="arrow {direction} c{first}{last} {css}">'
        f'<span><span class="who">{escape(who)}</span>{escape(_cut(text))}</span></div>'
    )


def _times(told: Told) -> str:
    return f"<small> × {told.times}</small>" if told.times > 1 else ""


def _spoken(entry: Entry) -> str:
    return f'<span class="who">{escape(said(entry, "leg"))} hears: </span>'


def _exchange(callback: Json) -> str:
    """What went over the wire, to be opened."""
    request, response = callback.get("request") or {}, callback.get("response") or {}
    reply = _shown(response.get("body")) if response else "no answer"
    status = f" {response['status']}" if response else ""
    return (
        f"<summary>{escape(event_name(callback))}: request and reply</summary>"
        f"<h3>POST {escape(said(callback, 'url'))}</h3>{_message(request, _shown(request.get('body')))}"
        f"<h3>{escape(said(callback, 'outcome') + status)}</h3>{_message(response, reply)}"
    )


def _message(message: Json, body: str) -> str:
    headers = "".join(f"{name}: {value}\n" for name, value in (message.get("headers") or {}).items())
    return f"<pre>{escape(headers)}\n{escape(body)}</pre>"


def _shown(body: object) -> str:
    return _cut(body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} … {len(text) - LONGEST_TEXT} characters more"
