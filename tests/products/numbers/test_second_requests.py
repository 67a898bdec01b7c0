"""A second request for a number takes the place of the one that waits (docs/platform/numbers.md#9)."""

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from support.numbers_api import numbers_api, provisioning


async def test_a_request_for_what_is_there_takes_the_place_of_the_one_that_waits() -> None:
    async with numbers_api() as api:
        other = await api.sim.application(world="default")
        before = await api.active(DEFAULT_NUMBER)
        for calls, plan in ((other["key"], other["servicePlanId"]), (DEFAULT_KEY, api.application["servicePlanId"])):
            body = {"voiceConfiguration": api.calls_to(calls), "smsConfiguration": {"servicePlanId": plan}}
            changed = await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", body)
        assert provisioning(changed) == (None, None)
        await api.sim.advance(2)
        assert await api.active(DEFAULT_NUMBER) == before


@pytest.mark.parametrize("campaign", ["C1", ""])
async def test_a_request_for_a_campaign_leaves_the_service_plan_that_waits(campaign: str) -> None:
    async with numbers_api() as api:
        number = (await api.rent(smsConfiguration={**api.text_to(), "campaignId": "C0"}))["phoneNumber"]
        sms = {"smsConfiguration": {"campaignId": campaign}}
        waiting, _ = provisioning(await api.got("PATCH", f"/activeNumbers/{number}", sms))
        assert waiting["servicePlanId"] == api.application["servicePlanId"]
        await api.sim.advance(2)
        active = (await api.active(number))["smsConfiguration"]
        assert (active["servicePlanId"], active["campaignId"]) == (api.application["servicePlanId"], campaign)
        assert await api.sim.codes() == []
