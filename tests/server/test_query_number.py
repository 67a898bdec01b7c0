"""Querying a number (docs/platform/rest.md#6.3)."""

import pytest

from support.wired_world import Json, wired

QUERY = "/v1/calling/query/number/"


def money(amount: float) -> Json:
    return {"currencyId": "USD", "amount": amount}


@pytest.mark.parametrize(
    ("written", "item"),
    [
        (
            "+46730170101",
            {"countryId": "SE", "numberType": "Mobile", "normalizedNumber": "+46730170101", "rate": money(0.0412)},
        ),
        (
            "%2B46(0)73-017-0101",
            {"countryId": "SE", "numberType": "Mobile", "normalizedNumber": "+46730170101", "rate": money(0.0412)},
        ),
        (
            "14045550100",
            {"countryId": "US", "numberType": "Unknown", "normalizedNumber": "+14045550100", "rate": money(0.01)},
        ),
        (
            "+442079460000",
            {"countryId": "GB", "numberType": "Fixed", "normalizedNumber": "+442079460000", "rate": money(0.012)},
        ),
        (
            "+18005551234",
            {"countryId": "US", "numberType": "Other", "normalizedNumber": "+18005551234", "rate": money(0.01)},
        ),
        (
            "46000000000",
            {"countryId": "SE", "numberType": "Unknown", "normalizedNumber": "+46000000000", "rate": money(0.0)},
        ),
    ],
)
async def test_a_number_is_described_under_every_name_that_a_client_may_look_for(written: str, item: Json) -> None:
    async with wired() as sim:
        reply = await sim.rest("GET", QUERY + written)
        assert reply.status == 200
        whole = {**item, "restricted": False}
        assert reply.json == {"method": "numberItem", "numberItem": whole, "number": whole}


@pytest.mark.parametrize("written", ["abc", "%2B0123", "+1", "+999123", "%00", "+46%EF%BC%91", "1" * 300])
async def test_garbage_is_refused_with_40001(written: str) -> None:
    async with wired() as sim:
        reply = await sim.rest("GET", QUERY + written)
        assert (reply.status, reply.json["errorCode"]) == (400, 40001)
        assert reply.json["message"].startswith("Invalid number specified")


async def test_a_barred_number_is_restricted() -> None:
    async with wired() as sim:
        key = (await sim.control("GET", "/applications"))["applications"][0]["key"]
        await sim.control("PATCH", f"/applications/{key}", {"barred": ["+46*"]})
        assert (await sim.rest("GET", QUERY + "+46730170101")).json["number"]["restricted"] is True
        assert (await sim.rest("GET", QUERY + "+442079460000")).json["number"]["restricted"] is False
