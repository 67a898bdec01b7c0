"""Populations who are sent texts, or send them."""

import pytest

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.load.report import json_report
from sinch_scenarios.load.run import LoadTest
from sinch_scenarios.load.tally import Tally
from sinch_scenarios.load.worlds import LoadWorlds
from sinch_scenarios.playing.session import Session

CAMPAIGN = """
app: reminder
population:
  batch: {from: "+14045550100", body: Reply BOOK for an appointment.}
  people:
    - {share: 25%, phone: {sms: {status: Failed}}}
    - {share: 25%, phone: {sms: {reply: {text: BOOK, after: 400}}}}
    - {share: rest}
"""
BOOKINGS = """
app: reminder
population:
  text: BOOK
  people: [{share: 50%, phone: {sms: {never: true}}}, {share: rest}]
"""


async def tally_of(session: Session, text: str, count: int) -> Tally:
    scenario = load_text(text, "texts.yaml")
    assert scenario.population is not None
    return await LoadTest(scenario.population, count, 10, 1, LoadWorlds(session, scenario, 1).open).play()


async def test_a_campaign_counts_what_becomes_of_texts_and_who_answers(session: Session) -> None:
    tally = await tally_of(session, CAMPAIGN, 40)
    assert tally.passed
    assert tally.people == ("texts Failed", "answers texts", "answers as human")
    failed, answering, _ = (tally.kinds[index] for index in range(3))
    assert failed
    assert tally.outcomes["Failed", "code 100"] == failed
    # Each answer is a booking, which the app answers; that is answered again, until ten minutes are over.
    assert tally.outcomes["Received", "from phones"] >= answering > 0
    assert tally.callbacks["incomingSms", "answered"] == tally.outcomes["Received", "from phones"]
    assert tally.outcomes["Delivered", "code 0"] >= 40 - failed


async def test_people_text_the_app(session: Session) -> None:
    tally = await tally_of(session, BOOKINGS, 20)
    assert tally.outcomes["Received", "from phones"] == tally.callbacks["incomingSms", "answered"] == 20
    assert tally.outcomes["Dispatched", "code 401"] == tally.kinds[0] > 0
    assert tally.outcomes["Delivered", "code 0"] == tally.kinds[1] > 0
    assert json_report(tally)["passed"]


async def test_a_batch_that_is_refused_counts_for_each_of_its_people(session: Session) -> None:
    tally = await tally_of(session, CAMPAIGN.replace("body:", "boddy:"), 20)
    assert sum(tally.refused.values()) == 20
    assert not tally.passed


def test_people_are_called_or_texted_and_not_both() -> None:
    with pytest.raises(ScenarioError, match="callout and batch exclude each other"):
        load_text(CAMPAIGN.replace("  batch:", "  callout: {method: ttsCallout}\n  batch:"), "texts.yaml")
