"""Requests that lead nowhere: what the hint says was meant, what is not here, and who sent it."""

import pytest

from support.wired_world import Reply, Wired, wired

HINT = "X-Sinch-Simulator-Hint"
PYTHON_2 = "sinch-sdk/2.3.0 (Python/3.11.7; HTTPTransportRequests;)"


async def ask(sim: Wired, method: str, path: str, user_agent: str = "curl/8") -> Reply:
    return await sim.rest(method, path, headers={"User-Agent": user_agent})


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/callouts", "/calling/v1/callouts"),
        ("/calling/v1/callout", "/calling/v1/callouts"),
        ("/calling/v1/calling/v1/callouts", "/calling/v1/callouts"),
        ("/calling/v1/calls/abc-1", "/calling/v1/calls/id/abc-1"),
        ("/calls/abc-1", "/calling/v1/calls/id/abc-1"),
        ("/v1/calls/abc-1/leg/caller", "/calling/v1/calls/id/abc-1/leg/caller"),
        ("/calling/v1/conferences/room", "/calling/v1/conferences/id/room"),
        ("/calling/v1/conference/id/room", "/calling/v1/conferences/id/room"),
        ("/calling/v1/numbers", "/calling/v1/configuration/numbers"),
    ],
)
async def test_a_path_that_is_nearly_right_is_told_how_it_is_written(path: str, meant: str) -> None:
    async with wired() as sim:
        reply = await ask(sim, "GET", path)
        assert (reply.status, reply.json["errorCode"]) == (404, 40400)
        assert f"did you mean {meant}?" in reply.headers[HINT]


@pytest.mark.parametrize("path", ["/", "/nowhere", "/calling/v1/abc-1", "/calling/v1", "/a" * 300, "/%ff/nowhere"])
async def test_nothing_is_guessed_for_a_path_that_is_like_none(path: str) -> None:
    async with wired() as sim:
        reply = await ask(sim, "POST", path)
        assert reply.status in (404, 405)
        assert "did you mean" not in reply.headers.get(HINT, "")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/projects/p/messages:send", "the Conversation API"),
        ("/v2/projects/p/templates/1", "the Conversation API"),
        ("/v1/projects/p/trunks", "Elastic SIP Trunking"),
        ("/v1/projects/p/accessControlLists", "Elastic SIP Trunking"),
        ("/v2/projects/p/lookups", "Number Lookup"),
        ("/v3/projects/p/faxes", "the Fax API"),
    ],
)
async def test_a_path_of_an_api_that_is_not_here_says_so_and_what_is(path: str, name: str) -> None:
    async with wired() as sim:
        reply = await ask(sim, "POST", path)
        assert reply.status == 501
        assert f"is of {name}, which is not simulated here" in reply.headers[HINT]
        assert "Numbers API" in reply.headers[HINT]
        assert "SDK" not in reply.headers[HINT]


async def test_a_path_that_begins_as_those_of_a_product_do_is_refused_in_its_words() -> None:
    async with wired() as sim:
        reply = await ask(sim, "POST", "/v1/projects/p/messages:send")
        assert (reply.status, reply.json["error"]["status"]) == (501, "UNIMPLEMENTED")
        reply = await ask(sim, "GET", "/v1/projects/p/availableNumber")
        assert (reply.status, reply.json["error"]["status"]) == (404, "NOT_FOUND")
        assert "did you mean /v1/projects/p/availableNumbers?" in reply.headers[HINT]


@pytest.mark.parametrize(
    ("user_agent", "named"),
    [
        (PYTHON_2, "the Python SDK 2.3.0."),
        ("sinch-sdk/1.1.4 (Python/3.11.7; HTTPTransportRequests;)", "the Python SDK 1.1.4."),
        ("sinch-sdk/1.6.0 (JavaScript/v20.1; default; none)", "the Node SDK 1.6.0."),
    ],
)
async def test_the_sdk_that_asks_for_it_is_named(user_agent: str, named: str) -> None:
    async with wired() as sim:
        assert named in (await ask(sim, "GET", "/v1/projects/p/contacts", user_agent)).headers[HINT]


@pytest.mark.parametrize(
    ("raw", "where", "what"),
    [
        (b"", "line 1, column 1", "there is no text"),
        (b'{"method":\n nonsense}', "line 2, column 2", 'there stands "nonsense}"'),
        (b'{"method": "ttsCallout"', "line 1, column 24", "the text ends there"),
        (b"method=ttsCallout&text=Hi", "line 1, column 1", 'there stands "method=ttsCallout&te"'),
        (b"\xff", "byte 0", "is not UTF-8"),
    ],
)
async def test_a_body_that_is_no_json_says_where_and_what(raw: bytes, where: str, what: str) -> None:
    async with wired() as sim:
        reply = await sim.rest("POST", "/calling/v1/callouts", raw=raw)
        assert (reply.status, reply.json["errorCode"]) == (400, 40003)
        assert where in reply.json["message"]
        assert what in reply.json["message"]
        if raw.startswith(b"method="):
            assert "the fields of a form" in reply.headers[HINT]


async def test_an_action_that_is_its_name_alone_is_told_how_it_is_written() -> None:
    async with wired() as sim:
        call_id = await sim.call_out()
        reply = await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}", {"action": "Hangup"})
        assert reply.status == 400
        assert '"Hangup" is not an object' in reply.json["message"]
        assert '"action": {"name": "hangup"}' in reply.headers[HINT]
