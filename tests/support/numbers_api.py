"""A simulator as a program of the Numbers API sees it: requests with the access key of the default project."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from attrs import define

from support.wired_world import Json, Reply, Wired, basic, wired


@define
class NumbersApi:
    """The Numbers API of one application's project."""

    sim: Wired
    application: Json

    @property
    def project(self) -> str:
        """The path of the project."""
        return f"/v1/projects/{self.application['projectId']}"

    async def ask(
        self, method: str, path: str, body: object = None, *, raw: bytes | None = None, project: str = ""
    ) -> Reply:
        """A request below the project, with its access key."""
        credentials = basic(self.application["keyId"], self.application["keySecret"])
        return await self.sim.request(method, (project or self.project) + path, body, raw=raw, headers=credentials)

    async def got(self, method: str, path: str, body: object = None) -> Any:
        """The document of a request that must succeed."""
        reply = await self.ask(method, path, body)
        assert reply.status == 200, reply.raw
        return reply.json

    async def available(self, region: str = "US", type_: str = "LOCAL", more: str = "") -> list[str]:
        """Numbers that can be rented."""
        found = await self.got("GET", f"/availableNumbers?regionCode={region}&type={type_}{more}")
        return [row["phoneNumber"] for row in found["availableNumbers"]]

    async def rent(self, region: str = "US", type_: str = "LOCAL", **body: object) -> Json:
        """The first available number, rented with these settings."""
        [number, *_] = await self.available(region, type_)
        rented: Json = await self.got("POST", f"/availableNumbers/{number}:rent", body)
        return rented

    async def active(self, number: str) -> Json:
        """An active number."""
        shown: Json = await self.got("GET", f"/activeNumbers/{number}")
        return shown

    async def listed(self, query: str = "") -> list[str]:
        """The active numbers that match."""
        return [row["phoneNumber"] for row in (await self.got("GET", f"/activeNumbers{query}"))["activeNumbers"]]

    def text_to(self, key: str = "") -> Json:
        """A configuration that lets texts to a number come to the application."""
        return {"servicePlanId": key or self.application["servicePlanId"]}

    def calls_to(self, key: str = "") -> Json:
        """A configuration that lets calls to a number come to the application."""
        return {"type": "RTC", "appId": key or self.application["key"]}


@asynccontextmanager
async def numbers_api(**settings: Any) -> AsyncIterator[NumbersApi]:
    """A simulator with the default application, under the manual clock."""
    async with wired(**settings) as sim:
        [application, *_] = (await sim.control("GET", "/applications"))["applications"]
        yield NumbersApi(sim, application)


def quoted(number: str) -> str:
    """A number with its plus sign percent-encoded."""
    return quote(number, safe="")


def provisioning(number: Json) -> tuple[Any, Any]:
    """What is under way for texts and for calls."""
    return (
        number["smsConfiguration"]["scheduledProvisioning"],
        number["voiceConfiguration"]["scheduledVoiceProvisioning"],
    )
