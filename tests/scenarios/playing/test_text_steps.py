"""Steps about texts: what passes, and what is said of those that are not so."""

import pytest

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Session

HEAD = """
name: Texts
app: reminder
phones:
  "+46700000002": {sms: {status: Failed}}
steps:
"""
BOOK = 'text: {from: "+46700000001", text: BOOK}'
BATCH = 'send_batch: {to: ["+46700000001", "+46700000002"], from: Shop, body: "Hello, 1234"}'


async def story(session: Session, *steps: str) -> str:
    """What is told of these steps; "" when all of it is so."""
    text = HEAD + "".join(f"  - {step}\n" for step in steps)
    result = await session.play(ScenarioRun(load_text(text, "steps.yaml"), 0))
    return "" if result.passed else story_of(result)


@pytest.mark.parametrize(
    "steps",
    [
        [BOOK, "expect_message: {text: your appointment}"],
        [BOOK, 'expect: {callback: incomingSms, message: BOOK, from.endpoint: "+46700000001"}'],
        [BATCH, 'expect_message: {to: "46700000001", text: /code|\\d+/, status: Delivered, numberOfParts: 1}'],
        [BATCH, 'expect_message: {to: "+46700000002", status: Failed, code: 100}', "expect_message: {text: Hello}"],
        [BATCH, "expect_none: {callback: incomingSms, within: 5}"],
    ],
)
async def test_what_is_so_passes(session: Session, steps: list[str]) -> None:
    assert await story(session, *steps) == ""


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (['expect_message: {to: "+46700000001", within: 1}'], "within 1 s; messages since then: none at all"),
        (
            [BATCH, "expect_message: {text: Goodbye, within: 2}"],
            "messages since then: to +46700000001, Delivered: Hello, 1234; to +46700000002, Failed: Hello, 1234",
        ),
        (
            [BATCH, 'expect_message: {to: "+46700000002", status: Delivered, within: 2}'],
            'the message to +46700000002: status: expected "Delivered", came "Failed"',
        ),
        (
            [BATCH, *2 * ['expect_message: {to: "+46700000001", within: 2}']],
            "messages since then: to +46700000002, Failed: Hello, 1234",
        ),
        (["send_batch: {to: [], body: x}"], "parameter 'to'"),
        (['text: {from: "+46700000001", text: x, to: "+46700000009"}'], "number for texts"),
    ],
)
async def test_what_is_not_so_is_told(session: Session, steps: list[str], told: str) -> None:
    assert told in await story(session, *steps)


@pytest.mark.parametrize(
    "step",
    ['text: {from: "+46700000001"}', "text: {text: x}", "expect_message: {text: /(/}", "expect_message: {to: ''}"],
)
def test_what_cannot_be_is_refused_where_it_stands(step: str) -> None:
    with pytest.raises(ScenarioError, match=r"steps\.yaml:7"):
        load_text(f"{HEAD}  - {step}\n", "steps.yaml")
