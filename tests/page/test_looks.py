"""How the page looks and is used: by keyboard alone, light and dark, in three widths, with axe-core."""

import re
from itertools import product
from pathlib import Path

import pytest

from support.browser import Visitor, expect
from support.wired_world import CONNECT, MENU, Wired

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = {"wide": (1480, 900), "narrow": (1024, 768), "small": (400, 800)}
PLACES = ("calls", "rooms", "messages", "verifications", "callbacks", "phones", "faults", "problems")


async def let_things_happen(sim: Wired) -> str:
    """A call in a menu, one that rings, one that went wrong, and a room; the id of the first."""
    sim.webhook.on("ice", {"action": {"name": "connectConf", "conferenceId": "sales"}})
    await sim.dial(**{"from": "+46700000002"})
    sim.webhook.on("ice", {"instructions": [{"name": "say", "txt": "Hello"}], "action": {"name": "nonsense"}})
    await sim.dial(**{"from": "+46700000003"})
    sim.webhook.on("ice", CONNECT)
    await sim.dial(**{"from": "+46700000004"})
    sim.webhook.on("ice", MENU)
    call_id: str = (await sim.dial())["callId"]
    await sim.control("POST", f"/calls/{call_id}/press", {"digits": "9"})
    await sim.control("POST", "/faults", {"on": "callback", "do": {"delay": 1}, "match": {"event": "dice"}})
    await sim.advance(2)
    return call_id


@pytest.mark.parametrize(("size", "theme"), [*product(SIZES, ("light", "dark"))])
async def test_nothing_serious_is_wrong_for_anybody(sim: Wired, visit: object, size: str, theme: str) -> None:
    call_id = await let_things_happen(sim)
    visitor: Visitor = await visit(  # type: ignore[operator]  # a fixture that is called
        sim, f"#/calls/{call_id}", size=SIZES[size], theme=theme
    )
    await expect(visitor.ladder.first).to_be_attached()
    rules = () if theme == "light" else ("color-contrast",)
    found = {"call": await visitor.complaints(*rules)}
    if size == "small":
        await visitor.click("Phone")
        found["phone"] = await visitor.complaints(*rules)
    for place in PLACES:
        await visitor.page.goto(f"{visitor.url}/#/{place}")
        if size == "small":
            await visitor.click("List")
        if place not in ("faults", "messages", "verifications"):
            await visitor.page.get_by_role("option").first.click()
        await visitor.page.wait_for_timeout(50)
        found[place] = await visitor.complaints(*rules)
        assert await visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    assert found == {place: [] for place in found}


async def test_dialogs_are_fit_for_anybody(sim: Wired, visitor: Visitor) -> None:
    call_id = await let_things_happen(sim)
    await visitor.open(f"#/calls/{call_id}")
    for button in ("Settings", "Help", "Save as test"):
        await visitor.click(button)
        await expect(visitor.page.get_by_role("dialog")).to_be_visible()
        assert await visitor.complaints() == []
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        await expect(visitor.button(button)).to_be_focused()


async def test_a_call_by_keyboard_alone(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", MENU)
    hello = {"name": "say", "text": "Hello"}
    sim.webhook.on("pie", {"instructions": [hello], "action": {"name": "connectPstn", "number": "+14045550111"}})
    keys = visitor.page.keyboard
    await tab_to(visitor, "button", "Dial")
    await keys.press("Enter")
    await visitor.hear("Press 1")
    await keys.press("n")
    await keys.press("1")
    await visitor.hear("Hello")
    await tab_to(visitor, "listbox", "Calls")
    await keys.press("Home")
    await tab_to(visitor, "button", re.compile("PIE"))
    await keys.press("Enter")
    await visitor.see("PIE → POST", visitor.detail)
    await tab_to(visitor, "tab", "Reply")
    await keys.press("ArrowLeft")
    await expect(visitor.page.get_by_role("tab", name="Request")).to_be_focused()
    await visitor.see('"menuResult"', visitor.detail)
    await keys.press("Escape")
    await visitor.hear("Over: caller hung up")


async def test_ringing_filter_and_help_by_keyboard(sim: Wired, visitor: Visitor) -> None:
    keys = visitor.page.keyboard
    await sim.call_out(destination={"type": "number", "endpoint": "+46700007462"}, text="Good morning")
    await visitor.hear("calls you")
    await keys.press("Enter")
    await visitor.hear("Good morning")
    await keys.press("/")
    await expect(visitor.part("Filter calls")).to_be_focused()
    await keys.type("nobody 12")
    await visitor.see("No call is like this.")
    assert (await sim.control("GET", "/calls"))["calls"][0]["legs"][0]["dtmf"] == ""
    await keys.press("Escape")
    await expect(visitor.part("Filter calls")).to_have_value("")
    await keys.press("Escape")
    await keys.press("?")
    await visitor.see("Keys and words")


async def test_a_list_of_thousands_is_gone_through_by_keyboard(sim: Wired, visitor: Visitor) -> None:
    for _ in range(200):
        await sim.call_out(enableAce=False, enableDice=False)
    calls = (await sim.control("GET", "/calls?timeline=false"))["calls"]
    await expect(visitor.page.get_by_role("option").first).to_have_attribute("aria-setsize", "200")
    assert await visitor.page.get_by_role("option").count() < 40
    await visitor.page.get_by_role("listbox", name="Calls").focus()
    for key, shown in (("ArrowDown", calls[-1]), ("End", calls[0]), ("ArrowUp", calls[1]), ("Home", calls[-1])):
        await visitor.page.keyboard.press(key)
        await expect(visitor.page.locator("[aria-selected=true][role=option]")).to_be_in_viewport()
        await visitor.page.wait_for_url(re.compile(shown["callId"]))


async def test_a_small_window_shows_one_part_at_a_time(sim: Wired, visit: object) -> None:
    sim.webhook.on("ice", MENU)
    visitor: Visitor = await visit(sim, size=SIZES["small"])  # type: ignore[operator]  # as above
    await expect(visitor.phone).to_be_hidden()
    await visitor.click("Phone")
    await visitor.click("Dial", visitor.phone)
    await expect(visitor.ladder.first).to_be_visible()
    await visitor.click("Phone")
    await visitor.hear("Press 1")
    await visitor.click("List")
    await visitor.option("+46 70 000 74 62").click()
    await expect(visitor.ladder.first).to_be_visible()


async def tab_to(visitor: Visitor, role: str, name: object) -> None:
    """Presses Tab until something has the focus; everything must be reachable so."""
    wanted = visitor.page.get_by_role(role, name=name, exact=isinstance(name, str)).first
    await expect(wanted).to_be_visible()
    for _ in range(120):
        await visitor.page.keyboard.press("Tab")
        if await wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"no way by Tab to {role} {name}")


async def test_every_place_is_looked_at(root: Path) -> None:
    source = (root / "simulator" / "sinch_simulator" / "page" / "route.js").read_text()
    found = re.search(r"PLACES = (\[.*?\])", source)
    assert found is not None
    assert tuple(re.findall(r'"(\w+)"', found[1])) == PLACES


