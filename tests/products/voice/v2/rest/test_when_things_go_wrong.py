"""Faults on demand, refused signatures, and whatever a stranger may send to Voice v2."""

import json
from urllib.parse import quote

import pytest
from aiohttp import web
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.core.signing import verify
from sinch_simulator.products.voice.v2.rest.endpoints import PLATFORM_ENDPOINTS
from support.svaml_v2 import Json, dial
from support.voice_v2_api import BASE, KEY_ID, KEY_SECRET, ask_webhook, calls, start, v2
from support.wired_world import BEN, Posted, Wired, basic, wired

RING = dial("ben", to={"type": "PHONE", "phone": {"number": BEN}})


async def ringing(sim: Wired) -> None:
    """Ben's phone rings, and picks up a second later."""
    await ask_webhook(sim)
    await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 1}})
    await start(sim, RING)


def genuine(posted: Posted) -> bool:
    return verify(
        DEFAULT_SECRET, application_key=DEFAULT_KEY, headers=posted.headers, path=posted.path, body=posted.raw,
        scheme="service",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "title"), [(429, "Too Many Requests"), (500, "Internal Server Error"), (503, "Service Unavailable")]
)
async def test_a_fault_answers_with_a_problem(status: int, title: str) -> None:
    async with wired() as sim:
        rule = {"on": "rest", "match": {"product": "voice-v2", "path": "/v2/*"}, "do": {"status": status}, "times": 1}
        await sim.control("POST", "/faults", rule)
        reply = await v2(sim, "GET", "/calls")
        assert (reply.status, reply.json["title"]) == (status, title)
        assert reply.json["instance"] == f"{BASE}/calls"
        assert reply.headers.get("Retry-After") == ("1" if status == 429 else None)
        assert (await v2(sim, "GET", "/calls")).status == 200


async def test_a_fault_meets_an_event_by_its_name() -> None:
    async with wired() as sim:
        rule = {"on": "callback", "match": {"event": "call.answered"}, "do": {"badSignature": True}}
        await sim.control("POST", "/faults", rule)
        await ringing(sim)
        await sim.advance(2)
        await v2(sim, "PATCH", f"/calls/{(await calls(sim))[0]['callId']}", {"commands": [{"command": "hangup"}]})
        await sim.advance(1)
        assert [(posted.event, genuine(posted)) for posted in sim.webhook.posted] == [
            ("call.answered", False),
            ("call.hangup", True),
        ]


async def test_an_event_that_is_sent_again_is_signed_afresh() -> None:
    async with wired() as sim:
        await ringing(sim)
        await sim.advance(2)
        (answered,) = await sim.callbacks("?event=call.answered")
        await sim.control("POST", f"/callbacks/{answered['id']}/redeliver")
        first, again = sim.webhook.posted
        assert (again.body, genuine(again)) == (first.body, True)


async def test_an_app_that_refuses_a_genuine_event_is_told_what_was_signed() -> None:
    async with wired() as sim:

        async def refuse(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.Response(status=401)

        sim.webhook.responders["call.answered"] = refuse
        await ringing(sim)
        await sim.advance(2)
        findings = (await sim.control("GET", "/diagnostics"))["diagnostics"]
        (refused,) = [found for found in findings if found["code"] == "CALLBACK_REFUSED"]
        assert "scheme service" in refused["hint"]
        assert f"authorization: service {DEFAULT_KEY}:" in refused["message"]
        assert [call["callReason"] for call in await calls(sim)] == ["ERROR"]


async def test_a_reset_forgets_calls_sessions_and_remembered_answers() -> None:
    async with wired() as sim:
        key = {"Idempotency_Key": "0123456789abcdef"}
        await v2(sim, "POST", "/calls", {"commands": [RING]}, **key)
        await sim.control("POST", "/reset")
        assert await calls(sim) == []
        assert (await sim.control("GET", "/sessions"))["sessions"] == []
        await v2(sim, "POST", "/calls", {"commands": [RING]}, **key)
        assert len(await calls(sim)) == 1


# ---- whatever comes ---------------------------------------------------------------------------------------------

DOCUMENTED = {200, 201, 202, 204, 400, 403, 404, 405, 409, 413}
NAMES = [
    "commands",
    "command",
    "parameters",
    "batchOptions",
    "maxCps",
    "name",
    "isDefault",
    "callBehavior",
    "svaml",
    "type",
]
WORDS = ["hangup", "dial", "NONE", "STATIC", "STRICT", "@number", BEN]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40) | st.just(b"[" * 20_000)
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
QUERIES = st.dictionaries(
    st.sampled_from(["page", "pageSize", "from", "to", "startTime", "endTime", "callResult", "filter", "isDefault"]),
    VISIBLE | st.sampled_from(["1", "2025-01-15", "BUSY", "true"]),
    max_size=3,
).map(lambda pairs: "?" + "&".join(f"{name}={quote(value)}" for name, value in pairs.items()))


@frozen
class Place:
    """A simulator with a call, and what stands for the braces of paths."""

    sim: Wired
    known: dict[str, str]

    def path(self, endpoint: PlatformEndpoint, segment: str, known: bool) -> str:
        parts = endpoint.pattern.removeprefix("/{projectId}").split("/")
        filled = [
            quote((self.known.get(part, "x") if known else segment) or "x", safe="") if part.startswith("{") else part
            for part in parts
        ]
        return "/".join(filled)


@pytest.fixture
async def place() -> object:
    async with wired() as sim:
        session_id = await start(sim, RING)
        (call,) = await calls(sim)
        yield Place(sim, {"{callId}": call["callId"], "{sessionId}": session_id, "{callName}": "ben"})


@given(st.sampled_from(PLATFORM_ENDPOINTS), BODIES, QUERIES, st.text(max_size=20), st.booleans(), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
async def test_whatever_is_sent_the_answer_is_documented(
    place: Place, endpoint: PlatformEndpoint, body: bytes, query: str, segment: str, known: bool, with_key: bool
) -> None:
    headers = basic(KEY_ID, KEY_SECRET) | ({"Idempotency-Key": segment.encode().hex()} if with_key else {})
    path = BASE + place.path(endpoint, segment, known) + query
    raw = None if endpoint.method in ("GET", "DELETE") else body
    reply = await place.sim.request(endpoint.method, path, raw=raw, headers=headers)
    assert reply.status in DOCUMENTED, (path, reply.raw)
    if reply.status >= 400:
        assert set(reply.json) == {"type", "title", "detail", "instance"}
