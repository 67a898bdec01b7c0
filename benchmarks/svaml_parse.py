"""How long a reply takes to be parsed and checked: prints microseconds per document, the best of several rounds.

Run it from the root of the project: ``PYTHONPATH=simulator python benchmarks/svaml_parse.py``.
"""

import json
import timeit

from sinch_simulator.products.voice.svaml.model import SvamlContext
from sinch_simulator.products.voice.svaml.reading import read_inline

ROUNDS = 15
REPLIES = 2000

MENU = {
    "instructions": [
        {"name": "answer"},
        {"name": "setCookie", "key": "step", "value": "ivr"},
        {"name": "say", "text": "Welcome", "locale": "en-US"},
    ],
    "action": {
        "name": "runMenu",
        "barge": True,
        "locale": "en-US",
        "menus": [
            {
                "id": "main",
                "mainPrompt": "#tts[Press 1 for sales or 2 for a code.]",
                "repeatPrompt": "#tts[Try again.]",
                "repeats": 2,
                "timeoutMills": 5000,
                "options": [{"dtmf": "1", "action": "return(sales)"}, {"dtmf": 2, "action": "menu(pin)"}],
            },
            {
                "id": "pin",
                "mainPrompt": "#tts[Enter four digits.];#href[https://cdn.example.com/beep.mp3]",
                "maxDigits": 4,
            },
        ],
    },
}
DOCUMENTS = {
    "hangup": {"action": {"name": "hangup"}},
    "say and hangup": {
        "instructions": [{"name": "answer"}, {"name": "say", "text": "Goodbye.", "locale": "en-US"}],
        "action": {"name": "hangup"},
    },
    "connectPstn": {
        "action": {
            "name": "connectPstn",
            "number": "+14045009000",
            "cli": "+14045001000",
            "dialTimeout": 20,
            "amd": {"enabled": True, "async": False},
        }
    },
    "runMenu": MENU,
}


def microseconds(body: bytes) -> float:
    """The best round: what the machine can do when nothing else runs on it."""
    seconds = timeit.repeat(lambda: read_inline(body.decode(), SvamlContext.ICE), number=REPLIES, repeat=ROUNDS)
    return min(seconds) / REPLIES * 1e6


def main() -> None:
    """Print the table."""
    print(f"{'document':<16}{'bytes':>8}{'µs':>10}")
    for name, document in DOCUMENTS.items():
        body = json.dumps(document).encode()
        print(f"{name:<16}{len(body):>8}{microseconds(body):>10.1f}")


if __name__ == "__main__":
    main()
