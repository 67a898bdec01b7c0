"""A phone in the hand: it rings until it is told, by control requests, and does nothing by itself."""

import pytest

from support.wired_world import ANNA, BEN, CONNECT, Wired, wired


async def ringing(sim: Wired, persona: dict[str, object] | None = None) -> str:
    """The id of a callout that rings at Ben's, who is by hand unless said otherwise."""
    await sim.control("PUT", f"/phones/{BEN}", {"by_hand": {}} if persona is None else persona)
    call_id = await sim.call_out()
    await sim.advance(10)
    return call_id


async def test_it_rings_until_it_is_answered_and_then_only_does_what_it_is_told() -> None:
    async with wired() as sim:
        call_id = await ringing(sim)
        assert (await sim.call(call_id))["state"] == "DIALING"
        call = await sim.control("POST", f"/calls/{call_id}/answer")
        assert call["answeredAt"] == "2025-01-15T10:30:10.000Z"
        assert sim.webhook.events == ["ace"]
        [answered] = [entry for entry in call["timeline"] if entry["kind"] == "leg.answered"]
        assert (answered["leg"], answered["as"]) == ("callee", "human")
        over = await sim.control("POST", f"/calls/{call_id}/hangup")
        assert over["reason"] == "CALLEEHANGUP"


@pytest.mark.parametrize(("how", "result"), [({}, "BUSY"), ({"as": "busy"}, "BUSY"), ({"as": "reject"}, "BUSY")])
async def test_it_rings_until_it_is_declined(how: dict[str, object], result: str) -> None:
    async with wired() as sim:
        call_id = await ringing(sim)
        call = await sim.control("POST", f"/calls/{call_id}/decline", how)
        assert (call["status"], call["result"]) == ("FINAL", result)
        [declined] = [entry for entry in call["timeline"] if entry["kind"] == "leg.declined"]
        assert declined["cause"] == ("busy" if how.get("as") == "busy" else "rejected")


async def test_nobody_ever_answers_it_by_itself() -> None:
    async with wired() as sim:
        call_id = await ringing(sim)
        await sim.advance(600)
        assert (await sim.call(call_id))["result"] == "NOANSWER"


async def test_what_picks_up_may_be_a_machine_that_beeps() -> None:
    async with wired() as sim:
        sim.webhook.on("ace", {"action": {"name": "connectConf", "conferenceId": "sales"}})
        call_id = await ringing(sim)
        await sim.control("POST", f"/calls/{call_id}/answer", {"as": "machine"})
        await sim.advance(6)
        kinds = [entry["kind"] for entry in (await sim.call(call_id))["timeline"]]
        assert "beep" in kinds


async def test_whoever_takes_a_phone_that_rings_acts_in_place_of_what_was_scripted() -> None:
    async with wired() as sim:
        scripted: dict[str, object] = {"answer": {"after": 20}, "then": [{"press": "1"}, {"hang_up": True}]}
        call_id = await ringing(sim, scripted)
        await sim.control("POST", f"/calls/{call_id}/answer", {"leg": "callee"})
        await sim.advance(15)
        timeline = (await sim.call(call_id))["timeline"]
        assert [entry["kind"] for entry in timeline].count("leg.answered") == 1
        assert "digit.pressed" not in [entry["kind"] for entry in timeline]


async def test_the_colleague_whom_a_caller_is_put_through_to_may_pick_up() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        await sim.control("PUT", f"/phones/{BEN}", {"by_hand": {}})
        call_id = (await sim.dial())["callId"]
        call = await sim.control("POST", f"/calls/{call_id}/answer")
        assert [(leg["address"], leg["state"]) for leg in call["legs"]] == [(ANNA, "answered"), (BEN, "answered")]


@pytest.mark.parametrize("what", ["answer", "decline"])
async def test_what_does_not_ring_is_a_conflict(what: str) -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        call_id = (await sim.dial())["callId"]
        caller = await sim.request("POST", f"/_simulator/calls/{call_id}/{what}", {"leg": "caller"})
        assert (caller.status, caller.error["code"]) == (409, "not_ringing")
        assert caller.error["hint"] == "now the caller ringing and the callee ringing"
        await sim.advance(3)
        again = await sim.request("POST", f"/_simulator/calls/{call_id}/{what}")
        assert (again.status, again.error["code"]) == (409, "not_ringing")
        assert again.error["hint"] == "now the caller answered and the callee answered"


@pytest.mark.parametrize("body", [{"as": "robot"}, {"as": "busy"}, {"leg": "both"}, {"so": "human"}])
async def test_what_cannot_be_is_refused_and_the_phone_rings_on(body: dict[str, str]) -> None:
    async with wired() as sim:
        call_id = await ringing(sim)
        refused = await sim.request("POST", f"/_simulator/calls/{call_id}/answer", body)
        assert refused.status == 400
        assert (await sim.call(call_id))["state"] == "DIALING"
