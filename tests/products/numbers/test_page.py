"""The blocks of docs/numbers.md are run, and its table of the inventory is that of the code."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from sinch_simulator.core.numbering_plan import KINDS, kind_of
from support.numbers_api import numbers_api

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "numbers.md").read_text()
BLOCKS = dict(re.findall(r"<!-- name: ([\w-]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))


async def test_the_requests_with_curl_search_and_rent() -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    async with numbers_api() as api:
        text = BLOCKS["rent"].replace("http://127.0.0.1:7462", api.sim.server.url)
        shell = await asyncio.create_subprocess_exec("bash", "-euc", text, stdout=asyncio.subprocess.PIPE)
        output, _ = await shell.communicate()
        found, rented = output.decode().replace("}{", "}\n{").splitlines()
        assert json.loads(found)["availableNumbers"][0]["type"] == "MOBILE"
        assert json.loads(rented)["voiceConfiguration"]["scheduledVoiceProvisioning"]["status"] == "WAITING"


@pytest.mark.parametrize(
    ("block", "name"),
    [("test", "test_a_new_number_rings"), ("test-events", "test_an_assignment_that_fails_is_told")],
)
def test_an_example_passes(block: str, name: str, sinch: Any, sinch_webhook: Any) -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS[block], names)
    names[name](sinch, sinch_webhook)


def test_the_table_has_every_kind_of_number() -> None:
    rows = re.findall(r"^\| (\w\w) \| (\w+) \| ([\w, ]+) \| (\+\d+) \|$", PAGE, re.MULTILINE)
    shown = {(region, type_, can) for region, type_, can, _ in rows}
    assert shown == {
        (kind.region_code, kind.type.value, ", ".join(each.name for each in kind.capabilities)) for kind in KINDS
    }
    for region, type_, _, number in rows:
        kind = kind_of(number)
        assert kind is not None
        assert (kind.region_code, kind.type.value) == (region, type_)
