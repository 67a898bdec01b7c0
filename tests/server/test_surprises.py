"""What the platform accepts without a word and the simulator tells; limits of an account; regions.

Source: docs/platform/gotchas.md#B.
"""

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from support.wired_world import BEN, CONNECT, Json, Wired, tts_callout, wired

CALLOUTS = "/calling/v1/callouts"
SILENT = {"enableAce": False, "enableDice": False}


async def limit(sim: Wired, **limits: object) -> Json:
    return await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", limits)


# ---- diagnostics


async def test_a_callout_without_events_is_told_once_for_each_application() -> None:
    async with wired() as sim:
        for _ in range(3):
            await sim.call_out(**SILENT)
        assert await sim.codes() == ["CALLOUT_EVENTS_DISABLED"]
        await sim.control("POST", "/reset")
        await sim.call_out(**SILENT)
        assert await sim.codes() == ["CALLOUT_EVENTS_DISABLED"]


async def test_events_without_a_callback_url_are_told() -> None:
    async with wired(callback_url=None) as sim:
        await sim.call_out(**SILENT)
        assert await sim.codes() == []
        await sim.call_out()
        [finding] = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        assert (finding["code"], finding["request"]) == ("NO_CALLBACK_URL", f"POST {CALLOUTS}")


async def test_a_leg_of_a_callout_is_ignored_and_told() -> None:
    async with wired() as sim:
        sim.webhook.on("ace", {"action": {"name": "continue"}})
        body = {"method": "customCallout", "customCallout": {"cli": DEFAULT_NUMBER, "destination": to(BEN)}}
        call_id = (await sim.rest("POST", CALLOUTS, body)).json["callId"]
        await sim.advance(3)
        say = {"instructions": [{"name": "say", "text": "Hello", "locale": "en-US"}], "action": {"name": "continue"}}
        assert (await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}/leg/callee", say)).status == 200
        assert "LEG_IGNORED" in await sim.codes()


async def test_a_leg_of_a_bridged_call_is_no_surprise() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        sim.webhook.on("ace", {"action": {"name": "continue"}})
        call = await sim.dial()
        await sim.advance(3)
        say = {"instructions": [{"name": "say", "text": "Hello", "locale": "en-US"}], "action": {"name": "continue"}}
        assert (await sim.rest("PATCH", f"/calling/v1/calls/id/{call['callId']}/leg/callee", say)).status == 200
        assert await sim.codes() == []


@pytest.mark.parametrize(
    ("host", "path", "found"),
    [
        ("calling.localhost", "/v1/configuration/numbers", True),
        ("calling-use1.localhost", "/v1/calling/query/number/+46730170101", True),
        ("callingapi.localhost", "/calling/v1/calls/id/x", True),
        ("callingapi.localhost", "/v1/configuration/numbers", False),
        ("reportingapi.localhost", "/v1/counters/currentcalls", False),
        ("calling.localhost", "/v1/counters/currentcalls", True),
        ("localhost", "/v1/configuration/numbers", False),
    ],
)
async def test_the_host_of_another_product_is_told(host: str, path: str, found: bool) -> None:
    async with wired() as sim:
        await sim.rest("GET", path, headers={"Host": host})
        assert ("WRONG_HOST" in await sim.codes()) is found


async def test_a_refused_signature_is_explained_in_the_header_and_in_the_journal() -> None:
    async with wired() as sim:
        headers = {"Authorization": f"Application {DEFAULT_KEY}:AAAA", "x-timestamp": "2020-01-01T00:00:00Z"}
        reply = await sim.request("POST", CALLOUTS, tts_callout(), headers=headers)
        assert (reply.status, reply.json["errorCode"]) == (401, 40101)
        [finding] = (await sim.control("GET", f"/diagnostics?application={DEFAULT_KEY}"))["diagnostics"]
        assert reply.headers["X-Sinch-Simulator-Hint"].startswith(finding["code"])
        assert finding["request"] == f"POST {CALLOUTS}"


# ---- limits of an account


async def test_without_credit_a_callout_is_refused_and_no_call_is_made() -> None:
    async with wired() as sim:
        shown = await limit(sim, credit=0.001)
        assert shown["credit"] == 0.001
        reply = await sim.rest("POST", CALLOUTS, tts_callout())
        assert (reply.status, reply.json["errorCode"], reply.json["message"]) == (402, 40200, "Not enough credit")
        assert (await sim.control("GET", "/calls"))["calls"] == []
        assert (await limit(sim, credit=None))["credit"] is None
        assert (await sim.rest("POST", CALLOUTS, tts_callout())).status == 200


async def test_calls_use_up_the_credit() -> None:
    async with wired() as sim:
        await limit(sim, credit=0.05)
        await sim.call_out()
        await sim.advance(10)
        assert (await sim.control("GET", f"/applications/{DEFAULT_KEY}"))["credit"] == 0.04


async def test_a_barred_destination_is_forbidden() -> None:
    async with wired() as sim:
        await limit(sim, barred=["+1404*"])
        reply = await sim.rest("POST", CALLOUTS, tts_callout())
        assert (reply.status, reply.json["errorCode"]) == (403, 40300)
        assert BEN in reply.json["message"]


async def test_an_unverified_cli_is_accepted_and_the_call_never_arrives() -> None:
    async with wired() as sim:
        await limit(sim, callerIds=[])
        good = await sim.call_out()
        bad = await sim.call_out(cli="+14045550123")
        assert (await sim.call(good))["status"] == "ONGOING"
        call = await sim.call(bad)
        assert (call["status"], call["result"], call["reason"]) == ("FINAL", "FAILED", "GENERALERROR")
        assert "CLI_UNVERIFIED" in await sim.codes()


async def test_running_out_of_credit_while_a_call_arrives() -> None:
    async with wired() as sim:
        await limit(sim, credit=0)
        sim.webhook.on("ice", CONNECT)
        call = await sim.dial()
        assert (call["result"], call["reason"]) == ("FAILED", "NOCREDITPARTNER")
        shown = (await sim.rest("GET", f"/calling/v1/calls/id/{call['callId']}")).json
        assert (shown["result"], shown["reason"]) == ("FAILED", "NOCREDITPARTNER")


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"credit": "much"}, "credit"),
        ({"barred": "+46*"}, "barred"),
        ({"barred": ["46"]}, "barred[0]"),
        ({"barred": ["+46[0-9]"]}, "barred[0]"),
        ({"callerIds": ["what"]}, "callerIds[0]"),
    ],
)
async def test_limits_that_make_no_sense_are_refused_by_name(limits: Json, named: str) -> None:
    async with wired() as sim:
        before = await sim.control("GET", f"/applications/{DEFAULT_KEY}")
        reply = await sim.request("PATCH", f"/_simulator/applications/{DEFAULT_KEY}", limits)
        assert reply.status == 400
        assert named in reply.error["message"]
        assert await sim.control("GET", f"/applications/{DEFAULT_KEY}") == before


# ---- regions


async def test_the_resource_url_leads_back_to_the_region_where_the_call_lives() -> None:
    async with wired() as sim:
        host = sim.server.url.removeprefix("http://").replace("127.0.0.1", "calling-use1.localhost")
        body = {"method": "customCallout", "customCallout": {"cli": DEFAULT_NUMBER}}
        call_id = (await sim.rest("POST", CALLOUTS, body, headers={"Host": host})).json["callId"]
        await sim.advance(0)
        [ice] = await sim.callbacks(f"?callId={call_id}&event=ice")
        assert ice["request"]["body"]["callResourceUrl"] == f"http://{host}/calling/v1/calls/id/{call_id}"
        assert (await sim.rest("GET", f"/calling/v1/calls/id/{call_id}", headers={"Host": host})).status == 200


async def test_the_resource_url_of_a_call_made_by_a_name_of_sinch_is_secure() -> None:
    async with wired() as sim:
        body = {"method": "customCallout", "customCallout": {"cli": DEFAULT_NUMBER}}
        headers = {"Host": "calling-use1.api.sinch.com"}
        call_id = (await sim.rest("POST", CALLOUTS, body, headers=headers)).json["callId"]
        await sim.advance(0)
        [ice] = await sim.callbacks(f"?callId={call_id}&event=ice")
        expected = f"https://calling-use1.api.sinch.com/calling/v1/calls/id/{call_id}"
        assert ice["request"]["body"]["callResourceUrl"] == expected


def to(number: str) -> Json:
    return {"type": "number", "endpoint": number}


async def test_a_refusal_names_the_parameter_and_the_call() -> None:
    async with wired() as sim:
        await sim.rest("POST", CALLOUTS, tts_callout(dtmf="12x"))
        await sim.rest("POST", CALLOUTS, {"method": "customCallout", "customCallout": {"ice": '{"action": {}}'}})
        call_id = await sim.call_out()
        await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}", {"action": {"name": "continue"}})
        found = (await sim.control("GET", "/diagnostics?severity=error"))["diagnostics"]
        assert [(each["code"], each["path"], each.get("callId")) for each in found] == [
            ("INVALID_PARAMETER", "ttsCallout.dtmf", None),
            ("INVALID_PARAMETER", "customCallout.ice.action.name", None),
            ("INVALID_REQUEST", "", call_id),
        ]
        assert found[0]["hint"] == "expected only the characters 0-9 # w"


async def test_a_missing_cli_is_told_once() -> None:
    async with wired() as sim:
        call_id = await sim.call_out(cli=None)
        found = (await sim.control("GET", f"/diagnostics?callId={call_id}"))["diagnostics"]
        assert [(each["code"], each["path"], each["request"]) for each in found] == [
            ("CLI_MISSING", "ttsCallout.cli", f"POST {CALLOUTS}")
        ]


COOKIE = {"name": "setCookie", "key": "basket", "value": "x" * 600}


async def test_what_is_found_while_a_reply_is_obeyed_is_among_the_diagnostics_of_its_callback() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"instructions": [COOKIE], **CONNECT})
        more: Json = {"name": "setCookie", "key": "more", "value": "y" * 500}
        pause: Json = {"name": "say", "text": "One moment, please"}
        sim.webhook.on("ace", {"instructions": [more, pause, {**more, "key": "later"}], "action": {"name": "continue"}})
        await sim.dial()
        await sim.advance(2.1)
        codes = {record["event"]: [each["code"] for each in record["diagnostics"]] for record in await sim.callbacks()}
        assert codes == {"ice": [], "ace": ["COOKIE_TOO_BIG"]}
        await sim.advance(10)
        [ace] = await sim.callbacks("?event=ace")
        assert [each["message"].split("'")[1] for each in ace["diagnostics"]] == ["more", "later"]
        found = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        assert [(each["code"], each["event"]) for each in found] == [("COOKIE_TOO_BIG", "ace")] * 2
