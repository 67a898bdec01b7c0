"""Callbacks sent again, genuine or forged, and what is shown of how each was signed."""

import time

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import verify
from support.wired_world import HANG_UP, Json, Posted, Wired, wired


def is_genuine(posted: Posted) -> bool:
    return verify(
        DEFAULT_SECRET,
        application_key=DEFAULT_KEY,
        headers=posted.headers,
        path=posted.path,
        body=posted.raw,
        wall_time=time.time(),
    )


async def ice_of_a_call(sim: Wired) -> Json:
    sim.webhook.on("ice", HANG_UP)
    await sim.dial()
    return (await sim.callbacks("?event=ice"))[0]


async def sent_again(sim: Wired, call_id: str) -> list[Json]:
    """The lines of the journal about callbacks of this call that were sent once more."""
    return [line for line in (await sim.call(call_id))["timeline"] if line["kind"] == "callback.redelivered"]


async def test_a_callback_is_shown_with_what_was_sent_and_what_was_signed() -> None:
    async with wired() as sim:
        callback = await ice_of_a_call(sim)
        posted = sim.webhook.posted[0]
        assert callback["request"]["raw"] == posted.raw.decode()
        lines = callback["request"]["signed"].split("\n")
        assert (lines[0], lines[2], lines[4]) == ("POST", "application/json; charset=utf-8", "/hook")
        assert lines[3] == "x-timestamp:" + posted.headers["x-timestamp"]
        assert await sim.control("GET", f"/callbacks/{callback['id']}") == callback


async def test_a_callback_that_is_sent_again_is_genuine() -> None:
    async with wired() as sim:
        callback = await ice_of_a_call(sim)
        again = await sim.control("POST", f"/callbacks/{callback['id']}/redeliver")
        assert "forged" not in again
        assert is_genuine(sim.webhook.posted[-1])
        assert sim.webhook.posted[-1].raw == sim.webhook.posted[0].raw
        [told] = await sent_again(sim, callback["callId"])
        assert (told["callbackId"], told["event"], told["outcome"]) == (again["id"], "ice", "answered")


@pytest.mark.parametrize("forgery", ["signature", "body", "stale", "unsigned"])
async def test_a_forged_callback_is_not_genuine(forgery: str) -> None:
    async with wired() as sim:
        callback = await ice_of_a_call(sim)
        forged = await sim.control("POST", f"/callbacks/{callback['id']}/redeliver", {"forge": forgery})
        posted = sim.webhook.posted[-1]
        assert not is_genuine(posted)
        assert posted.event == "ice"
        assert forged["forged"] == forgery
        assert forged["request"]["raw"] == posted.raw.decode()
        assert (forged["request"]["signed"] is None) == (forgery == "unsigned")
        [told] = await sent_again(sim, callback["callId"])
        assert told["forged"] == forgery


async def test_a_stale_callback_is_wrong_in_nothing_but_its_age() -> None:
    async with wired() as sim:
        callback = await ice_of_a_call(sim)
        await sim.control("POST", f"/callbacks/{callback['id']}/redeliver", {"forge": "stale"})
        posted = sim.webhook.posted[-1]
        assert verify(
            DEFAULT_SECRET, application_key=DEFAULT_KEY, headers=posted.headers, path=posted.path, body=posted.raw
        )


async def test_an_unknown_forgery_is_refused_and_nothing_is_sent() -> None:
    async with wired() as sim:
        callback = await ice_of_a_call(sim)
        sent = len(sim.webhook.posted)
        reply = await sim.request("POST", f"/_simulator/callbacks/{callback['id']}/redeliver", {"forge": "everything"})
        assert reply.status == 400
        assert reply.error["message"].startswith("forge")
        assert len(sim.webhook.posted) == sent


async def test_the_newest_callbacks_and_findings_can_be_asked_for() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "nonsense"}})
        for _ in range(3):
            await sim.dial()
        everything = await sim.callbacks()
        assert await sim.callbacks("?limit=2") == everything[-2:]
        findings = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        assert (await sim.control("GET", "/diagnostics?limit=1"))["diagnostics"] == findings[-1:]
        assert (await sim.request("GET", "/_simulator/callbacks?limit=0")).status == 400


async def test_what_is_made_from_a_forged_callback_starts_from_the_genuine_one() -> None:
    async with wired() as sim:
        callback = await ice_of_a_call(sim)
        stale = await sim.control("POST", f"/callbacks/{callback['id']}/redeliver", {"forge": "stale"})
        changed = await sim.control("POST", f"/callbacks/{stale['id']}/redeliver", {"forge": "body"})
        assert changed["id"].count("-again-") == 1
        assert changed["forged"] == "body"
        await sim.control("POST", f"/callbacks/{changed['id']}/redeliver")
        assert is_genuine(sim.webhook.posted[-1])
        assert sim.webhook.posted[-1].raw == sim.webhook.posted[0].raw
