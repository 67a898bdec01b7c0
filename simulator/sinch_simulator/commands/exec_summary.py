"""Sums up, for the terminal, what a command has asked of the platform, what became of it, and what was found wrong."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from sinch_simulator.intercept.gateway import Asked
from sinch_simulator.ladder import render
from sinch_simulator.ladder.steps import event_name, hint_of

_MOST_LINES = 40
_LONGEST_TEXT = 80

Document = Mapping[str, Any]  # JSON of the control API


@frozen
class Summary:
    """``calls``, ``messages`` and ``findings`` are documents of the control API."""

    asked: Sequence[Asked]
    given_up: Mapping[str, int]
    """By host: connections that brought no request."""
    calls: Sequence[Document]
    messages: Sequence[Document]
    findings: Sequence[Document]
    seed: int

    def lines(self, *, ladder: bool) -> list[str]:
        """Gives the summary; with ``ladder`` each call line by line."""
        lines = [f"{_counted(len(self.asked), 'request')} to the platform" + (":" if self.asked else "")]
        lines += _cut(f"  {line}" for line in _requests(self.asked))
        for host, number in self.given_up.items():
            why = "does the program trust only authorities that it brings itself?"
            lines.append(f"{_counted(number, 'connection')} to {host} ended without a request: {why}")
        if self.calls:
            lines.append(f"{_counted(len(self.calls), 'call')}:")
            lines += _cut(f"  {_outcome(call)}" for call in self.calls)
        if self.messages:
            lines.append(f"{_counted(len(self.messages), 'text')}:")
            lines += _cut(f"  {_text(each)}" for each in self.messages)
        if self.calls or self.messages:
            lines.append(f"the same ids again: --seed {self.seed}")
        if self.findings:
            lines.append(f"{_counted(len(self.findings), 'finding')}:")
            lines += _cut(f"  {_finding(each)}" for each in self.findings)
        if ladder:
            for call in self.calls:
                lines += ["", f"call {call['callId']}", *render(call["timeline"]).splitlines()]
        return [_printable(line) for line in lines]


def _requests(asked: Iterable[Asked]) -> list[str]:
    """One line for each kind of request, in the order of the first of its kind."""
    counts = Counter(asked)
    wide = max((len(each.name) for each in counts), default=0)
    return [
        f"{each.name:<{wide}}  {each.status or 'no answer'}" + (f"  x{count}" if count > 1 else "")
        for each, count in counts.items()
    ]


def _outcome(call: Document) -> str:
    parties = f"{_address(call.get('from'))} -> {_address(call.get('to'))}"
    if call.get("status") != "FINAL":
        return f"{parties}: still going on ({str(call.get('state', '')).lower()})"
    result = call.get("result") or call.get("callResult")
    reason = call.get("reason") or call.get("callReason")
    return f"{parties}: {result}, {reason}"


def _text(message: Document) -> str:
    said = message["text"] if message["text"] is not None else "binary"
    shown = said if len(said) <= _LONGEST_TEXT else said[: _LONGEST_TEXT - 3] + "..."
    return f"{message['from']} -> {message['to']}: {message['status']}: {shown}"


def _address(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("endpoint")
    return str(value) if value else "?"


def _finding(finding: Document) -> str:
    about = event_name(finding) if finding.get("event") else str(finding.get("request", ""))
    place = " ".join(part for part in (about, str(finding.get("path") or "")) if part)
    told = f"{finding['message']}{hint_of(finding)}"
    return f"{finding['severity']} {finding['code']}{' ' if place else ''}{place}: {told}"


def _cut(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    return every if len(every) <= _MOST_LINES else [*every[:_MOST_LINES], f"  ... and {len(every) - _MOST_LINES} more"]


def _counted(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _printable(text: str) -> str:
    """Without what would break the line or steer a terminal: texts come from the command."""
    return "".join(character if character.isprintable() else " " for character in text)
