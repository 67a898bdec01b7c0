"""The files that prompts name by URL, as the platform would fetch and keep them.

Source: docs/platform/svaml.md#6, docs/platform/gotchas.md#D18.

Pure: somebody else downloads; here it is decided what the platform would have made of it, on the simulated clock. A
file that can't be used is told about; the prompt takes its time all the same, because how the platform goes on is not
documented (*assumed*).
"""

from collections import deque

from attrs import field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.values import define, frozen

LARGEST_FILE = 1_000_000
"""Bytes of one file."""
MOST_ATTEMPTS = 50
"""Downloads in an hour."""
MOST_BYTES = 50_000_000
"""Bytes downloaded in an hour."""
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
"""The least time that a file is kept, whatever ``Cache-Control`` says."""

CONTENT_TYPES = frozenset(
    f"audio/{kind}"
    for kinds in (
        ("wav", "x-wav", "wave", "x-pn-wav", "adpcm"),
        ("mpeg", "x-mpeg", "mp3", "x-mp3", "x-mpeg3", "mp4", "aac", "x-aac"),
        ("aiff", "x-aiff", "aifc", "x-aifc", "gsm", "x-gsm", "ogg", "opus"),
    )
    for kind in kinds
)


@frozen
class Download:
    """What came of asking for a file. ``failure`` says in words why there is none; ``max_age_s`` is the server's."""

    failure: str = ""
    content_type: str = ""
    size: int = 0
    digest: str = ""
    max_age_s: int | None = None


@define
class _Kept:
    digest: str
    until_ms: int
    sliding: bool


@define
class MediaShelf:
    """The files of one application."""

    _kept: dict[str, _Kept] = field(factory=dict)
    _attempts: deque[tuple[int, int]] = field(factory=deque)
    """When, and how many bytes, in the last hour."""

    def play(self, url: str, download: Download, now: int) -> Diagnostic | None:
        """Notes that a prompt plays this file now, and returns what its author should know."""
        kept = self._kept.get(url)
        if kept is not None and now < kept.until_ms:
            if kept.sliding:
                kept.until_ms = now + DAY_MS
            return _about_stale(url, kept, download)
        return self._fetch(url, download, now)

    def _fetch(self, url: str, download: Download, now: int) -> Diagnostic | None:
        while self._attempts and self._attempts[0][0] <= now - HOUR_MS:
            self._attempts.popleft()
        size = 0 if download.failure else download.size
        if len(self._attempts) >= MOST_ATTEMPTS or sum(used for _, used in self._attempts) + size > MOST_BYTES:
            message = f"{url} is not played: {MOST_ATTEMPTS} downloads, or {MOST_BYTES} bytes, were made in this hour."
            return _error("MEDIA_LIMIT", message, "Let the file be cached: keep its URL the same.")
        self._attempts.append((now, size))
        problem = _about_file(url, download)
        if problem is None:
            sliding = download.max_age_s is None
            kept_ms = max(DAY_MS, (download.max_age_s or 0) * 1000)
            self._kept[url] = _Kept(download.digest, now + kept_ms, sliding)
        return problem


def _about_stale(url: str, kept: _Kept, download: Download) -> Diagnostic | None:
    if download.failure or download.digest == kept.digest:
        return None
    message = f"{url} has changed, but the platform plays the copy that it keeps, for at least 24 hours."
    hint = "Give a changed file another URL, with a version in its name or its query."
    return Diagnostic("MEDIA_CACHE", Severity.WARNING, "", message, hint)


def _about_file(url: str, download: Download) -> Diagnostic | None:
    if download.failure:
        return _error("MEDIA_UNREACHABLE", f"{url} can't be played: {download.failure}.", "Is the URL right?")
    if download.content_type not in CONTENT_TYPES:
        given = download.content_type or "nothing"
        message = f"{url} can't be played: its Content-Type is {given}, which is no kind of audio that is taken."
        return _error("MEDIA_TYPE", message, "Serve it as audio/mpeg or audio/wav.")
    if download.size > LARGEST_FILE:
        message = f"{url} can't be played: it has more than {LARGEST_FILE} bytes."
        return _error("MEDIA_TOO_BIG", message, "Use a shorter file, or MP3.")
    return None


def _error(code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, "", message, hint)
