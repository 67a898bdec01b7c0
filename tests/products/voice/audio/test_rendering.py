"""The file of a recording: a valid WAV of the right length, whatever the journal says, with every key in its place."""

import io
import time
import tracemalloc
import wave
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.journal import Entry
from sinch_simulator.products.voice.audio.rendering import render, render_wav
from sinch_simulator.products.voice.audio.score import score_of_call, score_of_call_in_rooms, score_of_room
from sinch_simulator.products.voice.audio.speech import hum, words_of
from sinch_simulator.products.voice.audio.transcript import transcript_of
from sinch_simulator.products.voice.audio.wav import wav_bytes
from support.ears import keys_in


def lines(*about: tuple[int, str, dict[str, Any]], call_id: str = "call") -> list[Entry]:
    return [Entry(number, at, kind, call_id, fields) for number, (at, kind, fields) in enumerate(about, 1)]


def wav_of(entries: list[Entry], start_ms: int, end_ms: int) -> bytes:
    return b"".join(render_wav(score_of_call(entries), start_ms, end_ms))


def loudness(wav: bytes, start_ms: int, end_ms: int) -> int:
    with wave.open(io.BytesIO(wav)) as file:
        file.setpos(start_ms * 8)
        frames = file.readframes((end_ms - start_ms) * 8)
    return max(abs(int.from_bytes(frames[at : at + 2], "little", signed=True)) for at in range(0, len(frames), 2))


def test_every_key_is_heard_at_its_time() -> None:
    pressed = [(1000 + 400 * number, key) for number, key in enumerate("1234567890*#")]
    entries = lines(*((at, "digit.pressed", {"leg": "caller", "digit": key}) for at, key in pressed))
    assert keys_in(wav_of(entries, 0, 7000)) == [(at / 1000, key) for at, key in pressed]


def test_keys_at_one_instant_are_laid_out_one_after_the_other() -> None:
    entries = lines(*((500, "digit.pressed", {"leg": "caller", "digit": key}) for key in "112#"))
    assert keys_in(wav_of(entries, 0, 2000)) == [(0.5, "1"), (0.7, "1"), (0.9, "2"), (1.1, "#")]


def test_a_key_that_the_other_side_hears_is_one_key() -> None:
    entries = lines(
        (100, "digit.pressed", {"leg": "caller", "digit": "5"}),
        (100, "dtmf.sent", {"leg": "callee", "digits": "5"}),
        (900, "dtmf.sent", {"leg": "callee", "digits": "5w5"}),
    )
    assert keys_in(wav_of(entries, 0, 2000)) == [(0.1, "5"), (0.9, "5"), (1.6, "5")]


def test_a_key_is_found_while_a_prompt_plays() -> None:
    prompt = {"leg": "caller", "text": "Press a key whenever you like", "seconds": 3, "locale": "en-US"}
    entries = lines(
        (0, "prompt.started", prompt),
        (1000, "digit.pressed", {"leg": "caller", "digit": "7"}),
    )
    assert keys_in(wav_of(entries, 0, 3000)) == [(1.0, "7")]


def test_a_prompt_that_is_cut_short_falls_silent() -> None:
    prompt = {"leg": "caller", "text": "one two three four five", "seconds": 4, "locale": "en-US"}
    cut = lines((0, "prompt.started", prompt), (1500, "prompt.stopped", {"leg": "caller"}))
    wav = wav_of(cut, 0, 4000)
    assert loudness(wav, 0, 1500) > 1000
    assert loudness(wav, 1500, 4000) == 0


def test_somebody_is_heard_ringing_until_the_answer() -> None:
    entries = lines(
        (0, "leg.invited", {"leg": "callee", "to": {}, "cli": ""}),
        (7000, "leg.answered", {"leg": "callee", "as": "human"}),
    )
    wav = wav_of(entries, 0, 9000)
    assert loudness(wav, 0, 2000) > 1000
    assert loudness(wav, 2000, 6000) == 0
    assert loudness(wav, 6000, 7000) > 1000
    assert loudness(wav, 7000, 9000) == 0


def test_a_beep_is_a_thousand_hertz_and_one_beep_though_two_lines_tell_of_it() -> None:
    once = lines((500, "beep", {"leg": "callee"}))
    twice = lines((500, "beep", {"leg": "callee"}), (500, "beep.heard", {"leg": "caller"}))
    wav = wav_of(once, 0, 2000)
    assert wav == wav_of(twice, 0, 2000)
    with wave.open(io.BytesIO(wav)) as file:
        file.setpos(500 * 8)
        frames = file.readframes(100 * 8)
    samples = [int.from_bytes(frames[at : at + 2], "little", signed=True) for at in range(0, len(frames), 2)]
    rises = sum(before < 0 <= after for before, after in pairwise(samples))
    assert rises in (99, 100)


def test_only_what_falls_into_the_recording_is_in_the_file() -> None:
    pressed = [(500, "1"), (1500, "2"), (2500, "3")]
    entries = lines(*((at, "digit.pressed", {"leg": "caller", "digit": key}) for at, key in pressed))
    assert keys_in(wav_of(entries, 1000, 2000)) == [(0.5, "2")]


def test_the_same_prompt_to_both_ends_is_heard_once() -> None:
    prompt = {"text": "hello both", "seconds": 1, "locale": "en-US"}
    one = lines((0, "prompt.started", {**prompt, "leg": "caller"}))
    both = lines((0, "prompt.started", {**prompt, "leg": "caller"}), (0, "prompt.started", {**prompt, "leg": "callee"}))
    assert wav_of(one, 0, 1000) == wav_of(both, 0, 1000)


def test_a_room_holds_who_is_there_and_neither_muted_nor_away() -> None:
    room = {"conferenceId": "room"}
    entries = [
        Entry(1, 0, "conference.joined", "a", room),
        Entry(2, 0, "conference.joined", "b", room),
        Entry(3, 100, "speech", "a", {"leg": "caller", "text": "good morning"}),
        Entry(4, 200, "conference.muted", "b", room),
        Entry(5, 300, "speech", "b", {"leg": "caller", "text": "nobody hears this"}),
        Entry(6, 3000, "digit.pressed", "a", {"leg": "caller", "digit": "4"}),
        Entry(7, 3000, "dtmf.sent", "b", {"leg": "caller", "digits": "4"}),
        Entry(8, 3000, "dtmf.sent", "c", {"leg": "caller", "digits": "4"}),
        Entry(9, 4000, "conference.left", "a", room),
        Entry(10, 4100, "speech", "a", {"leg": "caller", "text": "gone"}),
        Entry(11, 5000, "conference.unmuted", "b", room),
        Entry(12, 5100, "speech", "b", {"leg": "caller", "text": "now I speak"}),
    ]
    parts = score_of_room(entries, "room")
    said = transcript_of(parts, 0, 9000)
    assert said["text"] == "good morning now I speak"
    assert keys_in(b"".join(render_wav(parts, 0, 9000))) == [(3.0, "4")]


def test_a_call_in_a_room_hears_the_others_while_it_is_there() -> None:
    room = {"conferenceId": "room"}
    entries = [
        Entry(1, 0, "conference.joined", "b", room),
        Entry(2, 100, "speech", "b", {"leg": "caller", "text": "before"}),
        Entry(3, 2000, "conference.joined", "a", room),
        Entry(4, 2100, "speech", "b", {"leg": "caller", "text": "hello Anna"}),
        Entry(5, 4000, "speech", "a", {"leg": "caller", "text": "hello Ben"}),
        Entry(6, 6000, "conference.left", "a", room),
        Entry(7, 6100, "speech", "b", {"leg": "caller", "text": "after"}),
    ]
    own = [entry for entry in entries if entry.subject == "a"]
    parts = score_of_call_in_rooms("a", own, {"room": entries})
    assert transcript_of(parts, 0, 9000)["text"] == "hello Anna hello Ben"


def test_a_transcript_has_the_words_that_were_spoken_and_when() -> None:
    entries = lines(
        (1000, "prompt.started", {"leg": "caller", "text": "Hello and welcome", "seconds": 1.5, "locale": "en-US"}),
        (4000, "speech", {"leg": "caller", "text": "sales"}),
        (6000, "prompt.started", {"leg": "caller", "text": "aaaa bbbb cccc dddd", "seconds": 4, "locale": "en-US"}),
        (7500, "prompt.stopped", {"leg": "caller"}),
    )
    assert transcript_of(score_of_call(entries), 500, 9000) == {
        "text": "Hello and welcome sales aaaa bbbb",
        "lines": [
            {"timestamp": 0.5, "speakerLabel": "Speaker 1", "text": "Hello and welcome"},
            {"timestamp": 3.5, "speakerLabel": "Speaker 2", "text": "sales"},
            {"timestamp": 5.5, "speakerLabel": "Speaker 1", "text": "aaaa bbbb"},
        ],
    }


LEGS = st.sampled_from(["caller", "callee"])
TEXTS = st.text(max_size=40)
KEYS = "0123456789*#"


def line_of(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(kind), st.fixed_dictionaries({"leg": LEGS, **fields}))


LINES = st.one_of(
    line_of(
        "prompt.started", text=TEXTS, seconds=st.integers(0, 20_000).map(lambda ms: ms / 1000), locale=st.just("en-US")
    ),
    line_of("prompt.started", text=TEXTS, seconds=st.just(3.0)),
    line_of("prompt.started", text=TEXTS, looping=st.just(True)),
    line_of("prompt.stopped"),
    line_of("digit.pressed", digit=st.sampled_from(KEYS)),
    line_of("dtmf.sent", digits=st.text(KEYS + "w", max_size=6)),
    line_of("beep"),
    line_of("beep.heard"),
    line_of("leg.invited"),
    line_of("leg.answered"),
    line_of("leg.released"),
    line_of("speech", text=TEXTS),
    line_of("call.ended"),
)


@given(
    st.lists(st.tuples(st.integers(0, 6000), LINES), max_size=12),
    st.integers(0, 4000),
    st.integers(0, 4000),
)
@settings(max_examples=60, deadline=None)
def test_any_lines_give_a_valid_file_of_the_right_length(
    about: list[tuple[int, tuple[str, dict[str, Any]]]], start_ms: int, length_ms: int
) -> None:
    about.sort(key=lambda item: item[0])
    entries = lines(*((at, kind, fields) for at, (kind, fields) in about))
    wav = wav_of(entries, start_ms, start_ms + length_ms)
    assert len(wav) == wav_bytes(length_ms)
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnframes(), file.getframerate()) == (length_ms * 8, 8000)
    parts = score_of_call(entries)
    whole = b"".join(render(parts, start_ms, start_ms + length_ms))
    assert whole == wav[44:]
    told = transcript_of(parts, start_ms, start_ms + length_ms)["lines"]
    assert isinstance(told, list)
    assert all(0 <= line["timestamp"] <= length_ms / 1000 for line in told)


@given(st.text(max_size=200), st.integers(0, 20_000), st.integers(1, 9))
@settings(max_examples=80, deadline=None)
def test_a_stand_in_voice_takes_exactly_its_time(text: str, duration_ms: int, speaker: int) -> None:
    assert len(hum(text, "en-US", duration_ms, speaker)) == duration_ms * 16
    assert " ".join(word.text for word in words_of(text, duration_ms)) == " ".join(text.split())


def test_four_hours_take_seconds_and_hardly_any_memory() -> None:
    prompt = {"leg": "caller", "text": "are you still there", "seconds": 2, "locale": "en-US"}
    entries = lines(*((minute * 60_000, "prompt.started", prompt) for minute in range(240)))
    parts = score_of_call(entries)
    tracemalloc.start()
    began = time.process_time()
    written = sum(len(piece) for piece in render_wav(parts, 0, 14_400_000))
    took_s = time.process_time() - began
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written == wav_bytes(14_400_000)
    assert took_s < 10
    assert most_bytes < 10_000_000
