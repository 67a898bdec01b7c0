"""What requests to the Verification API may say: shapes of their bodies (docs/platform/verification.md#3.1, #4.1)."""

from sinch_simulator.core.schema.fields import Anything, BoundedText, Choice, Nested, Text
from sinch_simulator.core.schema.request_findings import RequestFindings
from sinch_simulator.core.schema.shapes import Field, Shape
from sinch_simulator.core.values import define
from sinch_simulator.products.verification.fields import (
    LONGEST_CUSTOM,
    Endpoint,
    Expiry,
    Tag,
    code_type,
    flash_timeouts,
    speech,
)
from sinch_simulator.products.verification.model import Method

LONGEST_REFERENCE = 256
"""Characters (*assumed*)."""
_METHODS = tuple(method.value for method in Method)

IDENTITY = Shape(
    "identity",
    (
        Choice("type", "what is verified", required=True, choices=("number",)),
        Endpoint("endpoint", "the number that is verified", required=True),
    ),
)
_START_FIELDS: tuple[Field, ...] = (
    Nested("identity", "whose number is verified", required=True, shape=IDENTITY),
    Choice("method", "how it is verified", required=True, choices=_METHODS, any_case=True),
    BoundedText("reference", "the app's own name for it, given once", longest=LONGEST_REFERENCE, filled=False),
    BoundedText("custom", "what every event brings back", longest=LONGEST_CUSTOM, filled=False),
)
_OPTIONS_MEANT = {method: f"write {method}Options" for method in ("sms", "callout", "whatsapp")}
_OPTIONS_MEANT["flashcall"] = "write flashCallOptions"
START = Shape(
    "a verification",
    (
        *_START_FIELDS,
        Nested(
            "smsOptions",
            "how a text is made",
            shape=Shape(
                "smsOptions",
                (
                    code_type(),
                    Expiry("expiry", "how long the verification lasts"),
                    Tag("locale", "the language of the text"),
                    Text("template", "the text, with {{CODE}} in it"),
                    Anything("applicationHash", "how an Android app finds the text"),
                ),
            ),
        ),
        Nested("flashCallOptions", "how it rings", shape=Shape("flashCallOptions", flash_timeouts())),
        Nested("calloutOptions", "how a code is spoken", shape=Shape("calloutOptions", (speech(),))),
        Nested("whatsappOptions", "how a message is made", shape=Shape("whatsappOptions", (code_type(),))),
        Anything("metadata", "what a mobile SDK tells of its phone"),
        Anything("honourEarlyReject", "what a mobile SDK asks for"),
    ),
    _OPTIONS_MEANT,
)
_OPTIONS = ("smsOptions", "flashCallOptions", "calloutOptions", "whatsappOptions")
PUBLIC_START = Shape(
    "a verification",
    tuple(Anything(item.name, item.meaning) if item.name in _OPTIONS else item for item in START.fields),
)
"""What a device says that knows no secret: its options are not read."""


def given_options(document: object) -> list[str]:
    """Returns the names of the options that a request gives, which say something."""
    if not isinstance(document, dict):
        return []
    return [name for name in document if name in _OPTIONS and document[name] not in (None, {})]


def _report_object(name: str) -> Nested:
    if name == Method.FLASHCALL.object_name:
        item = BoundedText(
            "cli", "the number that has called", required=True, longest=64, right="the number that called"
        )
        return Nested(name, "what is reported of a flash call", shape=Shape(name, (item,)))
    code = BoundedText("code", "the code that has arrived", required=True, longest=64, right="the code that arrived")
    return Nested(name, "the code that is reported", shape=Shape(name, (code, Anything("cli", "who sent it"))))


REPORTABLE = (Method.SMS, Method.FLASHCALL, Method.CALLOUT, Method.WHATSAPP)
REPORT = Shape(
    "a report",
    (
        Choice(
            "method",
            "how the number is verified",
            required=True,
            choices=tuple(method.value for method in REPORTABLE),
            any_case=True,
        ),
        *(_report_object(method.object_name) for method in REPORTABLE),
        BoundedText("source", "how the secret was found: manual or intercepted", longest=64, filled=False),
    ),
)
INTERCEPTION = Shape(
    "an interception",
    (
        Choice("method", "how the number is verified", required=True, choices=_METHODS, any_case=True),
        Anything("data", "how the interception went"),
    ),
)


@define
class VerificationFindings(RequestFindings):
    """What was found in a request: of values only the right type is taken (docs/platform/verification.md#4.3)."""

    coerces = False
    numerals = False
