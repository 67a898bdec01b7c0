"""The header of a WAV file whose length is known before its samples are; they follow it as they come."""

import struct

from sinch_simulator.products.voice.audio.tones import BYTES_PER_MS, RATE_HZ

HEADER_BYTES = 44
_PCM = 1
_SAMPLE_BYTES = 2


def header(samples: int) -> bytes:
    """RIFF, format and data chunk of 16-bit mono at 8 kHz."""
    data = samples * _SAMPLE_BYTES
    form = struct.pack("<HHIIHH", _PCM, 1, RATE_HZ, RATE_HZ * _SAMPLE_BYTES, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES)
    riff = struct.pack("<4sI4s4sI", b"RIFF", 36 + data, b"WAVE", b"fmt ", len(form))
    return riff + form + struct.pack("<4sI", b"data", data)


def wav_bytes(length_ms: int) -> int:
    """How long the file of a recording of this length is."""
    return HEADER_BYTES + length_ms * BYTES_PER_MS
