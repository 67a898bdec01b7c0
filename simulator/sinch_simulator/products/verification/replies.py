"""Reads what the app answers to a VerificationRequestEvent (docs/platform/verification.md#8.3). No I/O.

An answer of no use denies the verification, and the fallback URL is not asked: there is none.
"""

import re

from attrs import evolve

from sinch_simulator.core.callback import Outcome, Reading, Response
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.json_codec import decode
from sinch_simulator.core.schema.fields import BoundedText, Choice, Integer, Nested
from sinch_simulator.core.schema.json_parsing import NotJsonError
from sinch_simulator.core.schema.shapes import Findings, Shape, Values
from sinch_simulator.core.values import define, frozen
from sinch_simulator.products.verification.fields import (
    Endpoint,
    Expiry,
    Tag,
    code_type,
    code_type_of,
    flash_options,
    flash_timeouts,
    languages,
    speech,
    spoken_locale,
)
from sinch_simulator.products.verification.model import NO_OPTIONS, Method, Options, Verification

UNUSABLE = "VERIFICATION_REPLY_UNUSABLE"
_SHORT = 'Answer with 200 and {"action": "allow"} or {"action": "deny"}.'
_CODE = re.compile(r"[A-Za-z0-9-]{1,10}")
_KEYS = re.compile(r"[0-9*#]{1,10}")
_CODE_FIELD = BoundedText(
    "code", "the code that is to be reported", pattern=_CODE, right="at most 10 letters, digits and dashes"
)

_SHAPES: dict[Method, Shape] = {
    Method.SMS: Shape(
        "sms",
        (_CODE_FIELD, code_type(), Expiry("expiry", "how long the verification lasts"), languages()),
    ),
    Method.FLASHCALL: Shape(
        "flashCall",
        (Endpoint("cli", "from which number the phone rings: one of the application's own"), *flash_timeouts()),
    ),
    Method.CALLOUT: Shape(
        "callout",
        (
            _CODE_FIELD,
            speech(),
            Tag("locale", "the language of ttsMenu"),
            BoundedText("ttsMenu", "what is spoken to ask for keys, with {pin}", longest=600),
            BoundedText("wavFile", "the file that asks for keys", longest=2000),
            BoundedText("pin", "the keys that must be pressed", pattern=_KEYS, right="1 to 10 of 0-9 * #"),
            Integer("timeout", "seconds for which the keys are waited for", minimum=1, maximum=120),
        ),
    ),
    Method.SEAMLESS: Shape("seamless", ()),
    Method.WHATSAPP: Shape("whatsapp", (code_type(), languages())),
}
_ACTION = Choice("action", "whether it may be done", required=True, choices=("allow", "deny"), any_case=True)
REPLIES: dict[Method, Shape] = {
    method: Shape(
        "the reply",
        (_ACTION, Nested(method.object_name, "how it is done", shape=shape)),
        hints={
            other.object_name.lower(): f"the verification is a {method.value}: only {method.object_name} counts"
            for other in Method
            if other is not method
        },
    )
    for method, shape in _SHAPES.items()
}
"""What a reply may say about a verification of each method."""


@frozen
class Reply:
    """What the app has answered; ``languages`` are those of its texts, the dearest first."""

    allowed: bool
    options: Options = NO_OPTIONS
    languages: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """Returns it in the word of the wire."""
        return "allow" if self.allowed else "deny"


@define
class ReplyFindings(Findings):
    """What was found in a reply: a value that cannot be makes all of it unusable."""

    any_case = True
    ignores_unknown = True

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Tells why the reply cannot be used."""
        code = "VERIFICATION_CODE_IN_REPLY_INVALID" if path.lower().endswith(".code") else UNUSABLE
        Findings.error(self, code, path, message, hint)


def read_reply(verification: Verification, response: Response) -> Reading:
    """Returns what a reply with a good status says about this verification."""
    if response.cut:
        return _unusable(f"The reply is longer than the {len(response.body)} bytes that are read.")
    try:
        document = decode(response.body)
    except NotJsonError as error:
        shown = "The reply has no body" if not response.body.strip() else f"The reply is not JSON: {error}"
        return _unusable(f"{shown}.")
    if not isinstance(document, dict):
        return _unusable("The reply is no JSON object.")
    if isinstance(document.get("action"), dict):
        message = "The reply is SVAML, as a Voice webhook answers: a verification cannot be allowed by it."
        return _unusable(message, "action", f"Give verifications a callback URL of their own. {_SHORT}")
    findings = ReplyFindings()
    values = REPLIES[verification.method].read(document, "", findings)
    reply = None if findings.illegal else _reply(verification, values, findings)
    if reply is None or findings.illegal:
        return Reading(Outcome.BAD_ANSWER, None, tuple(findings.found))
    return Reading(Outcome.ANSWERED, reply, tuple(findings.found))


def _unusable(message: str, path: str = "", hint: str = _SHORT) -> Reading:
    return Reading(Outcome.BAD_ANSWER, None, (Diagnostic(UNUSABLE, Severity.ERROR, path, message, hint),))


def _reply(verification: Verification, values: Values, findings: ReplyFindings) -> Reply:
    if values["action"] == "deny":
        return Reply(allowed=False)
    method = verification.method
    about = values.object(method.object_name)
    if about is None:
        return Reply(allowed=True)
    if method is Method.SMS:
        options = Options(code=about["code"], code_type=code_type_of(about), expiry_ms=about["expiry"])
        return Reply(True, options, about["acceptLanguage"] or ())
    if method is Method.WHATSAPP:
        return Reply(True, Options(code_type=code_type_of(about)), about["acceptLanguage"] or ())
    if method is Method.CALLOUT:
        return Reply(True, _callout(about))
    if method is Method.FLASHCALL:
        return Reply(True, _flash_call(verification, about, findings))
    return Reply(allowed=True)


def _callout(about: Values) -> Options:
    file, menu = about["wavFile"], about["ttsMenu"]
    return Options(
        code=about["code"],
        locale=spoken_locale(about) or about["locale"],
        pin=about["pin"],
        menu=file or menu,
        menu_is_file=file is not None,
        pin_timeout_ms=about.seconds_as_ms("timeout"),
    )


def _flash_call(verification: Verification, about: Values, findings: ReplyFindings) -> Options:
    cli, options = about["cli"], flash_options(about)
    if cli is not None and cli not in verification.application.numbers:
        message = f"{cli} is no number of the application: a flash call can come only from one that it rents."
        own = ", ".join(verification.application.numbers) or "it has none"
        found = Diagnostic("VERIFICATION_CLI_NOT_OWNED", Severity.ERROR, "flashCall.cli", message, f"its own: {own}")
        findings.found.append(found)
        findings.illegal = True
    return evolve(options, cli=cli)
