"""What has changed, live: what a page is told, and that it misses nothing and is told nothing twice."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from sinch_simulator.server.changes import MOST_BEHIND
from support.wired_world import ANNA, BEN, CONNECT, MENU, Json, Wired, wired


class Stream:
    """An open stream of changes."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> Json:
        """The next message; the id of it is the position that it says."""
        name = (await self.response.content.readline()).decode().strip()
        data = (await self.response.content.readline()).decode()
        assert await self.response.content.readline() == b"\n"
        message: Json = json.loads(data.removeprefix("data: "))
        assert name == f"id: {message['position']}"
        return message

    async def until(self, kind: str) -> list[Json]:
        """All messages up to the one with a line of this kind."""
        messages = [await self.next()]
        while all(line["kind"] != kind for line in messages[-1]["lines"]):
            messages.append(await self.next())
        return messages


@asynccontextmanager
async def changes(sim: Wired, query: str = "") -> AsyncIterator[Stream]:
    async with asyncio.timeout(10), sim.session.get(f"{sim.server.url}/_simulator/changes{query}") as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def test_the_first_message_says_where_things_stand() -> None:
    async with wired() as sim:
        await sim.control("PUT", "/phones/%2B4470", {"busy": {}})
        async with changes(sim) as stream:
            message = await stream.next()
        assert message["fresh"] is True
        assert message["application"]["numbers"] == ["+14045550100"]
        assert message["clock"]["mode"] == "manual"
        nothing = {"errors": 0, "warnings": 0, "callbacks": 0, "messages": 0, "begun": {}, "faults": 0}
        assert message["counts"] == {"applications": 1, "phones": 1, **nothing}
        assert (message["changed"], message["lines"], message["missed"]) == ({}, [], False)


async def test_a_call_is_told_in_brief_when_something_has_happened_to_it() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", CONNECT)
        async with changes(sim) as stream:
            await stream.next()
            call = await sim.dial()
            message = await stream.next()
        [told] = message["changed"]["voice"]
        assert told == (await sim.control("GET", "/calls?brief=true"))["calls"][0]
        assert (told["callId"], told["state"], told["dialled"]) == (call["callId"], "DIALING", "+14045550100")
        assert [(leg["leg"], leg["address"]) for leg in told["legs"]] == [("caller", ANNA), ("callee", BEN)]
        assert (told["firstSeq"], told["lastSeq"]) == (call["timeline"][0]["seq"], call["timeline"][-1]["seq"])
        assert message["counts"]["callbacks"] == 1


async def test_the_lines_of_a_followed_call_are_told_once_each_also_across_connections() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        call_id = (await sim.dial())["callId"]
        seen: list[int] = []
        async with changes(sim, f"?lines={call_id}") as stream:
            position = (await stream.next())["position"]
            await sim.advance(0.1)
        await sim.control("POST", f"/calls/{call_id}/press", {"digits": "9"})
        for _ in range(2):
            async with changes(sim, f"?lines={call_id}&since={position}") as stream:
                message = await stream.next()
                position = message["position"]
                seen += [line["seq"] for line in message["lines"]]
        async with changes(sim, f"?lines={call_id}&since={position}") as stream:
            await stream.next()
            await sim.control("POST", f"/calls/{call_id}/hangup", {})
            for message in await stream.until("call.ended"):
                assert message["fresh"] is False
                seen += [line["seq"] for line in message["lines"]]
        told = [line for line in (await sim.call(call_id))["timeline"] if line["seq"] <= seen[-1]]
        assert seen == [line["seq"] for line in told][-len(seen) :]
        assert "digit.pressed" in {line["kind"] for line in told if line["seq"] in seen}


async def test_what_no_line_of_the_journal_tells_is_told_too() -> None:
    async with wired() as sim, changes(sim) as stream:
        await stream.next()
        await sim.control("POST", "/faults", {"on": "callback", "do": {"drop": True}})
        assert (await stream.next())["counts"]["faults"] == 1
        await sim.advance(30)
        assert (await stream.next())["clock"]["now"] == "2025-01-15T10:30:30.000Z"


async def test_the_clock_says_what_happens_next() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        call = await sim.dial()
        assert (await sim.control("GET", "/clock"))["next"] == {"what": "prompt", "subject": call["callId"]}
        await sim.control("POST", f"/calls/{call['callId']}/hangup", {})
        assert (await sim.control("GET", "/clock"))["next"] is None


@pytest.mark.parametrize("what", ["?application={key}", ""])
async def test_after_a_reset_everything_begins_anew(what: str) -> None:
    async with wired() as sim:
        await sim.dial()
        key = (await sim.control("GET", "/applications"))["applications"][0]["key"]
        async with changes(sim) as stream:
            before = await stream.next()
            await sim.control("POST", "/reset" + what.format(key=key))
            after = await stream.next()
        assert after["fresh"] is True
        assert after["position"].partition("-")[0] != before["position"].partition("-")[0]
        assert after["counts"]["warnings"] == 0


async def test_a_stream_ends_with_its_application() -> None:
    async with wired() as sim:
        for world in ("default", "another"):
            key = (await sim.application(world=world))["key"]
            async with changes(sim, f"?application={key}") as stream:
                await stream.next()
                await sim.control("DELETE", f"/applications/{key}")
                assert await stream.response.content.read() == b""
            gone = await sim.request("GET", f"/_simulator/changes?application={key}")
            assert (gone.status, gone.error["code"]) == (404, "not_found")


async def test_only_the_calls_of_the_application_are_told() -> None:
    async with wired() as sim:
        other = await sim.application(world="default")
        async with changes(sim) as mine, changes(sim, f"?application={other['key']}") as others:
            await mine.next()
            await others.next()
            await sim.dial()
            assert len((await mine.next())["changed"]["voice"]) == 1
            message = await others.next()
        assert message["changed"] == {"voice": []}
        assert message["counts"]["callbacks"] == 0


async def test_who_is_far_behind_is_told_that_something_was_missed() -> None:
    async with wired() as sim:
        call_id = (await sim.dial())["callId"]
        async with changes(sim) as stream:
            position = (await stream.next())["position"]
        journal = sim.server.worlds.default.simulation.journal
        for _ in range(MOST_BEHIND + 1):
            journal.add(0, "ignored", call_id, {})
        async with changes(sim, f"?since={position}") as stream:
            message = await stream.next()
        assert (message["missed"], message["changed"]) == (True, {})
        assert message["position"].endswith(f"-{journal.entries[-1].seq}")


@pytest.mark.parametrize("since", ["nonsense", "0badcafe-3", "-", "0badcafe-99999999999999999999"])
async def test_an_unknown_position_is_the_beginning(since: str) -> None:
    async with wired() as sim, changes(sim, f"?since={since}") as stream:
        assert (await stream.next())["fresh"] is True


async def test_too_many_followed_calls_are_refused() -> None:
    async with wired() as sim:
        reply = await sim.request("GET", "/_simulator/changes?lines=" + ",".join(map(str, range(21))))
        assert reply.status == 400
        assert reply.error["message"].startswith("lines")
