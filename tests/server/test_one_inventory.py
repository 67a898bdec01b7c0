"""A number that is rented serves every product: calls of Voice and Voice v2, texts in and out, verifications."""

from support.number_administration import administration
from support.numbers_api import NumbersApi, numbers_api
from support.wired_world import ANNA, BEN, Json, Reply


async def rented(api: NumbersApi) -> str:
    """A number whose calls and texts come to the application."""
    number: str = (await api.rent(voiceConfiguration=api.calls_to(), smsConfiguration=api.text_to()))["phoneNumber"]
    await api.sim.advance(2)
    return number


async def text_to(api: NumbersApi, number: str) -> Reply:
    return await api.sim.request("POST", "/_simulator/messages", {"from": ANNA, "to": number, "text": "Hello"})


async def send_from(api: NumbersApi, number: str) -> Reply:
    body: Json = {"from": number, "to": [BEN], "body": "Hello"}
    path = f"/xms/v1/{api.application['servicePlanId']}/batches"
    headers = {"Authorization": f"Bearer {api.application['apiToken']}", "Content-Type": "application/json"}
    return await api.sim.request("POST", path, body, headers=headers)


async def test_a_text_to_a_rented_number_comes_in_once_it_is_assigned() -> None:
    async with numbers_api() as api:
        await api.sim.control(
            "PATCH", f"/applications/{api.application['key']}", {"smsCallbackUrl": api.sim.webhook.url}
        )
        number = (await api.rent(smsConfiguration=api.text_to()))["phoneNumber"]
        assert (await text_to(api, number)).status == 404
        await api.sim.advance(2)
        assert (await text_to(api, number)).status == 201
        [posted] = api.sim.webhook.posted
        assert (posted.event, "+" + posted.body["to"].lstrip("+")) == ("mo_text", number)
        await api.got("PATCH", f"/activeNumbers/{number}", {"smsConfiguration": {"servicePlanId": ""}})
        assert (await text_to(api, number)).status == 404


async def test_a_text_from_a_number_that_is_not_assigned_is_told() -> None:
    async with numbers_api() as api:
        number = (await api.rent(voiceConfiguration=api.calls_to()))["phoneNumber"]
        await api.sim.advance(2)
        assert (await send_from(api, number)).status == 201
        assert await api.sim.codes() == ["SENDER_NOT_RENTED"]
        other = await rented(api)
        assert (await send_from(api, other)).status == 201
        assert await api.sim.codes() == ["SENDER_NOT_RENTED"]


async def test_a_call_to_a_rented_number_is_one_of_voice_v2_where_the_service_says_so() -> None:
    async with numbers_api() as api:
        behavior = {"type": "WEBHOOK", "webhook": {"url": api.sim.webhook.url}}
        await api.sim.control("PATCH", f"/applications/{api.application['key']}", {"callBehavior": behavior})
        number = await rented(api)
        call = await api.sim.control("POST", "/calls", {"from": ANNA, "to": number})
        assert call["protocol"] == "v2"
        assert "ice" not in api.sim.webhook.events


async def test_a_rented_number_may_be_shown_to_who_is_called() -> None:
    async with numbers_api() as api:
        number = await rented(api)
        await api.sim.control("PATCH", f"/applications/{api.application['key']}", {"callerIds": []})
        call_id = await api.sim.call_out(cli=number)
        await api.sim.advance(3)
        assert (await api.sim.call(call_id))["state"] != "ended"
        released = await api.ask("POST", f"/activeNumbers/{number}:release")
        assert released.status == 200
        refused = await api.sim.call_out(cli=number)
        await api.sim.advance(60)
        assert (await api.sim.call(refused))["result"] == "FAILED"


async def test_looking_at_numbers_does_not_keep_a_world_from_beginning_anew() -> None:
    async with numbers_api() as api:
        await api.sim.application(world="default")
        await api.sim.advance(1)
        await api.sim.control("GET", "/numbers")
        await api.listed()
        await api.sim.control("POST", f"/reset?application={api.application['key']}")
        assert (await api.sim.control("GET", "/clock"))["now"] == "2025-01-15T10:30:00.000Z"


async def test_the_reset_of_one_application_leaves_what_another_has_rented() -> None:
    async with administration() as admin:
        other = await admin.sim.application(world="default")
        [number] = await admin.buy()
        await admin.sim.control("POST", f"/reset?application={other['key']}")
        assert number in [int(row["number"]) for row in (await admin.sim.control("GET", "/numbers"))["numbers"]]
