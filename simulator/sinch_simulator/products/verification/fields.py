"""What the fields of requests and replies may hold, beyond what the core has (docs/platform/verification.md#3.1)."""

import re
from typing import Any

from sinch_simulator.core.schema.fields import BoundedText, Choice, Entries, Integer, Nested, Text
from sinch_simulator.core.schema.shapes import Findings, Shape, Values
from sinch_simulator.products.verification.model import CodeType, Options

LEAST_SECONDS, MOST_SECONDS = 5, 120
"""Of the timeouts of a flash call."""
LONGEST_CUSTOM = 4096
_EXPIRY = re.compile(r"([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])")
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
_SHORTEST, _LONGEST = 8, 15
"""Digits of a number: fewer belong to nobody (*assumed*), more are none of E.164."""
_PUNCTUATION = re.compile(r"[\s().-]")


class Endpoint(Text):
    """A telephone number with its plus sign; spaces, dashes, dots and brackets in it do not count."""

    phrase: str = "a telephone number"
    right: str = "an E.164 number with its plus sign, like +46700000001"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number as ``+digits``."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        number = _PUNCTUATION.sub("", text)
        problem = _problem(number)
        if problem is None:
            return number
        shown = text if len(text) <= 40 else text[:37] + "..."
        message = f"Number {shown} is invalid. {problem} ({prefix}{name})"
        findings.error("INVALID_VALUE", prefix + name, message, f"expected {self.right}")
        return None


def _problem(number: str) -> str | None:
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return "Only digits can follow its plus sign."
    if not number.startswith("+"):
        return "It must begin with its plus sign."
    if len(digits) < _SHORTEST:
        return "Too short."
    if len(digits) > _LONGEST:
        return "Too long."
    return "No country code begins with 0." if digits[0] == "0" else None


class Expiry(Text):
    """How long a verification lasts, as ``HH:MM:SS``; read as milliseconds."""

    phrase: str = "a duration"
    right: str = "a duration as HH:MM:SS, like 00:05:00, of a second at least"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the duration."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        match = _EXPIRY.fullmatch(text)
        hours, minutes, seconds = (int(part) for part in match.groups()) if match else (0, 0, 0)
        length_ms = (hours * 3600 + minutes * 60 + seconds) * 1000
        if length_ms:
            return length_ms
        findings.wrong(self, prefix + name, text)
        return None


class Tag(BoundedText):
    """A language, as ``en-US``."""

    pattern: "re.Pattern[str] | None" = _TAG
    phrase: str = "a language tag"
    right: str = "a language tag like en-US"


def code_type() -> Choice:
    """Declares what a code is made of."""
    return Choice("codeType", "what the code is made of", choices=tuple(each.value for each in CodeType))


def flash_timeouts() -> tuple[Integer, Integer]:
    """Declares how long a flash call rings, and how long a client waits for it."""
    return (
        Integer("dialTimeout", "seconds for which it rings", minimum=LEAST_SECONDS, maximum=MOST_SECONDS),
        Integer(
            "interceptionTimeout", "seconds for which it is waited for", minimum=LEAST_SECONDS, maximum=MOST_SECONDS
        ),
    )


def speech() -> Nested:
    """Declares in which language a code is spoken."""
    shape = Shape("speech", (Tag("locale", "the language in which the code is spoken"),))
    return Nested("speech", "how the code is spoken", shape=shape)


def languages() -> Entries:
    """Declares the languages that are wanted."""
    return Entries("acceptLanguage", "languages of the text, the dearest first", of=Tag())


def code_type_of(values: Values) -> CodeType | None:
    """Returns what a code is made of, None where nothing says it."""
    return None if values["codeType"] is None else CodeType(values["codeType"])


def flash_options(values: Values) -> Options:
    """Returns what an object about a flash call says about time."""
    return Options(
        dial_timeout_ms=values.seconds_as_ms("dialTimeout"),
        interception_s=values.integer_or_none("interceptionTimeout"),
    )


def spoken_locale(values: Values) -> str | None:
    """Returns the language in which a code is spoken."""
    speech = values.object("speech")
    return None if speech is None else speech.text_or_none("locale")
