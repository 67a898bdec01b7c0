"""What the Numbers API refuses, by the name of the field; nothing has changed then (docs/platform/numbers.md#6)."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_NUMBER
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.schema.fields import field_paths
from sinch_simulator.products.numbers.rest import reading
from sinch_simulator.products.numbers.rest.endpoints import ENDPOINTS
from support.numbers_api import NumbersApi, numbers_api
from support.wired_world import Json

FREE = "+12015550100"
RENT, RENT_ANY, PATCH = (
    f"POST /availableNumbers/{FREE}:rent",
    "POST /availableNumbers:rentAny",
    f"PATCH /activeNumbers/{DEFAULT_NUMBER}",
)


@pytest.mark.parametrize(
    ("request_line", "body", "field"),
    [
        ("GET /availableNumbers?type=LOCAL", None, "regionCode"),
        ("GET /availableNumbers?regionCode=us", None, "regionCode"),
        ("GET /availableNumbers?regionCode=US&type=XXX", None, "type"),
        ("GET /availableNumbers?regionCode=US&capabilities=SMS&capabilities=FAX", None, "capabilities[1]"),
        ("GET /availableNumbers?regionCode=US&numberPattern.pattern=abc", None, "numberPattern.pattern"),
        ("GET /availableNumbers?regionCode=US&numberPattern.searchPattern=MIDDLE", None, "numberPattern.searchPattern"),
        ("GET /availableNumbers?regionCode=US&size=0", None, "size"),
        ("GET /availableNumbers?regionCode=US&size=many", None, "size"),
        ("GET /availableNumbers/12015550100", None, "phoneNumber"),
        ("GET /availableRegions?types=LOCAL&types=HOME", None, "types[1]"),
        ("GET /activeNumbers?type=XXX", None, "type"),
        ("GET /activeNumbers?pageSize=1001", None, "pageSize"),
        ("GET /activeNumbers?pageToken=bad", None, "pageToken"),
        ("GET /activeNumbers?pageToken=WyJ4Il0", None, "pageToken"),
        (f"GET /activeNumbers?pageToken={'W1tb' * 1334}", None, "pageToken"),  # [[[... in base64
        ("GET /activeNumbers?orderBy=price", None, "orderBy"),
        ("GET /activeNumbers/anything", None, "phoneNumber"),
        ("POST /activeNumbers/+1:release", None, "phoneNumber"),
        (RENT, {"voiceConfiguration": {}}, "voiceConfiguration"),
        (RENT, {"voiceConfiguration": {"type": "EST", "appId": "A"}}, "voiceConfiguration"),
        (RENT, {"voiceConfiguration": {"type": "SIP"}}, "voiceConfiguration.type"),
        (RENT, {"smsConfiguration": {"servicePlanId": 7}}, "smsConfiguration.servicePlanId"),
        (RENT, {"smsConfiguration": "plan"}, "smsConfiguration"),
        (RENT, {"callbackUrl": "example.com/events"}, "callbackUrl"),
        (RENT_ANY, {"type": "LOCAL"}, "regionCode"),
        (RENT_ANY, {"regionCode": "US", "numberPattern": {"pattern": "+"}}, "numberPattern.pattern"),
        (PATCH, {"displayName": 7}, "displayName"),
        (PATCH, {"displayName": "x", "callbackUrl": True}, "callbackUrl"),
        ("PATCH /callbackConfiguration", {}, "hmacSecret"),
        ("PATCH /callbackConfiguration", {"hmacSecret": "s" * 37}, "hmacSecret"),
    ],
)
async def test_a_wrong_value_is_refused_by_the_name_of_its_field(request_line: str, body: Any, field: str) -> None:
    async with numbers_api() as api:
        before = await state(api)
        method, path = request_line.split(" ")
        reply = await api.ask(method, path, body)
        error = reply.json["error"]
        assert (reply.status, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
        assert field in error["message"]
        for detail in error["details"]:
            assert detail["type"] == "BadRequest"
            assert detail["fieldViolations"][0]["field"] == field
        assert await state(api) == before


async def test_an_unknown_word_is_refused_in_the_words_of_the_platform() -> None:
    async with numbers_api() as api:
        reply = await api.ask("GET", "/availableNumbers?regionCode=US&type=XXX")
        assert reply.json["error"]["message"] == 'parsing field "type": "XXX" is not a valid value'
        assert reply.json["error"]["details"] == []
        assert "MOBILE, LOCAL, TOLL_FREE" in reply.headers["X-Sinch-Simulator-Hint"]


@pytest.mark.parametrize(
    ("request_line", "what"),
    [
        ("GET /availableNumbers/+14045550110", "AvailableNumber"),
        (f"POST /availableNumbers/{DEFAULT_NUMBER}:rent", "AvailableNumber"),
        (f"GET /activeNumbers/{FREE}", "ActiveNumber"),
        (f"PATCH /activeNumbers/{FREE}", "ActiveNumber"),
        (f"POST /activeNumbers/{FREE}:release", "ActiveNumber"),
    ],
)
async def test_a_number_that_is_not_there_is_named(request_line: str, what: str) -> None:
    async with numbers_api() as api:
        reply = await api.ask(*request_line.split(" "))
        [detail] = reply.json["error"]["details"]
        number = request_line.rpartition("/")[2].partition(":")[0]
        assert (reply.status, detail["type"], detail["resourceType"]) == (404, "ResourceInfo", what)
        assert detail["resourceName"] == number
        assert number in reply.json["error"]["message"]


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (f"GET /activeNumbers/{DEFAULT_NUMBER}/emergencyAddress", 501),
        (f"POST /activeNumbers/{DEFAULT_NUMBER}/emergencyAddress:validate", 501),
        ("POST /numberOrders", 501),
        ("DELETE /activeNumbers", 405),
        (f"POST /activeNumbers/{DEFAULT_NUMBER}", 405),
        (f"POST /activeNumbers/{DEFAULT_NUMBER}:rent", 405),
        ("GET /nothing", 404),
    ],
)
async def test_what_is_not_here_is_refused_in_the_same_form(request_line: str, status: int) -> None:
    async with numbers_api() as api:
        reply = await api.ask(*request_line.split(" "))
        assert reply.status == reply.json["error"]["code"] == status
        assert reply.headers["X-Sinch-Simulator-Hint"]


async def test_a_field_that_nobody_knows_is_ignored_and_told() -> None:
    async with numbers_api() as api:
        await api.got("PATCH", f"/activeNumbers/{DEFAULT_NUMBER}", {"displayname": "x", "display_name": "Reception"})
        assert (await api.active(DEFAULT_NUMBER))["displayName"] == "Reception"
        [finding] = (await api.sim.control("GET", "/diagnostics"))["diagnostics"]
        assert (finding["code"], finding["path"]) == ("UNKNOWN_PROPERTY", "displayname")


# ---- whatever comes


NAMES = sorted(
    {name.split(".")[-1] for shape in (reading.RENTING_ANY, reading.CHANGING) for name in field_paths(shape)}
    | {"hmacSecret", "x"}
)
WORDS = ["US", "SE", "LOCAL", "MOBILE", "SMS", "RTC", "EST", "", "http://x.test", "201", "START"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)
QUERY_NAMES = sorted({*reading.SEARCH.exact, *reading.LISTING.exact, "types", "x"})
QUERIES = st.lists(
    st.tuples(st.sampled_from(QUERY_NAMES), st.sampled_from(WORDS) | st.text(max_size=9)), max_size=4
).map(lambda pairs: "?" + "&".join(f"{name}={quote(value)}" for name, value in pairs))
SEGMENTS = st.sampled_from([DEFAULT_NUMBER, FREE]) | st.text(max_size=12)


async def state(api: NumbersApi) -> Json:
    """Everything that a failed request must leave alone."""
    return {
        "applications": await api.sim.control("GET", "/applications"),
        "numbers": await api.sim.control("GET", "/numbers"),
        "secret": await api.got("GET", "/callbackConfiguration"),
        "active": (await api.got("GET", "/activeNumbers?orderBy=displayName"))["activeNumbers"],
    }


SIMULATED = [endpoint for endpoint in ENDPOINTS if endpoint.what != "not simulated"]


@pytest.mark.parametrize("endpoint", SIMULATED, ids=lambda endpoint: f"{endpoint.method} {endpoint.pattern}")
def test_whatever_is_sent_the_answer_is_documented_and_what_fails_changes_nothing(endpoint: PlatformEndpoint) -> None:
    with asyncio.Runner() as runner:
        opened = numbers_api()
        api = runner.run(opened.__aenter__())

        async def ask(path: str, body: bytes) -> None:
            before = await state(api)
            reply = await api.ask(endpoint.method, path, raw=body)
            if reply.status == 200:
                return
            assert reply.status in (400, 404, 405), reply.raw
            assert set(reply.json["error"]) == {"code", "message", "status", "details"}
            assert reply.json["error"]["code"] == reply.status
            assert reply.json["error"]["message"]
            assert await state(api) == before

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(SEGMENTS, BODIES, QUERIES)
        def each(segment: str, body: bytes, query: str) -> None:
            path = endpoint.pattern.removeprefix("/{projectId}")
            path = path.replace("{phoneNumber}", quote(segment or "x", safe="+"))
            runner.run(ask(path + query, body))

        try:
            each()
        finally:
            runner.run(opened.__aexit__(None, None, None))
