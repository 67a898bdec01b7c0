"""The pytest plugin: a phone network as a fixture. It imports nothing of ours before a test asks for it.

``sinch`` is an application in a world of its own (blocking), ``sinch_async`` the same to be awaited, ``sinch_webhook``
a webhook that answers as a test says, ``sinch_server`` the simulator that all tests of a session share. Scenario files
(``*.sinch.yaml``) are tests themselves.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_sinch.application_fixture import Stage
    from pytest_sinch.scenario_files import ScenarioFile
    from sinch_simulator.embedded import async_api as awaitable
    from sinch_simulator.embedded import sync_api as blocking
    from sinch_simulator.embedded.webhook import Webhook

_STAGE = pytest.StashKey["Stage"]()

_SCENARIO_FILES = (".sinch.yaml", ".sinch.yml")

_OPTIONS = (
    ("clock", "manual, auto or realtime: who moves simulated time (default: manual)"),
    ("seed", "ids and chance follow from it (default: 0)"),
    ("callback-url", "the app: where callbacks go, of scenario files and of tests that say nothing else"),
    ("application", "KEY:SECRET of the one application that the app knows (default: made up for each test)"),
    ("callback-timeout", "real seconds that an app has to answer a callback (default: 5)"),
    (
        "fail-on",
        "which outcomes of a callback fail a test that did not allow them: a list of timeout, unreachable, bad-status "
        "and bad-svaml, or none (default: all)",
    ),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--sinch-*`` and ``sinch_*``."""
    group = parser.getgroup("sinch", "sinch-simulator")
    for name, what in _OPTIONS:
        group.addoption(f"--sinch-{name}", metavar=name.upper(), default=None, help=what)
        parser.addini(f"sinch_{name.replace('-', '_')}", what, default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "sinch(clock=, seed=, allow_failures=, fail_on=, **settings): clock and seed of the test's world, which "
        "callbacks its app may fail (True, or a list of outcomes, events, or event:outcome), and settings of the "
        "application: key, secret, numbers, callback_url, fallback_url, callback_style.",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """A scenario file is a test."""
    if not file_path.name.endswith(_SCENARIO_FILES):
        return None
    from pytest_sinch.scenario_files import ScenarioFile

    collected: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return collected


@pytest.fixture(scope="session")
def sinch_server(pytestconfig: pytest.Config) -> "blocking.Simulator":
    """The simulator of this session; each test has a world of its own in it."""
    from pytest_sinch.application_fixture import server_of

    return server_of(pytestconfig)


@pytest.fixture
def sinch(request: pytest.FixtureRequest, sinch_server: "blocking.Simulator") -> "Iterator[blocking.Application]":
    """An application in a world of its own: people to script, calls to make, time to move."""
    stage = _set(request, sinch_server, "sinch", other="sinch_async")
    yield stage.application
    _strike(request, stage)


@pytest.fixture
def sinch_async(
    request: pytest.FixtureRequest, sinch_server: "blocking.Simulator"
) -> "Iterator[awaitable.Application]":
    """The same, to be awaited in the test's own event loop."""
    stage = _set(request, sinch_server, "sinch_async", other="sinch")
    yield stage.application.for_coroutines()
    _strike(request, stage)


@pytest.fixture
def sinch_webhook(request: pytest.FixtureRequest) -> "Webhook":
    """A webhook that records callbacks and answers as it is told; it is the callback URL of the test's application."""
    request.getfixturevalue("sinch_async" if "sinch_async" in request.fixturenames else "sinch")
    stage: Stage = request.node.stash[_STAGE]
    return stage.open_webhook()


def _set(request: pytest.FixtureRequest, server: "blocking.Simulator", name: str, *, other: str) -> "Stage":
    from pytest_sinch.application_fixture import Stage

    node = request.node
    if _STAGE in node.stash:
        pytest.fail(
            f"{name} and {other} in one test would be two applications, each with a clock of its own: use one of them",
            pytrace=False,
        )
    stage = Stage.set_for(node, server, in_thread=name == "sinch")
    node.stash[_STAGE] = stage
    return stage


def _strike(request: pytest.FixtureRequest, stage: "Stage") -> None:
    del request.node.stash[_STAGE]
    stage.strike()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """A test whose app has failed callbacks fails, unless it allowed that."""
    yield
    stage = item.stash.get(_STAGE, None)
    if stage is not None:
        stage.judge()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows the ladder of each of its calls."""
    report = yield
    if report.failed and report.when != "teardown":
        stage = item.stash.get(_STAGE, None)
        if stage is not None:
            report.sections.extend(stage.sections(None if call.excinfo is None else call.excinfo.value))
    return report
