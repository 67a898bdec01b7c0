"""Warnings about an app: shown when a test passes, fatal where that is asked for."""

import pytest

from support.pytest_plugin_runs import MakeProject, Run

SOURCE = """
TYPOS = {"action": {**MENU["action"], "dialTimout": 5, "maxDuratoin": 9}}
TYPO_LINE = "UNKNOWN_PROPERTY at action"

def test_a_typo(sinch, sinch_webhook):
    sinch_webhook.on("ice", TYPOS)
    sinch.dial(from_=ANNA).wait_for("menu")

@pytest.mark.sinch(fail_on=["warning"])
def test_a_strict_one(sinch, sinch_webhook):
    sinch_webhook.on("ice", TYPOS)
    sinch.dial(from_=ANNA).wait_for("menu")

@pytest.mark.sinch(fail_on=["warning"])
def test_an_outcome_fails_as_ever(sinch, sinch_webhook):
    sinch_webhook.on("ice", BROKEN)
    sinch.dial(from_=ANNA)

@pytest.mark.sinch(fail_on="warning", allow_failures=["UNKNOWN_PROPERTY"])
def test_one_that_allows_it(sinch, sinch_webhook):
    sinch_webhook.on("ice", TYPOS)
    sinch.dial(from_=ANNA).wait_for("menu")

def test_a_wrong_argument(sinch):
    sinch.callout(ANNA, txt="Hello")
"""


@pytest.fixture(scope="module")
def runs(make_project: MakeProject) -> list[Run]:
    """Once as it is (with filterwarnings = error), once with that kind ignored, once strict by a flag."""
    flags = [[], ["-W", "ignore:UNKNOWN_PROPERTY"], ["--sinch-fail-on=warning"]]
    return make_project(SOURCE).run_with_each(*flags)


def test_a_test_that_passes_shows_its_warnings_one_line_for_each_kind(runs: list[Run]) -> None:
    run = runs[0]
    assert run.outcome("test_a_typo") == "PASSED"
    summary = run.output.partition("warnings summary")[2]
    assert "test_it.py::test_a_typo\n  test_it.py:" in summary
    assert summary.count("SinchWarning: UNKNOWN_PROPERTY at action.") == 2
    assert "(and 1 more)" in summary
    assert "test_one_that_allows_it\n" not in summary.partition("short test summary")[0]


def test_the_users_filters_choose_which_are_shown(runs: list[Run]) -> None:
    assert "SinchWarning" not in runs[1].output


def test_warnings_fail_a_test_where_that_is_asked_for(runs: list[Run]) -> None:
    assert runs[0].outcome("test_a_strict_one") == "FAILED"
    assert "fail_on: UNKNOWN_PROPERTY" in runs[0].story("test_a_strict_one")
    assert runs[0].outcome("test_one_that_allows_it") == "PASSED"
    assert "ice:bad-svaml" in runs[0].story("test_an_outcome_fails_as_ever")
    assert runs[2].outcome("test_a_typo") == "FAILED"


def test_a_wrong_argument_of_a_callout_is_named(runs: list[Run]) -> None:
    story = runs[0].story("test_a_wrong_argument")
    assert "TypeError: callout() has no argument 'txt'; did you mean \"text\"?" in story
    assert "arguments.py" not in story
