"""The events that apps get, as a step may expect them: those of Voice v1 about one call, and all others by name."""

from typing import Any

from sinch_scenarios.language.fields import Written
from sinch_simulator.core.schema.shapes import Findings
from sinch_simulator.core.schema.words import suggestion

OF_A_CALL = ("ice", "ace", "pie", "dice", "notify")
"""Those of Voice v1: what is expected is the next one of the call that a step is about."""
OTHERS = (
    "call.incoming",
    "call.answered",
    "call.busy",
    "call.rejected",
    "call.timeout",
    "call.failed",
    "call.hangup",
    "call.amd.human",
    "call.amd.machine",
    "call.amd.beep",
    "call.amd.unknown",
    "call.message.finished",
    "call.recording.finished",
    "call.recording.failed",
    "call.menu",
    "VerificationRequestEvent",
    "VerificationResultEvent",
    "VerificationSmsDeliveredEvent",
    "delivery_report_sms",
    "recipient_delivery_report_sms",
    "mo_text",
    "mo_binary",
    "incomingSms",
    "PROVISIONING_TO_SMS_PLATFORM",
    "DEPROVISIONING_FROM_SMS_PLATFORM",
    "PROVISIONING_TO_CAMPAIGN",
    "DEPROVISIONING_FROM_CAMPAIGN",
    "PROVISIONING_TO_VOICE_PLATFORM",
    "DEPROVISIONING_FROM_VOICE_PLATFORM",
)
WEBHOOK = "call.webhook."
"""What the event of a ``webhook`` command of Voice v2 begins with."""


_SCHEMA = {"anyOf": [{"enum": [*OF_A_CALL, *OTHERS]}, {"type": "string", "pattern": r"^call\.webhook\..+"}]}


class EventName(Written):
    """The name of an event."""

    described: "dict[str, Any] | None" = _SCHEMA

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the name as the platform spells it."""
        given: str | None = Written.read(self, name, value, prefix, findings)
        if given is None or given in OF_A_CALL or given in OTHERS or given.startswith(WEBHOOK):
            return given
        findings.wrong(self, prefix + name, given, "is not known here", hint=suggestion(given, (*OF_A_CALL, *OTHERS)))
        return None
