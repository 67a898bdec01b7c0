"""Every citation of the pages in docs/platform leads to a section or an item that is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sinch_simulator.server.fidelity.citations import CITATION, anchors, linked, places

ROOT = Path(__file__).resolve().parent.parent
PLATFORM = ROOT / "docs" / "platform"
PAGES = {path.stem: anchors(path.read_text()) for path in sorted(PLATFORM.glob("*.md"))}
SUFFIXES = {".py", ".md", ".tsv", ".yaml", ".yml", ".json", ".js", ".toml"}
PLACES_OF_TEXT = ("simulator", "scenarios", "client_fixtures", "tests", "benchmarks", "docs")

NAMES = "|".join(name for name in PAGES if name != "README")
SHORT = re.compile(rf"(?<![\w/.-])(?P<page>{NAMES})\.md\s+(?:# )?(?P<place>\d+(?:\.\d+)*|[A-Z]\d*)\b")
"""A citation as the pages write it among themselves: ``svaml.md 3.7``."""


def texts() -> Iterator[tuple[str, str]]:
    """Every text of ours outside of docs/platform, with its path in the repository."""
    found = [path for folder in PLACES_OF_TEXT for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES]
    for path in sorted([*found, *ROOT.glob("*.md")]):
        if path != Path(__file__) and not {"node_modules", "__pycache__"} & set(path.parts):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def broken(text: str) -> list[str]:
    """The citations of a text that lead nowhere."""
    return [
        citation[0]
        for citation in CITATION.finditer(text)
        if citation["page"] not in PAGES or not PAGES[citation["page"]].keys() >= set(places(citation))
    ]


def test_every_citation_leads_to_a_place_that_is_there() -> None:
    found = dict(texts())
    assert sum(len(CITATION.findall(text)) for text in found.values()) > 300
    assert {name: broken(text) for name, text in found.items() if broken(text)} == {}


def test_every_hash_belongs_to_a_citation_that_is_understood() -> None:
    """What follows a page's name could be a place that the pattern does not know, and would go unchecked."""
    odd = {name: re.findall(r"docs/platform/[\w-]+\.md#(?![A-Z0-9])\S*", text) for name, text in texts()}
    assert {name: found for name, found in odd.items() if found} == {}


def test_no_citation_leaves_out_where_the_page_is() -> None:
    others = ((name, re.sub(r"\[[^]]*\]\([^)]*\)", "", text)) for name, text in texts() if "docs/platform/" not in name)
    bare = {name: [hit[0] for hit in SHORT.finditer(text)] for name, text in others}
    assert {name: hits for name, hits in bare.items() if hits} == {}


@pytest.mark.parametrize("page", [name for name in PAGES if name != "README"])
def test_the_pages_cite_each_other_rightly(page: str) -> None:
    """Between themselves the pages write ``auth.md 3``; source names such as "skill callbacks.md" have no number."""
    hits = SHORT.finditer((PLATFORM / f"{page}.md").read_text())
    assert [hit[0] for hit in hits if hit["place"] not in PAGES[hit["page"]]] == []


def test_links_to_a_section_use_an_anchor_that_is_there() -> None:
    dead = {
        name: [link for link in re.findall(r"\]\(platform/([\w-]+)\.md#([^)]+)\)", text) if not reached(*link)]
        for name, text in texts()
    }
    assert {name: links for name, links in dead.items() if links} == {}


def reached(page: str, anchor: str) -> bool:
    return page in PAGES and anchor in PAGES[page].values()


def test_the_index_names_every_page() -> None:
    index = (PLATFORM / "README.md").read_text()
    files = {path.name for path in PLATFORM.iterdir()} - {"README.md"}
    assert files == set(re.findall(r"^\| \[([\w.-]+)\]", index, re.MULTILINE))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("docs/platform/svaml.md#99", ["docs/platform/svaml.md#99"]),
        ("docs/platform/auth.md#3 and #99, #4", ["docs/platform/auth.md#3 and #99, #4"]),
        ("docs/platform/gotchas.md#D99", ["docs/platform/gotchas.md#D99"]),
        ("docs/platform/nothing.md", ["docs/platform/nothing.md"]),
        ("(docs/platform/auth.md#3 and #5; docs/platform/gotchas.md#A, #B3 to #B5, docs/platform/rest.md#3.1.)", []),
    ],
)
def test_a_citation_of_what_is_not_there_is_found(text: str, found: list[str]) -> None:
    assert broken(text) == found


def test_a_citation_becomes_links_that_github_follows() -> None:
    one_page = "docs/platform/svaml.md#3.7, docs/platform/auth.md#2 to #3.1"
    another = "docs/platform/gotchas.md#D18 and docs/platform/sms.md"
    assert linked(f"{one_page}; {another}", PAGES) == (
        "[svaml.md 3.7](platform/svaml.md#37-connectstream-closed-beta), "
        "[auth.md 2](platform/auth.md#2-schemes-seen-on-the-authorization-request-header) to "
        "[3.1](platform/auth.md#31-server-side-verification-recipe-for-the-simulator-sim-choice-where-not-cited); "
        "[gotchas.md D18](platform/gotchas.md#d-svaml) and [sms.md](platform/sms.md)"
    )
