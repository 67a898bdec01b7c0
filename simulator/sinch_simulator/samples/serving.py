"""Receives genuine callbacks, and asks the platform for something by REST: what the samples share."""

import base64
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web
from attrs import define, field

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_PORT, DEFAULT_SECRET
from sinch_simulator.core.signing import verify

Svaml = dict[str, Any]  # JSON to send
Event = dict[str, Any]  # JSON as it came
Answer = Callable[[Event], Awaitable[Svaml]]


@define
class Platform:
    """Speaks to the platform's REST API, for one application. ``url`` has no trailing slash."""

    key: str
    secret: str
    url: str
    _session: aiohttp.ClientSession | None = field(init=False, default=None)

    async def request(
        self, method: str, path: str, body: Svaml | None = None, *, api: str = "/calling/v1"
    ) -> Svaml | None:
        """Sends a request and gives the answer; None when it is refused, as for a call that is over."""
        if self._session is None:
            credentials = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
            self._session = aiohttp.ClientSession(headers={"Authorization": f"Basic {credentials}"})
        async with self._session.request(method, f"{self.url}{api}{path}", json=body) as response:
            text = await response.read()
        if response.status >= 400:
            return None
        answer: Svaml = json.loads(text) if text else {}
        return answer

    async def call_out(self, method: str, callout: Svaml) -> str | None:
        """Places a call, and gives its id."""
        answer = await self.request("POST", "/callouts", {"method": method, method: callout})
        return None if answer is None else str(answer["callId"])

    async def update(self, call_id: str, svaml: Svaml) -> bool:
        """Tells a call what to do now; False when it is over."""
        return await self.request("PATCH", f"/calls/id/{quote(call_id)}", svaml) is not None

    async def verify(self, method: str, number: str, **fields: object) -> Svaml | None:
        """Starts a verification of a number, and gives the answer; None when it is refused."""
        body = {"identity": {"type": "number", "endpoint": number}, "method": method, **fields}
        return await self.request("POST", "/verifications", body, api="/verification/v1")

    async def report(self, number: str, method: str, about: Svaml) -> str:
        """Reports what somebody has typed, and gives the status; ``WRONG`` when it is refused."""
        name = "flashCall" if method == "flashcall" else method
        path, body = f"/verifications/number/{quote(number)}", {"method": method, name: about}
        answer = await self.request("PUT", path, body, api="/verification/v1")
        return "WRONG" if answer is None else str(answer["status"])

    async def text(self, number: str, message: str, sender: str) -> str | None:
        """Sends a text by the classic SMS API, and gives its id; None when it is refused."""
        answer = await self.request("POST", f"/sms/{quote(number)}", {"message": message, "from": sender}, api="/v1")
        return None if answer is None else str(answer["messageId"])

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()


def application(platform: Platform, answer: Answer) -> web.Application:
    """Makes a web application to which every event comes at one URL, and which answers genuine ones only."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        genuine = verify(
            platform.secret,
            application_key=platform.key,
            headers=request.headers,
            path=request.rel_url.raw_path,
            body=body,
            wall_time=time.time(),
        )
        if not genuine:
            return web.json_response({"message": "the signature is not valid"}, status=401)
        return web.json_response(await answer(json.loads(body)))

    async def close_at_the_end(app: web.Application) -> AsyncIterator[None]:
        yield
        await platform.close()

    app = web.Application()
    app.router.add_post("/", receive)
    app.cleanup_ctx.append(close_at_the_end)
    return app


def serve(webhook: Callable[[Platform], web.Application]) -> None:
    """Serves as ``serve_app`` does, for the simulator's default application."""
    platform = Platform(
        os.environ.get("SINCH_APPLICATION_KEY", DEFAULT_KEY),
        os.environ.get("SINCH_APPLICATION_SECRET", DEFAULT_SECRET),
        os.environ.get("SINCH_SIMULATOR_URL", f"http://127.0.0.1:{DEFAULT_PORT}"),
    )
    serve_app(webhook(platform))


def serve_app(app: web.Application) -> None:
    """Serves on port 8080 of 127.0.0.1; the arguments of the process may name another port, and another address."""
    given = dict(enumerate(sys.argv))
    web.run_app(app, port=int(given.get(1, "8080")), host=given.get(2, "127.0.0.1"))


def say(text: str) -> Svaml:
    """Reads a text out."""
    return {"name": "say", "text": text, "locale": "en-US"}


def menu(prompt: str, **options: str) -> Svaml:
    """Asks for a key: ``one="yes"`` makes key 1 return ``yes``."""
    keys = {"one": "1", "two": "2", "three": "3"}
    return {
        "name": "runMenu",
        "locale": "en-US",
        "menus": [
            {
                "id": "main",
                "mainPrompt": f"#tts[{prompt}]",
                "repeats": 1,
                "options": [{"dtmf": keys[key], "action": f"return({value})"} for key, value in options.items()],
            }
        ],
    }


def hang_up(*instructions: Svaml) -> Svaml:
    """Does this, then ends the call."""
    return {"instructions": list(instructions), "action": {"name": "hangup"}}
