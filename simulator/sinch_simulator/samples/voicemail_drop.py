"""A webhook to read and to copy: leaves a message, with a person by a menu, on a machine after its beep.

A call is ordered by a customCallout without a destination whose ``custom`` is JSON: ``{"number": "+1..."}``, and
``"wait_for_beep": true`` to have the machine's beep waited for. The platform then asks here (ICE) whom to dial.

Run it by itself with ``python -m sinch_simulator.samples.voicemail_drop``.
"""

import json

from aiohttp import web
from attrs import define

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, hang_up, menu, say, serve

MESSAGE = "Your parcel will come tomorrow between nine and noon."


@define
class VoicemailDrop:
    """Answers the platform's events; it remembers nothing, what it needs comes back in ``custom``."""

    platform: Platform

    async def answer(self, event: Event) -> Svaml:
        """Gives the SVAML that answers an event; DiCE and Notify want none."""
        match event["event"]:
            case "ice":
                return dial(json.loads(event["custom"]))
            case "ace":
                return answered(event.get("amd", {}).get("status", "human"))
            case "pie":
                return chosen(event["menuResult"]["value"])
            case "notify":
                await self.noticed(event)
        return {}

    async def noticed(self, event: Event) -> None:
        """Takes a verdict of the detection that has come while the call went on."""
        status = event.get("amd", {}).get("status")
        if event["type"] == "amd" and status == "human":
            await self.platform.update(event["callid"], hang_up(say(f"Hello. {MESSAGE}")))
        if event["type"] == "amd_beep":
            await self.platform.update(event["callid"], hang_up(say(MESSAGE)))


def dial(order: Svaml) -> Svaml:
    """Calls the number, and finds out who or what picks up."""
    detection = {"enabled": True, "async": bool(order.get("wait_for_beep"))}
    return {"action": {"name": "connectPstn", "number": order["number"], "amd": detection}}


def answered(status: str) -> Svaml:
    """Decides what happens when somebody or something has picked up."""
    match status:
        case "machine":
            return hang_up(say(MESSAGE))
        case "hangup":
            return hang_up()
        case "inprogress":
            return {"action": {"name": "continue"}}
    # Human, or nobody knows: a person must not be talked at like a machine.
    prompt = "Hello. There is news about your parcel. To hear it, press 1. To be left alone, press 2."
    return {"action": menu(prompt, one="hear", two="stop")}


def chosen(value: str) -> Svaml:
    """Decides what happens when the person has pressed a key, or nothing."""
    match value:
        case "hear":
            return hang_up(say(MESSAGE))
        case "stop":
            return hang_up(say("We will not call again."))
    return hang_up(say(f"Goodbye. {MESSAGE}"))


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    return application(platform, VoicemailDrop(platform).answer)


if __name__ == "__main__":
    serve(webhook)
