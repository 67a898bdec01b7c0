"""Speaks to a simulator: requests of the control API and of the platform, and what they are called by in Python.

It knows neither sockets nor servers. A transport carries the requests: ``client.http`` over a connection,
``client.in_process`` into a simulator of this process. Durations are milliseconds where a name ends in ``_ms``.
"""

import base64
import json
import time
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from attrs import field, frozen

from sinch_simulator.client.errors import Refused, SimulatorError
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.schema.words import with_hint
from sinch_simulator.core.signing import signed_headers

Answer = dict[str, Any]  # JSON as it came: read where it is asked for, never kept
Body = Mapping[str, Any]  # JSON to send; what JSON cannot say is refused when it is sent

CONTROL = "/_simulator"
_JSON = "application/json"
_BRIEF = {"timeline": "false"}


@frozen
class Reply:
    """The answer to a request, as it came: status, body, and the simulator's hint ("" without one)."""

    status: int
    body: bytes
    hint: str = ""


class Transport(Protocol):
    """Carries requests to one simulator."""

    @property
    def url(self) -> str:
        """The simulator's base URL, without a trailing slash."""

    async def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Sends a request; ``target`` is path and query, percent-encoded. Raises ``Refused`` without a reply."""


@frozen
class Client:
    """A client of one simulator."""

    transport: Transport

    @property
    def url(self) -> str:
        """The simulator's base URL, without a trailing slash."""
        return self.transport.url

    async def ask(
        self, method: str, path: str, body: Body | None = None, *, query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Sends a request and gives the JSON object that answers it; ``path`` is percent-encoded.

        Raises ``Refused`` for an error, or without an answer, and ``SimulatorError`` for a body that is no JSON.
        """
        target = f"{path}?{_query_text(tuple(query.items()))}" if query else path
        sent = headers or {}
        if body is not None:
            sent = {**sent, "Content-Type": _JSON}
        reply = await self.transport.send(method, target, sent, b"" if body is None else encoded(body))
        return answer_of(reply, f"{method} {path}")

    async def create_application(self, settings: Body) -> "ApplicationClient":
        """Makes an application; ``settings`` as ``POST /_simulator/applications`` takes them."""
        return ApplicationClient.of(self, await self.ask("POST", f"{CONTROL}/applications", settings))

    async def application(self, key: str) -> "ApplicationClient":
        """Finds the application of this key. Raises ``Refused`` when there is none."""
        return ApplicationClient.of(self, await self.ask("GET", f"{CONTROL}/applications/{quote(key, safe='')}"))

    async def applications(self) -> list[Answer]:
        """Lists all applications as the control API shows them, oldest first."""
        listed: list[Answer] = (await self.ask("GET", f"{CONTROL}/applications"))["applications"]
        return listed


@frozen
class ApplicationClient:
    """A client of one application of a simulator: its calls, its callbacks, the phones and the time of its world."""

    client: Client
    key: str
    secret: str
    numbers: tuple[str, ...]
    project_id: str
    _access_key: tuple[str, str] = field(repr=False)
    """Id and secret of the project's access key."""
    _authorization: Mapping[str, str] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_authorization", _basic(self.key, self.secret))

    @classmethod
    def of(cls, client: Client, shown: Answer) -> "ApplicationClient":
        """Makes a client of the application that the control API has shown."""
        access_key = shown["keyId"], shown["keySecret"]
        return cls(client, shown["key"], shown["secret"], tuple(shown["numbers"]), shown["projectId"], access_key)

    @property
    def number(self) -> str:
        """The number that is dialled when nobody says which; "" without any."""
        return self.numbers[0] if self.numbers else ""

    # ---- requests

    async def control(self, method: str, path: str, body: Body | None = None, **query: str) -> Answer:
        """Sends a request of the control API about this application's world; ``path`` follows the prefix."""
        return await self.client.ask(method, f"{CONTROL}{path}", body, query={"application": self.key, **query})

    async def rest(self, method: str, path: str, body: Body | None = None) -> Answer:
        """Sends a request of the platform's REST API, with the application's credentials, as the app would."""
        return await self.client.ask(method, path, body, headers=self._authorization)

    # ---- calls

    async def dial(self, settings: Body) -> Answer:
        """Lets a call come in and gives it, without timeline; ``settings`` as ``POST /_simulator/calls`` takes them."""
        settings = {"application": self.key, **settings}
        return await self.client.ask("POST", f"{CONTROL}/calls", settings, query=_BRIEF)

    async def call_out(self, body: Body) -> str:
        """Places a callout by the platform's REST API and gives the id of the call."""
        return str((await self.rest("POST", "/calling/v1/callouts", body))["callId"])

    async def start_call(self, body: Body) -> Answer:
        """Starts calls of Voice v2 by its REST API, as the app would; ``body`` as ``POST .../calls`` takes it."""
        path, query = f"/v2/projects/{self.project_id}/calls", {"serviceId": self.key}
        return await self.client.ask("POST", path, body, query=query, headers=_basic(*self._access_key))

    async def rent(self, region: str, type_: str, *, calls: bool, texts: bool) -> str:
        """Rents a number by the Numbers API, as the app would, and gives it.

        Its calls, or its texts, shall come to the application.
        """
        body: dict[str, object] = {"voiceConfiguration": {"type": "RTC", "appId": self.key}} if calls else {}
        if texts:
            shown = await self.client.ask("GET", f"{CONTROL}/applications/{quote(self.key, safe='')}")
            body["smsConfiguration"] = {"servicePlanId": shown["servicePlanId"]}
        found = await self._numbers("GET", "availableNumbers", query={"regionCode": region, "type": type_})
        for row in found["availableNumbers"]:
            number = str(row["phoneNumber"])
            try:
                await self._numbers("POST", f"availableNumbers/{quote(number, safe='')}:rent", body)
            except Refused as refusal:
                if refusal.status != 404:  # else somebody else was first
                    raise
            else:
                return number
        raise SimulatorError(f"no {type_} number of {region} is free: GET availableRegions lists what there is")

    async def release(self, number: str) -> None:
        """Gives a number back by the Numbers API, as the app would."""
        await self._numbers("POST", f"activeNumbers/{quote(number, safe='')}:release", {})

    async def _numbers(
        self, method: str, path: str, body: Body | None = None, *, query: Mapping[str, str] | None = None
    ) -> Answer:
        path, headers = f"/v1/projects/{self.project_id}/{path}", _basic(*self._access_key)
        return await self.client.ask(method, path, body, query=query, headers=headers)

    async def instruct(self, call_id: str, body: Body) -> None:
        """Sends commands to a call of Voice v2 by its REST API; ``body`` as ``PATCH .../calls/{callId}`` takes it."""
        path = f"/v2/projects/{self.project_id}/calls/{quote(call_id, safe='')}"
        await self.client.ask("PATCH", path, body, headers=_basic(*self._access_key))

    async def session(self, session_id: str) -> Answer:
        """Reads a session of Voice v2 as it is now."""
        return await self.client.ask("GET", f"{CONTROL}/sessions/{quote(session_id, safe='')}")

    async def text_in(self, settings: Body) -> Answer:
        """Lets a text come in and gives it; ``settings`` as ``POST /_simulator/messages`` takes them, or None."""
        given = {name: value for name, value in settings.items() if value is not None}
        return await self.client.ask("POST", f"{CONTROL}/messages", {"application": self.key, **given})

    async def send_batch(self, body: Body) -> Answer:
        """Sends a batch of texts by the SMS REST API, as the app would, and gives it."""
        shown = await self.client.ask("GET", f"{CONTROL}/applications/{quote(self.key, safe='')}")
        headers = {"Authorization": f"Bearer {shown['apiToken']}", "Content-Type": "application/json"}
        return await self.client.ask("POST", f"/xms/v1/{shown['servicePlanId']}/batches", body, headers=headers)

    async def messages(self, **query: str) -> list[Answer]:
        """Reads the application's texts, oldest first, by the filters of ``GET /_simulator/messages``."""
        listed: list[Answer] = (await self.control("GET", "/messages", None, **query))["messages"]
        return listed

    async def call(self, call_id: str) -> Answer:
        """Reads a call as it is now."""
        return await self.client.ask("GET", f"{CONTROL}/calls/{quote(call_id, safe='')}")

    async def calls(self, **query: str) -> list[Answer]:
        """Reads the application's calls, oldest first."""
        listed: list[Answer] = (await self.control("GET", "/calls", None, **query))["calls"]
        return listed

    async def act(self, call_id: str, what: str, body: Body) -> Answer:
        """Lets somebody on the line ``press``, ``speak`` or ``hangup``; gives the call after it, without timeline."""
        return await self.client.ask("POST", f"{CONTROL}/calls/{quote(call_id, safe='')}/{what}", body, query=_BRIEF)

    async def verify(self, body: Body) -> str:
        """Starts a verification by the platform's REST API, signed as an app's backend does, and gives its id."""
        path = "/verification/v1/verifications"
        headers = signed_headers(self.key, self.secret, "POST", path, encoded(body), _JSON, time.time())
        return str((await self.client.ask("POST", path, body, headers=headers))["id"])

    async def verifications(self) -> list[Answer]:
        """Reads the application's verifications, oldest first."""
        listed: list[Answer] = (await self.control("GET", "/verifications"))["verifications"]
        return listed

    async def callbacks(self, call_id: str | None = None, *, verification_id: str | None = None) -> list[Answer]:
        """Reads the callbacks so far, in the order sent; those of one call, or one verification, if one is named."""
        named = {"callId": call_id, "verificationId": verification_id}
        query = {name: value for name, value in named.items() if value is not None}
        listed: list[Answer] = (await self.control("GET", "/callbacks", None, **query))["callbacks"]
        return listed

    # ---- the world

    async def script(self, address: str, persona: Body) -> None:
        """Puts somebody who behaves like this persona at an address."""
        await self.control("PUT", f"/phones/{quote(address, safe='')}", persona)

    async def next_due_ms(self) -> int | None:
        """Tells how long it is until something happens by itself; None when nothing will."""
        clock = await self.control("GET", "/clock")
        if clock["nextDue"] is None:
            return None
        return max(0, _unix_ms(clock["nextDue"]) - _unix_ms(clock["now"]))

    async def diagnostics(self) -> list[Answer]:
        """Lists the findings about callbacks, requests and calls, in order."""
        listed: list[Answer] = (await self.control("GET", "/diagnostics"))["diagnostics"]
        return listed

    async def now_ms(self) -> int:
        """Reads the simulated time, in Unix milliseconds."""
        return _unix_ms((await self.control("GET", "/clock"))["now"])

    async def speed(self) -> float:
        """Reads how many simulated seconds pass in a real one, under the realtime clock."""
        return float((await self.control("GET", "/clock"))["speed"])

    async def advance(self, ms: int) -> None:
        """Lets so much simulated time pass; 0 lets everything happen that is due now."""
        await self.control("POST", "/clock/advance", {"seconds": ms / 1000})

    async def delete(self) -> None:
        """Deletes the application with all that it had."""
        await self.client.ask("DELETE", f"{CONTROL}/applications/{quote(self.key, safe='')}")


def _basic(user: str, password: str) -> Mapping[str, str]:
    """Makes the headers of a request with these credentials."""
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {credentials}"}


@lru_cache(maxsize=256)
def _query_text(pairs: tuple[tuple[str, str], ...]) -> str:
    return urlencode(pairs)


def encoded(body: Body) -> bytes:
    """Writes a body as JSON. Raises ``SimulatorError`` for what JSON cannot say."""
    try:
        return json.dumps(body).encode()
    except (TypeError, ValueError) as error:
        raise SimulatorError(f"{error}: expected what JSON has (texts, numbers, lists, dicts with text keys)") from None


def answer_of(reply: Reply, request: str) -> Answer:
    """Reads the JSON object of a reply, empty for an empty one. Raises ``Refused`` for an error or anything else."""
    try:
        answer = decode(reply.body) if reply.body else {}
    except NotJsonError:
        answer = None
    if reply.status >= 400:
        raise _refusal(reply, answer, request)
    if not isinstance(answer, dict):
        raise Refused(f"{request}: the answer is no simulator's", reply.status)
    return answer


def _refusal(reply: Reply, answer: object, request: str) -> Refused:
    """Tells an error answer, the control API's or the platform's, in its own words."""
    error = answer.get("error", answer) if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return Refused(f"{request} answered {reply.status}", reply.status)
    message = _message_of(error) or f"{request} answered {reply.status}"
    return Refused(
        with_hint(str(message), str(error.get("hint") or reply.hint)),
        reply.status,
        error.get("code", error.get("errorCode")),
    )


def _message_of(error: Mapping[str, object]) -> object:
    """Returns what an error says in words; the details of Voice v2 say what would be right already."""
    return error.get("message") or error.get("detail") or error.get("text")


def _unix_ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
