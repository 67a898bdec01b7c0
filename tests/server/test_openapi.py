"""The description of the control API: a valid OpenAPI document, true to what the simulator takes and answers."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, quote

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.message import Message
from sinch_simulator.server.control.endpoints import control_endpoints
from sinch_simulator.server.control.openapi import openapi_document
from sinch_simulator.server.control.reference_page import reference_page
from sinch_simulator.server.control.serving import AnyEndpoint
from sinch_simulator.server.products import PRODUCTS
from support.stream_listeners import dial_into, echo, listening
from support.voice_v2_api import start
from support.wired_world import BEN, MENU, Json, Reply, Wired, wired

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "control-api.md"
ENDPOINTS = control_endpoints(PRODUCTS)
STRICT = openapi_document(ENDPOINTS, strict=True)
JSON_TYPE = "application/json"
ROOM = {"action": {"name": "connectConf", "conferenceId": "room"}}


def named(endpoint: AnyEndpoint) -> str:
    return f"{endpoint.method} {endpoint.pattern or '/'}"


def misfits(schema: Json, value: object) -> list[str]:
    """What of a value is not as the schema says, a line each."""
    validator = Draft202012Validator({**schema, "components": STRICT["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def operation(endpoint: AnyEndpoint) -> Json:
    described: Json = STRICT["paths"][f"/_simulator{endpoint.pattern}"][endpoint.method.lower()]
    return described


def test_the_page_is_what_the_code_gives() -> None:
    command = "python -m sinch_simulator.server.control.reference_page > docs/control-api.md"
    assert PAGE.read_text() == reference_page(), command


async def test_the_document_that_is_served_is_valid_openapi_and_describes_every_endpoint() -> None:
    async with wired() as sim:
        document = await sim.control("GET", "/openapi.json")
        index = await sim.control("GET", "")
    validate(document)
    described = {
        (method.upper(), path, operation["summary"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    assert described == {(row["method"], row["path"], row["summary"]) for row in index["endpoints"]}


def test_operations_have_ids_of_their_own_and_everything_is_explained() -> None:
    operations = [operation(endpoint) for endpoint in ENDPOINTS]
    ids = [each["operationId"] for each in operations]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][A-Za-z]+", each) for each in ids), ids
    parameters = [each for described in operations for each in described.get("parameters", ())]
    assert [each["name"] for each in parameters if not each["description"]] == []


@pytest.mark.parametrize("endpoint", [each for each in ENDPOINTS if each.body is not None], ids=named)
def test_an_example_is_as_the_body_is_declared_and_an_invented_field_is_not(endpoint: AnyEndpoint) -> None:
    assert endpoint.example is not None
    schema = operation(endpoint)["requestBody"]["content"][JSON_TYPE]["schema"]
    assert misfits(schema, endpoint.example) == []
    assert misfits(schema, {**endpoint.example, "invented": 1}) != []


# ---- by real requests -------------------------------------------------------------------------------------------

COOKIE: Json = {"name": "setCookie", "key": "step", "value": "1"}
TALKATIVE: Json = {**MENU, "instructions": [COOKIE, *MENU["instructions"]]}
STREAM = next(each for each in ENDPOINTS if each.pattern.endswith("/stream"))
AUDIO = next(each for each in ENDPOINTS if each.pattern.endswith("/audio"))
MEDIA = next(each for each in ENDPOINTS if each.pattern.endswith("/media"))
LAST = ("/reset", "/applications/{key}")
"""Whoever has asked these has little left to ask."""
IN_ORDER = sorted(ENDPOINTS, key=lambda each: (each.pattern in LAST, each.method != "GET", each.method == "DELETE"))


async def a_busy_world(sim: Wired) -> dict[str, str]:
    """Makes something to show everywhere; returns what stands for the braces, some of it for one path alone."""
    places = {"key": DEFAULT_KEY, "address": BEN}
    await sim.control(
        "PUT", f"/phones/{quote(BEN)}", {"answer": {"as": "machine"}, "greeting": 2, "then": [{"wait": 1}]}
    )
    await sim.control("POST", "/faults", {"on": "callback", "match": {"event": "ace"}, "do": {"drop": True}})
    sim.webhook.on("ice", TALKATIVE)
    await sim.dial(**{"from": "alice"}, origin="mxp", to={"type": "number", "endpoint": BEN})
    await sim.advance(86_400)
    call = await sim.dial(custom="order 42", caller={"then": [{"wait": 1000}]})
    [callback] = await sim.callbacks(f"?callId={call['callId']}&event=ice")
    await sim.control("PUT", f"/phones/{quote(BEN)}", {"by_hand": {}})
    for pattern in ("/calls/{callId}/answer", "/calls/{callId}/decline"):
        places[pattern] = await sim.call_out()
    sim.webhook.on("ice", ROOM)
    places["/calls/{callId}/conference"] = (await sim.dial())["callId"]
    places["/messages/{id}"] = "text"
    sim.server.worlds.default.simulation.messages.keep(
        Message("text", DEFAULT_KEY, "xms", DEFAULT_NUMBER, BEN, 0, "Hello")
    )
    identity = {"type": "number", "endpoint": BEN}
    for pattern in ("/verifications/{id}", "/verifications/{id}/end"):
        started = await sim.rest("POST", "/verification/v1/verifications", {"identity": identity, "method": "sms"})
        places[pattern] = started.json["id"]
    places["sessionId"] = await start(sim, {"command": "dial", "to": {"type": "PHONE", "phone": {"number": BEN}}})
    return {**places, "callId": call["callId"], "id": callback["id"]}


def path_of(endpoint: AnyEndpoint, places: dict[str, str]) -> str:
    own = places.get(endpoint.pattern)
    filled = re.sub(r"\{(\w+)\}", lambda found: quote(own or places[found[1]]), endpoint.pattern)
    return f"/_simulator{filled}"


def declared(endpoint: AnyEndpoint, reply: Reply) -> list[str]:
    """What of an answer is not as declared."""
    responses = operation(endpoint)["responses"]
    content = responses.get(str(reply.status), responses["default"]).get("content")
    if content is None:
        return [] if reply.raw == b"" else ["a body"]
    media_type = reply.headers["Content-Type"].partition(";")[0]
    if media_type not in content:
        return [media_type]
    return misfits(content[media_type]["schema"], reply.json) if media_type == JSON_TYPE else []


async def test_every_example_works_and_is_answered_as_declared() -> None:
    async with wired() as sim:
        places = await a_busy_world(sim)
        for endpoint in IN_ORDER:
            if endpoint in (STREAM, AUDIO, MEDIA):
                continue
            path = path_of(endpoint, places) + (f"?{endpoint.query_example}" if endpoint.query_example else "")
            if endpoint.media_types == ("text/event-stream",):
                async with sim.session.get(sim.server.url + path) as stream:
                    assert (stream.status, stream.content_type) == (200, "text/event-stream")
                continue
            reply = await sim.request(endpoint.method, path, endpoint.example)
            assert (reply.status, declared(endpoint, reply)) == (endpoint.status, []), (
                f"{named(endpoint)}: {reply.raw!r}"
            )


async def test_what_is_shown_without_a_query_is_as_declared_too() -> None:
    async with wired() as sim:
        places = await a_busy_world(sim)
        for endpoint in IN_ORDER:
            if endpoint.method == "GET" and endpoint.answer is not None and endpoint is not STREAM:
                reply = await sim.request("GET", path_of(endpoint, places))
                assert (reply.status, declared(endpoint, reply)) == (200, []), named(endpoint)


async def test_the_stream_of_a_call_is_shown_as_declared() -> None:
    async with wired() as sim, listening(echo) as app:
        path = path_of(STREAM, {"callId": await dial_into(sim, app)})
        await sim.advance(1)
        reply = await sim.request("GET", f"{path}?{STREAM.query_example}")
    assert (reply.status, declared(STREAM, reply)) == (200, [])
    assert reply.json["frames"] != []


async def test_a_query_that_is_not_declared_is_refused_as_declared() -> None:
    async with wired() as sim:
        places = await a_busy_world(sim)
        for endpoint in IN_ORDER:
            assert {name for name, _ in parse_qsl(endpoint.query_example)} <= {item.name for item in endpoint.query}
            reply = await sim.request(endpoint.method, path_of(endpoint, places) + "?invented=1", endpoint.example)
            assert (reply.status, reply.error["code"], declared(endpoint, reply)) == (400, "unknown_field", [])
