"""Reads a PERSONA from JSON, every mistake named; ``persona_document.py`` writes it back.

The control API, scenario files and test fixtures all use this form. Seconds outside, milliseconds inside. It decides
nothing about calls.
"""

from enum import Enum
from functools import lru_cache
from typing import Any

from sinch_simulator.core.schema.fields import BoundedText, Choice, Entries, Flag, Nested, Seconds, Text, Yes
from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.schema.words import shorter
from sinch_simulator.core.values import define
from sinch_simulator.phones.app_json import AppField, DataField
from sinch_simulator.phones.behaviour import (
    CARRIER,
    MACHINE_GREETING_MS,
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
    text_pattern,
)
from sinch_simulator.phones.signals import AmdReason, AmdStatus, AmdVerdict, AnsweredAs, Cause, Manner
from sinch_simulator.phones.texts_json import TextsField

LONGEST_S = 86_400
"""No duration of a persona is longer than a day: a call lasts four hours at most (docs/platform/lifecycle.md#1)."""

KEYS = "0123456789*#"

CAUSES = {
    "busy": Cause.BUSY,
    "reject": Cause.REJECTED,
    "no_answer": Cause.NO_ANSWER,
    "unreachable": Cause.UNREACHABLE,
    "congestion": Cause.CONGESTION,
}
_DECLINE_AFTER_MS = {Cause.BUSY: 1000, Cause.REJECTED: 1000, Cause.UNREACHABLE: 0, Cause.CONGESTION: 0}


class PersonaError(ValueError):
    """A persona that can't be: where (a dotted path), what is wrong there, and what would be right."""

    def __init__(self, path: str, message: str, hint: str) -> None:
        super().__init__(f"{path}: {message}; {hint}" if hint else f"{path}: {message}")
        self.path = path
        self.message = message
        self.hint = hint


def read_persona(document: object, path: str = "persona") -> Persona:
    """Reads the persona that a JSON value describes; ``{}`` is a human who answers after 2 s.

    ``path`` is what the value is called where it came from. Raises ``PersonaError`` for the first mistake. Beside the
    published form, ``no_answer``, ``unreachable`` and ``congestion`` may say ``after`` too: the network gives up then.
    """
    persona: Persona = _read(PersonaField(), document, path)
    return persona


def read_digits(value: object, path: str) -> str:
    """Reads keys to press: at least one of ``0-9 * # w``, as text. Raises ``PersonaError``."""
    digits: str = _read(Keys(), value, path)
    return digits


def _read(item: Field, value: object, path: str) -> Any:
    findings = PersonaFindings()
    read = item.read(path, value, "", findings)
    error = findings.first_error
    if error is not None:
        raise PersonaError(error.path, error.message, error.hint)
    return read


@define
class PersonaFindings(Findings):
    """What was found in one persona, where null is a value like another, and a wrong one."""

    null_is_absent = False


# ---- what a persona may say -------------------------------------------------------------------------------------


def _seconds(name: str, meaning: str, default_ms: int | None = None) -> Seconds:
    return Seconds(name, meaning, maximum=LONGEST_S, default=default_ms, beyond="is longer than a day")


class Keys(Text):
    """Keys of a phone, of which at least one is pressed."""

    right: str = 'keys as text, of 0-9 * # and w (a pause of 500 ms), like "12#"'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the keys as they are written."""
        keys: str | None = Text.read(self, name, value, prefix, findings)
        if keys is None:
            return None
        wrong = next((key for key in keys if key not in KEYS + "w"), None)
        if keys and wrong is None:
            return keys
        if not keys:
            findings.wrong(self, prefix + name, keys, "names no key")
        else:
            findings.wrong(self, prefix + name, wrong, "is no key of a phone")
        return None


class Heard(BoundedText):
    """A text that is to be heard, or a regular expression between slashes."""

    right: str = "a text in quotes"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the text, once it is known that it can be looked for."""
        text: str | None = BoundedText.read(self, name, value, prefix, findings)
        if text is None:
            return None
        try:
            text_pattern(text)
        except ValueError as why:
            problem = f"is no regular expression: {shorter(str(why))}"
            findings.wrong(self, prefix + name, text, problem, hint="drop the slashes for a plain text")
            return None
        return text


class _Awaits(Heard):
    """One of the words of ``Awaited``, or a text that is to be heard."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Awaited | str | None:
        """Reads what is waited for."""
        text: str | None = Heard.read(self, name, value, prefix, findings)
        return next((awaited for awaited in Awaited if awaited.value == text), text)


STEP = Shape(
    "a step",
    (
        _seconds("wait", "lets so many seconds pass"),
        Keys("press", "presses these keys"),
        BoundedText("speak", "says this, for a menu that listens", right="a text in quotes"),
        _Awaits("wait_for", f"waits for {', '.join(word.value for word in Awaited)}, a text or a /regex/"),
        Yes("hang_up", "hangs up", right='{"hang_up": true}'),
    ),
    single=True,
)
_STEPS = {"wait": Wait, "press": Press, "speak": Speak, "wait_for": WaitFor}


class _StepField(Nested):
    """One thing that somebody does."""

    shape: Shape = STEP

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Step | None:
        """Reads the step."""
        if type(value) is dict and len(value) == 1:
            [(done, said)] = value.items()
            step = _step_in_words(done, said) if type(said) is str else None
            if step is not None:
                return step
        return self._read_anew(name, value, prefix, findings)

    def _read_anew(self, name: str, value: object, prefix: str, findings: Findings) -> Step | None:
        values: Values | None = Nested.read(self, name, value, prefix, findings)
        if values is None or not isinstance(value, dict):
            return None
        if len(value) != 1:
            found = " and ".join(map(str, value)) if value else "nothing"
            right = f"write one of {', '.join(STEP.exact)}"
            findings.error("INVALID_VALUE", prefix + name, f"a step does one thing, this has {found}", right)
            return None
        [done] = value
        if values.get(done) is None:
            return None
        return HangUp() if done == "hang_up" else _STEPS[done](values[done])


@lru_cache(maxsize=512)
def _step_in_words(done: str, said: str) -> Step | None:
    """Reads a step that says a text, and remembers it: people press the same keys again and again. None if wrong."""
    findings = PersonaFindings()
    step = _StepField()._read_anew("", {done: said}, "", findings)
    return None if findings.found else step


class _Steps(Entries):
    """What somebody does, in order."""

    of: Field = _StepField()
    right: str = 'a list of steps, like [{"press": "1"}]'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the steps; nothing can follow the last one that there can be."""
        steps = Entries.read(self, name, value, prefix, findings)
        for index, step in enumerate(steps[:-1] if isinstance(steps, tuple) else ()):
            if isinstance(step, HangUp):
                path = f"{prefix}{name}[{index + 1}]"
                findings.error("INVALID_VALUE", path, "nothing can follow hang_up", "make hang_up the last step")
        return steps


def _one_of(words: type[Enum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


_NOTHING = "an object, {} for the defaults"
ANSWER = Shape(
    "answer",
    (
        _seconds("after", "seconds of ringing", 2000),
        Choice("as", "who, or what, picks up", choices=_one_of(AnsweredAs), default=AnsweredAs.HUMAN.value),
    ),
)
DECLINE = Shape("how it is declined", (_seconds("after", "seconds until then"),))
VERDICT = Shape(
    "amd",
    (
        Choice("status", "what detection says", required=True, choices=_one_of(AmdStatus)),
        Choice("reason", "and why", choices=_one_of(AmdReason), default=AmdReason.NA.value),
        _seconds("duration", "seconds that it takes", 1000),
    ),
)
PERSONA = Shape(
    "a persona",
    (
        Nested("answer", "it picks up", shape=ANSWER, right=_NOTHING),
        Nested("by_hand", "it rings until it is told to answer or to decline", shape=Shape("by_hand", ()), right="{}"),
        Nested("busy", "it is busy", shape=DECLINE, right=_NOTHING),
        Nested("reject", "it declines", shape=DECLINE, right=_NOTHING),
        Nested("no_answer", "it rings until the caller gives up", shape=DECLINE, right=_NOTHING),
        Nested("unreachable", "it is not there", shape=DECLINE, right=_NOTHING),
        Nested("congestion", "the network is full", shape=DECLINE, right=_NOTHING),
        _seconds("greeting", "seconds that a machine, or a human, speaks first"),
        Flag("beep", "whether a machine beeps after its greeting"),
        Nested("amd", "what detection will say, where the default for as won't do", shape=VERDICT, right=_NOTHING),
        _Steps("then", "what it does once it has answered, or, of a caller, dialled"),
        TextsField("sms", "what becomes of text messages to it"),
        DataField("data", "whose SIM carries its mobile data: carrier, wifi, or a number", default=CARRIER),
        AppField("app", "what the customer's app on it reports"),
    ),
    title="Persona",
    meaning="How somebody outside behaves.",
)


# ---- what it means ----------------------------------------------------------------------------------------------


class PersonaField(Nested):
    """Somebody outside."""

    shape: Shape = PERSONA
    right: str = _NOTHING

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Persona | None:
        """Reads the persona; None after a mistake."""
        values: Values | None = Nested.read(self, name, value, prefix, findings)
        if values is None or findings.illegal:
            return None
        meeting = _meeting(values, prefix + name, findings)
        if meeting is None:
            return None
        return Persona(
            meeting,
            values["then"],
            values["sms"],
            values["data"],
            values["app"],
            answer_scripted=values["answer"] is not None,
        )


class ScriptedPersona(PersonaField):
    """Somebody outside, in a document that is not all about personas."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Persona | None:
        """Reads the persona as strictly as one that stands alone."""
        found = PersonaFindings()
        persona = PersonaField.read(self, name, value, prefix, found)
        for each in found.found:
            findings.error(each.code, each.path, each.message, each.hint)
        return persona


def _meeting(values: Values, path: str, findings: Findings) -> Meeting | None:
    outcomes = [key for key in ("answer", "by_hand", *CAUSES) if values[key] is not None]
    if len(outcomes) > 1:
        findings.error("INVALID_VALUE", path, f"{' and '.join(outcomes)} exclude each other", "keep one of them")
        return None
    outcome = outcomes[0] if outcomes else "answer"
    if outcome == "answer":
        return _answer(values, path, findings)
    for key in ("greeting", "beep", "amd"):
        if values[key] is not None:
            message = f"{outcome} means that nobody picks up"
            findings.error("INVALID_VALUE", f"{path}.{key}", message, f"drop {key}, or let it answer")
            return None
    if outcome == "by_hand":
        if not values["then"]:
            return ByHand()
        hint = "drop then, and press, speak and hang up by hand too"
        findings.error("INVALID_VALUE", f"{path}.then", "by_hand means that it does nothing by itself", hint)
        return None
    cause, after_ms = CAUSES[outcome], values[outcome]["after"]
    if after_ms is None and cause is Cause.NO_ANSWER:
        return Rings()
    return Declines(cause=cause, after_ms=_DECLINE_AFTER_MS[cause] if after_ms is None else after_ms)


def _answer(values: Values, path: str, findings: Findings) -> Answers | None:
    answer: dict[str, Any] = values["answer"] or ANSWER.defaults
    answered_as = AnsweredAs(answer["as"])
    machine = answered_as is AnsweredAs.MACHINE
    greeting_ms, beep = values["greeting"], values["beep"]
    if greeting_ms is None:
        greeting_ms = MACHINE_GREETING_MS if machine else 0
    if greeting_ms and answered_as in (AnsweredAs.FAX, AnsweredAs.SILENCE):
        findings.error("INVALID_VALUE", f"{path}.greeting", f"{answered_as.value} greets nobody", _ONLY_MACHINES)
        return None
    if beep and not machine:
        findings.error("INVALID_VALUE", f"{path}.beep", f"{answered_as.value} does not beep", _ONLY_MACHINES)
        return None
    manner = Manner(
        answered_as=answered_as,
        greeting_ms=greeting_ms,
        beep=machine if beep is None else beep,
        verdict=None if values["amd"] is None else _verdict(values["amd"]),
    )
    return Answers(after_ms=answer["after"], manner=manner)


_ONLY_MACHINES = 'drop it, or write {"answer": {"as": "machine"}}'


def _verdict(values: Values) -> AmdVerdict:
    return AmdVerdict(
        status=AmdStatus(values["status"]), reason=AmdReason(values["reason"]), duration_ms=values["duration"]
    )
