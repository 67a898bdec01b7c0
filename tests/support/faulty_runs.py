"""A load of calls that meet faults, by an app that answers unevenly: all that a seed decides of it."""

import asyncio
from random import Random

from aiohttp import web

from sinch_simulator.config import DEFAULT_KEY
from support.wired_world import CONNECT, Json, Wired, tts_callout, wired

CALLS = 20
RULES: tuple[Json, ...] = (
    {"do": {"delay": 0.001}, "probability": 0.3},
    {"do": {"drop": True}, "probability": 0.1},
    {"do": {"duplicate": True}, "probability": 0.3},
    {"do": {"disconnect": True}, "probability": 0.2},
    {"do": {"status": 503}, "match": {"path": "/hook/fallback"}, "times": 4},
    {"do": {"timeout": True}, "match": {"event": "dice"}, "times": 5},
)


async def faulty_run(clock: str, pace: Random) -> tuple[list[Json], list[Json], list[Json]]:
    """The journal, the callbacks and the rules of a load of calls whose app answers at this pace."""
    async with wired() as sim:
        answers_unevenly(sim, pace)
        await sim.control("PATCH", f"/applications/{DEFAULT_KEY}", {"fallbackUrl": sim.webhook.url + "/fallback"})
        for rule in RULES:
            await sim.control("POST", "/faults", {"on": "callback", **rule})
        for _ in range(CALLS):
            assert (await sim.rest("POST", "/calling/v1/callouts", tts_callout())).status == 200
        await sim.control("PUT", "/clock", {"mode": clock})
        await sim.advance(60)
        journal: list[Json] = (await sim.control("GET", "/journal"))["entries"]
        shown = ("id", "event", "attempt", "outcome")
        callbacks = [{name: each[name] for name in shown} for each in await sim.callbacks()]
        rules: list[Json] = (await sim.control("GET", "/faults"))["faults"]
        port = sim.webhook.url.split(":")[2].split("/")[0]
        return [_without(entry, port) for entry in journal], callbacks, rules


def answers_unevenly(sim: Wired, pace: Random) -> None:
    """Lets the webhook answer after a few turns of the event loop, and fail one event in four at its first URL."""

    async def respond(request: web.BaseRequest, body: Json) -> web.StreamResponse:
        for _ in range(pace.randrange(12)):
            await asyncio.sleep(0)
        if sum(body["callid"].encode()) % 4 == 0 and not request.path.endswith("/fallback"):
            return web.Response(status=500)
        return web.json_response(CONNECT if body["event"] == "ice" else {"action": {"name": "hangup"}})

    sim.webhook.responders = dict.fromkeys(("ice", "ace", "dice"), respond)


def _without(entry: Json, port: str) -> Json:
    """Leaves out what is of this server: the webhook's port."""
    return {name: str(value).replace(port, "PORT") for name, value in entry.items()}
