"""The language as tables: what each action and instruction may say, and where each is allowed.

Source: docs/platform/svaml.md#2 to #4.

Everything that reads, checks or describes SVAML goes by these; a property that is added here is read from then on.
"""

from sinch_simulator.core.schema.shapes import Kind, Property, Shape
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

_NAME = Property("name", Kind.ANY, "which action or instruction this is", required=True)
_LOCALE = Property("locale", Kind.LOCALE, "as en-US, en-US/female or Joanna", default="en-US")
_MAX_DURATION = Property(
    "maxDuration",
    Kind.INTEGER,
    "seconds after which the call is cut off",
    minimum=1,
    maximum=LONGEST_CALL_S,
    over="MAX_DURATION",
)
_SUPPRESS_CALLBACKS = Property("suppressCallbacks", Kind.FLAG, "no ACE and no DiCE for this call", default=False)
_CLI = Property("cli", Kind.TEXT, "the caller's number that is shown; 'private' hides it")
_MOH = Property(
    "moh",
    Kind.CHOICE,
    "music on hold",
    choices=("ring", "music1", "music2", "music3"),
)

HEADER = Shape(
    "a call header",
    (
        Property("key", Kind.TEXT, "the name of the header", required=True),
        Property("value", Kind.TEXT, "the value of the header", required=True),
    ),
)
_CALL_HEADERS = Property(
    "callHeaders", Kind.OBJECTS, '[{"key": "..", "value": ".."}]', shape=HEADER, aliases=("callheaders",)
)

IDENTITY = Shape(
    "a destination",
    (
        Property("type", Kind.TEXT, "what kind of address it is", default=""),
        Property("endpoint", Kind.TEXT, "the address", required=True),
    ),
)

TRANSCRIPTION = Shape(
    "transcriptionOptions",
    (
        Property("enabled", Kind.FLAG, "whether a transcript is made", default=False),
        Property("locale", Kind.TEXT, "the language that is spoken, as en-US"),
    ),
)
RECORDING = Shape(
    "recording options",
    (
        Property(
            "destinationUrl",
            Kind.TEXT,
            "s3://bucket/folder, azure://account/container or sdrive://",
            default="",
            aliases=("destination",),
        ),
        Property("credentials", Kind.TEXT, "accessKey:secretKey:region for S3, the account key for Azure", default=""),
        Property("format", Kind.TEXT, "the file format", default="mp3"),
        Property("notificationEvents", Kind.FLAG, "whether Notify events tell of the recording", default=True),
        Property("transcriptionOptions", Kind.OBJECT, "whether and how to transcribe", shape=TRANSCRIPTION),
    ),
)
_RECORD = Property("record", Kind.FLAG, "the older way to record", default=False)
_RECORDING_OPTIONS = Property("recordingOptions", Kind.OBJECT, "how to record, with record: true", shape=RECORDING)


def _legacy(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, Kind.LEGACY) for name in names)


# ---- actions ----------------------------------------------------------------------------------------------------

AMD = Shape(
    "amd",
    (
        Property("enabled", Kind.FLAG, "whether answering machines are detected", default=False),
        Property("async", Kind.FLAG, "ACE does not wait for the verdict", default=False),
    ),
)
_COUNTRIES = """
    at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx my nl no nz ph pl pt ru se sg th uk us tw ve za
    us-old ml
"""
CONFERENCE_DTMF = Shape(
    "conferenceDtmfOptions",
    (
        Property(
            "mode", Kind.CHOICE, "what becomes of keys", default="ignore", choices=("ignore", "forward", "detect")
        ),
        Property("maxDigits", Kind.INTEGER, "digits collected before a PIE", default=1, minimum=1),
        Property("timeoutMills", Kind.INTEGER, "milliseconds between two digits", default=3000, minimum=1),
    ),
)
STREAMING = Shape(
    "streamingOptions",
    (
        Property("version", Kind.INTEGER, "the version of the protocol", default=1, minimum=1),
        Property(
            "sampleRate",
            Kind.CHOICE,
            "Hz",
            default="16000",
            choices=("8000", "16000", "24000", "44100", "48000", "96000"),
        ),
    ),
)
OPTION = Shape(
    "a menu option",
    (
        Property("dtmf", Kind.ANY, "the key: one of 0-9, * and #"),
        Property("action", Kind.TEXT, "menu(<id of a menu>) or return(<value>)", required=True),
        Property("input", Kind.TEXT, "the phrase that chooses it by voice"),
        *_legacy("add"),
    ),
)
MENU = Shape(
    "a menu",
    (
        Property("id", Kind.TEXT, "the name of the menu; one is called main", required=True),
        Property("mainPrompt", Kind.TEXT, "what is played first: #tts[..], #ssml[..], #href[..] or a file"),
        Property("repeatPrompt", Kind.TEXT, "what is played when input is missing; the main prompt if absent"),
        Property("repeats", Kind.INTEGER, "how often the repeat prompt is played", default=3, minimum=0),
        Property("maxDigits", Kind.INTEGER, "how many digits are collected for a PIE of type sequence", minimum=1),
        Property("timeoutMills", Kind.INTEGER, "milliseconds of silence", default=5000, minimum=1),
        Property("maxTimeoutMills", Kind.INTEGER, "the longest voice input in milliseconds", default=20000, minimum=1),
        Property("options", Kind.OBJECTS, '[{"dtmf": "1", "action": "return(sales)"}]', shape=OPTION),
        Property("mainText", Kind.TEXT, "older: the main prompt as text to be spoken"),
        Property("repeatText", Kind.TEXT, "older: the repeat prompt as text to be spoken"),
    ),
)

_ACTIONS = (
    Shape("hangup", (_NAME, *_legacy("hangupCause", "barge"))),
    Shape("continue", (_NAME, _RECORD, _RECORDING_OPTIONS)),
    Shape(
        "connectPstn",
        (
            _NAME,
            Property("number", Kind.PHONE, "the phone to dial, the dialled one if absent"),
            Property("destination", Kind.OBJECT, "older than number", shape=IDENTITY),
            _LOCALE,
            _MAX_DURATION,
            Property("dialTimeout", Kind.INTEGER, "seconds of ringing", minimum=1),
            _CLI,
            _SUPPRESS_CALLBACKS,
            Property("dtmf", Kind.TONES, "tones for the callee after it has answered", default=""),
            Property(
                "indications", Kind.CHOICE, "the country whose ring tone is heard", choices=tuple(_COUNTRIES.split())
            ),
            Property("amd", Kind.OBJECT, '{"enabled": true, "async": false}', shape=AMD),
            _RECORD,
            _RECORDING_OPTIONS,
            *_legacy("tags", "account", "_internal", "dtmfMode", "altLocale", "suppressErrorPrompts"),
        ),
    ),
    Shape(
        "connectMxp",
        (
            _NAME,
            Property("destination", Kind.OBJECT, '{"type": "username", "endpoint": ".."}', shape=IDENTITY),
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
            Property("conferenceId", Kind.TEXT, "the room, at most 64 characters", required=True),
            Property("conferenceDtmfOptions", Kind.OBJECT, "what becomes of keys", shape=CONFERENCE_DTMF),
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
            Property(
                "destination", Kind.OBJECT, '{"type": "sip", "endpoint": "user@host"}', required=True, shape=IDENTITY
            ),
            _MAX_DURATION,
            _CLI,
            Property("transport", Kind.CHOICE, "how SIP is carried, UDP if absent", choices=("UDP", "TCP", "TLS")),
            _SUPPRESS_CALLBACKS,
            _CALL_HEADERS,
            _MOH,
        ),
    ),
    Shape(
        "connectStream",
        (
            _NAME,
            Property(
                "destination",
                Kind.OBJECT,
                '{"type": "Websocket", "endpoint": "wss://.."}',
                required=True,
                shape=IDENTITY,
            ),
            Property("streamingOptions", Kind.OBJECT, '{"version": 1, "sampleRate": 16000}', shape=STREAMING),
            _MAX_DURATION,
            _CALL_HEADERS,
        ),
    ),
    Shape(
        "runMenu",
        (
            _NAME,
            Property("barge", Kind.FLAG, "keys count while a prompt plays", default=True),
            Property("locale", Kind.LOCALE, "as en-US, en-US/female or Joanna; needed with enableVoice"),
            Property("mainMenu", Kind.TEXT, "the id of the menu to begin with, main if absent"),
            Property("enableVoice", Kind.FLAG, "speech is input too", default=False),
            Property("menus", Kind.OBJECTS, "the menus, one of them with the id main", required=True, shape=MENU),
            Property("reference", Kind.TEXT, "older: comes back in the PIE"),
        ),
        hints={"options": "options belong into a menu: menus[0].options"},
    ),
    Shape(
        "park",
        (
            _NAME,
            _LOCALE,
            Property("introPrompt", Kind.TEXT, "what is played once"),
            Property("holdPrompt", Kind.TEXT, "what is played again and again"),
            Property(
                "maxDuration",
                Kind.INTEGER,
                "seconds until the call is hung up",
                default=LONGEST_PARKING_S,
                minimum=1,
                maximum=LONGEST_PARKING_S,
                over="PARK_LIMIT",
            ),
        ),
    ),
)

# ---- instructions -----------------------------------------------------------------------------------------------

_INSTRUCTIONS = (
    Shape(
        "playFiles",
        (
            _NAME,
            Property("ids", Kind.TEXTS, 'prompts, as ["#tts[Hello]", "https://.."]', required=True),
            _LOCALE,
        ),
    ),
    Shape("say", (_NAME, Property("text", Kind.TEXT, "what is read out", required=True), _LOCALE)),
    Shape(
        "sendDtmf", (_NAME, Property("value", Kind.TONES, "tones: 0-9, # and w for a pause of 500 ms", required=True))
    ),
    Shape(
        "setCookie",
        (
            _NAME,
            Property("key", Kind.TEXT, "the name of the cookie", required=True),
            Property("value", Kind.TEXT, "what later events bring back", default=""),
        ),
    ),
    Shape("answer", (_NAME,)),
    Shape(
        "startRecording",
        (
            _NAME,
            Property(
                "options", Kind.OBJECT, "where and how to record", shape=RECORDING, aliases=("recordingOptions",)
            ),
        ),
        hints={item.name.lower(): f"it belongs into options.{item.name}" for item in RECORDING.properties},
    ),
    Shape("stopRecording", (_NAME,)),
    Shape(
        "ReportCallStatus",
        (
            _NAME,
            Property("value", Kind.CHOICE, "success or failure", required=True, choices=("success", "failure")),
            Property("details", Kind.TEXT, "why, at most 64 characters", default="", longest=64),
        ),
    ),
)

DOCUMENT = Shape(
    "a SVAML document",
    (
        Property("instructions", Kind.ANY, "an array of instructions"),
        Property("action", Kind.ANY, '{"name": ".."}'),
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
