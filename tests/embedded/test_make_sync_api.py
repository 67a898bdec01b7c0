"""The blocking API is made from the awaited one, and the file that is checked in is what comes of that."""

from pathlib import Path

import pytest

from sinch_simulator.embedded import async_api, sync_api
from sinch_simulator.embedded.make_sync_api import sync_source

SOURCE = Path(async_api.__file__).read_text()


def test_the_file_is_made_from_the_awaited_api() -> None:
    """If this fails: ``python -m sinch_simulator.embedded.make_sync_api``."""
    assert Path(sync_api.__file__).read_text() == sync_source(SOURCE)


def test_nothing_in_it_is_awaited() -> None:
    assert "await " not in sync_source(SOURCE).partition('"""\n')[2]


def test_a_sentence_that_is_no_longer_there_is_told() -> None:
    with pytest.raises(ValueError, match=r"no longer says .*event loop"):
        sync_source(SOURCE.replace("in the event loop that runs where", "where"))
