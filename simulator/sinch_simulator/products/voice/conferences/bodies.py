"""JSON of conferences: who is in one, as REST shows it, and what the app may order about one of them.

Source: docs/platform/rest.md#5.
"""

from typing import Any

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.schema.request_fields import Properties, PropertyNames
from sinch_simulator.products.voice.conferences.conference import Conference
from sinch_simulator.products.voice.events import Commanded, ConferenceCommand

_NAMES = PropertyNames.of(("command", "moh"))
_COMMANDS = {command.value: command for command in ConferenceCommand}
_MUSIC = ("ring", "music1", "music2", "music3")


def conference_info(room: Conference, now: int) -> dict[str, Any]:
    """The participants in the order in which they joined, with exactly the documented fields.

    Clients of the platform fail on any other. Seconds are rounded up, as those of calls (*assumed*).
    """
    return {
        "participants": [
            {
                "cli": participant.cli,
                "id": participant.call_id,
                "duration": -(-(now - participant.joined_ms) // 1000),
                "muted": participant.muted,
                "onhold": participant.on_hold,
            }
            for participant in room.participants.values()
        ]
    }


def read_command(document: object, call_id: str, diagnostics: list[Diagnostic]) -> Commanded:
    """The command that a request body gives about this participant; what can't be is 400/40003 (*assumed* for moh)."""
    if not isinstance(document, dict):
        raise ApiError.invalid_request("the body must be a JSON object")
    properties = Properties.read(document, "", _NAMES, diagnostics)
    command = _COMMANDS[_one_of(properties, "command", tuple(_COMMANDS))]
    if not properties.has("moh"):
        return Commanded(call_id, command)
    moh = _one_of(properties, "moh", _MUSIC)
    if command is not ConferenceCommand.ONHOLD:
        properties.warn("MOH_IGNORED", "moh", "moh is only used with the command onhold.")
        return Commanded(call_id, command)
    return Commanded(call_id, command, moh)


def _one_of(properties: Properties, name: str, allowed: tuple[str, ...]) -> str:
    value = properties.values.get(name)
    if isinstance(value, str) and value.lower() in allowed:
        return value.lower()
    wrong = "is missing" if value is None else f"has a value that cannot be ({_shown(value)})"
    raise ApiError.invalid_request(f"'{name}' {wrong}: expected one of {', '.join(allowed)}")


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "an array" if isinstance(value, list) else "an object"
    shown = repr(value) if not isinstance(value, int) or value.bit_length() <= 64 else "a huge number"
    return shown if len(shown) <= 80 else shown[:77] + "..."
