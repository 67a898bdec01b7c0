"""Citations of the pages in docs/platform/: how they are written, where they lead, and how they become links.

A citation is ``docs/platform/PAGE.md#PLACE``; further places on the same page follow as ``#PLACE``. A place is the
number of a section as it stands in its heading, a letter for a section of gotchas.md, or the letter and number of an
item in a table there.
"""

import re
from collections.abc import Mapping

_PLACE = r"(?:\d+(?:\.\d+)*|[A-Z]\d*)\b"
_NEXT = r"(?:,| and| to)\s+(?:# )?#"
CITATION = re.compile(rf"docs/platform/(?P<page>[a-z][\w-]*)\.md(?:#(?P<places>{_PLACE}(?:{_NEXT}{_PLACE})*))?")
_HEADING = re.compile(rf"#+ (?P<place>{_PLACE})\.? ")
_ITEM = re.compile(r"\| (?P<place>[A-Z]\d+) \|")


def places(citation: re.Match[str]) -> list[str]:
    """Returns the places that one match of ``CITATION`` names; none when it names the page alone."""
    return re.findall(_PLACE, citation["places"] or "")


def anchors(page: str) -> dict[str, str]:
    """Returns the anchor that GitHub makes for each place of a page, given the page's text.

    An item of a table has no anchor of its own and gets the one of its section.
    """
    found = {}
    section = ""
    for line in page.splitlines():
        if heading := _HEADING.match(line):
            section = _anchor(line.lstrip("#").strip())
            found[heading["place"]] = section
        elif item := _ITEM.match(line):
            found[item["place"]] = section
    return found


def linked(text: str, pages: Mapping[str, Mapping[str, str]]) -> str:
    """Returns a text with its citations as Markdown links for a page in docs/.

    ``pages`` has the anchors of each page by its name, without ``.md``. A place that the page does not have raises
    ``KeyError``.
    """
    return CITATION.sub(lambda citation: _link(citation, pages[citation["page"]]), text)


def _link(citation: re.Match[str], anchor_of: Mapping[str, str]) -> str:
    page = f"{citation['page']}.md"
    if citation["places"] is None:
        return f"[{page}](platform/{page})"
    first, *others = re.split(r"#", citation["places"])
    links = re.sub(_PLACE, lambda place: f"[{page} {place[0]}](platform/{page}#{anchor_of[place[0]]})", first)
    for other in others:
        links += re.sub(_PLACE, lambda place: f"[{place[0]}](platform/{page}#{anchor_of[place[0]]})", other)
    return links


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
