"""Where the files of a recording go, and what they are called."""

import pytest

from sinch_simulator.products.voice.recording import (
    Place,
    Store,
    file_name,
    place_of,
    transcript_place,
)
from support.pure_world import EPOCH_MS


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("", Place(Store.DRIVE, "", "n.mp3")),
        ("sdrive://", Place(Store.DRIVE, "", "n.mp3")),
        ("sdrive://folder/ignored/mine.wav", Place(Store.DRIVE, "", "mine.wav")),
        ("sdrive://mine", Place(Store.DRIVE, "", "mine.mp3")),
        ("s3://bucket", Place(Store.S3, "bucket", "n.mp3")),
        ("S3://bucket/", Place(Store.S3, "bucket", "n.mp3")),
        ("s3://bucket/folder", Place(Store.S3, "bucket", "folder/n.mp3")),
        ("s3://bucket/folder/", Place(Store.S3, "bucket", "folder/n.mp3")),
        ("s3://bucket/a/b/mine.mp3", Place(Store.S3, "bucket", "a/b/mine.mp3")),
        ("azure://account/box", Place(Store.AZURE, "account/box", "n.mp3")),
        ("azure://account/box/mine.mp3", Place(Store.AZURE, "account/box", "mine.mp3")),
        ("ftp://elsewhere/x.mp3", Place(Store.DRIVE, "", "n.mp3")),
    ],
)
def test_a_destination_leads_to_a_place(url: str, place: Place) -> None:
    assert place_of(url, "n.mp3") == place


def test_a_transcript_lies_beside_its_recording() -> None:
    assert transcript_place(Place(Store.S3, "b", "a/n.mp3")).url("") == "s3://b/a/n-transcript.json"


def test_names_tell_when_in_utc_of_whom_and_of_which_call() -> None:
    assert file_name(EPOCH_MS, "key", "call", "wav") == "20250115103000_key_call.wav"


def test_a_key_that_needs_it_is_escaped_in_its_url() -> None:
    place = place_of("sdrive://my file.mp3", "n.mp3")
    assert place.url("http://sim.test") == "http://sim.test/calling/v1/recording/my%20file.mp3"
