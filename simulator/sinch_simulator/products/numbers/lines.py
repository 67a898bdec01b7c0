"""Words the lines that the journal has about a number, and the findings among them."""

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.effects import Diagnose, Log
from sinch_simulator.products.numbers.records import VoiceTarget, VoiceType

_WORDS = {VoiceType.RTC: "application", VoiceType.EST: "SIP trunk", VoiceType.FAX: "fax service"}

_ORDERED = "so it was ordered by the application's field provisioning"


def in_words(target: VoiceTarget) -> str:
    """Returns what answers calls, as ``application KEY``."""
    return f"{_WORDS[target.type]} {target.id}"


def assigned(number: str, to: str) -> Log:
    """Tells that a number leads somewhere from now on."""
    return Log(number, "number.assigned", {"number": number, "to": to})


def unassigned(number: str, from_: str) -> Log:
    """Tells that a number leads somewhere no longer."""
    return Log(number, "number.unassigned", {"number": number, "from": from_})


def relinked(number: str, present: str) -> Diagnose:
    """Tells that a number shall lead elsewhere, though it was not taken away from where it leads."""
    message = f"{number} is assigned to the {present}, and shall be assigned elsewhere."
    hint = "Here that works; on the platform, first take the number away there with an empty id."
    return Diagnose(number, Diagnostic("NUMBER_RELINKED", Severity.WARNING, "", message, hint))


def failed(number: str, code: str, why: str) -> Diagnose:
    """Tells that an assignment has failed, and why; an empty reason is that the application's settings order it."""
    severity = Severity.WARNING if why else Severity.INFO
    message = f"The assignment of {number} has failed with {code}: {why or _ORDERED}."
    hint = "The number stays as it was; ask for an assignment that is possible." if why else ""
    return Diagnose(number, Diagnostic("PROVISIONING_FAILED", severity, "", message, hint))
