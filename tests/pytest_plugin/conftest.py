"""The runner of other people's tests, for every file of this folder."""

import pytest

from support.pytest_plugin_runs import RunTests, runner


@pytest.fixture(scope="session")
def run_tests(clean_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> RunTests:
    """``run_tests(SOURCE, ARGUMENT...)``; ``ini`` is what a ``pytest.ini`` says."""
    return runner(clean_environment, tmp_path_factory)
