"""Sound as 16-bit little-endian mono samples at 8 kHz: tones that are computed once and read in pieces.

Frequencies whose period divides the length of a table begin and end at zero, so tables can be joined without a click.
"""

import sys
from array import array
from functools import lru_cache
from math import pi, sin
from typing import Protocol

from sinch_simulator.core.values import frozen

RATE_HZ = 8000
SAMPLES_PER_MS = RATE_HZ // 1000
BYTES_PER_MS = 2 * SAMPLES_PER_MS

DTMF_MS = 100
"""One key's tone; a gap of the same length follows (ITU-T Q.24 asks for 40 ms of each)."""
BEEP_HZ = 1000
BEEP_MS = 400

_LOW_HZ = (697, 770, 852, 941)
_HIGH_HZ = (1209, 1336, 1477)
_KEYPAD = ("123", "456", "789", "*0#")
DTMF_HZ = {
    key: (_LOW_HZ[row], _HIGH_HZ[column]) for row, keys in enumerate(_KEYPAD) for column, key in enumerate(keys)
}
"""The two frequencies of each key (ITU-T Q.23)."""

# Music on hold and the ring tone stay clear of the frequencies of keys. The ring tone is that of the USA.
_RING_HZ = (440, 480)
_MELODIES_HZ = {
    "music1": (260, 320, 400, 320),
    "music2": (220, 280, 340, 440),
    "music3": (300, 360, 460, 360),
}
_FILE_HZ = (320, 400)
_NOTE_MS = 500


class Source(Protocol):
    """Something that can be heard, from its own beginning on."""

    def read(self, first: int, count: int) -> bytes:
        """The samples ``first`` to ``first + count``; fewer where it ends before."""
        ...


@frozen
class Clip:
    """Samples that are heard once."""

    pcm: bytes

    def read(self, first: int, count: int) -> bytes:
        """A part of them."""
        return self.pcm[2 * first : 2 * (first + count)]


@frozen
class Loop:
    """Samples that are heard again and again."""

    pcm: bytes

    def read(self, first: int, count: int) -> bytes:
        """A part of the endless row."""
        length = len(self.pcm) // 2
        first %= length
        rounds = -(-(first + count) // length)
        return (self.pcm * rounds)[2 * first : 2 * (first + count)]


@lru_cache(maxsize=256)
def tone(frequencies_hz: tuple[int, ...], length_ms: int, loudness: int = 8000) -> bytes:
    """Sine waves together, each of this loudness (at most 32767 in sum)."""
    steps = [2 * pi * frequency / RATE_HZ for frequency in frequencies_hz]
    samples = range(length_ms * SAMPLES_PER_MS)
    return little_endian(array("h", [round(loudness * sum(sin(step * n) for step in steps)) for n in samples]))


def silence(length_ms: int) -> bytes:
    """Nothing, for so long."""
    return bytes(length_ms * BYTES_PER_MS)


def dtmf(key: str) -> Source:
    """One key of ``0-9 * #``."""
    return Clip(tone(DTMF_HZ[key], DTMF_MS))


def beep() -> Source:
    """What a machine, or the platform, beeps."""
    return Clip(tone((BEEP_HZ,), 8) * (BEEP_MS // 8))


@lru_cache(maxsize=1)
def ringing() -> Source:
    """Ring-back: two seconds on, four seconds off."""
    return Loop(tone(_RING_HZ, 50, 4000) * 40 + silence(4000))


@lru_cache(maxsize=8)
def music(name: str) -> Source:
    """Music on hold: ``ring``, ``music1`` to ``music3``; any other name sounds like the first."""
    if name == "ring":
        return ringing()
    melody = _MELODIES_HZ.get(name, _MELODIES_HZ["music1"])
    return Loop(b"".join(tone((note,), 50, 4000) * (_NOTE_MS // 50) for note in melody))


def file_played() -> Source:
    """Stands for a file: nothing is downloaded, so it is heard as one chord for as long as it is taken to last."""
    return Loop(tone(_FILE_HZ, 50, 3000))


def little_endian(samples: "array[int]") -> bytes:
    """Samples as bytes, on every machine alike."""
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def from_little_endian(pcm: bytes) -> "array[int]":
    """Bytes as samples, on every machine alike."""
    samples = array("h")
    samples.frombytes(pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples
