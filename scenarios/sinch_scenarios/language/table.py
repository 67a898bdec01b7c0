"""The words of the scenario language in one table: which steps there are, what they take, and how they become values.

The loader reads by this table and the JSON Schema is written from it, so that the two cannot disagree.
"""

from collections.abc import Callable, Mapping

from attrs import field

from sinch_scenarios.language import model as steps
from sinch_scenarios.language.events import EventName
from sinch_scenarios.language.expectations import Check
from sinch_scenarios.language.fields import (
    CallName,
    Destination,
    Duration,
    KnownName,
    NewName,
    Object,
    Who,
    Written,
    WrittenHeard,
    WrittenKeys,
    WrittenSecret,
)
from sinch_scenarios.language.model import Leg, Origin, RoomCommand, Step
from sinch_scenarios.language.text_steps import ExpectMessage, SendBatch, TextIn
from sinch_scenarios.language.yaml_nodes import Json, Place
from sinch_simulator.core.schema.fields import Choice, Flag
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.core.values import frozen


@frozen
class Values:
    """What was read of a step, by key."""

    at: Place
    fields: Mapping[str, object]
    checks: tuple[Check, ...] = ()

    def text(self, key: str) -> str | None:
        """Returns a text, a name or keys."""
        value = self.fields.get(key)
        assert value is None or isinstance(value, str)
        return value

    def needed(self, key: str) -> str:
        """Returns a text that is required, and so is there."""
        value = self.text(key)
        assert value is not None
        return value

    def ms(self, key: str, otherwise: int = steps.PATIENCE_MS) -> int:
        """Returns a duration in milliseconds."""
        value = self.fields.get(key)
        assert value is None or isinstance(value, int)
        return otherwise if value is None else value

    def leg(self) -> Leg | None:
        """Returns which end of the call."""
        value = self.text("leg")
        return None if value is None else Leg(value)

    def mapping(self, key: str) -> dict[str, Json]:
        """Returns a JSON object."""
        value = self.fields.get(key)
        assert value is None or isinstance(value, dict)
        return value or {}

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Returns texts by text."""
        return tuple((key, str(value)) for key, value in self.mapping("headers").items())

    def destination(self) -> str | dict[str, Json] | None:
        """Returns an address."""
        value = self.fields.get("to")
        assert value is None or isinstance(value, str | dict)
        return value


@frozen
class StepRule:
    """A step: its keys, which of them stands alone in the short form, and whether other keys are expectations."""

    key: str
    help: str
    fields: tuple[Field, ...]
    build: Callable[[Values], Step]
    short: str | None = None
    expects: bool = False
    begins: bool = False
    about_a_call: bool = True
    one_of: tuple[str, ...] = ()
    """Keys of which there must be exactly one."""
    free: bool = False
    """The whole mapping but ``caller`` is JSON that goes out as it is, under the key ``body``."""

    shape: Shape = field(init=False)
    """Of its long form."""

    @shape.default
    def _shape(self) -> Shape:
        return Shape(self.key, self.fields)


_LEGS = tuple(leg.value for leg in Leg)
_CALLER = KnownName("caller", "which call, by the name that an earlier step gave it")
_NAMED = NewName("caller", "a name, by which later steps speak of this call")
_WITHIN = Duration("within", "simulated seconds that may pass until then; 60 when absent")
_LEG = Choice("leg", "an end of the call; the person whom the platform talks to when absent", choices=_LEGS)
_TO = Destination("to", "whom: also the name of a rented number; the application's number when absent")
_HEADERS = Object("headers", "call headers")
_ROOM = Written("conference", "the room; the one that the call is in when absent")


def _arrival(origin: Origin, source: str) -> Callable[[Values], Step]:
    def build(values: Values) -> Step:
        return steps.Dial(
            values.at, origin, values.needed(source), values.destination(), values.headers(),
            values.text("custom"), values.text("caller"), values.text("rdnis"), values.text("cli"),
        )  # fmt: skip

    return build


def _expect_callback(values: Values) -> Step:
    return steps.ExpectCallback(
        values.at,
        values.needed("callback"),
        values.checks,
        values.ms("within"),
        values.text("caller"),
        values.text("type"),
        values.text("outcome"),
    )


def _expect_none(values: Values) -> Step:
    event = values.needed("callback")
    return steps.ExpectNone(values.at, event, values.checks, values.ms("within", 0), values.text("caller"))


def _report(values: Values) -> Step:
    code, cli = values.text("code"), values.text("cli")
    secret = cli if code is None else code
    assert secret is not None
    return steps.Report(values.at, secret, code is None, values.ms("within"), values.text("source"))


def _hear(values: Values) -> Step:
    return steps.Hear(
        values.at, values.needed("text"), values.ms("within"), values.leg(), values.text("caller"),
        bool(values.fields.get("earlier")),
    )  # fmt: skip


def _press(values: Values) -> Step:
    return steps.Press(
        values.at, values.needed("digits"), values.ms("within"), values.leg(), bool(values.fields.get("at_once")),
        values.text("caller"),
    )  # fmt: skip


def _speak(values: Values) -> Step:
    return steps.Speak(values.at, values.needed("text"), values.ms("within"), values.leg(), values.text("caller"))


def _hang_up(values: Values) -> Step:
    who = values.fields.get("caller")
    if isinstance(who, Leg):
        return steps.HangUp(values.at, who)
    return steps.HangUp(values.at, values.leg(), values.text("caller"))


def _rent(values: Values) -> Step:
    calls, texts = (values.fields.get(name) is not False for name in ("calls", "texts"))
    region, type_ = values.needed("region"), values.needed("type")
    return steps.Rent(values.at, values.needed("name"), region, type_, calls, texts)


def _command(command: RoomCommand) -> Callable[[Values], Step]:
    return lambda values: steps.Command(values.at, command, values.text("conference"), values.text("caller"))


def _room_step(key: str, command: RoomCommand, help: str) -> StepRule:
    return StepRule(key, help, (_CALLER, _ROOM), _command(command), short="caller")


STEPS = (
    StepRule(
        "dial",
        "A phone calls in.",
        (Written("from", "who calls", required=True), _TO, _HEADERS,
         Written("custom", "the call's custom text"), Written("rdnis", "who has forwarded the call"), _NAMED),
        _arrival(Origin.PSTN, "from"), begins=True,
    ),
    StepRule(
        "app_call",
        "A user of the app calls, over data.",
        (Written("user", "who calls", required=True), _TO, _HEADERS,
         Written("custom", "the call's custom text"), Written("cli", "the number of the user's client"), _NAMED),
        _arrival(Origin.APP, "user"), begins=True,
    ),
    StepRule(
        "sip_call",
        "A SIP trunk calls.",
        (Written("from", "who calls: user@host", required=True), _TO, _HEADERS,
         Written("custom", "the call's custom text"), _NAMED),
        _arrival(Origin.SIP, "from"), begins=True,
    ),
    StepRule(
        "callout",
        "The REST request for a callout is made: the body of POST /calling/v1/callouts.",
        (_NAMED,), lambda values: steps.Callout(values.at, values.mapping("body"), values.text("caller")),
        begins=True, free=True,
    ),
    StepRule(
        "join",
        "Somebody is called into a conference by REST.",
        (Written("conference", "the room", required=True),
         Written("to", "the number that is called", required=True), _NAMED),
        lambda values: steps.Join(values.at, values.needed("conference"), values.needed("to"), values.text("caller")),
        begins=True,
    ),
    StepRule(
        "start_call",
        "The app starts calls of Voice v2: the body of its POST .../calls; the next steps are about the first.",
        (_NAMED,), lambda values: steps.StartCall(values.at, values.mapping("body"), values.text("caller")),
        begins=True, free=True,
    ),
    StepRule(
        "expect_new_call",
        "The app places a call by itself; other keys are dotted paths into the call.",
        (_NAMED, _WITHIN),
        lambda values: steps.ExpectNewCall(values.at, values.checks, values.ms("within"), values.text("caller")),
        expects=True, begins=True,
    ),
    StepRule(
        "expect",
        "The next callback of this event goes out; other keys are dotted paths into its body.",
        (EventName("callback", "the event", required=True), _CALLER, _WITHIN,
         Written("type", "of a notify: which"),
         Written("outcome", "what came of it, where that is not answered: timeout, bad-status, ...")),
        _expect_callback, short="callback", expects=True,
    ),
    StepRule(
        "expect_none",
        "No further callback like this goes out; with `within`, none for so long.",
        (EventName("callback", "the event", required=True), _CALLER,
         Duration("within", "simulated seconds that pass; 0 when absent")),
        _expect_none, short="callback", expects=True,
    ),
    StepRule(
        "expect_call",
        "The call is so, now or soon; keys are dotted paths into the call.",
        (_CALLER, _WITHIN),
        lambda values: steps.ExpectCall(values.at, values.checks, values.ms("within"), values.text("caller")),
        expects=True,
    ),
    StepRule(
        "as",
        "The next steps are about the call of this callName, as soon as it is there (Voice v2).",
        (CallName("name", "its callName", required=True),),
        lambda values: steps.ActAs(values.at, values.needed("name")), short="name",
    ),
    StepRule(
        "expect_session",
        "The session of the call is so, now or soon; keys are dotted paths into it, `calls` is how many (Voice v2).",
        (_CALLER, _WITHIN),
        lambda values: steps.ExpectSession(values.at, values.checks, values.ms("within"), values.text("caller")),
        expects=True,
    ),
    StepRule(
        "hear",
        "A person hears a text that contains this.",
        (WrittenHeard("text", "part of it, or /regex/", required=True), _CALLER, _LEG, _WITHIN,
         Flag("earlier", "true: also what was heard before the last key, word or hang-up, or by an earlier hear")),
        _hear, short="text",
    ),
    StepRule(
        "press",
        "A person presses keys, as soon as a menu listens.",
        (WrittenKeys("digits", "0-9 * # and w, a pause of 500 ms", required=True), _CALLER, _LEG, _WITHIN,
         Flag("at_once", "true: whether anything listens or not")),
        _press, short="digits",
    ),
    StepRule(
        "speak",
        "A person says something, as soon as a menu listens.",
        (Written("text", "what is said", required=True), _CALLER, _LEG, _WITHIN),
        _speak, short="text",
    ),
    StepRule(
        "hang_up", "A person hangs up.",
        (Who("caller", "which call, or which end of it"), _LEG), _hang_up, short="caller",
    ),
    StepRule(
        "update",
        "The app sends SVAML to the call by REST: instructions and action, of Voice v2 commands.",
        (_CALLER, Written("leg", "caller, callee or both")),
        lambda values: steps.Update(values.at, values.mapping("body"), values.text("leg"), values.text("caller")),
        free=True,
    ),
    _room_step("mute", RoomCommand.MUTE, "A participant of a conference is muted by REST."),
    _room_step("unmute", RoomCommand.UNMUTE, "A participant is unmuted by REST."),
    _room_step("hold", RoomCommand.HOLD, "A participant is put on hold by REST."),
    _room_step("resume", RoomCommand.RESUME, "A participant is taken off hold by REST."),
    StepRule(
        "kick",
        "A participant is removed by REST; with a conference and no caller, everybody.",
        (_CALLER, _ROOM),
        lambda values: steps.Kick(values.at, values.text("conference"), values.text("caller")),
        short="caller",
    ),
    StepRule(
        "verify",
        "A verification is started: the body of POST /verification/v1/verifications.",
        (_NAMED,), lambda values: steps.Verify(values.at, values.mapping("body"), values.text("caller")),
        begins=True, free=True,
    ),
    StepRule(
        "report",
        "Something is reported of the newest verification: a code, or the number of a flash call.",
        (WrittenSecret("code", "right, wrong, or the code that is reported"),
         WrittenSecret("cli", "right, wrong, or the number that is reported"),
         Written("source", "manual or intercepted"),
         Duration("within", "simulated seconds that may pass until there is a verification; 60 when absent")),
        _report, one_of=("code", "cli"), about_a_call=False,
    ),
    StepRule(
        "expect_verification",
        "The newest verification is so, now or soon; keys are dotted paths into it.",
        (_WITHIN,),
        lambda values: steps.ExpectVerification(values.at, values.checks, values.ms("within")),
        expects=True, about_a_call=False,
    ),
    StepRule(
        "text",
        "A phone texts the application.",
        (Written("from", "who texts", required=True), Written("text", "what it says", required=True),
         Written("to", "at which number; the application's when absent")),
        lambda values: TextIn(values.at, values.needed("from"), values.needed("text"), values.text("to")),
        about_a_call=False,
    ),
    StepRule(
        "send_batch",
        "The REST request for a batch of texts is made: the body of POST /xms/v1/{service plan}/batches.",
        (), lambda values: SendBatch(values.at, values.mapping("body")),
        about_a_call=False, free=True,
    ),
    StepRule(
        "expect_message",
        "The next message to a phone is so, now or soon; other keys are dotted paths into it.",
        (Written("to", "the phone; any when absent"), WrittenHeard("text", "part of the text, or /regex/"), _WITHIN),
        lambda values: ExpectMessage(
            values.at, values.checks, values.ms("within"), values.text("to"), values.text("text")
        ),
        expects=True, about_a_call=False,
    ),
    StepRule(
        "wait", "Simulated time passes.", (Duration("seconds", "how long", required=True),),
        lambda values: steps.Wait(values.at, values.ms("seconds")), short="seconds", about_a_call=False,
    ),
    StepRule(
        "advance", "Time leaps, even under the realtime clock.",
        (Duration("seconds", "how far", required=True),),
        lambda values: steps.Advance(values.at, values.ms("seconds")), short="seconds", about_a_call=False,
    ),
    StepRule(
        "rent", "The app rents a number by the Numbers API; two seconds later its calls and texts come to the app.",
        (NewName("name", "by which `to` of a dial and release speak of the number", required=True),
         Written("region", "the country", default="US"), Written("type", "LOCAL, MOBILE or TOLL_FREE", default="LOCAL"),
         Flag("calls", "false: calls to it are not assigned"), Flag("texts", "false: texts to it are not assigned")),
        _rent, short="name", about_a_call=False,
    ),
    StepRule(
        "release", "The app gives a number back by the Numbers API.",
        (Written("number", "the name of a rented one, or one of the application's", required=True),),
        lambda values: steps.Release(values.at, values.needed("number")), short="number", about_a_call=False,
    ),
    StepRule(
        "fault", "From here on something fails: a rule of POST /_simulator/faults.", (),
        lambda values: steps.Fault(values.at, values.mapping("body")), about_a_call=False, free=True,
    ),
)  # fmt: skip
"""Every step there is, in the order of the documentation."""

RULES = {rule.key: rule for rule in STEPS}
