"""A call that was played by hand becomes a test, which passes as it stands."""

import pytest

from sinch_scenarios.language.loader import load_text
from support.wired_world import ANNA, BEN, CONTINUE, MENU, Json, Wired, wired

SALES: Json = {
    "instructions": [{"name": "say", "text": "I will connect you to sales."}],
    "action": {"name": "connectPstn", "number": BEN, "cli": "+14045550100"},
}


async def played(sim: Wired) -> str:
    """Anna waits for the menu, presses 1, talks to Ben and hangs up."""
    sim.webhook.on("ice", MENU)
    sim.webhook.on("pie", SALES)
    sim.webhook.on("ace", CONTINUE)
    call_id = str((await sim.dial())["callId"])
    await sim.advance(1.5)
    await sim.control("POST", f"/calls/{call_id}/press", {"digits": "1"})
    await sim.advance(30)
    await sim.control("POST", f"/calls/{call_id}/hangup", {})
    return call_id


async def test_as_a_test_for_pytest() -> None:
    async with wired() as sim:
        saved = await sim.control("GET", f"/calls/{await played(sim)}/test")
    assert (saved["form"], saved["name"], saved["command"]) == ("pytest", "test_recorded.py", "pytest test_recorded.py")
    assert saved["text"].partition("def ")[2] == (
        "test_a_call_from_46700000001(sinch):\n"
        f'    sinch.phone("{BEN}").answers(after=2.0)\n'
        f'    call = sinch.dial(from_="{ANNA}")\n'
        '    call.expect("Press 1")\n'
        "    sinch.advance(seconds=1.5)\n"
        '    call.press("1")\n'
        '    call.expect("I will connect you to sales.")\n'
        "    sinch.advance(seconds=30)\n"
        "    call.hang_up()\n"
        '    call.wait_for("ended", within=14400)\n'
        '    assert (call.result, call.reason) == ("ANSWERED", "CALLERHANGUP")\n'
        '    assert [callback.event for callback in sinch.callbacks] == ["ice", "pie", "ace", "dice"]\n'
    )
    assert f'callback_url="{sim.webhook.url}"' in saved["text"]


async def test_as_a_scenario_file() -> None:
    async with wired() as sim:
        saved = await sim.control("GET", f"/calls/{await played(sim)}/test?form=scenario")
    scenario = load_text(saved["text"], saved["name"])
    assert len(scenario.steps) == 11
    assert saved["command"].startswith(f"sinch-simulator run recorded.sinch.yaml --callback-url {sim.webhook.url}")


async def test_what_was_sent_again_by_hand_is_no_part_of_the_call() -> None:
    async with wired() as sim:
        call_id = await played(sim)
        before = await sim.control("GET", f"/calls/{call_id}/test")
        [ice] = await sim.callbacks("?event=ice")

        async def refuse(request: object, body: Json) -> object:
            raise AssertionError("an app that fails")

        sim.webhook.responders["ice"] = refuse  # type: ignore[assignment]  # whatever it answers is not looked at
        await sim.control("POST", f"/callbacks/{ice['id']}/redeliver", {"forge": "unsigned"})
        assert await sim.control("GET", f"/calls/{call_id}/test") == before


async def test_a_call_that_brought_its_own_svaml_is_refused() -> None:
    async with wired() as sim:
        ice = '{"action": {"name": "connectPstn", "number": "+14045550199"}}'
        body = {"method": "customCallout", "customCallout": {"ice": ice, "cli": "+14045550100"}}
        call_id = (await sim.rest("POST", "/calling/v1/callouts", body)).json["callId"]
        reply = await sim.request("GET", f"/_simulator/calls/{call_id}/test")
        assert (reply.status, reply.error["code"]) == (409, "cannot_be_saved")


@pytest.mark.parametrize(("form", "hint"), [("junit", "pytest, scenario"), ("PYTEST", 'did you mean "pytest"?')])
async def test_an_unknown_form_is_refused(form: str, hint: str) -> None:
    async with wired() as sim:
        call_id = (await sim.dial())["callId"]
        reply = await sim.request("GET", f"/_simulator/calls/{call_id}/test?form={form}")
        assert reply.status == 400
        assert hint in reply.error["hint"]
