"""Every property of every action and instruction: what it becomes, and what is said when it is wrong."""

from collections.abc import Mapping

import pytest

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.products.voice.svaml.model import (
    Amd,
    Answer,
    CallHeader,
    ConferenceDtmf,
    ConferenceDtmfMode,
    ConnectConf,
    ConnectMxp,
    ConnectPstn,
    ConnectSip,
    ConnectStream,
    Park,
    PlayFiles,
    Say,
    SendDtmf,
    SetCookie,
    StartRecording,
    SvamlContext,
)
from sinch_simulator.products.voice.svaml.prompts import read_prompts, spoken_prompt
from sinch_simulator.products.voice.svaml.reading import Reading, read_svaml
from sinch_simulator.products.voice.svaml.tables import ACTIONS, INSTRUCTIONS

SIP = {"name": "connectSip", "destination": {"type": "sip", "endpoint": "100@pbx.example.com"}}
STREAM = {"name": "connectStream", "destination": {"type": "Websocket", "endpoint": "wss://example.com/audio"}}
PSTN = {"name": "connectPstn", "number": "+14045009000"}
MXP = {"name": "connectMxp", "destination": {"type": "username", "endpoint": "alice"}}
CONF = {"name": "connectConf", "conferenceId": "room"}
PARK = {"name": "park"}
ANSWER = {"name": "answer"}
BETA = "STREAM_CLOSED_BETA"


def act(action: Mapping[str, object], **changes: object) -> Reading:
    return read_svaml({"action": {**action, **changes}}, SvamlContext.ICE)


def do(**instruction: object) -> Reading:
    return read_svaml({"instructions": [ANSWER, instruction], "action": {"name": "hangup"}}, SvamlContext.ICE)


def clean(reading: Reading) -> object:
    """What was read, when there was nothing to say about it but that streams are in beta."""
    assert [found for found in reading.diagnostics if found.code != BETA] == []
    assert reading.svaml is not None
    instructions = [instruction for instruction in reading.svaml.instructions if instruction != Answer()]
    return instructions[0] if instructions else reading.svaml.action


def only(reading: Reading, severity: Severity) -> Diagnostic:
    """The one finding, of this severity; the document is legal unless it is an error."""
    (found,) = [found for found in reading.diagnostics if found.code != BETA]
    assert found.severity is severity
    assert reading.legal is (severity is not Severity.ERROR)
    assert (reading.svaml is not None) is reading.legal
    return found


def warned(reading: Reading) -> tuple[str, str]:
    found = only(reading, Severity.WARNING)
    return found.code, found.path


def refused(reading: Reading) -> tuple[str, str]:
    found = only(reading, Severity.ERROR)
    assert "illegal SVAML" in found.message
    return found.code, found.path


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        (act({"name": "connectPstn"}), ConnectPstn()),
        (
            act(
                PSTN,
                locale="sv-SE",
                maxDuration=3600,
                dialTimeout=20,
                cli="private",
                suppressCallbacks=True,
                dtmf="1w#",
                indications="se",
                amd={"enabled": True, "async": True},
                record=True,
                recordingOptions={"destinationUrl": "sdrive://", "notificationEvents": False},
            ),
            ConnectPstn(
                "+14045009000",
                "sv-SE",
                3_600_000,
                20_000,
                "private",
                True,
                "1w#",
                "se",
                Amd(asynchronous=True),
                StartRecording("sdrive://", notification_events=False),
            ),
        ),
        (act({"name": "connectPstn"}, number="+46 (0)73-017 0101"), ConnectPstn("+46730170101")),
        (act(PSTN, cli="1404500 1000"), ConnectPstn("+14045009000", cli="+14045001000")),
        (
            act({"name": "connectPstn"}, destination={"type": "Number", "endpoint": "14045009000"}),
            ConnectPstn("+14045009000"),
        ),
        (act(PSTN, amd={"enabled": False, "async": True}), ConnectPstn("+14045009000")),
        (act(PSTN, number=None, maxDuration=None), ConnectPstn()),
        (act({"name": "connectMxp"}), ConnectMxp()),
        (
            act(MXP, cli="+14045001000", callHeaders=[{"key": "a", "value": "b"}]),
            ConnectMxp("alice", "+14045001000", (CallHeader("a", "b"),)),
        ),
        (act(MXP, callheaders=[{"key": "a", "value": "b"}]), ConnectMxp("alice", None, (CallHeader("a", "b"),))),
        (
            act(
                SIP,
                maxDuration=60,
                cli="private",
                transport="tls",
                suppressCallbacks=True,
                callHeaders=[{"key": "X-Ticket", "value": "7"}],
                moh="music2",
            ),
            ConnectSip("100@pbx.example.com", 60_000, "private", "TLS", True, (CallHeader("X-Ticket", "7"),), "music2"),
        ),
        (
            act({"name": "connectSip"}, destination={"type": "Sip", "endpoint": "sip:a@b:5061;transport=tls"}),
            ConnectSip("a@b:5061", transport="TLS"),
        ),
        (act({"name": "connectSip"}, destination={"endpoint": "a@b"}), ConnectSip("a@b")),
        (
            act(SIP, record=True, recordingOptions={"destinationUrl": "sdrive://a"}),
            ConnectSip("100@pbx.example.com", record=StartRecording("sdrive://a")),
        ),
        (act(CONF), ConnectConf("room")),
        (
            act(
                CONF,
                conferenceDtmfOptions={"mode": "Detect", "maxDigits": 4, "timeoutMills": 2000},
                moh="RING",
                record=True,
                suppressCallbacks=True,
            ),
            ConnectConf("room", ConferenceDtmf(ConferenceDtmfMode.DETECT, 4, 2000), "ring", StartRecording(), True),
        ),
        (act(CONF, conferenceDtmfOptions={}), ConnectConf("room")),
        (act(STREAM), ConnectStream("wss://example.com/audio")),
        (
            act(
                STREAM,
                streamingOptions={"version": 2, "sampleRate": 8000},
                maxDuration=60,
                callHeaders=[{"key": "a", "value": "b"}],
            ),
            ConnectStream("wss://example.com/audio", 2, 8000, 60_000, (CallHeader("a", "b"),)),
        ),
        (act(PARK), Park()),
        (
            act(PARK, locale="de-DE", introPrompt="#tts[Hallo]", holdPrompt="#tts[Warten];music", maxDuration=30),
            Park(read_prompts("#tts[Hallo]", "de-DE"), read_prompts("#tts[Warten];music", "de-DE"), 30_000),
        ),
        (do(name="say", text="Hello"), Say(spoken_prompt("Hello"))),
        (do(name="say", text="Hello", locale="Emma"), Say(spoken_prompt("Hello", "Emma"))),
        (
            do(name="playFiles", ids=["#tts[Hi]", "welcome"], locale="en-GB"),
            PlayFiles(read_prompts("#tts[Hi];welcome", "en-GB")),
        ),
        (do(name="sendDtmf", value="1w2#"), SendDtmf("1w2#")),
        (do(name="setCookie", key="a", value="b"), SetCookie("a", "b")),
        (do(name="setCookie", key="a"), SetCookie("a", "")),
        (do(name="startRecording"), StartRecording()),
        (
            do(
                name="startRecording",
                options={
                    "destinationUrl": "s3://bucket/",
                    "credentials": "a:b:c",
                    "format": "wav",
                    "notificationEvents": False,
                    "transcriptionOptions": {"enabled": True, "locale": "gd_GB"},
                },
            ),
            StartRecording("s3://bucket/", "a:b:c", "wav", False, True, "gd_GB"),
        ),
        (do(name="startRecording", options={"destination": "sdrive://a"}), StartRecording("sdrive://a")),
        (do(name="startRecording", recordingOptions={"destinationUrl": "sdrive://a"}), StartRecording("sdrive://a")),
    ],
)
def test_a_right_property_is_taken_without_a_word(reading: Reading, value: object) -> None:
    assert clean(reading) == value


@pytest.mark.parametrize(
    ("reading", "code", "path"),
    [
        (act(PSTN, maxDuration=20000), "MAX_DURATION", "action.maxDuration"),
        (act(PSTN, maxDuration=0), "OUT_OF_RANGE", "action.maxDuration"),
        (act(SIP, maxDuration=20000), "MAX_DURATION", "action.maxDuration"),
        (act(STREAM, maxDuration=20000), "MAX_DURATION", "action.maxDuration"),
        (act(PARK, maxDuration=601), "PARK_LIMIT", "action.maxDuration"),
        (act(PSTN, dialTimeout="20"), "TYPE_COERCED", "action.dialTimeout"),
        (act(PSTN, dialTimeout=20.0), "TYPE_COERCED", "action.dialTimeout"),
        (act(PSTN, dialTimeout=-1), "OUT_OF_RANGE", "action.dialTimeout"),
        (act(PSTN, number=14045009000), "TYPE_COERCED", "action.number"),
        (act(PSTN, locale="en-XX"), "LOCALE_UNKNOWN", "action.locale"),
        (act(PSTN, suppressCallbacks="true"), "TYPE_COERCED", "action.suppressCallbacks"),
        (act(PSTN, suppressCallbacks=" False "), "TYPE_COERCED", "action.suppressCallbacks"),
        (act(PSTN, dtmf="1*"), "DTMF_CHAR", "action.dtmf"),
        (act(PSTN, dtmf="1A"), "DTMF_CHAR", "action.dtmf"),
        (act(PSTN, indications=False), "INDICATION_BOOL", "action.indications"),
        (act(PSTN, indications="sweden"), "INVALID_VALUE", "action.indications"),
        (act(PSTN, recordingOptions={}), "RECORDING_OFF", "action.recordingOptions"),
        (act(PSTN, Cli="private"), "CASE", "action.Cli"),
        (act(PSTN, numbr="+14045009000"), "UNKNOWN_PROPERTY", "action.numbr"),
        (act(PSTN, amd={"enabled": True, "asynch": True}), "UNKNOWN_PROPERTY", "action.amd.asynch"),
        (act(MXP, record=True), "RECORDING_IGNORED_MXP", "action.record"),
        (act(MXP, callHeaders=[{"key": "a", "value": "b" * 1024}]), "HEADER_TOO_BIG", "action.callHeaders[0]"),
        (act(MXP, callHeaders=[{"key": "a", "value": 7}]), "TYPE_COERCED", "action.callHeaders[0].value"),
        (act(SIP, transport="SCTP"), "INVALID_VALUE", "action.transport"),
        (act(SIP, moh="music9"), "INVALID_VALUE", "action.moh"),
        (act(CONF, conferenceId="x" * 65), "CONFERENCE_ID_LENGTH", "action.conferenceId"),
        (act(CONF, conferenceDtmfOptions={"mode": "hear"}), "INVALID_VALUE", "action.conferenceDtmfOptions.mode"),
        (act(CONF, conferenceDtmfOptions={"maxDigits": 0}), "OUT_OF_RANGE", "action.conferenceDtmfOptions.maxDigits"),
        (act(STREAM, streamingOptions={"sampleRate": 11025}), "INVALID_VALUE", "action.streamingOptions.sampleRate"),
        (act(PARK, introPromt="#tts[Hi]"), "UNKNOWN_PROPERTY", "action.introPromt"),
        (act(PARK, holdPrompt="Please hold"), "PROMPT_NOT_FILE", "action.holdPrompt"),
        (act(PARK, holdPrompt="#ssml[<p>Hi]"), "SSML_MALFORMED", "action.holdPrompt"),
        (do(name="say", text=5), "TYPE_COERCED", "instructions[1].text"),
        (do(name="say", text=5.5), "TYPE_COERCED", "instructions[1].text"),
        (do(name="say", text="Hi", locale="tlh"), "LOCALE_UNKNOWN", "instructions[1].locale"),
        (do(name="playFiles", ids=[5]), "TYPE_COERCED", "instructions[1].ids[0]"),
        (do(name="sendDtmf", value="1*"), "DTMF_CHAR", "instructions[1].value"),
        (do(name="setCookie", key="a", value=1), "TYPE_COERCED", "instructions[1].value"),
        (do(name="setCookie", key="a", value="é" * 512), "COOKIE_TOO_BIG", "instructions[1]"),
        (do(name="startRecording", destinationUrl="s3://"), "UNKNOWN_PROPERTY", "instructions[1].destinationUrl"),
        (
            do(name="startRecording", options={"destinationUrl": "ftp://a"}),
            "RECORDING_DESTINATION",
            "instructions[1].options.destinationUrl",
        ),
        (
            do(name="startRecording", options={"destinationUrl": "s3://a"}),
            "RECORDING_CREDENTIALS",
            "instructions[1].options.credentials",
        ),
        (
            do(name="startRecording", options={"transcriptionOptions": {"enabled": True, "locale": "en-us"}}),
            "LOCALE_UNKNOWN",
            "instructions[1].options.transcriptionOptions.locale",
        ),
        (do(name="sya", text="Hi"), "UNKNOWN_INSTRUCTION", "instructions[1].name"),
        (do(name="hangup"), "UNKNOWN_INSTRUCTION", "instructions[1].name"),
    ],
)
def test_what_will_surprise_is_a_warning(reading: Reading, code: str, path: str) -> None:
    assert warned(reading) == (code, path)


@pytest.mark.parametrize(
    ("reading", "code", "path"),
    [
        (act(PSTN, number="call me"), "INVALID_VALUE", "action.number"),
        (act(PSTN, number=["+14045009000"]), "WRONG_TYPE", "action.number"),
        (act(PSTN, dialTimeout="soon"), "WRONG_TYPE", "action.dialTimeout"),
        (act(PSTN, dialTimeout=2.5), "WRONG_TYPE", "action.dialTimeout"),
        (act(PSTN, dialTimeout=True), "WRONG_TYPE", "action.dialTimeout"),
        (act(PSTN, dialTimeout=2**40), "WRONG_TYPE", "action.dialTimeout"),
        (act(PSTN, suppressCallbacks="yes"), "WRONG_TYPE", "action.suppressCallbacks"),
        (act(PSTN, suppressCallbacks=0), "WRONG_TYPE", "action.suppressCallbacks"),
        (act(PSTN, indications=["se"]), "WRONG_TYPE", "action.indications"),
        (act(PSTN, amd=True), "WRONG_TYPE", "action.amd"),
        (act(MXP, destination={"type": "sip", "endpoint": "a@b"}), "INVALID_VALUE", "action.destination.type"),
        (act(MXP, destination={"type": "username"}), "MISSING_PROPERTY", "action.destination.endpoint"),
        (act(MXP, destination="alice"), "WRONG_TYPE", "action.destination"),
        (act(MXP, destination={"type": "username", "endpoint": " "}), "INVALID_VALUE", "action.destination.endpoint"),
        (act(MXP, callHeaders={"a": "b"}), "WRONG_TYPE", "action.callHeaders"),
        (act(MXP, callHeaders=["a: b"]), "WRONG_TYPE", "action.callHeaders[0]"),
        (act(MXP, callHeaders=[{"key": "a"}]), "MISSING_PROPERTY", "action.callHeaders[0].value"),
        (act({"name": "connectSip"}), "MISSING_PROPERTY", "action.destination"),
        (
            act({"name": "connectSip"}, destination={"endpoint": "pbx.example.com"}),
            "INVALID_VALUE",
            "action.destination.endpoint",
        ),
        (act({"name": "connectConf"}), "MISSING_PROPERTY", "action.conferenceId"),
        (act(CONF, conferenceId=""), "MISSING_PROPERTY", "action.conferenceId"),
        (act(CONF, conferenceId="x" * 129), "CONFERENCE_ID_LENGTH", "action.conferenceId"),
        (
            act({"name": "connectStream"}, destination={"endpoint": "https://example.com"}),
            "INVALID_VALUE",
            "action.destination.endpoint",
        ),
        (act(PARK, introPrompt="#tts[" + "x" * 601 + "]"), "TOO_LONG", "action.introPrompt"),
        (act(PARK, introPrompt="#tts[Hi"), "INVALID_VALUE", "action.introPrompt"),
        (do(name="say"), "MISSING_PROPERTY", "instructions[1].text"),
        (do(name="say", text=["Hi"]), "WRONG_TYPE", "instructions[1].text"),
        (do(name="say", text=True), "WRONG_TYPE", "instructions[1].text"),
        (do(name="say", text=float("nan")), "WRONG_TYPE", "instructions[1].text"),
        (do(name="say", text="x" * 601), "TOO_LONG", "instructions[1].text"),
        (do(name="playFiles"), "MISSING_PROPERTY", "instructions[1].ids"),
        (do(name="playFiles", ids=[]), "MISSING_PROPERTY", "instructions[1].ids"),
        (do(name="playFiles", ids="welcome"), "WRONG_TYPE", "instructions[1].ids"),
        (do(name="playFiles", ids=[{}]), "WRONG_TYPE", "instructions[1].ids[0]"),
        (do(name="sendDtmf"), "MISSING_PROPERTY", "instructions[1].value"),
        (do(name="setCookie", value="b"), "MISSING_PROPERTY", "instructions[1].key"),
        (do(name="startRecording", options="s3://a"), "WRONG_TYPE", "instructions[1].options"),
        (do(text="Hi"), "MISSING_PROPERTY", "instructions[1].name"),
        (do(name=5), "WRONG_TYPE", "instructions[1].name"),
    ],
)
def test_what_cannot_be_is_an_error(reading: Reading, code: str, path: str) -> None:
    assert refused(reading) == (code, path)


def test_a_duration_above_the_limit_is_lowered_to_it() -> None:
    reading = act(PSTN, maxDuration=20000)
    assert reading.svaml is not None
    assert reading.svaml.action == ConnectPstn("+14045009000", max_duration_ms=14_400_000)
    parked = act(PARK, maxDuration=6000)
    assert parked.svaml is not None
    assert parked.svaml.action == Park(max_duration_ms=600_000)


@pytest.mark.parametrize(("dtmf", "sent"), [("1*", "1*"), ("a1 B2", "12"), ("1W2", "1w2"), ("٣1", "1")])
def test_tones_that_do_not_exist_are_skipped(dtmf: str, sent: str) -> None:
    reading = do(name="sendDtmf", value=dtmf)
    assert reading.svaml is not None
    assert reading.svaml.instructions[-1] == SendDtmf(sent)


def test_a_header_over_the_limit_is_dropped_and_the_others_stay() -> None:
    reading = act(MXP, callHeaders=[{"key": "big", "value": "é" * 600}, {"key": "small", "value": "b"}])
    assert reading.svaml is not None
    assert reading.svaml.action == ConnectMxp("alice", None, (CallHeader("small", "b"),))


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ({"name": "hangup"}, "hangupCause"),
        ({"name": "hangup"}, "barge"),
        *[(PSTN, name) for name in ("tags", "account", "_internal", "dtmfMode", "altLocale", "suppressErrorPrompts")],
        *[(CONF, name) for name in ("cli", "enterLeaveSound", "conferenceType")],
    ],
)
def test_what_older_documents_know_is_taken_without_effect(action: Mapping[str, object], name: str) -> None:
    reading = act(action, **{name: "x"})
    found = only(reading, Severity.INFO)
    assert (found.code, found.path) == ("LEGACY_PROPERTY", f"action.{name}")
    plain = act(action)
    assert reading.svaml == plain.svaml


def test_a_stream_is_told_to_be_in_beta_and_to_lack_tls() -> None:
    reading = act(STREAM, destination={"type": "websocket", "endpoint": "ws://127.0.0.1:9/"})
    assert reading.legal
    assert [(found.code, found.severity, found.path) for found in reading.diagnostics] == [
        ("STREAM_CLOSED_BETA", Severity.INFO, "action"),
        ("STREAM_NOT_TLS", Severity.INFO, "action.destination.endpoint"),
    ]


@pytest.mark.parametrize(
    ("reading", "hint"),
    [
        (act(PSTN, numbr=1), 'did you mean "number"?'),
        (act(PARK, introPromt="x"), 'did you mean "introPrompt"?'),
        (act({"name": "connectPtsn"}), 'did you mean "connectPstn"?'),
        (act({"name": "say"}), "say is an instruction"),
        (do(name="playFile"), 'did you mean "playFiles"?'),
        (do(name="runMenu"), "runMenu is an action"),
        (do(name="startRecording", format="mp3"), "options.format"),
        (act(PSTN, locale="en-UK"), "did you mean"),
    ],
)
def test_the_hint_says_what_was_meant(reading: Reading, hint: str) -> None:
    assert any(hint in found.hint for found in reading.diagnostics)


PROPERTIES = [
    (shape.name, item.name)
    for shape in (*ACTIONS.values(), *INSTRUCTIONS.values())
    for item in shape.fields
    if item.name != "name" and shape.name != "ReportCallStatus"
]


@pytest.mark.parametrize(("name", "property_name"), PROPERTIES)
def test_every_property_of_the_tables_is_read_in_any_case(name: str, property_name: str) -> None:
    """A value that no property can have meets its reader: silence would mean that nobody reads the property."""
    item = {"name": name, property_name.upper(): [[]]}
    context = SvamlContext.PIE if name == "continue" else SvamlContext.ICE
    reading = read_svaml({"instructions": [item], "action": item}, context)
    said = [found.code for found in reading.diagnostics if f".{property_name.upper()}" in found.path]
    assert said[0] == "CASE"
    assert len(said) == 2
