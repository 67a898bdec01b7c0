"""A web app to read and to copy: a login whose second factor is a missed call, and a text where that does not help.

``POST /login {"number"}`` lets the phone ring, ``POST /login/proof {"number", "cli"}`` takes the number that called,
or, after the text, ``{"number", "code"}``. Events come to ``POST /``. Run it by itself with
``python -m sinch_simulator.samples.two_factor``; SINCH_SIMULATOR_URL says where the API is.
"""

from aiohttp import web
from attrs import define, field

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, serve

RINGS_S = 10
LASTS_S = 20
"""A client waits so long for the call; half a minute later the platform gives the verification up."""


@define
class TwoFactor:
    """Answers the platform's events, and people. It remembers who is logged in, and who is sent a text."""

    platform: Platform
    logged_in: set[str] = field(factory=set)
    texted: set[str] = field(factory=set)

    async def answer(self, event: Event) -> Svaml:
        """Allows every verification, and goes on when one has ended."""
        number = event["identity"]["endpoint"]
        if event["event"] == "VerificationRequestEvent":
            return {"action": "allow", "flashCall": {"dialTimeout": RINGS_S, "interceptionTimeout": LASTS_S}}
        if event["event"] == "VerificationResultEvent":
            await self.go_on(number, event["method"], event["status"])
        return {}

    async def go_on(self, number: str, method: str, status: str) -> None:
        """Logs somebody in, or sends a text to whom the call has not helped; a login that was begun anew is left."""
        if status == "SUCCESSFUL":
            self.texted.discard(number)
            self.logged_in.add(number)
        elif method == "flashcall" and status in ("FAIL", "ERROR"):
            self.texted.add(number)
            await self.platform.verify("sms", number)
        else:
            self.texted.discard(number)

    async def log_in(self, request: web.Request) -> web.Response:
        """Lets the phone of whoever wants to log in ring."""
        number = (await request.json())["number"]
        if await self.platform.verify("flashcall", number) is None:
            return web.json_response({"message": "This number can't be called."}, status=400)
        return web.json_response({"message": "We are calling you. From which number?"})

    async def take_proof(self, request: web.Request) -> web.Response:
        """Takes the number that has called, or the code of the text."""
        typed = await request.json()
        method = "sms" if typed["number"] in self.texted else "flashcall"
        about = {"code": typed.get("code", "")} if method == "sms" else {"cli": typed.get("cli", "")}
        status = await self.platform.report(typed["number"], method, about)
        if status == "SUCCESSFUL":
            return web.json_response({"message": "You are logged in."})
        return web.json_response({"message": "That is not right.", "status": status}, status=400)


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    people = TwoFactor(platform)
    app = application(platform, people.answer)
    app.router.add_post("/login", people.log_in)
    app.router.add_post("/login/proof", people.take_proof)
    return app


if __name__ == "__main__":
    serve(webhook)
