"""What happened becomes a scenario file, and playing that makes the same happen again."""

import pytest
from attrs import evolve

from sinch_scenarios.catalogue import find
from sinch_scenarios.language.loader import load_text
from sinch_scenarios.language.model import Scenario
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.recording import record
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.session import Session
from sinch_simulator.client.control import ApplicationClient

# One of each theme at least, those with most in them.
RECORDED = [
    "amd/beep", "call_back/promise_kept", "conferences/kicked", "conferences/muted", "failing_webhooks/pie_500",
    "in_app/app_to_phone", "ivr/several_callers", "ivr/wrong_key", "outcomes/no_answer", "outcomes/tts_callout",
    "parking/queue", "recordings/conversation", "sip/phone_to_pbx", "timing/four_hours", "timing/key_after_the_end",
]  # fmt: skip


async def recorded(session: Session, scenario: Scenario) -> str:
    texts: list[str] = []

    async def keep(application: ApplicationClient) -> None:
        texts.append(await record(application, scenario.name))

    result = await evolve(session, afterwards=keep).play(ScenarioRun(scenario, 0))
    assert result.passed, story_of(result)
    return texts[0]


@pytest.mark.parametrize("name", RECORDED)
async def test_a_recording_plays(name: str, session: Session) -> None:
    [entry] = find(name)
    scenario = entry.scenario()
    text = await recorded(session, scenario)
    again = evolve(load_text(text, "recorded.yaml"), sample=scenario.sample)
    result = await session.play(ScenarioRun(again, 1))
    assert result.passed, f"{text}\n{story_of(result)}"


async def test_a_recording_reads_like_a_scenario(session: Session) -> None:
    [entry] = find("ivr/opening_hours")
    text = await recorded(session, entry.scenario())
    assert text == (
        "name: The caller asks for the opening hours\n"
        "description: Recorded from what happened.\n"
        "steps:\n"
        "  - dial: {caller: call1, from: '+46700000001'}\n"
        "  - expect: {callback: ice, caller: call1, cli: '46700000001', to.type: did}\n"
        "  - hear: {caller: call1, text: Welcome to the sample company.}\n"
        "  - hear: {caller: call1, text: 'For sales, press 1. For our opening hours, press 2.'}\n"
        "  - press: {caller: call1, leg: caller, digits: '2'}\n"
        "  - expect: {callback: pie, caller: call1, menuResult.menuId: main, menuResult.type: return, "
        "menuResult.value: hours}\n"
        "  - hear: {caller: call1, text: We are open from nine to five.}\n"
        "  - expect: {callback: dice, caller: call1, result: ANSWERED, reason: MANAGERHANGUP}\n"
    )


async def test_where_nothing_happened_there_is_nothing_to_record(session: Session) -> None:
    with pytest.raises(LookupError, match="no calls"):
        await recorded(session, load_text("app: ivr\nsteps: [{wait: 1}]", "nothing.yaml"))
