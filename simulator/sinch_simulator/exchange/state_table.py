"""The transition table of a call as a Markdown table, for the documentation."""

from sinch_simulator.exchange.call import CallState, Timer
from sinch_simulator.exchange.transitions import TRANSITIONS


def state_table() -> str:
    """One row for each event that is met in the same way; the states in which it is are listed together."""
    states: dict[tuple[str, str, str], list[str]] = {}
    for (state, happening), (handler, targets) in TRANSITIONS.items():
        event = f"{happening.value} timer" if isinstance(happening, Timer) else happening.__name__
        then = "the same" if targets == {state} else _listed(targets)
        states.setdefault((event, handler.__name__.replace("_", " "), then), []).append(state.value)
    header = [
        "| waiting for | what happened | what the call does | what it waits for next |",
        "| --- | --- | --- | --- |",
    ]
    rows = [f"| {', '.join(of)} | {event} | {does} | {then} |" for (event, does, then), of in states.items()]
    return "\n".join(header + rows)


def _listed(targets: frozenset[CallState]) -> str:
    return ", ".join(state.value for state in CallState if state in targets)
