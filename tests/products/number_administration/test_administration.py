"""The number administration of 2015: log in, reserve, buy, assign (docs/platform/numbers.md#8)."""

from typing import Any

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.application import Application
from sinch_simulator.core.product import WorldData
from sinch_simulator.core.signing import decode_secret
from sinch_simulator.products.number_administration.machine import AdministrationMachine
from support.number_administration import (
    EMAIL,
    NUMBERS,
    OF_APPLICATION,
    ORGANISATION,
    OWN,
    PASSWORD,
    PUBLIC,
    SHOP,
    TIMESTAMP,
    Administration,
    administration,
    log_in,
    open_instance,
)
from support.numbers_api import NumbersApi
from support.wired_world import wired


async def test_an_account_logs_in_and_opens_an_instance() -> None:
    async with wired() as sim:
        login = await log_in(sim)
        assert login.status == 200
        assert login.json["user"]["identities"] == [{"type": "email", "endpoint": EMAIL}]
        assert login.json["authorization"].count(":") == 1
        instance = await open_instance(sim, login.json["authorization"])
        assert instance.status == 200
        assert instance.json["expiresIn"] == 172_800
        assert len(decode_secret(instance.json["secret"])) == 32
        admin = Administration(sim, instance.json)
        assert (await admin.got("GET", "/v1/organisations"))["id"] == ORGANISATION
        assert (await admin.got("GET", "/v1/organisations/", {}))["id"] == ORGANISATION


async def test_numbers_are_reserved_bought_and_assigned_and_then_ring() -> None:
    async with administration() as admin:
        [number] = await admin.buy()
        [row] = [row for row in await admin.got("GET", NUMBERS) if row["number"] == number]
        assert (row["countryId"], row["country"], row["capabilities"]) == ("SE", "Sweden", ["voice", "sms"])
        assert row["cost"] == {"currencyId": "EUR", "amount": 3.0}
        assert "applicationKey" not in row
        rows = await admin.got("PUT", f"{OF_APPLICATION}/voice", {"numbers": [OWN, number]})
        assert [(row["number"], row["applicationKey"]) for row in rows] == [(OWN, DEFAULT_KEY), (number, DEFAULT_KEY)]
        assert await admin.sim.codes() == []
        await admin.sim.dial(to=f"+{number}")
        assert admin.sim.webhook.events[0] == "ice"


async def test_both_administrations_see_the_same_numbers() -> None:
    async with administration() as admin:
        [bought] = await admin.buy()
        [application] = (await admin.sim.control("GET", "/applications"))["applications"]
        api = NumbersApi(admin.sim, application)
        assert f"+{bought}" in await api.listed()
        rented = (await api.rent())["phoneNumber"]
        assert int(rented) in await admin.numbers()
        await admin.got("PUT", f"{OF_APPLICATION}/sms", {"numbers": [bought, OWN]})
        active = await api.active(f"+{bought}")
        assert active["smsConfiguration"]["servicePlanId"] == application["servicePlanId"]
        await api.got("POST", f"/activeNumbers/+{bought}:release")
        assert bought not in await admin.numbers()
        await admin.sim.control("POST", "/reset")
        assert await api.listed() == [DEFAULT_NUMBER]
        assert (await admin.ask("GET", NUMBERS)).status == 401


async def test_what_happens_to_numbers_is_in_the_journal() -> None:
    async with administration() as admin:
        [number] = await admin.buy()
        await admin.got("PUT", f"{OF_APPLICATION}/voice", {"numbers": [number]})
        await admin.got("DELETE", f"{OF_APPLICATION}/{OWN}")
        entries = (await admin.sim.control("GET", f"/journal?application={DEFAULT_KEY}"))["entries"]
        told = [(each["kind"], each["number"]) for each in entries if each["kind"].startswith("number.")]
        assert told == [
            ("number.unassigned", DEFAULT_NUMBER),
            ("number.assigned", f"+{number}"),
            ("number.unassigned", DEFAULT_NUMBER),
        ]
        everything = (await admin.sim.control("GET", "/journal"))["entries"]
        [bought] = [each for each in everything if each["kind"] == "numbers.bought"]
        assert bought["numbers"] == [f"+{number}"]


async def test_assigning_overwrites_and_the_developer_is_told() -> None:
    async with administration() as admin:
        [number] = await admin.buy()
        rows = await admin.got("PUT", f"{OF_APPLICATION}/voice", {"numbers": [number]})
        assert [row["number"] for row in rows] == [OWN, number]  # texts still come to the one that it was made with
        assert await admin.sim.codes() == ["NUMBERS_OVERWRITTEN"]
        assert (await admin.sim.control("GET", f"/applications/{DEFAULT_KEY}"))["numbers"] == [f"+{number}"]
        await admin.got("DELETE", f"{OF_APPLICATION}/{number}")
        assert await admin.numbers(OF_APPLICATION) == [OWN]
        assert number in await admin.numbers()


async def test_a_reservation_is_used_once_and_ends_after_ten_minutes() -> None:
    async with administration() as admin:
        used, late = await admin.reserve(3), await admin.reserve(2)
        await admin.got("POST", SHOP, {"referenceIds": [used]})
        assert len(await admin.numbers()) == 4
        await admin.sim.advance(599)
        assert (await admin.ask("POST", SHOP, {"referenceIds": [used, late]})).error_code == 40400
        await admin.sim.advance(1)
        reply = await admin.ask("POST", SHOP, {"referenceIds": [late]})
        assert (reply.status, reply.error_code) == (404, 40400)
        assert "not found or expired" in reply.json["message"]
        assert len(await admin.numbers()) == 4


async def test_what_is_reserved_is_free_for_nobody_until_it_is_let_go() -> None:
    async with administration() as admin:
        [application] = (await admin.sim.control("GET", "/applications"))["applications"]
        api = NumbersApi(admin.sim, application)
        before = await api.available("SE", "MOBILE")
        group = [each["groupId"] for each in await admin.got("GET", SHOP) if each["type"] == "Sms"]
        for group_id in group:
            await admin.got("PUT", SHOP, {"groupId": group_id, "quantity": 100})
        assert set(before).isdisjoint(await api.available("SE", "MOBILE"))
        await admin.sim.advance(600)
        assert await api.available("SE", "MOBILE") == before


async def test_an_instance_ends_after_two_days_of_the_simulated_clock() -> None:
    async with administration() as admin:
        await admin.sim.advance(172_799)
        assert (await admin.ask("GET", "/v1/organisations")).status == 200
        await admin.sim.advance(1)
        reply = await admin.ask("GET", "/v1/organisations")
        assert (reply.status, reply.error_code) == (401, 40100)


async def test_numbers_cost_what_is_left_of_the_credit() -> None:
    async with administration() as admin:
        await admin.sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"credit": 5})
        reference = await admin.reserve(2)
        reply = await admin.ask("POST", SHOP, {"referenceIds": [reference]})
        assert (reply.status, reply.error_code) == (402, 40200)
        await admin.sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"credit": 7})
        await admin.got("POST", SHOP, {"referenceIds": [reference]})
        assert (await admin.sim.control("GET", f"/applications/{DEFAULT_KEY}"))["credit"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "named"),
    [
        ("PUT", SHOP, {"quantity": 1}, 40002, "groupId"),
        ("PUT", SHOP, {"groupId": 999, "quantity": 1}, 40003, "Invalid number group: 999"),
        ("PUT", SHOP, {"groupId": 1, "quantity": 101}, 40003, "quantity"),
        ("PUT", SHOP, {"groupId": 1, "quantity": 0}, 40001, "quantity"),
        ("PUT", SHOP, {"groupId": 1}, 40002, "quantity"),
        ("PUT", SHOP, {"groupId": 1, "quantity": 1, "capabilities": ["fax"]}, 40001, "Invalid capability 'fax'"),
        ("POST", SHOP, {}, 40002, "referenceIds"),
        ("POST", SHOP, {"referenceIds": ["nothing"]}, 40400, "reservation(s) not found"),
        ("POST", SHOP, {"referenceIds": [{}]}, 40001, "referenceIds[0]"),
        ("GET", "/v1/organisations/id/1/numbers", None, 40300, "not the owner of the organisation: 1"),
        ("GET", "/v1/applications/key/nobody/numbers", None, 40400, "Application with the key nobody was not found."),
        ("PUT", f"{OF_APPLICATION}/fax", {"numbers": [OWN]}, 40001, "Invalid number type: fax"),
        ("PUT", f"{OF_APPLICATION}/voice", {}, 40002, "numbers"),
        ("PUT", f"{OF_APPLICATION}/voice", {"numbers": [True]}, 40001, "numbers[0]"),
        ("PUT", f"{OF_APPLICATION}/voice", {"numbers": [OWN, 14150005550]}, 40003, "'number'"),
        ("DELETE", f"{OF_APPLICATION}/14150005550", None, 40003, "'number'"),
        ("DELETE", f"{OF_APPLICATION}/none", None, 40003, "'number'"),
    ],
)
async def test_what_is_refused_is_named_and_changes_nothing(
    method: str, path: str, body: Any, code: int, named: str
) -> None:
    async with administration() as admin:
        before = await admin.sim.control("GET", "/numbers"), await admin.sim.control("GET", "/applications")
        reply = await admin.ask(method, path, body)
        assert (reply.error_code, reply.status) == (code, code // 100)
        assert named in reply.json["message"] + reply.headers.get("X-Sinch-Simulator-Hint", "")
        assert (await admin.sim.control("GET", "/numbers"), await admin.sim.control("GET", "/applications")) == before


async def test_a_number_that_takes_no_texts_gets_none() -> None:
    async with administration() as admin:
        groups = await admin.got("GET", SHOP)
        [only_voice, *_] = [each["groupId"] for each in groups if each["capabilities"] == ["voice"]]
        reference = (await admin.got("PUT", SHOP, {"groupId": only_voice, "quantity": 1}))["referenceId"]
        await admin.got("POST", SHOP, {"referenceIds": [reference]})
        [number] = [each for each in await admin.numbers() if each != OWN]
        reply = await admin.ask("PUT", f"{OF_APPLICATION}/sms", {"numbers": [number]})
        assert (reply.error_code, reply.json["message"]) == (40001, "Invalid capability 'sms'")


@pytest.mark.parametrize(
    ("email", "password", "authorization", "code"),
    [
        ("nobody@example.com", PASSWORD, PUBLIC, 40108),
        (EMAIL, "wrong", PUBLIC, 40108),
        (EMAIL, PASSWORD, f"Application {DEFAULT_KEY}", 40108),
        (EMAIL, PASSWORD, "Basic YTpi", 40301),
    ],
)
async def test_a_wrong_login_is_refused(email: str, password: str, authorization: str, code: int) -> None:
    async with wired() as sim:
        reply = await log_in(sim, email, password, authorization)
        assert (reply.status, reply.error_code) == (code // 100, code)


def test_the_newest_thousand_logins_and_instances_are_known() -> None:
    application = Application.generated("a", "", 1)
    machine = AdministrationMachine(WorldData(applications={"a": application}))
    logins = [machine.log_in(application) for _ in range(1001)]
    instances = [machine.open_instance(application, 0).id for _ in range(1001)]
    assert list(machine.logins) == logins[1:]
    assert list(machine.instances) == instances[1:]


async def test_a_login_is_what_the_answer_to_it_said() -> None:
    async with wired() as sim:
        assert (await open_instance(sim, "made-up:login")).error_code == 40108
        authorization = (await log_in(sim)).json["authorization"]
        headers = {"Authorization": f"User {authorization}", "x-timestamp": TIMESTAMP}
        reply = await sim.request("POST", "/v1/instance", {"authorization": authorization}, headers=headers)
        assert (reply.error_code, "version" in reply.json["message"]) == (40002, True)


async def test_a_signature_of_another_secret_and_other_schemes_are_refused() -> None:
    async with administration() as admin:
        reply = await admin.ask("GET", NUMBERS, secret="bm90IHRoZSBzZWNyZXQ=")
        assert (reply.status, reply.error_code) == (401, 40102)
        assert (await admin.sim.rest("GET", NUMBERS)).json["message"] == (
            "The authorization scheme 'instance' is required."
        )
        assert (await admin.sim.request("GET", NUMBERS)).error_code == 40100
        headers = {"Authorization": "Instance nobody:c2ln", "x-timestamp": TIMESTAMP}
        assert (await admin.sim.request("GET", NUMBERS, headers=headers)).error_code == 40108
        unsigned = {"Authorization": f"Instance {admin.instance['id']}:c2ln"}
        assert (await admin.sim.request("GET", NUMBERS, headers=unsigned)).error_code == 40101


async def test_reports_of_calls_are_where_they_were() -> None:
    async with wired() as sim:
        reply = await sim.rest("GET", "/v1/users/number/+14045550100/calls")
        assert reply.status == 200
