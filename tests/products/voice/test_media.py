"""What the platform makes of the files that prompts name: limits, types, a cache that surprises.

Source: docs/platform/gotchas.md#D18.
"""

import pytest

from sinch_simulator.products.voice.prompt_files import (
    DAY_MS,
    HOUR_MS,
    LARGEST_FILE,
    MOST_ATTEMPTS,
    Download,
    MediaShelf,
)

URL = "http://127.0.0.1:9/jingle.mp3"
JINGLE = Download(content_type="audio/mpeg", size=1000, digest="one")
CHANGED = Download(content_type="audio/mpeg", size=1000, digest="two")


def code(shelf: MediaShelf, download: Download, now: int, url: str = URL) -> str | None:
    """What is told when the file plays."""
    finding = shelf.play(url, download, now)
    return finding.code if finding else None


@pytest.mark.parametrize(
    ("download", "expected"),
    [
        (JINGLE, None),
        (Download("HTTP status 404"), "MEDIA_UNREACHABLE"),
        (Download(content_type="text/html", size=10, digest="x"), "MEDIA_TYPE"),
        (Download(size=10, digest="x"), "MEDIA_TYPE"),
        (Download(content_type="audio/wav", size=LARGEST_FILE + 1, digest="x"), "MEDIA_TOO_BIG"),
    ],
)
def test_a_file_is_taken_or_it_is_told_why_not(download: Download, expected: str | None) -> None:
    assert code(MediaShelf(), download, 0) == expected


def test_a_changed_file_stays_as_it_was_for_a_day_after_its_last_use() -> None:
    shelf = MediaShelf()
    assert code(shelf, JINGLE, 0) is None
    assert code(shelf, JINGLE, DAY_MS - 1) is None
    assert code(shelf, CHANGED, 2 * DAY_MS - 2) == "MEDIA_CACHE"
    assert code(shelf, CHANGED, 4 * DAY_MS) is None


def test_a_short_max_age_is_a_day_all_the_same_and_does_not_slide() -> None:
    shelf = MediaShelf()
    short = Download(content_type="audio/mpeg", size=1000, digest="one", max_age_s=60)
    assert code(shelf, short, 0) is None
    assert code(shelf, CHANGED, DAY_MS - 1) == "MEDIA_CACHE"
    assert code(shelf, CHANGED, DAY_MS) is None


def test_downloads_are_limited_by_the_hour() -> None:
    shelf = MediaShelf()
    for number in range(MOST_ATTEMPTS):
        assert code(shelf, JINGLE, number, f"{URL}?{number}") is None
    assert code(shelf, JINGLE, 100, f"{URL}?more") == "MEDIA_LIMIT"
    assert code(shelf, JINGLE, HOUR_MS + 100, f"{URL}?more") is None


def test_bytes_are_limited_by_the_hour() -> None:
    shelf = MediaShelf()
    big = Download(content_type="audio/wav", size=LARGEST_FILE, digest="x")
    told = [code(shelf, big, 0, f"{URL}?{number}") for number in range(MOST_ATTEMPTS + 1)]
    assert told == [None] * MOST_ATTEMPTS + ["MEDIA_LIMIT"]
