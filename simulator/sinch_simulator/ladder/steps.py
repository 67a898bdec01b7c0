"""What each line of a journal says: from whom, to whom, and what, in words.

Reads the JSON that the control API gives. A kind that it does not know is shown with its fields, a field that is not
there as ``?``: nothing here fails, because people look at it when something else has.
"""

from collections.abc import Callable, Mapping

Entry = Mapping[str, object]
Step = tuple[str, str, str]
"""From whom (``""``: nobody in particular), to whom, what."""

PLATFORM = "sinch"
APP = "app"

_EVENT_NAMES = {"ice": "ICE", "ace": "ACE", "pie": "PIE", "dice": "DiCE", "notify": "NOTIFY"}
_OWN = ("seq", "at", "kind", "callId")


def step_of(entry: Entry) -> Step:
    """The step that a line of the journal tells."""
    return _STEPS.get(said(entry, "kind"), _unknown)(entry)


def said(entry: Entry, name: str) -> str:
    """A field as text; the endpoint of an address, ``?`` for a field that is not there."""
    value = entry.get(name)
    if isinstance(value, Mapping):
        value = value.get("endpoint", dict(value))
    return "?" if value is None else str(value)


def _plus(entry: Entry, *names: str) -> str:
    """The named fields that are there, in brackets: `` (human, 3.0)``."""
    there = [said(entry, name) for name in names if entry.get(name) not in (None, "", [], {})]
    return f" ({', '.join(there)})" if there else ""


def _quoted(entry: Entry, name: str) -> str:
    """A text in quotes; ``binary`` where there is none."""
    return f'"{said(entry, name)}"' if entry.get(name) is not None else "binary"


def _list(entry: Entry, name: str) -> str:
    """The first elements of a list as text, and how many more there are."""
    elements = _as_list(entry.get(name))
    more = f" and {len(elements) - 3} more" if len(elements) > 3 else ""
    return ", ".join(map(str, elements[:3])) + more


def seconds(entry: Entry) -> str:
    """How long a prompt is, in brackets: `` (2.2 s)``; empty for one that has no length."""
    value = entry.get("seconds")
    return f" ({value:.1f} s)" if isinstance(value, int | float) else ""


def _from_leg(what: Callable[[Entry], str]) -> Callable[[Entry], Step]:
    return lambda entry: (said(entry, "leg"), PLATFORM, what(entry))


def _to_leg(what: Callable[[Entry], str]) -> Callable[[Entry], Step]:
    return lambda entry: (PLATFORM, said(entry, "leg"), what(entry))


def _inside(what: Callable[[Entry], str]) -> Callable[[Entry], Step]:
    return lambda entry: ("", "", what(entry))


def _unknown(entry: Entry) -> Step:
    fields = " ".join(f"{name}={value}" for name, value in entry.items() if name not in _OWN)
    return "", "", f"{said(entry, 'kind')} {fields}"


def _reply(entry: Entry) -> str:
    names = reply_names(entry)
    return f"{event_name(entry)} answered: {names}" if names else f"{event_name(entry)} answered"


def reply_names(entry: Entry) -> str:
    """The names of the instructions and of the action, or of the commands, in an app's reply: ``say, runMenu``."""
    names = [name for part in ("instructions", "action", "commands") for name in _as_list(entry.get(part))]
    return ", ".join(map(str, names))


def _as_list(value: object) -> list[object]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def event_name(entry: Entry) -> str:
    """The name of a callback as people write it: ``ICE``, ``DiCE``, ``call.answered``."""
    name = said(entry, "event")
    return _EVENT_NAMES.get(name, name)


def finding(entry: Entry) -> str:
    """A finding as a sentence: ``warning CODE in request at path: message (hint)``."""
    where = f" in {said(entry, 'request')}" if entry.get("request") else ""
    where += f" at {said(entry, 'path')}" if entry.get("path") else ""
    return f"{said(entry, 'severity')} {said(entry, 'code')}{where}: {said(entry, 'message')}{hint_of(entry)}"


def hint_of(entry: Entry) -> str:
    """The hint of a finding, in brackets: `` (write a number)``; empty where its message says the same already."""
    hint = said(entry, "hint") if entry.get("hint") else ""
    return f" ({hint})" if hint and hint not in said(entry, "message") else ""


def _failed(entry: Entry) -> str:
    status = f" {said(entry, 'status')}" if entry.get("status") is not None else ""
    return f"{said(entry, 'outcome')}{status}"


def _sent_again(entry: Entry) -> str:
    """A callback that was sent once more: ``ICE again: answered, 200``, ``forged (stale) ICE: refused, 401``."""
    status = entry.get("status")
    came = said(entry, "outcome").replace("-", " ")
    if not entry.get("forged"):
        return f"{event_name(entry)} again: {came}" + _comma(status)
    if isinstance(status, int) and 400 <= status < 500:
        came = "refused"
    elif isinstance(status, int) and status < 300:
        came = "taken"
    return f"forged ({said(entry, 'forged')}) {event_name(entry)}: {came}" + _comma(status)


def _order(entry: Entry) -> str:
    """What a fault rule does: ``errorCode 42901``."""
    order = entry.get("do")
    return ", ".join(f"{name} {value}" for name, value in order.items()) if isinstance(order, Mapping) else str(order)


def _comma(value: object) -> str:
    return "" if value is None else f", {value}"


def _ended(entry: Entry) -> str:
    duration = f" after {said(entry, 'duration')} s" if entry.get("duration") is not None else ""
    return f"the call has ended{duration}: {said(entry, 'result')}, {said(entry, 'reason')}"


def _verification_over(entry: Entry) -> str:
    return f"the verification has ended: {said(entry, 'status')}{_comma(entry.get('reason'))}"


_STEPS: dict[str, Callable[[Entry], Step]] = {
    "verification.started": lambda entry: (
        APP,
        PLATFORM,
        f"verifies {said(entry, 'to')} by {said(entry, 'method')}" + _plus(entry, "reference"),
    ),
    "verification.reported": lambda entry: (APP, PLATFORM, f"reports {said(entry, 'secret')}" + _plus(entry, "source")),
    "app.reported": _inside(
        lambda entry: f"the app on the phone reports {said(entry, 'secret')}" + _plus(entry, "source")
    ),
    "verification.superseded": _inside(lambda entry: "another verification of the same number begins"),
    "verification.fetched": lambda entry: ("phone", PLATFORM, "follows targetUri to its end"),
    "data.used": _inside(
        lambda entry: "the phone is on Wi-Fi: no mobile data"
        if entry.get("sim") is None
        else f"mobile data of the SIM {said(entry, 'sim')}"
    ),
    "verification.concluded": _inside(lambda entry: f"the platform ends it: {said(entry, 'status')}"),
    "verification.ended": _inside(_verification_over),
    "text.sent": lambda entry: (
        PLATFORM,
        "phone",
        f'texts "{said(entry, "text")}" to {said(entry, "to")}' + _plus(entry, "from"),
    ),
    "text.delivered": lambda entry: (PLATFORM, "phone", f"the text has arrived at {said(entry, 'to')}"),
    "text.failed": _inside(lambda entry: f"the text to {said(entry, 'to')} does not arrive: {said(entry, 'status')}"),
    "text.replied": lambda entry: ("phone", PLATFORM, f'answers "{said(entry, "text")}"'),
    "call.missed": _inside(lambda entry: f"the phone has missed a call from {said(entry, 'cli')}{seconds(entry)}"),
    "call.placed": lambda entry: (APP, PLATFORM, f"calls {said(entry, 'to')}" + _plus(entry, "method")),
    "call.arrived": lambda entry: ("caller", PLATFORM, f"{said(entry, 'from')} calls {said(entry, 'to')}"),
    "call.ended": _inside(_ended),
    "leg.invited": _to_leg(lambda entry: f"rings {said(entry, 'to')}"),
    "leg.answered": _from_leg(lambda entry: "picks up" + _plus(entry, "as")),
    "leg.declined": _from_leg(lambda entry: f"does not pick up: {said(entry, 'cause')}"),
    "leg.accepted": _to_leg(lambda entry: "answers the call"),
    "leg.released": _to_leg(lambda entry: "disconnects"),
    "leg.hungup": _from_leg(lambda entry: "hangs up"),
    "leg.connected": _to_leg(lambda entry: "is now talking" + _plus(entry, "with")),
    "prompt.started": _to_leg(lambda entry: f'plays "{said(entry, "text")}"{seconds(entry)}'),
    "prompt.stopped": _to_leg(lambda entry: "stops playing"),
    "digit.pressed": _from_leg(lambda entry: f"presses {said(entry, 'digit')}"),
    "speech": _from_leg(lambda entry: f'says "{said(entry, "text")}"'),
    "beep": _from_leg(lambda entry: "beeps"),
    "beep.heard": _to_leg(lambda entry: "beeps"),
    "dtmf.sent": _to_leg(lambda entry: f"sends tones {said(entry, 'digits')}"),
    "menu.opened": _to_leg(lambda entry: f"opens menu {said(entry, 'menuId')}"),
    "menu.result": _inside(
        lambda entry: f"menu {said(entry, 'menuId')} has come to: {said(entry, 'type')}{_plus(entry, 'value')}"
    ),
    "menu.closed": _to_leg(lambda entry: "closes the menu"),
    "callback.sent": lambda entry: (PLATFORM, APP, f"{event_name(entry)} to {said(entry, 'url')}"),
    "callback.answered": lambda entry: (APP, PLATFORM, _reply(entry)),
    "callback.redelivered": lambda entry: (PLATFORM, APP, _sent_again(entry)),
    "callback.failed": lambda entry: (APP, PLATFORM, f"{event_name(entry)} FAILED: {_failed(entry)}"),
    "document.used": _inside(lambda entry: f"{event_name(entry)} is answered by the callout itself"),
    "cookie.set": _inside(lambda entry: f"remembers {said(entry, 'key')}={said(entry, 'value')}"),
    "status.reported": lambda entry: (APP, PLATFORM, f"reports {said(entry, 'value')}" + _plus(entry, "details")),
    "rest.kick": lambda entry: (APP, PLATFORM, "takes the call out of its conference"),
    "rest.update": lambda entry: (APP, PLATFORM, f"changes the call ({reply_names(entry) or '?'})"),
    "rest.command": lambda entry: (APP, PLATFORM, f"orders {said(entry, 'command')}" + _plus(entry, "moh")),
    "conference.joined": _inside(lambda entry: f"joins conference {said(entry, 'conferenceId')}"),
    "conference.left": _inside(lambda entry: f"leaves conference {said(entry, 'conferenceId')}"),
    "conference.ended": _inside(lambda entry: f"conference {said(entry, 'conferenceId')} is over"),
    "conference.muted": _inside(lambda entry: f"is muted in conference {said(entry, 'conferenceId')}"),
    "conference.unmuted": _inside(lambda entry: f"is no longer muted in conference {said(entry, 'conferenceId')}"),
    "conference.held": _inside(lambda entry: f"is on hold in conference {said(entry, 'conferenceId')}"),
    "conference.resumed": _inside(lambda entry: f"is back from hold in conference {said(entry, 'conferenceId')}"),
    "conference.digits": _inside(
        lambda entry: f"digits typed in conference {said(entry, 'conferenceId')}: {said(entry, 'digits')}"
    ),
    "stream.command": lambda entry: (
        ("callee", PLATFORM, f"stream: {said(entry, 'command')}")
        if entry.get("from") == "app"
        else (PLATFORM, "callee", f"stream: {said(entry, 'command')}")
    ),
    "stream.speaking": _from_leg(lambda entry: "sends sound"),
    "stream.silent": _from_leg(lambda entry: "sends no more sound" + _plus(entry, "heard")),
    "stream.lost": _from_leg(lambda entry: "ends the stream"),
    "voice.opened": _from_leg(lambda entry: "speaks with a real voice"),
    "voice.closed": _from_leg(lambda entry: "speaks with a real voice no longer"),
    "session.started": lambda entry: (APP, PLATFORM, f"starts a session: {reply_names(entry) or '?'}"),
    "session.ended": _inside(lambda entry: f"the session is over, calls: {said(entry, 'calls')}"),
    "batch.started": lambda entry: (APP, PLATFORM, "starts a batch of sessions"),
    "batch.stopped": lambda entry: (APP, PLATFORM, "stops the batch"),
    "batch.expired": _inside(lambda entry: f"never begin: {said(entry, 'sessions')} sessions"),
    "batch.ended": _inside(lambda entry: f"the batch is over, sessions: {said(entry, 'sessions')}"),
    "bridge.joined": _inside(lambda entry: f"joins bridge {said(entry, 'bridgeName')}"),
    "bridge.left": _inside(lambda entry: f"leaves bridge {said(entry, 'bridgeName')}"),
    "command.skipped": _inside(lambda entry: f"skips {said(entry, 'command')}: {said(entry, 'text')}"),
    "amd.result": _inside(lambda entry: f"machine detection says {said(entry, 'status')}" + _plus(entry, "reason")),
    "batch.accepted": lambda entry: (APP, PLATFORM, f"sends {_quoted(entry, 'body')} to {_list(entry, 'to')}"),
    "batch.changed": lambda entry: (APP, PLATFORM, "changes the batch of texts"),
    "text.finished": _inside(lambda entry: "every text has come to its end"),
    "batch.feedback": lambda entry: (APP, PLATFORM, f"knows who got the text: {_list(entry, 'recipients') or 'all'}"),
    "group.joined": _inside(lambda entry: f"{said(entry, 'member')} joins group {said(entry, 'groupId')}"),
    "group.left": _inside(lambda entry: f"{said(entry, 'member')} leaves group {said(entry, 'groupId')}"),
    "batch.canceled": lambda entry: (APP, PLATFORM, "cancels the batch of texts"),
    "text.received": lambda entry: (
        "phone", PLATFORM, f"{said(entry, 'from')} texts {_quoted(entry, 'text')} to {said(entry, 'to')}",
    ),
    "text.lost": lambda entry: (
        "phone", PLATFORM, f"texts {_quoted(entry, 'text')} to {said(entry, 'to')}, which is nobody's",
    ),
    "text.aborted": _inside(lambda entry: f"the text to {said(entry, 'to')} is not sent" + _plus(entry, "code")),
    "text.expired": _inside(lambda entry: f"the text to {said(entry, 'to')} has expired"),
    "relay.texted": lambda entry: (APP, PLATFORM, f"relay: {_quoted(entry, 'text')}"),
    "relay.interrupted": lambda entry: (APP, PLATFORM, "relay: stops what is spoken"),
    "relay.pressed": lambda entry: (APP, PLATFORM, f"relay: sends tones {said(entry, 'digits')}"),
    "recording.undelivered": _inside(lambda entry: f"the recording cannot be stored: {said(entry, 'why')}"),
    "number.rented": lambda entry: (APP, PLATFORM, f"rents {said(entry, 'number')}"),
    "number.configured": lambda entry: (APP, PLATFORM, f"changes {said(entry, 'number')}"),
    "number.released": lambda entry: (APP, PLATFORM, f"gives {said(entry, 'number')} back"),
    "number.assigned": _inside(lambda entry: f"{said(entry, 'number')} leads to {said(entry, 'to')}"),
    "number.unassigned": _inside(lambda entry: f"{said(entry, 'number')} leads to {said(entry, 'from')} no longer"),
    "numbers.bought": lambda entry: (APP, PLATFORM, f"buys {_list(entry, 'numbers')}"),
    "numbers.reserved": lambda entry: (APP, PLATFORM, f"reserves {_list(entry, 'numbers')}"),
    "recording.started": _inside(lambda entry: "recording begins"),
    "recording.stopped": _inside(lambda entry: "recording ends"),
    "state": _inside(lambda entry: f"state: {said(entry, 'from')} -> {said(entry, 'to')}"),
    "timer.fired": _inside(lambda entry: f"time is up: {said(entry, 'timer')}"),
    "ignored": _inside(lambda entry: said(entry, "text")),
    "fault.met": _inside(lambda entry: f"meets a fault rule: {_order(entry)}" + _plus(entry, "event", "request")),
    "diagnostic": _inside(finding),
}

KINDS = tuple(_STEPS)
"""The kinds of lines that have words of their own."""


def printable(text: str) -> str:
    """The text without what would break a line or steer a terminal: texts come from the app."""
    return "".join(character if character.isprintable() else " " for character in text)
