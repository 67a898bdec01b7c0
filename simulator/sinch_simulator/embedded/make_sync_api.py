"""Makes ``sync_api.py``, the blocking API, from ``async_api.py``, the awaited one.

    python -m sinch_simulator.embedded.make_sync_api

``async`` and ``await`` are left out, a few names and sentences are replaced, all else stays as it is. The result is
checked in, so that editors and type checkers see it; a test compares the two.
"""

import io
import tokenize
from pathlib import Path

FOLDER = Path(__file__).parent
HEAD = '''"""Offers the simulator to synchronous tests, scripts and ``unittest``: nothing is awaited.

Made from ``async_api.py`` by ``python -m sinch_simulator.embedded.make_sync_api``: change that file, then run this.
"""
'''
NAMES = {"awaiting": "blocking", "__aenter__": "__enter__", "__aexit__": "__exit__"}
SENTENCES = {
    "in the event loop that runs where it is started.": "from a thread of its own. See ``Simulator.in_thread()``.",
    "What is asynchronous runs in this event loop.": "What is\n"
    "        synchronous runs in the thread that waits here, what is asynchronous in an event loop of its own thread.",
    "``async with``": "``with``",
}


def sync_source(source: str) -> str:
    """Turns the source of the awaited API into that of the blocking one."""
    _, _, rest = source.removeprefix('"""').partition('"""\n')
    for sentence, replacement in SENTENCES.items():
        if sentence not in rest:
            raise ValueError(f"async_api.py no longer says {sentence!r}: change SENTENCES")
        rest = rest.replace(sentence, replacement)
    lines = rest.splitlines(keepends=True)
    for token in reversed([*tokenize.generate_tokens(io.StringIO(rest).readline)]):
        if token.type == tokenize.NAME:
            row, begin = token.start
            line, end = lines[row - 1], token.end[1]
            if token.string in ("async", "await"):
                lines[row - 1] = line[:begin] + line[end:].lstrip(" ")
            else:
                lines[row - 1] = line[:begin] + NAMES.get(token.string, token.string) + line[end:]
    return HEAD + "".join(lines)


def main() -> None:
    """Writes the file."""
    (FOLDER / "sync_api.py").write_text(sync_source((FOLDER / "async_api.py").read_text()))


if __name__ == "__main__":
    main()
