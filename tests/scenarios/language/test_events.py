"""Scenarios know every event that a product posts, and what there may be beside them."""

import pytest

from sinch_scenarios.language.events import OF_A_CALL, OTHERS
from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.model import ExpectCallback
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_simulator.server.products import PRODUCTS


def test_every_event_of_every_product_can_be_expected() -> None:
    posted = {event for product in PRODUCTS for event in product.events}
    assert {*OF_A_CALL, *OTHERS} == posted


@pytest.mark.parametrize("event", ["call.answered", "call.webhook.next", "VerificationResultEvent"])
def test_an_event_is_expected_by_its_name(event: str) -> None:
    scenario = load_text(f"steps: [{{dial: {{from: '1'}}}}, {{expect: {event}}}]", "story.yaml")
    step = scenario.steps[1]
    assert isinstance(step, ExpectCallback)
    assert step.event == event


def test_what_was_meant_is_told() -> None:
    with pytest.raises(ScenarioError, match=r'did you mean "call\.answered"'):
        load_text("steps: [{dial: {from: '1'}}, {expect: call.answerd}]", "story.yaml")


def test_the_app_or_the_file_says_which_api_is_spoken() -> None:
    steps = "steps: [{dial: {from: '1'}}]"
    assert load_text(f"app: ivr_v2\n{steps}", "story.yaml").v2
    assert load_text(f"protocol: v2\n{steps}", "story.yaml").v2
    assert not load_text(f"app: ivr\n{steps}", "story.yaml").v2
