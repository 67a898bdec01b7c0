"""Declares the settings of an application as the control API takes and shows them."""

import re
from typing import Any

from sinch_simulator.config import ClockMode
from sinch_simulator.core.application import CallbackStyle
from sinch_simulator.core.application_settings import (
    PROVISIONING_ERRORS,
    VOICE_PROVISIONING_ERRORS,
    BehaviorKind,
    Protocol,
    VerificationAuth,
)
from sinch_simulator.core.rest.control_shapes import answer, texts, words
from sinch_simulator.core.schema.fields import (
    Anything,
    BoundedText,
    Choice,
    Entries,
    Flag,
    Integer,
    Nested,
    Number,
    Seconds,
    Text,
)
from sinch_simulator.core.schema.shapes import Field, Findings, Others, Shape
from sinch_simulator.core.schema.texts import (
    AccessKeyId,
    ApiToken,
    ApplicationKey,
    NumberPattern,
    OwnNumber,
    PathId,
    Secret,
    Url,
    VisibleSecret,
)

_MOST_CREDIT = 1_000_000_000
_LARGEST_SEED = 2**63 - 1
_LONGEST_PROVISIONING_S = 86_400.0
_LONGEST_LIFETIME_S = 365 * 86_400
_NUMBERS = 'a list of E.164 numbers, like ["+14045550100"]'

# ---- what Voice v2 does with a call that comes in


class _Document(Anything):
    """A document that the product reads which it is for."""

    phrase: str = "an object"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Returns the document as it is."""
        if isinstance(value, dict):
            return value
        findings.wrong(self, prefix + name, value)
        return None


_WEBHOOK = Shape(
    "a webhook",
    (
        Url("url", "where events go", required=True),
        Url("fallbackUrl", "where they go when that fails"),
    ),
)
_PARTS = {BehaviorKind.WEBHOOK.value: "webhook", BehaviorKind.STATIC.value: "static"}


class _CallBehavior(Nested):
    """What is done with a call that comes in, in wire form."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads it; each type needs its own part, and takes no other."""
        values = super().read(name, value, prefix, findings)
        if values is None or not isinstance(value, dict):
            return None
        for type_, part in _PARTS.items():
            if values["type"] == type_ and value.get(part) is None:
                findings.missing(self.shape, self.shape.exact[part], f"{prefix}{name}.")
            elif values["type"] != type_ and value.get(part) is not None:
                path, hint = f"{prefix}{name}.{part}", f"leave it out, or write the type {type_}"
                findings.wrong(self.shape.exact[part], path, value[part], f"goes with the type {type_}", hint=hint)
        return values


CALL_BEHAVIOR = _CallBehavior(
    "callBehavior",
    "what Voice v2 does with a call that comes in",
    shape=Shape(
        "a call behavior",
        (
            Choice("type", "who decides: nobody, a webhook, a document", required=True, choices=words(BehaviorKind)),
            Nested("webhook", "of the type WEBHOOK", shape=_WEBHOOK),
            _Document("static", "of the type STATIC: SVAML of Voice v2"),
        ),
    ),
)

# ---- settings

PROVISIONING = Shape(
    "how a number is assigned",
    (
        Seconds("after", "simulated seconds that it takes", maximum=_LONGEST_PROVISIONING_S),
        Choice("sms", "why texts fail; null: they do not", choices=PROVISIONING_ERRORS, nullable=True),
        Choice("voice", "why calls fail; null: they do not", choices=VOICE_PROVISIONING_ERRORS, nullable=True),
    ),
)
ACCOUNT = Shape(
    "an account",
    (
        BoundedText(
            "email",
            "who logs in",
            pattern=re.compile(r"[^@\s/]{1,64}@[^@\s/]{1,189}"),
            right="an e-mail address",
        ),
        VisibleSecret("password", "what it logs in with"),
        BoundedText(
            "organisationId",
            "whose numbers it sees",
            pattern=re.compile("[1-9][0-9]{0,14}"),
            right='digits, like "7462"',
        ),
    ),
)

OF_VOICE: tuple[Field, ...] = (
    Secret("secret", "what signs: base64 text"),
    Url("callbackUrl", "where callbacks of Voice v1 go; null: nowhere", nullable=True),
    Url("fallbackUrl", "where they go when that fails; null: nowhere", nullable=True),
    Choice("callbackStyle", "one URL for all events, or one below it for each", choices=words(CallbackStyle)),
    Entries("numbers", "the numbers that lead to it", of=OwnNumber(), right=_NUMBERS, nullable=True),
    Number(
        "credit",
        "US dollars that are left; null: no limit",
        minimum=-_MOST_CREDIT,
        maximum=_MOST_CREDIT,
        nullable=True,
    ),
    Entries(
        "barred",
        "where it may not call; * stands for any digits",
        of=NumberPattern(),
        right='a list of numbers in which * stands for any digits, like ["+46*"]',
        nullable=True,
    ),
    Entries(
        "callerIds",
        "the only numbers, beside its own, that its calls may show; null: all",
        of=OwnNumber(),
        right=_NUMBERS,
        nullable=True,
    ),
    CALL_BEHAVIOR,
    Choice("protocol", "the Voice API of a call that comes in; auto: as callBehavior says", choices=words(Protocol)),
    BoundedText(
        "serviceName",
        "the name of its service of Voice v2",
        longest=64,
        pattern=re.compile(r"\S+(\s+\S+)*"),
        right="a text without spaces at its ends",
    ),
)
OF_VERIFICATION: tuple[Field, ...] = (
    Url("verificationCallbackUrl", "where events of Verification go; null: nowhere", nullable=True),
    Choice(
        "verificationAuth", "the least authorization that starts a verification", choices=words(VerificationAuth)
    ),
    BoundedText(
        "verificationLanguage",
        "the language of texts when nobody asks for one",
        pattern=re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
        right="a language tag, like en-US",
    ),
)
OF_SMS: tuple[Field, ...] = (
    ApiToken("apiToken", "the Bearer token of its service plan"),
    Url("smsCallbackUrl", "where the callbacks of its service plan go; null: nowhere", nullable=True),
    Url("classicSmsCallbackUrl", "where texts to classic SMS go; null: nowhere", nullable=True),
    VisibleSecret("smsWebhookSecret", "what signs callbacks of SMS; null: they are not signed", nullable=True),
    BoundedText(
        "defaultOriginator",
        "who sends a batch without a sender; null: nobody; its first number when absent",
        pattern=re.compile(r"\+?[0-9]{3,15}|[A-Za-z0-9 &._+-]{1,11}"),
        right="a number, a short code, or up to 11 letters and digits",
        nullable=True,
    ),
    Flag("sandbox", "whether classic SMS goes to verified numbers only"),
    Entries(
        "verifiedNumbers",
        "where a sandbox application may send classic SMS",
        of=OwnNumber(),
        right=_NUMBERS,
        nullable=True,
    ),
)
OF_NUMBERS: tuple[Field, ...] = (
    Nested("provisioning", "how long assigning a number takes, and whether it fails", shape=PROVISIONING),
    Nested("account", "who logs in to the number administration of 2015", shape=ACCOUNT),
)
OF_TOKENS: tuple[Field, ...] = (
    VisibleSecret("keySecret", "the secret of the project's access key"),
    Integer(
        "tokenLifetime",
        "simulated seconds for which a token is good",
        minimum=1,
        maximum=_LONGEST_LIFETIME_S,
    ),
)
_SETTINGS = (*OF_VOICE, *OF_VERIFICATION, *OF_SMS, *OF_NUMBERS, *OF_TOKENS)

NEW_APPLICATION = Shape(
    "a new application",
    (
        ApplicationKey("key", "generated when absent"),
        PathId("projectId", "the project that it joins or makes; its own when absent"),
        AccessKeyId("keyId", "the project's access key; generated when absent"),
        PathId("servicePlanId", "its service plan; generated when absent"),
        *_SETTINGS,
        BoundedText("world", "the world that it joins or makes; its own when absent", right="the name of a world"),
        Choice("clock", "the clock of a new world; that of the command line when absent", choices=words(ClockMode)),
        Integer("seed", "of a new world; that of the command line when absent", minimum=0, maximum=_LARGEST_SEED),
        BoundedText("now", "when the clock of a new world begins", right="an ISO 8601 time with zone"),
    ),
)
CHANGED_APPLICATION = Shape("changes of an application", _SETTINGS)

APPLICATION = answer(
    "an application",
    Text("key"),
    Text("secret"),
    texts("numbers", "the numbers that lead to it"),
    Text("callbackUrl", "where callbacks of Voice v1 go", nullable=True),
    Text("fallbackUrl", "where they go when that fails", nullable=True),
    Choice("callbackStyle", "one URL for all events, or one below it for each", choices=words(CallbackStyle)),
    Text("projectId", "its project, which other applications may share"),
    Text("keyId", "of the project's access key"),
    Text("keySecret", "of the project's access key"),
    Integer("tokenLifetime", "simulated seconds for which a token of the project is good"),
    Nested(
        "account",
        "who logs in to the number administration of 2015",
        shape=answer("an account", Text("email"), Text("password"), Text("organisationId")),
    ),
    Text("servicePlanId", "its service plan of SMS"),
    Text("apiToken", "the Bearer token of the service plan"),
    Text("serviceId", "its service of Voice v2: its key"),
    Text("serviceSecret", "its secret"),
    Text("serviceName", "the name of that service"),
    Flag("isDefault", "whether that is the default service of the project"),
    Nested(
        "callBehavior",
        "what Voice v2 does with a call that comes in",
        shape=answer("a call behavior", Choice("type", choices=words(BehaviorKind)), others=Others.ANY),
    ),
    Choice("protocol", "the Voice API of a call that comes in", choices=words(Protocol)),
    Text("verificationCallbackUrl", "where events of Verification go", nullable=True),
    Choice(
        "verificationAuth", "the least authorization that starts a verification", choices=words(VerificationAuth)
    ),
    Text("verificationLanguage", "the language of texts when nobody asks for one"),
    Text("smsCallbackUrl", "where the callbacks of its service plan go", nullable=True),
    Text("classicSmsCallbackUrl", "where texts to classic SMS go", nullable=True),
    Text("smsWebhookSecret", "what signs callbacks of SMS", nullable=True),
    Text("defaultOriginator", "who sends a batch without a sender", nullable=True),
    Flag("sandbox", "whether classic SMS goes to verified numbers only"),
    texts("verifiedNumbers", "where a sandbox application may send classic SMS"),
    Nested(
        "provisioning",
        "how long assigning a number takes, and whether it fails",
        shape=answer(
            "how a number is assigned",
            Number("after", "simulated seconds that it takes"),
            Text("sms", "why texts fail", nullable=True),
            Text("voice", "why calls fail", nullable=True),
        ),
    ),
    Number("credit", "US dollars that are left; null: no limit", nullable=True),
    texts("barred", "where it may not call; * stands for any digits"),
    Entries(
        "callerIds",
        "the only numbers, beside its own, that its calls may show; null: all",
        of=Text(),
        nullable=True,
    ),
    Text("world", "where it lives"),
    Choice("clock", "the clock of its world", choices=words(ClockMode)),
    Integer("seed", "of its world"),
    title="Application",
    meaning="An application, with its credentials and settings for every product.",
)
