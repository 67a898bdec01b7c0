"""Turns what happened to calls into steps that make it happen again.

Phones become personas that answer or decline as they did; what people did becomes steps, with the time between them as
``wait``; what the app was asked and what was heard become expectations. A callout that the app placed while it was
being asked is expected, any other one is made by the steps.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from attrs import field

from sinch_simulator.core.values import define, frozen

Json = Any  # JSON-ready
Line = dict[str, Any]  # an entry of a timeline, as it came

PATIENCE_S = 60
"""How long, in simulated seconds, a step waits for what it expects if it does not say otherwise."""
_DECLINES = {"busy": "busy", "rejected": "reject", "no_answer": "no_answer", "unreachable": "unreachable"}
_TOLD = {
    "ice": ("cli", "to.type", "to.endpoint"),
    "ace": ("amd.status",),
    "pie": ("menuResult.menuId", "menuResult.type", "menuResult.value"),
    "dice": ("result", "reason"),
    "notify": (),
}
_ARRIVALS = {"pstn": ("dial", "from"), "mxp": ("app_call", "user"), "sip": ("sip_call", "from")}
_SENT_AGAIN = "-again-"
"""Stands in the id of a callback that somebody sent once more: what came of it is no part of the call."""
# What the app does by REST of its own accord; while it is being asked it will do so again by itself.
_COMMANDS = {
    "rest.kick": "kick",
    "conference.muted": "mute",
    "conference.unmuted": "unmute",
    "conference.held": "hold",
    "conference.resumed": "resume",
}


@frozen
class Step:
    """Something that people did, that the app was asked or that was heard, as a step of a scenario says it.

    ``at_s`` is when, in seconds since 1970.
    """

    key: str
    value: Any  # JSON-ready, of the shape that the step has
    at_s: float


def recorded(calls: Sequence[Line], callbacks: Sequence[Line], number: str) -> "Recorder":
    """Reads calls and their callbacks as the control API shows them; ``number`` is the application's.

    Calls of verifications are none: nobody has called. Raises ``LookupError`` where there are no calls.
    """
    calls = [call for call in calls if call["origin"] != "verification"]
    if not calls:
        raise LookupError("there were no calls to record")
    names = {call["callId"]: f"call{index}" for index, call in enumerate(calls, start=1)}
    recorder = Recorder(number, names, {call["callId"]: call for call in calls})
    for callback in callbacks:
        recorder.note_verdict(callback["callId"], callback["request"]["body"].get("amd"))
        if callback["outcome"] != "answered" and _SENT_AGAIN not in callback["id"]:
            recorder.failed[callback["callId"], callback["event"]] = callback["outcome"]
    for line in sorted((line for call in calls for line in call["timeline"]), key=lambda line: line["seq"]):
        recorder.take(line)
    return recorder


@define
class Recorder:
    """Turns lines of the journal, taken in their order, into the steps and phones of a scenario."""

    number: str
    names: dict[str, str]
    """What each call is called, by its id."""
    calls: dict[str, Line]
    failed: dict[tuple[str, str], str] = field(factory=dict)
    """Outcome of a callback that the app failed, by call and event."""
    _verdicts: dict[str, Json] = field(factory=dict)
    phones: dict[str, dict[str, Json]] = field(factory=dict)
    """A persona for each address that was rung."""
    _rings: dict[tuple[str, str], tuple[str, float]] = field(factory=dict)
    _answers: dict[tuple[str, str], tuple[str, float]] = field(factory=dict)
    _steps: list[Step] = field(factory=list)
    _at_s: float | None = None
    _asking: set[str] = field(factory=set)
    _menus: set[str] = field(factory=set)
    _commanded_at: str = ""

    def note_verdict(self, call_id: str, amd: Json) -> None:
        """Keeps what answering machine detection said of a call; the last verdict counts."""
        if isinstance(amd, dict) and amd.get("status") != "inprogress" and amd.get("reason") != "beep":
            self._verdicts[call_id] = {key: amd[key] for key in ("status", "reason", "duration") if key in amd}

    def take(self, line: Line) -> None:
        """Takes one line: it becomes a step, or part of a phone, or nothing."""
        match line["kind"]:
            case "call.arrived" | "call.placed":
                self._begin(line)
            case "leg.invited" | "leg.answered" | "leg.declined" | "beep":
                self._note_phone(line)
            case "callback.sent":
                self._expect(line)
            case "callback.answered" | "callback.failed":
                self._asking.discard(line["callbackId"])
            case "prompt.started" if line["leg"] == self._party(line):
                self._add(line, "hear", {"caller": self._name(line), "text": line["text"]})
            case "menu.opened" | "conference.joined":
                self._menus.add(line["callId"])
            case "menu.closed":
                self._menus.discard(line["callId"])
            case "digit.pressed":
                self._press(line)
            case kind if kind in _COMMANDS and (not self._asking or line["at"] == self._commanded_at):
                # One request may remove everybody: the second of them while the first one's end is told.
                self._commanded_at = line["at"]
                self._act(line, _COMMANDS[kind], {"caller": self._name(line)})
            case "speech":
                self._act(line, "speak", {"caller": self._name(line), "leg": line["leg"], "text": line["text"]})
            case "leg.hungup":
                self._act(line, "hang_up", {"caller": self._name(line), "leg": line["leg"]})

    def steps(self) -> list[Step]:
        """Gives the steps, with keys that one person pressed in a row in one step."""
        steps: list[Step] = []
        for (key, same), row in groupby(self._steps, key=_row_of_keys):
            if same is None:
                steps += row
            else:
                keys = list(row)
                digits = "".join(step.value["digits"] for step in keys)
                steps.append(Step(key, {**same, "digits": digits}, keys[-1].at_s))
        return steps

    # ---- lines

    def _begin(self, line: Line) -> None:
        name = self._name(line)
        if line["kind"] == "call.placed" or "through" in line:
            if self._asking or "through" in line:
                self._add(line, "expect_new_call", {"caller": name, "to": line["to"]})
            else:
                self._act(line, "callout", {"caller": name, **self._callout(line)})
            return
        key, source = _ARRIVALS[line["origin"]]
        call: dict[str, Json] = {"caller": name, source: line["from"]}
        if line["to"] != self.number:
            call["to"] = self._dialled(line)
        call |= {name: line[name] for name in ("rdnis", "cli") if name in line}
        self._act(line, key, call)

    def _dialled(self, line: Line) -> Json:
        if line["origin"] != "mxp" or line["to"].startswith("+"):
            to: Json = line["to"]
            return to
        return {
            "type": "conference" if line["callId"] in self._conference_calls() else "username",
            "endpoint": line["to"],
        }

    def _conference_calls(self) -> set[str]:
        joined = (line for call in self.calls.values() for line in call["timeline"])
        return {line["callId"] for line in joined if line["kind"] == "conference.joined"}

    def _callout(self, line: Line) -> dict[str, Json]:
        call = self.calls[line["callId"]]
        kinds = {one["event"] for one in call["timeline"] if one["kind"] == "callback.sent"}
        body: dict[str, Json] = {"cli": line["cli"]} if line.get("cli") else {}
        if line["to"]:
            kind = "number" if line["to"].startswith("+") else "sip" if "@" in line["to"] else "username"
            body["destination"] = {"type": kind, "endpoint": line["to"]}
        if call["custom"]:
            body["custom"] = call["custom"]
        method = line["method"]
        if method != "customCallout":
            body |= {"enableAce": "ace" in kinds, "enableDice": "dice" in kinds}
        if method == "ttsCallout":
            body["text"] = next(iter(call["heard"]), "?")
        if method == "conferenceCallout":
            rooms = (one.get("conferenceId") for one in call["timeline"] if one["kind"] == "conference.joined")
            body["conferenceId"] = next(rooms, None) or "room"
        return {"method": method, method: body}

    def _note_phone(self, line: Line) -> None:
        key, at_s = (line["callId"], line["leg"]), _seconds(line)
        if line["kind"] == "leg.invited":
            self._rings[key] = (line["to"]["endpoint"], at_s)
            self.phones.setdefault(line["to"]["endpoint"], {"no_answer": {}})
            return
        address, since_s = self._rings.get(key, ("", at_s))
        if not address:
            return
        if line["kind"] == "leg.answered":
            persona: dict[str, Json] = {"answer": {"after": round(at_s - since_s, 3), "as": line["as"]}}
            if line["as"] == "machine":
                persona["beep"] = False
            if line["callId"] in self._verdicts:
                persona["amd"] = self._verdicts[line["callId"]]
            self.phones[address] = persona
            self._answers[key] = (address, at_s)
        elif line["kind"] == "leg.declined":
            self.phones[address] = {_DECLINES.get(line["cause"], "congestion"): {"after": round(at_s - since_s, 3)}}
        elif key in self._answers:
            self.phones[address] |= {"beep": True, "greeting": round(at_s - self._answers[key][1], 3)}

    def _expect(self, line: Line) -> None:
        event, body = line["event"], line["body"]
        self._asking.add(line["callbackId"])
        wanted: dict[str, Json] = {"callback": event, "caller": self._name(line)}
        if event == "notify":
            wanted["type"] = body["type"]
        for path in _TOLD[event]:
            value = body
            for part in path.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if value is not None and value != self.number:
                wanted[path] = value
        outcome = self.failed.get((line["callId"], event))
        if outcome is not None:
            wanted["outcome"] = outcome
        self._add(line, "expect", wanted)

    def _press(self, line: Line) -> None:
        wanted: dict[str, Json] = {"caller": self._name(line), "leg": line["leg"], "digits": line["digit"]}
        if line["callId"] not in self._menus:
            wanted["at_once"] = True
        self._act(line, "press", wanted)

    # ---- small parts

    def _name(self, line: Line) -> str:
        return self.names[line["callId"]]

    def _party(self, line: Line) -> str:
        return "callee" if self.calls[line["callId"]]["origin"] == "callout" else "caller"

    def _add(self, line: Line, key: str, value: dict[str, Json]) -> None:
        """Adds a step that time brings about by itself."""
        gap_s = 0.0 if self._at_s is None else _seconds(line) - self._at_s
        if gap_s > PATIENCE_S and key in ("expect", "expect_new_call", "hear"):
            value = {**value, "within": round(gap_s + 1)}
        self._at_s = _seconds(line)
        self._steps.append(Step(key, value, self._at_s))

    def _act(self, line: Line, key: str, value: dict[str, Json]) -> None:
        """Adds a step that somebody takes: after the time that has passed since the last one."""
        gap_s = 0.0 if self._at_s is None else round(_seconds(line) - self._at_s, 3)
        if gap_s > 0:
            self._at_s = _seconds(line)
            self._steps.append(Step("wait", gap_s, self._at_s))
        self._add(line, key, value)


def _row_of_keys(step: Step) -> tuple[str, dict[str, Json] | None]:
    """Tells what the steps of one row have in common; None for a step of its own."""
    if step.key != "press":
        return step.key, None
    return step.key, {name: value for name, value in step.value.items() if name != "digits"}


def _seconds(line: Line) -> float:
    return datetime.fromisoformat(line["at"]).timestamp()
