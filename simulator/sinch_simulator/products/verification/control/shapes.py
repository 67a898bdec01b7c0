"""Declares what the control endpoints of Verification take and answer."""

from sinch_simulator.core.rest.control_shapes import ENTRY, Moment, answer, list_of, words
from sinch_simulator.core.schema.fields import Choice, Integer, Text
from sinch_simulator.core.schema.shapes import Shape
from sinch_simulator.products.verification.model import CodeType, Method, Reason, State, Status

ENDINGS = tuple(each.value for each in Status if each is not Status.PENDING)
VERIFICATION = answer(
    "a verification",
    Text("id"),
    Text("applicationKey", "whose verification it is"),
    Choice("method", "how the number is verified", choices=words(Method)),
    Text("number", "whose number is verified"),
    Choice("status", "how it stands", choices=words(Status)),
    Choice("reason", "why it ended so", choices=words(Reason), nullable=True),
    Choice("state", "what is awaited", choices=tuple(each for each in words(State) if each != State.NEW.value)),
    Text("code", "the code that must be reported; null where there is none", nullable=True),
    Choice("codeType", "what the code is made of", choices=words(CodeType)),
    Text("cli", "the number that a flash call comes from, which must be reported", nullable=True),
    Text("cliFilter", "what SDKs find that number with", nullable=True),
    Text("targetUri", "where the device of a data verification must go", nullable=True),
    Text("reference", "the app's own name for it", nullable=True),
    Text("custom", "what every event brings back", nullable=True),
    Text("source", "how the secret was found, as it was reported", nullable=True),
    Text("language", "of the text, or of what is spoken", nullable=True),
    Text("template", "the text, with {{CODE}} for the code", nullable=True),
    Integer("attempts", "how many reports there were"),
    Integer("attemptsLeft", "how many wrong ones there may still be"),
    Moment("startedAt"),
    Moment("expiresAt"),
    Moment("endedAt", nullable=True),
    Text("callId", "of its call", nullable=True),
    Text("messageId", "of its text, at GET /_simulator/messages/{id}", nullable=True),
    list_of("timeline", ENTRY, "everything that has happened to it"),
    title="Verification",
    meaning="A verification, with its secrets.",
)
CONCLUSION = Shape(
    "how it ends",
    (
        Choice("status", "how it stands from then on", required=True, choices=ENDINGS),
        Choice("reason", "why: one of those that go with the status", choices=words(Reason)),
    ),
)
