"""The page at ``/`` and its parts: files beside the Python, kept in memory, with what lets a browser cache them."""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aiohttp import hdrs

from sinch_simulator.core.json_codec import encode
from sinch_simulator.core.rest.answer import JSON_TYPE, Answer
from sinch_simulator.core.values import frozen

FOLDER = Path(__file__).resolve().parent.parent / "page"
PREFIX = "/_simulator/page/"

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@frozen
class PageFile:
    """A file as it is sent: its bytes, the same compressed, and its tag."""

    content: bytes
    compressed: bytes
    tag: str
    type: str


def serve_page_file(name: str, headers: Mapping[str, str]) -> Answer | None:
    """The part of the page of this name, such as ``main.js``; None when there is none."""
    file = _files().get(name)
    if file is None:
        return None
    common = {
        hdrs.CONTENT_TYPE: file.type,
        hdrs.ETAG: file.tag,
        # The parts of a page belong together: a newer simulator must not be looked at with older ones.
        hdrs.CACHE_CONTROL: "no-cache",
        hdrs.VARY: "Accept, Accept-Encoding",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    if headers.get(hdrs.IF_NONE_MATCH) == file.tag:
        return Answer(304, b"", common)
    if "gzip" in headers.get(hdrs.ACCEPT_ENCODING, ""):
        return Answer(200, file.compressed, {**common, hdrs.CONTENT_ENCODING: "gzip"})
    return Answer(200, file.content, common)


def serve_front(headers: Mapping[str, str], base_url: str) -> Answer:
    """What stands at ``/``: the page for a browser, links for a program."""
    if "text/html" in headers.get(hdrs.ACCEPT, ""):
        page = serve_page_file("index.html", headers)
        assert page is not None, "the page is a part of this package"
        return page
    links = {
        "name": "sinch-simulator",
        "page": f"{base_url}/",
        "control": f"{base_url}/_simulator",
        "health": f"{base_url}/_simulator/health",
    }
    return Answer(200, encode(links), {hdrs.CONTENT_TYPE: JSON_TYPE, hdrs.VARY: "Accept"})


@cache
def _files() -> Mapping[str, PageFile]:
    return {
        path.relative_to(FOLDER).as_posix(): _read(path)
        for path in sorted(FOLDER.rglob("*"))
        if path.suffix in _TYPES
    }


def _read(path: Path) -> PageFile:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    return PageFile(content, gzip.compress(content, 9, mtime=0), tag, _TYPES[path.suffix])
