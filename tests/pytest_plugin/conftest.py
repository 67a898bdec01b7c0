"""The maker of other people's projects, for every file of this folder."""

import pytest

from support.pytest_plugin_runs import MakeProject, maker


@pytest.fixture(scope="session")
def make_project(clean_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> MakeProject:
    """``make_project(SOURCE).run(ARGUMENT...)``; ``ini`` is what a ``pytest.ini`` says, ``files`` are further files."""
    return maker(clean_environment, tmp_path_factory)
