"""Whatever an endpoint of SMS is sent, the answer is documented, and what fails changes nothing."""

import asyncio
import json
from urllib.parse import quote

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.core.rest.platform_request import PlatformEndpoint
from sinch_simulator.products.sms.rest.endpoints import CLASSIC_ENDPOINTS, XMS_ENDPOINTS, classic_names, known_names
from support.sms_world import ANNA, BEN, OWN, Json, Texting, texting
from support.wired_world import Reply

NAMES = sorted({name.split(".")[-1] for _, name in (*known_names(), *classic_names())} | {"default", "toAdd"})
WORDS = [ANNA, BEN, OWN, "mt_text", "mt_binary", "full", "per_recipient", "2025-01-16", "AA==", "00", "Hi ${name}"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)
GOOD = {"to": [ANNA], "from": OWN, "body": "x", "members": [BEN], "recipients": [], "message": "x"}
BODIES = (
    VALUES.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3).map(lambda more: json.dumps(GOOD | more).encode())
    | st.binary(max_size=40)
)
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
QUERY_NAMES = ["page", "page_size", "from", "to", "start_date", "end_date", "status", "code", "type", "per_recipient"]
QUERIES = st.just("") | st.dictionaries(
    st.sampled_from([*QUERY_NAMES, "number_of_recipients", "client_reference"]),
    VISIBLE | st.sampled_from(["1", "full"]),
).map(lambda pairs: "?" + "&".join(f"{name}={quote(value)}" for name, value in pairs.items()))
TYPES = st.just("application/json") | VISIBLE
DOCUMENTED = {400, 401, 403, 404, 405, 413, 415, 501}
LISTS = ("/batches", "/groups", "/inbounds", "/delivery_reports")


@frozen
class Place:
    """A plan with a scheduled batch, one that was sent, a group and a text that came in."""

    world: Texting
    known: dict[str, str]

    def path(self, endpoint: PlatformEndpoint, segments: list[str], known: list[bool]) -> str:
        """The pattern with something at its braces: what is there, or whatever comes."""
        parts = []
        for part in endpoint.pattern.split("/"):
            if part.startswith("{"):
                there = self.known[part[1:-1]]
                segment, is_known = segments.pop(), known.pop()
                part = quote(there if is_known or part == "{servicePlanId}" else segment or "x", safe="")
            parts.append(part)
        return endpoint.below + "/".join(parts)

    async def state(self) -> Json:
        """Everything that a failed request must leave alone; findings about it are no change."""
        lists = {path: await self.world.ask("GET", f"{path}?start_date=2020-01-01&page_size=100") for path in LISTS}
        groups = [each["id"] for each in lists["/groups"]["groups"]]
        members = {group: await self.world.ask("GET", f"/groups/{group}/members") for group in groups}
        return {**lists, "members": members, "messages": len(await self.world.messages())}


async def prepared(world: Texting) -> Place:
    sent = await world.send(ANNA, feedback_enabled=True)
    waiting = await world.send(ANNA, send_at="2025-01-20")
    group = await world.ask("POST", "/groups", {"name": "Staff", "members": [ANNA]})
    inbound = await world.text("Hello")
    known = {
        "servicePlanId": world.plan,
        "batch_id": waiting["id"],
        "group_id": group["id"],
        "inbound_id": inbound["id"],
        "recipient": ANNA,
        "number": "+46700000009",
        "messageId": "1",
    }
    assert sent["id"] != waiting["id"]
    return Place(world, known)


def check(reply: Reply, classic: bool) -> None:
    """A documented status; an error has a body that says what was wrong, but for 401 and 404 of XMS."""
    if reply.status < 300:
        assert reply.status in (200, 201, 202)
        return
    assert reply.status in DOCUMENTED, reply.raw
    if classic:
        assert reply.json["errorCode"] // 100 == reply.status
        assert reply.json["message"]
    elif reply.status in (401, 404):
        assert reply.raw == b""
    else:
        assert set(reply.json) == {"code", "text"}
        assert reply.json["text"]


@pytest.mark.parametrize(
    "endpoint",
    [each for each in (*XMS_ENDPOINTS, *CLASSIC_ENDPOINTS) if "tags" not in each.pattern],
    ids=lambda each: f"{each.method} {each.below}{each.pattern}",
)
def test_the_answer_is_documented_and_what_fails_changes_nothing(endpoint: PlatformEndpoint) -> None:
    classic = endpoint in CLASSIC_ENDPOINTS
    with asyncio.Runner() as runner:
        opened = texting()
        world = runner.run(opened.__aenter__())
        place = runner.run(prepared(world))

        async def ask(path: str, body: bytes, content_type: str) -> None:
            before = await place.state()
            headers = {"Content-Type": content_type}
            async with asyncio.timeout(5):
                if classic:
                    reply = await world.sim.rest(endpoint.method, path, raw=body, headers=headers)
                else:
                    headers["Authorization"] = f"Bearer {world.token}"
                    reply = await world.sim.request(endpoint.method, path, raw=body, headers=headers)
            check(reply, classic)
            if reply.status >= 300:
                assert await place.state() == before

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.lists(st.text(max_size=20) | VISIBLE, min_size=3, max_size=3),
            st.lists(st.booleans(), min_size=3, max_size=3),
            BODIES,
            TYPES,
            QUERIES,
        )
        def each(segments: list[str], known: list[bool], body: bytes, content_type: str, query: str) -> None:
            path = place.path(endpoint, [*segments], [*known]) + query
            runner.run(ask(path, body, content_type))

        each()
        runner.run(opened.__aexit__(None, None, None))
