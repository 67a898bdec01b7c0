"""Words and when they are said; and a voice for machines that have none: a hum for each word.

How long a text takes is the simulator's model (``core/speech.py``); a voice fits itself into that time, so
what is heard, what is transcribed and what the journal says agree.
"""

from collections.abc import Callable
from zlib import crc32

from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.audio.tones import BYTES_PER_MS, tone

Voice = Callable[[str, str, int, int], bytes]
"""Says a text in a locale within so many milliseconds as speaker 1, 2, ...: samples of exactly that length."""

_HUM_STEP_MS = 50
_GAP_MS = 30
_PITCHES = 12
_LOWEST_HZ = 120


@frozen
class Word:
    """A word of a text; times are milliseconds from the beginning of the text."""

    text: str
    start_ms: int
    end_ms: int


def words_of(text: str, duration_ms: int) -> list[Word]:
    """The words of a text that takes so long, each as long as it has characters (*assumed*)."""
    words = text.split()
    characters = sum(len(word) + 1 for word in words)
    found: list[Word] = []
    said = 0
    for word in words:
        start_ms = duration_ms * said // characters
        said += len(word) + 1
        found.append(Word(word, start_ms, duration_ms * said // characters))
    return found


def hum(text: str, locale: str, duration_ms: int, speaker: int) -> bytes:
    """A stand-in for a voice: one tone for each word, always the same for the same word; other speakers hum higher."""
    pieces: list[bytes] = []
    written = 0
    for word in words_of(text, duration_ms):
        steps = max(0, word.end_ms - word.start_ms - _GAP_MS) // _HUM_STEP_MS
        pitch_hz = _LOWEST_HZ + 20 * (crc32(word.text.lower().encode()) % _PITCHES + speaker - 1)
        sound = tone((pitch_hz,), _HUM_STEP_MS, 6000) * steps
        pieces += [bytes(word.start_ms * BYTES_PER_MS - written), sound]
        written = word.start_ms * BYTES_PER_MS + len(sound)
    pieces.append(bytes(duration_ms * BYTES_PER_MS - written))
    return b"".join(pieces)
