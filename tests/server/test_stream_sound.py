"""The sound of streams: resampled, and cut into frames."""

from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.journal import Entry
from sinch_simulator.phones.signals import LegName
from sinch_simulator.server.voice_io.streams.frames import StreamSound, resample


@settings(max_examples=40, deadline=None)
@given(
    rates=st.permutations((8000, 16000, 24000, 44100, 48000, 96000)),
    samples=st.lists(st.integers(-32768, 32767), min_size=8, max_size=160),
)
def test_resampling_keeps_the_length_in_time_and_the_loudness(rates: list[int], samples: list[int]) -> None:
    stretched = array("h", resample(array("h", samples).tobytes(), rates[0], rates[1]))
    assert len(stretched) == len(samples) * rates[1] // rates[0]
    assert all(min(samples) <= sample <= max(samples) for sample in stretched)


def test_frames_of_every_rate_last_20_ms() -> None:
    for rate, size in ((8000, 320), (16000, 640), (24000, 960), (44100, 1764), (48000, 1920), (96000, 3840)):
        sound = StreamSound(LegName.CALLEE, rate)
        sound.listen([Entry(1, 0, "digit.pressed", "a call", {"leg": "caller", "digit": "1"})])
        frames = sound.frames(0, 110)
        assert [len(frame) for frame in frames] == [size] * 5
        assert all(any(frame) for frame in frames)
