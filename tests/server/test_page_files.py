"""The page at ``/``: who gets it, how its parts are sent, and what it promises about itself."""

import gzip
import re
from pathlib import Path

import pytest

from sinch_simulator.server import page_files
from support.wired_world import wired

FILES = sorted(path for path in page_files.FOLDER.rglob("*") if path.suffix in (".js", ".css", ".html"))
HTML = {"Accept": "text/html,application/xhtml+xml"}


async def test_a_browser_gets_the_page_and_a_program_gets_links() -> None:
    async with wired() as sim:
        page = await sim.request("GET", "/?application=x", headers=HTML)
        assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert b"/_simulator/page/main.js" in page.raw
        links = await sim.request("GET", "/", headers={"Accept": "*/*"})
        assert links.json == {
            "name": "sinch-simulator",
            "page": f"{sim.server.url}/",
            "control": f"{sim.server.url}/_simulator",
            "health": f"{sim.server.url}/_simulator/health",
        }
        assert (await sim.request("POST", "/", headers=HTML)).status == 404


async def test_every_part_is_sent_with_its_type_and_a_strict_policy() -> None:
    types = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
    async with wired() as sim:
        for path in FILES:
            reply = await sim.request("GET", f"/_simulator/page/{path.relative_to(page_files.FOLDER).as_posix()}")
            assert reply.status == 200
            assert reply.headers["Content-Type"] == f"{types[path.suffix]}; charset=utf-8"
            assert reply.headers["Content-Security-Policy"].startswith("default-src 'self';")
            assert "unsafe" not in reply.headers["Content-Security-Policy"]
            assert reply.raw == path.read_bytes()


async def test_a_part_is_sent_compressed_and_once() -> None:
    async with wired() as sim:
        url, content = "/_simulator/page/main.js", (page_files.FOLDER / "main.js").read_bytes()
        packed = await sim.request("GET", url, headers={"Accept-Encoding": "gzip", "Range": "none"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(gzip.compress(content, 9, mtime=0))
        again = await sim.request("GET", url, headers={"If-None-Match": packed.headers["ETag"]})
        assert (again.status, again.raw) == (304, b"")


@pytest.mark.parametrize("name", ["", "nothing.js", "../server/app.py", "%2e%2e/server/app.py", "main.js/", "vendor"])
async def test_what_is_no_part_is_not_found(name: str) -> None:
    async with wired() as sim:
        reply = await sim.request("GET", f"/_simulator/page/{name}")
        assert (reply.status, reply.error["code"]) == (404, "unknown_path")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere_and_nothing_is_markup_made_of_text(path: Path) -> None:
    text = path.read_text()
    if path.parent.name == "vendor":
        return
    assert re.findall(r"""(?:src|href|from|import\()\s*[=(]?\s*["'](?:https?:)?//""", text) == []
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\beval\("
    assert re.findall(markup, text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=\"", text) == []


def test_the_parts_stay_small() -> None:
    opened = [path for path in FILES if path.suffix != ".html"]
    assert sum(path.stat().st_size for path in opened) < 200_000
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in opened) < 75_000
    own = [path for path in opened if path.parent == page_files.FOLDER]
    assert [path.name for path in own if len(path.read_text().splitlines()) >= 400] == []
