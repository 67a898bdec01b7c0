"""The Verification API as an app meets it: starts, reports, status, and every refusal."""

from typing import Any

import pytest

from support.verifying import ANNA, BASIC, PUBLIC, VERIFICATIONS, ask, identity, report, seen, start, started
from support.wired_world import BEN, Json, Reply, Wired, wired

HINT = "X-Sinch-Simulator-Hint"


def error(reply: Reply) -> tuple[int, int]:
    assert set(reply.json) == {"errorCode", "message", "reference"}
    return reply.status, reply.json["errorCode"]


# ---- starts


@pytest.mark.parametrize("how", ["sms", "flashcall", "callout", "seamless", "whatsapp"])
async def test_a_start_is_answered_with_what_sdks_need(how: str) -> None:
    async with wired(callback_url=None) as sim:
        reply = await start(sim, how)
        verification = await seen(sim, reply.json["id"])
        body = reply.json
        href = f"{sim.server.url}{VERIFICATIONS}/id/{body.pop('id')}"
        links = [{"rel": "status", "href": href, "method": "GET"}, {"rel": "report", "href": href, "method": "PUT"}]
        about: dict[str, Any] = {
            "sms": {
                "template": "Your verification code is {{CODE}}",
                "interceptionTimeout": 300,
                "codeType": "Numeric",
            },
            "flashcall": {
                "cliFilter": verification["cliFilter"],
                "interceptionTimeout": 45,
                "reportTimeout": 75,
                "denyCallAfter": 0,
                "callId": verification["id"],
            },
            "seamless": {"targetUri": verification["targetUri"]},
            "whatsapp": {"codeType": "Numeric"},
        }
        name = "flashCall" if how == "flashcall" else how
        assert body == {"method": how, "_links": links, **({name: about[how]} if how in about else {})}
        assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
        assert reply.headers.get("Content-Language") == ("en-US" if how in ("sms", "whatsapp") else None)


async def test_options_and_language_of_a_signed_request_count() -> None:
    async with wired(callback_url=None) as sim:
        options = {"codeType": "Alphanumeric", "expiry": "00:01:00", "locale": "es-ES"}
        reply = await start(sim, smsOptions=options)
        assert reply.json["sms"] == {
            "template": "Tu código de verificación es {{CODE}}.",
            "interceptionTimeout": 60,
            "codeType": "Alphanumeric",
        }
        assert reply.headers["Content-Language"] == "es-ES"
        body = {"identity": identity(), "method": "sms", "smsOptions": {"template": "{{CODE}} is it"}}
        reply = await ask(sim, "POST", "", body, **{"Accept-Language": "xx,sv-SE;q=0.5"})
        assert (reply.headers["Content-Language"], reply.json["sms"]["template"]) == ("sv-SE", "{{CODE}} is it")
        assert await sim.codes() == []
        reply = await ask(sim, "POST", "", {**body, "smsOptions": None}, **{"Accept-Language": "xx"})
        assert (reply.headers["Content-Language"], await sim.codes()) == ("en-US", ["VERIFICATION_LANGUAGE_FALLBACK"])
        flash = await start(sim, "flashcall", flashCallOptions={"dialTimeout": 10, "interceptionTimeout": 20})
        assert (flash.json["flashCall"]["interceptionTimeout"], flash.json["flashCall"]["reportTimeout"]) == (20, 50)


@pytest.mark.parametrize("path", [VERIFICATIONS, f"{VERIFICATIONS}/", "/VERIFICATION/v1/Verifications"])
async def test_a_path_is_known_with_a_slash_and_in_any_case(path: str) -> None:
    async with wired(callback_url=None) as sim:
        reply = await sim.rest("POST", path, {"identity": identity(), "method": "sms"})
        assert reply.status == 200


@pytest.mark.parametrize("written", ["flashCall", "SMS", "Callout"])
async def test_a_method_is_taken_in_any_case_answered_as_the_platform_writes_it_and_told(written: str) -> None:
    async with wired(callback_url=None) as sim:
        reply = await start(sim, written)
        assert reply.json["method"] == written.lower()
        assert await sim.codes() == ["VERIFICATION_METHOD_CASE"]


async def test_links_point_at_the_host_that_was_asked() -> None:
    async with wired(callback_url=None) as sim:
        body = {"identity": identity(), "method": "seamless"}
        reply = await ask(sim, "POST", "", body, Host="verification.api.sinch.com")
        assert reply.json["_links"][0]["href"].startswith("https://verification.api.sinch.com/verification/v1/")
        assert reply.json["seamless"]["targetUri"].startswith("https://verification.api.sinch.com/verification/v1/")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (None, 40003, ""),
        ([], 40003, ""),
        ({"method": "sms"}, 40002, "identity"),
        ({"identity": {}, "method": "sms"}, 40002, "identity.type"),
        ({"identity": {"type": "number"}, "method": "sms"}, 40002, "identity.endpoint"),
        ({"identity": {"type": "email", "endpoint": ANNA}, "method": "sms"}, 40001, "identity.type"),
        ({"identity": ANNA, "method": "sms"}, 40001, "identity"),
        ({"identity": identity("46700000001"), "method": "sms"}, 40001, "identity.endpoint"),
        ({"identity": identity("+4813"), "method": "sms"}, 40001, "identity.endpoint"),
        ({"identity": identity("+4670000000112345"), "method": "sms"}, 40001, "identity.endpoint"),
        ({"identity": identity("+0700000001"), "method": "sms"}, 40001, "identity.endpoint"),
        ({"identity": identity("+46seven"), "method": "sms"}, 40001, "identity.endpoint"),
        ({"identity": identity()}, 40002, "method"),
        ({"identity": identity(), "method": "auto"}, 40001, "method"),
        ({"identity": identity(), "method": 1}, 40001, "method"),
        ({"identity": identity(), "method": "sms", "custom": "c" * 4097}, 40001, "custom"),
        ({"identity": identity(), "method": "sms", "reference": 7}, 40001, "reference"),
        ({"identity": identity(), "method": "sms", "smsOptions": {"codeType": "Hex"}}, 40001, "smsOptions.codeType"),
        ({"identity": identity(), "method": "sms", "smsOptions": {"expiry": "60"}}, 40001, "smsOptions.expiry"),
        (
            {"identity": identity(), "method": "flashcall", "flashCallOptions": {"dialTimeout": 121}},
            40001,
            "flashCallOptions.dialTimeout",
        ),
        (
            {"identity": identity(), "method": "flashcall", "flashCallOptions": {"interceptionTimeout": "10"}},
            40001,
            "flashCallOptions.interceptionTimeout",
        ),
        (
            {"identity": identity(), "method": "callout", "calloutOptions": {"speech": {"locale": "?"}}},
            40001,
            "calloutOptions.speech.locale",
        ),
    ],
)
async def test_a_start_that_cannot_be_is_refused_by_name_and_changes_nothing(body: Any, code: int, field: str) -> None:
    async with wired(callback_url=None) as sim:
        before = await started(sim)
        reply = await ask(sim, "POST", "", body)
        assert error(reply) == (400, code)
        assert field in reply.json["message"]
        assert field == "" or reply.headers[HINT]
        assert (await sim.control("GET", "/verifications"))["verifications"] == [before]


@pytest.mark.parametrize("method", ["sms", "flashCall"])
async def test_options_under_the_name_of_the_method_are_told_where_they_belong(method: str) -> None:
    async with wired(callback_url=None) as sim:
        await ask(sim, "POST", "", {"identity": identity(), "method": method, method: {"expiry": "00:01:00"}})
        found = [one for one in (await sim.control("GET", "/diagnostics"))["diagnostics"] if one["path"] == method]
        assert [(one["code"], one["hint"]) for one in found] == [("UNKNOWN_PROPERTY", f"write {method}Options")]


async def test_the_words_of_the_platform_come_first() -> None:
    async with wired(callback_url=None) as sim:
        reply = await start(sim, number="+4813")
        assert reply.json["message"] == "Number +4813 is invalid. Too short. (identity.endpoint)"
        assert reply.headers[HINT].startswith("expected an E.164 number")


async def test_a_reference_is_given_once() -> None:
    async with wired(callback_url=None) as sim:
        assert (await start(sim, reference="r")).status == 200
        reply = await start(sim, number=BEN, reference="r")
        assert error(reply) == (409, 40900)
        assert "reference" in reply.headers[HINT]
        other = await sim.application(callbackUrl=None, world="default")
        body = {"identity": identity(), "method": "sms", "reference": "r"}
        assert (await sim.rest("POST", VERIFICATIONS, body, key=other["key"], secret=other["secret"])).status == 200


@pytest.mark.parametrize(
    ("limits", "status", "code"),
    [({"barred": ["+46*"]}, 403, 40300), ({"credit": 0}, 402, 40200)],
)
async def test_an_account_may_not_verify_everybody(limits: Json, status: int, code: int) -> None:
    async with wired(callback_url=None) as sim:
        await sim.control("PATCH", f"/applications/{sim.server.worlds.default.applications[0].key}", limits)
        assert error(await start(sim)) == (status, code)
        assert (await sim.control("GET", "/verifications"))["verifications"] == []


async def test_mobile_data_is_not_to_be_had_everywhere() -> None:
    async with wired(callback_url=None) as sim:
        reply = await start(sim, "seamless", "+17818880008")
        assert (error(reply), reply.json["message"]) == (
            (403, 40300),
            "Seamless verification not available for given destination.",
        )


CODES = (
    *(40001, 40002, 40003, 40004, 40005, 40100, 40101, 40102, 40104, 40107, 40200, 40300, 40303, 40400, 40900),
    *(42200, 42201, 42202, 42900, 42901, 50000, 50300, 50301),
)


@pytest.mark.parametrize("code", CODES)
async def test_every_error_code_can_be_met_by_a_fault_rule(code: int) -> None:
    async with wired(callback_url=None) as sim:
        rule = {"on": "rest", "match": {"product": "verification"}, "do": {"errorCode": code}}
        await sim.control("POST", "/faults", rule)
        refused = await start(sim)
        assert error(refused) == (code // 100, code)
        assert refused.json["message"]
        assert (await sim.control("GET", "/verifications"))["verifications"] == []


async def test_a_fault_says_what_the_platform_says() -> None:
    async with wired(callback_url=None) as sim:
        rule = {"on": "rest", "match": {"product": "verification"}, "do": {"errorCode": 42901}}
        await sim.control("POST", "/faults", rule)
        refused = await start(sim)
        assert refused.json["message"] == "Cannot initiate verification to the same number too quickly"


# ---- reports


async def test_a_right_code_is_reported_by_id_or_by_number() -> None:
    async with wired(callback_url=None) as sim:
        first = await started(sim, reference="r 1", custom="c")
        reply = await report(sim, first)
        assert (reply.status, reply.json) == (
            200,
            {"id": first["id"], "method": "sms", "status": "SUCCESSFUL", "reference": "r 1"},
        )
        second = await started(sim)
        body = {"method": "SMS", "SMS": {"code": second["code"], "cli": "Sinch"}, "flashCall": None, "source": "log"}
        for number in ("+46700000001", "%2B46700000001", "+46%2070-000%20000%201"):
            reply = await ask(sim, "PUT", f"/number/{number}", body, level=BASIC)
            assert (reply.status, reply.json["status"], reply.json["source"]) == (200, "SUCCESSFUL", "log")


async def test_a_flash_call_is_reported_by_the_number_that_rang() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, "flashCall")
        reply = await report(sim, verification)
        assert reply.json == {
            "id": verification["id"], "method": "flashcall", "status": "SUCCESSFUL", "callComplete": True
        }  # fmt: skip


async def test_a_wrong_report_is_an_error_and_the_third_is_the_last() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim)
        for left in (2, 1, 0):
            reply = await report(sim, verification, "wrong")
            assert (error(reply), reply.json["message"]) == ((400, 40003), "Invalid identity or code.")
            assert "sms.code" in reply.headers[HINT]
            assert (await seen(sim, verification["id"]))["attemptsLeft"] == left
        reply = await report(sim, verification)
        assert (reply.status, reply.json["status"], reply.json["reason"]) == (200, "FAIL", "Invalid code")
        assert await sim.codes() == ["VERIFICATION_WRONG_CODE"] * 3 + ["VERIFICATION_REPORT_AFTER_END"]


async def test_a_late_report_is_answered_with_what_has_become_of_it() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, "flashcall")
        await sim.advance(75)
        reply = await report(sim, verification)
        assert (reply.status, reply.json["status"], reply.json["reason"]) == (200, "FAIL", "Expired")
        verification = await started(sim)
        await report(sim, verification)
        reply = await report(sim, verification, "anything")
        assert (reply.status, reply.json["status"]) == (200, "SUCCESSFUL")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (None, 40003, ""),
        ({}, 40002, "method"),
        ({"method": "sms"}, 40002, "sms"),
        ({"method": "sms", "sms": None}, 40002, "sms"),
        ({"method": "sms", "sms": {}}, 40002, "sms.code"),
        ({"method": "sms", "sms": {"code": None}}, 40002, "sms.code"),
        ({"method": "sms", "sms": {"code": 1234}}, 40001, "sms.code"),
        ({"method": "sms", "sms": {"code": " "}}, 40001, "sms.code"),
        ({"method": "sms", "sms": "1234"}, 40001, "sms"),
        ({"method": "flashcall", "sms": {"code": "1"}}, 40002, "flashCall"),
        ({"method": "seamless"}, 40001, "method"),
        ({"method": "whatsapp", "whatsapp": {"code": "1234"}}, 40003, ""),
    ],
)
async def test_a_report_that_cannot_be_is_refused_by_name_and_costs_no_attempt(
    body: Any, code: int, field: str
) -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim)
        for path in (f"/id/{verification['id']}", f"/number/{ANNA}"):
            reply = await ask(sim, "PUT", path, body)
            assert error(reply) == (400, code)
            assert field in reply.json["message"]
        assert (await seen(sim, verification["id"]))["attempts"] == 0


@pytest.mark.parametrize(("how", "hint"), [("seamless", "targetUri"), ("callout", "key")])
async def test_what_is_not_proven_by_a_report_cannot_be_reported(how: str, hint: str) -> None:
    async with wired() as sim:
        await allowing(sim, callout={"pin": "1"})
        verification = await started(sim, how)
        await sim.advance(3)
        method = "callout" if how == "callout" else "sms"
        reply = await ask(sim, "PUT", f"/id/{verification['id']}", {"method": method, method: {"code": "1234"}})
        assert error(reply) == (400, 40003)
        assert hint in reply.headers[HINT] or how == "seamless"
        assert (await seen(sim, verification["id"]))["status"] == "PENDING"


async def allowing(sim: Wired, **reply: Any) -> None:
    """Lets the webhook allow verifications, and have their events."""
    key = sim.server.worlds.default.applications[0].key
    await sim.control("PATCH", f"/applications/{key}", {"verificationCallbackUrl": sim.webhook.url})
    sim.webhook.on("VerificationRequestEvent", {"action": "allow", **reply})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/id/nothing", 404),
        ("PUT", f"/number/{BEN}", 404),
        ("PUT", "/number/46", 400),
        ("GET", "/id/nothing", 404),
        ("GET", "/reference/nothing", 404),
        ("GET", f"/sms/number/{BEN}", 404),
        ("GET", f"/flashcall/number/{ANNA}", 404),
        ("GET", f"/fax/number/{ANNA}", 404),
        ("GET", f"/number/{ANNA}", 404),
        ("GET", "/sms/number/abc", 400),
        ("GET", "", 405),
        ("DELETE", "/id/nothing", 405),
        ("GET", "/somewhere/else/entirely/x", 404),
        ("PATCH", f"/number/{BEN}", 404),
    ],
)
async def test_what_is_not_there_is_said_so(method: str, path: str, status: int) -> None:
    async with wired(callback_url=None) as sim:
        await started(sim)
        reply = await ask(sim, method, path, {"method": "sms", "sms": {"code": "1"}} if method != "GET" else None)
        assert error(reply)[0] == status
        assert reply.headers.get(HINT) or status == 400


async def test_an_android_app_may_tell_how_its_interception_went() -> None:
    async with wired(callback_url=None) as sim:
        await started(sim, "flashcall")
        body = {"method": "flashcall", "data": {"lateCall": False, "noCall": True}}
        reply = await ask(sim, "PATCH", f"/number/{ANNA}", body, level=PUBLIC)
        assert (reply.status, reply.raw) == (200, b"")


# ---- status


async def test_a_status_is_found_by_id_reference_and_number() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, reference="r 1/ä")
        found = [
            await ask(sim, "GET", path, signed=VERIFICATIONS + (decoded or path))
            for path, decoded in (
                (f"/id/{verification['id']}", ""),
                ("/reference/r%201%2F%C3%A4", "/reference/r 1/ä"),
                ("/reference/r%201/%C3%A4", "/reference/r 1/ä"),
                (f"/sms/number/{ANNA}", ""),
                ("/SMS/number/%2B46700000001", f"/SMS/number/{ANNA}"),
            )
        ]
        assert [reply.status for reply in found] == [200] * 5
        assert all(reply.json == found[0].json for reply in found)
        assert found[0].json == {
            "id": verification["id"],
            "method": "sms",
            "status": "PENDING",
            "reference": "r 1/ä",
            "identity": {"type": "number", "endpoint": ANNA},
            "countryId": "SE",
            "verificationTimestamp": "2025-01-15T10:30:00.0000000",
        }


async def test_the_status_of_a_call_says_how_the_call_went_and_what_it_cost() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, "callout")
        status = (await ask(sim, "GET", f"/id/{verification['id']}")).json
        assert (status["callComplete"], "callResult" in status, "price" in status) == (False, False, False)
        await sim.advance(30)
        await report(sim, verification)
        status = (await ask(sim, "GET", f"/id/{verification['id']}")).json
        assert (status["callComplete"], status["callResult"]) == (True, "COMPLETED")
        assert status["price"] == {
            "verificationPrice": {"currencyId": "USD", "amount": 0.0412},
            "terminationPrice": {"currencyId": "USD", "amount": 0.0},
            "billableDuration": 6,
        }


async def test_another_applications_verification_is_not_found() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim, reference="mine")
        other = await sim.application(world="default")
        for path in (f"/id/{verification['id']}", "/reference/mine", f"/sms/number/{ANNA}"):
            reply = await sim.rest("GET", VERIFICATIONS + path, key=other["key"], secret=other["secret"])
            assert error(reply) == (404, 40400)


# ---- mobile data


@pytest.mark.parametrize(("data", "status"), [("carrier", "SUCCESSFUL"), ("wifi", "FAIL"), (BEN, "FAIL")])
async def test_a_device_follows_the_target_to_its_end(data: str, status: str) -> None:
    async with wired(callback_url=None) as sim:
        await sim.control("PUT", f"/phones/{ANNA}", {"data": data})
        target = (await start(sim, "seamless")).json["seamless"]["targetUri"]
        assert target.startswith(sim.server.url)
        async with sim.session.get(target) as response:
            assert (response.status, len(response.history)) == (200, 1)
            assert (await response.json())["status"] == status
        async with sim.session.get(target) as response:
            assert (await response.json())["status"] == status


async def test_a_target_of_nobody_is_not_found() -> None:
    async with wired(callback_url=None) as sim:
        verification = await started(sim)
        key = verification["applicationKey"]
        for path in (f"nobody/{verification['id']}", f"{key}/nothing", f"{key}/{verification['id']}"):
            reply = await sim.request("GET", f"/verification/v1/data/{path}")
            assert error(reply) == (404, 40400)
