"""Calls and sessions by REST, over HTTP: what is answered, and what follows."""

import pytest

from sinch_simulator.config import DEFAULT_KEY
from support.svaml_v2 import Json, dial, say
from support.voice_v2_api import BASE, KEY_ID, KEY_SECRET, PROJECT, ask_webhook, calls, start, v2
from support.wired_world import BEN, Wired, basic, wired

PHONE = {"type": "PHONE", "phone": {"number": BEN}}
HANG_UP = {"command": "hangup"}


def ring(**more: object) -> Json:
    return {**dial("ben", to=PHONE), **more}


async def answered_call(sim: Wired) -> Json:
    """A call to Ben, who has picked up."""
    await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 1}})
    await start(sim, ring())
    await sim.advance(1)
    (call,) = await calls(sim)
    return call


async def test_a_call_is_there_at_once_and_over_when_it_is_hung_up() -> None:
    async with wired() as sim:
        reply = await v2(sim, "POST", "/calls", {"commands": [ring(events={"onAnswer": [say("Hi."), HANG_UP]})]})
        assert reply.status == 201
        session_id = reply.json["sessionId"]
        assert reply.json == {"projectId": PROJECT, "serviceId": DEFAULT_KEY, "sessionId": session_id}
        session = (await v2(sim, "GET", f"/sessions/{session_id}")).json
        (call,) = session["calls"]
        assert (session["state"], call["callResult"], call["callName"]) == ("IN_PROGRESS", "INITIATED", "ben")
        await sim.advance(60)
        session = (await v2(sim, "GET", f"/sessions/{session_id}")).json
        assert (session["state"], "endTime" in session) == ("COMPLETED", True)
        shown = (await v2(sim, "GET", f"/calls/{call['callId']}")).json
        assert (shown["callResult"], shown["callReason"]) == ("COMPLETED", "MANAGER_HANGUP")
        assert shown["callResourceUrl"] == f"{sim.server.url}{BASE}/calls/{call['callId']}"
        assert shown == session["calls"][0]


async def test_commands_reach_a_call_by_its_id_and_by_its_name() -> None:
    async with wired() as sim:
        call = await answered_call(sim)
        reply = await v2(sim, "PATCH", f"/calls/{call['callId']}", {"commands": [say("By id.")]})
        assert (reply.status, reply.raw) == (202, b"")
        named = f"/sessions/{call['sessionId']}/calls/ben"
        assert (await v2(sim, "PATCH", named, {"commands": [HANG_UP]})).status == 202
        (over,) = await calls(sim)
        assert over["callReason"] == "MANAGER_HANGUP"
        for path in (named, f"/calls/{call['callId']}", "/calls/01ARZ3NDEKTSV4RRFFQ69G5FAV"):
            assert (await v2(sim, "PATCH", path, {"commands": [HANG_UP]})).status == 404
        assert (await v2(sim, "GET", named)).status == 405


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "not JSON"),
        (b"[]", "is not an object"),
        (b"{}", "commands: it is missing"),
        (b'{"commands": []}', "commands: there is no command"),
        (b'{"commands": [{"command": "dail"}]}', 'commands[0].command: "dail" is no command; did you mean "dial"?'),
    ],
)
async def test_what_cannot_be_is_refused_by_its_path_and_nothing_happens(body: bytes, detail: str) -> None:
    async with wired() as sim:
        call = await answered_call(sim)
        for method, path in (("POST", "/calls"), ("PATCH", f"/calls/{call['callId']}")):
            headers = basic(KEY_ID, KEY_SECRET)
            reply = await sim.request(method, BASE + path, raw=body, headers=headers)
            assert reply.status == 400
            assert reply.headers["Content-Type"] == "application/problem+json"
            assert set(reply.json) == {"type", "title", "detail", "instance"}
            assert (reply.json["type"], reply.json["title"]) == (
                "https://api.sinch.com/docs/errors/bad-request",
                "Bad Request",
            )
            assert reply.json["instance"] == BASE + path
            assert detail in reply.json["detail"]
        assert len(await calls(sim)) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", "/calls", 405),
        ("GET", "/calls/01ARZ3NDEKTSV4RRFFQ69G5FAV", 404),
        ("GET", "/sessions/01ARZ3NDEKTSV4RRFFQ69G5FAV", 404),
        ("GET", "/calls?callResult=DONE", 400),
        ("GET", "/calls?startTime=yesterday", 400),
        ("GET", "/calls?page=0", 400),
        ("GET", "/calls?pageSize=101", 400),
        ("POST", "/calls?serviceId=x", 404),
    ],
)
async def test_refusals_are_problems(method: str, path: str, status: int) -> None:
    async with wired() as sim:
        reply = await v2(sim, method, path, {"commands": [HANG_UP]} if method == "POST" else None)
        assert (reply.status, set(reply.json)) == (status, {"type", "title", "detail", "instance"})
        assert reply.json["instance"] == BASE + path.partition("?")[0]


async def test_another_project_is_none_of_ones_business() -> None:
    async with wired() as sim:
        other = await sim.application()
        foreign = f"/v2/projects/{other['projectId']}/calls"
        assert (await sim.request("GET", foreign, headers=basic(KEY_ID, KEY_SECRET))).status == 403
        own = await sim.request("GET", foreign, headers=basic(other["keyId"], other["keySecret"]))
        assert (own.status, own.json["calls"]) == (200, [])


async def test_lists_are_filtered_and_paged_with_links_that_can_be_followed() -> None:
    async with wired() as sim:
        for _ in range(3):
            await start(sim, ring())
            await sim.advance(1)
        await start(sim, dial("agent"))
        query = "to=%2B" + BEN[1:] + "&pageSize=2"
        first = (await v2(sim, "GET", f"/calls?{query}")).json
        assert first["meta"] == {"totalCount": 3, "pageCount": 2}
        assert set(first["links"]) == {"self", "first", "last", "next"}
        following = await sim.request(
            "GET", first["links"]["next"].removeprefix(sim.server.url), headers=basic(KEY_ID, KEY_SECRET)
        )
        second = following.json
        assert set(second["links"]) == {"self", "first", "last", "prev"}
        ids = [call["callId"] for call in first["calls"] + second["calls"]]
        assert len(set(ids)) == 3
        assert ids == sorted(ids, reverse=True)
        assert (await v2(sim, "GET", f"/calls?{query}&page=9")).json["calls"] == []
        empty = (await v2(sim, "GET", "/calls?callResult=BUSY")).json
        assert empty["meta"] == {"totalCount": 0, "pageCount": 0}
        assert empty["links"]["last"] == empty["links"]["first"]


async def test_every_filter_finds_what_it_says() -> None:
    async with wired() as sim:
        await sim.control("PUT", f"/phones/{BEN}", {"busy": {}})
        await start(sim, ring(**{"from": {"type": "PHONE", "phone": {"number": "+14045550100"}}}))
        await sim.advance(10)
        await start(sim, {"command": "dial", "to": {"type": "SIP", "sip": {"endpoint": "sip:desk@example.com"}}})
        newest, oldest = await calls(sim)
        assert oldest["callResult"] == "BUSY"
        for query in (
            "from=%2B14045550100",
            f"to={BEN[1:]}",
            "callType=PHONE",
            "callResult=BUSY",
            "callReason=NOT_AVAILABLE",
            f"endTime={newest['startTime']}",
        ):
            assert await calls(sim, f"?{query}") == [oldest], query
        for query in ("to=sip:desk@example.com", "callType=SIP", f"startTime={newest['startTime']}"):
            assert await calls(sim, f"?{query}") == [newest], query
        assert len(await calls(sim, f"?serviceId={DEFAULT_KEY}&startTime=2020-01-01")) == 2
        assert await calls(sim, "?serviceId=another") == []


async def test_a_key_makes_a_request_happen_once_for_ten_minutes() -> None:
    async with wired() as sim:
        key = {"Idempotency_Key": "0123456789abcdef"}
        first = await v2(sim, "POST", "/calls", {"commands": [ring()]}, **key)
        again = await v2(sim, "POST", "/calls", {"commands": [dial()]}, **key)
        assert (again.status, again.json) == (201, first.json)
        assert len(await calls(sim)) == 1
        await v2(sim, "POST", "/calls", {"commands": [ring()]}, Idempotency_Key="another-key-of-16")
        assert len(await calls(sim)) == 2
        await sim.advance(600)
        later = await v2(sim, "POST", "/calls", {"commands": [ring()]}, **key)
        assert later.json != first.json


async def test_a_key_does_not_keep_a_mistake() -> None:
    async with wired() as sim:
        key = {"Idempotency_Key": "0123456789abcdef"}
        assert (await v2(sim, "POST", "/calls", {"commands": []}, **key)).status == 400
        assert (await v2(sim, "POST", "/calls", {"commands": [ring()]}, **key)).status == 201
        refused = await v2(sim, "POST", "/calls", {"commands": [ring()]}, Idempotency_Key="short")
        assert (refused.status, "16 to 128" in refused.json["detail"]) == (400, True)


async def test_a_call_asks_the_webhook_and_its_events_are_signed_by_the_service() -> None:
    async with wired() as sim:
        await ask_webhook(sim)
        sim.webhook.on("call.answered", {"commands": [HANG_UP]})
        await sim.control("PUT", f"/phones/{BEN}", {"answer": {"after": 1}})
        await start(sim, ring())
        await sim.advance(5)
        assert sim.webhook.events == ["call.answered", "call.hangup"]
        posted = sim.webhook.posted[0]
        assert posted.headers["authorization"].startswith(f"service {DEFAULT_KEY}:")
        assert posted.headers["ce-type"] == "com.sinch.voice.call.control.v1"
        assert posted.body["call"]["callResult"] == "IN_PROGRESS"
        shown = await sim.callbacks(f"?sessionId={posted.body['call']['sessionId']}")
        assert [(each["product"], each["event"], each["outcome"]) for each in shown] == [
            ("voice-v2", "call.answered", "answered"),
            ("voice-v2", "call.hangup", "answered"),
        ]


async def test_an_account_without_credit_is_suspended() -> None:
    async with wired() as sim:
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"credit": 0})
        reply = await v2(sim, "POST", "/calls", {"commands": [ring()]})
        assert (reply.status, reply.json["title"]) == (402, "Account Suspended")


async def test_links_lead_to_the_host_that_was_asked() -> None:
    async with wired() as sim:
        await start(sim, ring())
        port = sim.server.url.rpartition(":")[2]
        reply = await v2(sim, "GET", "/calls", Host=f"eu1.voice.localhost:{port}")
        assert reply.json["links"]["self"].startswith(f"http://eu1.voice.localhost:{port}{BASE}/calls?")
        assert reply.json["calls"][0]["callResourceUrl"].startswith(f"http://eu1.voice.localhost:{port}{BASE}/calls/")


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer stolen"}, basic(KEY_ID, "wrong"), basic(DEFAULT_KEY, "c2VjcmV0")]
)
async def test_who_cannot_say_who_it_is_gets_a_problem_and_a_challenge(headers: dict[str, str]) -> None:
    async with wired() as sim:
        reply = await sim.request("GET", f"{BASE}/calls", headers=headers)
        assert (reply.status, reply.json["title"]) == (401, "Unauthorized")
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
        assert "expired" not in reply.headers["WWW-Authenticate"]


async def test_a_query_of_too_many_parameters_is_refused() -> None:
    async with wired() as sim:
        reply = await v2(sim, "GET", "/calls?" + "&".join(["pageSize=1"] * 101))
        assert (reply.status, reply.json["detail"]) == (400, "the query has more than 100 parameters")
