"""A simulator with an SMS webhook, for tests of SMS: what an app does over HTTP, in short words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from attrs import define

from support.wired_world import ANNA, BEN, Json, Reply, Wired, wired

OWN = "+14045550100"
CARL = "+46700000003"
HINT = "X-Sinch-Simulator-Hint"


@define
class Texting:
    """A simulator, and the service plan of its default application."""

    sim: Wired
    plan: str
    token: str

    async def xms(
        self, method: str, path: str, body: object = None, *, raw: bytes | None = None, **headers: str
    ) -> Reply:
        """A request to XMS with the plan's token."""
        sent = {"Authorization": f"Bearer {self.token}"}
        if body is not None or raw is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.sim.request(method, f"/xms/v1/{self.plan}{path}", body, raw=raw, headers=sent)

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """A request that must succeed; its JSON."""
        reply = await self.xms(method, path, body)
        assert reply.status in (200, 201), (reply.status, reply.raw)
        return reply.json if reply.raw else None

    async def send(self, *to: str, body: object = "Hello", **fields: object) -> Json:
        """Sends a batch, to Anna if to nobody else; returns it."""
        document = {"to": list(to or (ANNA,)), "from": OWN, "body": body, **fields}
        batch: Json = await self.ask("POST", "/batches", {key: value for key, value in document.items() if value})
        return batch

    async def statuses(self, batch: Json, query: str = "") -> dict[str, int]:
        """How many messages of a batch have which status."""
        report = await self.ask("GET", f"/batches/{batch['id']}/delivery_report{query}")
        return {each["status"]: each["count"] for each in report["statuses"]}

    async def configure(self, **fields: object) -> None:
        """Changes the application."""
        [application] = (await self.sim.control("GET", "/applications"))["applications"]
        await self.sim.control("PATCH", f"/applications/{application['key']}", fields)

    async def messages(self, query: str = "") -> list[Json]:
        """The messages that match."""
        found: list[Json] = (await self.sim.control("GET", f"/messages{query}"))["messages"]
        return found

    async def inbox(self, address: str) -> list[str]:
        """The texts that a phone has got."""
        shown = await self.sim.control("GET", f"/phones/{address.replace('+', '%2B')}/inbox")
        return [each["text"] for each in shown["messages"]]

    async def text(self, text: str, **fields: object) -> Json:
        """Anna texts the application."""
        return await self.sim.control("POST", "/messages", {"from": ANNA, "text": text, **fields})

    @property
    def posted(self) -> list[Json]:
        """What the webhook got."""
        return [each.body for each in self.sim.webhook.posted]


@asynccontextmanager
async def texting(*, webhook: bool = True, **settings: Any) -> AsyncIterator[Texting]:
    """A simulator whose application has the webhook as its SMS callback URL, unless it is to have none."""
    async with wired(**settings) as sim:
        [application] = (await sim.control("GET", "/applications"))["applications"]
        world = Texting(sim, application["servicePlanId"], application["apiToken"])
        if webhook:
            await world.configure(smsCallbackUrl=sim.webhook.url)
        yield world


__all__ = ["ANNA", "BEN", "CARL", "HINT", "OWN", "Json", "Texting", "texting"]
