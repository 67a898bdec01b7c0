"""The transition table of a conference room as a Markdown table, for the documentation."""

from sinch_simulator.exchange.conference import ROOM_TRANSITIONS, RoomState
from sinch_simulator.exchange.signals import ConferenceCommand


def room_table() -> str:
    """One row for each order that is obeyed in the same way; the states in which it is are listed together."""
    states: dict[tuple[str, str, str], list[str]] = {}
    for (state, happening), (handler, targets) in ROOM_TRANSITIONS.items():
        order = f"{happening.value} command" if isinstance(happening, ConferenceCommand) else happening.__name__
        then = "the same" if targets == {state} else ", ".join(into.value for into in RoomState if into in targets)
        states.setdefault((order, handler.__name__.replace("_", " "), then), []).append(state.value)
    header = [
        "| waiting for | what is ordered | what the room does | what it waits for next |",
        "| --- | --- | --- | --- |",
    ]
    rows = [f"| {', '.join(of)} | {order} | {does} | {then} |" for (order, does, then), of in states.items()]
    return "\n".join(header + rows)
