"""A web app to read and to copy: reminds people of appointments by text, reads their answers, and calls back.

Whoever texts ``BOOK`` is sent a reminder. ``YES`` keeps the appointment, ``NO`` ends it, ``CALL`` is called back, and
decides by a key. Run it by itself with ``python -m sinch_simulator.samples.reminder``; SINCH_SIMULATOR_URL says where
the API is. The application's ``classicSmsCallbackUrl`` and ``callbackUrl`` are this app.
"""

from aiohttp import web
from attrs import define, field

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, hang_up, menu, say, serve

NUMBER = "+14045550100"
REMINDER = "Your appointment is on Monday at 10:00. Reply YES to keep it, NO to cancel it, CALL to be called back."
KEPT = "Thank you. We are looking forward to seeing you on Monday at 10:00."
ENDED = "Your appointment is cancelled."
CALLING = "We are calling you now."
UNCLEAR = "We did not understand. Reply YES, NO or CALL."


@define
class Reminder:
    """Answers texts and calls. It remembers who has an appointment, and who is being called back."""

    platform: Platform
    appointments: dict[str, str] = field(factory=dict)
    """By number: ``open``, ``kept`` or ``ended``."""
    called: dict[str, str] = field(factory=dict)
    """The number that is called back, by the call."""

    async def answer(self, event: Event) -> Svaml:
        """Takes a text, or gives the SVAML that answers an event of a call."""
        match event["event"]:
            case "incomingSms":
                number = event["from"]["endpoint"]
                await self.text(number, await self.read(number, event["message"]))
            case "ace":
                prompt = "This is about your appointment. To keep it, press 1. To cancel it, press 2."
                return {"action": menu(prompt, one="kept", two="ended")}
            case "pie":
                return self.chosen(self.called.get(event["callid"], ""), event["menuResult"]["value"])
            case "dice":
                self.called.pop(event["callid"], None)
        return {}

    async def read(self, number: str, message: str) -> str:
        """Gives the answer to what somebody has texted."""
        word = message.strip().partition(" ")[0].upper()
        if word == "BOOK":
            self.appointments[number] = "open"
            return REMINDER
        if number not in self.appointments:
            return "You have no appointment. Reply BOOK for one."
        match word:
            case "YES":
                self.appointments[number] = "kept"
                return KEPT
            case "NO":
                self.appointments[number] = "ended"
                return ENDED
            case "CALL":
                await self.call(number)
                return CALLING
        return UNCLEAR

    async def text(self, number: str, message: str) -> None:
        """Sends a text."""
        await self.platform.text(number, message, NUMBER)

    async def call(self, number: str) -> None:
        """Calls somebody back."""
        destination = {"type": "number", "endpoint": number}
        call_id = await self.platform.call_out("customCallout", {"cli": NUMBER, "destination": destination})
        if call_id is not None:
            self.called[call_id] = number

    def chosen(self, number: str, value: str) -> Svaml:
        """Answers when a key, or nothing, was pressed."""
        if value not in ("kept", "ended"):
            return hang_up(say("Goodbye."))
        self.appointments[number] = value
        return hang_up(say(KEPT if value == "kept" else ENDED))


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    return application(platform, Reminder(platform).answer)


if __name__ == "__main__":
    serve(webhook)
