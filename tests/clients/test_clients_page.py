"""The blocks of docs/clients.md that can run here are run."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from support.sdk_world import Account

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "clients.md"
BLOCK = re.compile(r"<!-- name: (?P<name>[\w-]+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
BLOCKS = {match["name"]: match["text"] for match in BLOCK.finditer(PAGE.read_text())}


def block(name: str, account: Account) -> str:
    """A block, with this application in place of the one that a simulator begins with."""
    ours = {
        "127.0.0.1:7462": account.address,
        "00000000-0000-4000-8000-000000007462": account.key,
        "c2luY2gtc2ltdWxhdG9yIQ==": account.secret,
        "+14045550100": account.number,
        "00000000-0000-4000-8000-000000007463": account.project_id,
        "00000000-0000-4000-8000-000000007464": account.key_id,
        "sinch-simulator-key-secret": account.key_secret,
        "51630000000000000000000000007462": account.service_plan_id,
        "51630000000000000000000000000001": account.api_token,
    }
    text = BLOCKS[name]
    for published, own in ours.items():
        text = text.replace(published, own)
    return text


def run_shell(name: str, account: Account) -> dict[str, object]:
    for tool in ("curl", "openssl"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool}")
    command = ["bash", "-euo", "pipefail", "-c", block(name, account)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    document: dict[str, object] = json.loads(finished.stdout)
    return document


@pytest.mark.parametrize("name", ["curl", "curl-signed"])
def test_curl_places_a_call(name: str, account: Account) -> None:
    assert account.call(str(run_shell(name, account)["callId"]))["status"] == "ONGOING"


@pytest.mark.parametrize("name", ["python", "python-async"])
def test_python_places_a_call(name: str, account: Account) -> None:
    command = [sys.executable, "-c", block(name, account)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert finished.stdout == "ONGOING\n"


def test_node_places_a_call(run_node: Callable[[str, Mapping[str, str]], str], account: Account) -> None:
    assert run_node(block("node", account), {}) == "ONGOING\n"


def test_python_2_lists_numbers_sends_a_text_and_calls(
    run_sinch_2: Callable[[str, Mapping[str, str]], str], account: Account
) -> None:
    assert run_sinch_2(block("python-2", account), {}) == f"{account.number} Your parcel is here. True\n"


def test_node_lists_numbers_and_sends_a_text(
    run_node: Callable[[str, Mapping[str, str]], str], account: Account
) -> None:
    assert run_node(block("node-project", account), {}) == f"{account.number} Your parcel is here.\n"


def test_curl_sends_a_text_with_a_token(account: Account) -> None:
    assert run_shell("curl-token", account)["body"] == "Your parcel is here."


def test_the_fixture_has_a_client(account: Account, tmp_path: Path) -> None:
    (tmp_path / "test_text.py").write_text(block("fixture-client", account))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_text.py"]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert "1 passed" in finished.stdout, finished.stdout


def test_a_fault_is_ordered(account: Account) -> None:
    fault = run_shell("faults", account)
    assert fault["do"] == {"status": 503}
    account.control("DELETE", "/faults")


def test_limits_are_set(account: Account) -> None:
    limited = run_shell("limits", account)
    assert (limited["credit"], limited["barred"]) == (0.05, ["+46*"])


def test_every_named_block_is_run() -> None:
    run = {"curl", "curl-signed", "curl-token", "python", "python-2", "python-async", "node", "node-project"}
    assert set(BLOCKS) == {*run, "fixture-client", "faults", "limits"}
