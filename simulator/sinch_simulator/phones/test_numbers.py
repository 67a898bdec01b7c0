"""The numbers whose behaviour is known before anybody scripts anything: ours, and the platform's own test numbers.

One table, with where each is known from. The platform's test numbers also play a prompt of their own (once, n times,
for two minutes, or ten times or until DTMF 0); what a far end says reaches nobody in this simulator, so those numbers
answer and stay until the other side hangs up, and 0 does nothing. That they count as human for machine detection is
*assumed*.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sinch_simulator.core.message import Status
from sinch_simulator.core.values import frozen
from sinch_simulator.phones.behaviour import (
    MACHINE_GREETING_MS,
    NO_TEXTS,
    Answers,
    Declines,
    HangUp,
    Persona,
    Rings,
    Texts,
    Wait,
)
from sinch_simulator.phones.signals import AnsweredAs, Cause, Manner
from sinch_simulator.phones.texts_json import DEFAULT_CODES


@frozen
class BuiltIn:
    """A number that behaves in a known way. ``source`` is where the behaviour is published."""

    number: str
    description: str
    persona: Persona
    source: str


_OURS = "sinch-simulator"
_PLATFORM = "docs/platform/lifecycle.md#6"

_PROGRESS_MS = 7500
"""How long the platform's test numbers ring (docs/platform/lifecycle.md#6)."""


def _answers(*, after_ms: int = 2000, answered_as: AnsweredAs = AnsweredAs.HUMAN) -> Persona:
    return Persona(meeting=Answers(after_ms=after_ms, manner=Manner(answered_as=answered_as)), answer_scripted=True)


def _voicemail(*, beep: bool) -> Persona:
    manner = Manner(answered_as=AnsweredAs.MACHINE, greeting_ms=MACHINE_GREETING_MS, beep=beep)
    return Persona(meeting=Answers(manner=manner), answer_scripted=True)


def _declines(cause: Cause, *, after_ms: int) -> Persona:
    return Persona(meeting=Declines(cause=cause, after_ms=after_ms))


def _texts(status: Status) -> Persona:
    return Persona(texts=Texts(status.value, DEFAULT_CODES[status]))


BUILT_IN = (
    BuiltIn("+14045550110", "busy", _declines(Cause.BUSY, after_ms=1000), _OURS),
    BuiltIn("+14045550111", "no answer", Persona(meeting=Rings()), _OURS),
    BuiltIn("+14045550112", "rejected", _declines(Cause.REJECTED, after_ms=1000), _OURS),
    BuiltIn("+14045550113", "unreachable", _declines(Cause.UNREACHABLE, after_ms=0), _OURS),
    BuiltIn("+14045550114", "congestion", _declines(Cause.CONGESTION, after_ms=0), _OURS),
    BuiltIn("+14045550115", "voicemail with beep", _voicemail(beep=True), _OURS),
    BuiltIn("+14045550116", "voicemail without beep", _voicemail(beep=False), _OURS),
    BuiltIn(
        "+14045550117",
        "human who hangs up 1 s after answering",
        Persona(then=(Wait(1000), HangUp())),
        _OURS,
    ),
    BuiltIn("+14045550118", "fax", _answers(answered_as=AnsweredAs.FAX), _OURS),
    BuiltIn("+14045550119", "human who answers after 20 s", _answers(after_ms=20_000), _OURS),
    BuiltIn("+14045550130", "texts fail", _texts(Status.FAILED), _OURS),
    BuiltIn("+14045550131", "texts are rejected", _texts(Status.REJECTED), _OURS),
    BuiltIn("+14045550132", "nobody ever hears of a text again", Persona(texts=NO_TEXTS), _OURS),
    BuiltIn("+14045550133", "texts have an unknown fate", _texts(Status.UNKNOWN), _OURS),
    BuiltIn("+14045550134", "answers texts with YES after 2 s", Persona(texts=Texts(reply="YES")), _OURS),
    BuiltIn("+46000000000", "answers; prompt once", _answers(after_ms=_PROGRESS_MS), _PLATFORM),
    BuiltIn("+460000000001", "answers; prompt once", _answers(after_ms=_PROGRESS_MS), _PLATFORM),
    *(
        BuiltIn(f"+46000000000{times}", f"answers; prompt {times} times", _answers(after_ms=_PROGRESS_MS), _PLATFORM)
        for times in range(2, 10)
    ),
    BuiltIn("+4600000000010", "answers; prompt for 2 minutes", _answers(after_ms=_PROGRESS_MS), _PLATFORM),
    BuiltIn("+4600000000020", "answers; prompt 10 times or until 0", _answers(after_ms=_PROGRESS_MS), _PLATFORM),
    BuiltIn("+4600000000030", "denied at once", _declines(Cause.REJECTED, after_ms=0), _PLATFORM),
    BuiltIn("+4600000000031", "denied after 7.5 s", _declines(Cause.REJECTED, after_ms=_PROGRESS_MS), _PLATFORM),
    BuiltIn("+4600000000040", "no answer for 45 s", _declines(Cause.NO_ANSWER, after_ms=45_000), _PLATFORM),
    BuiltIn("+4600000000050", "congestion at once", _declines(Cause.CONGESTION, after_ms=0), _PLATFORM),
    BuiltIn("+4600000000051", "congestion after 7.5 s", _declines(Cause.CONGESTION, after_ms=_PROGRESS_MS), _PLATFORM),
)

PERSONAS: Mapping[str, Persona] = MappingProxyType({entry.number: entry.persona for entry in BUILT_IN})
"""The personas of the built-in numbers, by normalised number."""
