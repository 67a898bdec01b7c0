"""What the documents point at is there: files of the source, and each other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "simulator" / "sinch_simulator"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_every_document_of_ours_that_is_named_is_there(document: Path) -> None:
    named = re.findall(r"\bdocs/[\w/]+\.md", document.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_walk_of_a_call_names_files_that_are_there() -> None:
    named = re.findall(r"`([\w/]+\.py)`", (ROOT / "docs" / "ARCHITECTURE.md").read_text())
    assert len(named) > 20
    places = (SOURCE, ROOT)
    assert [name for name in named if not any((place / name).exists() for place in places)] == []


def test_the_map_of_folders_has_every_folder() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    folders = {path.parent.relative_to(SOURCE).as_posix() for path in SOURCE.glob("*/**/__init__.py")}
    named = set()
    for row in re.findall(r"^\| (`\w+/.*?) \|", text, re.MULTILINE):
        first, *others = re.findall(r"`([\w/]+)/`", row)
        above = first.rpartition("/")[0]
        named |= {first, *(f"{above}/{other}" if above else other for other in others)}
    assert folders == named
