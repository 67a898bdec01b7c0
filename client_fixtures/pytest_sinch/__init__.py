"""Gives pytest a phone network as a fixture. It imports nothing of ours before a test asks for it.

``sinch`` is an application in a world of its own (blocking), ``sinch_async`` the same to be awaited, ``sinch_webhook``
a webhook that answers as a test says, ``sinch_server`` the simulator that all tests of a session share. Scenario files
(``*.sinch.yaml``) are tests themselves.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_sinch.application_fixture import ApplicationFixture
    from pytest_sinch.scenario_files import ScenarioFile
    from sinch_simulator.embedded import async_api, sync_api
    from sinch_simulator.embedded.webhook import Webhook

_FIXTURE = pytest.StashKey["ApplicationFixture"]()

_SCENARIO_FILES = (".sinch.yaml", ".sinch.yml")

_OPTIONS = (
    ("clock", "manual, auto or realtime: who moves simulated time (default: manual)"),
    ("seed", "ids and chance follow from it (default: 0)"),
    ("callback-url", "the app: where callbacks go, of scenario files and of tests that say nothing else"),
    ("application", "KEY:SECRET of the one application that the app knows (default: made up for each test)"),
    ("callback-timeout", "real seconds that an app has to answer a callback (default: 5)"),
    ("allow-host", "hosts that may be contacted besides this machine and callback URLs, as *.example.com (a list)"),
    (
        "fail-on",
        "what fails a test that did not allow it: a list of outcomes of callbacks (timeout, unreachable, bad-status, "
        "bad-svaml; default: all) and of severities of findings (warning, error), or none",
    ),
    ("project", "the project that the app knows, and its access key, as PROJECT:KEYID:KEYSECRET; default: made up"),
    ("service-plan", "the service plan that the app knows, as PLAN:TOKEN; default: made up for each test"),
    ("protocol", "which Voice API a call that comes in speaks: v1, v2, or auto (default), as the application says"),
    ("report", "a folder: each failed test writes a page there that shows all its calls (default: no pages)"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the options ``--sinch-*`` and ``sinch_*``."""
    group = parser.getgroup("sinch", "sinch-simulator")
    for name, what in _OPTIONS:
        group.addoption(f"--sinch-{name}", metavar=name.upper(), default=None, help=what)
        parser.addini(f"sinch_{name.replace('-', '_')}", what, default="")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line(
        "markers",
        "sinch(clock=, seed=, now=, allow_failures=, fail_on=, strict=, **settings): clock, seed, start of its world; "
        "which callbacks its app may fail (True, or a list of outcomes, events, event:outcome) and codes of findings "
        "that are fine; what fails the test (outcomes; warning, error), and whether what was scripted and not met "
        "does; and settings of the application, by the names of create_application: key=, numbers=, callback_url= ...",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """Collects a scenario file as a test."""
    if not file_path.name.endswith(_SCENARIO_FILES):
        return None
    from pytest_sinch.scenario_files import ScenarioFile

    collected: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return collected


@pytest.fixture(scope="session")
def sinch_server(pytestconfig: pytest.Config) -> "sync_api.Simulator":
    """Gives the simulator of this session; each test has a world of its own in it."""
    from pytest_sinch.application_fixture import server_of

    return server_of(pytestconfig)


@pytest.fixture
def sinch(request: pytest.FixtureRequest, sinch_server: "sync_api.Simulator") -> "Iterator[sync_api.Application]":
    """Gives an application in a world of its own: people to script, calls to make, time to move."""
    fixture = _begin(request, sinch_server, "sinch", other="sinch_async")
    yield fixture.application
    _end(request, fixture)


@pytest.fixture
def sinch_async(
    request: pytest.FixtureRequest, sinch_server: "sync_api.Simulator"
) -> "Iterator[async_api.Application]":
    """Gives the same, to be awaited in the test's own event loop."""
    fixture = _begin(request, sinch_server, "sinch_async", other="sinch")
    yield fixture.application.for_coroutines()
    _end(request, fixture)


@pytest.fixture
def sinch_webhook(request: pytest.FixtureRequest) -> "Webhook":
    """Gives a webhook that records events of every product and answers as told; the test's application has its URL."""
    request.getfixturevalue("sinch_async" if "sinch_async" in request.fixturenames else "sinch")
    fixture: ApplicationFixture = request.node.stash[_FIXTURE]
    return fixture.open_webhook()


def _begin(
    request: pytest.FixtureRequest, server: "sync_api.Simulator", name: str, *, other: str
) -> "ApplicationFixture":
    from pytest_sinch.application_fixture import ApplicationFixture

    node = request.node
    if _FIXTURE in node.stash:
        pytest.fail(
            f"{name} and {other} in one test would be two applications, each with a clock of its own: use one of them",
            pytrace=False,
        )
    fixture = ApplicationFixture.open(node, server, in_thread=name == "sinch")
    node.stash[_FIXTURE] = fixture
    return fixture


def _end(request: pytest.FixtureRequest, fixture: "ApplicationFixture") -> None:
    del request.node.stash[_FIXTURE]
    fixture.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fails a test whose app has failed callbacks, unless it allowed that."""
    yield
    fixture = item.stash.get(_FIXTURE, None)
    if fixture is not None:
        fixture.judge()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the ladder of each call of a test that fails."""
    report = yield
    if report.failed and call.excinfo is not None:
        _name_errors_briefly(report, call.excinfo.type)
    if report.failed and report.when != "teardown":
        fixture = item.stash.get(_FIXTURE, None)
        if fixture is not None:
            _name_errors_shortly(report.longrepr)
            report.sections.extend(fixture.sections(None if call.excinfo is None else call.excinfo.value))
            report.sections.extend(fixture.page(report.longreprtext))
    return report


def _name_errors_briefly(report: pytest.TestReport, error: type[BaseException]) -> None:
    """Takes the path of our module from the name of our error: a summary begins with ``NotSeen:``."""
    if not error.__module__.startswith("sinch_simulator."):
        return
    long, short = f"{error.__module__}.{error.__qualname__}", error.__qualname__
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = crash.message.replace(long, short, 1)
    for entry in getattr(getattr(report.longrepr, "reprtraceback", None), "reprentries", ()):
        entry.lines = [line.replace(long, short, 1) for line in getattr(entry, "lines", ())]


def _name_errors_shortly(shown: object) -> None:
    """Lets the summary begin with ``NotSeen:`` and not with the module that it is of."""
    crash = getattr(shown, "reprcrash", None)
    if crash is not None:
        crash.message = crash.message.removeprefix("sinch_simulator.client.errors.")
