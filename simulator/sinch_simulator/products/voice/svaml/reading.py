"""Reads SVAML: what a reply, an inline document or a PATCH says, or why the platform refuses it.

Nothing here raises, whatever the document is. What the platform does with documents that are not as described is not
documented; the strictness is *assumed* (docs/platform/svaml.md#1): an unknown action, one that the context does not
allow and a missing required property make a document illegal, everything else is ignored with a warning. What depends
on the state of the call (a connectPstn without number, a runMenu outside of a conference) is left to the call.
"""

from functools import lru_cache

from attrs import evolve

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.schema.json_parsing import NotJsonError, parse_json
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.core.schema.words import did_you_mean, shown
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.svaml.fields import SvamlFindings
from sinch_simulator.products.voice.svaml.model import (
    Action,
    Continue,
    Hangup,
    Instruction,
    Svaml,
    SvamlContext,
)
from sinch_simulator.products.voice.svaml.read_actions import ACTION_BUILDERS
from sinch_simulator.products.voice.svaml.read_instructions import (
    INSTRUCTION_BUILDERS,
    Placed,
    obeyed,
    recording_of_action,
)
from sinch_simulator.products.voice.svaml.tables import (
    ACTIONS,
    ALLOWED_ACTIONS,
    ALLOWED_INSTRUCTIONS,
    DOCUMENT,
    INSTRUCTIONS,
    LEGACY_PATCH_ACTIONS,
)

_INLINE_CONSEQUENCE = "The platform refuses the request with 400."
_REMEMBERED_BYTES = 4096
_A_REPLY = 'a reply looks like {"action": {"name": "hangup"}}'
_V2_KEYS = frozenset({"command", "commands"})


@frozen
class Reading:
    """A document that was read. ``svaml`` is None when it is illegal, and when a reply to DiCE says nothing."""

    svaml: Svaml | None
    diagnostics: tuple[Diagnostic, ...] = ()
    legal: bool = True
    """Whether the platform takes it; if not, at least one of the diagnostics is an error."""


def read_reply(body: bytes, context: SvamlContext) -> Reading:
    """Reads the body of the answer to a callback, or of a PATCH. An empty body is an empty document."""
    return _read_again(body, context) if len(body) <= _REMEMBERED_BYTES else _read_text(body, SvamlFindings(context))


# Most apps answer with the same few documents over and over, and a reading never changes.
@lru_cache(maxsize=512)
def _read_again(body: bytes, context: SvamlContext) -> Reading:
    return _read_text(body, SvamlFindings(context))


def read_inline(text: str, context: SvamlContext) -> Reading:
    """Reads the JSON text that a customCallout carries in a string."""
    return _read_text(text, SvamlFindings(context, _INLINE_CONSEQUENCE))


def read_svaml(document: object, context: SvamlContext) -> Reading:
    """Reads a document that has been parsed already: whatever ``json.loads`` can give."""
    return _read_document(document, SvamlFindings(context))


def lint_document(text: bytes, context: SvamlContext) -> list[Diagnostic]:
    """Checks a document of a file, before any call has met it; it is fine when none of the findings is an error.

    Text that is no JSON is an error in every context: as the reply to an event that nobody reads it would pass.
    """
    return [
        evolve(found, severity=Severity.ERROR) if found.code == "NOT_JSON" else found
        for found in read_reply(text, context).diagnostics
    ]


def _read_text(text: bytes | str, findings: SvamlFindings) -> Reading:
    if not text or text.isspace():
        return _read_document({}, findings)
    try:
        document = parse_json(text)
    except NotJsonError as error:
        if findings.context is SvamlContext.DICE:
            findings.info("NOT_JSON", "", f"The reply is not JSON: {error}. Nobody reads the reply to this event.")
        else:
            findings.error("NOT_JSON", "", f"The document is not JSON: {error}.", error.hint or _A_REPLY)
        return _reading(None, findings)
    return _read_document(document, findings)


def _reading(svaml: Svaml | None, findings: SvamlFindings) -> Reading:
    legal = not findings.illegal
    return Reading(svaml if legal else None, tuple(findings.found), legal)


def _read_document(document: object, findings: SvamlFindings) -> Reading:
    if document is None:
        document = {}
    if not isinstance(document, dict):
        return _reading(_read_no_object(document, findings), findings)
    if not _V2_KEYS.isdisjoint(document):
        _tell_of_version_2("", findings)
        action = _without_action(True, findings)
        return _reading(Svaml(action) if action is not None else None, findings)
    values = DOCUMENT.read(document, "", findings)
    if findings.context is SvamlContext.DICE:
        return _reading(_read_unread(values["instructions"], values["action"], findings), findings)
    placed = _read_instructions(values["instructions"], findings)
    more: tuple[Instruction, ...] = ()
    if values["action"] is None:
        action = _without_action(bool(placed), findings)
        if findings.context is not SvamlContext.PATCH:
            placed = []
    else:
        action, more = _read_action(values["action"], findings)
    if action is None:
        return _reading(None, findings)
    return _reading(Svaml(action, obeyed(placed, action, findings) + more), findings)


def _read_no_object(document: object, findings: SvamlFindings) -> Svaml | None:
    if findings.context is SvamlContext.DICE:
        findings.info("SVAML_IGNORED", "", f"The reply is {shown(document)}. Nobody reads the reply to this event.")
        return None
    hint = 'one object: {"action": {"name": "hangup"}}'
    if isinstance(document, str):
        hint = "the document is encoded twice: send the object itself, not a string that holds it"
    elif isinstance(document, list) and any(_speaks_version_2(item) for item in document):
        _tell_of_version_2("", findings)
    findings.error("WRONG_TYPE", "", f"The document is {shown(document)}, not an object.", hint)
    return None


def _speaks_version_2(item: object) -> bool:
    return isinstance(item, dict) and not _V2_KEYS.isdisjoint(item) and "name" not in item


def _tell_of_version_2(path: str, findings: SvamlFindings) -> None:
    message = "This is SVAML of the Voice API v2 (commands), which v1 does not understand."
    findings.warn("V2_SVAML", path, message, "v1 has instructions and one action, each with a name")


def _without_action(instructed: bool, findings: SvamlFindings) -> Action | None:
    """Returns what a document without an action makes the call do, None when it is illegal.

    Source: docs/platform/callbacks.md#1.1.
    """
    hint = 'add "action": {"name": ".."}'
    match findings.context:
        case SvamlContext.ICE | SvamlContext.PIE | SvamlContext.UNPARK:
            findings.error("NO_ACTION", "action", "There is no action.", hint)
            return None
        case SvamlContext.ACE:
            ignored = " Instructions without an action are ignored." if instructed else ""
            findings.warn("NO_ACTION", "action", f"There is no action: the call continues.{ignored}", hint)
            return Continue()
        case SvamlContext.PATCH:
            if not instructed:
                message = "Neither an action nor an instruction: the call goes on as before."
                findings.warn("NO_ACTION", "action", message, hint)
            return Continue()
        case SvamlContext.DICE:
            return None


# ---- instructions -----------------------------------------------------------------------------------------------


def _read_instructions(instructions: object, findings: SvamlFindings) -> list[Placed]:
    if instructions is None:
        return []
    if not isinstance(instructions, list):
        message = f"{shown(instructions)} is not an array."
        findings.error("WRONG_TYPE", "instructions", message, '"instructions": [{"name": "say", "text": ".."}]')
        return []
    placed = []
    for index, item in enumerate(instructions):
        instruction = _read_instruction(item, f"instructions[{index}]", findings)
        if instruction is not None:
            placed.append((index, instruction))
    return placed


def _read_instruction(item: object, path: str, findings: SvamlFindings) -> Instruction | None:
    """Reads one instruction; None when it is unknown or not allowed, and dropped for that, or when it has errors."""
    name = _name_of(item, path, "instruction", findings)
    if name is None or not isinstance(item, dict):
        return None
    shape = INSTRUCTIONS.get(name.lower())
    if shape is None:
        message = f"{shown(name)} is no instruction: it is dropped."
        findings.warn("UNKNOWN_INSTRUCTION", f"{path}.name", message, _instruction_hint(name))
        return None
    if shape.name not in ALLOWED_INSTRUCTIONS[findings.context]:
        message = f"{shape.name} is not allowed in {_place(findings)}: it is dropped."
        allowed = ", ".join(sorted(ALLOWED_INSTRUCTIONS[findings.context]))
        findings.warn("INSTRUCTION_NOT_ALLOWED", f"{path}.name", message, f"allowed are: {allowed}")
        return None
    prefix = f"{path}."
    values = shape.read(item, prefix, findings)
    return INSTRUCTION_BUILDERS[shape.name](values, prefix, findings)


def _instruction_hint(name: str) -> str:
    if name.lower() in ACTIONS:
        return f'{ACTIONS[name.lower()].name} is an action: "action": {{"name": "{ACTIONS[name.lower()].name}"}}'
    return did_you_mean(name, _names(INSTRUCTIONS))


# ---- the action -------------------------------------------------------------------------------------------------


def _read_action(item: object, findings: SvamlFindings) -> tuple[Action | None, tuple[Instruction, ...]]:
    """Reads the action, None when it is illegal, and what it asks to be done first in the manner of older documents."""
    name = _name_of(item, "action", "action", findings)
    if name is None or not isinstance(item, dict):
        return None, ()
    if findings.context is SvamlContext.PATCH and name.lower() in LEGACY_PATCH_ACTIONS:
        instruction = _read_instruction(item, "action", findings)
        return Continue(), (instruction,) if instruction is not None else ()
    shape = ACTIONS.get(name.lower())
    if shape is None:
        findings.error("UNKNOWN_ACTION", "action.name", f"{shown(name)} is no action.", _action_hint(name, findings))
        return None, ()
    if shape.name not in ALLOWED_ACTIONS[findings.context]:
        message = f"{shape.name} is not allowed in {_place(findings)}."
        findings.error("ACTION_NOT_ALLOWED", "action.name", message, _allowed_actions(findings))
    values = shape.read(item, "action.", findings)
    action = ACTION_BUILDERS[shape.name](values, "action.", findings)
    if isinstance(action, Continue):
        recording = recording_of_action(values, "action.", findings)
        return action, (recording,) if recording is not None else ()
    return action, ()


def _action_hint(name: str, findings: SvamlFindings) -> str:
    if name.lower() in INSTRUCTIONS:
        right = INSTRUCTIONS[name.lower()].name
        return f'{right} is an instruction: "instructions": [{{"name": "{right}"}}], beside one action'
    return did_you_mean(name, _names(ACTIONS)) or _allowed_actions(findings)


def _allowed_actions(findings: SvamlFindings) -> str:
    return "allowed are: " + ", ".join(sorted(ALLOWED_ACTIONS[findings.context]))


# ---- names ------------------------------------------------------------------------------------------------------


def _name_of(item: object, path: str, what: str, findings: SvamlFindings) -> str | None:
    """Reads the name of an action or instruction, None after an error: it is no object, or has no name."""
    if not isinstance(item, dict):
        findings.error("WRONG_TYPE", path, f"{shown(item)} is not an object.", _how_to_write(item, what))
        return None
    name = item.get("name")
    if name is None:
        name = next((value for key, value in item.items() if key.lower() == "name" and value is not None), None)
    if isinstance(name, str) and name:
        return name
    if name is None or name == "":
        if _speaks_version_2(item):
            _tell_of_version_2(path, findings)
        names = ", ".join(_names(ACTIONS if what == "action" else INSTRUCTIONS))
        findings.error("MISSING_PROPERTY", f"{path}.name", f"The {what} has no name.", f"one of: {names}")
        return None
    findings.error("WRONG_TYPE", f"{path}.name", f"{shown(name)} is not a string.", f"the name of an {what}")
    return None


def _how_to_write(item: object, what: str) -> str:
    """Says how an action or instruction is written that came as something else than an object."""
    shapes = ACTIONS if what == "action" else INSTRUCTIONS
    if isinstance(item, str):
        shape = shapes.get(item.strip().lower())
        name = ".." if shape is None else shape.name
        written = f'{{"name": "{name}"}}'
        return f'an object, not its name alone: "action": {written}' if what == "action" else f"an object: {written}"
    if what == "action":
        return 'exactly one action, not an array: "action": {"name": ".."}'
    return 'an instruction: {"name": ".."}'


def _names(shapes: dict[str, Shape]) -> list[str]:
    return [shape.name for shape in shapes.values()]


def _place(findings: SvamlFindings) -> str:
    if findings.context is SvamlContext.PATCH:
        return "an update of a connected call"
    if findings.context is SvamlContext.UNPARK:
        return "an update of a parked call"
    return f"the reply to {findings.context.value.upper()}"


# ---- replies that nobody reads ----------------------------------------------------------------------------------


def _read_unread(instructions: object, action: object, findings: SvamlFindings) -> Svaml | None:
    """Reads the reply to DiCE: the call is over, only ``ReportCallStatus`` is heard (docs/platform/svaml.md#2)."""
    reports: list[Instruction] = []
    for index, item in enumerate(instructions if isinstance(instructions, list) else []):
        path = f"instructions[{index}]"
        if _named(item, "reportcallstatus"):
            report = _read_instruction(item, path, findings)
            reports += [report] if report is not None else []
        else:
            _tell_of_ignored(item, path, findings)
    if instructions is not None and not isinstance(instructions, list):
        _tell_of_ignored(instructions, "instructions", findings)
    hangup = _named(action, "hangup")
    if action is not None and not hangup:
        _tell_of_ignored(action, "action", findings)
    return Svaml(Hangup(), tuple(reports)) if reports or hangup else None


def _named(item: object, name: str) -> bool:
    written = item.get("name") if isinstance(item, dict) else None
    return isinstance(written, str) and written.lower() == name


def _tell_of_ignored(item: object, path: str, findings: SvamlFindings) -> None:
    what = item.get("name") if isinstance(item, dict) else None
    message = f"The call is over: {shown(what if isinstance(what, str) else item)} is ignored."
    findings.warn("SVAML_IGNORED", path, message, "reply with an empty body; only ReportCallStatus is read")
