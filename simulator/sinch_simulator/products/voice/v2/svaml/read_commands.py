"""Reads commands: from what their tables allow to what a session obeys, with all that stands inside them.

Names are unique among what is active (docs/platform/voice-v2.md#3). In one document that can be seen only where nothing
between two commands of a sequence could have ended the first.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import evolve

from sinch_simulator.core.schema.shapes import Values
from sinch_simulator.core.schema.words import did_you_mean, shown
from sinch_simulator.products.voice.v2.svaml.fields import CommandFindings, other_name
from sinch_simulator.products.voice.v2.svaml.model import (
    Answer,
    BridgeCall,
    CallWebhook,
    Command,
    Commands,
    DetectMachine,
    Dial,
    GoToMenu,
    HandlerName,
    Handlers,
    HangUp,
    Pause,
    PlayMessages,
    RecordedSide,
    RecordingStore,
    RunMenu,
    StartRecording,
    StopMessages,
    StopRecording,
)
from sinch_simulator.products.voice.v2.svaml.read_menus import read_menus
from sinch_simulator.products.voice.v2.svaml.read_parts import Place, read_destination, read_messages, read_origin
from sinch_simulator.products.voice.v2.svaml.shapes import COMMANDS

DEEPEST = 20
"""Handlers within handlers: a limit of our own, so that no document is too deep to be read."""


def read_sequence(value: object, place: Place, findings: CommandFindings) -> Commands:
    """Reads a list of commands; those that cannot be read are left out, and then the document is illegal."""
    if not isinstance(value, list):
        hint = 'commands in a list: [{"command": "hangup"}]'
        findings.error("WRONG_TYPE", place.path, f"{shown(value)} is not a list of commands", hint)
        return ()
    if place.depth > DEEPEST:
        message = f"Handlers stand in each other more than {DEEPEST} deep"
        findings.error("TOO_DEEP", place.path, message, "fewer; a webhook may say what follows")
        return ()
    commands: list[Command] = []
    for index, item in enumerate(value):
        command = _read_command(item, evolve(place, path=f"{place.path}[{index}]"), findings)
        if command is not None:
            commands.append(command)
    if len(commands) > 1:
        _tell_names_in_use(commands, place.path, findings)
    return tuple(commands)


def _read_command(item: object, place: Place, findings: CommandFindings) -> Command | None:
    if not isinstance(item, dict):
        meant = item if isinstance(item, str) and item in COMMANDS else ".."
        hint = f'an object: {{"command": "{meant}"}}'
        findings.error("WRONG_TYPE", place.path, f"{shown(item)} is not a command", hint)
        return None
    name = item.get("command")
    shape = COMMANDS.get(name) if isinstance(name, str) else None
    if shape is None:
        _tell_unknown_command(item, name, place.path, findings)
        return None
    return _BUILDERS[shape.name](shape.read(item, f"{place.path}.", findings), place, findings)


def _tell_unknown_command(item: dict[str, Any], name: object, path: str, findings: CommandFindings) -> None:
    known = f"one of {', '.join(COMMANDS)}"
    if name is None:
        older = item.get("name")
        hint = (other_name(older) if isinstance(older, str) else "") or known
        findings.error("MISSING_PROPERTY", f"{path}.command", "it is missing", hint)
    else:
        hint = (other_name(name) or did_you_mean(name, COMMANDS)) if isinstance(name, str) else ""
        findings.error("UNKNOWN_COMMAND", f"{path}.command", f"{shown(name)} is no command", hint or known)


# ---- names ------------------------------------------------------------------------------------------------------


def _tell_names_in_use(commands: list[Command], path: str, findings: CommandFindings) -> None:
    """Tells of a name that is given again while what had it first is certainly still there.

    In a reply that does not make the document illegal: the second command fails when it is its turn.
    """
    active: set[tuple[str, str]] = set()
    for command in commands:
        match command:
            case Pause() | CallWebhook() | RunMenu() | HangUp() | StopMessages() | StopRecording():
                active.clear()
                continue
            case Dial(call_name=str(given)):
                kind = "calls"
            case PlayMessages(name=str(given)):
                kind = "groups of messages"
            case StartRecording(name=str(given)):
                kind = "recordings"
            case _:
                continue
        if (kind, given) in active:
            what = f"two {kind} have the name {shown(given)} at the same time"
            tell = findings.warn if findings.running else findings.error
            tell("NAME_IN_USE", path, what, "give each a name of its own")
        active.add((kind, given))


# ---- what several commands have ---------------------------------------------------------------------------------


def read_handlers(values: Values | None, place: Place, findings: CommandFindings) -> Handlers | None:
    """Reads what ``events`` says; None when it is not there (docs/platform/voice-v2.md#3.1)."""
    if values is None:
        return None
    return {
        HandlerName(name): read_sequence(value, place.below(f"{place.path}.{name}"), findings)
        for name, value in values.items()
        if value is not None
    }


def _events(values: Values, place: Place, findings: CommandFindings) -> Handlers | None:
    return read_handlers(values.object("events"), evolve(place, path=f"{place.path}.events"), findings)


# ---- commands ---------------------------------------------------------------------------------------------------


def _dial(values: Values, place: Place, findings: CommandFindings) -> Command:
    return Dial(
        read_destination(values.object("to")),
        read_origin(values.object("from")),
        values.text_or_none("callName"),
        dial_timeout_ms=values.integer("dialTimeoutDurationSeconds") * 1000,
        longest_ms=values.integer("maxCallDurationSeconds") * 1000,
        events=_events(values, place, findings),
    )


def _answer(values: Values, place: Place, findings: CommandFindings) -> Command:
    return Answer()


def _play_messages(values: Values, place: Place, findings: CommandFindings) -> Command:
    prompts = read_messages(values["messages"], f"{place.path}.messages", findings)
    return PlayMessages(prompts, values.text_or_none("messagesName"), _events(values, place, findings))


def _stop_messages(values: Values, place: Place, findings: CommandFindings) -> Command:
    return StopMessages(values.text("messagesName"))


def _webhook(values: Values, place: Place, findings: CommandFindings) -> Command:
    return CallWebhook(values.text("webhookName"), values.text("url"), values.text_or_none("fallbackUrl"))


def _amd(values: Values, place: Place, findings: CommandFindings) -> Command:
    return DetectMachine(_events(values, place, findings))


def _hang_up(values: Values, place: Place, findings: CommandFindings) -> Command:
    return HangUp(values.text_or_none("callName"))


def _pause(values: Values, place: Place, findings: CommandFindings) -> Command:
    return Pause(values.integer_or_none("durationMilliseconds") or 1)


def _start_recording(values: Values, place: Place, findings: CommandFindings) -> Command:
    options: Values = values["recordingOptions"]
    transcription = options.object("transcriptionOptions")
    transcribed = transcription is not None and transcription.flag("isEnabled")
    return StartRecording(
        RecordingStore(options["destination"] or "AWS"),
        options.text("destinationUrl"),
        options.text("credentials"),
        values.text_or_none("recordingName"),
        options.text("format"),
        RecordedSide(options["recordingType"]),
        transcription.text("locale") if transcription is not None and transcribed else None,
        _events(values, place, findings),
    )


def _stop_recording(values: Values, place: Place, findings: CommandFindings) -> Command:
    return StopRecording(values.text("recordingName"))


def _bridge_call(values: Values, place: Place, findings: CommandFindings) -> Command:
    return BridgeCall(values.text("bridgeName"))


def _menu(values: Values, place: Place, findings: CommandFindings) -> Command:
    return read_menus(values, place, findings, read_sequence)


def _go_to_menu(values: Values, place: Place, findings: CommandFindings) -> Command:
    menu, path = values.text("menuName"), f"{place.path}.menuName"
    if place.menus is None:
        findings.error("MISPLACED", place.path, "gotoMenu stands outside of a menu", "in one: matches, onFailure")
    elif menu not in place.menus:
        hint = did_you_mean(menu, place.menus) or f"the menus are {', '.join(place.menus[:10])}"
        findings.error("UNKNOWN_MENU", path, f"there is no menu {shown(menu)} to go to", hint)
    return GoToMenu(menu)


Builder: TypeAlias = Callable[[Values, Place, CommandFindings], Command]
_BUILDERS: dict[str, Builder] = {
    "dial": _dial,
    "answer": _answer,
    "messages": _play_messages,
    "stopMessages": _stop_messages,
    "webhook": _webhook,
    "amd": _amd,
    "hangup": _hang_up,
    "pause": _pause,
    "startRecording": _start_recording,
    "stopRecording": _stop_recording,
    "bridgeCall": _bridge_call,
    "menu": _menu,
    "gotoMenu": _go_to_menu,
}
