"""JSON of conferences: who is in one, as REST shows it, and what the app may order about one of them.

Source: docs/platform/rest.md#5.
"""

from typing import Any

from sinch_simulator.core.diagnostics import Diagnostic
from sinch_simulator.core.errors import ApiError
from sinch_simulator.core.schema.fields import Choice
from sinch_simulator.core.schema.request_findings import RequestFindings, read_body, shown_in_error
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.core.values import define
from sinch_simulator.products.voice.conferences.conference import Conference
from sinch_simulator.products.voice.events import Commanded, ConferenceCommand

_COMMANDS = tuple(command.value for command in ConferenceCommand)
_COMMAND = Shape(
    "a command",
    (
        Choice("command", "what the participant shall do", required=True, choices=_COMMANDS, any_case=True),
        Choice("moh", "music on hold", choices=("ring", "music1", "music2", "music3"), any_case=True),
    ),
)


def conference_info(room: Conference, now: int) -> dict[str, Any]:
    """Shows the participants in the order in which they joined, with exactly the documented fields.

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


@define
class _CommandFindings(RequestFindings):
    """What was found in a command: whatever cannot be makes the request invalid as a whole."""

    def wrong(
        self, item: Field, path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        why = f"'{path}' has a value that cannot be ({shown_in_error(value)}): expected {item.expected}"
        self.refuse(ApiError.invalid_request(why))

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        self.refuse(ApiError.invalid_request(f"'{item.name}' is missing: expected {item.expected}"))


def read_command(document: object, call_id: str, diagnostics: list[Diagnostic]) -> Commanded:
    """Reads the command that a body gives about this participant; what can't be is 400/40003 (*assumed* for moh)."""
    findings = _CommandFindings()
    values = read_body(_COMMAND, document, findings)
    command, moh = ConferenceCommand(values["command"]), values["moh"]
    if moh is not None and command is not ConferenceCommand.ONHOLD:
        findings.warn("MOH_IGNORED", "moh", "moh is only used with the command onhold.")
        moh = None
    diagnostics.extend(findings.found)
    return Commanded(call_id, command, moh)
