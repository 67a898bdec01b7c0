"""Batches by REST: one session for each set of parameters, whose placeholders are filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.config import DEFAULT_KEY
from sinch_simulator.products.voice.v2.placeholders import filled_in, placeholders_left
from support.svaml_v2 import dial, say
from support.voice_v2_api import PROJECT, calls, v2
from support.wired_world import wired

CALL = dial("customer", to={"type": "PHONE", "phone": {"number": "@number"}}, events={"onAnswer": [say("Hi @name.")]})
PEOPLE = [{"number": "+46700000001", "name": "Anna"}, {"number": "+46700000002", "name": "Bo"}]


@pytest.mark.parametrize("path", ["/batches", "/calls"])
async def test_each_entry_is_a_session_of_its_own(path: str) -> None:
    async with wired() as sim:
        body = {"commands": [CALL], "parameters": PEOPLE, "batchOptions": {"maxCps": 1, "ttlSeconds": 60}}
        reply = await v2(sim, "POST", path, body)
        assert reply.status == 201
        batch_id = reply.json["batchId"]
        assert reply.json["projectId"] == PROJECT
        assert ("sessionId" in reply.json) is (path == "/calls")
        summary = (await v2(sim, "GET", f"/batches/{batch_id}")).json
        assert summary == {
            "batchId": batch_id,
            "sessionCount": 2,
            "queued": 1,
            "inProgress": 1,
            "completed": 0,
            "expired": 0,
            "requestedCps": 1,
            "ttlSeconds": 60,
        }
        await sim.advance(1)
        assert [call["to"]["phone"]["number"] for call in await calls(sim)] == ["+46700000002", "+46700000001"]
        assert {call["batchId"] for call in await calls(sim)} == {batch_id}
        details = (await v2(sim, "GET", f"/batches/{batch_id}/details")).json["sessions"]
        assert [session["parameters"] for session in details] == PEOPLE
        await sim.advance(14_500)
        summary = (await v2(sim, "GET", f"/batches/{batch_id}")).json
        assert (summary["completed"], "endTime" in summary) == (2, True)


async def test_what_waits_never_begins_once_a_batch_is_stopped() -> None:
    async with wired() as sim:
        body = {"commands": [CALL], "parameters": PEOPLE, "batchOptions": {"maxCps": 1}}
        batch_id = (await v2(sim, "POST", "/batches", body)).json["batchId"]
        for _ in range(2):
            reply = await v2(sim, "DELETE", f"/batches/{batch_id}")
            assert (reply.status, reply.json) == (202, {"result": "STOP_REQUESTED"})
        await sim.advance(5)
        assert len(await calls(sim)) == 1
        summary = (await v2(sim, "GET", f"/batches/{batch_id}")).json
        assert (summary["expired"], summary["queued"]) == (1, 0)
        assert len((await v2(sim, "GET", f"/batches/{batch_id}/details")).json["sessions"]) == 1


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"commands": [CALL]}, "parameters: it is missing"),
        ({"commands": [CALL], "parameters": []}, "parameters: a list is not a list of parameters"),
        ({"commands": [CALL], "parameters": [1]}, "parameters[0]: 1 is not an object"),
        ({"commands": [CALL], "parameters": [{"number": 1}]}, "parameters[0].number: 1 is not a text"),
        ({"commands": [CALL], "parameters": [{"x" * 33: "1"}]}, "is no name"),
        ({"commands": [CALL], "parameters": PEOPLE, "batchOptions": {"maxCps": 1001}}, "batchOptions.maxCps"),
        (
            {"commands": [CALL], "parameters": [PEOPLE[0], {"number": "911"}]},
            'commands[0].to.phone.number: "911" is not an E.164 number (with parameters[1])',
        ),
    ],
)
async def test_a_batch_that_cannot_be_is_refused_as_a_whole(body: dict[str, object], detail: str) -> None:
    async with wired() as sim:
        reply = await v2(sim, "POST", "/batches", body)
        assert (reply.status, detail in reply.json["detail"]) == (400, True), reply.json
        assert await calls(sim) == []


async def test_one_object_is_one_session_and_what_has_no_parameter_stays() -> None:
    async with wired() as sim:
        body = {"commands": [CALL], "parameters": {"number": "+46700000001"}}
        reply = await v2(sim, "POST", "/calls", body)
        assert reply.status == 201
        assert await sim.codes() == ["UNKNOWN_PLACEHOLDER"]


async def test_limits_refuse_a_batch_of_post_calls_as_a_whole_and_fail_the_calls_of_post_batches() -> None:
    async with wired() as sim:
        body = {"commands": [CALL], "parameters": PEOPLE}
        for limits, status in (({"barred": [PEOPLE[1]["number"]]}, 403), ({"credit": 0}, 402)):
            await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", limits)
            assert (await v2(sim, "POST", "/calls", body)).status == status
            assert await calls(sim) == []
        assert (await v2(sim, "POST", "/batches", body)).status == 201
        await sim.advance(1)
        assert [call["callResult"] for call in await calls(sim)] == ["FAILED", "FAILED"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_batch_that_is_not_there_is_not_found(method: str) -> None:
    async with wired() as sim:
        assert (await v2(sim, method, "/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV")).status == 404


# ---- placeholders -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("@name", "Ann"),
        ("Dear @name, hello", "Dear Ann, hello"),
        ("@names", "Anns"),
        ("@name2", "Bob"),
        ("sip:@name@host.example", "sip:Ann@host.example"),
        ("@nobody", "@nobody"),
        ("@self", "@name"),
    ],
)
def test_the_longest_name_counts_and_what_is_filled_in_is_not_looked_at_again(text: str, filled: str) -> None:
    parameters = {"name": "Ann", "name2": "Bob", "self": "@name"}
    assert filled_in({"a": [text, 1, None]}, parameters) == {"a": [filled, 1, None]}


def test_what_looks_like_a_placeholder_is_found() -> None:
    assert sorted(placeholders_left({"a": ["Hi @name.", "sip:a@b.example", "@x"], "@key": 1})) == ["@name", "@x"]


@given(st.dictionaries(st.text(min_size=1), st.text()), st.recursive(st.none() | st.text(), st.lists))
def test_a_document_without_a_sign_is_left_alone(parameters: dict[str, str], document: object) -> None:
    if "@" not in str(document):
        assert filled_in(document, parameters) == document
