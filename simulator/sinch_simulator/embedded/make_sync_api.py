"""Makes ``sync_api.py`` and its like, the blocking API, from ``async_api.py`` and its like, the awaited one.

    python -m sinch_simulator.embedded.make_sync_api

``async`` and ``await`` are left out, a few names and sentences are replaced, all else stays as it is. The results
are checked in, so that editors and type checkers see them; a test compares them with their sources.
"""

import io
import tokenize
from pathlib import Path

FOLDER = Path(__file__).parent
FIRST_LINES = {
    "async_api": "Offers the simulator to synchronous tests, scripts and ``unittest``: nothing is awaited.",
    "people_async": "Shows calls, phones and rooms to synchronous tests, and lets people act: nothing is awaited.",
    "texts_async": "Shows synchronous tests what has arrived at a phone, and lets them wait for the next text.",
}
"""By the module that a part of the API is made from. Its name is that of the result with ``async`` for ``sync``."""
MADE = """
Made from ``{module}.py`` by ``python -m sinch_simulator.embedded.make_sync_api``: change that file, then run this.
"""
NAMES = {
    "awaiting": "blocking",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    **{module: module.replace("async", "sync") for module in FIRST_LINES},
}
SENTENCES = {
    "Makes a ``sinch.SinchClientAsync``, where the installed ``sinch`` has it, else a ``sinch.SinchClient``.": ""
    "Makes a ``sinch.SinchClient``, of whichever version is installed.",
    "SMS goes by its service plan. A client that\n"
    "        blocks is called in a thread of its own, because the simulator answers in this event loop.": ""
    "SMS goes by its service plan.",
    "in the event loop that runs where it is started.": "from a thread of its own. See ``Simulator.in_thread()``.",
    "What is asynchronous runs in this event loop.": "What is\n"
    "        synchronous runs in the thread that waits here, what is asynchronous in an event loop of its own thread.",
    "``async with``": "``with``",
}


def sync_source(module: str, source: str) -> str:
    """Turns the source of a module of the awaited API into that of the blocking one."""
    _, _, rest = source.removeprefix('"""').partition('"""\n')
    for sentence, replacement in SENTENCES.items() if module == "async_api" else ():
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
    head = f'"""{FIRST_LINES[module]}\n{MADE.format(module=module)}"""\n'
    return head + "".join(lines)


def main() -> None:
    """Writes the files."""
    for module in FIRST_LINES:
        source = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
        (FOLDER / f"{NAMES[module]}.py").write_text(sync_source(module, source), encoding="utf-8")


if __name__ == "__main__":
    main()
