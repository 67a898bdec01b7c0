"""A PERSONA as JSON: read with every mistake named, and written back.

The control API, scenario files and test fixtures all use this form. Seconds outside, milliseconds inside. It decides
nothing about calls.
"""

import json
import math
from collections.abc import Mapping
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar, assert_never

from sinch_simulator.phones.behaviour import (
    MACHINE_GREETING_MS,
    Answers,
    Awaited,
    Declines,
    HangUp,
    Meeting,
    Persona,
    Press,
    Rings,
    Speak,
    Step,
    Wait,
    WaitFor,
    text_pattern,
)
from sinch_simulator.phones.signals import AmdReason, AmdStatus, AmdVerdict, AnsweredAs, Cause, Manner

LONGEST_S = 86_400
"""No duration of a persona is longer than a day: a call lasts four hours at most (docs/platform/lifecycle.md#1)."""

KEYS = "0123456789*#"

_ANSWER_AFTER_MS = 2000
_VERDICT_AFTER_MS = 1000

_CAUSES = {
    "busy": Cause.BUSY,
    "reject": Cause.REJECTED,
    "no_answer": Cause.NO_ANSWER,
    "unreachable": Cause.UNREACHABLE,
    "congestion": Cause.CONGESTION,
}
_OUTCOMES = {cause: key for key, cause in _CAUSES.items()}
_DECLINE_AFTER_MS = {Cause.BUSY: 1000, Cause.REJECTED: 1000, Cause.UNREACHABLE: 0, Cause.CONGESTION: 0}

_OUTCOME_KEYS = ("answer", *_CAUSES)
_SOUND_KEYS = ("greeting", "beep", "amd")
_STEP_KEYS = ("wait", "press", "speak", "wait_for", "hang_up")


class PersonaError(ValueError):
    """A persona that can't be: where (a dotted path), what is wrong there, and what would be right."""

    def __init__(self, path: str, message: str, hint: str) -> None:
        super().__init__(f"{path}: {message}; {hint}" if hint else f"{path}: {message}")
        self.path = path
        self.message = message
        self.hint = hint


def read_persona(document: object, path: str = "persona") -> Persona:
    """The persona that a JSON value describes; ``{}`` is a human who answers after 2 s.

    ``path`` is what the value is called where it came from. Raises ``PersonaError`` for the first mistake. Beside the
    published form, ``no_answer``, ``unreachable`` and ``congestion`` may say ``after`` too: the network gives up then.
    """
    fields = _object(document, path, known=(*_OUTCOME_KEYS, *_SOUND_KEYS, "then"))
    return Persona(meeting=_read_meeting(fields, path), then=_read_steps(fields.get("then", []), f"{path}.then"))


def persona_document(persona: Persona) -> dict[str, object]:
    """The JSON that ``read_persona`` reads this persona from, with the defaults spelled out."""
    document = _meeting_document(persona.meeting)
    if persona.then:
        document["then"] = [_step_document(step) for step in persona.then]
    return document


def read_digits(value: object, path: str) -> str:
    """Keys to press: at least one of ``0-9 * # w``, as text. Raises ``PersonaError``."""
    right = 'write keys as text, of 0-9 * # and w (a pause of 500 ms), like "12#"'
    if not isinstance(value, str):
        raise PersonaError(path, f"{_shown(value)} is not a text", right)
    if not value:
        raise PersonaError(path, "no key is named", right)
    wrong = next((character for character in value if character not in KEYS + "w"), None)
    if wrong is not None:
        raise PersonaError(path, f"{_shown(wrong)} is no key of a phone", right)
    return value


# ---- reading ----------------------------------------------------------------------------------------------------


def _read_meeting(fields: Mapping[str, object], path: str) -> Meeting:
    outcomes = [key for key in _OUTCOME_KEYS if key in fields]
    if len(outcomes) > 1:
        raise PersonaError(path, f"{' and '.join(outcomes)} exclude each other", "keep one of them")
    outcome = outcomes[0] if outcomes else "answer"
    details = fields.get(outcome, {})
    if outcome == "answer":
        return _read_answer(details, fields, path)
    for key in _SOUND_KEYS:
        if key in fields:
            raise PersonaError(
                f"{path}.{key}", f"{outcome} means that nobody picks up", f"drop {key}, or let it answer"
            )
    return _read_decline(outcome, details, f"{path}.{outcome}")


def _read_answer(details: object, fields: Mapping[str, object], path: str) -> Answers:
    answer = _object(details, f"{path}.answer", known=("after", "as"))
    after_ms = _seconds(answer["after"], f"{path}.answer.after") if "after" in answer else _ANSWER_AFTER_MS
    answered_as = AnsweredAs.HUMAN
    if "as" in answer:
        answered_as = _one_of(AnsweredAs, answer["as"], f"{path}.answer.as")
    return Answers(after_ms=after_ms, manner=_read_manner(answered_as, fields, path))


def _read_manner(answered_as: AnsweredAs, fields: Mapping[str, object], path: str) -> Manner:
    machine = answered_as is AnsweredAs.MACHINE
    greeting_ms = MACHINE_GREETING_MS if machine else 0
    if "greeting" in fields:
        greeting_ms = _seconds(fields["greeting"], f"{path}.greeting")
    beep = machine
    if "beep" in fields:
        beep = _boolean(fields["beep"], f"{path}.beep")
    if greeting_ms and answered_as in (AnsweredAs.FAX, AnsweredAs.SILENCE):
        raise PersonaError(f"{path}.greeting", f"{answered_as.value} greets nobody", _ONLY_MACHINES)
    if beep and not machine:
        raise PersonaError(f"{path}.beep", f"{answered_as.value} does not beep", _ONLY_MACHINES)
    verdict = _read_verdict(fields["amd"], f"{path}.amd") if "amd" in fields else None
    return Manner(answered_as=answered_as, greeting_ms=greeting_ms, beep=beep, verdict=verdict)


_ONLY_MACHINES = 'drop it, or write {"answer": {"as": "machine"}}'


def _read_verdict(value: object, path: str) -> AmdVerdict:
    fields = _object(value, path, known=("status", "reason", "duration"))
    if "status" not in fields:
        raise PersonaError(f"{path}.status", "it is missing", f"write one of {_listed(AmdStatus)}")
    return AmdVerdict(
        status=_one_of(AmdStatus, fields["status"], f"{path}.status"),
        reason=_one_of(AmdReason, fields.get("reason", AmdReason.NA.value), f"{path}.reason"),
        duration_ms=_seconds(fields["duration"], f"{path}.duration") if "duration" in fields else _VERDICT_AFTER_MS,
    )


def _read_decline(outcome: str, details: object, path: str) -> Declines | Rings:
    cause = _CAUSES[outcome]
    fields = _object(details, path, known=("after",))
    if "after" in fields:
        return Declines(cause=cause, after_ms=_seconds(fields["after"], f"{path}.after"))
    if cause is Cause.NO_ANSWER:
        return Rings()
    return Declines(cause=cause, after_ms=_DECLINE_AFTER_MS[cause])


def _read_steps(value: object, path: str) -> tuple[Step, ...]:
    if not isinstance(value, list | tuple):
        raise PersonaError(path, f"{_shown(value)} is not a list", 'write a list of steps, like [{"press": "1"}]')
    steps = tuple(_read_step(step, f"{path}[{index}]") for index, step in enumerate(value))
    for index, step in enumerate(steps[:-1]):
        if isinstance(step, HangUp):
            raise PersonaError(f"{path}[{index + 1}]", "nothing can follow hang_up", "make hang_up the last step")
    return steps


def _read_step(value: object, path: str) -> Step:
    fields = _object(value, path, known=_STEP_KEYS)
    if len(fields) != 1:
        found = " and ".join(fields) if fields else "nothing"
        raise PersonaError(path, f"a step does one thing, this has {found}", f"write one of {', '.join(_STEP_KEYS)}")
    [(key, argument)] = fields.items()
    path = f"{path}.{key}"
    match key:
        case "wait":
            return Wait(_seconds(argument, path))
        case "press":
            return Press(read_digits(argument, path))
        case "speak":
            return Speak(_text(argument, path))
        case "wait_for":
            return WaitFor(_read_awaited(argument, path))
        case _:
            if argument is not True:
                raise PersonaError(path, f"{_shown(argument)} is not true", 'write {"hang_up": true}')
            return HangUp()


def _read_awaited(value: object, path: str) -> Awaited | str:
    text = _text(value, path)
    for awaited in Awaited:
        if text == awaited.value:
            return awaited
    try:
        text_pattern(text)
    except ValueError as why:
        message = f"{_shown(text)} is no regular expression: {_shorter(str(why))}"
        raise PersonaError(path, message, "drop the slashes for a plain text") from why
    return text


# ---- reading single values --------------------------------------------------------------------------------------


def _object(value: object, path: str, *, known: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise PersonaError(path, f"{_shown(value)} is not an object", "write an object, {} for the defaults")
    fields: dict[str, object] = {}
    for key, argument in value.items():
        if key not in known:
            name = key if isinstance(key, str) else _shown(key)
            raise PersonaError(path, f"unknown key {_shown(key)}", suggestion(name, known))
        fields[key] = argument
    return fields


def _seconds(value: object, path: str) -> int:
    """Seconds, from 0 to a day, as milliseconds."""
    right = f"write seconds as a number from 0 to {LONGEST_S}, like 2.5"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PersonaError(path, f"{_shown(value)} is not a number", right)
    if isinstance(value, float) and math.isnan(value):
        raise PersonaError(path, "NaN is not a number", right)
    if value < 0:
        raise PersonaError(path, f"{_shown(value)} is negative", right)
    if value > LONGEST_S:
        raise PersonaError(path, f"{_shown(value)} is longer than a day", right)
    return round(value * 1000)


def _boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise PersonaError(path, f"{_shown(value)} is neither true nor false", "write true or false")
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise PersonaError(path, f"{_shown(value)} is not a text", "write it in quotes")
    if not value.strip():
        raise PersonaError(path, "the text is empty", "write at least one word")
    if value != _encodable(value):
        raise PersonaError(path, "the text is not valid Unicode", "drop the lone surrogates")
    return value


Choice = TypeVar("Choice", bound=Enum)


def _one_of(choices: type[Choice], value: object, path: str) -> Choice:
    for choice in choices:
        if choice.value == value:
            return choice
    names = tuple(choice.value for choice in choices)
    hint = suggestion(value, names) if isinstance(value, str) else f"write one of {_listed(choices)}"
    raise PersonaError(path, f"{_shown(value)} is not known here", hint)


def _listed(choices: type[Enum]) -> str:
    return ", ".join(choice.value for choice in choices)


def suggestion(name: str, known: tuple[str, ...]) -> str:
    """``did you mean "hang_up"?``, or all the names there are."""
    close = get_close_matches(name.lower()[:40], known, n=1)
    return f'did you mean "{close[0]}"?' if close else f"known are {', '.join(known)}"


def _shown(value: object) -> str:
    """A JSON value in a message: short whatever it is."""
    match value:
        case str():
            return json.dumps(_encodable(_shorter(value)), ensure_ascii=False)
        case None | bool():
            return json.dumps(value)
        case int() if value.bit_length() > 64:
            return "a huge number"
        case int() | float():
            return str(value)
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {type(value).__name__}"


def _shorter(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# ---- writing ----------------------------------------------------------------------------------------------------


def _meeting_document(meeting: Meeting) -> dict[str, object]:
    match meeting:
        case Answers(after_ms=after_ms, manner=manner):
            answer = {"after": after_ms / 1000, "as": manner.answered_as.value}
            return {"answer": answer, **_manner_document(manner)}
        case Declines(cause=cause, after_ms=after_ms):
            return {_OUTCOMES[cause]: {"after": after_ms / 1000}}
        case Rings():
            return {"no_answer": {}}
        case _:
            assert_never(meeting)


def _manner_document(manner: Manner) -> dict[str, object]:
    document: dict[str, object] = {}
    if manner.greeting_ms or manner.answered_as is AnsweredAs.MACHINE:
        document["greeting"] = manner.greeting_ms / 1000
    if manner.answered_as is AnsweredAs.MACHINE:
        document["beep"] = manner.beep
    if manner.verdict is not None:
        document["amd"] = {
            "status": manner.verdict.status.value,
            "reason": manner.verdict.reason.value,
            "duration": manner.verdict.duration_ms / 1000,
        }
    return document


def _step_document(step: Step) -> dict[str, object]:
    match step:
        case Wait(ms=ms):
            return {"wait": ms / 1000}
        case Press(digits=digits):
            return {"press": digits}
        case Speak(text=text):
            return {"speak": text}
        case WaitFor(what=Awaited() as awaited):
            return {"wait_for": awaited.value}
        case WaitFor(what=text):
            return {"wait_for": text}
        case HangUp():
            return {"hang_up": True}
        case _:
            assert_never(step)
