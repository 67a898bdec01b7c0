"""The language as tables: what each action and instruction may say, and where each is allowed.

Source: docs/platform/svaml.md#2 to #4.

Everything that reads, checks or describes SVAML goes by these; a property that is added here is read from then on.
"""

from sinch_simulator.core.schema.fields import Anything, Nested
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.products.voice.svaml.fields import (
    Choice,
    Country,
    Flag,
    Integer,
    Legacy,
    Locale,
    Objects,
    Phone,
    Text,
    Texts,
    Tones,
)
from sinch_simulator.products.voice.svaml.model import SvamlContext

_ANYWHERE = frozenset({"hangup", "continue", "connectConf", "runMenu"})

_FIRST = frozenset(
    {"hangup", "connectPstn", "connectMxp", "connectConf", "connectSip", "connectStream", "runMenu", "park"}
)

ALLOWED_ACTIONS = {
    SvamlContext.ICE: _FIRST,
    SvamlContext.ACE: _ANYWHERE,
    SvamlContext.PIE: _ANYWHERE | {"connectPstn", "connectSip"},
    # Whether the state of the call allows connectConf (legacy) and runMenu (conferences) is for the call to say
    # (docs/platform/svaml.md#8).
    SvamlContext.PATCH: _ANYWHERE | {"park"},
    SvamlContext.UNPARK: _FIRST,
    SvamlContext.DICE: frozenset({"hangup"}),
}

_EVERY_REPLY = frozenset({"playFiles", "say", "setCookie", "startRecording", "stopRecording"})

ALLOWED_INSTRUCTIONS = {
    SvamlContext.ICE: _EVERY_REPLY | {"sendDtmf", "answer"},
    SvamlContext.ACE: _EVERY_REPLY,
    SvamlContext.PIE: _EVERY_REPLY | {"sendDtmf"},
    SvamlContext.PATCH: _EVERY_REPLY | {"sendDtmf"},
    SvamlContext.UNPARK: _EVERY_REPLY | {"sendDtmf", "answer"},
    SvamlContext.DICE: frozenset({"ReportCallStatus"}),
}

LONGEST_CALL_S = 14400
LONGEST_PARKING_S = 600

# ---- properties that several share ------------------------------------------------------------------------------

_NAME = Anything("name", "which action or instruction this is", required=True)
_LOCALE = Locale("locale", "as en-US, en-US/female or Joanna", default="en-US")
_MAX_DURATION = Integer(
    "maxDuration",
    "seconds after which the call is cut off",
    minimum=1,
    maximum=LONGEST_CALL_S,
    over="MAX_DURATION",
)
_SUPPRESS_CALLBACKS = Flag("suppressCallbacks", "no ACE and no DiCE for this call", default=False)
_CLI = Text("cli", "the caller's number that is shown; 'private' hides it")
_MOH = Choice(
    "moh",
    "music on hold",
    choices=("ring", "music1", "music2", "music3"),
)


def _element(shape: Shape) -> Nested:
    """Returns an object of a list: one that cannot be read leaves its place to one that says nothing."""
    return Nested(required=True, shape=shape, meaning=shape.name)


HEADER = Shape(
    "a call header",
    (
        Text("key", "the name of the header", required=True),
        Text("value", "the value of the header", required=True),
    ),
)
_CALL_HEADERS = Objects("callHeaders", '[{"key": "..", "value": ".."}]', of=_element(HEADER), aliases=("callheaders",))

IDENTITY = Shape(
    "a destination",
    (
        Text("type", "what kind of address it is", default=""),
        Text("endpoint", "the address", required=True),
    ),
)

TRANSCRIPTION = Shape(
    "transcriptionOptions",
    (
        Flag("enabled", "whether a transcript is made", default=False),
        Text("locale", "the language that is spoken, as en-US"),
    ),
)
RECORDING = Shape(
    "recording options",
    (
        Text(
            "destinationUrl",
            "s3://bucket/folder, azure://account/container or sdrive://",
            default="",
            aliases=("destination",),
        ),
        Text("credentials", "accessKey:secretKey:region for S3, the account key for Azure", default=""),
        Text("format", "the file format", default="mp3"),
        Flag("notificationEvents", "whether Notify events tell of the recording", default=True),
        Nested("transcriptionOptions", "whether and how to transcribe", shape=TRANSCRIPTION),
    ),
)
_RECORD = Flag("record", "the older way to record", default=False)
_RECORDING_OPTIONS = Nested("recordingOptions", "how to record, with record: true", shape=RECORDING)


_NEVER_MATCHED = 'did you mean "{}"? The platform has never matched "{}", which one SDK sends'


def _legacy(*names: str) -> tuple[Legacy, ...]:
    return tuple(Legacy(name) for name in names)


# ---- actions ----------------------------------------------------------------------------------------------------

AMD = Shape(
    "amd",
    (
        Flag("enabled", "whether answering machines are detected", default=False),
        Flag("async", "ACE does not wait for the verdict", default=False),
    ),
)
_COUNTRIES = """
    at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg th uk us tw ve za
    us-old ml
"""
CONFERENCE_DTMF = Shape(
    "conferenceDtmfOptions",
    (
        Choice("mode", "what becomes of keys", default="ignore", choices=("ignore", "forward", "detect")),
        Integer("maxDigits", "digits collected before a PIE", default=1, minimum=1),
        Integer("timeoutMills", "milliseconds between two digits", default=3000, minimum=1),
    ),
)
STREAMING = Shape(
    "streamingOptions",
    (
        Integer("version", "the version of the protocol", default=1, minimum=1),
        Choice(
            "sampleRate",
            "Hz",
            default="16000",
            choices=("8000", "16000", "24000", "44100", "48000", "96000"),
        ),
    ),
)
OPTION = Shape(
    "a menu option",
    (
        Anything("dtmf", "the key: one of 0-9, * and #"),
        Text("action", "menu(<id of a menu>) or return(<value>)", required=True),
        Text("input", "the phrase that chooses it by voice"),
        *_legacy("add"),
    ),
)
MENU = Shape(
    "a menu",
    (
        Text("id", "the name of the menu; main plays first unless mainMenu names another", required=True),
        Text("mainPrompt", "what is played first: #tts[..], #ssml[..], #href[..] or a file"),
        Text("repeatPrompt", "what is played when input is missing; the main prompt if absent"),
        Integer("repeats", "how often the repeat prompt is played", default=3, minimum=0),
        Integer("maxDigits", "how many digits are collected for a PIE of type sequence", minimum=1),
        Integer("timeoutMills", "milliseconds of silence", default=5000, minimum=1),
        Integer("maxTimeoutMills", "the longest voice input in milliseconds", default=20000, minimum=1),
        Objects("options", '[{"dtmf": "1", "action": "return(sales)"}]', of=_element(OPTION)),
        Text("mainText", "older: the main prompt as text to be spoken"),
        Text("repeatText", "older: the repeat prompt as text to be spoken"),
    ),
)

_ACTIONS = (
    Shape("hangup", (_NAME, *_legacy("hangupCause", "barge"))),
    Shape("continue", (_NAME, _RECORD, _RECORDING_OPTIONS)),
    Shape(
        "connectPstn",
        (
            _NAME,
            Phone("number", "the phone to dial, the dialled one if absent"),
            Nested("destination", "older than number", shape=IDENTITY),
            _LOCALE,
            _MAX_DURATION,
            Integer("dialTimeout", "seconds of ringing", minimum=1),
            _CLI,
            _SUPPRESS_CALLBACKS,
            Tones("dtmf", "tones for the callee after it has answered", default=""),
            Country("indications", "the country whose ring tone is heard", choices=tuple(_COUNTRIES.split())),
            Nested("amd", '{"enabled": true, "async": false}', shape=AMD),
            _RECORD,
            _RECORDING_OPTIONS,
            *_legacy("tags", "account", "_internal", "dtmfMode", "altLocale", "suppressErrorPrompts"),
        ),
    ),
    Shape(
        "connectMxp",
        (
            _NAME,
            Nested("destination", '{"type": "username", "endpoint": ".."}', shape=IDENTITY),
            _CALL_HEADERS,
            _CLI,
            _RECORD,
            _RECORDING_OPTIONS,
        ),
    ),
    Shape(
        "connectConf",
        (
            _NAME,
            Text("conferenceId", "the room, at most 64 characters", required=True),
            Nested("conferenceDtmfOptions", "what becomes of keys", shape=CONFERENCE_DTMF),
            _MOH,
            _SUPPRESS_CALLBACKS,
            _RECORD,
            _RECORDING_OPTIONS,
            *_legacy("cli", "enterLeaveSound", "conferenceType"),
        ),
    ),
    Shape(
        "connectSip",
        (
            _NAME,
            Nested("destination", '{"type": "sip", "endpoint": "user@host"}', required=True, shape=IDENTITY),
            _MAX_DURATION,
            _CLI,
            Choice("transport", "how SIP is carried, UDP if absent", choices=("UDP", "TCP", "TLS")),
            _SUPPRESS_CALLBACKS,
            _CALL_HEADERS,
            _MOH,
            _RECORD,
            _RECORDING_OPTIONS,
        ),
    ),
    Shape(
        "connectStream",
        (
            _NAME,
            Nested(
                "destination",
                '{"type": "Websocket", "endpoint": "wss://.."}',
                required=True,
                shape=IDENTITY,
            ),
            Nested("streamingOptions", '{"version": 1, "sampleRate": 16000}', shape=STREAMING),
            _MAX_DURATION,
            _CALL_HEADERS,
        ),
    ),
    Shape(
        "runMenu",
        (
            _NAME,
            Flag("barge", "keys count while a prompt plays", default=True),
            Locale("locale", "as en-US, en-US/female or Joanna; needed with enableVoice"),
            Text("mainMenu", "the id of the menu that plays first; main if absent"),
            Flag("enableVoice", "speech is input too", default=False),
            Objects("menus", "the menus, main or that of mainMenu among them", required=True, of=_element(MENU)),
            Text("reference", "older: comes back in the PIE"),
        ),
        hints={
            "options": "options belong into a menu: menus[0].options",
            "badge": _NEVER_MATCHED.format("barge", "badge"),
            "isvoice": _NEVER_MATCHED.format("enableVoice", "isVoice"),
        },
    ),
    Shape(
        "park",
        (
            _NAME,
            _LOCALE,
            Text("introPrompt", "what is played once"),
            Text("holdPrompt", "what is played again and again"),
            Integer(
                "maxDuration",
                "seconds until the call is hung up",
                default=LONGEST_PARKING_S,
                minimum=1,
                maximum=LONGEST_PARKING_S,
                over="PARK_LIMIT",
            ),
        ),
        hints={"intropromt": _NEVER_MATCHED.format("introPrompt", "introPromt")},
    ),
)

# ---- instructions -----------------------------------------------------------------------------------------------

_INSTRUCTIONS = (
    Shape(
        "playFiles",
        (
            _NAME,
            Texts("ids", 'prompts, as ["#tts[Hello]", "https://.."]', required=True, ),
            _LOCALE,
        ),
    ),
    Shape("say", (_NAME, Text("text", "what is read out", required=True), _LOCALE)),
    Shape("sendDtmf", (_NAME, Tones("value", "tones: 0-9, # and w for a pause of 500 ms", required=True))),
    Shape(
        "setCookie",
        (
            _NAME,
            Text("key", "the name of the cookie", required=True),
            Text("value", "what later events bring back", default=""),
        ),
    ),
    Shape("answer", (_NAME,)),
    Shape(
        "startRecording",
        (
            _NAME,
            Nested("options", "where and how to record", shape=RECORDING, aliases=("recordingOptions",)),
        ),
        hints={item.name.lower(): f"it belongs into options.{item.name}" for item in RECORDING.fields},
    ),
    Shape("stopRecording", (_NAME,)),
    Shape(
        "ReportCallStatus",
        (
            _NAME,
            Choice("value", "success or failure", required=True, choices=("success", "failure")),
            Text("details", "why, at most 64 characters", default="", longest=64),
        ),
    ),
)

DOCUMENT = Shape(
    "a SVAML document",
    (
        Anything("instructions", "an array of instructions"),
        Anything("action", '{"name": ".."}'),
    ),
)

ACTIONS = {shape.name.lower(): shape for shape in _ACTIONS}
"""By their name in lower case: names are matched in any case (docs/platform/svaml.md#1)."""

INSTRUCTIONS = {shape.name.lower(): shape for shape in _INSTRUCTIONS}
"""By their name in lower case."""

LEGACY_PATCH_ACTIONS = frozenset({"startrecording", "stoprecording"})
"""Instructions that older documents send to a connected call as its action; the call goes on.

Source: docs/platform/svaml.md#8.
"""
