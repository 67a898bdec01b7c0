"""The voice of recordings: espeak-ng where it is installed, else a hum for each word.

A voice fits itself into the simulated time of its text: it speaks faster when it must, and what still does not fit is
cut. Called in worker threads only.
"""

import shutil
import subprocess
import tempfile
import wave
from array import array
from functools import lru_cache
from pathlib import Path

from sinch_simulator.products.voice.audio.speech import Voice, hum
from sinch_simulator.products.voice.audio.tones import BYTES_PER_MS, RATE_HZ, from_little_endian, little_endian
from sinch_simulator.server.descriptors import is_for_want_of_descriptors

_USUAL_WORDS_PER_MINUTE = 165
_FASTEST_WORDS_PER_MINUTE = 450
_LONGEST_S = 30
"""A synthesiser that takes longer than this is given up."""
_VARIANTS = ("", "+f3", "+m3", "+f2")
"""One for each speaker, so that they can be told apart."""


def voice() -> Voice:
    """Returns the voice of this machine."""
    return _speak if shutil.which("espeak-ng") else hum


@lru_cache(maxsize=64)
def _speak(text: str, locale: str, duration_ms: int, speaker: int) -> bytes:
    """Samples of exactly this length; the hum where espeak-ng cannot say it."""
    name = locale.partition("-")[0].lower() + _VARIANTS[(speaker - 1) % len(_VARIANTS)]
    said = _synthesise(text, name, _USUAL_WORDS_PER_MINUTE)
    if said is None:
        return hum(text, locale, duration_ms, speaker)
    length_ms = len(said) // BYTES_PER_MS
    if length_ms > duration_ms > 0:
        faster = min(_FASTEST_WORDS_PER_MINUTE, _USUAL_WORDS_PER_MINUTE * length_ms // duration_ms + 5)
        said = _synthesise(text, name, faster) or said
    length = duration_ms * BYTES_PER_MS
    return said[:length].ljust(length, b"\0")


def _synthesise(text: str, name: str, words_per_minute: int) -> bytes | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "speech.wav"
        command = ["espeak-ng", "-v", name, "-s", str(words_per_minute), "-w", str(file), "--stdin"]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_LONGEST_S, check=False)
        except subprocess.TimeoutExpired:
            return None
        except OSError as error:
            if is_for_want_of_descriptors(error):
                raise
            return None
        if done.returncode or not file.exists():
            return None
        try:
            with wave.open(str(file)) as spoken:
                if (spoken.getnchannels(), spoken.getsampwidth()) != (1, 2):
                    return None
                return _resampled(spoken.readframes(spoken.getnframes()), spoken.getframerate())
        except (wave.Error, EOFError):
            return None


def _resampled(pcm: bytes, rate_hz: int) -> bytes:
    """At 8 kHz, each sample on the line between its neighbours."""
    samples = from_little_endian(pcm)
    count = max(0, (len(samples) - 1) * RATE_HZ // rate_hz)
    found = array("h", bytes(2 * count))
    for index in range(count):
        place, rest = divmod(index * rate_hz, RATE_HZ)
        found[index] = samples[place] + (samples[place + 1] - samples[place]) * rest // RATE_HZ
    return little_endian(found)
