"""Services by REST: each is an application, with the same credentials on both sides."""

import pytest

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from support.svaml_v2 import Json
from support.voice_v2_api import PROJECT, start, v2
from support.wired_world import Wired, wired

STATIC = {"type": "STATIC", "static": {"commands": [{"command": "answer"}]}}


async def make(sim: Wired, name: str = "Support", **fields: object) -> Json:
    reply = await v2(sim, "POST", "/services", {"name": name, **fields})
    assert reply.status == 201, reply.raw
    made: Json = reply.json
    return made


async def test_a_service_is_made_read_changed_and_deleted() -> None:
    async with wired() as sim:
        made = await make(sim, description="For help")
        path = f"/services/{made['serviceId']}"
        assert made == {
            "serviceId": made["serviceId"],
            "serviceSecret": made["serviceSecret"],
            "projectId": PROJECT,
            "name": "Support",
            "description": "For help",
            "isDefault": False,
            "createTime": "2025-01-15T10:30:00Z",
            "updateTime": "2025-01-15T10:30:00Z",
            "callBehavior": {"type": "NONE"},
        }
        assert (await v2(sim, "GET", path)).json == made
        await sim.advance(60)
        changed = (await v2(sim, "PATCH", path, {"name": "Help", "description": None, "callBehavior": STATIC})).json
        assert changed == {
            **made,
            "name": "Help",
            "description": "",
            "callBehavior": STATIC,
            "updateTime": "2025-01-15T10:31:00Z",
        }
        assert (await v2(sim, "DELETE", path)).status == 204
        assert (await v2(sim, "GET", path)).status == 404
        again = await make(sim)
        assert again["serviceId"] != made["serviceId"]


async def test_a_service_is_an_application_of_the_same_project() -> None:
    async with wired() as sim:
        made = await make(sim)
        shown = await sim.control("GET", f"/applications/{made['serviceId']}")
        assert (shown["secret"], shown["projectId"], shown["numbers"]) == (made["serviceSecret"], PROJECT, [])
        await sim.control("PATCH", f"/applications/{made['serviceId']}", {"serviceName": "Renamed"})
        assert (await v2(sim, "GET", f"/services/{made['serviceId']}")).json["name"] == "Renamed"
        reply = await v2(sim, "POST", f"/calls?serviceId={made['serviceId']}", {"commands": [{"command": "answer"}]})
        assert (reply.status, reply.json["serviceId"]) == (201, made["serviceId"])
        assert (
            await sim.rest("GET", "/v1/configuration/numbers", key=made["serviceId"], secret=shown["secret"])
        ).status == 200


async def test_there_is_one_default_service_which_moves_and_stays() -> None:
    async with wired() as sim:
        made = await make(sim, isDefault=True)
        default = (await v2(sim, "GET", "/services?isDefault=True")).json["services"]
        assert [service["serviceId"] for service in default] == [made["serviceId"]]
        assert "serviceSecret" not in default[0]
        assert (await v2(sim, "DELETE", f"/services/{made['serviceId']}")).status == 400
        assert (await v2(sim, "PATCH", f"/services/{made['serviceId']}", {"isDefault": False})).status == 400
        session_id = await start(sim, {"command": "answer"})
        session = (await v2(sim, "GET", f"/sessions/{session_id}")).json
        assert session["serviceId"] == made["serviceId"]
        assert (await v2(sim, "PATCH", f"/services/{DEFAULT_KEY}", {"isDefault": True})).json["isDefault"] is True
        assert (await v2(sim, "DELETE", f"/services/{made['serviceId']}")).status == 204


async def test_services_are_found_by_a_part_of_their_words() -> None:
    async with wired() as sim:
        await make(sim, "Sales", description="Orders")
        await make(sim, "Support")
        for part, names in (("sUp", ["Support"]), ("order", ["Sales"]), ("s", ["Support", "Sales"])):
            listed = (await v2(sim, "GET", f"/services?filter={part}&isDefault=false")).json["services"]
            assert [service["name"] for service in listed] == names


async def test_the_default_service_is_the_default_application() -> None:
    async with wired() as sim:
        shown = (await v2(sim, "GET", f"/services/{DEFAULT_KEY}")).json
        assert (shown["serviceSecret"], shown["isDefault"]) == (DEFAULT_SECRET, True)


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({}, 400, "name: it is missing"),
        ({"name": " Support"}, 400, "name: "),
        ({"name": "x" * 65}, 400, "more than 64 characters"),
        ({"name": "Taken"}, 409, "Taken"),
        ({"name": "A", "description": "x" * 256}, 400, "more than 255 characters"),
        ({"name": "A", "isDefault": "yes"}, 400, "isDefault"),
        ({"name": "A", "callBehavior": {"type": "EVENT_DESTINATION"}}, 400, "callBehavior.type"),
        ({"name": "A", "callBehavior": {"type": "WEBHOOK"}}, 400, "callBehavior.webhook: it is missing"),
        ({"name": "A", "callBehavior": {"type": "WEBHOOK", "webhook": {"url": "x"}}}, 400, "callBehavior.webhook.url"),
        (
            {"name": "A", "callBehavior": {"type": "STATIC", "static": {"commands": [{"command": "x"}]}}},
            400,
            "callBehavior.static.commands[0].command",
        ),
    ],
)
async def test_a_service_that_cannot_be_is_refused(body: Json, status: int, detail: str) -> None:
    async with wired() as sim:
        await make(sim, "Taken")
        other = await make(sim, "Other")
        reply = await v2(sim, "POST", "/services", body)
        assert (reply.status, detail in reply.json["detail"]) == (status, True), reply.json
        assert (await v2(sim, "GET", "/services")).json["meta"]["totalCount"] == 3
        if body:
            assert (await v2(sim, "PATCH", f"/services/{other['serviceId']}", body)).status == status


async def test_a_reset_drops_the_services_that_were_made_by_rest() -> None:
    async with wired() as sim:
        made = await make(sim)
        await sim.control("POST", "/reset")
        assert (await v2(sim, "GET", f"/services/{made['serviceId']}")).status == 404
        assert (await v2(sim, "GET", f"/services/{DEFAULT_KEY}")).status == 200
