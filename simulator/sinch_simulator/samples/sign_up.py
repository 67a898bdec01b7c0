"""A web app to read and to copy: whoever signs up proves their number by a code that comes in a text.

``POST /sign-up {"number"}`` sends the text, ``POST /sign-up/code {"number", "code"}`` takes what was typed. The events
of the Verification API come to ``POST /``. Run it by itself with ``python -m sinch_simulator.samples.sign_up``;
SINCH_SIMULATOR_URL says where the API is.
"""

from aiohttp import web
from attrs import define, field

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, serve

EXPENSIVE = ("+1900", "+44909")
"""Nobody signs up with a number that costs the caller money."""
LANGUAGES = {"+46": "sv-SE", "+34": "es-ES", "+49": "de-DE"}


@define
class SignUp:
    """Answers the platform's events, and people. It remembers whose number is proven."""

    platform: Platform
    members: set[str] = field(factory=set)

    async def answer(self, event: Event) -> Svaml:
        """Says whether a verification may be done, and in which language; takes note of how it ended."""
        number = event["identity"]["endpoint"]
        if event["event"] == "VerificationRequestEvent":
            return self.allow(number)
        if event["event"] == "VerificationResultEvent" and event["status"] == "SUCCESSFUL":
            self.members.add(number)
        return {}

    def allow(self, number: str) -> Svaml:
        """Answers the event that comes before the text is sent."""
        if number.startswith(EXPENSIVE):
            return {"action": "deny"}
        languages = [language for prefix, language in LANGUAGES.items() if number.startswith(prefix)]
        return {"action": "allow", "sms": {"acceptLanguage": languages}}

    async def sign_up(self, request: web.Request) -> web.Response:
        """Sends the text to whoever wants to sign up."""
        number = (await request.json())["number"]
        if await self.platform.verify("sms", number) is None:
            return web.json_response({"message": "This number can't be used."}, status=400)
        return web.json_response({"message": "We have sent you a code."})

    async def take_code(self, request: web.Request) -> web.Response:
        """Takes the code that somebody has typed."""
        typed = await request.json()
        status = await self.platform.report(typed["number"], "sms", {"code": typed["code"]})
        if status == "SUCCESSFUL":
            return web.json_response({"message": "Welcome!"})
        if status == "WRONG":
            return web.json_response({"message": "That is not the code. Try again."}, status=400)
        return web.json_response({"message": "The code does not count any more. Ask for a new one."}, status=400)


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    people = SignUp(platform)
    app = application(platform, people.answer)
    app.router.add_post("/sign-up", people.sign_up)
    app.router.add_post("/sign-up/code", people.take_code)
    return app


if __name__ == "__main__":
    serve(webhook)
