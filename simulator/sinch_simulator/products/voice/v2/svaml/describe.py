"""Says in plain words what a document does, for ``svaml/describe`` (docs/platform/voice-v2.md#2.6).

The form is that of the platform: a numbered line for each command, always number 1, and below it what follows its
events, indented. The wording is ours, as the documents leave it free.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_INDENT = "    "
_AT = {
    "onAnswer": "on answer",
    "onBusy": "on busy",
    "onReject": "on rejection",
    "onTimeout": "on timeout",
    "onHangup": "on hang-up",
    "onFailure": "on failure",
    "onFinish": "on finish",
    "onHuman": "on a human",
    "onMachine": "on a machine",
    "onBeep": "on the beep of a machine",
    "onUnknown": "on an unknown answer",
}

Json = Mapping[str, Any]  # a document that has been read, and found legal


def describe(document: Json) -> str:
    """Describes a legal document, as it was written."""
    lines = [*_sequence(document["commands"], ""), *_events(document, "")]
    if document.get("callName"):
        lines.insert(0, f"The call is named {document['callName']}.")
    return "\n".join(lines)


def _sequence(commands: list[Json], indent: str) -> Iterator[str]:
    for command in commands:
        yield f"{indent}1. {_line(command)}"
        yield from _events(command, indent)
        if command["command"] == "menu":
            for name, menu in command["menus"].items():
                yield f"{indent} * menu {name}: {_menu_line(menu)}"
                yield from _menu(menu, indent + _INDENT)


def _events(command: Json, indent: str) -> Iterator[str]:
    for name, commands in (command.get("events") or {}).items():
        if name in _AT and commands is not None:
            yield f"{indent} * {_AT[name]}:"
            yield from _sequence(commands, indent + _INDENT)


def _menu(menu: Json, indent: str) -> Iterator[str]:
    for key, commands in (menu.get("matches") or {}).items():
        yield f"{indent} * on input {key}:"
        yield from _sequence(commands, indent + _INDENT)
    failure = menu.get("onFailure") or menu.get("onFail")
    if failure is not None:
        yield f"{indent} * on failure:"
        yield from _sequence(failure, indent + _INDENT)


def _menu_line(menu: Json) -> str:
    prompt = menu.get("prompt")
    heard = "" if prompt is None else f"{_messages(prompt['messages'])}; "
    shortest, longest = menu.get("minimumInputLength") or 1, menu.get("maximumInputLength") or 1
    keys = f"{shortest} key{'s' if shortest > 1 else ''}" if shortest == longest else f"{shortest} to {longest} keys"
    return f"{heard}collect {keys} within {menu.get('inputTimeoutDurationSeconds') or 5} seconds"


def _line(command: Json) -> str:
    match command["command"]:
        case "dial":
            name = f" as {command['callName']}" if command.get("callName") else ""
            minutes = (command.get("maxCallDurationSeconds") or 14400) / 60
            return f"Dial {_destination(command['to'])}{name}, for at most {minutes:g} minutes."
        case "answer":
            return "Answer the incoming call."
        case "messages":
            named = f" as {command['messagesName']}" if command.get("messagesName") else ""
            return f"Play messages{named}: {_messages(command['messages'])}."
        case "stopMessages":
            return f"Stop the messages {command['messagesName']}."
        case "webhook":
            return f"Ask the webhook {command['url']} with the event call.webhook.{command['webhookName']}, and wait."
        case "amd":
            return "Detect whether a person or a machine has answered."
        case "hangup":
            return f"Hang up {command['callName']}." if command.get("callName") else "Hang up the current call."
        case "pause":
            return f"Pause for {command['durationMilliseconds'] / 1000:g} seconds."
        case "startRecording":
            options = command["recordingOptions"]
            named = f" {command['recordingName']}" if command.get("recordingName") else ""
            return f"Start the recording{named}, stored at {options['destinationUrl']}."
        case "stopRecording":
            return f"Stop the recording {command['recordingName']}."
        case "bridgeCall":
            return f"Join the current call to the bridge {command['bridgeName']}."
        case "menu":
            return f"Run the menu {command['startMenu']}."
        case _:
            return f"Go to the menu {command['menuName']}."


def _destination(to: Json) -> str:
    match to["type"]:
        case "PHONE":
            return f"the number {to['phone']['number']}"
        case "SIP":
            return f"the SIP address {to['sip']['endpoint']}"
        case "STREAM":
            return f"the stream {to['stream']['endpoint']}"
        case _:
            return f"the voice relay {to['voiceRelay']['endpoint']}"


def _messages(messages: list[Json]) -> str:
    return ", ".join(
        f'"{message["say"]["text"]}" by the voice {message["say"]["voiceName"]}'
        if message["type"] == "SAY"
        else f"the file {message['play']['url']}"
        for message in messages
    )
