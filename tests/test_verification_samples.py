"""The two sample apps that verify numbers, as people use them: a sign-up by text, a login by a missed call."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from attrs import frozen

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.samples import sign_up, two_factor
from sinch_simulator.samples.serving import Platform
from support.wired_world import ANNA, Wired, wired


@frozen
class Visitor:
    """A browser at a sample app, and the simulator behind that."""

    sim: Wired
    client: "TestClient[Any, Any]"  # generic since aiohttp 3.11

    async def post(self, path: str, **body: object) -> tuple[int, str]:
        """Sends a form; status and message of the answer."""
        response = await self.client.post(path, json=body)
        return response.status, (await response.json())["message"]

    async def newest(self) -> Any:
        """The newest verification."""
        return (await self.sim.control("GET", "/verifications"))["verifications"][-1]


@asynccontextmanager
async def visiting(webhook: Callable[[Platform], web.Application]) -> AsyncIterator[Visitor]:
    async with wired() as sim:
        platform = Platform(DEFAULT_KEY, DEFAULT_SECRET, sim.server.url)
        async with TestClient(TestServer(webhook(platform))) as client:
            url = {"verificationCallbackUrl": str(client.make_url("/"))}
            await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", url)
            yield Visitor(sim, client)


async def test_somebody_signs_up_after_a_typing_mistake() -> None:
    async with visiting(sign_up.webhook) as visitor:
        assert await visitor.post("/sign-up", number=ANNA) == (200, "We have sent you a code.")
        await visitor.sim.advance(1)
        [text] = (await visitor.sim.control("GET", f"/phones/{ANNA}/inbox"))["messages"]
        assert text["text"].startswith("Din verifieringskod är ")
        told = await visitor.post("/sign-up/code", number=ANNA, code="?")
        assert told == (400, "That is not the code. Try again.")
        code = (await visitor.newest())["code"]
        assert await visitor.post("/sign-up/code", number=ANNA, code=code) == (200, "Welcome!")


async def test_nobody_signs_up_with_an_expensive_number_or_too_late() -> None:
    async with visiting(sign_up.webhook) as visitor:
        assert await visitor.post("/sign-up", number="+19005550199") == (400, "This number can't be used.")
        await visitor.post("/sign-up", number=ANNA)
        code = (await visitor.newest())["code"]
        await visitor.sim.advance(301)
        status, message = await visitor.post("/sign-up/code", number=ANNA, code=code)
        assert (status, message) == (400, "The code does not count any more. Ask for a new one.")


async def test_somebody_logs_in_by_a_missed_call() -> None:
    async with visiting(two_factor.webhook) as visitor:
        assert (await visitor.post("/login", number=ANNA))[0] == 200
        await visitor.sim.advance(10)
        [missed] = (await visitor.sim.control("GET", f"/phones/{ANNA}/inbox"))["missedCalls"]
        assert (await visitor.post("/login/proof", number=ANNA, cli="+1"))[0] == 400
        told = await visitor.post("/login/proof", number=ANNA, cli=missed["cli"])
        assert told == (200, "You are logged in.")


async def test_who_does_not_see_the_call_logs_in_by_a_text() -> None:
    async with visiting(two_factor.webhook) as visitor:
        await visitor.post("/login", number=ANNA)
        await visitor.sim.advance(50)
        verification = await visitor.newest()
        assert verification["method"] == "sms"
        told = await visitor.post("/login/proof", number=ANNA, code=verification["code"])
        assert told == (200, "You are logged in.")
