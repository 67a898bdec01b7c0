"""Attributes of another kind of batch that are null: SDKs send null for what was not set."""

from sinch_simulator.config import DEFAULT_SERVICE_PLAN
from support.wired_world import ANNA, wired


async def test_a_text_whose_udh_is_null_is_taken() -> None:
    plan, token = DEFAULT_SERVICE_PLAN
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = {"to": [ANNA], "from": "Shop", "body": "Hello", "udh": None}
    async with wired() as sim:
        reply = await sim.request("POST", f"/xms/v1/{plan}/batches/dry_run", body, headers=headers)
        assert reply.status == 200, reply.raw
