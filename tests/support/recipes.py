"""Reads pages of docs whose pieces say what is done with them: files that are written, commands that are run."""

import re
from pathlib import Path

from attrs import frozen

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
BLOCK = re.compile(
    r"^<!-- (?P<use>file|run|lint)(?:: (?P<name>\S+))? -->\n```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@frozen
class Block:
    """A piece of a page and what is to be done with it."""

    use: str
    name: str | None
    text: str


def blocks(page: str) -> list[Block]:
    """Lists the pieces of a page, by its path below docs."""
    return [Block(found["use"], found["name"], found["text"]) for found in BLOCK.finditer((DOCS / page).read_text())]


def command(page: str, name: str) -> str:
    """Gives the one command of this name."""
    [text] = [block.text for block in blocks(page) if (block.use, block.name) == ("run", name)]
    return text


def write_files(page: str, folder: Path, *, suffix: str = "") -> None:
    """Writes the files of a page, or those with a suffix."""
    for block in blocks(page):
        if block.use == "file" and block.name is not None and block.name.endswith(suffix):
            (folder / block.name).parent.mkdir(exist_ok=True)
            (folder / block.name).write_text(block.text)
