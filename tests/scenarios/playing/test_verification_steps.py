"""Steps about verifications: what passes, and what is said of those that are not so."""

import pytest

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Session

HEAD = """
name: A verification
app: sign_up
steps:
"""
VERIFY = '  - verify: {method: METHOD, identity: {type: number, endpoint: "+46700000001"}}\n'


async def story(session: Session, *steps: str, method: str = "sms") -> str:
    """What is told of these steps after the start of a verification; "" when all of it is so."""
    text = HEAD + VERIFY.replace("METHOD", method) + "".join(f"  - {step}\n" for step in steps)
    result = await session.play(ScenarioRun(load_text(text, "steps.yaml"), 0))
    return "" if result.passed else story_of(result)


@pytest.mark.parametrize(
    ("method", "steps"),
    [
        ("sms", ["report: {code: right}", "expect_verification: {status: SUCCESSFUL, attempts: 1}"]),
        (
            "flashcall",
            ["report: {cli: wrong}", "report: {cli: right, source: log}", "expect_verification: {source: log}"],
        ),
        ("callout", ["hear: /verifieringskod|verification code/", "report: {code: right}"]),
        ("whatsapp", ["report: {code: x1}", "expect_verification: {status: PENDING, attemptsLeft: 2}"]),
        ("seamless", ["expect_verification: {state: AWAITING_DEVICE}", "expect_none: VerificationResultEvent"]),
        ("sms", ["expect_verification: {status: FAIL, reason: Expired, within: 301}"]),
    ],
)
async def test_what_is_so_passes(session: Session, method: str, steps: list[str]) -> None:
    assert await story(session, *steps, method=method) == ""


async def test_a_verification_is_signed_so_that_its_options_count_without_a_warning(session: Session) -> None:
    text = HEAD.replace("steps:", "fail_on: [warning]\nsteps:") + VERIFY.replace("METHOD", "sms").replace(
        "}}", '}, smsOptions: {codeType: Alpha, expiry: "00:00:05"}}'
    )
    result = await session.play(ScenarioRun(load_text(f"{text}  - expect_verification: {{codeType: Alpha}}\n", "s"), 0))
    assert result.passed, story_of(result)


@pytest.mark.parametrize(
    ("method", "steps", "told"),
    [
        ("sms", ["expect_verification: {status: SUCCESSFUL, within: 1}"], 'expected "SUCCESSFUL", came "PENDING"'),
        ("sms", ["report: {cli: right}"], "the newest verification, a sms, has no number that calls"),
        ("seamless", ["report: {code: right}"], "the newest verification, a seamless, has no code"),
        ("sms", ["hear: anything"], "there is no call"),
        ("sms", ["expect: VerificationResultEvent"], "no callback VerificationResultEvent came within 60 s"),
        ("fax", [], "method"),
    ],
)
async def test_what_is_not_so_is_told_with_the_ladder(
    session: Session, method: str, steps: list[str], told: str
) -> None:
    found = await story(session, *steps, method=method)
    assert told in found
    assert method == "fax" or "verifies +46700000001 by" in found


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("report: {}", "report: nothing is said; write one of code and cli"),
        ("report: {code: right, cli: right}", "report: code and cli is said"),
        ("report: {kode: right}", "code"),
        ("expect: VerificationResultEvnt", 'did you mean "VerificationResultEvent"?'),
        ("verify: sms", "verify"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_place(step: str, told: str) -> None:
    text = HEAD + VERIFY.replace("METHOD", "sms") + f"  - {step}\n"
    with pytest.raises(ScenarioError) as refused:
        load_text(text, "steps.yaml")
    assert told in str(refused.value)


def test_a_report_comes_after_a_verification() -> None:
    with pytest.raises(ScenarioError, match="no call has begun yet"):
        load_text(f"{HEAD}  - report: {{code: right}}\n", "steps.yaml")
