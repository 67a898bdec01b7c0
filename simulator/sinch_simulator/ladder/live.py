"""Tells calls while they happen: a line for each thing that a person, the platform or the app does, of many calls.

Several calls run at once, so each has a number. A callback and its answer are one line when they come together. What
only the simulator's own machinery does (timers, states) has no line. Entries come in as the control API gives them.
"""

from collections.abc import Iterable
from enum import Enum

from attrs import define, evolve, field, frozen

from sinch_simulator.ladder.app_words import words_of_app
from sinch_simulator.ladder.repeats import FEWEST, is_again
from sinch_simulator.ladder.steps import (
    APP,
    Entry,
    event_name,
    finding,
    printable,
    reply_names,
    said,
    seconds,
    step_of,
)

LONGEST_TEXT = 500
"""Characters of a line that are shown."""
MOST_CALLS_KNOWN = 20_000
"""Of how many calls the number is remembered; the calls that were heard of first are forgotten first."""

_UNTOLD = frozenset({"state", "timer.fired", "prompt.stopped", "menu.opened", "menu.closed", "text.finished"})
_TOLD_IN_VAIN = frozenset(
    {"DigitPressed", "Spoke", "Updated", "Kicked", "Commanded", "ReportedRight", "ReportedWrong", "DeviceFetched"}
)
"""What a person or the app does in vain is told; the rest of what is ignored is the simulator's own machinery."""
_PROMPT_KINDS = frozenset({"prompt.started", "prompt.stopped", "timer.fired", "state"})
_TO_A_LEG = frozenset({"prompt.started", "beep.heard", "dtmf.sent", "leg.accepted"})
_SHORT_ID = 8
_TEXT_BEGINS = 18
"""The column in which the text of a line begins."""
_LEAST_WIDTH = 30
_NUMBER_COLOURS = (36, 34, 32, 96, 94, 92)
_SUBJECTS = {APP: "your app"}


class Tone(Enum):
    """How a line is coloured on a terminal; the value is what ANSI calls the colour."""

    PLAIN = ""
    CALLBACK = "35"
    OVER = "1"
    WARNING = "33"
    ERROR = "31"


@frozen
class Line:
    """One line of the screen: the time of day, the number of the call ("" without one), what happens."""

    time: str
    call: str
    text: str
    tone: Tone = Tone.PLAIN

    def plain(self) -> str:
        """The line without colours."""
        return f"{self.time:12} {self.call:>3}  {self.text}".rstrip()

    def wrapped(self, width: int) -> "list[Line]":
        """The line in as many lines as it takes on a terminal of so many columns."""
        import textwrap

        indent = len(self.text) - len(self.text.lstrip())
        texts = textwrap.wrap(
            self.text, max(width - _TEXT_BEGINS, _LEAST_WIDTH), subsequent_indent=" " * (indent + 2)
        )
        if len(texts) <= 1:
            return [self]
        first, *others = texts
        return [evolve(self, text=first), *(evolve(self, time="", text=text) for text in others)]

    def coloured(self) -> str:
        """The line for a terminal that shows colours."""
        text = f"\x1b[{self.tone.value}m{self.text}\x1b[0m" if self.tone.value else self.text
        colour = _NUMBER_COLOURS[int(self.call or 0) % len(_NUMBER_COLOURS)]
        number = f"\x1b[{colour}m{self.call:>3}\x1b[0m"
        return f"\x1b[2m{self.time:12}\x1b[0m {number}  {text}"


@define
class _Call:
    number: str
    leg: str = ""
    """The leg that the call began with: what is said to it need not say to whom."""
    menu: str = ""
    connected: bool = False
    warnings: int = 0
    errors: int = 0
    prompt: Entry | None = None
    """The prompt that was told last, when nothing was told of the call since."""
    prompts: int = 0
    """How often that one was played in a row."""
    found: list[Line] = field(factory=list)
    """Findings about a callback, told after its outcome although the journal has them before it."""


@define
class LiveLines:
    """Makes lines of the entries of one journal, batch by batch, in the order in which they were written."""

    _calls: dict[str, _Call] = field(factory=dict)
    _counted: int = 0
    _sent: dict[str, Entry] = field(factory=dict)
    """Callbacks of this batch that are not told yet, by their id."""

    def of(self, entries: Iterable[Entry]) -> list[Line]:
        """The lines for these entries; what is under way at the end of a batch is told as under way."""
        lines: list[Line] = []
        touched: dict[str, _Call] = {}
        for entry in entries:
            call = self._call_of(entry)
            touched[call.number] = call
            if entry.get("kind") not in _PROMPT_KINDS:
                lines += _end_of_repeats(entry, call)
            lines += self._lines(entry, call)
        lines += [_line(sent, self._call_of(sent), f"  {_to_the_app(sent)} ...") for sent in self._sent.values()]
        self._sent.clear()
        for call in touched.values():
            lines += _told(call.found)
        return lines

    def _call_of(self, entry: Entry) -> _Call:
        call_id = entry.get("callId") or entry.get("verificationId")
        if not isinstance(call_id, str):
            return _Call("")
        call = self._calls.get(call_id)
        if call is None:
            self._counted += 1
            call = self._calls[call_id] = _Call(str(self._counted))
            if len(self._calls) > MOST_CALLS_KNOWN:
                del self._calls[next(iter(self._calls))]
        return call

    def _lines(self, entry: Entry, call: _Call) -> list[Line]:
        kind = said(entry, "kind")
        match kind:
            case "diagnostic":
                return self._finding(entry, call)
            case "callback.sent":
                self._sent[said(entry, "callbackId")] = entry
                return []
            case "callback.answered" | "callback.failed":
                return [self._outcome(entry, call), *_app_error(entry, call), *_told(call.found)]
            case "menu.opened":
                call.menu = said(entry, "menuId")
            case "menu.closed":
                call.menu = ""
            case "call.ended":
                return [_line(entry, call, _over(entry, call), Tone.OVER)]
            case "verification.ended":
                return [_line(entry, call, _verification_over(entry, call), Tone.OVER)]
        again = kind == "leg.connected" and call.connected
        call.connected = kind == "leg.connected"
        in_vain = kind == "ignored" and entry.get("event") not in _TOLD_IN_VAIN
        if kind in _UNTOLD or again or in_vain:
            return []
        if kind == "prompt.started":
            call.prompts = call.prompts + 1 if call.prompt is not None and is_again(entry, call.prompt) else 1
            call.prompt = entry
            if call.prompts == FEWEST:
                return [_line(entry, call, _words(entry, call) + ", and again and again")]
            if call.prompts > FEWEST:
                return []
        return [_line(entry, call, _words(entry, call))]

    def _finding(self, entry: Entry, call: _Call) -> list[Line]:
        severity = said(entry, "severity")
        call.errors += severity == "error"
        call.warnings += severity == "warning"
        tone = {"error": Tone.ERROR, "warning": Tone.WARNING}.get(severity, Tone.PLAIN)
        line = Line("", call.number, _shortened(f"  {finding(entry)}"), tone)
        if call.number and entry.get("event"):
            call.found += [line, *_app_error(entry, call)]
            return []
        return [line]

    def _outcome(self, entry: Entry, call: _Call) -> Line:
        """The line about a reply, or about there being none; it is all there is when the callback is not told yet."""
        sent = self._sent.pop(said(entry, "callbackId"), None)
        answered = entry.get("kind") == "callback.answered"
        came = str(entry.get("status") or ("answered" if answered else said(entry, "outcome")))
        took = f" in {entry['latencyMs']} ms" if isinstance(entry.get("latencyMs"), int) else ""
        names = f": {reply_names(entry)}" if reply_names(entry) else ""
        begins = _to_the_app(entry) if sent is not None else f"{event_name(entry)} came back"
        tone = Tone.CALLBACK if answered else Tone.ERROR
        return _line(entry, call, f"  {begins}, {came}{took}{names}", tone)


def _end_of_repeats(entry: Entry, call: _Call) -> list[Line]:
    """Tells how often a prompt was played, now that something else happens."""
    prompts, call.prompts, call.prompt = call.prompts, 0, None
    return [_line(entry, call, f"  played it {prompts} times")] if prompts > FEWEST else []


def _line(entry: Entry, call: _Call, text: str, tone: Tone = Tone.PLAIN) -> Line:
    at = said(entry, "at")
    time = at[11:23] if len(at) >= 23 and at[10] == "T" else "?"
    return Line(time, call.number, _shortened(text), tone)


def _told(found: list[Line]) -> list[Line]:
    lines = [*found]
    found.clear()
    return lines


def _words(entry: Entry, call: _Call) -> str:
    """What happens, told as a sentence whose subject is the person, the app or (unnamed) the platform."""
    kind = said(entry, "kind")
    source, target, what = step_of(entry)
    if kind == "verification.started":
        call.leg = "callee"
        return f"your app {what}"
    if kind in ("call.arrived", "call.placed"):
        call.leg = "caller" if kind == "call.arrived" else "callee"
        return what if kind == "call.arrived" else f"your app {what}"
    if kind == "leg.released":
        return f"  disconnects {target}"
    if kind == "leg.connected":
        return "  connected"
    if kind == "prompt.started" and call.menu:
        what = f'menu {call.menu} plays "{said(entry, "text")}"{seconds(entry)}'
    if kind in _TO_A_LEG and target != call.leg:
        return f"  {what} to {target}"
    return f"  {_SUBJECTS.get(source, source)} {what}" if source not in ("", "sinch") else f"  {what}"


def _to_the_app(entry: Entry) -> str:
    return f"{event_name(entry)} to your app"


def _over(entry: Entry, call: _Call) -> str:
    duration = f", {said(entry, 'duration')} s" if entry.get("duration") is not None else ""
    came = f"{said(entry, 'result')}, {said(entry, 'reason')}{duration}"
    return f"over: {came}{_found(call)}; more: sinch-simulator show {said(entry, 'callId')[:_SHORT_ID]}"


def _verification_over(entry: Entry, call: _Call) -> str:
    reason = f", {said(entry, 'reason')}" if entry.get("reason") is not None else ""
    found, shown = _found(call), said(entry, "verificationId")[:_SHORT_ID]
    return f"over: {said(entry, 'status')}{reason}{found}; more: sinch-simulator show {shown}"


def _found(call: _Call) -> str:
    counted = [(call.warnings, "warning"), (call.errors, "error")]
    found = ", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in counted if count)
    return f"; {found}" if found else ""


def _app_error(entry: Entry, call: _Call) -> list[Line]:
    """The app's own words beside a failure."""
    return [Line("", call.number, _shortened(f"    {line}"), Tone.ERROR) for line in words_of_app(entry)]


def _shortened(text: str) -> str:
    text = printable(text)
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."
