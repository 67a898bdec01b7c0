"""Updates of ongoing calls of the shapes that the published OpenAPI gives as examples: accepted and obeyed.

The bodies have our own words. 1.0.1 and 1.0.0 are the versions of the specification. For an update of a call 1.0.0 has
200 and 1.0.1 has 204, for an update of a leg both have 200 (docs/platform/rest.md#10): so do we.
"""

from pathlib import Path

import pytest

from support.published_shapes import CALL, misfits
from support.recorded_calls import make_bare, told
from support.wired_world import CONNECT, CONTINUE, HANG_UP, Json, Reply, Wired, wired


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_bare(monkeypatch, tmp_path)


KEYS: Json = {"name": "sendDtmf", "value": "207#"}
GOODBYE: Json = {"name": "say", "text": "That was all. Bye", "locale": "en-US"}
WAIT: Json = {"name": "park", "introPrompt": "#tts[Hello]", "holdPrompt": "#tts[One moment]", "maxDuration": 180}
RECORD: Json = {
    "name": "startRecording",
    "options": {"destination": "s3://our-calls/", "credentials": "AK:SK:eu-north-1", "notificationEvents": True},
}


def only(**instruction: object) -> Json:
    """Examples of one instruction have no action."""
    return {"instructions": [instruction]}


def shown(call: Json) -> tuple[str, str, list[str]]:
    """What an update changes: state, reason, and what the caller hears, where a prompt that is repeated counts once."""
    return call["state"], call["reason"], list(dict.fromkeys(call["heard"]))


TALKING = ("CONNECTED", "N/A")
OVER = ("ENDED", "MANAGERHANGUP")

OF_CALLS_AND_LEGS = [
    pytest.param(CONTINUE, [], (*TALKING, []), id="1.0.1 continue"),
    pytest.param({"action": WAIT}, [], ("PARKED", "N/A", ["Hello", "One moment"]), id="1.0.1 park"),
    pytest.param(
        only(name="playFiles", ids=["#tts[Hello]"], locale="en-US"), [], (*TALKING, ["Hello"]), id="1.0.1 playFiles"
    ),
    pytest.param(only(**GOODBYE), [], (*TALKING, ["That was all. Bye"]), id="1.0.1 say"),
    pytest.param(only(**KEYS), [], (*TALKING, []), id="1.0.1 sendDtmf"),
    pytest.param(only(name="setCookie", key="day", value="monday"), [], (*TALKING, []), id="1.0.1 setCookie"),
    pytest.param(
        only(name="answer"),
        ["INSTRUCTION_NOT_ALLOWED", "NO_ACTION"],
        (*TALKING, []),
        id="1.0.1 answer, which a connected call has no use for (docs/platform/svaml.md#2)",
    ),
    pytest.param(only(**RECORD), [], (*TALKING, []), id="1.0.1 startRecording (docs/platform/svaml.md#4)"),
]
OF_CALLS = [
    pytest.param({"instructions": [KEYS], **HANG_UP}, [], (*OVER, []), id="1.0.1 and 1.0.0 hang up after keys"),
    pytest.param(
        {"instructions": [KEYS], "action": WAIT},
        [],
        ("PARKED", "N/A", ["Hello", "One moment"]),
        id="1.0.1 park after keys",
    ),
    pytest.param(
        {"instructions": [KEYS], "action": WAIT | {"name": "Park"}},
        [],
        ("PARKED", "N/A", ["Hello", "One moment"]),
        id="1.0.0 Park after keys",
    ),
]
OF_LEGS = [
    pytest.param(
        {"instructions": [GOODBYE], **HANG_UP},
        [],
        (*OVER, ["That was all. Bye"]),
        id="1.0.1 and 1.0.0 hang up after words",
    ),
    pytest.param(
        {"instructions": [{"name": "playFiles", "ids": ["hello"], "locale": "en-US"}], **HANG_UP},
        [],
        (*OVER, ["hello"]),
        id="1.0.1 and 1.0.0 hang up after a file",
    ),
]


async def talking(sim: Wired) -> str:
    """The id of a call from Anna that is connected to Ben."""
    sim.webhook.on("ice", CONNECT)
    sim.webhook.on("ace", CONTINUE)
    call_id: str = (await sim.dial())["callId"]
    await sim.advance(3)
    return call_id


def assert_accepted(reply: Reply) -> None:
    """204, for a call."""
    assert (reply.status, reply.raw) == (204, b"")


def assert_accepted_for_leg(reply: Reply) -> None:
    """200 and nothing else, for a leg."""
    assert (reply.status, reply.raw, reply.headers["Content-Length"]) == (200, b"", "0")


@pytest.mark.parametrize(("body", "codes", "seen"), [*OF_CALLS_AND_LEGS, *OF_CALLS])
async def test_a_published_update_of_a_call_is_accepted_and_obeyed(
    body: Json, codes: list[str], seen: tuple[str, str, list[str]]
) -> None:
    async with wired() as sim:
        call_id = await talking(sim)
        assert_accepted(await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}", body))
        assert await sim.codes() == codes
        await sim.advance(5)
        assert shown(await sim.call(call_id)) == seen
        assert await sim.codes("?severity=error") == []


@pytest.mark.parametrize(("body", "codes", "seen"), [*OF_CALLS_AND_LEGS, *OF_LEGS])
async def test_a_published_update_of_a_leg_is_accepted_and_obeyed(
    body: Json, codes: list[str], seen: tuple[str, str, list[str]]
) -> None:
    async with wired() as sim:
        call_id = await talking(sim)
        assert_accepted_for_leg(await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}/leg/caller", body))
        assert await sim.codes() == codes
        await sim.advance(5)
        assert shown(await sim.call(call_id)) == seen
        assert await sim.codes("?severity=error") == []


async def test_published_keys_reach_who_is_connected_and_a_published_cookie_comes_back() -> None:
    """1.0.1, sendDtmf and setCookie; the snippet of Node.js hangs up after the keys."""
    async with wired() as sim:
        call_id = await talking(sim)
        path = f"/calling/v1/calls/id/{call_id}"
        assert_accepted(await sim.rest("PATCH", path, only(name="setCookie", key="day", value="monday")))
        assert_accepted(await sim.rest("PATCH", path, {"instructions": [KEYS], **HANG_UP}))
        await sim.advance(5)
        assert [(leg["leg"], leg["dtmf"]) for leg in (await sim.call(call_id))["legs"]] == [
            ("caller", ""),
            ("callee", "207#"),
        ]
        assert sim.webhook.posted[-1].body["cookies"] == [{"key": "day", "value": "monday"}]


async def test_a_published_recording_is_started_stopped_and_told_of() -> None:
    """1.0.1, startRecording and stopRecording; without a store in the environment its delivery is simulated."""
    async with wired() as sim:
        call_id = await talking(sim)
        path = f"/calling/v1/calls/id/{call_id}"
        assert_accepted(await sim.rest("PATCH", path, only(**RECORD)))
        await sim.advance(5)
        assert_accepted(await sim.rest("PATCH", path, only(name="stopRecording")))
        await sim.advance(60)
        finished, available = told(sim)
        assert finished == ("recording_finished", None)
        assert available[0] == "recording_available"
        assert (available[1] or "").startswith("s3://our-calls/20250115103003_")
        assert await sim.codes() == []


@pytest.mark.parametrize(
    ("leg", "hearers"), [("caller", ["caller"]), ("callee", ["callee"]), ("both", ["caller", "callee"])]
)
async def test_each_published_leg_hears_the_words_meant_for_it(leg: str, hearers: list[str]) -> None:
    """1.0.1 and 1.0.0, the words of ``callLeg``; the snippets of 1.0.1 give no locale."""
    async with wired() as sim:
        call_id = await talking(sim)
        body = {"instructions": [{"name": "say", "text": "That was all. Bye"}], **HANG_UP}
        assert_accepted_for_leg(await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}/leg/{leg}", body))
        await sim.advance(5)
        legs = (await sim.call(call_id))["legs"]
        assert [each["leg"] for each in legs if "That was all. Bye" in each["heard"]] == hearers
        assert await sim.codes() == []


async def test_a_call_is_shown_with_published_properties_while_it_goes_on_and_when_it_is_over() -> None:
    """1.0.1, the answer to GET; 1.0.0 has other types for some, and callid."""
    async with wired() as sim:
        call_id = await talking(sim)
        path = f"/calling/v1/calls/id/{call_id}"
        ongoing = (await sim.rest("GET", path)).json
        assert_accepted(await sim.rest("PATCH", path, HANG_UP))
        final = (await sim.rest("GET", path)).json
        for body, status in ((ongoing, "ONGOING"), (final, "FINAL")):
            assert (misfits(body, CALL), body["status"]) == ([], status)
            # Custom is only there when the call has any (docs/platform/rest.md#4.1).
            assert set(CALL) - set(body) == {"custom"}


async def test_the_leg_is_ignored_in_a_call_of_the_callout_api() -> None:
    """1.0.1 and 1.0.0, the remark on ``callLeg``."""
    async with wired() as sim:
        call_id = await sim.call_out(enableAce=False, text="word " * 100)
        await sim.advance(3)
        assert_accepted_for_leg(await sim.rest("PATCH", f"/calling/v1/calls/id/{call_id}/leg/caller", only(**GOODBYE)))
        await sim.advance(60)
        assert (await sim.call(call_id))["heard"][-1] == "That was all. Bye"
        assert await sim.codes() == ["LEG_IGNORED"]
