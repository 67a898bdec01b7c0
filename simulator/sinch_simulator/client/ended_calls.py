"""Says when and how a call ended, to whoever wants something done in it after that."""

from datetime import datetime

from sinch_simulator.client.control import Answer
from sinch_simulator.client.errors import SimulatorError

_IN_WORDS = {"press": "a key", "speak": "a word", "hangup": "a hang-up"}


def refuse_when_over(call: Answer, what: str) -> None:
    """Raises ``SimulatorError`` when nobody can ``press``, ``speak`` or ``hangup`` in a call, because it has ended."""
    if call["status"] == "FINAL":
        raise SimulatorError(f"{_IN_WORDS.get(what, what)} comes too late: the call {how_it_ended(call)}")


def how_it_ended(call: Answer) -> str:
    """Says how a call ended, and how long after it began: ``ended after 12.3 s: ANSWERED, CALLERHANGUP``."""
    after_s = (datetime.fromisoformat(call["endedAt"]) - datetime.fromisoformat(call["startedAt"])).total_seconds()
    return f"ended after {after_s:.3f} s: {', '.join(result_of(call))}"


def result_of(call: Answer) -> tuple[str, str]:
    """Returns how a call has ended and why, in the words of its Voice API; ``N/A`` where that says nothing yet."""
    if call.get("protocol") == "v2":
        return call["callResult"], call["callReason"] or "N/A"
    return call["result"], call["reason"]
