"""Declares what the control endpoints of Voice take and answer."""

from sinch_simulator.core.rest.control_shapes import ENTRY, Moment, answer, list_of, listed, texts, words
from sinch_simulator.core.schema.fields import Anything, BoundedText, Choice, Entries, Flag, Integer, Nested, Text
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.core.schema.texts import PhoneNumber
from sinch_simulator.phones.persona_json import Keys, ScriptedPersona
from sinch_simulator.phones.signals import AnsweredAs, LegName
from sinch_simulator.products.voice.call import CallState, LegState, Origin
from sinch_simulator.products.voice.call_detail_records import RecordKind
from sinch_simulator.products.voice.callouts.fields import Custom

FROM = 'an E.164 number, like "+46700000001", or "private"'
TIMELINE = Choice("timeline", "false leaves the timeline out", choices=("true", "false"), default="true")

# ---- bodies -----------------------------------------------------------------------------------------------------

_HEADER = Shape(
    "a call header",
    (
        BoundedText("key", "its name", required=True, right="a name"),
        Text("value", "its value", required=True),
    ),
)
TARGET = Shape(
    "what an in-app user dials",
    (
        Choice("type", "what kind it is", required=True, choices=("number", "username", "conference")),
        BoundedText("endpoint", "the address", required=True, right="a number, a user name or the id of a conference"),
    ),
)
INCOMING_CALL = Shape(
    "a call from outside",
    (
        BoundedText("application", "which application it comes to; the one that has the dialled number when absent"),
        BoundedText("from", "who calls: a number or private, a user name, a SIP address", required=True, right=FROM),
        Anything(
            "to",
            "what is dialled, the application's first number when absent; for mxp it may be an object",
            described={"type": ["string", "object"]},
        ),
        Choice("origin", "where it comes from", choices=("pstn", "mxp", "sip"), default="pstn"),
        PhoneNumber("cli", "the number that an in-app user's client has set for itself; with mxp only"),
        PhoneNumber("rdnis", "the number of who has forwarded the call; with pstn only"),
        Entries(
            "callHeaders",
            "private headers of the call",
            of=Nested(shape=_HEADER),
            right='a list like [{"key": "a", "value": "b"}]',
        ),
        Custom("custom", "what every callback brings back", phrase="a text"),
        ScriptedPersona("caller", "how the caller behaves"),
    ),
)
_LEG = Choice("leg", "which end of the call; the person whom the platform talks to when absent", choices=words(LegName))
_RINGING_LEG = Choice("leg", "which end of the call; only a callee rings", choices=words(LegName))
PRESS = Shape("keys", (Keys("digits", "0-9 * # and w, a pause of 500 ms", required=True), _LEG))
_SAID = BoundedText("text", "what is said", required=True, longest=10_000, right='what is said, like "support"')
SPEAK = Shape("words", (_SAID, _LEG))
ANSWER = Shape(
    "what picks up",
    (
        Choice("as", "who, or what, picks up", choices=words(AnsweredAs), default=AnsweredAs.HUMAN.value),
        _RINGING_LEG,
    ),
)
DECLINE = Shape("how it is declined", (Choice("as", "how", choices=("busy", "reject"), default="reject"), _RINGING_LEG))
HANG_UP = Shape("an end of a call", (_LEG,))

# ---- answers ----------------------------------------------------------------------------------------------------

_COOKIE = answer("a cookie", Text("key"), Text("value"))
_LEG_OF_CALL = answer(
    "a leg",
    Choice("leg", "which end of the call", choices=words(LegName)),
    Text("address", "the number, the user name or the SIP address"),
    Choice("state", "how far it is", choices=words(LegState)),
    texts("heard", "what was played to it, in order"),
    Text("dtmf", "the keys that it has received"),
)
_OF_V1 = ("cookies", "conferenceId", "result", "reason")
_OF_V2 = (*("sessionId", "serviceId", "callName", "bridgeName", "batchId", "direction", "callResult", "callReason"),)
_BRIEF = (
    *("callId", "protocol", "applicationKey", "status", "state", "origin", "from", "to", "dialled", "cli"),
    *("verificationId", "conferenceId", "menuId", "result", "reason", "startedAt", "endedAt"),
    *(name for name in _OF_V2 if name != "batchId"),
)
_STATES_OF_V2 = ("ARRIVED", "IN_PROGRESS")
"""What a call of Voice v2 waits for beside ``DIALING`` and ``ENDED``."""
CALL = answer(
    "a call",
    Text("callId"),
    Choice("protocol", "which Voice API it speaks", choices=("v1", "v2")),
    Text("applicationKey", "whose call it is"),
    Choice("status", "whether it is over", choices=("ONGOING", "FINAL")),
    Choice("state", "what is awaited", choices=(*words(CallState), *_STATES_OF_V2)),
    Choice("origin", "where it comes from", choices=(*words(Origin), "verification")),
    Text("verificationId", "of the call of a verification: which", nullable=True),
    Text("domain", "pstn, mxp or conference", nullable=True),
    Text("from", "who calls", nullable=True),
    Text("to", "whom the call goes to now", nullable=True),
    Text("dialled", "what was dialled", nullable=True),
    Text("cli", "the number that is shown", nullable=True),
    Text("custom", "what every callback brings back", nullable=True),
    list_of("cookies", _COOKIE, "of v1: what SVAML has set"),
    Text("conferenceId", "of v1: the room that it is in", nullable=True),
    Text("menuId", "the menu that it is in", nullable=True),
    Text("result", "of v1: how it ended, N/A while it goes on"),
    Text("reason", "of v1: why it ended, N/A while it goes on"),
    Text("sessionId", "of v2: the session that it is in"),
    Text("serviceId", "of v2: the service that it is of"),
    Text("callName", "of v2: its name in the session", nullable=True),
    Text("bridgeName", "of v2: the bridge that it is in", nullable=True),
    Text("batchId", "of v2: the batch that its session is in", nullable=True),
    Choice("direction", "of v2: whether it came in or was dialled", choices=("INBOUND", "OUTBOUND")),
    Text("callResult", "of v2: how far it is, or how it ended"),
    Text("callReason", "of v2: why it ended, null while it goes on", nullable=True),
    Moment("startedAt"),
    Moment("answeredAt", nullable=True),
    Moment("endedAt", nullable=True),
    Integer("duration", "seconds since it was answered"),
    list_of("legs", _LEG_OF_CALL, "its ends"),
    texts("heard", "what the person heard whom the platform talks to: texts, and the URLs of files"),
    list_of("timeline", ENTRY, "everything that has happened to it"),
    optional=("timeline", "verificationId", *_OF_V1, *_OF_V2),
    title="Call",
    meaning="A call, under way or over.",
)
CALL_IN_BRIEF = answer(
    "a call in brief",
    *(item for item in CALL.fields if item.name in _BRIEF),
    Text("method", "of a callout, as ttsCallout", nullable=True),
    list_of("legs", answer("a leg in brief", *_LEG_OF_CALL.fields[:3]), "its ends"),
    Integer("errors", "how many of its findings are errors"),
    Integer("warnings", "how many of its findings are warnings"),
    Integer("firstSeq", "the number of its first line in the journal"),
    Integer("lastSeq", "the number of its last line in the journal"),
    optional=("verificationId", *_OF_V1, *_OF_V2),
    title="CallInBrief",
    meaning="A call for a list of thousands.",
)
CONFERENCE_COMMAND = Shape(
    "an order about a participant",
    (Choice("command", "what is done", required=True, choices=("mute", "unmute", "onhold", "resume", "kick")),),
)
CONFERENCE = answer(
    "a conference",
    Text("conferenceId"),
    Text("region", "where it is"),
    list_of(
        "participants",
        answer(
            "a participant",
            Text("callId"),
            Text("cli", "its number", nullable=True),
            Moment("joinedAt"),
            Flag("muted", "whether the others do not hear it"),
            Flag("onhold", "whether it hears nobody, and nobody it"),
            texts("hears", "the ids of the calls that it hears"),
        ),
    ),
    title="Conference",
    meaning="A conference, and who hears whom in it.",
)
RECORD_FILES = listed(
    "files",
    answer(
        "a file of call detail records",
        Text("day", "the UTC day"),
        Choice("type", "which records", choices=words(RecordKind)),
        Integer("records", "how many lines it has"),
    ),
)
