"""Documents as a whole: bytes that are no JSON, replies without an action, order, and anything at all."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinch_simulator.core.diagnostics import Severity
from sinch_simulator.core.schema.shapes import LIMIT
from sinch_simulator.products.voice.svaml.model import (
    Answer,
    Continue,
    Hangup,
    Say,
    SetCookie,
    StartRecording,
    StopRecording,
    Svaml,
    SvamlContext,
)
from sinch_simulator.products.voice.svaml.prompts import spoken_prompt
from sinch_simulator.products.voice.svaml.reading import Reading, read_inline, read_reply, read_svaml
from sinch_simulator.products.voice.svaml.tables import ACTIONS, INSTRUCTIONS

ICE, ACE, PIE, PATCH, DICE = (
    SvamlContext.ICE,
    SvamlContext.ACE,
    SvamlContext.PIE,
    SvamlContext.PATCH,
    SvamlContext.DICE,
)
HANGUP = {"name": "hangup"}
SAY = {"name": "say", "text": "Hi"}
ANSWER = {"name": "answer"}
RECORD = {"name": "startRecording"}
EXAMPLES = (
    """{"instructions":[{"name":"answer"},{"name":"setCookie","key":"step","value":"ivr"},
      {"name":"say","text":"Welcome","locale":"en-US"}],
     "action":{"name":"runMenu","barge":true,"locale":"en-US","menus":[
      {"id":"main","mainPrompt":"#tts[Press 1 for sales or 2 for a code.]","repeatPrompt":"#tts[Try again.]",
       "repeats":2,"timeoutMills":5000,
       "options":[{"dtmf":"1","action":"return(sales)"},{"dtmf":2,"action":"menu(pin)"}]},
      {"id":"pin","mainPrompt":"#tts[Enter four digits.];#href[https://cdn.example.com/beep.mp3]","maxDigits":4}]}}""",
    """{"instructions":[{"name":"startRecording","options":{"destinationUrl":"s3://bkt/",
      "credentials":"AK:SK:eu-central-1","notificationEvents":true}}],
     "action":{"name":"connectPstn","number":"+14045009000","cli":"+14045001000","dialTimeout":20,"maxDuration":3600,
      "amd":{"enabled":true,"async":false}}}""",
    """{"action":{"name":"connectSip","destination":{"type":"sip","endpoint":"100@pbx.example.com"},"transport":"TLS",
      "callHeaders":[{"key":"X-Ticket","value":"7"}]}}""",
)


def said(reading: Reading) -> list[tuple[str, str, str]]:
    return [(found.severity.value, found.code, found.path) for found in reading.diagnostics]


def read(*instructions: Mapping[str, object], action: object = HANGUP, context: SvamlContext = ICE) -> Reading:
    return read_svaml({"instructions": list(instructions), "action": action}, context)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_reference_give_no_cause_for_a_word(example: str) -> None:
    reading = read_reply(example.encode(), ICE)
    assert reading.diagnostics == ()
    assert reading.legal
    assert reading.svaml is not None
    assert reading == read_inline(example, ICE) == read_svaml(json.loads(example), ICE)


@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b"null", b'{"instructions": [], "action": null}'])
def test_a_reply_without_an_action_means_something_else_in_every_event(body: bytes) -> None:
    for context in (ICE, PIE):
        refused = read_reply(body, context)
        assert (refused.legal, refused.svaml, said(refused)) == (False, None, [("error", "NO_ACTION", "action")])
    for context in (ACE, PATCH):
        taken = read_reply(body, context)
        assert (taken.legal, taken.svaml) == (True, Svaml(Continue()))
        assert said(taken) == [("warning", "NO_ACTION", "action")]
    assert read_reply(body, DICE) == Reading(None)


def test_instructions_without_an_action_do_nothing_but_in_a_patch() -> None:
    document = {"instructions": [SAY]}
    assert said(read_svaml(document, ICE)) == [("error", "NO_ACTION", "action")]
    assert read_svaml(document, ACE).svaml == Svaml(Continue())
    patched = read_svaml(document, PATCH)
    assert (patched.svaml, patched.diagnostics) == (Svaml(Continue(), (Say(spoken_prompt("Hi")),)), ())


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ([], "WRONG_TYPE", ""),
        (5, "WRONG_TYPE", ""),
        ('{"action": {"name": "hangup"}}', "WRONG_TYPE", ""),
        ({"action": [HANGUP]}, "WRONG_TYPE", "action"),
        ({"action": "hangup"}, "WRONG_TYPE", "action"),
        ({"action": {}}, "MISSING_PROPERTY", "action.name"),
        ({"action": {"name": ""}}, "MISSING_PROPERTY", "action.name"),
        ({"action": {"name": 5}}, "WRONG_TYPE", "action.name"),
        ({"action": {"name": "dance"}}, "UNKNOWN_ACTION", "action.name"),
        ({"action": HANGUP, "instructions": SAY}, "WRONG_TYPE", "instructions"),
        ({"action": HANGUP, "instructions": ["say"]}, "WRONG_TYPE", "instructions[0]"),
    ],
)
def test_a_document_of_another_form_is_illegal(document: object, code: str, path: str) -> None:
    for context in (ICE, ACE, PIE, PATCH):
        reading = read_svaml(document, context)
        assert (reading.legal, reading.svaml) == (False, None)
        assert said(reading) == [("error", code, path)]
        consequence = "400" if context is PATCH else "illegal SVAML"
        assert consequence in reading.diagnostics[0].message


@pytest.mark.parametrize(
    ("body", "message", "hint"),
    [
        (b"<html>", "line 1, column 1", "HTML"),
        (b"{'action': {'name': 'hangup'}}", "line 1, column 2", "double quotes"),
        (b'{"action": {"name": "hangup",}}', "line 1, column ", "comma"),  # where exactly depends on the Python
        (b'{"action": \n', "line 2", "a reply looks like"),
        (b'{"action": \xff}', "byte 11 is not UTF-8", "UTF-8"),
        (b"[" * 100_000, "nested too deeply", ""),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested too deeply", ""),
        (b'{"x": NaN}', "NaN is not a JSON number", ""),
        (b'{"x": -Infinity}', "-Infinity is not a JSON number", ""),
        (b"1" * 5000, "too many digits", ""),
        (b"\x00", "line 1", ""),
    ],
)
def test_what_is_no_json_is_told_with_its_place(body: bytes, message: str, hint: str) -> None:
    reading = read_reply(body, ICE)
    assert said(reading) == [("error", "NOT_JSON", "")]
    assert message in reading.diagnostics[0].message
    assert hint in reading.diagnostics[0].hint
    unread = read_reply(body, DICE)
    assert unread.legal
    assert said(unread) == [("info", "NOT_JSON", "")]


def test_a_byte_order_mark_is_taken() -> None:
    assert read_reply(b'\xef\xbb\xbf{"action": {"name": "hangup"}}', ICE).svaml == Svaml(Hangup())


def test_a_name_given_twice_is_told_and_the_last_one_counts() -> None:
    body = b'{"action": {"name": "park", "name": "hangup"}, "action": {"name": "hangup", "name": "hangup"}}'
    reading = read_reply(body, ICE)
    assert reading.svaml == Svaml(Hangup())
    assert said(reading) == [("warning", "DUPLICATE_KEY", "action"), ("warning", "DUPLICATE_KEY", "action.name")]


def test_half_a_surrogate_pair_never_gets_through() -> None:
    body = rb'{"instructions": [{"name": "setCookie", "key": "a", "value": "\ud83d"}], "action": {"name": "hangup"}}'
    reading = read_reply(body, ICE)
    assert reading.svaml == Svaml(Hangup(), (SetCookie("a", "?"),))
    odd = read_reply(rb'{"\ud83d": 1, "action": {"name": "\ud83d", "\ud83d": 1}}', ICE)
    assert all((found.path + found.message + found.hint).encode() for found in odd.diagnostics)


@pytest.mark.parametrize(
    "document",
    [
        {"command": "hangup"},
        {"commands": [{"command": "hangup"}]},
        [{"command": "hangup"}],
        {"action": {"command": "hangup"}},
    ],
)
def test_version_2_is_recognised(document: object) -> None:
    reading = read_svaml(document, ICE)
    assert not reading.legal
    assert ("warning", "V2_SVAML") in [(severity, code) for severity, code, _ in said(reading)]


def test_an_unknown_name_at_the_top_is_told() -> None:
    assert said(read_svaml({"action": HANGUP, "instruction": []}, ICE)) == [
        ("warning", "UNKNOWN_PROPERTY", "instruction")
    ]
    assert said(read_svaml({"Action": HANGUP}, ICE)) == [("warning", "CASE", "Action")]


# ---- order ------------------------------------------------------------------------------------------------------


def test_a_prompt_before_the_answer_may_not_be_heard() -> None:
    files = {"name": "playFiles", "ids": ["welcome"]}
    assert said(read(SAY)) == [("warning", "PROMPT_BEFORE_ANSWER", "instructions[0]")]
    assert said(read(files, ANSWER)) == [("warning", "PROMPT_BEFORE_ANSWER", "instructions[0]")]
    assert said(read(ANSWER, SAY, files)) == []
    assert said(read(SAY, action={"name": "park"})) == []
    for context in (ACE, PIE, PATCH):
        assert said(read(SAY, context=context)) == []


def test_a_recording_that_starts_after_a_prompt_misses_it() -> None:
    assert said(read(SAY, RECORD, context=PIE)) == [("warning", "RECORDING_LATE", "instructions[1]")]
    assert said(read(RECORD, SAY, context=PIE)) == []


def test_recording_is_dropped_beside_connect_mxp() -> None:
    mxp = {"name": "connectMxp", "destination": {"type": "username", "endpoint": "alice"}}
    reading = read(ANSWER, RECORD, {"name": "stopRecording"}, action=mxp)
    assert said(reading) == [
        ("warning", "RECORDING_IGNORED_MXP", "instructions[1]"),
        ("warning", "RECORDING_IGNORED_MXP", "instructions[2]"),
    ]
    assert reading.svaml is not None
    assert reading.svaml.instructions == (Answer(),)


def cookie(key: str, size: int) -> dict[str, object]:
    return {"name": "setCookie", "key": key, "value": "x" * size}


def test_cookies_share_their_limit_and_the_same_key_replaces() -> None:
    reading = read(cookie("a", 1000), cookie("b", 100), cookie("a", 10), cookie("c", 100))
    assert said(reading) == [("warning", "COOKIE_TOO_BIG", "instructions[1]")]
    assert reading.svaml is not None
    assert [item.key for item in reading.svaml.instructions if isinstance(item, SetCookie)] == ["a", "a", "c"]


# ---- older documents --------------------------------------------------------------------------------------------


def test_a_patch_may_record_as_its_action() -> None:
    start = {"name": "StartRecording", "recordingOptions": {"destinationUrl": "sdrive://a"}}
    assert read_svaml({"action": start}, PATCH) == Reading(Svaml(Continue(), (StartRecording("sdrive://a"),)))
    assert read_svaml({"action": {"name": "stopRecording"}}, PATCH) == Reading(Svaml(Continue(), (StopRecording(),)))
    assert [code for _, code, _ in said(read_svaml({"action": start}, ICE))] == ["UNKNOWN_ACTION"]


def test_continue_may_record() -> None:
    action = {"name": "continue", "record": True, "recordingOptions": {"destinationUrl": "sdrive://a"}}
    assert read(SAY, action=action, context=ACE) == Reading(
        Svaml(Continue(), (Say(spoken_prompt("Hi")), StartRecording("sdrive://a")))
    )


def test_an_inline_document_is_refused_with_the_request_that_brings_it() -> None:
    reading = read_inline('{"action": {"name": "dance"}}', ACE)
    assert "refuses the request" in reading.diagnostics[0].message


@pytest.mark.parametrize("document", ["OK", True, [], {"action": SAY}, {"instructions": 5}, {"instructions": [SAY]}])
def test_nothing_in_the_reply_to_dice_is_illegal(document: object) -> None:
    reading = read_svaml(document, DICE)
    assert (reading.legal, reading.svaml) == (True, None)
    assert [code for _, code, _ in said(reading)] == ["SVAML_IGNORED"]


# ---- anything ---------------------------------------------------------------------------------------------------


def test_a_document_wrong_all_over_is_still_told_to_be_illegal_in_bounded_words() -> None:
    many = {f"unknown{number}": 1 for number in range(2000)}
    reading = read_svaml({**many, "action": {"name": "dance", **many}}, ICE)
    assert not reading.legal
    assert len(reading.diagnostics) <= LIMIT + 1
    assert any(found.severity is Severity.ERROR for found in reading.diagnostics)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["main", "return(a)", "menu(main)", "#tts[Hi]", "#ssml[<p>", "+14045550100", "en-US", "1", "wss://a"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = [item.name for shape in (*ACTIONS.values(), *INSTRUCTIONS.values()) for item in shape.fields]
NESTED_NAMES = ["type", "endpoint", "id", "mainPrompt", "maxDigits", "options", "dtmf", "action", "enabled", "key"]


def objects(names: dict[str, object]) -> st.SearchStrategy[dict[str, object]]:
    """An action or instruction with a real name, and properties that some of them have, holding anything."""
    nested = st.dictionaries(st.sampled_from(NESTED_NAMES), JSON, max_size=4)
    values = JSON | nested | st.lists(nested, max_size=3)
    properties = st.dictionaries(st.sampled_from(NAMES), values, max_size=5)
    return st.builds(lambda name, rest: {**rest, "name": name}, st.sampled_from(sorted(names)) | JSON, properties)


DOCUMENTS = JSON | st.fixed_dictionaries(
    {},
    optional={
        "action": objects({**ACTIONS}) | JSON,
        "instructions": st.lists(objects({**INSTRUCTIONS}), max_size=3) | JSON,
    },
)


def check(reading: Reading, context: SvamlContext) -> None:
    errors = [found for found in reading.diagnostics if found.severity is Severity.ERROR]
    assert reading.legal is not bool(errors)
    assert (reading.svaml is not None) is reading.legal or (context is DICE and reading.svaml is None)
    for found in reading.diagnostics:
        assert found.message
        assert (found.path + found.message + found.hint).encode()


@settings(max_examples=400, deadline=None)
@given(DOCUMENTS, st.sampled_from(SvamlContext))
def test_any_document_is_legal_with_svaml_or_illegal_with_an_error(document: object, context: SvamlContext) -> None:
    check(read_svaml(document, context), context)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:0ntrue \\ud8', max_size=60).map(str.encode))
def test_any_bytes_are_legal_with_svaml_or_illegal_with_an_error(body: bytes) -> None:
    check(read_reply(body, ACE), ACE)
