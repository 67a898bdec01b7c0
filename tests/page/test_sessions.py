"""Calls of Voice v2 on the page: in the list of calls, each with the others of its session."""

import pytest

from sinch_simulator.config import DEFAULT_NUMBER, DEFAULT_PROJECT
from support.browser import Visitor
from support.wired_world import ANNA, BEN, Json, Wired

pytestmark = pytest.mark.asyncio(loop_scope="session")


def dial(number: str, **fields: object) -> Json:
    def phone(address: str) -> Json:
        return {"type": "PHONE", "phone": {"number": address}}

    on_answer = [{"command": "bridgeCall", "bridgeName": "main"}]
    ends = {"from": phone(DEFAULT_NUMBER), "to": phone(number)}
    return {"command": "dial", **ends, "events": {"onAnswer": on_answer}, **fields}


async def test_the_calls_of_a_session_lead_to_each_other(sim: Wired, visitor: Visitor) -> None:
    body = {"commands": [dial(ANNA, callName="agent"), dial(BEN)]}
    project, key_id, key_secret = DEFAULT_PROJECT
    started = await sim.rest("POST", f"/v2/projects/{project}/calls", body, key=key_id, secret=key_secret)
    assert started.status in (200, 201)
    await visitor.option("+46 70 000 00 01").click()
    await visitor.see("ringing", visitor.option("+46 70 000 00 01"))
    await sim.advance(3)
    await visitor.see("joins bridge main", visitor.ladder)
    await visitor.see("named agent")
    await visitor.see("talking", visitor.option("+46 70 000 00 01"))
    await visitor.page.get_by_role("link", name="→ +1 404 555 0199").click()
    await visitor.see("in one session with")
    await visitor.click("Hang up")
    await visitor.see("answered", visitor.option("+1 404 555 0199"))
    await visitor.see("over: callee hung up", visitor.ladder)
    await visitor.see("talking", visitor.option("+46 70 000 00 01"))
