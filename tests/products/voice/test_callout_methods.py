"""What is particular to ttsCallout, conferenceCallout and customCallout."""

import json

import pytest

from sinch_simulator.core.errors import ErrorCode
from sinch_simulator.products.voice.callouts.reading import Callout, read_callout
from sinch_simulator.products.voice.callouts.shapes import CalloutMethod
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.svaml.model import (
    ConferenceDtmf,
    ConferenceDtmfMode,
    Continue,
    Hangup,
    PromptKind,
    Svaml,
)
from support.callout_bodies import CONTINUE, HANGUP, accepted, read, refused_with, told

# ---- ttsCallout -------------------------------------------------------------------------------------------------


def test_text_is_spoken_as_it_is_written() -> None:
    (prompt,) = accepted("ttsCallout", text="Press [1]; or #tts[2]", locale="sv-SE").prompts
    assert (prompt.kind, prompt.text, prompt.locale) == (PromptKind.TTS, "Press [1]; or #tts[2]", "sv-SE")
    assert prompt.duration_ms > 0


def test_prompts_are_a_list_of_speech_files_and_urls() -> None:
    written = "#tts[Hello];#ssml[<speak>Hi</speak>];#href[https://x.example/a.mp3];https://x.example/b.mp3;beep.wav"
    prompts = accepted("ttsCallout", text=..., prompts=written).prompts
    assert [(prompt.kind, prompt.text) for prompt in prompts] == [
        (PromptKind.TTS, "Hello"),
        (PromptKind.SSML, "Hi"),
        (PromptKind.URL, "https://x.example/a.mp3"),
        (PromptKind.URL, "https://x.example/b.mp3"),
        (PromptKind.FILE, "beep.wav"),
    ]


def test_prompts_win_over_text() -> None:
    callout, found = told("ttsCallout", "TEXT_IGNORED", prompts="#tts[Listed]")
    assert [prompt.text for prompt in callout.prompts] == ["Listed"]
    assert found.path == "ttsCallout.text"


@pytest.mark.parametrize("prose", ["Hello, this is a call from Sinch.", "welcome"])
def test_bare_words_in_prompts_are_spoken_with_a_warning(prose: str) -> None:
    callout, found = told("ttsCallout", "PROMPT_NOT_FILE", text=..., prompts=prose)
    assert [(prompt.kind, prompt.text) for prompt in callout.prompts] == [(PromptKind.TTS, prose)]
    assert found.hint == f"write #tts[{prose}]"


def test_malformed_ssml_is_spoken_with_a_warning() -> None:
    callout, found = told("ttsCallout", "SSML_MALFORMED", text=..., prompts="#ssml[<speak>Hi]")
    assert callout.prompts
    assert found.path == "ttsCallout.prompts"


@pytest.mark.parametrize("prompts", ["#tts[Hello", "#tss[Hello]", "#tts Hello", ";", " ; "])
def test_prompts_that_cannot_be_read_are_refused(prompts: str) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, "ttsCallout.prompts", "ttsCallout", text=..., prompts=prompts)


def test_at_most_600_characters_are_spoken() -> None:
    assert accepted("ttsCallout", text="x" * 600).prompts
    assert accepted("ttsCallout", text=..., prompts=f"#tts[{'x' * 300}];#tts[{'x' * 300}];https://{'x' * 700}").prompts
    refused_with(ErrorCode.INVALID_PARAMETER, "ttsCallout.text", "ttsCallout", text="x" * 601)
    too_long = f"#tts[{'x' * 300}];#tts[{'x' * 301}]"
    refused_with(ErrorCode.INVALID_PARAMETER, "ttsCallout.prompts", "ttsCallout", text=..., prompts=too_long)
    refused_with(ErrorCode.INVALID_PARAMETER, "ttsCallout.prompts", "ttsCallout", text=..., prompts="word " * 121)


@pytest.mark.parametrize("nothing", [..., None, "", "  "])
def test_a_tts_callout_says_something_or_lets_the_app_decide(nothing: object) -> None:
    error = refused_with(ErrorCode.MISSING_PARAMETER, "ttsCallout.text", "ttsCallout", text=nothing, prompts=nothing)
    assert accepted("ttsCallout", text=nothing, prompts=nothing, dtmf="1w2").prompts == ()
    assert "enableAce" in error.hint
    assert accepted("ttsCallout", text=nothing, prompts=nothing, enableAce=True).prompts == ()


@pytest.mark.parametrize("name", ["text", "prompts"])
def test_speech_is_a_string(name: str) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"ttsCallout.{name}", "ttsCallout", **{name: ["#tts[Hello]"]})


# ---- conferenceCallout ------------------------------------------------------------------------------------------


def test_a_conference_callout_names_its_room() -> None:
    assert accepted("conferenceCallout", conferenceId="x" * 64).conference_id == "x" * 64
    callout, found = told("conferenceCallout", "CONFERENCE_ID_LENGTH", conferenceId="x" * 128)
    assert (callout.conference_id, found.path) == ("x" * 128, "conferenceCallout.conferenceId")
    for nothing in (..., None, "", " "):
        refused_with(
            ErrorCode.MISSING_PARAMETER, "conferenceCallout.conferenceId", "conferenceCallout", conferenceId=nothing
        )
    wrongs: list[object] = ["x" * 129, True, {}]
    for wrong in wrongs:
        refused_with(
            ErrorCode.INVALID_PARAMETER, "conferenceCallout.conferenceId", "conferenceCallout", conferenceId=wrong
        )


def test_a_greeting_is_spoken_in_the_locale() -> None:
    (prompt,) = accepted("conferenceCallout", greeting="Välkommen", locale="sv-SE").greeting
    assert (prompt.text, prompt.locale) == ("Välkommen", "sv-SE")
    assert accepted("conferenceCallout").greeting == accepted("conferenceCallout", greeting="").greeting == ()
    wrongs: list[object] = ["x" * 601, True]
    for wrong in wrongs:
        refused_with(ErrorCode.INVALID_PARAMETER, "conferenceCallout.greeting", "conferenceCallout", greeting=wrong)


@pytest.mark.parametrize("moh", ["ring", "music1", "music2", "music3"])
def test_the_music_for_who_is_alone(moh: str) -> None:
    assert accepted("conferenceCallout", mohClass=moh).moh == moh
    assert told("conferenceCallout", "CASE", mohClass=moh.upper())[0].moh == moh
    assert accepted("conferenceCallout").moh is None
    wrongs: list[object] = ["music4", "", 1, []]
    for wrong in wrongs:
        refused_with(ErrorCode.INVALID_PARAMETER, "conferenceCallout.mohClass", "conferenceCallout", mohClass=wrong)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (None, ConferenceDtmf(ConferenceDtmfMode.IGNORE, 1, 3000)),
        ({}, ConferenceDtmf(ConferenceDtmfMode.IGNORE, 1, 3000)),
        ({"mode": "forward"}, ConferenceDtmf(ConferenceDtmfMode.FORWARD)),
        ({"mode": "detect", "maxDigits": 4, "timeoutMills": 500}, ConferenceDtmf(ConferenceDtmfMode.DETECT, 4, 500)),
        ({"maxDigits": 2, "timeoutMills": 500}, ConferenceDtmf(ConferenceDtmfMode.IGNORE, 2, 500)),
    ],
)
def test_keys_in_a_conference(options: object, expected: ConferenceDtmf) -> None:
    assert accepted("conferenceCallout", conferenceDtmfOptions=options).conference_dtmf == expected


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        ("detect", "conferenceDtmfOptions"),
        ({"mode": "listen"}, "conferenceDtmfOptions.mode"),
        ({"maxDigits": 0}, "conferenceDtmfOptions.maxDigits"),
        ({"timeoutMills": "soon"}, "conferenceDtmfOptions.timeoutMills"),
    ],
)
def test_keys_in_a_conference_that_cannot_be(options: object, parameter: str) -> None:
    refused_with(
        ErrorCode.INVALID_PARAMETER,
        f"conferenceCallout.{parameter}",
        "conferenceCallout",
        conferenceDtmfOptions=options,
    )


# ---- customCallout ----------------------------------------------------------------------------------------------


EVENTS = [("ice", CallbackEvent.ICE), ("ace", CallbackEvent.ACE), ("pie", CallbackEvent.PIE)]
EVERY_EVENT = [*EVENTS, ("dice", CallbackEvent.DICE)]


def test_a_custom_callout_may_be_empty() -> None:
    callout = read_callout({"method": "customCallout", "customCallout": {}}, ()).callout
    assert callout == Callout(CalloutMethod.CUSTOM, None)


@pytest.mark.parametrize(("name", "event"), EVERY_EVENT)
@pytest.mark.parametrize("url", ["http://localhost:8000/x?y=1", " https://app.example.com ", "HTTPS://app.example.com"])
def test_an_event_may_have_a_url(name: str, event: CallbackEvent, url: str) -> None:
    callout = accepted("customCallout", **{name: url})
    assert callout.urls == {event: url.strip()}
    assert callout.documents == {}
    assert callout.destination is not None


@pytest.mark.parametrize(("name", "event"), EVENTS)
def test_an_event_may_have_its_reply_inline(name: str, event: CallbackEvent) -> None:
    callout = accepted("customCallout", destination=..., cli=..., **{name: f" {HANGUP} "})
    assert callout.documents == {event: Svaml(Hangup())}
    assert callout.urls == {}


@pytest.mark.parametrize("document", ["{}", HANGUP])
def test_an_inline_reply_to_dice_means_that_no_callback_goes_out(document: str) -> None:
    assert CallbackEvent.DICE in read("customCallout", dice=document).callout.documents


@pytest.mark.parametrize(("name", "event"), EVERY_EVENT)
@pytest.mark.parametrize("blank", ["", "  ", None, ...])
def test_a_blank_event_goes_to_the_callback_url(name: str, event: CallbackEvent, blank: object) -> None:
    callout = accepted("customCallout", **{name: blank})
    assert event not in callout.urls
    assert event not in callout.documents


def test_an_inline_object_is_taken_with_a_warning() -> None:
    callout, found = told("customCallout", "SVAML_NOT_STRING", ace={"action": {"name": "continue"}})
    assert callout.documents == {CallbackEvent.ACE: Svaml(Continue())}
    assert found.path == "customCallout.ace"


@pytest.mark.parametrize(("name", "event"), EVENTS)
@pytest.mark.parametrize("wrong", ['{"action":', '{"action":{"name":"dance"}}', {"action": {"name": "dance"}}])
def test_illegal_svaml_is_refused_with_its_first_fault(name: str, event: CallbackEvent, wrong: object) -> None:
    error = refused_with(ErrorCode.INVALID_PARAMETER, f"customCallout.{name}", "customCallout", **{name: wrong})
    assert len(error.message) > len(f"Invalid parameter 'customCallout.{name}': ")
    if "dance" in str(wrong):
        assert "action.name: " in error.message


@pytest.mark.parametrize(("name", "event"), EVERY_EVENT)
def test_an_inline_document_must_be_json(name: str, event: CallbackEvent) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"customCallout.{name}", "customCallout", **{name: "{oops"})


def test_a_refused_object_says_what_becomes_of_the_request_and_not_of_a_call() -> None:
    document = {"action": {"name": "dance"}}
    as_object = refused_with(ErrorCode.INVALID_PARAMETER, "customCallout.ice", "customCallout", ice=document)
    as_text = refused_with(ErrorCode.INVALID_PARAMETER, "customCallout.ice", "customCallout", ice=json.dumps(document))
    assert as_object.message == as_text.message


def test_svaml_is_read_for_its_event() -> None:
    assert accepted("customCallout", ace=CONTINUE).documents == {CallbackEvent.ACE: Svaml(Continue())}
    refused_with(ErrorCode.INVALID_PARAMETER, "customCallout.ice", "customCallout", ice=CONTINUE)


def test_what_is_told_about_inline_svaml_has_a_path_into_the_request() -> None:
    document = '{"instructions":[{"name":"say","text":"Hi","lokale":"en-US"}],"action":{"name":"hangup"}}'
    _, found = told("customCallout", "UNKNOWN_PROPERTY", ace=document)
    assert found.path == "customCallout.ace.instructions[0].lokale"


@pytest.mark.parametrize(
    "wrong",
    [
        "ftp://x.example",
        "app.example.com/ice",
        "http://",
        "http://[",
        "http://x:99999/",
        "http://a b/",
        "[]",
        1,
        True,
        [],
    ],
)
@pytest.mark.parametrize(("name", "event"), EVERY_EVENT)
def test_an_event_that_is_neither_svaml_nor_url_is_refused(name: str, event: CallbackEvent, wrong: object) -> None:
    refused_with(ErrorCode.INVALID_PARAMETER, f"customCallout.{name}", "customCallout", **{name: wrong})


def test_an_inline_ice_decides_whom_to_call() -> None:
    result = read("customCallout", ice='{"action":{"name":"connectPstn","number":"+14045009000","cli":"+14045001000"}}')
    assert (result.callout.destination, result.callout.cli) == (None, None)
    ignored = [found.path for found in result.diagnostics if found.code == "ICE_DECIDES"]
    assert ignored == ["customCallout.destination", "customCallout.cli"]


@pytest.mark.parametrize("flag", ["enableAce", "enableDice", "enablePie"])
def test_flags_mean_nothing_on_a_custom_callout(flag: str) -> None:
    callout, found = told("customCallout", "FLAG_IGNORED", **{flag: True})
    assert callout == accepted("customCallout")
    assert found.path == f"customCallout.{flag}"
