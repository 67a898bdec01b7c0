"""Errors beside those of the published OpenAPI: the same statuses and codes wherever a request can meet them.

Version 1.0.1 has a body ``{status, errorCode, message}`` with a number for code, 1.0.0 wraps it in two objects, with
text for code. Ours is flat, with the number and a ``reference`` and without ``status``, as the samples of SDKs
(docs/platform/rest.md#2).
"""

import time

import pytest

from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.core.signing import timestamp_text
from support.published_shapes import misfits
from support.wired_world import BEN, Json, Reply, basic, tts_callout, wired

CALLOUTS = "/calling/v1/callouts"
NO_CALL = "/calling/v1/calls/id/4398599d1ba84ef3bde0a82dfb61abed"
NO_ROOM = "/calling/v1/conferences/id/MondayRoom"
SIGNED = {"Authorization": f"Application {DEFAULT_KEY}:c2lnbmF0dXJl"}
LONG_AGO = {"x-timestamp": "2014-06-02T15:39:31.2729234Z"}


def assert_refused(reply: Reply, status: int, code: int) -> None:
    """The published status and code, in a body of the flat form whose code begins with the status."""
    assert (reply.status, reply.error_code, code // 100) == (status, code, status)
    assert misfits(reply.json, {"errorCode": int, "message": str, "reference": str}) == []
    assert len(reply.json) == 3
    assert reply.json["message"]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        pytest.param(40001, tts_callout(dtmf="two"), id="40001 a parameter"),
        pytest.param(40002, tts_callout(destination=None), id="40002 a parameter that is missing"),
        pytest.param(40002, {}, id="40002 the method is missing"),
        pytest.param(40003, None, id="40003 no request data"),
    ],
)
async def test_a_bad_request_is_refused_with_the_published_code(code: int, body: object) -> None:
    async with wired() as sim:
        assert_refused(await sim.rest("POST", CALLOUTS, body), 400, code)


async def test_an_unknown_method_is_refused_as_an_invalid_parameter() -> None:
    """The example of 1.0.1 for 40001 is about this; 1.0.0, which is older, has 40003 for callouts."""
    async with wired() as sim:
        reply = await sim.rest("POST", CALLOUTS, {"method": "voiceCallout"})
        assert_refused(reply, 400, 40001)
        for method in ("ttsCallout", "conferenceCallout", "customCallout"):
            assert method in reply.json["message"]


async def test_a_number_without_plus_is_taken() -> None:
    """1.0.1 has an error for it, 40002; its own examples and those of docs/platform/rest.md#1.5 leave the sign out."""
    async with wired() as sim:
        body = tts_callout(destination={"type": "number", "endpoint": BEN.removeprefix("+")})
        assert (await sim.rest("POST", CALLOUTS, body)).status == 200


async def test_an_application_key_of_nobody_is_invalid() -> None:
    """1.0.1 has an example 40004 for an invalid key, whose code is 40002; docs/platform/rest.md#2 has 40003."""
    async with wired() as sim:
        path = "/v1/configuration/callbacks/applications/94983f76-1161-6655-9515-4785c7b67dd8"
        reply = await sim.rest("GET", path)
        assert_refused(reply, 400, 40003)
        assert reply.json["message"] == "Invalid Application Key"


@pytest.mark.parametrize(
    ("status", "code", "headers"),
    [
        pytest.param(401, 40100, {}, id="40100 no authorization"),
        pytest.param(401, 40101, SIGNED, id="40101 no timestamp"),
        pytest.param(401, 40101, {**SIGNED, **LONG_AGO}, id="40101 a timestamp of long ago"),
        pytest.param(401, 40108, basic(secret="c2VjcmV0"), id="40108 wrong credentials"),
        pytest.param(403, 40301, {"Authorization": "Bearer abc"}, id="40301 a scheme that is not for this"),
    ],
)
async def test_a_request_of_nobody_is_refused_with_the_published_code(
    status: int, code: int, headers: dict[str, str]
) -> None:
    """1.0.1 also has 40103, 40104, 40105, 40107, 40302 and 40303, of which nothing says when they come."""
    async with wired() as sim:
        assert_refused(await sim.request("GET", NO_CALL, headers=headers), status, code)


async def test_a_wrong_signature_is_refused_with_the_published_code() -> None:
    async with wired() as sim:
        headers = {**SIGNED, "x-timestamp": timestamp_text(time.time())}
        assert_refused(await sim.request("GET", NO_CALL, headers=headers), 401, 40102)


@pytest.mark.parametrize(
    ("limits", "status", "code"),
    [
        pytest.param({"credit": 0}, 402, 40200, id="40200 not enough credit"),
        pytest.param({"barred": [BEN]}, 403, 40300, id="40300 a destination that is barred"),
    ],
)
async def test_an_account_with_limits_is_refused_with_the_published_code(limits: Json, status: int, code: int) -> None:
    async with wired() as sim:
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", limits)
        assert_refused(await sim.rest("POST", CALLOUTS, tts_callout()), status, code)


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        pytest.param("GET", NO_CALL, None, "Call not found", id="GET call"),
        pytest.param("PATCH", NO_CALL, {"action": {"name": "hangup"}}, "Call not found", id="PATCH call"),
        pytest.param("PATCH", NO_CALL + "/leg/both", {"action": {"name": "hangup"}}, "Call not found", id="PATCH leg"),
        pytest.param("GET", NO_ROOM, None, "", id="GET conference"),
        pytest.param("DELETE", NO_ROOM, None, "", id="DELETE conference"),
        pytest.param("PATCH", NO_ROOM + "/abc", {"command": "mute"}, "", id="PATCH participant"),
        pytest.param("DELETE", NO_ROOM + "/abc", None, "", id="DELETE participant"),
    ],
)
async def test_what_is_not_there_is_40400_in_the_words_of_1_0_0(
    method: str, path: str, body: object, message: str
) -> None:
    async with wired() as sim:
        reply = await sim.rest(method, path, body)
        assert_refused(reply, 404, 40400)
        room = "No such ongoing conference 'MondayRoom' in the application's context"
        assert reply.json["message"] == (message or room)


@pytest.mark.parametrize(("status", "code"), [(409, 40900), (429, 42900), (500, 50000), (503, 50300)])
async def test_errors_that_no_request_brings_about_come_as_faults(status: int, code: int) -> None:
    """The example of 1.0.1 for 50300 has a misprint, 50500; its list of codes has 50300 (docs/platform/rest.md#2)."""
    async with wired() as sim:
        await sim.control("POST", "/faults", {"on": "rest", "do": {"status": status}})
        assert_refused(await sim.rest("POST", CALLOUTS, tts_callout()), status, code)
