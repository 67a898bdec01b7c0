"""One recording as data: when it ran, what was asked for it, where its files go and what they are called.

Nothing here decides when anything happens; ``steps.py`` does. Times are milliseconds since the start of the
world. A recording belongs to the call that started it, or to a whole room; its journal lines are those of that call.
"""

from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import quote

from attrs import field

from sinch_simulator.core.effects import Order
from sinch_simulator.core.values import Word, define, frozen
from sinch_simulator.products.voice.svaml.model import StartRecording

EXPIRY_MS = 30 * 86_400_000
"""How long a file stays in Sinch Drive (docs/platform/rest.md#7; *assumed*)."""
FORMATS = ("mp3", "wav")
"""What is written; the platform documents no list (docs/platform/svaml.md#4)."""
UPLOAD_MS = 5_000
"""From the end of a recording until its file is at its destination."""
TRANSCRIPTION_MS = 60_000
"""From there until its transcript is."""
DUE = "due"
"""The timer of a recording, under its own id."""
RETRY_MS = (10_000, 60_000, 300_000)
"""After a failed delivery it is tried again so long after; three times, then no more.

Source: docs/platform/lifecycle.md#3.12.
"""


class RecordingState(Word):
    """Named for what the recording waits for."""

    RUNNING = "RUNNING"
    UPLOADING = "UPLOADING"
    DELIVERING = "DELIVERING"
    TRANSCRIBING = "TRANSCRIBING"
    DELIVERING_TRANSCRIPT = "DELIVERING_TRANSCRIPT"
    DONE = "DONE"


class Store(Word):
    """Where files go: Sinch Drive is the simulator itself, the others are the customer's.

    Source: docs/platform/svaml.md#4; ``GCP`` is of Voice v2 alone (docs/platform/voice-v2.md#3.3).
    """

    DRIVE = "sdrive"
    S3 = "s3"
    AZURE = "azure"
    GCP = "gs"


@frozen
class Place:
    """Where a file goes: ``container`` is the bucket, or ``account/container``; ``path`` is the file's full name there.

    In Sinch Drive there is no container, and the path is the key under which REST knows the file.
    """

    store: Store
    container: str
    path: str

    def url(self, base_url: str) -> str:
        """Returns the address that Notify tells; in Sinch Drive it is a download URL of the simulator.

        Source: docs/platform/callbacks.md#7.
        """
        if self.store is Store.DRIVE:
            return f"{base_url}/calling/v1/recording/{quote(self.path, safe='')}"
        return f"{self.store.value}://{self.container}/{self.path}"


@define
class RecordedFile:
    """The audio or the transcript, from the moment it is stored. ``kept`` says that the simulator itself holds it."""

    place: Place
    stored_ms: int | None = None
    kept: bool = False
    deleted: bool = False

    def fetchable(self, now: int) -> bool:
        """Returns whether it can be had from the simulator now."""
        return self.kept and not self.deleted and self.stored_ms is not None and now < self.stored_ms + EXPIRY_MS


@define
class Recording:
    """A recording under way, or what has become of it."""

    id: str
    call_id: str
    options: StartRecording
    started_ms: int
    format: str
    audio: RecordedFile
    transcript: RecordedFile | None = None
    conference_id: str | None = None
    """The room whose sound this is; None for the sound of the call."""
    state: RecordingState = RecordingState.RUNNING
    stopped_ms: int | None = None
    attempts: int = 0
    """How often the file that is due now could not be delivered."""
    files: tuple[RecordedFile, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.files = (self.audio,) if self.transcript is None else (self.audio, self.transcript)

    @property
    def running(self) -> bool:
        """Returns whether it still records."""
        return self.state is RecordingState.RUNNING


@frozen(eq=False)
class FileOfRecording(Order):
    """Orders the file of a recording to be made, as far as it goes by now; ``subject`` is its call."""

    product: ClassVar[str] = "voice"
    recording: Recording
    transcript: bool
    """Whether the transcript is wanted, else the audio."""


def file_name(unix_ms: int, application_key: str, call_id: str, extension: str) -> str:
    """Returns ``<UTC yyyyMMddHHmmss>_<applicationKey>_<callId>.<format>``, by when the recording began.

    Source: docs/platform/svaml.md#4.
    """
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC).strftime("%Y%m%d%H%M%S")
    return f"{moment}_{application_key}_{call_id}.{extension}"


def place_of(destination_url: str, name: str) -> Place:
    """Returns where a destination leads to; ``name`` is what the file is called when the destination names none.

    ``s3://bucket[/folder][/file]``, ``azure://account/container[/file]`` and ``sdrive://[file]`` are documented; that
    the last part is a folder when it has no extension or ends with a slash, and that anything else goes to Sinch Drive,
    is *assumed*.
    """
    scheme, _, rest = destination_url.strip().partition("://")
    match scheme.lower():
        case "s3":
            bucket, _, path = rest.partition("/")
            return Place(Store.S3, bucket, _named(path, name))
        case "azure":
            account, _, below = rest.partition("/")
            container, _, path = below.partition("/")
            return Place(Store.AZURE, f"{account}/{container}", _named(path, name))
        case "sdrive":
            file = rest.rpartition("/")[2]
            extension = name.rpartition(".")[2]
            if not file:
                return Place(Store.DRIVE, "", name)
            return Place(Store.DRIVE, "", file if "." in file else f"{file}.{extension}")
        case _:
            return Place(Store.DRIVE, "", name)


def _named(path: str, name: str) -> str:
    folder, _, last = path.rpartition("/")
    if "." in last:
        return path
    parts = [part for part in (folder, last) if part]
    return "/".join([*parts, name])


def transcript_place(audio: Place) -> Place:
    """Returns the place beside the recording, under its name with ``-transcript.json`` (docs/platform/svaml.md#4)."""
    stem = audio.path.rpartition(".")[0] or audio.path
    return Place(audio.store, audio.container, f"{stem}-transcript.json")
