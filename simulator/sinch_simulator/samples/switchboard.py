"""A webhook to read and to copy: puts calls through to where they were dialled: users of an app, rooms, phones, a PBX.

Run it by itself with ``python -m sinch_simulator.samples.switchboard``.
"""

from aiohttp import web

from sinch_simulator.samples.serving import Event, Platform, Svaml, application, hang_up, say, serve

PBX = "100@pbx.example.com"
RECEPTION = "reception"


async def answer(event: Event) -> Svaml:
    """Gives the SVAML that answers an event; DiCE and Notify want none."""
    match event["event"]:
        case "ice":
            return put_through(event)
        case "ace":
            return {"action": {"name": "continue"}}
    return {}


def put_through(event: Event) -> Svaml:
    """Connects to whom was dialled: a user, a room, a phone; for our own number to the reception's app or the PBX."""
    kind, endpoint = event["to"]["type"].lower(), event["to"]["endpoint"]
    match kind:
        case "username":
            return connect("connectMxp", {"type": "username", "endpoint": endpoint}, event)
        case "conference":
            return {"action": {"name": "connectConf", "conferenceId": endpoint}}
        case "sip" | "number":
            return {"action": {"name": "connectPstn", "number": endpoint, "dialTimeout": 20}}
        case "did" if event["cli"].startswith("46"):
            return connect("connectSip", {"type": "sip", "endpoint": PBX}, event)
        case "did":
            return connect("connectMxp", {"type": "username", "endpoint": RECEPTION}, event)
    return hang_up(say("Nobody is there."))


def connect(name: str, destination: Svaml, event: Event) -> Svaml:
    """Connects to somebody who is told who calls."""
    headers = [{"key": "X-Caller", "value": event.get("user", event["cli"])}]
    return {"action": {"name": name, "destination": destination, "callHeaders": headers}}


def webhook(platform: Platform) -> web.Application:
    """Makes the web application."""
    return application(platform, answer)


if __name__ == "__main__":
    serve(webhook)
