"""Calls that are recorded, over the wire, and what their app is told."""

from pathlib import Path
from typing import Any

import pytest

from support.wired_world import BEN, CONTINUE, Json, Wired

LIST = "/calling/v1/recording"


def make_bare(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Neither voices nor encoders nor stores, whatever this machine has; programs are looked for in ``bin``."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AZURE_STORAGE_CONNECTION_STRING", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(folder / "bin"))


def start(**options: Any) -> Json:
    return {"name": "startRecording", "options": {"format": "wav", **options}}


async def recorded(sim: Wired, *, digits: str = "12#", application: str | None = None, **options: Any) -> str:
    """Anna calls, talks with Ben from the second second on, presses keys in the fourth and hangs up after ten."""
    connect = {"name": "connectPstn", "number": BEN, "cli": "+14045550100"}
    sim.webhook.on("ice", {"instructions": [start(**options)], "action": connect})
    sim.webhook.on("ace", CONTINUE)
    call_id: str = (await sim.dial(**({"application": application} if application else {})))["callId"]
    await sim.advance(4)
    await sim.control("POST", f"/calls/{call_id}/press", {"digits": digits, "leg": "caller"})
    await sim.advance(6)
    await sim.control("POST", f"/calls/{call_id}/hangup", {"leg": "caller"})
    return call_id


def told(sim: Wired) -> list[tuple[str, str | None]]:
    bodies = [posted.body for posted in sim.webhook.posted if posted.event == "notify"]
    return [(body["type"], body.get("destination")) for body in bodies]
