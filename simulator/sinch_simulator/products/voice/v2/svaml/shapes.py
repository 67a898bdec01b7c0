"""The thirteen commands as tables: what each may say (docs/platform/voice-v2.md#3).

Everything that reads, checks or describes SVAML v2 goes by these. Handlers and menus hold commands themselves, so those
properties are ``Anything`` here and are read by ``read_commands.py``.
"""

import re

from sinch_simulator.core.schema.fields import Anything, BoundedText, Choice, Entries, Flag, Integer, Nested
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.core.schema.texts import Url
from sinch_simulator.products.voice.v2.svaml.fields import (
    Listed,
    Name,
    Number,
    OneOfNumbers,
    Typed,
    headers_field,
    kind_shape,
)
from sinch_simulator.products.voice.v2.svaml.model import HandlerName

LONGEST_SPEECH = 600
MOST_MATCHES = 50
LONGEST_MATCH = 256
LONGEST_MENU_NAME = 16
SAMPLE_RATES = (8000, 16000, 24000, 44100, 48000, 96000)

_NO_BLANKS = re.compile(r"\S+")
_ASCII = re.compile(r"[ -~]+")
_SIP_HEADER = re.compile(r"[-A-Za-z0-9.!%*_+`'~]+")
_SIP_URI = re.compile(r"sips?:.+", re.DOTALL)
_WEBSOCKET = re.compile(r"wss?://[^\s/?#]+\S*", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

CALL_NAME = Name("callName", "the call by this name", pattern=_NO_BLANKS)
_HEADERS = headers_field(_ASCII, "1 to 255 characters of printable ASCII")
_SIP_HEADERS = headers_field(_SIP_HEADER, "letters, digits and - . ! % * _ + ` ' ~")


def _websocket(meaning: str) -> BoundedText:
    return BoundedText(
        "endpoint", meaning, required=True, pattern=_WEBSOCKET, phrase="a WebSocket URL", right="a ws:// or wss:// URL"
    )


def _sip(name: str, longest: int, *more: Field) -> Shape:
    endpoint = BoundedText(
        "endpoint", "the SIP address", required=True, longest=longest, pattern=_SIP_URI, phrase="a SIP URI",
        right=f"sip:user@host or sips:user@host, at most {longest} characters",
    )  # fmt: skip
    return Shape(name, (endpoint, *more))


_PHONE = Shape("a phone", (Number("number", "the number", required=True),))
_STREAM_OPTIONS = Shape(
    "stream options",
    (
        Integer("version", "of the protocol", minimum=1, maximum=1, default=1),
        Choice("codec", "of the audio", choices=("PCM",), default="PCM"),
        OneOfNumbers("sampleRate", "samples a second", choices=SAMPLE_RATES, default=8000),
    ),
)
_STREAM = Shape(
    "a stream",
    (
        _websocket("where the audio goes"),
        Nested("streamOptions", "form of the audio", required=False, shape=_STREAM_OPTIONS),
        _HEADERS,
    ),
)
_RELAY = Shape(
    "a voice relay",
    (
        _websocket("where the texts go"),
        BoundedText("ttsVoice", "who speaks", required=True),
        BoundedText(
            "sttLanguage", "what is understood", required=True, pattern=_LANGUAGE, right="a language like en-US"
        ),
        Flag("enableInterruptions", "whether speech interrupts what is spoken", default=True),
        _HEADERS,
    ),
)
_SIP_DESTINATION = _sip(
    "a SIP destination",
    256,
    Choice("transport", "how SIP is carried", choices=("UDP", "TCP", "TLS")),
    _SIP_HEADERS,
)
_SIP_ORIGIN = _sip("a SIP origin", 192, BoundedText("displayName", "the name that is shown", longest=64))

_A_PHONE = kind_shape("a PHONE address", "PHONE", Nested("phone", "whose it is", required=True, shape=_PHONE))
DESTINATION = Typed(
    "to",
    "who is called",
    required=True,
    kinds={
        "PHONE": _A_PHONE,
        "SIP": kind_shape("a SIP destination", "SIP", Nested("sip", "where", required=True, shape=_SIP_DESTINATION)),
        "STREAM": kind_shape("a STREAM destination", "STREAM", Nested("stream", "where", required=True, shape=_STREAM)),
        "VOICE_RELAY": kind_shape(
            "a VOICE_RELAY destination", "VOICE_RELAY", Nested("voiceRelay", "where", required=True, shape=_RELAY)
        ),
    },
)
ORIGIN = Typed(
    "from",
    "who calls",
    kinds={
        "PHONE": _A_PHONE,
        "SIP": kind_shape("a SIP origin", "SIP", Nested("sip", "whose it is", required=True, shape=_SIP_ORIGIN)),
    },
)

# ---- messages ---------------------------------------------------------------------------------------------------

_SAY = Shape(
    "say",
    (
        BoundedText("text", "what is said", required=True, longest=LONGEST_SPEECH),
        BoundedText("voiceName", "who says it, like Emma", required=True),
        Choice("format", "how the text is written", choices=("TEXT", "SSML"), default="TEXT"),
    ),
)
_PLAY = Shape("play", (Url("url", "the file", required=True),))
MESSAGE = Typed(
    kinds={
        "SAY": kind_shape("a SAY message", "SAY", Nested("say", "what is said", required=True, shape=_SAY)),
        "PLAY": kind_shape("a PLAY message", "PLAY", Nested("play", "what is played", required=True, shape=_PLAY)),
    },
    phrase="a message",
)


def _messages() -> Listed:
    return Listed("messages", "what is heard, in order", required=True, of=MESSAGE, fewest=1, most=10)


# ---- events -----------------------------------------------------------------------------------------------------


def _events(command: str, *names: HandlerName) -> Nested:
    handlers = tuple(Anything(each.value, "commands that run then") for each in names)
    return Nested("events", "commands for its events", shape=Shape(f"events of {command}", handlers))


INCOMING_EVENTS = _events("a call that came in", HandlerName.HANGUP)

# ---- commands ---------------------------------------------------------------------------------------------------

_TRANSCRIPTION = Shape(
    "transcription options",
    (
        Flag("isEnabled", "whether it is transcribed", required=True),
        BoundedText("locale", "the language", default="en-US"),
    ),
)
_RECORDING_OPTIONS = Shape(
    "recording options",
    (
        Choice("destination", "the kind of store", required=True, choices=("AWS", "GCP", "AZURE")),
        BoundedText("destinationUrl", "where, like s3://bucket/folder", required=True),
        BoundedText("credentials", "for the store; accessKey:secretKey:region of AWS", required=True),
        Choice("format", "of the file", choices=("MP3", "WAV"), default="MP3"),
        Choice("recordingType", "which side", choices=("COMBINED", "INBOUND", "OUTBOUND"), default="COMBINED"),
        Nested("transcriptionOptions", "whether it is written down", shape=_TRANSCRIPTION),
    ),
)
_MENU_PROMPT = Shape("a prompt", (_messages(), Flag("allowBargeIn", "whether a key stops it", default=True)))
MENU_ITEM = Shape(
    "a menu",
    (
        Nested("prompt", "what is heard first", shape=_MENU_PROMPT),
        Nested("repeatPrompt", "what is heard at a repeat", shape=_MENU_PROMPT),
        Integer("inputTimeoutDurationSeconds", "seconds without a key", minimum=1, maximum=60, default=5),
        Integer("repeatCount", "how often it is repeated", minimum=0, maximum=10, default=2),
        Integer("minimumInputLength", "keys at least", minimum=1, maximum=100, default=1),
        Integer("maximumInputLength", "keys at most", minimum=1, maximum=100, default=1),
        BoundedText(
            "terminatingSequence", "keys that end the input", longest=10, pattern=re.compile("[0-9*#]+"),
            phrase="a sequence of keys", right="1 to 10 of 0-9, * and #",
        ),
        Entries("inputMethods", "how it is operated", of=Choice(choices=("DTMF",)), default=("DTMF",)),
        Anything("matches", "commands by input: a literal or a regular expression"),
        # The name that Python's SDK sends, and that of the OpenAPI document (docs/platform/voice-v2.md#6).
        Anything("onFailure", "commands without a match", aliases=("onFail",)),
    ),
)  # fmt: skip
_MENU_NAME = Name("menuName", "the menu", required=True, longest=LONGEST_MENU_NAME)


def _command(name: str, *fields: Field) -> Shape:
    return Shape(name, (Anything("command", "which command it is", required=True), *fields))


COMMANDS: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        _command(
            "dial",
            CALL_NAME,
            ORIGIN,
            DESTINATION,
            Integer("dialTimeoutDurationSeconds", "how long it rings", minimum=1, maximum=60, default=60),
            Integer("maxCallDurationSeconds", "how long it may last", minimum=1, maximum=14400, default=14400),
            _events(
                "dial", HandlerName.ANSWER, HandlerName.BUSY, HandlerName.REJECT, HandlerName.TIMEOUT,
                HandlerName.HANGUP, HandlerName.FAILURE,
            ),
        ),
        _command("answer"),
        _command(
            "messages",
            Name("messagesName", "what they are called"),
            _messages(),
            _events("messages", HandlerName.FINISH),
        ),
        _command("stopMessages", Name("messagesName", "which ones", required=True)),
        _command(
            "webhook",
            Name("webhookName", "what the event is called", required=True, longest=64, pattern=_NO_BLANKS),
            Url("url", "where the event goes", required=True),
            Url("fallbackUrl", "where it goes when that fails"),
        ),
        _command(
            "amd", _events("amd", HandlerName.HUMAN, HandlerName.MACHINE, HandlerName.BEEP, HandlerName.UNKNOWN)
        ),
        _command("hangup", CALL_NAME),
        _command(
            "pause",
            Integer("durationMilliseconds", "how long", required=True, minimum=1, right="milliseconds, 1 or more"),
        ),
        _command(
            "startRecording",
            Name("recordingName", "what it is called"),
            Nested("recordingOptions", "how and where", required=True, shape=_RECORDING_OPTIONS),
            _events("startRecording", HandlerName.FINISH, HandlerName.FAILURE),
        ),
        _command("stopRecording", Name("recordingName", "which one", required=True)),
        _command("bridgeCall", Name("bridgeName", "which one", required=True)),
        _command(
            "menu",
            Name("startMenu", "the first menu", required=True, longest=LONGEST_MENU_NAME),
            Anything("menus", "menus by name", required=True),
        ),
        _command("gotoMenu", _MENU_NAME),
    )
}  # fmt: skip
DOCUMENT = Shape(
    "the document",
    (Anything("commands", "commands, in order", required=True), CALL_NAME, INCOMING_EVENTS),
    # What SVAML of Voice v1 has in their places.
    hints={"action": 'that is Voice v1: write "commands"', "instructions": 'that is Voice v1: write "commands"'},
)
