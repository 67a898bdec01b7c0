"""A score as sound: piece by piece on the simulated time line, so that silence costs next to nothing.

A recording of four hours is written without ever being in memory; only what sounds at the moment is.
"""

from collections.abc import Iterator, Sequence

from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.audio.score import Kind, Part
from sinch_simulator.products.voice.audio.speech import Voice, hum
from sinch_simulator.products.voice.audio.tones import (
    BYTES_PER_MS,
    SAMPLES_PER_MS,
    Clip,
    Source,
    beep,
    dtmf,
    file_played,
    from_little_endian,
    little_endian,
    music,
    ringing,
)
from sinch_simulator.products.voice.audio.wav import header

PIECE_MS = 1000
_SILENCE = bytes(PIECE_MS * BYTES_PER_MS)
_LOUDEST = 32767


@frozen
class _Sounding:
    part: Part
    source: Source


def render_wav(parts: Sequence[Part], start_ms: int, end_ms: int, voice: Voice = hum) -> Iterator[bytes]:
    """A WAV file of this stretch of the world's time: its header, then its samples in pieces of at most a second."""
    yield header((end_ms - start_ms) * SAMPLES_PER_MS)
    yield from render(parts, start_ms, end_ms, voice)


def render(parts: Sequence[Part], start_ms: int, end_ms: int, voice: Voice = hum) -> Iterator[bytes]:
    """The samples of this stretch; ``parts`` are sorted by their beginning."""
    speakers = speakers_of(parts, start_ms, end_ms)
    waiting = iter(parts)
    upcoming = next(waiting, None)
    sounding: list[_Sounding] = []
    for piece_ms in range(start_ms, end_ms, PIECE_MS):
        until_ms = min(piece_ms + PIECE_MS, end_ms)
        while upcoming is not None and upcoming.start_ms < until_ms:
            if upcoming.end_ms > piece_ms:
                sounding.append(_Sounding(upcoming, _source(upcoming, voice, speakers)))
            upcoming = next(waiting, None)
        if sounding:
            yield _mix(sounding, piece_ms, until_ms)
            sounding = [each for each in sounding if each.part.end_ms > until_ms]
        else:
            yield _SILENCE[: (until_ms - piece_ms) * BYTES_PER_MS]


def speakers_of(parts: Sequence[Part], start_ms: int, end_ms: int) -> dict[str, int]:
    """Who speaks within this stretch, numbered by when they first do."""
    speakers: dict[str, int] = {}
    for part in parts:
        if part.kind is Kind.SPEECH and part.start_ms < end_ms and part.end_ms > start_ms:
            speakers.setdefault(part.speaker, len(speakers) + 1)
    return speakers


def _source(part: Part, voice: Voice, speakers: dict[str, int]) -> Source:
    match part.kind:
        case Kind.SPEECH:
            return Clip(voice(part.text, part.locale, part.length_ms, speakers.get(part.speaker, 1)))
        case Kind.FILE:
            return file_played()
        case Kind.MUSIC:
            return music(part.text)
        case Kind.RINGING:
            return ringing()
        case Kind.KEY:
            return dtmf(part.text)
        case Kind.BEEP:
            return beep()
        case Kind.SOUND:
            return Clip(part.pcm)


def _mix(sounding: list[_Sounding], piece_ms: int, until_ms: int) -> bytes:
    """One piece. Only where two sounds overlap is anything computed sample by sample."""
    mixed = bytearray((until_ms - piece_ms) * BYTES_PER_MS)
    filled = 0
    for each in sorted(sounding, key=lambda each: each.part.start_ms):
        first_ms = max(piece_ms, each.part.start_ms)
        last_ms = min(until_ms, each.part.end_ms)
        pcm = each.source.read((first_ms - each.part.start_ms) * SAMPLES_PER_MS, (last_ms - first_ms) * SAMPLES_PER_MS)
        start = (first_ms - piece_ms) * BYTES_PER_MS
        end = start + len(pcm)
        both = max(start, min(end, filled))
        mixed[start:both] = summed(bytes(mixed[start:both]), pcm[: both - start])
        mixed[both:end] = pcm[both - start :]
        filled = max(filled, end)
    return bytes(mixed)


def summed(one: bytes, other: bytes) -> bytes:
    """Two sounds that are heard at once; the second is not longer than the first."""
    if not one:
        return b""
    samples = from_little_endian(one)
    for index, sample in enumerate(from_little_endian(other)):
        total = samples[index] + sample
        samples[index] = max(-_LOUDEST, min(_LOUDEST, total))
    return little_endian(samples)
