"""Writes how somebody outside behaves as the JSON that ``persona_json.py`` reads."""

from typing import assert_never

from sinch_simulator.phones.app_json import app_document
from sinch_simulator.phones.behaviour import (
    CARRIER,
    Answers,
    Awaited,
    ByHand,
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
)
from sinch_simulator.phones.persona_json import CAUSES
from sinch_simulator.phones.signals import AnsweredAs, Manner
from sinch_simulator.phones.texts_json import texts_document

_OUTCOMES = {cause: key for key, cause in CAUSES.items()}


def persona_document(persona: Persona) -> dict[str, object]:
    """Writes the JSON that ``read_persona`` reads this persona from, with the defaults spelled out."""
    document = _meeting_document(persona.meeting)
    if persona.then:
        document["then"] = [_step_document(step) for step in persona.then]
    if persona.texts is not None:
        document["sms"] = texts_document(persona.texts)
    if persona.data != CARRIER:
        document["data"] = persona.data
    if persona.app is not None:
        document["app"] = app_document(persona.app)
    return document


def _meeting_document(meeting: Meeting) -> dict[str, object]:
    match meeting:
        case Answers(after_ms=after_ms, manner=manner):
            answer = {"after": after_ms / 1000, "as": manner.answered_as.value}
            return {"answer": answer, **_manner_document(manner)}
        case Declines(cause=cause, after_ms=after_ms):
            return {_OUTCOMES[cause]: {"after": after_ms / 1000}}
        case Rings():
            return {"no_answer": {}}
        case ByHand():
            return {"by_hand": {}}
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
