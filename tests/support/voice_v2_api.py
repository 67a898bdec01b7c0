"""The REST API of Voice v2 over HTTP, for tests: requests of the default project with its access key."""

from typing import Any

from sinch_simulator.config import DEFAULT_PROJECT
from support.wired_world import Json, Reply, Wired, basic

PROJECT, KEY_ID, KEY_SECRET = DEFAULT_PROJECT
BASE = f"/v2/projects/{PROJECT}"


async def v2(sim: Wired, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """A request of the default project; ``path`` is what follows the project."""
    sent = {**basic(KEY_ID, KEY_SECRET), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await sim.request(method, BASE + path, body, headers=sent)


async def start(sim: Wired, *commands: Json, **body: Any) -> str:
    """Starts a session with these commands; its id."""
    reply = await v2(sim, "POST", "/calls", {"commands": list(commands), **body})
    assert reply.status == 201, reply.raw
    session_id: str = reply.json["sessionId"]
    return session_id


async def calls(sim: Wired, query: str = "") -> list[Json]:
    """The calls of the project, the newest first."""
    reply = await v2(sim, "GET", f"/calls{query}")
    assert reply.status == 200, reply.raw
    listed: list[Json] = reply.json["calls"]
    return listed


async def ask_webhook(sim: Wired, *, fallback_url: str | None = None) -> None:
    """Gives the service of the default application the test's webhook, which asks for nothing unless it is told."""
    webhook = (
        {"url": sim.webhook.url} if fallback_url is None else {"url": sim.webhook.url, "fallbackUrl": fallback_url}
    )
    behavior = {"type": "WEBHOOK", "webhook": webhook}
    listed = await v2(sim, "GET", "/services?isDefault=true")
    service_id = listed.json["services"][0]["serviceId"]
    assert (await v2(sim, "PATCH", f"/services/{service_id}", {"callBehavior": behavior})).status == 200
