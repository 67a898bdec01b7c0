"""Ears for tests: a detector of keys that shares nothing with what makes the tones."""

import io
import math
import wave
from itertools import pairwise

LOW = {697: 0, 770: 1, 852: 2, 941: 3}
HIGH = {1209: 0, 1336: 1, 1477: 2}
KEYS = ["123", "456", "789", "*0#"]
BLOCK = 160  # 20 ms


def power(block: list[int], frequency: float, rate: int) -> float:
    """Goertzel: how much of one frequency there is, from 0 to the block's loudness squared."""
    coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
    before = previous = 0.0
    for sample in block:
        before, previous = previous, sample + coefficient * previous - before
    return (before**2 + previous**2 - coefficient * before * previous) / (len(block) / 2) ** 2


def samples_of(wav: bytes) -> tuple[int, list[int]]:
    """The rate and the samples of a file of one channel and 16 bits."""
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        frames = file.readframes(file.getnframes())
        assert len(frames) == 2 * file.getnframes()
        return file.getframerate(), [
            int.from_bytes(frames[at : at + 2], "little", signed=True) for at in range(0, len(frames), 2)
        ]


def key_in(block: list[int], rate: int) -> str | None:
    """The key whose two tones are in a block, if both are loud."""
    low = {frequency: power(block, frequency, rate) for frequency in LOW}
    high = {frequency: power(block, frequency, rate) for frequency in HIGH}
    best_low, best_high = max(low, key=low.__getitem__), max(high, key=high.__getitem__)
    threshold = 3000**2
    if low[best_low] < threshold or high[best_high] < threshold:
        return None
    return KEYS[LOW[best_low]][HIGH[best_high]]


def keys_in(wav: bytes) -> list[tuple[float, str]]:
    """The keys of a WAV file, each with the second at which its tone begins, within a block of 20 ms."""
    rate, samples = samples_of(wav)
    heard = [key_in(samples[at : at + BLOCK], rate) for at in range(0, len(samples) - BLOCK + 1, BLOCK)]
    return [
        (round(number * BLOCK / rate, 3), key)
        for number, (before, key) in enumerate(pairwise([None, *heard]))
        if key is not None and key != before
    ]
