"""One minute of recording with prompts and keys, rendered without a synthesiser: CPU time, to be under 150 ms.

Run: python benchmarks/recording.py
"""

import json
import sys
import time

from sinch_simulator.core.journal import Entry
from sinch_simulator.products.voice.audio.rendering import render_wav
from sinch_simulator.products.voice.audio.score import score_of_call
from sinch_simulator.products.voice.audio.wav import wav_bytes

BOUND_MS = 150
MINUTE_MS = 60_000


def minute() -> list[Entry]:
    """Prompts back to back for a minute, the ring tone below the first of them, and a key every two seconds."""
    entries = [Entry(1, 0, "leg.invited", "call", {"leg": "callee"})]
    for number in range(15):
        text = f"Prompt number {number}: press one for sales, two for support, or stay on the line"
        about = {"leg": "caller", "text": text, "seconds": 4.0, "locale": "en-US"}
        entries.append(Entry(len(entries) + 1, number * 4000, "prompt.started", "call", about))
    for number in range(30):
        pressed = {"leg": "caller", "digit": "0123456789*#"[number % 12]}
        entries.append(Entry(len(entries) + 1, number * 2000 + 500, "digit.pressed", "call", pressed))
    entries.append(Entry(len(entries) + 1, 10_000, "leg.answered", "call", {"leg": "callee"}))
    return sorted(entries, key=lambda entry: entry.at_ms)


def render_ms(entries: list[Entry], length_ms: int) -> float:
    """CPU milliseconds of one rendering."""
    began = time.process_time()
    written = sum(len(piece) for piece in render_wav(score_of_call(entries), 0, length_ms))
    took_ms = (time.process_time() - began) * 1000
    assert written == wav_bytes(length_ms)
    return took_ms


def main() -> int:
    """The first rendering, which makes the tone tables, counts: that is what a user waits for."""
    entries = minute()
    first_ms = render_ms(entries, MINUTE_MS)
    again_ms = min(render_ms(entries, MINUTE_MS) for _ in range(5))
    four_hours_ms = render_ms(entries, 240 * MINUTE_MS)
    result = {
        "minute_first_ms": round(first_ms, 1),
        "minute_again_ms": round(again_ms, 1),
        "four_hours_ms": round(four_hours_ms, 1),
        "bound_ms": BOUND_MS,
    }
    print(json.dumps(result))
    return 0 if first_ms < BOUND_MS else 1


if __name__ == "__main__":
    sys.exit(main())
