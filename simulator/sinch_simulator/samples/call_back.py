"""A webhook to read and to copy: takes the wish to be called back, and calls back as soon as the line is free.

Run it by itself with ``python -m sinch_simulator.samples.call_back``; SINCH_SIMULATOR_URL says where the API is.
"""

from aiohttp import web
from attrs import define, field

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, hang_up, menu, say, serve

NUMBER = "+14045550100"
ADVISER = "+14045550120"
MOST_TRIES = 3


@define
class CallBack:
    """Answers the platform's events. It remembers who wants to be called back, and whom it is calling back."""

    platform: Platform
    wishes: dict[str, str] = field(factory=dict)
    """The caller's number, by the call in which they asked for it."""
    tries: dict[str, tuple[str, int]] = field(factory=dict)
    """The number that is called back and how often it has been tried, by the call."""
    callers: dict[str, str] = field(factory=dict)

    async def answer(self, event: Event) -> Svaml:
        """Gives the SVAML that answers an event; DiCE and Notify want none."""
        call_id = event["callid"]
        match event["event"]:
            case "ice":
                self.callers[call_id] = event["cli"]
                greeting = say("All our advisers are busy.")
                return {"instructions": [greeting], "action": menu("To be called back, press 1.", one="call_back")}
            case "ace":
                return self.picked_up(call_id)
            case "pie":
                return self.chosen(call_id, event["menuResult"]["value"])
            case "dice":
                await self.over(call_id, event["result"])
        return {}

    def picked_up(self, call_id: str) -> Svaml:
        """Answers when the person whom we call back has picked up, or the adviser whom we connect them to."""
        if call_id not in self.tries:
            return {"action": {"name": "continue"}}
        prompt = "This is your call back. To speak to an adviser, press 1. To end this, press 2."
        return {"action": menu(prompt, one="adviser", two="end")}

    def chosen(self, call_id: str, value: str) -> Svaml:
        """Answers when a key, or nothing, was pressed."""
        match value:
            case "call_back":
                self.wishes[call_id] = f"+{self.callers[call_id].lstrip('+')}"
                return hang_up(say("Thank you. We will call you back."))
            case "adviser":
                self.tries.pop(call_id, None)
                return {"action": {"name": "connectPstn", "number": ADVISER, "cli": NUMBER}}
        return hang_up(say("Goodbye."))

    async def over(self, call_id: str, result: str) -> None:
        """Keeps the promise when a call has ended, or tries again."""
        self.callers.pop(call_id, None)
        wish = self.wishes.pop(call_id, None)
        if wish is not None:
            await self.call(wish, 1)
        number, count = self.tries.pop(call_id, ("", 0))
        if number and result != "ANSWERED" and count < MOST_TRIES:
            await self.call(number, count + 1)

    async def call(self, number: str, count: int) -> None:
        """Calls somebody back for the n-th time."""
        callout = {"cli": NUMBER, "destination": {"type": "number", "endpoint": number}, "custom": f"try {count}"}
        call_id = await self.platform.call_out("customCallout", callout)
        if call_id is not None:
            self.tries[call_id] = (number, count)


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    return application(platform, CallBack(platform).answer)


if __name__ == "__main__":
    serve(webhook)
