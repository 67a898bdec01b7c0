"""A webhook to read and to copy: the phone menu of ``ivr.py`` once more, for an app that speaks Voice API v2.

Run it by itself with ``python -m sinch_simulator.samples.ivr_v2``, beside
``sinch-simulator start --webhook-url http://127.0.0.1:8080/``: it expects the simulator's default application.
"""

import json
import os
import time
from typing import Any

from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import verify

SALES = "+14045550120"

Command = dict[str, Any]  # JSON to send
Event = dict[str, Any]  # JSON as it came


def answer(event: Event) -> dict[str, Any]:
    """Gives the commands that answer an event. Whoever calls chooses in a menu, which needs no further event."""
    if event["event"] != "call.incoming":
        return {"commands": []}
    commands = [{"command": "answer"}, say("Welcome to the sample company."), menu()]
    return {"callName": "customer", "commands": commands, "events": {"onHangup": [hang_up("sales")]}}


def menu() -> Command:
    """Asks for a key, twice more when none comes or it means nothing."""
    item = {
        "prompt": {"messages": [spoken("For sales, press 1. For our opening hours, press 2.")]},
        "repeatPrompt": {"messages": [spoken("Press 1 for sales, or 2 for our opening hours.")]},
        "repeatCount": 2,
        "matches": {
            "1": [say("I will connect you to sales."), dial_sales(), bridge()],
            "2": [say("We are open from nine to five.", onFinish=[hang_up("customer")])],
        },
        "onFailure": [say("Goodbye.", onFinish=[hang_up("customer")])],
    }
    return {"command": "menu", "startMenu": "main", "menus": {"main": item}}


def dial_sales() -> Command:
    """Calls sales; whoever answers joins the bridge. When that call ends, so does the customer's."""
    let_go = [hang_up("customer")]
    return {
        "command": "dial",
        "callName": "sales",
        "to": {"type": "PHONE", "phone": {"number": SALES}},
        "dialTimeoutDurationSeconds": 30,
        "events": {
            "onAnswer": [bridge()],
            **dict.fromkeys(("onHangup", "onBusy", "onReject", "onTimeout", "onFailure"), let_go),
        },
    }


def bridge() -> Command:
    """Lets the current call talk with whoever is in the bridge."""
    return {"command": "bridgeCall", "bridgeName": "talk"}


def say(text: str, **events: list[Command]) -> Command:
    """Reads a text out; nothing is asked when it is over."""
    return {"command": "messages", "messages": [spoken(text)], "events": events}


def spoken(text: str) -> dict[str, Any]:
    """Makes a spoken message."""
    return {"type": "SAY", "say": {"text": text, "voiceName": "Emma"}}


def hang_up(name: str) -> Command:
    """Ends the call of this name."""
    return {"command": "hangup", "callName": name}


def application(service_id: str, secret: str) -> web.Application:
    """Makes the web application: every event comes to one URL, and is answered when it is genuine."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        genuine = verify(
            secret,
            application_key=service_id,
            headers=request.headers,
            path=request.rel_url.raw_path,
            body=body,
            wall_time=time.time(),
            scheme="service",
        )
        if not genuine:
            return web.json_response({"message": "the signature is not valid"}, status=401)
        return web.json_response(answer(json.loads(body)))

    app = web.Application()
    app.router.add_post("/", receive)
    return app


def main() -> None:
    """Serves on port 8080 of 127.0.0.1, or where the arguments say."""
    from sinch_simulator.samples.serving import serve_app

    service_id = os.environ.get("SINCH_APPLICATION_KEY", DEFAULT_KEY)
    serve_app(application(service_id, os.environ.get("SINCH_APPLICATION_SECRET", DEFAULT_SECRET)))


if __name__ == "__main__":
    main()
