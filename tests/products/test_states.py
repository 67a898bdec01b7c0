"""The pictures and tables of the state machines in the documentation are those of the code."""

from pathlib import Path

from sinch_simulator.products.states import state_diagram, state_table, states_page
from sinch_simulator.products.voice.transitions import TRANSITIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "states.md"


def test_every_pair_of_state_and_event_is_in_one_row() -> None:
    rows = [line.split("|") for line in state_table(TRANSITIONS).splitlines()[2:]]
    assert sum(len(row[1].split(",")) for row in rows) == len(TRANSITIONS)


def test_every_change_of_state_is_an_arrow() -> None:
    changes = {
        (state.name, target.name) for (state, _), (_, targets) in TRANSITIONS.items() for target in targets - {state}
    }
    arrows = [line.split() for line in state_diagram(TRANSITIONS).splitlines() if "-->" in line]
    assert {(origin, target.rstrip(":")) for origin, _, target, *_ in arrows} == changes


def test_the_documentation_shows_the_tables_of_the_code() -> None:
    assert PAGE.read_text() == states_page(), "run: python -m sinch_simulator.products.states > docs/states.md"
