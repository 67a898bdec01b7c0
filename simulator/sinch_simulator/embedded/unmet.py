"""Finds what a test has scripted and nobody has met: phones, fault rules, replies of webhooks."""

from sinch_simulator.embedded.application import HostedApplication
from sinch_simulator.embedded.phone_view import is_at
from sinch_simulator.server.faults.rules import Fault


def unmet(application: HostedApplication) -> list[str]:
    """Says of each phone, fault rule and reply that it was scripted in vain."""
    called = _addresses_of_calls(application)
    phones = [
        f"phone {address}: nobody called it, and it called nobody"
        for address in application.scripted
        if not any(is_at(address, other) for other in called)
    ]
    rules = application.world.faults.of(application.settings.key)
    faults = [f"fault {_in_words(rule)}: nothing met it" for rule in rules if not rule.used]
    replies = [
        f"webhook: nobody asked for {what}" for webhook in application.webhooks for what in webhook.unasked()
    ]
    return [*phones, *faults, *replies]


def _addresses_of_calls(application: HostedApplication) -> set[str]:
    called: set[str] = set()
    for entry in [*application.world.simulation.journal.entries]:
        name = {"leg.invited": "to", "call.arrived": "from"}.get(entry.kind)
        address = None if name is None else entry.fields[name]
        endpoint = address["endpoint"] if isinstance(address, dict) else address
        if isinstance(endpoint, str):
            called.add(endpoint)
    return called


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
