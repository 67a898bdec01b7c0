"""The picture of the transition table in the documentation is the transition table."""

from pathlib import Path

from sinch_simulator.exchange.state_table import state_table
from sinch_simulator.exchange.transitions import TRANSITIONS

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "ARCHITECTURE.md"


def test_every_pair_of_state_and_event_is_in_one_row() -> None:
    rows = [line.split("|") for line in state_table().splitlines()[2:]]
    assert sum(len(row[1].split(",")) for row in rows) == len(TRANSITIONS)


def test_the_documentation_shows_the_table_of_the_code() -> None:
    written = PAGE.read_text().split("<!-- states -->")[1].split("<!-- end of states -->")[0].strip()
    assert written == state_table(), "docs/ARCHITECTURE.md: put there what state_table() returns"
