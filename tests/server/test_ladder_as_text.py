"""``GET /_simulator/ladder``: what happened, as text, for whoever has a failed test in front of them."""

from support.wired_world import ANNA, MENU, wired


async def test_each_call_has_its_ladder_in_the_order_in_which_they_began() -> None:
    async with wired() as sim:
        sim.webhook.on("ice", MENU)
        first = (await sim.dial())["callId"]
        await sim.advance(1)
        second = (await sim.dial(**{"from": "+46700000009"}))["callId"]
        reply = await sim.request("GET", "/_simulator/ladder")
        one = await sim.request("GET", f"/_simulator/ladder?callId={first}")
        shown = await sim.control("GET", f"/calls/{second}")
    ladders = reply.raw.decode().split("\n\n")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(ladders) == 3
    assert ladders[2] == ""
    assert f"{ANNA} calls +14045550100" in ladders[0]
    assert "+46700000009 calls +14045550100" in ladders[1]
    assert ladders[1].splitlines()[0].lstrip().startswith("0.000"), "each begins its own time"
    assert one.raw.decode().split("\n\n") == [ladders[0], ""]
    assert shown["callId"] == second


async def test_where_nothing_has_happened_there_is_nothing_to_tell() -> None:
    async with wired() as sim:
        reply = await sim.request("GET", "/_simulator/ladder")
    assert (reply.status, reply.raw) == (200, b"")
