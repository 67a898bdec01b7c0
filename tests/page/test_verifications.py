"""Verifications on the page: what the app was asked, what arrived at the phone, what was reported."""

import pytest

from sinch_simulator.config import DEFAULT_KEY
from support.browser import Visitor, expect
from support.wired_world import ANNA, Wired

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/verification/v1/verifications"
BY_TEXT = {"identity": {"type": "number", "endpoint": ANNA}, "method": "sms"}


async def test_a_verification_from_its_start_to_the_right_code(sim: Wired, visitor: Visitor) -> None:
    await visitor.open("#/verifications")
    await visitor.see("No verification yet.")
    assert (await sim.rest("POST", PATH, BY_TEXT)).status == 200
    await visitor.option("+46 70 000 00 01").click()
    await visitor.see("text on its way", visitor.option("+46 70 000 00 01"))
    await sim.advance(1)
    await visitor.see("waits for the code", visitor.option("+46 70 000 00 01"))
    [there] = (await sim.control("GET", "/verifications"))["verifications"]
    await expect(visitor.button(f"Copy code {there['code']}")).to_be_visible()
    await visitor.see("the text has arrived", visitor.ladder)
    by_number = f"{PATH}/number/{ANNA}"
    await sim.rest("PUT", by_number, {"method": "sms", "sms": {"code": "wrong"}})
    await visitor.see("VERIFICATION_WRONG_CODE", visitor.ladder)
    await sim.rest("PUT", by_number, {"method": "sms", "sms": {"code": there["code"]}})
    await visitor.see("over: successful", visitor.ladder)
    await visitor.see("successful", visitor.option("+46 70 000 00 01"))
    await expect(visitor.page.get_by_role("link", name="Verifications 1")).to_be_visible()
    assert await visitor.complaints() == []
    await visitor.page.get_by_role("link", name="texts").click()
    await visitor.see(f"Your verification code is {there['code']}")


async def test_what_the_app_was_asked_stands_in_the_ladder(sim: Wired, visitor: Visitor) -> None:
    hook = {"verificationCallbackUrl": sim.webhook.url}
    await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", hook)
    sim.webhook.on("VerificationRequestEvent", {"action": "deny"})
    await sim.rest("POST", PATH, BY_TEXT)
    await visitor.open("#/verifications")
    await visitor.option("+46 70 000 00 01").click()
    await visitor.see("denied", visitor.option("+46 70 000 00 01"))
    await visitor.page.get_by_role("link", name="Callbacks").click()
    await visitor.option("VerificationRequestEvent").click()
    await visitor.see("over: denied", visitor.ladder)
    await visitor.see('"deny"', visitor.detail)
    await visitor.page.get_by_role("tab", name="Signature").click()
    await visitor.see("the signature fits the secret", visitor.detail)


async def test_a_flash_call_is_listed_with_the_verifications_and_not_twice(sim: Wired, visitor: Visitor) -> None:
    await sim.rest("POST", PATH, {**BY_TEXT, "method": "flashcall"})
    await visitor.page.reload()
    await visitor.open("#/verifications")
    await visitor.see("ringing", visitor.option("+46 70 000 00 01"))
    await sim.dial(**{"from": "+46700007462"})
    await visitor.page.get_by_role("link", name="Calls").first.click()
    await expect(visitor.option("+46 70 000 74 62")).to_be_visible()
    await expect(visitor.option("+46 70 000 00 01")).to_have_count(0)
    assert await visitor.complaints() == []
