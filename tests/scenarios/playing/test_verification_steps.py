"""Steps about verifications: what passes, and what is said of those that are not so."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from attrs import evolve

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.yaml_nodes import ScenarioError
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Credentials, Session
from sinch_simulator.samples.serving import Event, Platform, Svaml, application

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


OWN = Credentials("11111111-2222-4333-8444-555555555555", "c2VjcmV0LW9mLWEtdGVzdA==")
TEXT = """
name: An app that verifies by itself whoever texts it
app: sign_up
steps:
  - text: {from: "+46700000001", text: "sign me up"}
"""


@pytest.fixture
async def verifying_app(session: Session) -> AsyncIterator[Session]:
    """A session in which the app verifies whoever texts it, a moment after it has taken the text."""
    platform = Platform(OWN.key, OWN.secret, session.client.url)
    work: list[asyncio.Task[object]] = []

    async def answer(event: Event) -> Svaml:
        if event["event"] == "incomingSms":
            work.append(asyncio.create_task(platform.verify("sms", f"+{event['from']['endpoint'].lstrip('+')}")))
        return {"action": "allow"} if event["event"] == "VerificationRequestEvent" else {}

    runner = web.AppRunner(application(platform, answer), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield evolve(session, callback_url=url, application=OWN)
    await asyncio.gather(*work)
    await runner.cleanup()


@pytest.mark.parametrize(
    "steps",
    [
        ["expect_verification: {number: '+46700000001', status: PENDING}", "report: {code: right}"],
        ["report: {code: right, within: 5}", "expect_verification: {status: SUCCESSFUL}"],
    ],
)
async def test_a_verification_that_the_app_starts_is_waited_for(verifying_app: Session, steps: list[str]) -> None:
    text = TEXT + "".join(f"  - {step}\n" for step in steps)
    result = await verifying_app.play(ScenarioRun(load_text(text, "steps.yaml"), 0))
    assert result.passed, story_of(result)


@pytest.mark.parametrize("step", ["report: {code: right, within: 7}", "expect_verification: {status: FAIL, within: 7}"])
async def test_that_no_verification_began_is_told_after_the_wait(session: Session, step: str) -> None:
    result = await session.play(ScenarioRun(load_text(f"{HEAD}  - {step}\n", "steps.yaml"), 0))
    assert "no verification began within 7 s; put verify before it" in story_of(result)
