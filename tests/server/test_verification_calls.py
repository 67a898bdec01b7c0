"""Flash calls and phone calls of verifications among all calls: how they are shown, and what people do on them."""

import pytest

from support.verifying import ANNA, seen, started
from support.wired_world import BEN, Json, Wired, tts_callout, wired


async def the_call(sim: Wired, verification: Json) -> Json:
    return await sim.control("GET", f"/calls/{verification['id']}")


async def test_they_are_calls_beside_those_of_voice_which_does_not_know_them() -> None:
    async with wired(callback_url=None) as sim:
        voice = (await sim.rest("POST", "/calling/v1/callouts", tts_callout())).json["callId"]
        await sim.advance(1)
        verification = await started(sim, "callout", custom="c")
        await sim.advance(30)
        calls = (await sim.control("GET", "/calls"))["calls"]
        assert [call["callId"] for call in calls] == [voice, verification["id"]]
        call = calls[1]
        assert (call["origin"], call["verificationId"], call["custom"]) == ("verification", verification["id"], "c")
        assert (call["status"], call["result"], call["duration"]) == ("FINAL", "ANSWERED", 6)
        assert call["heard"] == call["legs"][0]["heard"] == [
            f"Your verification code is {verification['code']}. Once more: {verification['code']}."
        ]  # fmt: skip
        assert (await sim.rest("GET", f"/calling/v1/calls/id/{verification['id']}")).status == 404
        assert await sim.callbacks("?product=voice") == []
        brief = (await sim.control("GET", "/calls?brief=true&status=FINAL"))["calls"]
        assert [each["callId"] for each in brief] == [voice, verification["id"]]


async def test_a_flash_call_rings_until_somebody_acts_by_hand() -> None:
    async with wired(callback_url=None) as sim:
        await sim.control("PUT", f"/phones/{ANNA}", {"by_hand": {}})
        verification = await started(sim, "flashcall")
        call = await the_call(sim, verification)
        assert (call["state"], call["cli"], call["legs"][0]["state"]) == ("DIALING", verification["cli"], "ringing")
        await sim.control("POST", f"/calls/{verification['id']}/decline", {"as": "busy"})
        call = await the_call(sim, verification)
        assert (call["status"], call["result"]) == ("FINAL", "BUSY")
        refused = await sim.request("POST", f"/_simulator/calls/{verification['id']}/answer", {})
        assert (refused.status, refused.error["code"]) == (409, "not_ringing")


@pytest.mark.parametrize(("how", "result"), [("flashcall", "BUSY"), ("callout", "BUSY")])
async def test_who_hangs_up_while_it_rings_turns_it_down(how: str, result: str) -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, how)
        call = await sim.control("POST", f"/calls/{verification['id']}/hangup", {})
        assert (call["status"], call["result"]) == ("FINAL", result)
        assert (await seen(sim, verification["id"]))["state"] == "AWAITING_REPORT"


async def test_the_key_of_an_old_reply_is_pressed_by_hand() -> None:
    async with wired() as sim:
        key = sim.server.worlds.default.applications[0].key
        await sim.control("PATCH", f"/applications/{key}", {"verificationCallbackUrl": sim.webhook.url})
        reply = {"action": "allow", "callout": {"ttsMenu": "Press {pin}", "pin": "42"}}
        sim.webhook.on("VerificationRequestEvent", reply)
        await sim.control("PUT", f"/phones/{ANNA}", {"by_hand": {}})
        verification = await started(sim, "callout")
        await sim.control("POST", f"/calls/{verification['id']}/answer", {})
        call = await the_call(sim, verification)
        assert (call["state"], call["menuId"], call["heard"]) == ("IN_MENU", "verification", ["Press 42"])
        call = await sim.control("POST", f"/calls/{verification['id']}/press", {"digits": "4w2"})
        await sim.advance(1)
        assert (await seen(sim, verification["id"]))["status"] == "SUCCESSFUL"


async def test_what_only_voice_can_do_is_refused() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, "flashcall", BEN)
        body = {"command": "mute"}
        refused = await sim.request("POST", f"/_simulator/calls/{verification['id']}/conference", body)
        assert (refused.status, refused.error["code"]) == (409, "wrong_protocol")
        refused = await sim.request("POST", f"/_simulator/calls/{verification['id']}/hangup", {"leg": "caller"})
        assert (refused.status, refused.error["code"]) == (409, "no_such_leg")


async def test_a_reset_drops_them() -> None:
    async with wired(callback_url=None) as sim:
        await started(sim, "flashcall")
        await sim.control("POST", "/reset")
        assert (await sim.control("GET", "/calls"))["calls"] == []
