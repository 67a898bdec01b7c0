"""The official Python SDK of version 2, which speaks Voice v2 only, goes unmodified through its whole voice domain."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from support.sdk_world import Account

EVERY_METHOD = Path(__file__).parent / "every_voice_v2_method.py"


def test_every_method_of_its_voice_domain_and_its_events(
    account: Account, run_sinch_2: Callable[[str, Mapping[str, str]], str]
) -> None:
    told = json.loads(run_sinch_2(EVERY_METHOD.read_text(), account.environment))
    assert told["uncalled"] == []
    assert all(genuine for _, genuine, _ in told["events"])
    results = {event: result for event, _, result in told["events"]}
    assert results == {
        "call.answered": "IN_PROGRESS",
        "call.customEvent.next": "IN_PROGRESS",
        "call.hangup": "COMPLETED",
        "call.incoming": "INITIATED",
        "call.menu": "IN_PROGRESS",
        "call.message.finished": "IN_PROGRESS",
    }
