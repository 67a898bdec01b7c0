"""Whatever an endpoint of the platform is sent, the answer is documented, and what fails changes nothing."""

import asyncio
import json
from urllib.parse import quote

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.errors import ErrorCode
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, Scheme
from sinch_simulator.products.voice.callouts.shapes import field_names
from sinch_simulator.products.voice.rest.endpoints import PLATFORM_ENDPOINTS
from support.wired_world import BEN, Json, Reply, Wired, wired

KNOWN = {"{callId}": "call", "{conferenceId}": "room", "{applicationKey}": DEFAULT_KEY, "{number}": DEFAULT_NUMBER}
NAMES = sorted(
    {name.split(".")[-1] for name in field_names()}
    | {"numbers", "number", "applicationkey", "capability", "url", "primary", "fallback", "status", "details"}
    | {"instructions", "action", "name", "menus", "id", "command", "moh"}
)
WORDS = ["hangup", "continue", "say", "mute", "onhold", "voice", "Success", "ttsCallout", "http://x.test", BEN, "main"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40) | st.just(b"[" * 20_000)
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
SEGMENTS = st.text(max_size=20) | st.sampled_from(["currentcalls", "rtpproxy", "caller", "both", "number", "pstn"])
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "X-CB-Order", "x-timestamp", "Accept", "Expect", "X-HTTP-Method-Override"]),
    VISIBLE,
    max_size=3,
)
QUERIES = st.just("") | st.dictionaries(
    st.sampled_from(["_start", "_stop", "page", "pageSize", "from", "to"]), VISIBLE | st.just("2025-01-15"), max_size=3
).map(lambda pairs: "?" + "&".join(f"{name}={quote(value)}" for name, value in pairs.items()))
DOCUMENTED = {code.status for code in ErrorCode} - {500, 501, 503}


@frozen
class Place:
    """A simulator with a call and a room, for requests that hit something."""

    sim: Wired
    call_id: str

    def path(self, pattern: str, segments: list[str], known: list[bool]) -> str:
        """The pattern with something at its braces: what is there, or whatever comes."""
        parts = []
        for part in pattern.split("/"):
            if part.startswith("{"):
                there = {**KNOWN, "{callId}": self.call_id}.get(part, "x")
                segment, is_known = segments.pop(), known.pop()
                part = quote(there if is_known else segment or "x", safe="")
            parts.append(part)
        return "/calling/v1" + "/".join(parts)

    async def state(self) -> Json:
        """Everything that a failed request must leave alone; findings about it are no change."""
        calls = (await self.sim.control("GET", "/calls"))["calls"]
        for call in calls:
            del call["timeline"]
        return {
            "calls": calls,
            "applications": await self.sim.control("GET", "/applications"),
            "rooms": await self.sim.control("GET", "/conferences"),
            "numbers": (await self.sim.rest("GET", "/v1/configuration/numbers")).json,
        }


async def prepared(sim: Wired) -> Place:
    await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 0}})
    body = {"cli": DEFAULT_NUMBER, "destination": {"type": "number", "endpoint": BEN}, "conferenceId": "room"}
    callout = {"method": "conferenceCallout", "conferenceCallout": body}
    call_id = (await sim.rest("POST", "/v1/callouts", callout)).json["callId"]
    await sim.advance(1)
    return Place(sim, call_id)


def check(reply: Reply) -> None:
    """A documented status; an error has the platform's body, whose code begins with the status."""
    if reply.status < 300:
        assert reply.status in (200, 204)
        return
    assert reply.status in DOCUMENTED, reply.raw
    assert set(reply.json) == {"errorCode", "message", "reference"}
    assert reply.json["errorCode"] // 100 == reply.status
    assert reply.json["message"]


@pytest.mark.parametrize("endpoint", PLATFORM_ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.pattern}")
def test_the_answer_is_documented_and_what_fails_changes_nothing(endpoint: PlatformEndpoint) -> None:
    with asyncio.Runner() as runner:
        opened = wired()
        sim = runner.run(opened.__aenter__())
        place = runner.run(prepared(sim))

        async def ask(path: str, body: bytes, headers: dict[str, str]) -> None:
            before = await place.state()
            async with asyncio.timeout(5):
                reply = await sim.rest(endpoint.method, path, raw=body, headers=headers)
            check(reply)
            if reply.status >= 300:
                assert await place.state() == before

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.lists(SEGMENTS, min_size=4, max_size=4),
            st.lists(st.booleans(), min_size=4, max_size=4),
            BODIES,
            HEADERS,
            QUERIES,
        )
        def each(segments: list[str], known: list[bool], body: bytes, headers: dict[str, str], query: str) -> None:
            path = place.path(endpoint.pattern, [*segments], [*known]) + query
            runner.run(ask(path, body, headers))

        try:
            each()
        finally:
            runner.run(opened.__aexit__(None, None, None))


async def test_without_credentials_nothing_is_told_and_nothing_changes() -> None:
    async with wired() as sim:
        place = await prepared(sim)
        before = await place.state()
        for endpoint in PLATFORM_ENDPOINTS:
            path = place.path(endpoint.pattern, ["x"] * 4, [True] * 4)
            reply = await sim.request(endpoint.method, path, raw=b"{}")
            public = endpoint.schemes is not None and Scheme.NOBODY in endpoint.schemes
            assert public or (reply.status, reply.json["errorCode"]) == (401, 40100)
        assert await place.state() == before
