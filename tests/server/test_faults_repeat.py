"""The same seed gives the same run with fault rules too, however fast the app answers."""

from random import Random

import pytest

from sinch_simulator.config import DEFAULT_KEY
from support.faulty_runs import RULES, faulty_run
from support.wired_world import wired


@pytest.mark.parametrize("clock", ["manual", "auto"])
async def test_the_pace_of_a_webhook_changes_nothing_of_what_faults_do(clock: str) -> None:
    journal, callbacks, rules = await faulty_run(clock, Random(0))
    met = {entry["faultId"] for entry in journal if entry["kind"] == "fault.met"}
    assert len(met) == len(RULES)
    for pace in (1, 2):
        assert await faulty_run(clock, Random(pace)) == (journal, callbacks, rules)


async def test_a_rule_that_a_fallback_was_not_needed_for_is_not_counted() -> None:
    async with wired() as sim:
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"fallbackUrl": sim.webhook.url + "/fallback"})
        rule = {"on": "callback", "do": {"status": 503}, "match": {"path": "/hook/fallback"}, "times": 1}
        await sim.control("POST", "/faults", rule)
        await sim.dial()
        [listed] = (await sim.control("GET", "/faults"))["faults"]
        assert listed["used"] == 0


async def test_an_application_begins_with_the_same_chance_after_its_reset() -> None:
    async with wired() as sim:

        async def outcomes() -> list[str]:
            await sim.control("POST", f"/reset?application={DEFAULT_KEY}")
            for rule in RULES[3:4]:
                await sim.control("POST", f"/faults?application={DEFAULT_KEY}", {"on": "callback", **rule})
            for _ in range(20):
                await sim.dial()
            return [each["outcome"] for each in await sim.callbacks("?event=ice")]

        first = await outcomes()
        assert "unreachable" in first
        assert await outcomes() == first
