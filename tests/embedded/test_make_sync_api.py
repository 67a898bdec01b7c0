"""The blocking API is made from the awaited one, and the file that is checked in is what comes of that."""

import pytest

from sinch_simulator.embedded.make_sync_api import FIRST_LINES, FOLDER, NAMES, sync_source


def source_of(module: str) -> str:
    return (FOLDER / f"{module}.py").read_text()


@pytest.mark.parametrize("module", FIRST_LINES)
def test_the_file_is_made_from_the_awaited_api(module: str) -> None:
    """If this fails: ``python -m sinch_simulator.embedded.make_sync_api``."""
    assert (FOLDER / f"{NAMES[module]}.py").read_text() == sync_source(module, source_of(module))


@pytest.mark.parametrize("module", FIRST_LINES)
def test_nothing_in_it_is_awaited(module: str) -> None:
    assert "await " not in sync_source(module, source_of(module)).partition('"""\n')[2]


def test_a_sentence_that_is_no_longer_there_is_told() -> None:
    with pytest.raises(ValueError, match=r"no longer says .*event loop"):
        sync_source("async_api", source_of("async_api").replace("in the event loop that runs where", "where"))
