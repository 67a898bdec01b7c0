"""The request of docs/voice-v2.md that is made by hand is made."""

import json
import shutil
import subprocess

import pytest

from support.recipes import command
from support.sdk_world import Account


def test_curl_starts_a_call(account: Account) -> None:
    if shutil.which("curl") is None:
        pytest.skip("needs curl")
    text = command("voice-v2.md", "start-call")
    for published, own in {
        "127.0.0.1:7462": account.address,
        "00000000-0000-4000-8000-000000007463": account.project_id,
        "00000000-0000-4000-8000-000000007464": account.key_id,
        "sinch-simulator-key-secret": account.key_secret,
    }.items():
        assert published in text
        text = text.replace(published, own)
    finished = subprocess.run(["bash", "-ec", text], capture_output=True, text=True, check=True, timeout=30)
    session = account.control("GET", f"/sessions/{json.loads(finished.stdout)['sessionId']}")
    assert (session["state"], len(session["calls"])) == ("IN_PROGRESS", 1)
