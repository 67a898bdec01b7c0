"""``--sinch-report DIR``: each failed test leaves a page with all its calls, and its report says where."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from support.pytest_plugin_runs import MakeProject, Project

TESTS = """
def test_that_fails(sinch, sinch_webhook):
    sinch_webhook.on("ice", MENU)
    sinch.dial(from_=ANNA).press("1")
    sinch.dial(from_="+46700000002")
    assert "<b>" == "nothing of the kind"

@pytest.mark.parametrize("name", ["a/b", "a b"])
def test_that_fails_twice(sinch, name):
    assert False

async def test_that_fails_in_a_loop(sinch_async, sinch_webhook):
    sinch_webhook.on("ice", 500)
    await sinch_async.dial(from_=ANNA)

def test_that_passes(sinch, sinch_webhook):
    sinch.dial(from_=ANNA)

def test_that_has_no_calls():
    assert False
"""
SCENARIO = """
name: A caller who is disappointed
app: ivr
steps:
  - dial: {from: "+46700000009"}
  - hear: A word that nobody says
"""
BELOW = {"below/test_below.py": "def test_wrong(sinch): assert False", "below/a.sinch.yaml": SCENARIO}


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    """A project in which most tests fail."""
    return make_project(TESTS, files={"lost.sinch.yaml": SCENARIO})


def page_of(folder: Path, name: str) -> str:
    """The page of the test whose name this is the beginning of."""
    [page] = folder.glob(f"{name}*.html")
    return page.read_text()


def test_a_failed_test_writes_a_page_with_all_its_calls(project: Project) -> None:
    run = project.run("--sinch-report", "pages")
    folder = project.folder / "pages"
    assert len([*folder.iterdir()]) == 5
    page = page_of(folder, "test_it.py-test_that_fails-")
    for told in ("::test_that_fails", "&lt;b&gt;", "+46700000001", "+46700000002", "ICE: request", "2 calls"):
        assert told in page
    assert "CALLBACK_BAD_STATUS" in page_of(folder, "test_it.py-test_that_fails_in_a_loop")
    [linked] = re.findall(r"file://\S+", run.story("test_that_fails"))
    assert Path(unquote(urlsplit(linked).path)).read_text() == page
    scenario = page_of(folder, "lost.sinch.yaml")
    assert "+46700000009" in scenario
    assert "A word that nobody says" in scenario
    assert f"Its calls: {folder.resolve().as_uri()}/lost.sinch.yaml" in run.output


def test_without_the_flag_nothing_is_written(project: Project) -> None:
    before = {*project.folder.rglob("*")}
    run = project.run("-k", "test_that_fails_in_a_loop")
    assert "its calls as a page" not in run.output
    assert {path.suffix for path in {*project.folder.rglob("*")} - before} <= {".pyc", ""}


def test_a_folder_that_cannot_be_made_is_said_in_the_report(project: Project) -> None:
    (project.folder / "taken").write_text("")
    run = project.run("-k", "test_that_fails_in_a_loop", "--sinch-report", "taken")
    assert "--sinch-report: cannot write" in run.story("test_that_fails_in_a_loop")


def test_the_same_again_is_typed_where_pytest_was_started(make_project: MakeProject) -> None:
    project = make_project("def test_it(sinch): pass", files=BELOW)
    output = project.run(within="below").output
    assert "pytest test_below.py::test_wrong --sinch-clock=manual --sinch-seed=0" in output
    assert "FAILED test_below.py::test_wrong" in output
    assert "The same again: pytest 'a.sinch.yaml::A caller who is disappointed' --sinch-seed=0" in output
