"""Prompt strings: what is heard, for how long, and where a string that cannot be read goes wrong."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.locales import GENDERED, LOCALES, VOICES, known_locale
from sinch_simulator.core.speech import FILE_MS
from sinch_simulator.products.voice.svaml.model import Prompt, PromptKind
from sinch_simulator.products.voice.svaml.prompts import (
    PromptSyntaxError,
    read_prompt_list,
    read_prompts,
    spoken_characters,
    spoken_prompt,
)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("#tts[Hello]", [(PromptKind.TTS, "Hello")]),
        ("#TTS[Hello]", [(PromptKind.TTS, "Hello")]),
        ("#ssml[<speak>Hello <b>you</b></speak>]", [(PromptKind.SSML, "Hello you")]),
        ("#ssml[Hello &amp; <break/>goodbye]", [(PromptKind.SSML, "Hello & goodbye")]),
        ("#href[https://example.com/a.mp3]", [(PromptKind.URL, "https://example.com/a.mp3")]),
        ("#href[https://example.com/?a=1;b=2]", [(PromptKind.URL, "https://example.com/?a=1;b=2")]),
        ("https://example.com/a.mp3", [(PromptKind.URL, "https://example.com/a.mp3")]),
        ("welcome", [(PromptKind.FILE, "welcome")]),
        ("#tts[One; two];three", [(PromptKind.TTS, "One; two"), (PromptKind.FILE, "three")]),
        (" #tts[One] ; #tts[Two] ; ", [(PromptKind.TTS, "One"), (PromptKind.TTS, "Two")]),
        ("#tts[press [1] now]", [(PromptKind.TTS, "press [1] now")]),
        (r"#tts[a \] and a \[]", [(PromptKind.TTS, "a ] and a [")]),
        (r"#tts[C:\temp]", [(PromptKind.TTS, r"C:\temp")]),
        ("", []),
        (" ; ;", []),
    ],
)
def test_a_prompt_string_says_what_is_heard(text: str, heard: list[tuple[PromptKind, str]]) -> None:
    assert [(prompt.kind, prompt.text) for prompt in read_prompts(text)] == heard


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("#tts[Hello", 4, "expected ]"),
        ("#tts[One]#tts[Two]", 9, "expected ;"),
        ("#tss[One]", 0, "expected #tts[, #ssml[ or #href["),
        ("welcome;#tts Hello", 12, "expected ["),
        ("#", 0, "expected #tts["),
        (r"#tts[Hello\]", 4, "expected ]"),
    ],
)
def test_broken_syntax_is_told_with_its_place(text: str, position: int, words: str) -> None:
    with pytest.raises(PromptSyntaxError) as caught:
        read_prompts(text)
    assert caught.value.position == position
    assert words in str(caught.value)
    assert f"at character {position + 1}" in str(caught.value)


@pytest.mark.parametrize("markup", ["<p>Hello", "Hello</p>", "<p><s>Hello</p></s>", "Hello & goodbye", "a < b"])
def test_malformed_ssml_is_read_without_its_tags(markup: str) -> None:
    read = read_prompt_list(f"#ssml[{markup}]")
    assert read.faults
    assert "<p>" not in read.prompts[0].text
    assert read.prompts[0].duration_ms > 0


def test_well_formed_ssml_has_no_fault() -> None:
    markup = '<?xml version="1.0"?><speak><!-- x --><p>Hi</p><![CDATA[<3]]><sub alias="World">W</sub></speak>'
    read = read_prompt_list(f"#ssml[{markup}]")
    assert read.faults == ()
    assert read.prompts[0].text == "Hi <3W"


def duration(text: str, locale: str = "en-US") -> int:
    (prompt,) = read_prompts(text, locale)
    return prompt.duration_ms


def test_a_break_takes_the_time_it_names() -> None:
    plain = duration("#ssml[Hello]")
    assert duration('#ssml[Hello<break time="500ms"/>]') == plain + 500
    assert duration('#ssml[Hello<break time="1.5s"/>]') == plain + 1500
    assert duration('#ssml[Hello<break strength="x-strong"/>]') == plain + 1200
    assert duration('#ssml[Hello<break strength="none"/>]') == plain


def test_no_break_is_longer_than_ten_seconds() -> None:
    assert duration('#ssml[<break time="999999999s"/>]') == duration('#ssml[<break time="10s"/>]')


def test_a_rate_changes_the_pace_of_the_words_inside() -> None:
    lead = 300
    assert duration('#ssml[<prosody rate="x-fast">Hello</prosody>]') - lead == (duration("#ssml[Hello]") - lead) // 2
    assert duration('#ssml[<prosody rate="50%">Hello</prosody>]') - lead == (duration("#ssml[Hello]") - lead) * 2


def test_what_is_spelled_out_takes_longer() -> None:
    assert duration('#ssml[<say-as interpret-as="digits">1234</say-as>]') > duration("#ssml[1234]")


def test_digits_and_pauses_take_longer_than_letters() -> None:
    assert duration("#tts[Press 1]") > duration("#tts[Press a]")
    assert duration("#tts[One. Two]") == duration("#tts[Onea Two]") + 400
    assert duration("#tts[One, two]") == duration("#tts[Onea two]") + 200


def test_a_language_has_its_own_pace_and_a_voice_that_of_its_language() -> None:
    assert duration("#tts[ab]", "ja-JP") > duration("#tts[ab]", "en-US")
    assert duration("#tts[ab]", "Mizuki") == duration("#tts[ab]", "ja-JP") == duration("#tts[ab]", "ja-JP/male")


def test_files_take_three_seconds_and_silence_takes_time_too() -> None:
    assert duration("welcome") == duration("https://example.com/a.mp3") == FILE_MS
    assert duration("#tts[]") == duration("#ssml[]") == 1


def test_a_prompt_carries_the_locale_that_is_spoken() -> None:
    assert spoken_prompt("Hej", "sv-se").locale == "sv-SE"
    assert spoken_prompt("Hej", "Kimberly").locale == "Kimberly"
    assert spoken_prompt("Hej", "tlh").locale == "en-US"


def test_only_what_is_spoken_counts_as_speech() -> None:
    assert spoken_characters(read_prompts("#tts[four];#href[https://example.com];#ssml[<p>five!</p>];file")) == 9


def test_every_published_locale_and_voice_is_known_in_any_case_and_no_other() -> None:
    page = Path(__file__).parents[3] / "docs" / "platform" / "voices.txt"
    published = [line for line in page.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    names = " ".join(published).split()
    assert {*LOCALES, *GENDERED, *VOICES} == {*names}
    assert len(names) == 267
    for name in names:
        assert known_locale(name) == known_locale(name.upper()) == name
    assert known_locale("Lea") == "Léa"
    assert known_locale("sv-SE/male") is None
    assert known_locale("en-us/FEMALE") == "en-US/female"
    assert known_locale("xx-XX") is None


def test_ssml_beyond_all_limits_is_not_taken_apart() -> None:
    read = read_prompt_list("#ssml[" + '<a "' * 50_000 + "]")
    assert read.faults


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="#tshrefml[];\\<>/\"'& a1.", max_size=60), st.sampled_from(["en-US", "ja-JP", "Emma", "??"]))
def test_any_string_is_prompts_that_take_time_or_a_place_inside_it(text: str, locale: str) -> None:
    prompts: tuple[Prompt, ...] = ()
    position = 0
    try:
        prompts = read_prompts(text, locale)
    except PromptSyntaxError as error:
        position = error.position
    assert 0 <= position <= len(text)
    assert all(prompt.duration_ms > 0 for prompt in prompts)
