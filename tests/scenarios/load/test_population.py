"""Populations: who is drawn, what is counted, what the reports say."""

import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from xml.etree import ElementTree

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.model import Population, Scenario
from sinch_scenarios.language.population import drawn
from sinch_scenarios.language.yaml_nodes import Json
from sinch_scenarios.load.plots import ticks
from sinch_scenarios.load.population import draw_person
from sinch_scenarios.load.report import html_report, json_report, progress, text_report, verdict
from sinch_scenarios.load.run import LoadTest
from sinch_scenarios.load.tally import Tally
from sinch_scenarios.load.worlds import LoadWorld, LoadWorlds, RemoteWorld
from sinch_scenarios.playing.session import Session
from sinch_simulator.client.http import connected

MORNING = """
name: A <busy> morning
app: ivr
population:
  people:
    - {share: 20%, phone: {then: [{wait_for: menu}, {hang_up: true}]}}
    - {share: 30%, phone: {then: [{wait_for: menu}, {wait: {lognormal: {median: 2, sigma: 0.5}}}, {press: "2"}]}}
    - {share: rest}
"""
CAMPAIGN = """
app: ivr
population:
  callout: {method: customCallout, customCallout: {cli: "+14045550100"}}
  people:
    - {share: 50%, phone: {busy: {}}}
    - {share: rest, phone: {then: [{wait_for: menu}, {press: "2"}]}}
"""


def population_of(text: str) -> Population:
    population = load_text(text, "morning.yaml").population
    assert population is not None
    return population


async def tally_of(session: Session, scenario: Scenario, calls: int, *, one_world: bool = False) -> Tally:
    assert scenario.population is not None
    worlds = LoadWorlds(session, scenario, 0)
    return await LoadTest(scenario.population, calls, 20, 0, worlds.open, one_world).play()


def test_people_are_drawn_by_their_shares() -> None:
    population = population_of(MORNING)
    kinds = Counter(draw_person(population, random.Random(seed)).kind for seed in range(2000))
    assert kinds[0] == pytest.approx(400, abs=80)
    assert kinds[1] == pytest.approx(600, abs=90)
    assert kinds[2] == pytest.approx(1000, abs=100)


@given(seed=st.integers())
def test_the_same_seed_draws_the_same_person(seed: int) -> None:
    population = population_of(MORNING)
    assert draw_person(population, random.Random(seed)) == draw_person(population, random.Random(seed))


@given(seed=st.integers(), low=st.integers(0, 50), span=st.integers(0, 50))
def test_what_is_drawn_is_within_its_bounds(seed: int, low: int, span: int) -> None:
    document: Json = {"a": {"uniform": [low, low + span]}, "b": [{"one_of": ["x", "y"]}], "c": {"d": 1}}
    found = drawn(document, random.Random(seed))
    assert isinstance(found, dict)
    assert isinstance(found["a"], float)
    assert low <= found["a"] <= low + span
    assert found["b"] in (["x"], ["y"])
    assert found["c"] == {"d": 1}


def test_lognormal_times_lie_around_their_median() -> None:
    times = sorted(
        value
        for seed in range(501)
        if isinstance(value := drawn({"lognormal": {"median": 4, "sigma": 0.5}}, random.Random(seed)), float)
    )
    assert len(times) == 501
    assert times[250] == pytest.approx(4, rel=0.15)


@pytest.mark.parametrize(
    ("phone", "problem"),
    [
        ("{answer: {after: {lognormal: 4}}}", "lognormal: needs two numbers, like {median: 4, sigma: 0.5}"),
        ("{answer: {after: {lognormal: {median: -4, sigma: 1}}}}", "lognormal: the median is seconds above 0"),
        ("{answer: {after: {uniform: [1]}}}", "uniform: needs two numbers, like [1, 5]"),
        ("{answer: {after: {uniform: [3, 1]}}}", "uniform: from 3 to 1 there is nothing to draw; write"),
        ("{then: [{press: {one_of: []}}]}", "one_of: needs a list of values"),
        ("{answer: {after: {uniform: [-5, -1]}}}", "answer.after"),
        ("{then: [{press: {one_of: [a]}}]}", "then[0].press"),
    ],
)
def test_chance_that_cannot_be_is_told(problems_of: Callable[[str], list[str]], phone: str, problem: str) -> None:
    [told] = problems_of(f"population: {{people: [{{share: rest, phone: {phone}}}]}}")
    assert problem in told


async def test_every_call_is_counted(session: Session) -> None:
    tally = await tally_of(session, load_text(MORNING, "morning.yaml"), 50)
    assert tally.passed
    assert tally.calls == 50 == sum(tally.kinds.values()) == sum(tally.outcomes.values())
    assert tally.callbacks == {("ice", "answered"): 50, ("pie", "answered"): 50, ("dice", "answered"): 50}
    assert tally.outcomes["ANSWERED", "CALLERHANGUP"] == tally.kinds[0]
    assert tally.stuck == 0
    assert sum(tally.latencies["ice"].values()) == 50


async def test_the_same_seed_gives_the_same_counts(session: Session) -> None:
    scenario = load_text(MORNING, "morning.yaml")
    first, second = await tally_of(session, scenario, 30), await tally_of(session, scenario, 30, one_world=True)
    assert (first.outcomes, first.kinds, first.callbacks) == (second.outcomes, second.kinds, second.callbacks)


async def test_people_are_called(session: Session) -> None:
    tally = await tally_of(session, load_text(CAMPAIGN, "campaign.yaml"), 20)
    assert tally.passed
    assert tally.outcomes["BUSY", "N/A"] == tally.kinds[0] > 0
    assert tally.outcomes["ANSWERED", "MANAGERHANGUP"] == tally.kinds[1] > 0


async def test_what_the_app_fails_is_counted_and_fails_the_run(session: Session) -> None:
    elsewhere = evolve(session, callback_url="http://127.0.0.1:9/")
    tally = await tally_of(elsewhere, load_text(MORNING, "morning.yaml"), 10)
    assert not tally.passed
    assert tally.failed_callbacks == 20
    assert tally.callbacks["ice", "unreachable"] == 10
    assert set(tally.samples) == {"callback ice: unreachable", "callback dice: unreachable"}
    text = text_report(tally)
    assert "one call of this kind: callback ice: unreachable" in text
    assert "ICE FAILED: unreachable" in text
    assert text.splitlines()[-1] == (
        "FAILED: 20 of 20 callbacks failed (ice unreachable 10, dice unreachable 10)."
    )
    page = html_report(tally, "Nobody answers")
    assert page.count('<section class="call"') == 2
    samples = json_report(tally)["samples"]
    assert isinstance(samples, list)
    assert len(samples) == 2


async def test_a_refused_callout_is_counted_and_fails_the_run(session: Session) -> None:
    scenario = load_text(CAMPAIGN.replace("customCallout: {cli", "customCalout: {cli"), "campaign.yaml")
    tally = await tally_of(session, scenario, 5)
    assert not tally.passed
    assert sum(tally.refused.values()) == 5
    assert tally.stuck == 0


async def test_a_call_that_never_ends_is_stuck(session: Session) -> None:
    scenario = load_text(MORNING, "morning.yaml")

    @asynccontextmanager
    async def open_motionless(number: int) -> AsyncIterator[LoadWorld]:
        async with LoadWorlds(evolve(session, host=None), scenario, 0).open(number) as world:
            assert isinstance(world, RemoteWorld)
            yield _Motionless(world.application, world.population)

    tally = await LoadTest(population_of(MORNING), 5, 5, 0, open_motionless).play()
    assert tally.stuck == 5
    assert not tally.passed
    assert json_report(tally)["stuckCalls"] == 5
    assert set(tally.samples) == {"a call that never ends"}
    assert verdict(tally) == "FAILED: 5 calls stuck."


class _Motionless(RemoteWorld):
    """A world in which no time passes."""

    async def let_pass(self) -> None:
        """Nothing."""


@pytest.mark.parametrize("text", [MORNING, CAMPAIGN], ids=["calls in", "is called"])
async def test_a_simulator_elsewhere_counts_the_same(session: Session, text: str) -> None:
    scenario = load_text(text, "population.yaml")
    here = await tally_of(session, scenario, 20)
    async with connected(session.client.url) as client:
        elsewhere = await tally_of(evolve(session, client=client, host=None), scenario, 20)
    assert (here.outcomes, here.callbacks, here.kinds) == (elsewhere.outcomes, elsewhere.callbacks, elsewhere.kinds)
    assert here.diagnostics == elsewhere.diagnostics
    assert here.passed
    assert elsewhere.passed


async def test_the_reports_tell_the_same(session: Session) -> None:
    tally = await tally_of(session, load_text(MORNING, "morning.yaml"), 20)
    document = json_report(tally)
    assert document["calls"] == 20
    assert document["callbacks"] == 60
    assert document["passed"] is True
    latency = document["latencyMs"]
    assert isinstance(latency, dict)
    assert set(latency) == {"ice", "pie", "dice", "all"}
    text = text_report(tally)
    assert "20 calls in" in text
    assert "stuck calls: 0" in text
    assert text.splitlines()[-1] == (
        "Passed: 20 calls, every callback answered, no call stuck, no request refused."
    )
    assert (document["seed"], document["verdict"]) == (0, text.splitlines()[-1])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(document["date"]))
    assert f"seed 0 (the same seed draws the same people), {document['date']}" in text
    assert progress(tally, 100).startswith("20/100 calls")


async def test_the_page_is_whole_and_takes_nothing_from_elsewhere(session: Session) -> None:
    tally = await tally_of(session, load_text(MORNING, "morning.yaml"), 20)
    page = html_report(tally, "A <busy> morning")
    assert "A &lt;busy&gt; morning" in page
    assert "http" not in page
    assert "src=" not in page
    for axis in ("calls over per s", "s since the start", "ms until the app had answered", ">callbacks<"):
        assert axis in page
    assert "ANSWERED: 20 calls (100.0%)" in page
    assert "answered: 60 callbacks (100.0%)" in page
    assert "Passed: 20 calls" in page
    plots = page.split("<svg")[1:]
    assert len(plots) >= 5
    for plot in plots:
        assert ElementTree.fromstring("<svg" + plot.split("</svg>")[0] + "</svg>").tag == "svg"


@given(most=st.integers(1, 10**9))
def test_an_axis_has_few_round_numbers_and_reaches_all(most: int) -> None:
    numbers = ticks(most)
    step = numbers[1]
    assert numbers[0] == 0
    assert numbers[-1] - step < most <= numbers[-1]
    assert len(numbers) <= 6
    assert str(step).rstrip("0") in ("1", "2", "5")


@settings(max_examples=30, deadline=None)
@given(latencies=st.dictionaries(st.integers(0, 10_000), st.integers(1, 50), max_size=20), calls=st.integers(0, 10**6))
def test_reports_of_any_counts_can_be_written(latencies: dict[int, int], calls: int) -> None:
    tally = Tally(("busy", "busy"), calls=calls, seconds=float(calls % 7))
    tally.latencies["ice"] = Counter(latencies)
    tally.diagnostics["X", "error"] = 3
    assert "</html>" in html_report(tally, "x")
    assert "stuck" in text_report(tally)
    assert json_report(tally)["diagnostics"] == {"X": 3}
