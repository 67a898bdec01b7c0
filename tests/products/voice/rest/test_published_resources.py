"""Requests about conferences, numbers and callback URLs of the shapes that the published OpenAPI gives as examples.

The bodies have our own numbers and names. 1.0.1 and 1.0.0 are the versions of the specification; its statuses are asked
for, and answers of its shapes.
"""

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from support.published_shapes import CALLBACK_URLS, CONFERENCE, NUMBERS, QUERIED_NUMBER, misfits
from support.wired_world import ANNA, BEN, Json, Reply, Wired, wired

ROOM = "/calling/v1/conferences/id/MondayRoom"
NUMBERS_PATH = "/v1/configuration/numbers"
URLS_PATH = f"/v1/configuration/callbacks/applications/{DEFAULT_KEY}"
OTHER_NUMBER = "+14045550177"


def assert_empty(reply: Reply, status: int) -> None:
    """This status and nothing else."""
    assert (reply.status, reply.raw) == (status, b"")


# ---- conferences ------------------------------------------------------------------------------------------------


async def meet(sim: Wired) -> list[str]:
    """The calls of Anna and of a user, who are in the room."""
    sim.webhook.on("ice", {"action": {"name": "connectConf", "conferenceId": "MondayRoom"}})
    anna = await sim.dial()
    user = await sim.dial(**{"from": "alice"}, origin="mxp", to={"type": "conference", "endpoint": "MondayRoom"})
    await sim.advance(2)
    return [anna["callId"], user["callId"]]


async def test_a_conference_is_shown_as_published() -> None:
    """1.0.1, GET; 1.0.0 knows no ``onhold``, and its example is wrapped in a name of its own."""
    async with wired() as sim:
        calls = await meet(sim)
        reply = await sim.rest("GET", ROOM)
        assert (reply.status, misfits(reply.json, CONFERENCE)) == (200, [])
        assert [participant["id"] for participant in reply.json["participants"]] == calls
        assert [participant["cli"] for participant in reply.json["participants"]] == [ANNA, "alice"]
        assert {len(participant) for participant in reply.json["participants"]} == {5}


@pytest.mark.parametrize(
    ("before", "command", "shown", "codes"),
    [
        pytest.param([], {"command": "mute"}, (True, False), [], id="1.0.1 mute"),
        pytest.param(["mute"], {"command": "unmute"}, (False, False), [], id="1.0.1 and 1.0.0 unmute"),
        pytest.param([], {"command": "onhold", "moh": "music1"}, (False, True), [], id="1.0.1 onhold with music"),
        pytest.param(["onhold"], {"command": "resume"}, (False, False), [], id="1.0.1 resume"),
        pytest.param(
            [],
            {"command": "mute", "moh": "music1"},
            (True, False),
            ["MOH_IGNORED"],
            id="1.0.1 the snippet for Java, whose music only onhold would use",
        ),
    ],
)
async def test_a_published_command_about_a_participant_is_obeyed(
    before: list[str], command: Json, shown: tuple[bool, bool], codes: list[str]
) -> None:
    async with wired() as sim:
        anna, _ = await meet(sim)
        for word in before:
            await sim.rest("PATCH", f"{ROOM}/{anna}", {"command": word})
        assert_empty(await sim.rest("PATCH", f"{ROOM}/{anna}", command), 200)
        participant = (await sim.rest("GET", ROOM)).json["participants"][0]
        assert (participant["muted"], participant["onhold"]) == shown
        assert await sim.codes() == codes


async def test_participants_are_thrown_out_with_the_published_statuses() -> None:
    """1.0.1 and 1.0.0, DELETE: 200 for one, 204 for all."""
    async with wired() as sim:
        anna, user = await meet(sim)
        assert_empty(await sim.rest("DELETE", f"{ROOM}/{anna}"), 200)
        assert [each["id"] for each in (await sim.rest("GET", ROOM)).json["participants"]] == [user]
        assert_empty(await sim.rest("DELETE", ROOM), 204)
        assert (await sim.rest("GET", ROOM)).status == 404


# ---- numbers ----------------------------------------------------------------------------------------------------


async def numbers(sim: Wired) -> list[Json]:
    """The numbers of the account, in an answer as published."""
    reply = await sim.rest("GET", NUMBERS_PATH)
    assert (reply.status, misfits(reply.json, NUMBERS)) == (200, [])
    listed: list[Json] = reply.json["numbers"]
    return listed


@pytest.mark.parametrize(
    ("path", "written", "codes"),
    [
        pytest.param(NUMBERS_PATH, [OTHER_NUMBER], [], id="1.0.1"),
        pytest.param(NUMBERS_PATH, [OTHER_NUMBER, OTHER_NUMBER], [], id="1.0.1 and 1.0.0, the same twice"),
        pytest.param(NUMBERS_PATH + "/", OTHER_NUMBER, [], id="1.0.0, a text where a list is described"),
    ],
)
async def test_published_numbers_are_assigned(path: str, written: object, codes: list[str]) -> None:
    async with wired() as sim:
        await sim.application(world="default", numbers=[OTHER_NUMBER])
        body = {"numbers": written, "applicationkey": DEFAULT_KEY, "capability": "voice"}
        assert_empty(await sim.rest("POST", path, body), 204)
        assert {row["number"]: row.get("applicationkey") for row in await numbers(sim)} == {
            DEFAULT_NUMBER: DEFAULT_KEY,
            OTHER_NUMBER: DEFAULT_KEY,
        }
        assert await sim.codes() == codes


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        pytest.param({"number": DEFAULT_NUMBER}, [], id="1.0.1 the schema and the snippets, without capability"),
        pytest.param(
            {"numbers": DEFAULT_NUMBER, "capability": "voice"},
            ["NUMBER_PLURAL"],
            id="1.0.1 and 1.0.0 the example, whose plural name the schema has not (docs/platform/rest.md#6.1)",
        ),
        pytest.param({"number": [DEFAULT_NUMBER], "capability": "voice"}, [], id="1.0.0 a list under the singular"),
    ],
)
async def test_a_published_number_is_taken_away_and_shown_without_application(body: Json, codes: list[str]) -> None:
    async with wired() as sim:
        reply = await sim.rest("DELETE", NUMBERS_PATH, {**body, "applicationkey": DEFAULT_KEY})
        assert_empty(reply, 204)
        assert await numbers(sim) == [{"number": DEFAULT_NUMBER, "capability": "voice"}]
        assert await sim.codes() == codes


@pytest.mark.parametrize("number", [BEN, "+46730170101"])
async def test_a_queried_number_is_described_as_published(number: str) -> None:
    """1.0.1 and 1.0.0: examples have ``method`` and ``numberItem``, the schema of 1.0.1 ``number``.

    Source: docs/platform/rest.md#6.3.
    """
    async with wired() as sim:
        reply = await sim.rest("GET", f"/v1/calling/query/number/{number}")
        assert (reply.status, misfits(reply.json, QUERIED_NUMBER)) == (200, [])
        assert reply.json["numberItem"] == reply.json["number"]
        assert reply.json["number"]["normalizedNumber"] == number
        assert set(reply.json["number"]) == {"countryId", "numberType", "normalizedNumber", "restricted", "rate"}


# ---- callback URLs ----------------------------------------------------------------------------------------------

PRIMARY, FALLBACK = "https://app.example.com/voice", "https://spare.example.com/voice"


@pytest.mark.parametrize(
    ("url", "shown", "codes"),
    [
        pytest.param(
            {"primary": PRIMARY, "fallback": FALLBACK}, {"primary": PRIMARY, "fallback": FALLBACK}, [], id="1.0.1"
        ),
        pytest.param({"primary": PRIMARY}, {"primary": PRIMARY}, [], id="1.0.1 the snippets, without fallback"),
        pytest.param(
            [{"primary": PRIMARY, "fallback": FALLBACK}],
            {"primary": PRIMARY, "fallback": FALLBACK},
            ["URL_ARRAY"],
            id="1.0.0 an array (docs/platform/rest.md#6.2: an artefact, taken)",
        ),
    ],
)
async def test_published_callback_urls_are_set_and_shown(url: object, shown: Json, codes: list[str]) -> None:
    async with wired() as sim:
        assert_empty(await sim.rest("POST", URLS_PATH, {"url": url}), 204)
        reply = await sim.rest("GET", URLS_PATH)
        assert (reply.status, misfits(reply.json, CALLBACK_URLS)) == (200, [])
        assert reply.json == {"url": shown}
        assert await sim.codes() == codes
