"""Whatever an endpoint of the number administration is sent: a documented answer, and what fails changes nothing."""

import asyncio
import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.products.number_administration.rest.endpoints import ENDPOINTS
from support.number_administration import ORGANISATION, OWN, Administration, administration
from support.wired_world import Json

NAMES = ["groupId", "quantity", "capabilities", "referenceIds", "numbers", "version", "password", "authorization", "x"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from([OWN, 1, "voice"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40)
SEGMENTS = st.sampled_from([ORGANISATION, DEFAULT_KEY, str(OWN), "voice", "sms", "email"]) | st.text(max_size=12)
SIGNED = [endpoint for endpoint in ENDPOINTS if endpoint.pattern.startswith(("/organisations", "/applications"))]


async def state(admin: Administration) -> Json:
    """Everything that a failed request must leave alone."""
    return {
        "applications": await admin.sim.control("GET", "/applications"),
        "numbers": await admin.sim.control("GET", "/numbers"),
        "mine": await admin.numbers(),
    }


@pytest.mark.parametrize("endpoint", SIGNED, ids=lambda endpoint: f"{endpoint.method} {endpoint.pattern}")
def test_the_answer_is_documented_and_what_fails_changes_nothing(endpoint: PlatformEndpoint) -> None:
    with asyncio.Runner() as runner:
        opened = administration()
        admin = runner.run(opened.__aenter__())

        async def ask(path: str, body: bytes) -> None:
            before = await state(admin)
            reply = await admin.ask(endpoint.method, path, raw=body)
            if reply.status in (200, 204):
                return
            assert reply.status in (400, 403, 404, 405), reply.raw
            assert set(reply.json) == {"errorCode", "message", "reference"}
            assert reply.json["errorCode"] // 100 == reply.status
            assert await state(admin) == before

        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(SEGMENTS, SEGMENTS, BODIES)
        def each(first: str, second: str, body: bytes) -> None:
            parts = ("/v1" + endpoint.pattern).split("/")
            given = iter((first or "x", second or "x"))
            path = "/".join(quote(next(given), safe="") if part.startswith("{") else part for part in parts)
            runner.run(ask(path, body))

        try:
            each()
        finally:
            runner.run(opened.__aexit__(None, None, None))
