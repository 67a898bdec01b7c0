"""A simulator and a webhook on real sockets, for tests: what a user has, with short words for it."""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from attrs import define, field, frozen
from yarl import URL

from sinch_simulator.client.control import CONTROL, Client
from sinch_simulator.client.http import HttpTransport
from sinch_simulator.config import (
    DEFAULT_KEY,
    DEFAULT_NUMBER,
    DEFAULT_SECRET,
    ApplicationConfig,
    ClockMode,
    ServerConfig,
)
from sinch_simulator.core.application import CallbackStyle
from sinch_simulator.core.product import Product
from sinch_simulator.server.app import SimulatorServer

Json = dict[str, Any]  # JSON as tests look at it
Responder = Callable[[web.BaseRequest, Json], Awaitable[web.StreamResponse]]

BEN = "+14045550199"
ANNA = "+46700000001"
HANG_UP: Json = {"action": {"name": "hangup"}}
CONTINUE: Json = {"action": {"name": "continue"}}
CONNECT: Json = {"action": {"name": "connectPstn", "number": BEN, "cli": DEFAULT_NUMBER}}
MENU: Json = {
    "instructions": [{"name": "answer"}],
    "action": {
        "name": "runMenu",
        "menus": [{"id": "main", "mainPrompt": "#tts[Press 1]", "options": [{"dtmf": "1", "action": "return(sales)"}]}],
    },
}


@frozen
class Posted:
    """A callback as the webhook got it; the names of headers are in lower case."""

    event: str
    body: Json
    raw: bytes
    headers: dict[str, str]
    path: str


@frozen
class Reply:
    """An answer of the simulator."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.raw)

    @property
    def error_code(self) -> object:
        """The code of a platform error."""
        return self.json["errorCode"]

    @property
    def error(self) -> Json:
        """The inside of a control error."""
        inside: Json = self.json["error"]
        return inside


@define
class Webhook:
    """Answers callbacks as it is told, and remembers them."""

    url: str = ""
    posted: list[Posted] = field(factory=list)
    responders: dict[str, Responder] = field(factory=dict)

    @property
    def events(self) -> list[str]:
        """What has come, in order."""
        return [posted.event for posted in self.posted]

    def on(self, event: str, svaml: Json) -> None:
        """Answer this event with this document."""

        async def respond(request: web.BaseRequest, body: Json) -> web.StreamResponse:
            return web.json_response(svaml)

        self.responders[event] = respond

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """One callback."""
        raw = await request.read()
        body = json.loads(raw)
        event = next(body[name] for name in ("event", "eventType", "type") if name in body)
        self.posted.append(Posted(event, body, raw, _folded(request.headers), request.path))
        responder = self.responders.get(event)
        return web.Response() if responder is None else await responder(request, body)


@asynccontextmanager
async def serving(handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A web server on a free port; host and port of it."""
    runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def webhook() -> AsyncIterator[Webhook]:
    """A webhook that listens."""
    hook = Webhook()
    async with serving(hook.serve) as address:
        hook.url = f"http://{address}/hook"
        yield hook


@define
class Wired:
    """A simulator that serves, and a client of it."""

    server: SimulatorServer
    session: aiohttp.ClientSession
    webhook: Webhook

    async def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Any request; ``body`` is sent as JSON, ``raw`` as it is."""
        data = raw if body is None else json.dumps(body).encode()
        payload = None if data is None else io.BytesIO(data)
        url = URL(self.server.url + path, encoded=True)
        async with self.session.request(method, url, data=payload, headers=headers, allow_redirects=False) as response:
            return Reply(response.status, response.headers, await response.read())

    @property
    def client(self) -> Client:
        """The client of the control API, over HTTP."""
        return Client(HttpTransport(self.session, self.server.url))

    async def control(self, method: str, path: str, body: Json | None = None) -> Json:
        """A request to the control API that must succeed; the document that it answers with."""
        return await self.client.ask(method, CONTROL + path, body)

    async def rest(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str = DEFAULT_KEY,
        secret: str = DEFAULT_SECRET,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """A request to the platform, with Basic credentials."""
        return await self.request(method, path, body, raw=raw, headers={**basic(key, secret), **(headers or {})})

    async def dial(self, **fields: object) -> Json:
        """Somebody calls in."""
        return await self.control("POST", "/calls", {"from": ANNA, **fields})

    async def call_out(self, **fields: object) -> str:
        """A ttsCallout to Ben; its call id."""
        reply = await self.rest("POST", "/calling/v1/callouts", tts_callout(**fields))
        assert reply.status == 200, reply.raw
        call_id: str = reply.json["callId"]
        return call_id

    async def advance(self, seconds: float) -> str:
        """Simulated time passes."""
        now: str = (await self.control("POST", "/clock/advance", {"seconds": seconds}))["now"]
        return now

    async def call(self, call_id: str) -> Json:
        """A call as the control API shows it."""
        return await self.control("GET", f"/calls/{call_id}")

    async def callbacks(self, query: str = "") -> list[Json]:
        """The callbacks that match."""
        records: list[Json] = (await self.control("GET", f"/callbacks{query}"))["callbacks"]
        return records

    async def codes(self, query: str = "") -> list[str]:
        """The codes of the diagnostics that match."""
        return [finding["code"] for finding in (await self.control("GET", f"/diagnostics{query}"))["diagnostics"]]

    async def application(self, **fields: object) -> Json:
        """A new application."""
        return await self.control("POST", "/applications", fields)


@asynccontextmanager
async def wired(
    clock: str = "manual",
    *,
    speed: float = 1.0,
    timeout_s: float = 5.0,
    fallback_url: str | None = None,
    callback_url: str | None = "",
    style: CallbackStyle = CallbackStyle.SINGLE,
    products: tuple[Product, ...] | None = None,
    **settings: Any,
) -> AsyncIterator[Wired]:
    """A simulator with a webhook of its own; ``callback_url`` None is an application without one.

    ``settings`` are those of ``ServerConfig``.
    """
    async with webhook() as hook, aiohttp.ClientSession() as session:
        default = ApplicationConfig(
            numbers=(DEFAULT_NUMBER,),
            callback_url=hook.url if callback_url == "" else callback_url,
            fallback_url=fallback_url,
            callback_style=style,
        )
        server = SimulatorServer(
            ServerConfig(
                port=0,
                applications=(default,),
                clock=ClockMode(clock),
                speed=speed,
                callback_timeout_s=timeout_s,
                **settings,
            ),
            products=products,
        )
        await server.start()
        try:
            yield Wired(server, session, hook)
        finally:
            await server.stop()


def _folded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def basic(key: str = DEFAULT_KEY, secret: str = DEFAULT_SECRET) -> dict[str, str]:
    """The header of a Basic request."""
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()}


def tts_callout(**fields: object) -> Json:
    """The body of a ttsCallout to Ben that asks for all events."""
    body = {
        "cli": DEFAULT_NUMBER,
        "destination": {"type": "number", "endpoint": BEN},
        "text": "Hello",
        "enableAce": True,
        "enableDice": True,
        **fields,
    }
    return {"method": "ttsCallout", "ttsCallout": body}


async def hangs(request: web.BaseRequest, body: Json) -> web.StreamResponse:
    """Never answers."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets the event")
