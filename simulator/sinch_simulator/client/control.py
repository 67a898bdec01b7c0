"""A thin client of a simulator's HTTP interface: one application there, its world, its clock.

It sends requests and reads answers. What they are for is the player's business.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from attrs import frozen

from sinch_scenarios.language.yaml_nodes import Json

Answer = dict[str, Any]  # JSON as it came: read where it is asked for, never kept
LONGEST_REQUEST_S = 300.0
"""Real seconds that a request may take; an advance answers when every callback on its way has been answered."""


class Refused(Exception):
    """A request that was refused, or that nobody answered: one line for a person."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@frozen
class Client:
    """A simulator at a URL without a trailing slash."""

    session: aiohttp.ClientSession
    url: str

    async def ask(
        self, method: str, path: str, body: Json = None, *, query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """One request. Raises ``Refused`` for an error answer, and when there is no answer."""
        limit = aiohttp.ClientTimeout(total=LONGEST_REQUEST_S)
        try:
            async with self.session.request(
                method, self.url + path, json=body, params=query, headers=headers, timeout=limit
            ) as response:
                text = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Refused(f"no simulator answers at {self.url}: {error or type(error).__name__}") from None
        answer = _json(text)
        if response.status >= 400:
            raise Refused(_why_refused(answer, f"{method} {path} answered {response.status}"), response.status)
        if not isinstance(answer, dict):
            raise Refused(f"{method} {path}: the answer is no simulator's")
        return answer


@frozen
class Lodger:
    """An application in a simulator, and what can be asked about it. Times are milliseconds."""

    client: Client
    key: str
    secret: str
    numbers: tuple[str, ...]

    @property
    def number(self) -> str:
        """The number that is dialled when nobody says which."""
        return self.numbers[0] if self.numbers else ""

    async def control(self, method: str, path: str, body: Json = None, **query: str) -> Answer:
        """A request of the control API about this application's world."""
        return await self.client.ask(method, f"/_simulator{path}", body, query={"application": self.key, **query})

    async def rest(self, method: str, path: str, body: Json = None) -> Answer:
        """A request of the platform's REST API, as the app would make it."""
        credentials = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        return await self.client.ask(method, path, body, headers={"Authorization": f"Basic {credentials}"})

    async def script(self, address: str, persona: Json) -> None:
        """Somebody behaves so at this address."""
        await self.control("PUT", f"/phones/{quote(address, safe='')}", persona)

    async def dial(self, body: dict[str, Json]) -> str:
        """A call comes in; the id of it."""
        answer = await self.client.ask("POST", "/_simulator/calls", {"application": self.key, **body})
        return str(answer["callId"])

    async def call_out(self, body: dict[str, Json]) -> str:
        """A callout by REST; the id of the call."""
        return str((await self.rest("POST", "/calling/v1/callouts", body))["callId"])

    async def call(self, call_id: str) -> Answer:
        """A call as it is now."""
        return await self.client.ask("GET", f"/_simulator/calls/{quote(call_id)}")

    async def calls(self, **query: str) -> list[Answer]:
        """The application's calls, oldest first."""
        answers: list[Answer] = (await self.control("GET", "/calls", None, **query))["calls"]
        return answers

    async def act(self, call_id: str, what: str, body: dict[str, Json]) -> None:
        """Somebody on the line does something: ``press``, ``speak`` or ``hangup``."""
        await self.client.ask("POST", f"/_simulator/calls/{quote(call_id)}/{what}", body)

    async def callbacks(self, call_id: str | None = None) -> list[Answer]:
        """The callbacks so far, in the order sent."""
        query = {} if call_id is None else {"callId": call_id}
        answers: list[Answer] = (await self.control("GET", "/callbacks", None, **query))["callbacks"]
        return answers

    async def next_due(self) -> int | None:
        """How long until something happens by itself; None when nothing will."""
        clock = await self.control("GET", "/clock")
        if clock["nextDue"] is None:
            return None
        return max(0, round((_moment(clock["nextDue"]) - _moment(clock["now"])) * 1000))

    async def now(self) -> int:
        """The simulated time, in Unix milliseconds."""
        return round(_moment((await self.control("GET", "/clock"))["now"]) * 1000)

    async def speed(self) -> float:
        """Simulated seconds per real second, under the realtime clock."""
        return float((await self.control("GET", "/clock"))["speed"])

    async def advance(self, ms: int) -> None:
        """Let so much time pass."""
        await self.control("POST", "/clock/advance", {"seconds": ms / 1000})

    async def leave(self) -> None:
        """Drop the application with all that it had."""
        await self.client.ask("DELETE", f"/_simulator/applications/{quote(self.key)}")


async def move_in(
    client: Client, *, clock: str, seed: int, callback_url: str | None = None, key: str | None = None,
    secret: str | None = None, numbers: tuple[str, ...] = (),
) -> Lodger:  # fmt: skip
    """A new application in a world of its own; what is not given is made up."""
    wanted: dict[str, Json] = {"clock": clock, "seed": seed, "callbackUrl": callback_url, "key": key, "secret": secret}
    body: dict[str, Json] = {name: value for name, value in wanted.items() if value is not None}
    if numbers:
        body["numbers"] = list(numbers)
    made = await client.ask("POST", "/_simulator/applications", body)
    return Lodger(client, made["key"], made["secret"], tuple(made["numbers"]))


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _json(text: bytes) -> object:
    """An answer as JSON; nothing is an empty object, and what is no JSON is None."""
    try:
        return json.loads(text or b"{}")
    except ValueError:
        return None


def _why_refused(answer: object, otherwise: str) -> str:
    """The words of an error answer, the control API's or the platform's."""
    error = answer.get("error", answer) if isinstance(answer, dict) else None
    words = [str(error[name]) for name in ("message", "hint") if error.get(name)] if isinstance(error, dict) else []
    return "; ".join(words) or otherwise
