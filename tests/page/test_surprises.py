"""What the page meets while it is open: resets, leaps of time, a simulator that comes and goes, odd texts."""

import re

import pytest
from aiohttp import web

from sinch_simulator.server.app import SimulatorServer
from support.browser import Visitor, expect
from support.wired_world import CONNECT, MENU, Json, Wired

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKUP = "<img src=x onerror=\"document.title='script'\"><script>document.title='script'</script>"
MIXED = "مرحبا بالعالم ‮gnp.exe 👩‍👩‍👧 e\u0301"


def say(text: str) -> Json:
    return {"instructions": [{"name": "say", "text": text}], "action": {"name": "hangup"}}


async def test_after_a_reset_the_page_begins_anew(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", MENU)
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Press 1")
    await sim.control("POST", "/reset")
    await visitor.see("The simulator begins anew.")
    await visitor.see("No call yet.")
    await visitor.see("This call is gone")
    await visitor.hear("Dial your app")
    # The ids of calls begin anew as well: what comes now is another call, with a ladder of its own.
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Press 1")
    await expect(visitor.ladder.filter(has_text="calls +1 404 555 0100")).to_have_count(1)


async def test_when_its_application_is_deleted_the_page_shows_another(sim: Wired, visitor: Visitor) -> None:
    made = await sim.application(numbers=["+14045550177"])
    await visitor.page.goto(f"{visitor.url}/?application={made['key']}")
    await visitor.see("live", exact=True)
    await expect(visitor.part("Dial")).to_have_value("+14045550177")
    await sim.control("DELETE", f"/applications/{made['key']}")
    await visitor.see("was deleted")
    await expect(visitor.part("Dial")).to_have_value("+14045550100")
    await visitor.see("live", exact=True)


async def test_a_call_of_another_application_leads_to_that_one(sim: Wired, visitor: Visitor) -> None:
    made = await sim.application(numbers=["+14045550177"])
    call = await sim.dial(application=made["key"])
    await visitor.open(f"#/calls/{call['callId']}")
    await visitor.see("+46 70 000 00 01 → +1 404 555 0177")
    await expect(visitor.part("Application")).to_have_value(made["key"])


async def test_when_the_clock_leaps_an_hour_nothing_is_lost_or_told_twice(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", CONNECT)
    first = await sim.dial()
    for _ in range(300):
        await sim.call_out(enableAce=False, enableDice=False)
    await visitor.page.goto(f"{visitor.url}/#/calls/{first['callId']}")
    await visitor.see("rings", visitor.ladder)
    await sim.advance(3600)
    await visitor.see("in 3 h", visitor.part("Clock"))
    await expect(visitor.page.get_by_role("link", name=re.compile("^Calls"))).to_contain_text("301")
    answered = [call for call in (await sim.control("GET", "/calls"))["calls"] if call["result"] == "ANSWERED"]
    assert len(answered) == 300
    await visitor.part("Filter calls").fill("answered")
    await expect(visitor.page.get_by_role("option").first).to_have_attribute("aria-setsize", "300")
    timeline = (await sim.call(first["callId"]))["timeline"]
    rows = await visitor.ladder.filter(has_text=re.compile("talking now")).count()
    assert rows == [line["kind"] for line in timeline].count("leg.connected")


async def test_a_simulator_that_goes_and_comes_back_is_found_again(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", MENU)
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Press 1")
    await sim.server.stop()
    await visitor.see("no answer: looking again")
    await visitor.click("Hang up", visitor.phone)
    await visitor.see("The simulator does not answer.")
    config = sim.server.config
    port = int(visitor.url.rpartition(":")[2])
    again = SimulatorServer(type(config)(port=port, applications=config.applications, clock=config.clock))
    await again.start()
    try:
        await visitor.see("live", exact=True)
        await visitor.see("No call yet.")
        await visitor.click("Dial", visitor.phone)
        await visitor.hear("Press 1")
        await expect(visitor.ladder.filter(has_text="calls +1 404 555 0100")).to_have_count(1)
        await expect(visitor.page.get_by_role("option")).to_have_count(1)
    finally:
        await again.stop()


TEXTS = {"markup": MARKUP, "mixed": MIXED, "long": "a" * 100_000, "words": "word " * 20_000}


@pytest.mark.parametrize("text", list(TEXTS.values()), ids=list(TEXTS))
async def test_any_text_is_shown_as_text(sim: Wired, visitor: Visitor, text: str) -> None:
    connect = {"name": "connectPstn", "number": "+14045550111", "cli": text[:200]}
    sim.webhook.on("ice", {**say(text[:500]), "action": connect})

    async def fail(request: object, body: Json) -> web.Response:
        return web.Response(status=500, text=text)

    sim.webhook.responders["dice"] = fail
    call = await sim.control("POST", "/calls", {"from": text, "origin": "mxp", "to": "+14045550100"})
    await visitor.option(text[:12]).click()
    await expect(visitor.ladder.locator(".says")).to_contain_text(text[:50])
    await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
    await visitor.ladder.filter(has_text="500").get_by_role("button").click()
    await visitor.see(text[:60], visitor.detail)
    for place in ("Callbacks", "Problems"):
        await visitor.page.get_by_role("link", name=re.compile(f"^{place}")).click()
        await visitor.page.get_by_role("option").first.click()
    assert "script" not in await visitor.page.title()
    assert await visitor.page.locator("img, #page script").count() == 0
    assert await visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_long_reply_can_be_read_to_its_end(sim: Wired, visitor: Visitor) -> None:
    async def fail(request: object, body: Json) -> web.Response:
        return web.Response(status=500, text="x" * 30_000 + "the end")

    sim.webhook.responders["ice"] = fail
    await visitor.click("Dial", visitor.phone)
    await visitor.ladder.filter(has_text="500").get_by_role("button").click()
    for _ in range(2):
        await visitor.detail.get_by_role("button", name=re.compile("more characters")).click()
    await expect(visitor.detail).to_contain_text("the end")


async def test_a_simulator_that_asks_for_its_token_gets_it(sim: Wired, visit: object) -> None:
    config = sim.server.config
    token = "a-token-of-the-test"
    guarded = SimulatorServer(
        type(config)(port=0, applications=config.applications, clock=config.clock, control_token=token)
    )
    await guarded.start()
    try:
        visitor: Visitor = await visit(sim)  # type: ignore[operator]  # a fixture that is called
        await visitor.page.goto(guarded.url + "/#/phones")
        await visitor.see("This simulator asks for its token.")
        assert await visitor.complaints() == []
        await visitor.part("Token").fill("not the token")
        await visitor.click("Open")
        await visitor.part("Token").fill(token)
        await visitor.click("Open")
        await visitor.see("live", exact=True)
        await visitor.see("human who answers after 20 s")
        assert token not in visitor.page.url
    finally:
        await guarded.stop()


async def test_the_address_that_is_printed_opens_a_simulator_that_others_can_reach(sim: Wired, visit: object) -> None:
    """The cookie keeps the token: the address loses it, and the page works when it is loaded again."""
    config = sim.server.config
    open_to_all = SimulatorServer(type(config)(port=0, host="0.0.0.0", applications=config.applications))
    await open_to_all.start()
    try:
        token = open_to_all.control_token
        assert token is not None
        port = open_to_all.url.rpartition(":")[2]
        visitor: Visitor = await visit(sim)  # type: ignore[operator]  # a fixture that is called
        await visitor.page.goto(f"http://127.0.0.1:{port}/?token={token}")
        for _ in range(2):
            await visitor.see("live", exact=True)
            assert token not in visitor.page.url
            await visitor.page.reload()
        assert await visitor.complaints() == []
    finally:
        await open_to_all.stop()


async def test_many_tabs_leave_each_other_connections(sim: Wired, visit: object) -> None:
    sim.webhook.on("ice", MENU)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    hide += "document.dispatchEvent(new Event('visibilitychange'))"
    tabs: list[Visitor] = [await visit(sim)]  # type: ignore[operator]  # a fixture that is called
    for _ in range(6):
        await tabs[-1].page.evaluate(hide % "true")
        tabs.append(await visit(sim))  # type: ignore[operator]  # as above
    await tabs[-1].click("Dial", tabs[-1].phone)
    await tabs[-1].hear("Press 1")
    await tabs[-2].page.evaluate(hide % "false")
    await tabs[-2].hear("Press 1")


async def test_a_refusal_of_the_simulator_is_told_in_its_words(sim: Wired, visitor: Visitor) -> None:
    await visitor.part("Dial").fill("not a number")
    await visitor.click("Dial", visitor.phone)
    await visitor.see("to: ")
    await visitor.click("Next event")
    await visitor.see("Nothing is due")


async def test_two_pages_are_two_phones_in_one_world(sim: Wired, visitor: Visitor, visit: object) -> None:
    other: Visitor = await visit(sim)  # type: ignore[operator]  # a fixture that is called
    await other.click("Change", other.phone)
    await other.part("Your number").fill("+46700000005")
    await other.click("Be it")
    await other.see("+46 70 000 00 05", other.phone)
    sim.webhook.on("ice", {"action": {"name": "connectPstn", "number": "+46700000005", "cli": "+14045550100"}})
    sim.webhook.on("ace", {"action": {"name": "continue"}})
    await visitor.click("Dial", visitor.phone)
    await other.hear("calls you")
    await other.click(re.compile("^Pick up Enter"))
    await other.hear("You talk with +46 70 000 74 62.")
    await visitor.hear("You talk with +46 70 000 00 05.")
    await visitor.click("Hang up", visitor.phone)
    await other.hear("Over: caller hung up")
