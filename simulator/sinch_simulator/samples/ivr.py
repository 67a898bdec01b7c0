"""A webhook to read and to copy: the phone menu of a small company, in one file.

Run it by itself with ``python -m sinch_simulator.samples.ivr``: it listens on http://127.0.0.1:8080/ and expects the
simulator's default application, or the one of SINCH_APPLICATION_KEY and SINCH_APPLICATION_SECRET.
"""

import json
import os
import time
from typing import Any

from aiohttp import web
from attrs import define, field

from sinch_simulator.config import DEFAULT_KEY, DEFAULT_SECRET
from sinch_simulator.core.signing import verify

SALES = "+14045550120"

Svaml = dict[str, Any]  # JSON to send
Event = dict[str, Any]  # JSON as it came


@define
class Company:
    """Answers the platform's events. It remembers which calls it is connecting, and nothing else."""

    key: str
    secret: str
    connecting: set[str] = field(factory=set)

    async def receive(self, request: web.Request) -> web.Response:
        """Checks that a callback is genuine, then answers with SVAML."""
        body = await request.read()
        genuine = verify(
            self.secret,
            application_key=self.key,
            headers=request.headers,
            path=request.rel_url.raw_path,
            body=body,
            wall_time=time.time(),
        )
        if not genuine:
            return web.json_response({"message": "the signature is not valid"}, status=401)
        return web.json_response(self.answer(json.loads(body)))

    def answer(self, event: Event) -> Svaml:
        """Gives the SVAML that answers an event; DiCE and Notify want none."""
        match event["event"]:
            case "ice":
                return menu()
            case "ace":
                # The person we connect a caller to has answered, or a call that we placed ourselves has.
                return {"action": {"name": "continue"}} if event["callid"] in self.connecting else menu()
            case "pie":
                return self.chosen(event)
            case "dice":
                self.connecting.discard(event["callid"])
        return {}

    def chosen(self, event: Event) -> Svaml:
        """Decides what the key that was pressed leads to."""
        match event["menuResult"]["value"]:
            case "sales":
                self.connecting.add(event["callid"])
                return {
                    "instructions": [say("I will connect you to sales.")],
                    "action": {"name": "connectPstn", "number": SALES},
                }
            case "hours":
                return {"instructions": [say("We are open from nine to five.")], "action": {"name": "hangup"}}
        return {"instructions": [say("Goodbye.")], "action": {"name": "hangup"}}


def menu() -> Svaml:
    """Greets, then asks for a key."""
    return {
        "instructions": [say("Welcome to the sample company.")],
        "action": {
            "name": "runMenu",
            "locale": "en-US",
            "menus": [
                {
                    "id": "main",
                    "mainPrompt": "#tts[For sales, press 1. For our opening hours, press 2.]",
                    "repeatPrompt": "#tts[Press 1 for sales, or 2 for our opening hours.]",
                    "repeats": 2,
                    "options": [
                        {"dtmf": "1", "action": "return(sales)"},
                        {"dtmf": "2", "action": "return(hours)"},
                    ],
                }
            ],
        },
    }


def say(text: str) -> Svaml:
    """Reads a text out."""
    return {"name": "say", "text": text, "locale": "en-US"}


def application(company: Company) -> web.Application:
    """Makes the web application: every event comes to one URL."""
    app = web.Application()
    app.router.add_post("/", company.receive)
    return app


def main() -> None:
    """Serves on port 8080 of 127.0.0.1, or where the arguments say."""
    from sinch_simulator.samples.serving import serve_app

    key = os.environ.get("SINCH_APPLICATION_KEY", DEFAULT_KEY)
    secret = os.environ.get("SINCH_APPLICATION_SECRET", DEFAULT_SECRET)
    serve_app(application(Company(key, secret)))


if __name__ == "__main__":
    main()
