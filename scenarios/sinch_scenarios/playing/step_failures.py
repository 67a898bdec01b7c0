"""Says that a step is not as the scenario says, and how: the words that all steps have in common."""

from sinch_simulator.client.control import Answer


class StepFailed(Exception):
    """Says that a step is not as the scenario says."""


def compare(found: list[str], what: str) -> None:
    """Raises ``StepFailed`` when there are differences."""
    if found:
        raise StepFailed(f"{what}: {'; '.join(found)}")


def within_text(ms: int) -> str:
    """Returns `` within 60 s``."""
    return f" within {ms / 1000:g} s"


def outcome_text(record: Answer) -> str:
    """Returns what came of a callback: ``bad-svaml 200 (UNKNOWN_COMMAND: ...)``."""
    findings = [f"{one['code']}: {one['message']}" for one in record["diagnostics"] if one["severity"] != "info"]
    status = "" if record["response"] is None else f" {record['response']['status']}"
    return f"{record['outcome']}{status}" + (f" ({'; '.join(findings[:3])})" if findings else "")
