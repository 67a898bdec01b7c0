"""The control API, row by row, and what it says to those who use it wrongly."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER, DEFAULT_SECRET
from support.virtual_time import in_virtual_time
from support.wired_world import CONTINUE, Json, hangs, tts_callout, wired


async def test_health_says_ok_and_the_version() -> None:
    async with wired() as sim:
        assert await sim.control("GET", "/health") == {"status": "ok", "version": "0.1.0"}
        assert (await sim.request("GET", "/_simulator/health/")).status == 200


# ---- applications


async def test_the_application_of_the_command_line_is_there() -> None:
    async with wired() as sim:
        [application] = (await sim.control("GET", "/applications"))["applications"]
        assert (application["key"], application["secret"]) == (DEFAULT_KEY, DEFAULT_SECRET)
        assert application["numbers"] == [DEFAULT_NUMBER]
        assert (application["world"], application["callbackStyle"]) == ("default", "single")
        assert await sim.control("GET", f"/applications/{DEFAULT_KEY.upper()}") == application


async def test_what_a_new_application_does_not_say_is_made_up() -> None:
    async with wired() as sim:
        first, second = await sim.application(), await sim.application()
        assert first["key"] != second["key"]
        assert first["numbers"] != second["numbers"]
        assert first["world"] != second["world"]
        reply = await sim.rest("POST", "/v1/callouts", tts_callout(), key=first["key"], secret=first["secret"])
        assert reply.status == 200


async def test_a_number_made_up_follows_from_the_key() -> None:
    numbers = []
    for _ in range(2):
        async with wired() as sim:
            await sim.application()
            numbers.append((await sim.application(key="mine"))["numbers"])
    assert numbers[0] == numbers[1]


async def test_an_application_is_changed_and_null_takes_a_url_away() -> None:
    async with wired() as sim:
        changes = {"callbackUrl": None, "fallbackUrl": "http://b.example/x", "numbers": ["+14045550101"]}
        changed = await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", changes)
        assert (changed["callbackUrl"], changed["fallbackUrl"]) == (None, "http://b.example/x")
        assert changed["numbers"] == ["+14045550101"]
        assert changed["secret"] == DEFAULT_SECRET


async def test_a_changed_secret_counts_from_the_next_request_on() -> None:
    async with wired() as sim:
        assert (await sim.rest("POST", "/v1/callouts", tts_callout())).status == 200
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"secret": "bmV3"})
        assert (await sim.rest("POST", "/v1/callouts", tts_callout())).status == 401
        assert (await sim.rest("POST", "/v1/callouts", tts_callout(), secret="bmV3")).status == 200


async def test_a_deleted_application_is_gone_with_its_world() -> None:
    async with wired() as sim:
        made = await sim.application(world="side")
        await sim.control("DELETE", f"/applications/{made['key']}")
        assert (await sim.request("GET", f"/_simulator/applications/{made['key']}")).status == 404
        assert (await sim.request("GET", f"/_simulator/calls?application={made['key']}")).status == 404
        again = await sim.application(world="side", clock="auto", seed=7)
        assert (again["world"], again["clock"], again["seed"]) == ("side", "auto", 7)


BAD_APPLICATIONS: list[tuple[Json, str]] = [
    ({"key": "a b"}, "key"),
    ({"key": 5}, "key"),
    ({"secret": "%%%"}, "secret"),
    ({"callbackUrl": "ftp://x"}, "callbackUrl"),
    ({"numbers": ["12"]}, "numbers[0]"),
    ({"numbers": "+14045550100"}, "numbers"),
    ({"callbackStyle": "Single"}, "callbackStyle"),
    ({"clock": "fast"}, "clock"),
    ({"seed": 1.5}, "seed"),
    ({"seed": -1}, "seed"),
    ({"seed": "1"}, "seed"),
    ({"callbackurl": "http://x"}, "callbackurl"),
    ({"world": "default", "clock": "auto"}, "world"),
    ({"world": "default", "numbers": [DEFAULT_NUMBER]}, "numbers"),
    ({"key": DEFAULT_KEY}, "key"),
]


@pytest.mark.parametrize(("fields", "named"), BAD_APPLICATIONS, ids=lambda value: json.dumps(value)[:40])
async def test_a_bad_application_is_refused_by_the_name_of_the_field(fields: Json, named: str) -> None:
    async with wired() as sim:
        reply = await sim.request("POST", "/_simulator/applications", fields)
        assert reply.status in (400, 409)
        assert named in reply.error["message"]
        assert len((await sim.control("GET", "/applications"))["applications"]) == 1


# ---- the clock


async def test_advancing_reports_the_new_time_and_advances_add_up() -> None:
    async with wired() as sim:
        assert await sim.advance(1.5) == "2025-01-15T10:30:01.500Z"
        times = await asyncio.gather(sim.advance(10), sim.advance(20))
        assert max(times) == "2025-01-15T10:30:31.500Z"


async def test_a_later_now_lets_time_pass_and_an_earlier_one_is_refused() -> None:
    async with wired() as sim:
        await sim.call_out()
        clock = await sim.control("PUT", "/clock", {"now": "2025-01-15T11:30:00+01:00"})
        assert clock["now"] == "2025-01-15T10:30:00.000Z"
        await sim.control("PUT", "/clock", {"now": "2025-01-15T10:30:02Z"})
        assert sim.webhook.events == ["ace"]
        reply = await sim.request("PUT", "/_simulator/clock", {"now": "2025-01-15T10:30:01Z"})
        assert reply.status == 400
        assert "never goes back" in reply.error["hint"]


@in_virtual_time
async def test_the_mode_of_a_clock_is_switched_while_calls_are_under_way() -> None:
    async with wired() as sim:
        await sim.call_out()
        await sim.control("PUT", "/clock", {"mode": "auto"})
        assert len(await sim.callbacks("?event=dice&wait=5")) == 1
        await sim.call_out()
        await sim.control("PUT", "/clock", {"mode": "realtime", "speed": 200})
        assert len(await sim.callbacks("?event=dice&count=2&wait=5")) == 2
        stopped = await sim.control("PUT", "/clock", {"mode": "manual"})
        assert stopped["speed"] == 1
        await asyncio.sleep(0.02)
        assert (await sim.control("GET", "/clock"))["now"] == stopped["now"]


async def test_time_leaps_ahead_under_the_other_clocks_too() -> None:
    for clock in ("realtime", "auto"):
        async with wired(clock) as sim:
            call_id = await sim.call_out()
            await sim.advance(10)
            assert (await sim.call(call_id))["status"] == "FINAL"
            assert sim.webhook.events == ["ace", "dice"]


BAD_CLOCKS: list[tuple[str, str, object]] = [
    ("POST", "/clock/advance", {}),
    ("POST", "/clock/advance", {"seconds": -1}),
    ("POST", "/clock/advance", {"seconds": "1"}),
    ("POST", "/clock/advance", {"seconds": True}),
    ("POST", "/clock/advance", {"seconds": 1e300}),
    ("POST", "/clock/advance", {"seconds": 10**400}),
    ("POST", "/clock/advance", {"minutes": 1}),
    ("PUT", "/clock", {"mode": "slow"}),
    ("PUT", "/clock", {"speed": 0}),
    ("PUT", "/clock", {"speed": 2}),
    ("PUT", "/clock", {"now": "tomorrow"}),
    ("PUT", "/clock", {"now": "2025-01-15T10:30:00"}),
    ("PUT", "/clock", {"now": "2025-02-30T10:30:00Z"}),
    ("POST", "/clock/advance", {"seconds": 253_000_000_000}),
    ("PUT", "/clock", {"now": "9999-12-31T23:59:59.001Z"}),
]


@pytest.mark.parametrize(("method", "path", "body"), BAD_CLOCKS)
async def test_a_clock_that_cannot_be_is_refused(method: str, path: str, body: object) -> None:
    async with wired() as sim:
        reply = await sim.request(method, "/_simulator" + path, body)
        assert reply.status == 400
        assert reply.error["message"]
        assert (await sim.control("GET", "/clock"))["now"] == "2025-01-15T10:30:00.000Z"


async def test_time_can_pass_up_to_the_end_of_the_year_9999() -> None:
    async with wired() as sim:
        assert await sim.advance(400 * 86_400) == "2026-02-19T10:30:00.000Z"
        clock = await sim.control("PUT", "/clock", {"now": "9999-12-31T23:59:58Z"})
        assert clock["now"] == "9999-12-31T23:59:58.000Z"
        assert await sim.advance(1) == "9999-12-31T23:59:59.000Z"
        reply = await sim.request("POST", "/_simulator/clock/advance", {"seconds": 1})
        assert (reply.status, "the year 9999 ends then" in reply.error["hint"]) == (400, True)


# ---- journal, diagnostics, events


async def test_the_journal_tells_everything_in_order() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        await sim.advance(5)
        entries = (await sim.control("GET", f"/journal?callId={call_id}"))["entries"]
        assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)
        assert entries == (await sim.call(call_id))["timeline"]
        assert (await sim.control("GET", f"/journal?application={DEFAULT_KEY}"))["entries"] == entries


async def test_diagnostics_of_requests_name_the_request() -> None:
    async with wired() as sim:
        await sim.rest("POST", "/v1/callouts", {"method": "ttsCallout"})
        [finding] = (await sim.control("GET", "/diagnostics?severity=error"))["diagnostics"]
        assert (finding["code"], finding["request"]) == ("MISSING_PARAMETER", "POST /v1/callouts")
        assert (await sim.control("GET", "/diagnostics?severity=info"))["diagnostics"] == []


# ---- who may, and what is wrong


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example:7462"},
        {"Host": "[::1"},
    ],
)
async def test_strangers_are_refused(headers: dict[str, str]) -> None:
    async with wired() as sim:
        reply = await sim.request("POST", "/_simulator/reset", headers=headers)
        assert reply.status == 403
        assert reply.error["code"].startswith("forbidden_")


LOCALS = [{"Host": "calling-use1.localhost:1"}, {"Origin": "http://localhost:3000"}, {"Host": "[::1]"}]


@pytest.mark.parametrize("headers", LOCALS)
async def test_this_machine_is_let_in(headers: dict[str, str]) -> None:
    async with wired() as sim:
        assert (await sim.request("POST", "/_simulator/reset", headers=headers)).status == 204


async def test_the_control_api_lists_its_endpoints() -> None:
    async with wired() as sim:
        listed = (await sim.control("GET", ""))["endpoints"]
        assert {"method": "GET", "path": "/_simulator", "summary": listed[0]["summary"]} == listed[0]
        assert len({(row["method"], row["path"]) for row in listed}) == len(listed)
        assert all(row["summary"].endswith(".") for row in listed)
        for row in listed:
            path = row["path"].replace("{", "").replace("}", "")
            reply = await sim.request("OPTIONS", path)
            assert reply.status == 405
            assert row["method"] in reply.error["hint"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "?x=1", 400),
        ("DELETE", "/health", 405),
        ("GET", "/calls/nobody", 404),
        ("GET", "/calls?application=nobody", 404),
        ("GET", "/calls?status=ongoing", 400),
        ("GET", "/calls?state=FINAL", 400),
        ("GET", "/callbacks?count=x", 400),
        ("GET", "/callbacks?wait=-1", 400),
        ("GET", "/callbacks?wait=inf", 400),
        ("GET", "/callbacks?event=ICE", 400),
        ("GET", "/diagnostics?severity=fatal", 400),
        ("GET", "/journal?" + "&".join(f"a{number}=1" for number in range(60)), 400),
        ("POST", "/reset?application=nobody", 404),
    ],
)
async def test_a_wrong_control_request_is_a_control_error(method: str, path: str, status: int) -> None:
    async with wired() as sim:
        reply = await sim.request(method, "/_simulator" + path)
        assert reply.status == status
        assert set(reply.error) == {"code", "message", "hint"}
        assert reply.error["message"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=15),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)
OF_PRODUCTS = "callBehavior protocol provisioning account defaultOriginator verifiedNumbers tokenLifetime"
TARGETS = {
    "POST /applications": f"key secret callbackUrl fallbackUrl callbackStyle numbers world clock seed {OF_PRODUCTS}",
    "PATCH /applications/{key}": f"secret callbackUrl fallbackUrl callbackStyle numbers {OF_PRODUCTS}",
    "POST /calls": "application from to origin callHeaders custom caller",
    "POST /calls/{id}/press": "digits leg",
    "POST /calls/{id}/speak": "text leg",
    "POST /calls/{id}/hangup": "leg",
    "PUT /phones/someone": "answer busy then greeting beep amd",
    "PUT /clock": "mode speed now",
    "POST /clock/advance": "seconds",
    "POST /reset": "application",
}
GARBAGE = st.sampled_from(list(TARGETS.items())).flatmap(
    lambda target: st.tuples(
        st.just(target[0]), st.dictionaries(st.sampled_from(target[1].split()), JSON, max_size=4) | JSON
    )
)


async def _send_garbage(requests: list[tuple[str, object]]) -> None:
    async with wired(timeout_s=0.5) as sim:
        sim.webhook.on("ice", CONTINUE)
        call_id = (await sim.dial())["callId"]
        for target, body in requests:
            method, path = target.split(" ")
            path = path.replace("{id}", call_id).replace("{key}", DEFAULT_KEY)
            reply = await sim.request(method, "/_simulator" + path, raw=json.dumps(body).encode())
            assert reply.status in (200, 201, 204, 400, 404, 409), (target, body, reply.raw)
            if reply.status >= 400:
                assert set(reply.error) == {"code", "message", "hint"}
        await sim.control("GET", "/calls")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(GARBAGE, max_size=12))
def test_whatever_the_control_api_is_sent_it_answers_in_its_own_words(requests: list[tuple[str, object]]) -> None:
    asyncio.run(_send_garbage(requests))


async def test_a_body_that_is_no_json_is_refused() -> None:
    async with wired() as sim:
        for raw in (b"{", b"\xff", b"[" * 20_000, b'{"from": NaN}'):
            reply = await sim.request("POST", "/_simulator/calls", raw=raw)
            assert (reply.status, reply.error["code"]) == (400, "invalid_json")
        assert (await sim.request("POST", "/_simulator/calls", raw=b" " * (2**24 + 1))).status == 413


async def test_a_control_request_waits_until_the_world_is_settled() -> None:
    async with wired() as sim:
        sim.webhook.responders["ice"] = hangs
        dialling = asyncio.ensure_future(sim.dial())
        async with asyncio.timeout(5):
            while not sim.webhook.posted:
                await sim.control("GET", "/clock")
        assert not dialling.done()
        await sim.control("PUT", "/clock", {"mode": "realtime"})
        assert (await dialling)["state"] == "AWAITING_ICE"
