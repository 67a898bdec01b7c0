"""The blocks of docs/verification.md are run, and its reasons are those of the code."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sinch_scenarios.language.loader import load_text
from sinch_scenarios.playing.parallel import ScenarioRun
from sinch_scenarios.playing.report import story_of
from sinch_scenarios.playing.results import Settings
from sinch_scenarios.playing.session import Session
from sinch_simulator.products.verification.model import Reason, Status
from support.wired_world import Wired, wired

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "verification.md").read_text()
BLOCKS = dict(re.findall(r"<!-- name: ([\w-]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))


async def run(sim: Wired, name: str, *command: str) -> str:
    text = BLOCKS[name].replace("127.0.0.1:7462", sim.server.url.removeprefix("http://"))
    process = await asyncio.create_subprocess_exec(*command, text, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


async def test_the_requests_with_curl_send_a_text_and_type_a_wrong_code() -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    async with wired("realtime", speed=50, callback_url=None) as sim:
        output = await run(sim, "curl", "bash", "-euc")
        started, inbox, refused = map(json.loads, output.replace("}{", "}\n{").splitlines())
        assert started["sms"]["template"] == "Your verification code is {{CODE}}"
        assert inbox["messages"][0]["text"].startswith("Your verification code is ")
        assert refused["errorCode"] == 40003


async def test_the_program_with_the_sdk_prints_the_template() -> None:
    async with wired(callback_url=None) as sim:
        assert await run(sim, "python", sys.executable, "-c") == "Your verification code is {{CODE}}\n"


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("test", "test_a_code_is_typed"),
        ("test", "test_a_missed_call_is_reported_by_the_app_on_the_phone"),
        ("mounted", "test_my_app_is_asked"),
    ],
)
def test_the_examples_pass(block: str, name: str, sinch: Any) -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[block], names)
    names[name](sinch)


async def test_the_scenario_passes() -> None:
    async with wired() as sim:
        scenario = load_text(BLOCKS["scenario"], "example.yaml")
        result = await Session(sim.client, Settings()).play(ScenarioRun(scenario, 0))
        assert result.passed, story_of(result)


def test_every_status_and_reason_is_on_the_page() -> None:
    assert [reason.value for reason in Reason if f"`{reason.value}`" not in PAGE] == []
    assert [status.value for status in Status if f"`{status.value}`" not in PAGE and status.value != "PENDING"] == []


def test_every_block_is_run() -> None:
    assert set(BLOCKS) == {"curl", "test", "mounted", "scenario", "python"}
