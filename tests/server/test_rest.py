"""The platform's REST API over the wire: paths, credentials, limits, and every kind of bad input."""

import asyncio
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import decode_secret, sign, timestamp_text
from support.wired_world import BEN, CONNECT, CONTINUE, HANG_UP, Json, Reply, Wired, basic, tts_callout, wired

CALLOUTS = "/calling/v1/callouts"


SPELLINGS = [CALLOUTS, "/calling/v1/callouts/", "/v1/callouts", "/v1/callouts/", "/Calling/V1/CallOuts"]
STRANGERS = ["/", "/calling/v1", "/calling/v2/callouts", "/callouts", "/v1/calls/id/", "/%00", "/v1//callouts"]


@pytest.mark.parametrize("path", SPELLINGS)
async def test_every_spelling_of_a_path_leads_there(path: str) -> None:
    async with wired() as sim:
        reply = await sim.rest("POST", path, tts_callout())
        assert reply.status == 200
        call_id = reply.json["callId"]
        for prefix in ("/calling/v1", "/v1"):
            assert (await sim.rest("GET", f"{prefix}/calls/id/{call_id}")).json["callId"] == call_id


async def test_a_call_id_is_percent_decoded_once() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        once = call_id.replace("-", "%2D")
        assert (await sim.rest("GET", f"/v1/calls/id/{once}")).status == 200
        assert (await sim.rest("GET", f"/v1/calls/id/{once.replace('%', '%25')}")).status == 404


async def test_the_misprinted_path_works_and_is_remarked() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        assert (await sim.rest("PATCH", f"/v1/call/id/{call_id}", HANG_UP)).status == 204
        assert "CALL_PATH_ALIAS" in await sim.codes()


@pytest.mark.parametrize("path", STRANGERS)
async def test_an_unknown_path_is_404_with_the_platforms_body(path: str) -> None:
    async with wired() as sim:
        reply = await sim.rest("POST", path, tts_callout())
        assert reply.status == 404
        assert (reply.error_code, reply.json["message"]) == (40400, "Not Found")
        assert reply.headers["Content-Type"] == "application/json; charset=utf-8"


async def test_the_wrong_verb_is_405_and_the_hint_names_the_right_one() -> None:
    async with wired() as sim:
        reply = await sim.rest("PUT", CALLOUTS, tts_callout())
        assert (reply.status, reply.error_code) == (405, 40500)
        assert "POST" in reply.headers["X-Sinch-Simulator-Hint"]


async def test_a_signed_request_is_as_good_as_a_password() -> None:
    async with wired() as sim:
        body = json.dumps(tts_callout()).encode()
        timestamp = timestamp_text(time.time())
        signature = sign(
            decode_secret(DEFAULT_SECRET),
            method="POST",
            body=body,
            content_type="application/json",
            timestamp=timestamp,
            path="/v1/callouts/",
        )
        headers = {
            "Authorization": f"Application {DEFAULT_KEY}:{signature}",
            "x-timestamp": timestamp,
            "Content-Type": "application/json",
        }
        assert (await sim.request("POST", "/v1/callouts/", raw=body, headers=headers)).status == 200
        changed = await sim.request("POST", "/v1/callouts/", raw=body + b" ", headers=headers)
        assert (changed.status, changed.error_code) == (401, 40102)


async def test_a_request_without_credentials_is_401_and_the_developer_is_told() -> None:
    async with wired() as sim:
        assert (await sim.request("POST", CALLOUTS, tts_callout())).error_code == 40100
        wrong = await sim.rest("POST", CALLOUTS, tts_callout(), secret="d3Jvbmc=")
        assert (wrong.status, wrong.error_code) == (401, 40108)
        assert await sim.codes() == ["AUTH_MISSING", "AUTH_WRONG_SECRET"]


async def test_a_refused_request_is_told_in_the_world_of_the_application_that_it_names() -> None:
    async with wired() as sim:
        other = await sim.application()
        await sim.rest("POST", CALLOUTS, tts_callout(), key=other["key"])
        assert await sim.codes() == []
        assert await sim.codes(f"?application={other['key']}") == ["AUTH_WRONG_SECRET"]


async def test_a_call_of_another_application_is_not_found() -> None:
    async with wired() as sim:
        other = await sim.application(world="default")
        call_id = await sim.call_out()
        for method, body in (("GET", None), ("PATCH", HANG_UP)):
            reply = await sim.rest(method, f"/v1/calls/id/{call_id}", body, key=other["key"], secret=other["secret"])
            assert (reply.status, reply.json["message"]) == (404, "Call not found")


async def test_a_callout_can_be_looked_at_and_hung_up() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        info = (await sim.rest("GET", f"/v1/calls/id/{call_id}")).json
        assert (info["status"], info["result"], info["to"]["endpoint"]) == ("ONGOING", "N/A", BEN)
        reply = await sim.rest("PATCH", f"/v1/calls/id/{call_id}", HANG_UP)
        assert (reply.status, reply.raw, reply.headers.get("Content-Length")) == (204, b"", None)
        assert (await sim.rest("GET", f"/v1/calls/id/{call_id}")).json["status"] == "FINAL"
        assert (await sim.rest("PATCH", f"/v1/calls/id/{call_id}", HANG_UP)).status == 404


async def test_a_message_is_said_into_one_end_of_a_call() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        sim.webhook.on("ace", CONTINUE)
        call_id = (await sim.dial())["callId"]
        await sim.advance(3)
        say = {"instructions": [{"name": "say", "text": "One more minute"}], "action": {"name": "continue"}}
        assert (await sim.rest("PATCH", f"/v1/calls/id/{call_id}/leg/callee", say)).status == 200
        legs = (await sim.call(call_id))["legs"]
        assert [leg["heard"] for leg in legs] == [[], ["One more minute"]]
        wrong = await sim.rest("PATCH", f"/v1/calls/id/{call_id}/leg/nobody", say)
        assert (wrong.status, wrong.error_code) == (400, 40003)


async def test_illegal_svaml_is_refused_and_changes_nothing() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        await sim.advance(2)
        before = await sim.call(call_id)
        for document in ({"action": {"name": "fly"}}, {"action": [HANG_UP]}, {"action": {"name": "connectPstn"}}):
            reply = await sim.rest("PATCH", f"/v1/calls/id/{call_id}", document)
            assert (reply.status, reply.error_code) == (400, 40003)
        assert (await sim.call(call_id))["state"] == before["state"]
        assert "UNKNOWN_ACTION" in await sim.codes(f"?callId={call_id}")


async def test_the_region_is_that_of_the_host_and_urls_lead_back_to_it() -> None:
    async with wired() as sim:
        port = sim.server.url.rpartition(":")[2]
        host = f"calling-use1.localhost:{port}"
        body = {"method": "customCallout", "customCallout": {"cli": "+14045550100"}}
        await sim.rest("POST", CALLOUTS, body, headers={"Host": host})
        await sim.advance(0)
        url = sim.webhook.posted[0].body["callResourceUrl"]
        assert url.startswith(f"http://{host}/calling/v1/calls/id/")


async def test_the_url_of_a_call_that_came_in_is_the_simulators_own() -> None:
    async with wired() as sim:
        await sim.dial()
        assert sim.webhook.posted[0].body["callResourceUrl"].startswith(sim.server.url)


# ---- bad input


NESTED = b'{"method":' * 10_000 + b"1" + b"}" * 10_000
UNREADABLE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"\xff\xfe\x00",
    b'{"method": NaN}',
    b'{"method": ' + b"9" * 5000 + b"}",
    NESTED,
    b"[" * 10_000,
    b"x" * 262_144,
]
UNUSABLE = [
    b"{}",
    b'{"method": {"a": 1}}',
    b'{"method": "\\ud800"}',
    b'{"method": "ttsCallout", "ttsCallout": []}',
    b'{"method": "ttsCallout", "ttsCallout": {"destination": {"type": "number", "endpoint": "\\ud800"}}}',
]


@pytest.mark.parametrize("raw", [*UNREADABLE, *UNUSABLE], ids=lambda raw: repr(raw[:20]))
async def test_a_bad_callout_is_400_and_places_nothing(raw: bytes) -> None:
    async with wired() as sim:
        reply = await sim.rest("POST", CALLOUTS, raw=raw)
        assert reply.status == 400
        assert reply.error_code in (40001, 40002, 40003)
        assert reply.json["reference"]
        assert (await sim.control("GET", "/calls"))["calls"] == []


@pytest.mark.parametrize("raw", UNREADABLE, ids=lambda raw: repr(raw[:20]))
async def test_an_update_that_cannot_be_read_is_400_and_changes_nothing(raw: bytes) -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        await sim.advance(2)
        before = await sim.call(call_id)
        reply = await sim.rest("PATCH", f"/v1/calls/id/{call_id}", raw=raw)
        assert (reply.status, reply.error_code) == (400, 40003)
        assert (await sim.call(call_id))["state"] == before["state"]


async def test_a_body_of_ten_megabytes_is_413_and_the_connection_lives_on() -> None:
    async with wired() as sim:
        reply = await sim.rest("POST", CALLOUTS, raw=b" " * 10_000_000)
        assert (reply.status, reply.error_code) == (413, 41300)
        assert (await sim.rest("POST", CALLOUTS, tts_callout())).status == 200


async def test_chunks_beyond_the_limit_are_413_too() -> None:
    async with wired() as sim:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(sim.server.url.rpartition(":")[2]))
        head = f"POST {CALLOUTS} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head.encode() + (b"10000\r\n" + b" " * 65_536 + b"\r\n") * 5)
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.close()


NO_HTTP = [b"garbage\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET /\r\n\r\n"]


@pytest.mark.parametrize("raw", NO_HTTP)
async def test_what_is_no_http_is_refused_without_a_word_on_the_terminal(
    raw: bytes, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with wired() as sim:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(sim.server.url.rpartition(":")[2]))
        writer.write(raw)
        writer.write_eof()
        answer = await reader.read()
        assert b" 500 " not in answer
        writer.close()
        assert caplog.records == []
        assert capsys.readouterr().err == ""


async def test_a_client_that_waits_for_100_continue_gets_it() -> None:
    async with wired() as sim:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(sim.server.url.rpartition(":")[2]))
        body = json.dumps(tts_callout()).encode()
        head = [
            f"POST {CALLOUTS} HTTP/1.1",
            "Host: localhost",
            f"Authorization: {basic()['Authorization']}",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
        ]
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        writer.write(body)
        await reader.readline()
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=10), inside, max_size=3),
    max_leaves=10,
)
FIELD_NAMES = ["cli", "destination", "text", "prompts", "dtmf", "custom", "ice", "ace", "maxDuration", "conferenceId"]
FIELDS = st.dictionaries(st.sampled_from(FIELD_NAMES), VALUES, max_size=6)
METHODS = st.sampled_from(["ttsCallout", "customCallout", "conferenceCallout"])
CALLOUT_BODIES = st.builds(lambda method, fields: {"method": method, method: fields}, METHODS, FIELDS)
SVAML_NAMES = st.sampled_from(["hangup", "continue", "connectPstn", "runMenu", "park", "connectConf", "say"])
SVAML = st.fixed_dictionaries(
    {},
    optional={
        "instructions": st.lists(st.fixed_dictionaries({"name": SVAML_NAMES | VALUES, "text": VALUES}), max_size=3),
        "action": st.fixed_dictionaries({"name": SVAML_NAMES | VALUES}, optional={"menus": VALUES, "number": VALUES}),
    },
)


async def _send_all(requests: list[tuple[str, str, bytes]]) -> list[Reply]:
    async with wired("auto") as sim:
        sim.webhook.on("ice", HANG_UP)
        call_id = await sim.call_out()
        replies = [await sim.rest(method, path.replace("{id}", call_id), raw=raw) for method, path, raw in requests]
        await _still_works(sim)
        return replies


async def _still_works(sim: Wired) -> None:
    call_id = await sim.call_out()
    body: Json = {"action": {"name": "hangup"}}
    assert (await sim.rest("PATCH", f"/v1/calls/id/{call_id}", body)).status == 204
    assert (await sim.call(call_id))["status"] == "FINAL"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CALLOUT_BODIES, max_size=6), st.lists(SVAML | VALUES, max_size=4), st.lists(st.binary(max_size=40)))
def test_whatever_is_sent_the_answer_is_documented(
    callouts: list[Json], updates: list[object], bodies: list[bytes]
) -> None:
    requests = [("POST", CALLOUTS, json.dumps(body).encode()) for body in callouts]
    requests += [("PATCH", "/v1/calls/id/{id}", json.dumps(update).encode()) for update in updates]
    requests += [("POST", CALLOUTS, raw) for raw in bodies]
    for reply in asyncio.run(_send_all(requests)):
        assert reply.status in (200, 204, 400, 404), reply.raw
        if reply.status >= 400:
            assert set(reply.json) == {"errorCode", "message", "reference"}
            assert reply.json["errorCode"] // 100 == reply.status


PARTS = ["/", "/calling/v1", "/v1", "/callouts", "/calls", "/id", "/_simulator", "/phones", "/callbacks", "%ff", "?"]
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
TARGETS = st.lists(st.sampled_from(PARTS) | VISIBLE, max_size=8).map("".join)
VERBS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"])


async def _ask_for(targets: list[tuple[str, str]]) -> list[Reply]:
    async with wired() as sim:
        return [await sim.rest(method, target) for method, target in targets]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(VERBS, TARGETS), max_size=20))
def test_whatever_the_path_is_the_answer_is_json_of_its_api(targets: list[tuple[str, str]]) -> None:
    asked = [(method, "/" + target.replace("#", "").lstrip("/")) for method, target in targets]
    for (method, target), reply in zip(asked, asyncio.run(_ask_for(asked)), strict=True):
        assert reply.status < 500, (method, target, reply.raw)
        if reply.status >= 400:
            assert "error" in reply.json or "errorCode" in reply.json, (method, target)
