"""Counts of many processes: they travel as JSON, and are added up."""

import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_scenarios.load.report import json_report, text_report
from sinch_scenarios.load.tally import Tally, read_tally, tally_json
from sinch_scenarios.load.worlds import Sample

PEOPLE = ("busy", "answers")
NAMES = st.sampled_from(["ice", "dice", "ANSWERED", "ü"])
COUNTS = st.integers(1, 1000)
PAIRS = st.dictionaries(st.tuples(NAMES, NAMES), COUNTS, max_size=3).map(Counter)
NUMBERS = st.dictionaries(st.integers(0, 5000), COUNTS, max_size=3).map(Counter)
SAMPLES = st.builds(lambda name: Sample({"callId": name}, ({"event": name},)), NAMES)
TALLIES = st.builds(
    Tally,
    st.just(PEOPLE),
    calls=COUNTS,
    seconds=st.floats(0, 100),
    busy=st.floats(0, 1),
    stuck=COUNTS,
    refused=st.dictionaries(NAMES, COUNTS).map(Counter),
    kinds=NUMBERS,
    outcomes=PAIRS,
    callbacks=PAIRS,
    latencies=st.dictionaries(NAMES, NUMBERS),
    diagnostics=PAIRS,
    finished=NUMBERS,
    samples=st.dictionaries(NAMES, SAMPLES),
)


@given(tally=TALLIES)
def test_what_is_read_is_what_was_written(tally: Tally) -> None:
    assert read_tally(json.loads(json.dumps(tally_json(tally))), PEOPLE) == tally


@given(tallies=st.lists(TALLIES, max_size=4))
def test_the_sum_has_all_counts_and_the_longest_time(tallies: Sequence[Tally]) -> None:
    total = Tally(PEOPLE)
    for tally in tallies:
        total.add(tally)
    assert total.calls == sum(tally.calls for tally in tallies)
    assert total.callback_count == sum(tally.callback_count for tally in tallies)
    assert total.outcomes == sum((tally.outcomes for tally in tallies), Counter())
    assert total.latencies.get("ice", Counter()) == sum(
        (tally.latencies.get("ice", Counter()) for tally in tallies), Counter()
    )
    assert total.seconds == max((tally.seconds for tally in tallies), default=0.0)
    assert set(total.samples) == {kind for tally in tallies for kind in tally.samples}


@pytest.mark.parametrize(
    ("busy", "seconds", "told"), [(0.95, 10.0, True), (0.5, 10.0, False), (0.95, 1.0, False)],
    ids=["busy", "at ease", "too short to say"],
)  # fmt: skip
def test_the_report_says_when_the_simulator_sets_the_pace(busy: float, seconds: float, told: bool) -> None:
    tally = Tally(PEOPLE, calls=10, seconds=seconds, busy=busy)
    assert ("the simulator's process took 95% of a core" in text_report(tally)) is told
    assert json_report(tally)["busy"] == busy
