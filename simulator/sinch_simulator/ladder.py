"""A call's timeline as text, one line for each thing that happened: when, who to whom, what.

Reads the JSON that the control API gives. A kind that it does not know is shown with its fields, a field that is not
there as ``?``: a ladder never fails, because it is what people look at when something else has.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from attrs import define

Entry = Mapping[str, object]
Step = tuple[str, str, str]
"""From whom (``""``: nobody in particular), to whom, what."""

PLATFORM = "sinch"
APP = "app"

_OWN = ("seq", "at", "kind", "callId")
_WIDTH = 6


@define
class Ladder:
    """Renders entries one by one as they come; times count from the first one."""

    _started: datetime | None = None

    def line(self, entry: Entry) -> str:
        """One entry as one line, without a line break."""
        describe = _STEPS.get(_said(entry, "kind"), _unknown)
        source, target, what = describe(entry)
        actors = f"{source:>{_WIDTH}} -> {target:<{_WIDTH}}" if source else f"{PLATFORM:>{_WIDTH}}    {'':<{_WIDTH}}"
        return f"{self._since_start(entry):>10}  {actors}  {_printable(what)}".rstrip()

    def _since_start(self, entry: Entry) -> str:
        try:
            at = datetime.fromisoformat(_said(entry, "at"))
            if self._started is None:
                self._started = at
            return f"{(at - self._started).total_seconds():.3f}"
        except (ValueError, TypeError):
            return "?"


def render(entries: Iterable[Entry]) -> str:
    """A whole timeline; the lines end without a line break after the last one."""
    ladder = Ladder()
    return "\n".join(ladder.line(entry) for entry in entries)


def _said(entry: Entry, name: str) -> str:
    value = entry.get(name)
    if isinstance(value, Mapping):
        value = value.get("endpoint", dict(value))
    return "?" if value is None else str(value)


def _plus(entry: Entry, *names: str) -> str:
    """The named fields that are there, in brackets: `` (human, 3.0)``."""
    there = [_said(entry, name) for name in names if entry.get(name) not in (None, "", [], {})]
    return f" ({', '.join(there)})" if there else ""


def _seconds(entry: Entry) -> str:
    value = entry.get("seconds")
    return f" ({value:.1f} s)" if isinstance(value, int | float) else ""


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _from_leg(what: Callable[[Entry], str]) -> Callable[[Entry], Step]:
    return lambda entry: (_said(entry, "leg"), PLATFORM, what(entry))


def _to_leg(what: Callable[[Entry], str]) -> Callable[[Entry], Step]:
    return lambda entry: (PLATFORM, _said(entry, "leg"), what(entry))


def _inside(what: Callable[[Entry], str]) -> Callable[[Entry], Step]:
    return lambda entry: ("", "", what(entry))


def _unknown(entry: Entry) -> Step:
    fields = " ".join(f"{name}={value}" for name, value in entry.items() if name not in _OWN)
    return "", "", f"{_said(entry, 'kind')} {fields}"


def _reply(entry: Entry) -> str:
    said = [*_as_list(entry.get("instructions")), *_as_list(entry.get("action"))]
    return f"{_event(entry)} answered: {_listed(said)}" if said else f"{_event(entry)} answered"


def _as_list(value: object) -> list[object]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _event(entry: Entry) -> str:
    name = _said(entry, "event").upper()
    return "DiCE" if name == "DICE" else name


def _finding(entry: Entry) -> str:
    hint = f" ({_said(entry, 'hint')})" if entry.get("hint") else ""
    where = f" at {_said(entry, 'path')}" if entry.get("path") else ""
    return f"{_said(entry, 'severity')} {_said(entry, 'code')}{where}: {_said(entry, 'message')}{hint}"


def _ended(entry: Entry) -> str:
    duration = f" after {_said(entry, 'duration')} s" if entry.get("duration") is not None else ""
    return f"the call has ended{duration}: {_said(entry, 'result')}, {_said(entry, 'reason')}"


_STEPS: dict[str, Callable[[Entry], Step]] = {
    "call.placed": lambda entry: (APP, PLATFORM, f"calls {_said(entry, 'to')}" + _plus(entry, "method")),
    "call.arrived": lambda entry: ("caller", PLATFORM, f"{_said(entry, 'from')} calls {_said(entry, 'to')}"),
    "call.ended": _inside(_ended),
    "leg.invited": _to_leg(lambda entry: f"rings {_said(entry, 'to')}"),
    "leg.answered": _from_leg(lambda entry: "picks up" + _plus(entry, "as")),
    "leg.declined": _from_leg(lambda entry: f"does not pick up: {_said(entry, 'cause')}"),
    "leg.accepted": _to_leg(lambda entry: "answers the call"),
    "leg.released": _to_leg(lambda entry: "disconnects"),
    "leg.hungup": _from_leg(lambda entry: "hangs up"),
    "leg.connected": _to_leg(lambda entry: "is now talking" + _plus(entry, "with")),
    "prompt.started": _to_leg(lambda entry: f'plays "{_said(entry, "text")}"{_seconds(entry)}'),
    "prompt.stopped": _to_leg(lambda entry: "stops playing"),
    "digit.pressed": _from_leg(lambda entry: f"presses {_said(entry, 'digit')}"),
    "speech": _from_leg(lambda entry: f'says "{_said(entry, "text")}"'),
    "beep": _from_leg(lambda entry: "beeps"),
    "beep.heard": _to_leg(lambda entry: "beeps"),
    "dtmf.sent": _to_leg(lambda entry: f"sends tones {_said(entry, 'digits')}"),
    "menu.opened": _to_leg(lambda entry: f"opens menu {_said(entry, 'menuId')}"),
    "menu.result": _inside(
        lambda entry: f"menu {_said(entry, 'menuId')} has come to: {_said(entry, 'type')}{_plus(entry, 'value')}"
    ),
    "menu.closed": _to_leg(lambda entry: "closes the menu"),
    "callback.sent": lambda entry: (PLATFORM, APP, f"{_event(entry)} to {_said(entry, 'url')}"),
    "callback.answered": lambda entry: (APP, PLATFORM, _reply(entry)),
    "callback.failed": lambda entry: (APP, PLATFORM, f"{_event(entry)} FAILED: {_said(entry, 'outcome')}"),
    "document.used": _inside(lambda entry: f"{_event(entry)} is answered by the callout itself"),
    "cookie.set": _inside(lambda entry: f"remembers {_said(entry, 'key')}={_said(entry, 'value')}"),
    "status.reported": lambda entry: (APP, PLATFORM, f"reports {_said(entry, 'value')}" + _plus(entry, "details")),
    "rest.kick": lambda entry: (APP, PLATFORM, "takes the call out of its conference"),
    "rest.update": lambda entry: (APP, PLATFORM, "changes the call" + _plus(entry, "action")),
    "rest.command": lambda entry: (APP, PLATFORM, f"orders {_said(entry, 'command')}" + _plus(entry, "moh")),
    "conference.joined": _inside(lambda entry: f"joins conference {_said(entry, 'conferenceId')}"),
    "conference.left": _inside(lambda entry: f"leaves conference {_said(entry, 'conferenceId')}"),
    "conference.ended": _inside(lambda entry: f"conference {_said(entry, 'conferenceId')} is over"),
    "conference.muted": _inside(lambda entry: f"is muted in conference {_said(entry, 'conferenceId')}"),
    "conference.unmuted": _inside(lambda entry: f"is no longer muted in conference {_said(entry, 'conferenceId')}"),
    "conference.held": _inside(lambda entry: f"is on hold in conference {_said(entry, 'conferenceId')}"),
    "conference.resumed": _inside(lambda entry: f"is back from hold in conference {_said(entry, 'conferenceId')}"),
    "conference.digits": _inside(
        lambda entry: f"digits typed in conference {_said(entry, 'conferenceId')}: {_said(entry, 'digits')}"
    ),
    "stream.command": lambda entry: (
        ("callee", PLATFORM, f"stream: {_said(entry, 'command')}")
        if entry.get("from") == "app"
        else (PLATFORM, "callee", f"stream: {_said(entry, 'command')}")
    ),
    "stream.speaking": _from_leg(lambda entry: "sends sound"),
    "stream.silent": _from_leg(lambda entry: "sends no more sound" + _plus(entry, "heard")),
    "stream.lost": _from_leg(lambda entry: "ends the stream"),
    "recording.started": _inside(lambda entry: "recording begins"),
    "recording.stopped": _inside(lambda entry: "recording ends"),
    "state": _inside(lambda entry: f"state: {_said(entry, 'from')} -> {_said(entry, 'to')}"),
    "timer.fired": _inside(lambda entry: f"time is up: {_said(entry, 'timer')}"),
    "ignored": _inside(lambda entry: f"ignored: {_said(entry, 'event')}" + _plus(entry, "state")),
    "diagnostic": _inside(_finding),
}


def _printable(text: str) -> str:
    """Without what would break the line or steer a terminal: texts come from the app."""
    return "".join(character if character.isprintable() else " " for character in text)
