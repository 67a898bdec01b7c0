"""The blocks of docs/messages.md are run, and its table of numbers is that of the code."""

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from sinch_simulator.core.webhook_signature import WebhookSignature
from sinch_simulator.phones.behaviour import Texts
from sinch_simulator.phones.test_numbers import PERSONAS
from support.sms_world import texting

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "messages.md").read_text()
BLOCKS = dict(re.findall(r"<!-- name: ([\w-]+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
TESTS = re.findall(r"^def (test_\w+)", BLOCKS["test"], re.MULTILINE)


async def test_the_requests_with_curl_send_and_receive() -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    async with texting(webhook=False, clock="realtime", speed=20.0) as world:
        text = BLOCKS["send"].replace("http://127.0.0.1:7462", world.sim.server.url).replace("sleep 1.5", "sleep 0.2")
        shell = await asyncio.create_subprocess_exec("bash", "-euc", text, stdout=asyncio.subprocess.PIPE)
        output, _ = await shell.communicate()
        sent, inbox, came, inbounds = map(json.loads, output.decode().replace("}{", "}\n{").splitlines())
        assert sent["to"] == ["46700000001"]
        assert [each["text"] for each in inbox["messages"]] == ["Are you coming on Monday?"]
        assert (came["text"], inbounds["inbounds"][0]["body"]) == ("YES", "YES")


@pytest.mark.parametrize("name", TESTS)
def test_an_example_passes(sinch: Any, sinch_webhook: Any, name: str) -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS["test"], names)
    names[name](sinch, sinch_webhook)


def test_the_check_of_a_signature_takes_what_is_genuine_and_nothing_else() -> None:
    [program] = [text for text in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "def genuine" in text]
    names: dict[str, Any] = {}
    exec(program, names)
    headers = WebhookSignature("secret").headers("/", b"{}", 1_736_760_161.0)
    assert names["genuine"]("secret", headers, b"{}")
    assert not names["genuine"]("secret", headers, b"{} ")
    assert not names["genuine"]("other", headers, b"{}")


def test_the_table_has_every_number_that_is_not_usual() -> None:
    rows = dict(re.findall(r"^\| `(\+\d+)` \| (.*?) \|$", PAGE, re.MULTILINE))
    assert set(rows) == {number for number, persona in PERSONAS.items() if persona.texts is not None}
    for number, told in rows.items():
        texts = PERSONAS[number].texts
        assert isinstance(texts, Texts)
        assert told.startswith("never" if texts.status is None else texts.status)
