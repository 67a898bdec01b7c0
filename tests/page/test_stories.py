"""What people do with the page, from beginning to end, in a real browser."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER, DEFAULT_SECRET
from sinch_simulator.samples.ivr import Company
from support.browser import Visitor, expect
from support.wired_world import ANNA, HANG_UP, Json, Wired

pytestmark = pytest.mark.asyncio(loop_scope="session")

IN_ROOM: Json = {"action": {"name": "connectConf", "conferenceId": "sales"}}


def let_company_answer(sim: Wired) -> None:
    """The sample phone menu is behind the webhook."""
    company = Company(DEFAULT_KEY, DEFAULT_SECRET)

    async def respond(request: object, body: Json) -> object:
        return web.json_response(company.answer(body))

    for event in ("ice", "ace", "pie", "dice"):
        sim.webhook.responders[event] = respond  # type: ignore[assignment]  # it answers as it should


async def test_dial_and_hear(sim: Wired, visitor: Visitor) -> None:
    let_company_answer(sim)
    await visitor.see("No call yet.")
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Welcome to the sample company.")
    await expect(visitor.ladder.filter(has_text="200 · say, runMenu")).to_be_visible()
    assert "/#/calls/" in visitor.page.url
    await visitor.click("+10 s")
    await visitor.hear("For sales, press 1.")
    await visitor.see("in menu main", visitor.option("+46 70 000 74 62"))


async def test_keys_lead_to_the_end_of_the_sample_menu(sim: Wired, visitor: Visitor) -> None:
    let_company_answer(sim)
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Welcome")
    await sim.advance(4)
    await visitor.hear("For sales, press 1.")
    await visitor.click("Key 9")
    await visitor.hear("Press 1 for sales, or 2 for our opening hours.")
    await visitor.page.keyboard.press("2")
    await visitor.hear("We are open from nine to five.")
    await visitor.click("+10 s")
    await visitor.hear("Over: your app hung up")
    keys = visitor.ladder.locator(".keys")
    assert await keys.all_inner_texts() == ["9", "2"]
    await visitor.see("menu main: return hours", visitor.ladder)
    assert [callback["event"] for callback in await sim.callbacks()] == ["ice", "pie", "dice"]


async def test_the_app_calls_and_somebody_picks_up(sim: Wired, visitor: Visitor) -> None:
    await sim.call_out(destination={"type": "number", "endpoint": "+46700007462"}, text="Your order is ready.")
    await visitor.hear("calls you")
    await sim.advance(5)
    await visitor.click(re.compile("Pick up Enter"))
    await visitor.hear("Your order is ready.")
    await visitor.click("+10 s")
    await visitor.hear("Over")
    await expect(visitor.ladder.filter(has_text="picks up")).to_be_visible()


async def test_the_app_calls_and_is_declined(sim: Wired, visitor: Visitor) -> None:
    call_id = await sim.call_out(destination={"type": "number", "endpoint": "+46700007462"})
    await visitor.hear("calls you")
    await visitor.page.keyboard.press("Escape")
    await visitor.hear("Over: busy")
    assert (await sim.call(call_id))["result"] == "BUSY"


async def test_a_wrong_reply_and_its_finding(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", {"instructions": [{"name": "say", "txt": "Hello"}], "action": {"name": "hangup"}})
    await visitor.click("Dial", visitor.phone)
    notes = visitor.ladder.locator(".note")
    await expect(notes.filter(has_text="MISSING_PROPERTY")).to_be_visible()
    await expect(visitor.ladder.filter(has_text="200 · bad svaml")).to_be_visible()
    await visitor.ladder.filter(has_text="200 · bad svaml").get_by_role("button").click()
    await visitor.see("say needs", visitor.detail)
    await expect(visitor.detail.locator(".found.error, .found.warning").first).to_be_visible()
    await visitor.page.get_by_role("link", name=re.compile("error")).click()
    await visitor.option("MISSING_PROPERTY").click()
    await visitor.see("In the call")


async def test_an_app_that_raises_shows_its_own_words(sim: Wired, visitor: Visitor) -> None:
    async def fail(request: object, body: Json) -> object:
        return web.Response(status=500, text="KeyError: <b>menuResult</b>\n  at app.py:41")

    sim.webhook.responders["ice"] = fail  # type: ignore[assignment]  # it answers as it should not
    await visitor.click("Dial", visitor.phone)
    await visitor.see("failed", visitor.option("+46 70 000 74 62"))
    await visitor.ladder.filter(has_text="500").get_by_role("button").click()
    await visitor.see("KeyError: <b>menuResult</b>", visitor.detail)


async def test_a_callback_is_sent_again_and_copied(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", HANG_UP)
    await visitor.click("Dial", visitor.phone)
    await visitor.ladder.get_by_role("button", name="ICE", exact=True).click()
    await visitor.click("Send again", visitor.detail)
    await visitor.see("ICE sent again: 200")
    assert sim.webhook.events.count("ice") == 2
    await expect(visitor.ladder.filter(has_text="ICE again")).to_be_visible()
    await visitor.page.get_by_role("tab", name="Signature").click()
    await visitor.see("the signature fits the secret", visitor.detail)
    await visitor.see("POST", visitor.detail, exact=True)


async def test_a_forged_callback_that_the_app_takes(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", HANG_UP)
    await visitor.click("Dial", visitor.phone)
    await visitor.click("Forge", visitor.detail)
    rows = visitor.detail.locator(".forgery")
    await rows.filter(has_text="another secret").get_by_role("button").click()
    await visitor.see("taken, 200: your app does not check this", rows)

    async def refuse(request: object, body: Json) -> object:
        return web.Response(status=401)

    sim.webhook.responders["ice"] = sim.webhook.responders["dice"] = refuse  # type: ignore[assignment]  # as it should
    await rows.filter(has_text="no signature").get_by_role("button").click()
    await visitor.see("refused, 401", rows)
    await visitor.see("taken, 200: your app does not check this", rows)  # each verdict stays
    assert await visitor.detail.get_by_text("Forged:").count() == 0, "the callback that is forged stays the one shown"


async def test_three_people_in_a_room_and_one_is_muted(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", IN_ROOM)
    await visitor.click("Dial", visitor.phone)
    for number in ("+46700000002", "+46700000003"):
        await sim.dial(**{"from": number})
    await visitor.page.get_by_role("link", name=re.compile("^Rooms")).click()
    await visitor.option("sales").click()
    await visitor.see("3 people")
    person = visitor.page.get_by_role("listitem")
    await visitor.see("hears +46 70 000 74 62, +46 70 000 00 03", person.nth(1))
    await visitor.click("Mute +46 70 000 00 02")
    await visitor.see("muted", person.nth(1), exact=True)
    await visitor.see("hears +46 70 000 00 03 ·", person.nth(0))
    await visitor.click("Kick +46 70 000 00 03")
    await visitor.see("2 people")
    await visitor.hear("You are in room sales.")


async def test_save_as_test_and_that_test_passes(
    sim: Wired, visitor: Visitor, tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    let_company_answer(sim)
    await visitor.click("Dial", visitor.phone)
    await visitor.hear("Welcome")
    await sim.advance(3)
    await visitor.click("Key 2")
    await visitor.hear("We are open")
    await sim.advance(10)
    await visitor.hear("Over")
    await visitor.click("Save as test")
    shown = visitor.page.get_by_role("dialog").get_by_label("test_recorded.py")
    async with visitor.page.expect_download() as downloading:
        await visitor.click("Download test_recorded.py")
    download = await downloading.value
    file = tmp_path / download.suggested_filename
    await download.save_as(file)
    assert file.read_text() == await shown.text_content()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_sinch", file.name]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, env=clean_environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert b"1 passed" in output, output.decode()


async def test_what_is_at_a_number_is_changed_with_a_click(sim: Wired, visitor: Visitor) -> None:
    await visitor.page.get_by_role("link", name=re.compile("^Phones")).click()
    await visitor.option("human who answers after 20 s").click()
    await visitor.click("Busy")
    await visitor.see("busy", visitor.option("+1 404 555 0119"))
    assert (await sim.control("GET", "/phones/%2B14045550119")) == {"busy": {"after": 1.0}}
    await visitor.click("Back to how it was")
    await visitor.see("human who answers after 20 s", visitor.option("+1 404 555 0119"))


async def test_the_next_ice_times_out_when_that_is_said(sim: Wired, visitor: Visitor) -> None:
    await visitor.page.get_by_role("link", name=re.compile("^Faults")).click()
    await visitor.part("Which callback").select_option("ice")
    await visitor.click("Switch on")
    await visitor.see("the next ICE times out", visitor.page.get_by_role("option"))
    await visitor.click("Dial", visitor.phone)
    await visitor.see("CALLBACK_TIMEOUT", visitor.ladder)
    assert [fault["used"] for fault in (await sim.control("GET", "/faults"))["faults"]] == [1]


async def test_the_clock_is_moved_and_its_mode_changed(sim: Wired, visitor: Visitor) -> None:
    let_company_answer(sim)
    await visitor.click("Dial", visitor.phone)
    await visitor.see("next: a prompt ends, in 2.3 s")
    await visitor.click("Next event")
    await visitor.see("10:30:02.250")
    await visitor.click("+1 min")
    await visitor.see("10:31:02.250")
    await visitor.click("Real time", visitor.part("Clock"))
    await expect(visitor.button("Real time")).to_have_attribute("aria-pressed", "true")
    assert (await sim.control("GET", "/clock"))["mode"] == "realtime"


async def test_a_link_leads_to_a_call_and_a_callback(sim: Wired, visitor: Visitor) -> None:
    sim.webhook.on("ice", HANG_UP)
    call_id = (await sim.dial())["callId"]
    await visitor.open(f"#/calls/{call_id}")
    await visitor.see("+46 70 000 00 01 → +1 404 555 0100")
    [ice] = await sim.callbacks("?event=ice")
    await visitor.page.goto(f"{visitor.url}/#/callbacks/{ice['id']}")
    await visitor.see("ICE → POST", visitor.detail)
    await visitor.page.goto(f"{visitor.url}/#/calls/nobody")
    await visitor.see("This call is gone")


async def test_another_number_becomes_the_phone(sim: Wired, visitor: Visitor) -> None:
    await visitor.click("Change", visitor.phone)
    await visitor.part("Your number").fill("anna")
    await visitor.click("Be it")
    await visitor.see("anna", visitor.phone)
    await visitor.click("Dial", visitor.phone)
    await visitor.see("anna → +1 404 555 0100")
    [call] = (await sim.control("GET", "/calls"))["calls"]
    assert (call["from"], call["origin"], call["dialled"]) == ("anna", "mxp", DEFAULT_NUMBER)


async def test_a_call_is_made_again_and_hung_up(sim: Wired, visitor: Visitor) -> None:
    let_company_answer(sim)
    await sim.dial(custom="order-42")
    await visitor.option("+46 70 000 00 01").click()
    await visitor.click("Call again")
    await expect(visitor.page.get_by_role("option")).to_have_count(2)
    calls = (await sim.control("GET", "/calls"))["calls"]
    assert [(call["from"], call["custom"]) for call in calls] == [(ANNA, "order-42")] * 2
    await visitor.click("Hang up")
    await visitor.see("caller hung up", visitor.page.get_by_role("main"))


async def test_settings_of_the_application(sim: Wired, visitor: Visitor) -> None:
    await visitor.click("Settings")
    dialog = visitor.page.get_by_role("dialog")
    await visitor.see(DEFAULT_SECRET, dialog)
    await dialog.get_by_label("Callback URL").fill("http://127.0.0.1:1/voice")
    await visitor.click("Save", dialog)
    await expect(dialog).to_have_count(0)
    [application] = (await sim.control("GET", "/applications"))["applications"]
    assert application["callbackUrl"] == "http://127.0.0.1:1/voice"
