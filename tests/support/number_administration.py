"""A program of the number administration of 2015: it logs in, opens an instance and signs its requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from attrs import define

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_NUMBER
from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.signing import decode_secret, sign
from support.wired_world import Json, Reply, Wired, wired

EMAIL, PASSWORD, ORGANISATION = "simulator@example.com", "sinch-simulator", "7462"
PUBLIC = "Application 669762D5-2B10-44E0-8418-BC9EE4457555"
TIMESTAMP = "2025-01-15T10:30:00Z"
SHOP = f"/v1/organisations/id/{ORGANISATION}/numbers/shop"
NUMBERS = f"/v1/organisations/id/{ORGANISATION}/numbers"
OF_APPLICATION = f"/v1/applications/key/{DEFAULT_KEY}/numbers"
OWN = int(DEFAULT_NUMBER)


@define
class Administration:
    """A program that has logged in, and signs its requests."""

    sim: Wired
    instance: Json

    async def ask(
        self, method: str, path: str, body: object = None, *, raw: bytes = b"", secret: str = ""
    ) -> Reply:
        """A signed request; ``body`` is sent as JSON, ``raw`` as it is."""
        raw = raw if body is None else encode(body)
        content_type = "" if method == "GET" and not raw else "application/json"
        key = decode_secret(secret or self.instance["secret"])
        signature = sign(key, method=method, body=raw, content_type=content_type, timestamp=TIMESTAMP, path=path)
        headers = {"Authorization": f"Instance {self.instance['id']}:{signature}", "x-timestamp": TIMESTAMP}
        if content_type:
            headers["Content-Type"] = content_type
        return await self.sim.request(method, path, raw=raw or None, headers=headers)

    async def got(self, method: str, path: str, body: object = None) -> Any:
        """The document of a request that must succeed; None for 204."""
        reply = await self.ask(method, path, body)
        assert reply.status in (200, 204), reply.raw
        return None if reply.status == 204 else reply.json

    async def group(self, country: str, type_: str) -> int:
        """The id of the first group of a country whose numbers are sold for calls, or for texts."""
        groups = [each for each in await self.got("GET", SHOP) if (each["countryId"], each["type"]) == (country, type_)]
        group_id: int = groups[0]["groupId"]
        return group_id

    async def reserve(self, quantity: int = 1, country: str = "SE", type_: str = "Sms") -> str:
        """The reference of reserved numbers."""
        body = {"groupId": await self.group(country, type_), "quantity": quantity}
        reference: str = (await self.got("PUT", SHOP, body))["referenceId"]
        return reference

    async def buy(self, quantity: int = 1, country: str = "SE", type_: str = "Sms") -> list[int]:
        """Numbers that were reserved and bought."""
        before = await self.numbers()
        await self.got("POST", SHOP, {"referenceIds": [await self.reserve(quantity, country, type_)]})
        return [number for number in await self.numbers() if number not in before]

    async def numbers(self, path: str = NUMBERS) -> list[int]:
        """The numbers that are listed there."""
        return [row["number"] for row in await self.got("GET", path)]


async def log_in(sim: Wired, email: str = EMAIL, password: str = PASSWORD, authorization: str = PUBLIC) -> Reply:
    """Logs an account in."""
    headers = {"Authorization": authorization, "x-timestamp": TIMESTAMP}
    path = f"/v1/users/email/{quote(email)}/authentication"
    return await sim.request("POST", path, {"password": password}, headers=headers)


async def open_instance(sim: Wired, authorization: str) -> Reply:
    """Opens an instance with what a login has answered."""
    body = {"authorization": authorization, "version": {"os": "linux", "platform": "curl"}}
    return await sim.request(
        "POST", "/v1/instance", body, headers={"Authorization": f"User {authorization}", "x-timestamp": TIMESTAMP}
    )


@asynccontextmanager
async def administration(**settings: Any) -> AsyncIterator[Administration]:
    """A simulator whose default account has logged in."""
    async with wired(**settings) as sim:
        authorization = (await log_in(sim)).json["authorization"]
        yield Administration(sim, (await open_instance(sim, authorization)).json)
