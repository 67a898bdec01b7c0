"""Finds what a test has scripted and nobody has met: phones, fault rules, replies of webhooks."""

from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.phone_view import CALLS, DATA, TEXTS, is_at
from sinch_simulator.server.faults.rules import Fault

NOBODY = {
    CALLS: "nobody called it, and it called nobody",
    TEXTS: "nobody texted it",
    DATA: "nobody asked for its mobile data",
}
_ADDRESS = {"leg.invited": (CALLS, "to"), "call.arrived": (CALLS, "from"), "text.sent": (TEXTS, "to")}
"""By the kind of a line of the journal: what the line is about, and which of its fields has the phone's address."""


def unmet(application: HostedApplication) -> list[str]:
    """Says of each phone, fault rule and reply that it was scripted in vain."""
    contacted = _contacts(application)
    phones = [
        f"phone {address}: {'; '.join(NOBODY[way] for way in NOBODY if way in scripted)}"
        for address, scripted in application.scripted.items()
        if not any(is_at(address, other) for way in scripted for other in contacted[way])
    ]
    rules = application.world.faults.of(application.settings.key)
    faults = [f"fault {_in_words(rule)}: nothing met it" for rule in rules if not rule.used]
    replies = [
        f"webhook: nobody asked for {what}" for webhook in application.webhooks for what in webhook.unasked()
    ]
    return [*phones, *faults, *replies]


def _contacts(application: HostedApplication) -> dict[str, set[str]]:
    """Collects who was called or has called, who was sent a text, and whose mobile data was asked for."""
    contacted: dict[str, set[str]] = {way: set() for way in NOBODY}
    numbers: dict[str | None, str] = {}
    for entry in [*application.world.simulation.journal.entries]:
        if entry.kind == "verification.started":
            numbers[entry.subject] = entry.fields["to"]
        elif entry.kind == "data.used":
            contacted[DATA].add(numbers.get(entry.subject, ""))
        elif entry.kind in _ADDRESS:
            way, name = _ADDRESS[entry.kind]
            address = entry.fields[name]
            endpoint = address["endpoint"] if isinstance(address, dict) else address
            if isinstance(endpoint, str):
                contacted[way].add(endpoint)
    return contacted


def _in_words(rule: Fault) -> str:
    about = ", ".join(
        f"{name} {value}"
        for name, value in (
            ("event", rule.match.event),
            ("path", rule.match.path),
            ("method", rule.match.method),
            ("call", rule.match.call_id),
        )
        if value is not None
    )
    does = ", ".join(f"{name} {value}" if value is not True else name for name, value in rule.order.items())
    return f"on {rule.side.value}{f' ({about})' if about else ''}: {does}"
