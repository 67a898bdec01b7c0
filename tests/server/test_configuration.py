"""Numbers and callback URLs by REST (docs/platform/rest.md#6.1 and #6.2)."""

from typing import Any

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from support.wired_world import Json, Wired, wired

NUMBERS = "/v1/configuration/numbers"
SECOND = "+14045550201"
OTHER = "22222222-2222-4333-8444-555555555555"


def callbacks_of(key: str = DEFAULT_KEY) -> str:
    return f"/v1/configuration/callbacks/applications/{key}"


async def with_another_application(sim: Wired) -> Json:
    return await sim.application(key=OTHER, numbers=[SECOND], world="default")


async def listed(sim: Wired) -> dict[str, Any]:
    reply = await sim.rest("GET", NUMBERS)
    assert reply.status == 200
    return {row["number"]: row.get("applicationkey") for row in reply.json["numbers"]}


async def test_the_list_has_the_numbers_of_the_whole_account() -> None:
    async with wired() as sim:
        await with_another_application(sim)
        reply = await sim.rest("GET", NUMBERS)
        assert reply.json == {
            "numbers": [
                {"number": DEFAULT_NUMBER, "applicationkey": DEFAULT_KEY, "capability": "voice"},
                {"number": SECOND, "applicationkey": OTHER, "capability": "voice"},
            ]
        }


async def test_applications_of_other_worlds_belong_to_other_accounts() -> None:
    async with wired() as sim:
        await sim.application(key=OTHER, numbers=[SECOND])
        assert await listed(sim) == {DEFAULT_NUMBER: DEFAULT_KEY}
        reply = await sim.rest("POST", NUMBERS, {"numbers": [DEFAULT_NUMBER], "applicationkey": OTHER})
        assert (reply.status, reply.json["errorCode"], reply.json["message"]) == (400, 40003, "Invalid Application Key")


@pytest.mark.parametrize("path", [NUMBERS, NUMBERS + "/", "/calling" + NUMBERS])
@pytest.mark.parametrize(
    "body",
    [
        {"numbers": [SECOND], "applicationkey": DEFAULT_KEY, "capability": "voice"},
        {"numbers": SECOND},
        {"number": [SECOND], "applicationKey": ""},
        {"number": "14045550201", "applicationKey": DEFAULT_KEY.upper()},
    ],
)
async def test_assigning_moves_a_number_and_answers_204_with_nothing(path: str, body: Json) -> None:
    async with wired() as sim:
        await with_another_application(sim)
        reply = await sim.rest("POST", path, body)
        assert (reply.status, reply.raw) == (204, b"")
        assert await listed(sim) == {DEFAULT_NUMBER: DEFAULT_KEY, SECOND: DEFAULT_KEY}
        call = await sim.dial(to=SECOND)
        assert call["applicationKey"] == DEFAULT_KEY


async def test_a_number_that_is_taken_away_stays_with_the_account_and_can_be_assigned_again() -> None:
    async with wired() as sim:
        reply = await sim.rest("DELETE", NUMBERS, {"number": DEFAULT_NUMBER, "applicationkey": DEFAULT_KEY})
        assert (reply.status, reply.raw) == (204, b"")
        rows = (await sim.rest("GET", NUMBERS)).json["numbers"]
        assert rows == [{"number": DEFAULT_NUMBER, "capability": "voice"}]
        assert (await sim.rest("POST", NUMBERS, {"numbers": [DEFAULT_NUMBER]})).status == 204
        assert await listed(sim) == {DEFAULT_NUMBER: DEFAULT_KEY}


async def test_a_number_for_text_messages_is_listed_and_takes_no_calls_away() -> None:
    async with wired() as sim:
        body = {"numbers": [DEFAULT_NUMBER], "capability": "sms"}
        assert (await sim.rest("POST", NUMBERS, body)).status == 204
        rows = (await sim.rest("GET", NUMBERS)).json["numbers"]
        assert [row["capability"] for row in rows] == ["voice", "sms"]
        assert (await sim.rest("DELETE", NUMBERS, {"number": DEFAULT_NUMBER, "capability": "sms"})).status == 204
        assert await listed(sim) == {DEFAULT_NUMBER: DEFAULT_KEY}


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({}, 40002, "numbers"),
        ({"numbers": []}, 40001, "numbers"),
        ({"numbers": [DEFAULT_NUMBER, 7]}, 40001, "numbers[1]"),
        ({"numbers": ["what"]}, 40001, "numbers[0]"),
        ({"numbers": [f"+1404555{n:04}" for n in range(101)]}, 40001, "numbers"),
        ({"numbers": [DEFAULT_NUMBER], "capability": "fax"}, 40001, "capability"),
        ({"numbers": [DEFAULT_NUMBER], "applicationkey": True}, 40001, "applicationkey"),
        ({"numbers": [DEFAULT_NUMBER, "+4412345678"]}, 40001, "Unable to update numbers: +4412345678"),
        ({"numbers": [DEFAULT_NUMBER], "applicationkey": "nobody"}, 40003, "Invalid Application Key"),
        ([], 40003, "object"),
    ],
)
async def test_a_wrong_assignment_is_refused_by_name_and_changes_nothing(body: Any, code: int, named: str) -> None:
    async with wired() as sim:
        await with_another_application(sim)
        reply = await sim.rest("POST", NUMBERS, body)
        assert (reply.status, reply.json["errorCode"]) == (400, code)
        assert named in reply.json["message"]
        assert await listed(sim) == {DEFAULT_NUMBER: DEFAULT_KEY, SECOND: OTHER}


async def test_a_number_of_another_application_can_not_be_taken_away() -> None:
    async with wired() as sim:
        await with_another_application(sim)
        reply = await sim.rest("DELETE", NUMBERS, {"number": SECOND})
        assert (reply.status, reply.json["errorCode"]) == (400, 40001)
        assert (await listed(sim))[SECOND] == OTHER


async def test_a_delete_whose_body_was_dropped_is_refused_and_explained() -> None:
    async with wired() as sim:
        reply = await sim.rest("DELETE", NUMBERS)
        assert (reply.status, reply.json["errorCode"]) == (400, 40002)
        assert "drop" in reply.headers["X-Sinch-Simulator-Hint"]
        assert "DELETE_BODY_MISSING" in await sim.codes()


async def test_other_spellings_work_and_are_told() -> None:
    async with wired() as sim:
        await sim.rest("POST", NUMBERS, {"number": DEFAULT_NUMBER, "applicationKey": DEFAULT_KEY})
        assert await sim.codes() == ["KEY_CASE", "NUMBER_PLURAL"]


async def test_callback_urls_are_read_and_changed() -> None:
    async with wired(callback_url="http://one.test/a") as sim:
        assert (await sim.rest("GET", callbacks_of())).json == {"url": {"primary": "http://one.test/a"}}
        body = {"url": {"primary": "https://two.test/b", "fallback": "https://three.test/c"}}
        reply = await sim.rest("POST", callbacks_of(), body)
        assert (reply.status, reply.raw) == (204, b"")
        assert (await sim.rest("GET", "/calling" + callbacks_of())).json == body


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ({"primary": "http://new.test/"}, {"primary": "http://new.test/", "fallback": "http://old.test/f"}),
        ({"fallback": None}, {"primary": "http://old.test/p"}),
        ({"primary": "", "fallback": "http://new.test/"}, {"fallback": "http://new.test/"}),
        ([{"primary": "http://new.test/"}, {"fallback": ""}], {"primary": "http://new.test/"}),
        ({}, {"primary": "http://old.test/p", "fallback": "http://old.test/f"}),
    ],
)
async def test_what_is_absent_stays_and_what_is_empty_goes(url: Any, left: Json) -> None:
    async with wired(callback_url="http://old.test/p", fallback_url="http://old.test/f") as sim:
        assert (await sim.rest("POST", callbacks_of(), {"url": url})).status == 204
        assert (await sim.rest("GET", callbacks_of())).json == {"url": left}


@pytest.mark.parametrize(
    ("body", "code", "named"),
    [
        ({}, 40002, "url"),
        ({"url": "http://x.test"}, 40001, "url"),
        ({"url": {"primary": "http://new.test/", "fallback": "no url"}}, 40001, "url.fallback"),
        ({"url": {"primary": 1}}, 40001, "url.primary"),
        ({"url": {"primary": "http://user:w0rd@new.test/"}}, 40001, "url.primary"),
    ],
)
async def test_wrong_callback_urls_are_refused_by_name_and_change_nothing(body: Json, code: int, named: str) -> None:
    async with wired(callback_url="http://old.test/p") as sim:
        reply = await sim.rest("POST", callbacks_of(), body)
        assert (reply.status, reply.json["errorCode"]) == (400, code)
        assert f"'{named}'" in reply.json["message"]
        assert "w0rd" not in reply.json["message"]
        assert (await sim.rest("GET", callbacks_of())).json == {"url": {"primary": "http://old.test/p"}}


async def test_the_callback_urls_of_a_stranger_are_refused() -> None:
    async with wired() as sim:
        for reply in (
            await sim.rest("GET", callbacks_of("nobody")),
            await sim.rest("POST", callbacks_of("nobody"), {"url": {}}),
        ):
            assert (reply.status, reply.json["errorCode"]) == (400, 40003)
            assert reply.json["message"] == "Invalid Application Key"


async def test_calls_go_to_the_callback_url_that_was_set_by_rest() -> None:
    async with wired(callback_url=None) as sim:
        await sim.rest("POST", callbacks_of(), {"url": {"primary": sim.webhook.url}})
        await sim.dial()
        assert sim.webhook.events[:1] == ["ice"]
