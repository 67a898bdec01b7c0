"""Declares what the server's own control endpoints take and answer about applications, callbacks and faults."""

from typing import Any

from sinch_simulator.core.callback import Outcome
from sinch_simulator.core.rest.control_shapes import DIAGNOSTIC, HEADERS, IDS, Moment, answer, list_of, words
from sinch_simulator.core.schema.fields import (
    Anything,
    BoundedText,
    Choice,
    Integer,
    Nested,
    Number,
    Text,
    Yes,
)
from sinch_simulator.core.schema.shapes import Findings, Shape, Values
from sinch_simulator.server.faults.rules import FaultKind, FaultSide
from sinch_simulator.server.forgeries import Forgery

# ---- callbacks --------------------------------------------------------------------------------------------------

REDELIVERY = Shape(
    "how a callback is sent again",
    (
        Choice(
            "forge",
            "what is wrong with it: signed with another secret, changed after signing, an hour old, not signed;"
            " nothing when absent",
            choices=words(Forgery),
        ),
    ),
)
_REQUEST = answer(
    "a request",
    HEADERS,
    Anything("body", "as JSON"),
    Text("raw", "the bytes of the body as text"),
    Text("signed", "the text that its signature is made over; null when it is not signed", nullable=True),
)
_RESPONSE = answer("a response", Integer("status"), HEADERS, Anything("body", "as JSON where it is JSON, else as text"))
CALLBACK = answer(
    "a callback",
    Text("id"),
    *IDS,
    Text("applicationKey", "whose callback it is"),
    Text("product", "which product has sent it"),
    Text("event", "what it tells"),
    Text("url", "where it went"),
    Integer("attempt", "1, or 2 for the fallback"),
    Moment("sentAt"),
    Number("latencyMs", "real milliseconds until the answer"),
    Nested("request", "what was sent", shape=_REQUEST),
    Nested("response", "what came back, null where nothing did", shape=_RESPONSE, nullable=True),
    Choice("outcome", "what came of it", choices=words(Outcome)),
    list_of("diagnostics", DIAGNOSTIC, "what there is to say about the answer"),
    Yes("bypassed", "true where the fallback was asked at once, because the first URL had failed too often"),
    Choice("forged", "what is wrong with one that was forged on purpose", choices=words(Forgery)),
    optional=("bypassed", "forged"),
    title="Callback",
    meaning="One attempt to deliver a callback.",
)

# ---- faults -----------------------------------------------------------------------------------------------------

LONGEST_DELAY_S = 600.0
_MOST_TIMES = 1_000_000
_FLAGS = tuple(kind for kind in FaultKind if kind not in (FaultKind.STATUS, FaultKind.ERROR_CODE, FaultKind.DELAY))
_NUMBERED = '{"status": 503}, {"errorCode": 40005}, {"delay": 2.0}'
DO = f"one of {_NUMBERED}, " + ", ".join(f'{{"{kind.value}": true}}' for kind in _FLAGS)
_MEANINGS = {
    FaultKind.TIMEOUT: "no answer comes",
    FaultKind.DISCONNECT: "the connection is closed",
    FaultKind.DUPLICATE: "the callback is sent twice; on callback only",
    FaultKind.BAD_SIGNATURE: "the signature is wrong; on callback only",
    FaultKind.DROP: "it is never sent; on callback only",
}
ORDER = Shape(
    "what goes wrong",
    (
        # A redirect is an error to the platform when an app answers so, but the platform never sends one.
        Integer(
            "status",
            "the answer has this status",
            minimum=300,
            maximum=599,
            right="a status from 400 to 599, on callback from 300",
        ),
        Integer(
            "errorCode",
            "the answer has this code of the platform, and the status that its first three digits are; on rest only",
            minimum=40000,
            maximum=59999,
            right="a code of the platform, as 40005",
        ),
        Number("delay", "so many real seconds pass first", minimum=0, maximum=LONGEST_DELAY_S),
        *(Yes(kind.value, _MEANINGS[kind]) for kind in _FLAGS),
    ),
    single=True,
)


class _Order(Nested):
    """One thing that goes wrong."""

    shape: Shape = ORDER
    right: str = DO

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads its name and its number."""
        if not isinstance(value, dict) or len(value) != 1:
            findings.wrong(self, prefix + name, value)
            return None
        values: Values = Nested.read(self, name, value, prefix, findings)
        [kind] = value
        if values.get(kind) is None:
            if kind in ORDER.exact and value[kind] is None:
                findings.wrong(ORDER.exact[kind], f"{prefix}{name}.{kind}", None)
            return None
        return FaultKind(kind), values[kind]


class _Path(BoundedText):
    """The path of a request, in which ``*`` stands for any text."""

    right: str = "a path that begins with /, as /calling/v1/callouts"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the path as it is written."""
        path: str | None = BoundedText.read(self, name, value, prefix, findings)
        if path is not None and not path.startswith(("/", "*")):
            findings.wrong(self, prefix + name, path)
            return None
        return path


_MATCH = Shape(
    "what a fault is about",
    (
        _Path("path", "in which * stands for any text"),
        BoundedText("method", "an HTTP method", right="an HTTP method"),
        BoundedText("event", "of a callback, as ice"),
        BoundedText("callId", "of a callback", right="the id of a call"),
        BoundedText("product", "as voice"),
    ),
)
_TIMES = Integer("times", "how often at most; always when absent", minimum=1, maximum=_MOST_TIMES)
_PROBABILITY = Number("probability", "how likely each time; 1 when absent", minimum=0, maximum=1)
NEW_FAULT = Shape(
    "a fault",
    (
        Choice("on", "what fails", required=True, choices=words(FaultSide), right="rest or callback"),
        Nested("match", "which of them; all when absent", shape=_MATCH),
        _Order("do", "what goes wrong, one thing", required=True),
        _TIMES,
        _PROBABILITY,
    ),
)
FAULT = answer(
    "a fault rule",
    Text("id"),
    Choice("on", "what fails", choices=words(FaultSide)),
    Nested("match", "which of them; all when absent", shape=_MATCH),
    Nested("do", "what goes wrong, one thing", shape=ORDER),
    _TIMES,
    _PROBABILITY,
    Integer("used", "how often it has applied"),
    optional=("match", "times", "probability"),
    title="Fault",
    meaning="A fault that was ordered.",
)
