"""The tables of the state machines as a page of the documentation: a picture and a table for each.

    python -m sinch_simulator.products.states > docs/states.md
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from sinch_simulator.products.sms.transitions import TRANSITIONS as SMS_TRANSITIONS
from sinch_simulator.products.verification.transitions import TRANSITIONS as VERIFICATION_TRANSITIONS
from sinch_simulator.products.voice.conferences.conference import ROOM_TRANSITIONS
from sinch_simulator.products.voice.menu import MENU_TRANSITIONS
from sinch_simulator.products.voice.recording_transitions import RECORDING_TRANSITIONS
from sinch_simulator.products.voice.transitions import TRANSITIONS
from sinch_simulator.products.voice.v2.menus import MENU_TRANSITIONS as V2_MENU_TRANSITIONS
from sinch_simulator.products.voice.v2.transitions import TRANSITIONS as V2_TRANSITIONS

# Any in the key: the states and events of the machines are of different types, and a mapping's key type can't widen.
Transitions = Mapping[Any, tuple[Callable[..., object], frozenset[Enum]]]

_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFACE = """# States

Made from the tables in the code by `python -m sinch_simulator.products.states`; a test compares the two. A
state is named for what is waited for. What a table does not pair is ignored and journalled; the last column is asserted
while a call runs.
"""


def states_page() -> str:
    """Returns the whole page."""
    parts = [_PREFACE]
    machines: list[tuple[str, Transitions]] = [
        ("A call (`products/voice/transitions.py`)", TRANSITIONS),
        ("A menu (`products/voice/menu.py`)", MENU_TRANSITIONS),
        ("A conference room (`products/voice/conferences/conference.py`)", ROOM_TRANSITIONS),
        ("A recording (`products/voice/recording_transitions.py`)", RECORDING_TRANSITIONS),
        ("A call of Voice v2 (`products/voice/v2/transitions.py`)", V2_TRANSITIONS),
        ("A menu of Voice v2 (`products/voice/v2/menus.py`)", V2_MENU_TRANSITIONS),
        ("A verification (`products/verification/transitions.py`)", VERIFICATION_TRANSITIONS),
        ("A text to one recipient (`products/sms/transitions.py`)", SMS_TRANSITIONS),
    ]
    for title, transitions in machines:
        parts.append(f"## {title}\n\n{state_diagram(transitions)}\n\n{state_table(transitions)}\n")
    return "\n".join(parts)


def state_table(transitions: Transitions) -> str:
    """Returns one row for what is met in the same way; the states in which it is are listed together."""
    states: dict[tuple[str, str, str], list[str]] = {}
    for (state, happening), (handler, targets) in transitions.items():
        then = "the same" if targets == {state} else ", ".join(_in_order(targets))
        does = handler.__name__.strip("_").replace("_", " ")
        states.setdefault((_name(happening), does, then), []).append(state.name)
    rows = [f"| {', '.join(of)} | {happening} | {does} | {then} |" for (happening, does, then), of in states.items()]
    header = ["| waiting for | what happens | what is done | what is waited for next |", "| --- | --- | --- | --- |"]
    return "\n".join(header + rows)


def state_diagram(transitions: Transitions) -> str:
    """Returns a Mermaid picture: arrows between states, with what leads there; what changes no state is left out."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, happening), (_, targets) in transitions.items():
        for target in _in_order(targets - {state}):
            arrows.setdefault((state.name, target), []).append(_name(happening))
    lines = [f"    {origin} --> {target}: {', '.join(labels)}" for (origin, target), labels in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _in_order(states: Iterable[Enum]) -> list[str]:
    """In the order in which their class lists them."""
    wanted = list(states)
    return [state.name for state in type(wanted[0]) if state in wanted] if wanted else []


def _name(happening: object) -> str:
    if isinstance(happening, Enum):
        kind = _WORD_STARTS.sub(" ", type(happening).__name__).lower().split()[-1]
        return str(happening.value) if kind == "event" else f"{happening.value} {kind}"
    return _WORD_STARTS.sub(" ", getattr(happening, "__name__", str(happening))).lower()


if __name__ == "__main__":
    print(states_page(), end="")
