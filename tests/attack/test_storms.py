"""Calls whose callbacks fail in all ways at once, while applications go and servers stop: nothing goes unnoticed."""

import asyncio
import gc
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import uvloop

from attack.webhook_cases import CASES
from attack.webhooks import Misbehaving, misbehaving
from support.tls_servers import OwnAuthority
from support.wired_world import ANNA, Wired, wired

FAULTS: tuple[dict[str, object], ...] = ({"delay": 0.01}, {"duplicate": True}, {"disconnect": True}, {"timeout": True})


async def storm(sim: Wired, webhook: Misbehaving, refusing: tuple[str, ...], chance: Random) -> None:
    """Thirty calls to applications whose webhooks misbehave, or do not listen; one goes, and the server may stop."""
    await sim.control("POST", "/faults", {"on": "callback", "do": chance.choice(FAULTS), "probability": 0.3})
    urls = (*refusing, webhook.url)
    made = [
        await sim.application(callbackUrl=chance.choice(urls), fallbackUrl=chance.choice((*urls, None)))
        for _ in range(4)
    ]
    asked = []
    for number in range(30):
        webhook.case = chance.choice(CASES)
        body = {"from": ANNA, "application": chance.choice(made)["key"]}
        asked.append(asyncio.ensure_future(sim.request("POST", "/_simulator/calls", body)))
        if number % 5 == 0:
            await asyncio.sleep(chance.random() / 100)
    asked.append(asyncio.ensure_future(sim.request("DELETE", f"/_simulator/applications/{made[0]['key']}")))
    if chance.random() < 0.5:
        await sim.server.stop()
    await asyncio.gather(*asked, return_exceptions=True)


@pytest.mark.parametrize("make_loop", [uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"])
@pytest.mark.parametrize("by_tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_error_is_left_that_nobody_has_seen(
    make_loop: Callable[[], asyncio.AbstractEventLoop], by_tls: bool, seed: int, tmp_path: Path
) -> None:
    unseen: list[dict[str, Any]] = []
    own = OwnAuthority(tmp_path)
    chance = Random(seed)

    async def told() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: unseen.append(context))
        settings: dict[str, Any] = {"ca_file": own.file, "timeout_s": chance.choice((0.05, 0.2))}
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            refusing = tuple(f"{scheme}://127.0.0.1:{reserved.getsockname()[1]}/" for scheme in ("http", "https"))
            async with (
                misbehaving(own.context() if by_tls else None) as webhook,
                wired(chance.choice(("manual", "realtime")), callback_url=webhook.url, **settings) as sim,
            ):
                await storm(sim, webhook, refusing, chance)
        gc.collect()
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(told())
    assert unseen == []
