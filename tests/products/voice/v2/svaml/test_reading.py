"""SVAML v2 is read as documented: what is legal, what it comes to, and what is said of the rest."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.products.voice.svaml.model import PromptKind
from sinch_simulator.products.voice.v2.svaml.describe import describe
from sinch_simulator.products.voice.v2.svaml.model import (
    BridgeCall,
    Dial,
    Document,
    GoToMenu,
    HandlerName,
    HangUp,
    PhoneAddress,
    PlayMessages,
    RelayDestination,
    RunMenu,
    SipDestination,
    SipOrigin,
    StartRecording,
    StreamDestination,
    Transport,
    name_of,
)
from sinch_simulator.products.voice.v2.svaml.reading import lint_document, read_document, read_reply
from sinch_simulator.products.voice.v2.svaml.shapes import COMMANDS
from support.svaml_v2 import AGENT, DOCUMENTS, HELLO, ONE_OF_EACH, RECORD, Json, dial, menu, say


def read(*commands: Any, **more: Any) -> Document:
    reading = read_document({"commands": list(commands), **more}, strict=True)
    assert reading.document is not None, reading.diagnostics
    assert reading.diagnostics == ()
    return reading.document


def first_error(*commands: Any, strict: bool = False, **more: Any) -> Diagnostic:
    reading = read_document({"commands": list(commands), **more}, strict=strict)
    assert reading.document is None
    return reading.errors[0]


def codes(*commands: Any) -> list[tuple[str, str]]:
    reading = read_document({"commands": list(commands)})
    assert reading.document is not None, reading.diagnostics
    return [(found.code, found.path) for found in reading.diagnostics]


# ---- what documents come to -------------------------------------------------------------------------------------


def test_every_command_is_read_under_its_name() -> None:
    names = [name_of(command) for command in read(*ONE_OF_EACH).commands]
    assert names == [each["command"] for each in ONE_OF_EACH]
    assert {*names, "gotoMenu"} == set(COMMANDS)


def test_a_dial_has_the_defaults_of_the_platform() -> None:
    assert read(dial()).commands == (Dial(PhoneAddress("+14045550101"), None, None, 60_000, 14_400_000, None),)


def test_a_dial_says_whom_how_long_and_what_then() -> None:
    origin = {"type": "SIP", "sip": {"endpoint": "sip:desk@example.com", "displayName": "Desk"}}
    command = dial("agent", dialTimeoutDurationSeconds=20, maxCallDurationSeconds=90, events={"onBusy": []})
    (read_dial,) = read({**command, "from": origin}).commands
    events = {HandlerName.BUSY: ()}
    expected = Dial(
        PhoneAddress("+14045550101"), SipOrigin("sip:desk@example.com", "Desk"), "agent", 20_000, 90_000, events
    )
    assert read_dial == expected


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ({"type": "SIP", "sip": {"endpoint": "sip:a@b"}}, SipDestination("sip:a@b", Transport.UDP)),
        ({"type": "SIP", "sip": {"endpoint": "sips:a@b"}}, SipDestination("sips:a@b", Transport.TLS)),
        (
            {
                "type": "SIP",
                "sip": {"endpoint": "sip:a", "transport": "TCP", "callHeaders": [{"key": "X-A", "value": "1"}]},
            },
            SipDestination("sip:a", Transport.TCP, (("X-A", "1"),)),
        ),
        ({"type": "STREAM", "stream": {"endpoint": "wss://a"}}, StreamDestination("wss://a")),
        (
            {"type": "STREAM", "stream": {"endpoint": "ws://a", "streamOptions": {"sampleRate": 48000}}},
            StreamDestination("ws://a", 48000),
        ),
        (
            {"type": "VOICE_RELAY", "voiceRelay": {"endpoint": "wss://a", "ttsVoice": "Emma", "sttLanguage": "en-GB"}},
            RelayDestination("wss://a", "Emma", "en-GB"),
        ),
    ],
)
def test_destinations(to: Json, expected: object) -> None:
    (command,) = read({"command": "dial", "to": to}).commands
    assert isinstance(command, Dial)
    assert command.to == expected


def test_messages_are_prompts_with_the_language_of_their_voice() -> None:
    texts = [
        {"type": "SAY", "say": {"text": "Bonjour.", "voiceName": "Mathieu"}},
        {"type": "SAY", "say": {"text": "<speak>Hi <break time='1s'/></speak>", "voiceName": "Emma", "format": "SSML"}},
        {"type": "PLAY", "play": {"url": "https://example.com/a.wav"}},
    ]
    (command,) = read({"command": "messages", "messages": texts}).commands
    assert isinstance(command, PlayMessages)
    shown = [(prompt.kind, prompt.text, prompt.locale) for prompt in command.prompts]
    assert shown[0] == (PromptKind.TTS, "Bonjour.", "fr-FR")
    assert shown[1][0] is PromptKind.SSML
    assert shown[1][1].strip() == "Hi"
    assert shown[2][:2] == (PromptKind.URL, "https://example.com/a.wav")
    assert command.prompts[1].duration_ms > 1000


def test_events_that_are_absent_are_not_events_that_are_empty() -> None:
    absent, empty, null = read(say(), say(events={}), say(events=None)).commands
    assert isinstance(absent, PlayMessages)
    assert isinstance(empty, PlayMessages)
    assert isinstance(null, PlayMessages)
    assert (absent.events, empty.events, null.events) == (None, {}, None)


def test_a_menu_keeps_the_order_of_its_matches_and_has_its_defaults() -> None:
    prompt = {"messages": [HELLO], "allowBargeIn": False}
    matches = {"12": [{"command": "hangup"}], "1.": [{"command": "gotoMenu", "menuName": "main"}], r"\*": []}
    (command,) = read(menu(matches, prompt=prompt, maximumInputLength=2)).commands
    assert isinstance(command, RunMenu)
    item = command.menus["main"]
    assert [(match.key, match.commands) for match in item.matches] == [
        ("12", (HangUp(),)),
        ("1.", (GoToMenu("main"),)),
        (r"\*", ()),
    ]
    assert item.prompt is not None
    assert item.repeat_prompt == item.prompt
    assert item.prompt.barge_in is False
    assert (item.input_timeout_ms, item.repeats, item.minimum_length, item.maximum_length) == (5000, 2, 1, 2)
    assert (item.terminator, item.on_failure) == (None, None)


@pytest.mark.parametrize("name", ["onFailure", "onFail"])
def test_what_follows_a_menu_without_a_match_has_two_names(name: str) -> None:
    (command,) = read(menu({}, **{name: [{"command": "hangup"}]})).commands
    assert isinstance(command, RunMenu)
    assert command.menus["main"].on_failure == (HangUp(),)


def test_a_recording_says_where_and_how() -> None:
    options = {**RECORD["recordingOptions"], "format": "WAV", "recordingType": "INBOUND"}
    options["transcriptionOptions"] = {"isEnabled": True}
    plain, full = read(
        RECORD, {"command": "pause", "durationMilliseconds": 1}, {**RECORD, "recordingOptions": options}
    ).commands[::2]
    assert isinstance(plain, StartRecording)
    assert isinstance(full, StartRecording)
    assert (plain.format, plain.side.value, plain.transcription_locale) == ("MP3", "COMBINED", None)
    assert (full.format, full.side.value, full.transcription_locale) == ("WAV", "INBOUND", "en-US")


def test_a_document_for_a_call_that_comes_in_names_it_and_has_its_hang_up() -> None:
    document = read(
        {"command": "answer"}, callName="customer", events={"onHangup": [{"command": "hangup", "callName": "agent"}]}
    )
    assert document.call_name == "customer"
    assert document.events == {HandlerName.HANGUP: (HangUp("agent"),)}


# ---- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "path", "message"),
    [
        ({"command": "dial"}, "commands[0].to", "it is missing"),
        ({"command": "dail", "to": AGENT}, "commands[0].command", '"dail" is no command'),
        ({"to": AGENT}, "commands[0].command", "it is missing"),
        ("hangup", "commands[0]", '"hangup" is not a command'),
        ({"command": "dial", "to": "+14045550101"}, "commands[0].to", '"+14045550101" is not an object'),
        ({"command": "dial", "to": {"type": "phone"}}, "commands[0].to.type", '"phone" is not known here'),
        ({"command": "dial", "to": {"phone": {}}}, "commands[0].to.type", "it is missing"),
        ({"command": "dial", "to": {"type": "PHONE"}}, "commands[0].to.phone", "it is missing"),
        (
            {"command": "dial", "to": {"type": "PHONE", "phone": {"number": "14045550101"}}},
            "commands[0].to.phone.number",
            '"14045550101" is not an E.164 number',
        ),
        ({"command": "dial", "to": AGENT, "from": {"type": "STREAM"}}, "commands[0].from.type", "is not known here"),
        (dial(dialTimeoutDurationSeconds=61), "commands[0].dialTimeoutDurationSeconds", "61 is too large"),
        (dial(dialTimeoutDurationSeconds="20"), "commands[0].dialTimeoutDurationSeconds", "is not a whole number"),
        (dial("two words"), "commands[0].callName", '"two words" is not a name'),
        (dial("x" * 33), "commands[0].callName", "has more than 32 characters"),
        (dial(events={"onAnswer": {}}), "commands[0].events.onAnswer", "an object is not a list of commands"),
        (say(events={"onFinish": [{"command": "pause"}]}), "commands[0].events.onFinish[0].durationMilliseconds", "it"),
        ({"command": "messages", "messages": []}, "commands[0].messages", "has too few elements"),
        ({"command": "messages", "messages": [HELLO] * 11}, "commands[0].messages", "has too many elements"),
        (say("x" * 601), "commands[0].messages[0].say.text", "has more than 600 characters"),
        ({"command": "pause", "durationMilliseconds": 0}, "commands[0].durationMilliseconds", "0 is too small"),
        ({"command": "webhook", "webhookName": "a", "url": "ftp://x"}, "commands[0].url", "is not a URL"),
        ({"command": "gotoMenu", "menuName": "main"}, "commands[0]", "gotoMenu stands outside of a menu"),
        (menu(onFail=[{"command": "gotoMenu", "menuName": "x"}]), "commands[0].menus.main.onFailure[0].menuName", ""),
        ({"command": "menu", "startMenu": "a", "menus": {"b": {}}}, "commands[0].startMenu", 'there is no menu "a"'),
        (menu({"*": []}), "commands[0].menus.main.matches.*", "is no regular expression"),
        (menu(minimumInputLength=2), "commands[0].menus.main.minimumInputLength", "2 is more than maximumInputLength"),
        (menu(repeatPrompt={"messages": [HELLO]}), "commands[0].menus.main.prompt", "a repeatPrompt without a prompt"),
        (menu({str(key): [] for key in range(51)}), "commands[0].menus.main.matches", "51 inputs"),
        ({"command": "startRecording"}, "commands[0].recordingOptions", "it is missing"),
        (
            {"command": "dial", "to": {"type": "SIP", "sip": {"endpoint": "sip:a", "callHeaders": [{"key": "a b"}]}}},
            "commands[0].to.sip.callHeaders[0].key",
            "is not a header name",
        ),
    ],
)  # fmt: skip
def test_a_broken_limit_is_told_by_its_path(command: object, path: str, message: str) -> None:
    found = first_error(command)
    assert found.path == path
    assert message in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("document", "path"),
    [([], ""), ({}, "commands"), ({"commands": []}, "commands"), ({"commands": {}}, "commands")],
)
def test_a_document_has_commands(document: object, path: str) -> None:
    reading = read_document(document)
    assert reading.document is None
    assert reading.errors[0].path == path


@pytest.mark.parametrize(
    ("name", "hint"),
    [("dail", 'did you mean "dial"?'), ("customEvent", "webhook"), ("playFiles", "PLAY"), ("runMenu", '"menu"')],
)
def test_what_was_meant_is_said(name: str, hint: str) -> None:
    assert hint in first_error({"command": name}).hint


def test_svaml_of_voice_v1_is_told_what_takes_its_place() -> None:
    reading = read_document({"action": {"name": "hangup"}, "instructions": []})
    assert reading.document is None
    assert 'that is Voice v1: write "commands"' in [found.hint for found in reading.diagnostics]
    assert "dial" in first_error({"name": "connectPstn"}).hint


def test_a_property_that_is_not_known_is_ignored_and_only_strictly_an_error() -> None:
    command = {**dial(), "callname": "agent"}
    assert codes(command) == [("UNKNOWN_PROPERTY", "commands[0].callname")]
    found = first_error(command, strict=True)
    assert (found.path, found.hint) == ("commands[0].callname", 'did you mean "callName"?')
    nested = {"command": "dial", "to": {**AGENT, "sip": {}}}
    assert codes(nested) == [("UNKNOWN_PROPERTY", "commands[0].to.sip")]
    assert first_error(nested, strict=True).path == "commands[0].to.sip"


def test_a_voice_that_is_not_known_is_told_and_speaks() -> None:
    command = {"command": "messages", "messages": [{"type": "SAY", "say": {"text": "Hi", "voiceName": "Ema"}}]}
    reading = read_document({"commands": [command]}, strict=True)
    assert [(found.code, found.severity, found.hint) for found in reading.diagnostics] == [
        ("UNKNOWN_VOICE", Severity.WARNING, 'did you mean "Emma"?')
    ]
    assert reading.document is not None


@pytest.mark.parametrize(
    ("first", "second"),
    [(dial("a"), dial("a")), (say(messagesName="a"), say(messagesName="a")), (RECORD, RECORD)],
)
def test_a_name_stands_for_one_thing_at_a_time(first: Json, second: Json) -> None:
    assert first_error(first, second).code == "NAME_IN_USE"
    read(first, {"command": "pause", "durationMilliseconds": 1}, second)
    # In a reply the second one fails when it is its turn: that is no reason to refuse the first.
    reading = read_reply(json.dumps({"commands": [first, second]}).encode())
    assert reading.document is not None
    assert [found.code for found in reading.diagnostics] == ["NAME_IN_USE"]


# ---- replies and files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b" \n", b'{"commands": []}'])
def test_a_reply_may_say_nothing(body: bytes) -> None:
    assert read_reply(body).document == Document()


@pytest.mark.parametrize("body", [b"null", b"[]", b"OK", b"{}", b'{"commands": null}', b'{"commands": [{}]}', b"\xff"])
def test_a_reply_that_is_no_svaml_is_of_no_use(body: bytes) -> None:
    assert read_reply(body).document is None


def test_a_reply_is_read() -> None:
    body = json.dumps({"commands": [{"command": "bridgeCall", "bridgeName": "b"}], "callName": "c"}).encode()
    assert read_reply(body).document == Document((BridgeCall("b"),), "c")


def test_a_file_is_checked_strictly() -> None:
    assert lint_document(json.dumps({"commands": ONE_OF_EACH}).encode()) == []
    assert [found.code for found in lint_document(b'{"commands": [{"command": "answer", "now": 1}]}')] == [
        "UNKNOWN_PROPERTY"
    ]
    assert [found.code for found in lint_document(b"answer")] == ["NOT_JSON"]


# ---- description ------------------------------------------------------------------------------------------------


def test_a_document_is_described_line_by_line() -> None:
    agent = dial(
        "agent",
        maxCallDurationSeconds=1800,
        events={"onAnswer": [say("Hi"), {"command": "bridgeCall", "bridgeName": "b"}]},
    )
    assert describe({"commands": [agent, {"command": "hangup"}]}).splitlines() == [
        "1. Dial the number +14045550101 as agent, for at most 30 minutes.",
        " * on answer:",
        '    1. Play messages: "Hi" by the voice Emma.',
        "    1. Join the current call to the bridge b.",
        "1. Hang up the current call.",
    ]


def test_every_command_is_described() -> None:
    lines = describe({"commands": ONE_OF_EACH}).splitlines()
    assert len([line for line in lines if re.match(r"1\. ", line)]) == len(ONE_OF_EACH)


# ---- whatever comes ---------------------------------------------------------------------------------------------


@given(DOCUMENTS)
def test_legal_documents_are_legal_strictly_too_and_can_be_described(document: Json) -> None:
    reading = read_document(document, strict=True)
    assert reading.diagnostics == ()
    assert reading.document is not None
    assert [name_of(each) for each in reading.document.commands] == [each["command"] for each in document["commands"]]
    assert len(describe(document).splitlines()) >= len(document["commands"])


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
def test_a_document_that_is_spoilt_anywhere_is_read_or_refused_with_a_reason(data: st.DataObject) -> None:
    document = deepcopy({"commands": ONE_OF_EACH, "events": {"onHangup": [dial("x")]}})
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
            places.append((value, key))
            walk(value[key])

    walk(document)
    for _ in range(data.draw(st.integers(1, 3))):
        parent, key = data.draw(st.sampled_from(places))
        parent[key] = data.draw(_ANY)
    for strict in (False, True):
        reading = read_document(document, strict=strict)
        assert (reading.document is None) is bool(reading.errors)
        if reading.document is not None:
            assert describe(document)


def test_a_document_that_is_too_deep_is_refused() -> None:
    commands: list[Json] = [{"command": "hangup"}]
    for _ in range(100):
        commands = [say(events={"onFinish": commands})]
    assert first_error(*commands).code == "TOO_DEEP"
