"""Numbers are searched, rented, configured and released by REST (docs/platform/numbers.md#3 and #4)."""

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from support.numbers_api import NumbersApi, numbers_api, provisioning, quoted
from support.wired_world import Json, basic


async def rings(api: NumbersApi, number: str) -> bool:
    """Whether a call to a number comes to the app."""
    before = len(api.sim.webhook.posted)
    await api.sim.dial(to=number)
    return "ice" in api.sim.webhook.events[before:]


async def test_a_rented_number_rings_here_once_its_assignment_is_done() -> None:
    async with numbers_api() as api:
        rented = await api.rent(voiceConfiguration=api.calls_to(), smsConfiguration=api.text_to())
        number = rented["phoneNumber"]
        sms, voice = provisioning(rented)
        assert (sms["status"], sms["servicePlanId"]) == ("WAITING", api.application["servicePlanId"])
        assert (voice["status"], voice["appId"]) == ("WAITING", DEFAULT_KEY)
        assert rented["smsConfiguration"]["servicePlanId"] == rented["voiceConfiguration"]["appId"] == ""
        assert not await rings(api, number)

        await api.sim.advance(1)
        assert [each["status"] for each in provisioning(await api.active(number))] == ["IN_PROGRESS", "IN_PROGRESS"]
        await api.sim.advance(1)
        active = await api.active(number)
        assert provisioning(active) == (None, None)
        assert active["smsConfiguration"]["servicePlanId"] == api.application["servicePlanId"]
        assert active["voiceConfiguration"]["appId"] == DEFAULT_KEY
        assert await rings(api, number)


async def test_a_rented_number_has_the_documented_fields() -> None:
    async with numbers_api(begins_at_ms=1_738_317_600_000) as api:  # the end of January
        rented = await api.rent(callbackUrl="http://127.0.0.1:9/events")
        number = rented["phoneNumber"]
        assert rented == {
            "phoneNumber": number,
            "projectId": api.application["projectId"],
            "displayName": "",
            "regionCode": "US",
            "type": "LOCAL",
            "capability": ["SMS", "VOICE"],
            "money": {"currencyCode": "EUR", "amount": "0.80"},
            "paymentIntervalMonths": 1,
            "nextChargeDate": "2025-02-28T10:00:00.000000Z",
            "expireAt": None,
            "smsConfiguration": {"servicePlanId": "", "campaignId": "", "scheduledProvisioning": None},
            "voiceConfiguration": {
                "type": "RTC",
                "appId": "",
                "trunkId": "",
                "serviceId": "",
                "lastUpdatedTime": None,
                "scheduledVoiceProvisioning": None,
            },
            "callbackUrl": "http://127.0.0.1:9/events",
        }
        assert await api.active(number) == rented
        assert await api.got("GET", f"/activeNumbers/{quoted(number)}") == rented


async def test_a_search_says_what_a_number_costs_and_can_do() -> None:
    async with numbers_api() as api:
        [number] = (await api.got("GET", "/availableNumbers?regionCode=SE&type=LOCAL&size=1"))["availableNumbers"]
        assert number == {
            "phoneNumber": number["phoneNumber"],
            "regionCode": "SE",
            "type": "LOCAL",
            "capability": ["VOICE"],
            "setupPrice": {"currencyCode": "EUR", "amount": "0.00"},
            "monthlyPrice": {"currencyCode": "EUR", "amount": "1.00"},
            "paymentIntervalMonths": 1,
            "supportingDocumentationRequired": False,
        }
        assert await api.got("GET", f"/availableNumbers/{number['phoneNumber']}") == number


@pytest.mark.parametrize(
    ("query", "begin", "end", "count"),
    [
        ("regionCode=US&type=LOCAL", "+1", "", 10),
        ("regionCode=US&type=LOCAL&size=3&capabilities=SMS&capabilities=VOICE", "+1", "", 3),
        ("regionCode=US&type=LOCAL&numberPattern.pattern=+1201&numberPattern.searchPattern=START", "+1201", "", 10),
        ("regionCode=US&type=LOCAL&numberPattern.pattern=%2B1201", "+1201", "", 10),
        ("regionCode=US&type=LOCAL&numberPattern.pattern=201", "+1201", "", 10),
        ("regionCode=US&type=LOCAL&pattern=7654321&searchPattern=END&size=2", "+1", "7654321", 2),
        ("regionCode=SE&type=MOBILE&capability=SMS", "+467", "", 10),
        ("regionCode=US&type=TOLL_FREE&capabilities=SMS", "", "", 0),
        ("regionCode=US&type=MOBILE", "", "", 0),
        ("regionCode=FR&type=MOBILE", "", "", 0),
    ],
)
async def test_a_search_is_narrowed(query: str, begin: str, end: str, count: int) -> None:
    async with numbers_api() as api:
        rows = (await api.got("GET", f"/availableNumbers?{query}"))["availableNumbers"]
        found = [each["phoneNumber"] for each in rows]
        assert len(found) == count
        assert all(number.startswith(begin) and number.endswith(end) for number in found)


async def test_without_a_type_mobile_numbers_are_searched_and_the_developer_is_told() -> None:
    async with numbers_api() as api:
        found = await api.got("GET", "/availableNumbers?regionCode=SE")
        assert {each["type"] for each in found["availableNumbers"]} == {"MOBILE"}
        assert await api.sim.codes() == ["NUMBER_TYPE_DEFAULT"]


async def test_rent_any_takes_the_first_that_fits_and_tells_where_the_platform_might_not() -> None:
    async with numbers_api() as api:
        pattern = {"pattern": "212", "searchPattern": "START"}
        rented = await api.got(
            "POST", "/availableNumbers:rentAny", {"regionCode": "US", "type": "LOCAL", "numberPattern": pattern}
        )
        assert rented["phoneNumber"].startswith("+1212")
        assert await api.sim.codes() == []
        swedish = await api.got("POST", "/availableNumbers:rentAny", {"regionCode": "SE", "type": "MOBILE"})
        assert (swedish["regionCode"], swedish["type"]) == ("SE", "MOBILE")
        assert await api.sim.codes() == ["RENT_ANY_REGION"]
        body = {"regionCode": "US", "type": "TOLL_FREE", "capabilities": ["SMS"]}
        reply = await api.ask("POST", "/availableNumbers:rentAny", body)
        assert (reply.status, reply.json["error"]["status"]) == (404, "NOT_FOUND")


async def test_the_regions_are_listed_by_type() -> None:
    async with numbers_api() as api:
        regions = (await api.got("GET", "/availableRegions"))["availableRegions"]
        assert [(each["regionCode"], each["types"]) for each in regions] == [
            ("AU", ["MOBILE"]),
            ("GB", ["LOCAL", "MOBILE"]),
            ("SE", ["LOCAL", "MOBILE"]),
            ("US", ["TOLL_FREE", "LOCAL"]),
        ]
        assert regions[2]["regionName"] == "Sweden"
        some = await api.got("GET", "/availableRegions?types=TOLL_FREE&types=MOBILE")
        assert [each["types"] for each in some["availableRegions"]] == [*([["MOBILE"]] * 3), ["TOLL_FREE"]]


async def test_a_number_is_rented_once_and_is_free_again_when_it_is_released() -> None:
    async with numbers_api() as api:
        rented = await api.rent(voiceConfiguration=api.calls_to())
        number = rented["phoneNumber"]
        assert number not in await api.available()
        for method, path in (("POST", f"/availableNumbers/{number}:rent"), ("GET", f"/availableNumbers/{number}")):
            reply = await api.ask(method, path)
            assert reply.status == 404
            [detail] = reply.json["error"]["details"]
            assert (detail["resourceType"], detail["resourceName"]) == ("AvailableNumber", number)
        await api.sim.advance(2)
        released = await api.got("POST", f"/activeNumbers/{number}:release")
        assert released["expireAt"] == released["nextChargeDate"] == rented["nextChargeDate"]
        gone = await api.ask("GET", f"/activeNumbers/{number}")
        assert (gone.status, gone.json["error"]["details"][0]["resourceType"]) == (404, "ActiveNumber")
        assert await api.listed() == [DEFAULT_NUMBER]
        assert not await rings(api, number)
        assert number in await api.available()
        again = await api.got("POST", f"/availableNumbers/{number}:rent")
        assert again["voiceConfiguration"]["appId"] == ""


async def test_the_numbers_of_an_application_are_active_from_the_start() -> None:
    async with numbers_api() as api:
        active = await api.active(DEFAULT_NUMBER)
        assert provisioning(active) == (None, None)
        assert active["smsConfiguration"]["servicePlanId"] == api.application["servicePlanId"]
        assert active["voiceConfiguration"]["appId"] == DEFAULT_KEY
        assert (active["regionCode"], active["type"]) == ("US", "LOCAL")
        await api.got("POST", f"/activeNumbers/{DEFAULT_NUMBER}:release")
        assert (await api.sim.control("GET", f"/applications/{DEFAULT_KEY}"))["numbers"] == []
        await api.sim.control("POST", "/reset")
        assert (await api.sim.control("GET", f"/applications/{DEFAULT_KEY}"))["numbers"] == [DEFAULT_NUMBER]


async def test_an_empty_id_takes_away_at_once() -> None:
    async with numbers_api() as api:
        body = {"smsConfiguration": {"servicePlanId": ""}, "voiceConfiguration": {"appId": ""}}
        changed = await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", body)
        assert changed["smsConfiguration"]["servicePlanId"] == changed["voiceConfiguration"]["appId"] == ""
        assert provisioning(changed) == (None, None)
        rows = (await api.sim.rest("GET", "/v1/configuration/numbers")).json["numbers"]
        assert rows == [{"number": DEFAULT_NUMBER, "capability": "voice"}]


async def test_what_is_there_already_needs_no_time() -> None:
    async with numbers_api() as api:
        active = await api.active(DEFAULT_NUMBER)
        body = {name: active[name] for name in ("smsConfiguration", "voiceConfiguration", "callbackUrl")}
        body["displayName"] = "Reception"
        changed = await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", body)
        assert changed == {**active, "displayName": "Reception"}
        assert await api.sim.codes() == []


async def test_a_number_moves_to_another_application_and_the_developer_is_told() -> None:
    async with numbers_api() as api:
        other = await api.sim.application(world="default")
        calls, texts = api.calls_to(other["key"]), {"servicePlanId": other["servicePlanId"]}
        body = {"voiceConfiguration": calls, "smsConfiguration": texts}
        changed = await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", body)
        assert changed["voiceConfiguration"]["appId"] == DEFAULT_KEY
        assert await api.sim.codes() == ["NUMBER_RELINKED", "NUMBER_RELINKED"]
        await api.sim.advance(2)
        assert (await api.sim.dial(to=DEFAULT_NUMBER))["applicationKey"] == other["key"]
        assert (await api.active(DEFAULT_NUMBER))["smsConfiguration"]["servicePlanId"] == other["servicePlanId"]


@pytest.mark.parametrize(("type_", "name"), [("EST", "trunkId"), ("FAX", "serviceId")])
async def test_a_number_may_lead_to_a_trunk_or_a_fax_service(type_: str, name: str) -> None:
    async with numbers_api() as api:
        body = {"voiceConfiguration": {"type": type_, name: "T1"}}
        changed = await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", body)
        voice = changed["voiceConfiguration"]
        assert (voice["type"], voice["scheduledVoiceProvisioning"]["type"]) == ("RTC", type_)
        await api.sim.advance(2)
        voice = (await api.active(DEFAULT_NUMBER))["voiceConfiguration"]
        assert (voice["type"], voice[name], voice["appId"]) == (type_, "T1", "")
        assert voice["lastUpdatedTime"] == "2025-01-15T10:30:02.000000Z"
        assert not await rings(api, DEFAULT_NUMBER)
        await api.sim.rest("POST", "/v1/configuration/numbers", {"numbers": [DEFAULT_NUMBER]})
        assert (await api.active(DEFAULT_NUMBER))["voiceConfiguration"]["type"] == "RTC"


async def test_an_assignment_takes_as_long_and_fails_as_the_application_says() -> None:
    async with numbers_api() as api:
        await api.sim.control(
            "PATCH",
            f"/applications/{DEFAULT_KEY}",
            {"provisioning": {"after": 60, "sms": "INSUFFICIENT_BALANCE", "voice": "INTERNAL_ERROR"}},
        )
        number = (await api.rent(voiceConfiguration=api.calls_to(), smsConfiguration=api.text_to()))["phoneNumber"]
        await api.sim.advance(59)
        assert [each["status"] for each in provisioning(await api.active(number))] == ["IN_PROGRESS", "IN_PROGRESS"]
        await api.sim.advance(1)
        active = await api.active(number)
        sms, voice = provisioning(active)
        assert (sms["status"], sms["errorCodes"]) == ("FAILED", ["INSUFFICIENT_BALANCE"])
        assert voice["status"] == "FAILED"
        assert active["smsConfiguration"]["servicePlanId"] == active["voiceConfiguration"]["appId"] == ""
        found = (await api.sim.control("GET", "/diagnostics"))["diagnostics"]
        assert [(each["code"], each["severity"]) for each in found] == [("PROVISIONING_FAILED", "info")] * 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"smsConfiguration": {"servicePlanId": "nobody"}}, "SMS_PROVISIONING_FAILED"),
        ({"voiceConfiguration": {"appId": "nobody"}}, None),
    ],
)
async def test_an_assignment_to_nobody_fails_and_says_why(body: Json, code: str | None) -> None:
    async with numbers_api() as api:
        number = (await api.rent(**body))["phoneNumber"]
        await api.sim.advance(2)
        sms, voice = provisioning(await api.active(number))
        assert (sms or voice)["status"] == "FAILED"
        assert sms is None or sms["errorCodes"] == [code]
        [finding] = (await api.sim.control("GET", "/diagnostics"))["diagnostics"]
        assert (finding["code"], finding["severity"]) == ("PROVISIONING_FAILED", "warning")
        assert finding["number"] == number
        assert "nobody" in finding["message"]


async def test_a_number_without_texts_is_assigned_to_no_service_plan() -> None:
    async with numbers_api() as api:
        number = (await api.rent(type_="TOLL_FREE", smsConfiguration=api.text_to()))["phoneNumber"]
        await api.sim.advance(2)
        sms, _ = provisioning(await api.active(number))
        assert (sms["status"], sms["errorCodes"]) == ("FAILED", ["SMS_PROVISIONING_FAILED"])
        [finding] = (await api.sim.control("GET", "/diagnostics"))["diagnostics"]
        assert "takes no texts" in finding["message"]


async def test_the_voice_configuration_sees_the_same_numbers() -> None:
    async with numbers_api() as api:
        number = (await api.rent())["phoneNumber"]
        rows = (await api.sim.rest("GET", "/v1/configuration/numbers")).json["numbers"]
        assert {"number": number, "capability": "voice"} in rows
        await api.sim.rest("POST", "/v1/configuration/numbers", {"numbers": [number]})
        assert (await api.active(number))["voiceConfiguration"]["appId"] == DEFAULT_KEY
        assert await rings(api, number)


async def test_reset_drops_rented_numbers_and_what_was_under_way() -> None:
    async with numbers_api() as api:
        number = (await api.rent(voiceConfiguration=api.calls_to()))["phoneNumber"]
        await api.got("PATCH", "/callbackConfiguration", {"hmacSecret": "secret"})
        await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", {"displayName": "Reception"})
        await api.sim.control("POST", "/reset")
        assert await api.listed("?type=LOCAL") == [DEFAULT_NUMBER]
        assert (await api.active(DEFAULT_NUMBER))["displayName"] == ""
        assert (await api.got("GET", "/callbackConfiguration"))["hmacSecret"] == ""
        assert number in await api.available()
        await api.sim.advance(5)
        assert await api.sim.codes() == []


async def test_no_two_applications_of_any_world_get_the_same_number() -> None:
    async with numbers_api() as api:
        other = NumbersApi(api.sim, await api.sim.application())
        mine, theirs = await api.rent(), await other.rent()
        assert mine["phoneNumber"] != theirs["phoneNumber"]
        wanted = {"numbers": [mine["phoneNumber"]]}
        for method, path in (("POST", "/applications"), ("PATCH", f"/applications/{other.application['key']}")):
            reply = await api.sim.request(method, f"/_simulator{path}", wanted)
            assert (reply.status, reply.error["code"]) == (409, "number_in_use")
        await api.sim.control("DELETE", f"/applications/{other.application['key']}")
        assert theirs["phoneNumber"] in await api.available()


async def test_a_number_that_answers_no_calls_stays_its_application_s() -> None:
    async with numbers_api() as api:
        number, *_ = await api.available()
        mine = await api.sim.application(world="default", numbers=[number])
        await NumbersApi(api.sim, mine).got("PATCH", f"/activeNumbers/{number}", {"voiceConfiguration": {"appId": ""}})
        assert number not in await api.available()
        assert (await api.ask("POST", f"/availableNumbers/{number}:rent")).status == 404
        reply = await api.sim.request(
            "PATCH", f"/_simulator/applications/{api.application['key']}", {"numbers": [DEFAULT_NUMBER, number]}
        )
        assert (reply.status, reply.error["code"]) == (409, "number_in_use")
        again = await api.sim.control("PATCH", f"/applications/{mine['key']}", {"numbers": [number]})
        assert again["numbers"] == [number]


async def test_a_number_costs_what_is_left_of_the_credit() -> None:
    async with numbers_api() as api:
        await api.sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"credit": 1})
        await api.rent()
        assert (await api.sim.control("GET", f"/applications/{DEFAULT_KEY}"))["credit"] == 0.2
        [number, *_] = await api.available()
        reply = await api.ask("POST", f"/availableNumbers/{number}:rent")
        assert (reply.status, reply.json["error"]["status"]) == (400, "INVALID_ARGUMENT")
        assert "credit" in reply.json["error"]["message"]
        assert await api.listed() == sorted({DEFAULT_NUMBER, *await api.listed()})


async def test_the_control_api_shows_what_each_number_leads_to() -> None:
    async with numbers_api() as api:
        number = (await api.rent("SE", "MOBILE", smsConfiguration=api.text_to()))["phoneNumber"]
        own, rented = (await api.sim.control("GET", f"/numbers?application={DEFAULT_KEY}"))["numbers"]
        assert own == {
            "number": DEFAULT_NUMBER,
            "regionCode": "US",
            "type": "LOCAL",
            "capabilities": ["SMS", "VOICE"],
            "applicationKey": DEFAULT_KEY,
            "projectId": api.application["projectId"],
            "servicePlanId": api.application["servicePlanId"],
            "voice": {"type": "RTC", "id": DEFAULT_KEY},
            "callbackUrl": None,
            "provisioning": {"sms": None, "voice": None},
        }
        assert (rented["number"], rented["regionCode"], rented["voice"], rented["servicePlanId"]) == (
            number, "SE", None, None,
        )  # fmt: skip
        assert rented["provisioning"]["sms"]["status"] == "WAITING"


async def test_an_old_program_finds_the_beta_path() -> None:
    async with numbers_api() as api:
        path = f"/v1beta1/projects/{api.application['projectId']}"
        reply = await api.ask("GET", f"/activeNumbers/{DEFAULT_NUMBER}/", project=path)
        assert (reply.status, reply.json["phoneNumber"]) == (200, DEFAULT_NUMBER)


@pytest.mark.parametrize("user", ["key id", "application key"])
async def test_who_has_no_access_key_of_the_project_is_refused(user: str) -> None:
    async with numbers_api() as api:
        key = api.application["keyId"] if user == "key id" else DEFAULT_KEY
        reply = await api.sim.request("GET", f"{api.project}/activeNumbers", headers=basic(key, "wrong"))
        assert (reply.status, reply.json["error"]["status"]) == (401, "UNAUTHENTICATED")
        other = await api.sim.application()
        refused = await api.ask("GET", "/activeNumbers", project=f"/v1/projects/{other['projectId']}")
        assert (refused.status, refused.json["error"]["status"]) == (403, "PERMISSION_DENIED")
        assert other["projectId"] in refused.json["error"]["message"]
