"""The Reporting API, call reports and call detail records.

Source: docs/platform/rest.md#4.4 and #8, docs/platform/lifecycle.md#7.
"""

import csv
import io

import pytest

from sinch_simulator.config import DEFAULT_KEY
from support.wired_world import ANNA, BEN, CONNECT, Json, Wired, wired

START = "2025-01-15T10:30:00Z"  # where simulated time begins
CALLS = "/v1/users/number/%2B14045550199/calls/pstn"


async def some_calls(sim: Wired) -> tuple[str, str]:
    """One call to Ben that lasts 28 s, and one that finds him busy."""
    sim.webhook.on("ice", CONNECT)
    talk = await sim.dial()
    await sim.advance(30)
    await sim.control("POST", f"/calls/{talk['callId']}/hangup", {})
    await sim.control("PUT", f"/phones/{BEN}", {"busy": {}})
    busy = await sim.dial()
    await sim.advance(5)
    return talk["callId"], busy["callId"]


# ---- reports on users


async def test_the_calls_of_a_user_are_counted() -> None:
    async with wired() as sim:
        await some_calls(sim)
        reply = await sim.rest("GET", CALLS + f"?_start={START}&_stop=2025-01-16")
        assert reply.status == 200
        assert reply.json == {"success": 1, "duration": 28, "failed": 1, "start": START}
        elsewhere = await sim.rest("GET", f"/v1/users/number/{BEN}/calls/data")
        assert (elsewhere.json["success"], elsewhere.json["failed"]) == (0, 0)


async def test_data_calls_are_the_default_domain() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "connectMxp"}})
        call = await sim.dial(**{"from": "alice"}, origin="mxp", to={"type": "username", "endpoint": "bob"})
        await sim.advance(10)
        await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
        for path in ("/v1/users/username/bob/calls", "/calling/v1/users/Username/alice/calls/DATA"):
            assert (await sim.rest("GET", path)).json["success"] == 1


async def test_calls_out_of_the_range_do_not_count() -> None:
    async with wired() as sim:
        await some_calls(sim)
        for query in ("?_stop=2025-01-15T10:30:00Z", "?_start=2025-01-15T10:31:00Z&_stop=2025-01-17"):
            report = (await sim.rest("GET", CALLS + query)).json
            assert (report["success"], report["failed"]) == (0, 0)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        (CALLS + "?_start=2025-01-15&_stop=2025-01-15", "_stop"),
        (CALLS + "?_start=2025-01-15&_stop=2025-02-15", "_start"),
        (CALLS + "?_start=yesterday", "_start"),
        (CALLS + "?_stop=0000-00-00", "_stop"),
        (CALLS + "?_stop=0001-01-01", "_stop"),
        ("/v1/users/pigeon/x/calls/pstn", "type"),
        ("/v1/users/number/x/calls/pstn", "endpoint"),
        ("/v1/users/number/+14045550199/calls/fax", "domain"),
    ],
)
async def test_a_report_that_can_not_be_is_refused_by_name(path: str, named: str) -> None:
    async with wired() as sim:
        reply = await sim.rest("GET", path)
        assert (reply.status, reply.json["errorCode"]) == (400, 40001)
        assert f"'{named}'" in reply.json["message"]


# ---- counters and services


async def test_the_counter_of_current_calls_is_up_to_two_minutes_old() -> None:
    async with wired() as sim:
        await sim.dial()

        async def counter() -> Json:
            document: Json = (await sim.rest("GET", "/v1/counters/currentcalls")).json
            return document

        sim.webhook.on("ice", {"action": {"name": "park"}})
        parked = await sim.dial()
        await sim.advance(119)
        assert await counter() == {"value": 0, "modified": "2025-01-15T10:30:00Z"}
        await sim.advance(1)
        assert await counter() == {"value": 1, "modified": "2025-01-15T10:32:00Z"}
        await sim.control("POST", f"/calls/{parked['callId']}/hangup", {})
        assert (await counter())["value"] == 1
        await sim.advance(120)
        assert await counter() == {"value": 0, "modified": "2025-01-15T10:34:00Z"}


async def test_a_service_tells_everybody_that_it_is_up() -> None:
    async with wired() as sim:
        reply = await sim.request("GET", "/v1/services/rtpproxy")
        assert (reply.status, reply.json) == (200, {"status": "up"})
        assert (await sim.rest("GET", "/v1/services/rtpproxy")).status == 200


@pytest.mark.parametrize("path", ["/v1/counters/nothing", "/v1/services/nothing"])
async def test_an_unknown_counter_or_service_is_not_found(path: str) -> None:
    async with wired() as sim:
        reply = await sim.rest("GET", path)
        assert (reply.status, reply.json["errorCode"]) == (404, 40400)


async def test_counters_are_not_public() -> None:
    async with wired() as sim:
        assert (await sim.request("GET", "/v1/counters/currentcalls")).json["errorCode"] == 40100


# ---- call reports


async def test_the_app_may_report_on_a_call() -> None:
    async with wired() as sim:
        talk, _ = await some_calls(sim)
        body = {"status": "Success", "details": "sold" * 30}
        reply = await sim.rest("POST", f"/calling/v1/callreport/callId/{talk}", body)
        assert (reply.status, reply.raw) == (204, b"")
        [line] = [each for each in (await sim.call(talk))["timeline"] if each["kind"] == "status.reported"]
        assert (line["value"], line["details"]) == ("success", ("sold" * 30)[:64])


@pytest.mark.parametrize(
    ("body", "code"), [({}, 40002), ({"status": "Maybe"}, 40001), ({"status": "Success", "details": True}, 40001)]
)
async def test_a_wrong_report_is_refused(body: Json, code: int) -> None:
    async with wired() as sim:
        talk, _ = await some_calls(sim)
        reply = await sim.rest("POST", f"/calling/v1/callreport/callId/{talk}", body)
        assert (reply.status, reply.json["errorCode"]) == (400, code)


async def test_a_report_on_a_stranger_is_not_found() -> None:
    async with wired() as sim:
        reply = await sim.rest("POST", "/calling/v1/callreport/callId/nobody", {"status": "Success"})
        assert (reply.status, reply.json["message"]) == (404, "Call not found")


# ---- call detail records


async def record_rows(sim: Wired, kind: str, query: str = "") -> list[dict[str, str]]:
    reply = await sim.request("GET", f"/_simulator/cdr?day=2025-01-15&type={kind}{query}")
    assert reply.status == 200, reply.raw
    assert reply.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(reply.raw.decode()), delimiter=";"))


async def test_the_files_of_a_day_appear_when_the_day_is_over() -> None:
    async with wired() as sim:
        await some_calls(sim)
        early = await sim.request("GET", "/_simulator/cdr?day=2025-01-15&type=phone-terminated")
        assert (early.status, early.error["code"]) == (404, "not_yet")
        assert (await sim.control("GET", "/cdr"))["files"] == []
        await sim.advance(14 * 3600)
        assert (await sim.control("GET", "/cdr"))["files"] == [
            {"day": "2025-01-15", "type": "phone-terminated", "records": 2},
            {"day": "2025-01-15", "type": "phone-originated", "records": 2},
        ]


async def test_a_bridged_call_is_in_the_file_of_callers_and_in_that_of_destinations() -> None:
    async with wired() as sim:
        talk, busy = await some_calls(sim)
        await sim.advance(14 * 3600)
        first, second = await record_rows(sim, "phone-terminated")
        assert list(first.items()) == list({
            "CallId": talk,
            "UserSpaceId": "1",
            "CallTime": START,
            "Result": "ANSWERED",
            "Reason": "CALLERHANGUP",
            "Duration": "28",
            "AnswerTime": "2025-01-15T10:30:02Z",
            "From": ANNA,
            "To": BEN,
            "Amount": "0.0100",
            "Currency": "USD",
            "Custom": "",
            "ApplicationKey": DEFAULT_KEY,
            "UserId": "",
            "ToCountryId": "US",
        }.items())
        assert (second["CallId"], second["Result"], second["Reason"], second["AnswerTime"]) == (busy, "BUSY", "N/A", "")
        callers = await record_rows(sim, "phone-originated")
        assert [(row["CallId"], row["Result"], row["To"], row["Amount"]) for row in callers] == [
            (talk, "ANSWERED", "+14045550100", "0.0000"),
            (busy, "NOANSWER", "+14045550100", "0.0000"),
        ]


async def test_a_call_between_users_says_hangup_and_quotes_what_must_be_quoted() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", {"action": {"name": "connectMxp"}})
        to = {"type": "username", "endpoint": "bob"}
        call = await sim.dial(**{"from": "alice"}, origin="mxp", to=to, custom='{"a";"b"}')
        await sim.advance(10)
        await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
        await sim.advance(14 * 3600)
        [row] = await record_rows(sim, "app-app")
        assert list(row)[6:] == ["FromUserId", "ToUserId", "Custom", "ApplicationKey"]
        assert (row["FromUserId"], row["ToUserId"], row["Reason"]) == ("alice", "bob", "HANGUP")
        assert row["Custom"] == '{"a";"b"}'


async def test_reports_are_in_columns_of_their_own_when_asked_for() -> None:
    async with wired() as sim:
        talk, _ = await some_calls(sim)
        await sim.rest("POST", f"/calling/v1/callreport/callId/{talk}", {"status": "Failure", "details": "no sale"})
        await sim.advance(14 * 3600)
        first, second = await record_rows(sim, "phone-terminated", "&reports=true")
        assert (first["CustomerStatus"], first["CustomerDetails"]) == ("failure", "no sale")
        assert (second["CustomerStatus"], second["CustomerDetails"]) == ("", "")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?day=2025-01-15", "type"),
        ("?type=app-app", "day"),
        ("?day=yesterday&type=app-app", "day"),
        ("?day=2025-01-14&type=fax", "type"),
        ("?day=2025-01-14&type=app-app&reports=perhaps", "reports"),
    ],
)
async def test_a_file_that_can_not_be_is_refused_by_name(query: str, named: str) -> None:
    async with wired() as sim:
        reply = await sim.request("GET", "/_simulator/cdr" + query)
        assert reply.status == 400
        assert reply.error["message"].startswith(named)
