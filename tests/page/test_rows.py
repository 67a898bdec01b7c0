"""The rows of a ladder on the page, made by the page's own script in Node."""

import json
import subprocess
from pathlib import Path
from typing import Any

from support.node_packages import node

ROWS = Path(__file__).resolve().parents[2] / "simulator" / "sinch_simulator" / "page" / "ladder-rows.js"
PROGRAM = """
const { Rows } = await import(process.argv[1]);
const batches = JSON.parse(process.argv[2]);
const rows = new Rows();
const lines = [];
let found = [];
for (const batch of batches) {
  lines.push(...batch);
  found = rows.take([...lines]);
}
console.log(JSON.stringify(found));
"""


def rows_of(*batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    command = [node(), "--input-type=module", "--eval", PROGRAM, ROWS.as_uri(), json.dumps(batches)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    rows: list[dict[str, Any]] = json.loads(finished.stdout)
    return rows


def hold(second: int) -> dict[str, Any]:
    return {
        "seq": second, "at": f"2026-01-01T00:00:{second:02}.000Z", "kind": "prompt.started", "leg": "caller",
        "text": "Please hold", "seconds": 1,
    }  # fmt: skip


def test_a_prompt_that_is_played_over_and_over_is_one_row_of_which_the_end_is_known() -> None:
    ended = {"seq": 50, "at": "2026-01-01T00:00:20.000Z", "kind": "leg.hungup", "leg": "caller"}
    prompts = [hold(second) for second in range(0, 20, 2)]
    row, *others = rows_of(prompts[:4], prompts[4:], [ended])
    assert (row["text"], row["times"], row["key"], row["since"]) == ("Please hold", 10, 0, 0)
    assert row["stoppedAt"] - row["at"] == 2000
    assert [each["type"] for each in others] == ["gap", "arrow"]


def test_the_same_words_after_something_else_are_another_row() -> None:
    pressed = {"seq": 5, "at": "2026-01-01T00:00:01.000Z", "kind": "digit.pressed", "leg": "caller", "digit": "1"}
    rows = rows_of([hold(0), pressed, hold(1)])
    assert [each["type"] for each in rows] == ["says", "keys", "says"]
