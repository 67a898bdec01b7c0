"""Lists recordings in Sinch Drive, and lets them be downloaded and deleted (docs/platform/rest.md#7).

Recordings that stay with the simulator because no store of the customer was there, or because it took none, can be
downloaded and deleted by their name too, but are not in the list.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs

from sinch_simulator.core.application import Application
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.rest.answer import Answer, json_answer
from sinch_simulator.core.rest.platform_request import PlatformEndpoint, PlatformRequest
from sinch_simulator.core.rest.worlds import SimulatedWorld
from sinch_simulator.core.time_texts import timestamp
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.exchange import exchange_of
from sinch_simulator.products.voice.recording import (
    EXPIRY_MS,
    FileOfRecording,
    RecordedFile,
    Recording,
    Store,
)

PAGE_SIZE = 20
"""Entries of a page when the request does not say (docs/platform/rest.md#7; *assumed*)."""
LARGEST_NUMBER = 1_000_000_000


@frozen
class _Kept:
    """A file that the simulator holds."""

    recording: Recording
    file: RecordedFile
    stored_ms: int


def list_recordings(request: PlatformRequest) -> Answer:
    """Lists the files in Sinch Drive, newest first."""
    query = {name.lower(): values[-1] for name, values in parse_qs(request.query, keep_blank_values=True).items()}
    since_ms, until_ms = _moment(query, "from"), _moment(query, "to")
    page = _count(query, "page", 1, "'pageNumber' must be greater than 0")
    size = _count(query, "pagesize", PAGE_SIZE, "'pageSize' must be a positive integer")
    if since_ms is not None and until_ms is not None and until_ms <= since_ms:
        raise ApiError(ErrorCode.INVALID_PARAMETER, "'to' must be greater than 'from'")
    world = request.world
    found = [
        kept
        for kept in _newest(world, request.application)
        if kept.file.place.store is Store.DRIVE
        and (since_ms is None or world.epoch_ms + kept.stored_ms >= since_ms)
        and (until_ms is None or world.epoch_ms + kept.stored_ms <= until_ms)
    ]
    return json_answer([_info(request, kept) for kept in found[(page - 1) * size : page * size]])


def download(request: PlatformRequest) -> Answer:
    """Gives the file itself; it is made now."""
    kept = _find(request)
    transcript = kept.file is kept.recording.transcript
    return Answer(200, file=FileOfRecording(kept.recording.call_id, kept.recording, transcript))


def delete(request: PlatformRequest) -> Answer:
    """Deletes a file for good."""
    kept = _find(request)
    kept.file.deleted = True
    world = request.world
    fields = {"recordingId": kept.recording.id, "key": kept.file.place.path}
    world.journal.add(world.now, "recording.deleted", kept.recording.call_id, fields)
    return Answer(204)


def _kept_files(world: SimulatedWorld, application: Application) -> Iterator[_Kept]:
    for call in exchange_of(world).calls.values():
        if call.recordings and call.application is application:
            for recording in call.recordings:
                for file in recording.files:
                    if file.stored_ms is not None and file.fetchable(world.now):
                        yield _Kept(recording, file, file.stored_ms)


def _newest(world: SimulatedWorld, application: Application) -> list[_Kept]:
    """Returns one file for each key, the newest first: a file of the same name replaces the older one.

    Source: docs/platform/svaml.md#4.
    """
    by_key: dict[str, _Kept] = {}
    for kept in sorted(_kept_files(world, application), key=lambda kept: kept.stored_ms):
        by_key.pop(kept.file.place.path, None)
        by_key[kept.file.place.path] = kept
    return list(reversed(by_key.values()))


def _find(request: PlatformRequest) -> _Kept:
    key = request.parameters["key"].strip()
    if not key:
        raise ApiError(ErrorCode.MISSING_PARAMETER, "No key specified")
    for kept in _newest(request.world, request.application):
        if kept.file.place.path == key:
            return kept
    raise ApiError.not_found("Recording not found")


def _info(request: PlatformRequest, kept: _Kept) -> dict[str, object]:
    created_ms = request.world.epoch_ms + kept.stored_ms
    return {
        "key": kept.file.place.path,
        "url": kept.file.place.url(request.base_url),
        "createdOn": timestamp(created_ms // 1000),
        "expiresOn": timestamp((created_ms + EXPIRY_MS) // 1000),
        "headers": {},
    }


def _count(query: dict[str, str], name: str, otherwise: int, message: str) -> int:
    text = query.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit()) or int(text[:20]) < 1:
        raise ApiError(ErrorCode.INVALID_PARAMETER, message)
    return min(int(text[:20]), LARGEST_NUMBER)


def _moment(query: dict[str, str], name: str) -> int | None:
    """Reads a timestamp as Unix milliseconds; without a zone it is UTC."""
    text = query.get(name)
    if text is None:
        return None
    try:
        # A plus sign that nobody has escaped arrives as a blank.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise ApiError.invalid_parameter(name, text, expected="a time such as 2025-01-15T10:30:00Z") from None
    return int((moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp() * 1000)


ENDPOINTS: tuple[PlatformEndpoint, ...] = (
    PlatformEndpoint("GET", "/recording", list_recordings, "the list of recordings"),
    PlatformEndpoint("GET", "/recording/{key}", download, "a recording", at_length=True),
    PlatformEndpoint("DELETE", "/recording/{key}", delete, "deletes a recording"),
)
