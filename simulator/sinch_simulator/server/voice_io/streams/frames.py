"""What the app's server hears of a call over a stream, cut into frames of 20 ms (docs/platform/svaml.md#3.7).

It is read from the journal, as recordings are: the keys and the words of the caller, and what the app has played to the
stream's own end. No I/O.
"""

from array import array

from attrs import field

from sinch_simulator.core.journal import Entry
from sinch_simulator.core.values import define
from sinch_simulator.phones.signals import LegName
from sinch_simulator.products.voice.audio.rendering import render
from sinch_simulator.products.voice.audio.score import Score
from sinch_simulator.products.voice.audio.tones import RATE_HZ, from_little_endian, little_endian

FRAME_MS = 20
SAMPLE_BYTES = 2

_BY_CALLER = frozenset({"digit.pressed", "speech"})
_TO_STREAM = frozenset({"dtmf.sent", "prompt.started", "prompt.stopped", "beep.heard"})


@define
class StreamSound:
    """The sound for the stream at one end of a call, signed 16-bit little-endian mono at ``rate_hz``."""

    leg: LegName
    rate_hz: int
    _score: Score = field(factory=Score)
    _read: int = 0

    def listen(self, entries: list[Entry]) -> None:
        """Takes in what is new among the lines of the call."""
        for entry in entries[self._read :]:
            self._note(entry)
        self._read = len(entries)

    def _note(self, entry: Entry) -> None:
        own = entry.fields.get("leg") == self.leg.value
        if not (entry.kind in _TO_STREAM if own else entry.kind in _BY_CALLER):
            return
        match entry.kind:
            case "digit.pressed":
                self._score.press(entry)
            case "speech":
                self._score.speech(entry, str(entry.fields["leg"]))
            case "dtmf.sent":
                self._score.send(entry)
            case "prompt.started":
                self._score.prompt(entry)
            case "prompt.stopped":
                self._score.hush(entry)
            case "beep.heard":
                self._score.beep(entry)

    def frames(self, start_ms: int, end_ms: int) -> list[bytes]:
        """Returns the frames of this stretch of simulated time; less than a frame is left for the next stretch."""
        end_ms -= (end_ms - start_ms) % FRAME_MS
        parts = [part for part in self._score.sorted() if part.end_ms > start_ms]
        self._score.parts = parts
        pcm = b"".join(render(parts, start_ms, end_ms))
        size = self.bytes_in(FRAME_MS)
        sound = resample(pcm, RATE_HZ, self.rate_hz)
        return [sound[first : first + size] for first in range(0, len(sound), size)]

    def bytes_in(self, ms: int) -> int:
        """Returns how many bytes so much sound has."""
        return ms * self.rate_hz // 1000 * SAMPLE_BYTES


def resample(pcm: bytes, from_hz: int, to_hz: int) -> bytes:
    """Returns sound of one rate at another, by straight lines between samples; half a sample at the end is left out."""
    if from_hz == to_hz:
        return pcm
    pcm = pcm[: len(pcm) // SAMPLE_BYTES * SAMPLE_BYTES]
    count = len(pcm) // SAMPLE_BYTES * to_hz // from_hz
    if not any(pcm):
        return bytes(count * SAMPLE_BYTES)
    samples = from_little_endian(pcm)
    last = len(samples) - 1
    stretched = array("h", bytes(count * SAMPLE_BYTES))
    for index in range(count):
        whole, rest = divmod(index * from_hz, to_hz)
        here = samples[whole]
        stretched[index] = here + (samples[min(whole + 1, last)] - here) * rest // to_hz
    return little_endian(stretched)
