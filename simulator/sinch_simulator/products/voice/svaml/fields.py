"""How SVAML is read: which findings make a document illegal, and what a property may hold.

Names are matched without regard to case; what is unknown is ignored with a warning, a number for a string and the
reverse is taken with a warning, and any other wrong type is an error. All of it *assumed*
(docs/platform/svaml.md#1).
"""

import re
from typing import Any

from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.locales import FALLBACK_LOCALE, LOCALES, VOICES, known_locale
from sinch_simulator.core.schema import fields
from sinch_simulator.core.schema.shapes import Field, Findings, Shape
from sinch_simulator.core.schema.words import did_you_mean, encodable, shown
from sinch_simulator.core.values import define
from sinch_simulator.products.voice.svaml.model import SvamlContext

_CONSEQUENCES = {
    SvamlContext.ICE: "The platform takes this for illegal SVAML and ends the call.",
    SvamlContext.ACE: "The platform takes this for illegal SVAML and ends the call.",
    SvamlContext.PIE: "The platform takes this for illegal SVAML and ends the call.",
    SvamlContext.PATCH: "The platform refuses the request with 400.",
    SvamlContext.UNPARK: "The platform refuses the request with 400.",
    SvamlContext.DICE: "The platform ignores it.",
}
_LONGEST_CONFERENCE_ID = 64
LONGEST_CONFERENCE_ID_EVER = 128
"""64 is documented today, 128 is what an older SDK allowed (docs/platform/svaml.md#9)."""
_LARGEST_INTEGER = 2**31 - 1
_NOT_A_TONE = re.compile(r"[^0-9#*w]")


@define
class SvamlFindings(Findings):
    """What was found in one SVAML document; an error says what the platform does with such a document."""

    any_case = True
    ignores_unknown = True
    coerces = True

    context: SvamlContext
    consequence: str = ""
    """What follows from an error, as a sentence; by default what follows in this context."""

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Tells that the platform refuses the document; ``message`` is a sentence, what follows from it is added."""
        super().error(code, path, f"{message} {self.consequence or _CONSEQUENCES[self.context]}", hint)

    def wrong(
        self, item: Field, path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        """Tells of a value that makes the document illegal."""
        what = f'"{item.name}" is {item.phrase}' if item.name else item.phrase
        hint = hint or right or what + (f": {item.meaning}" if item.meaning else "")
        self.error("WRONG_TYPE", path, f"{shown(value)} {problem or f'is not {item.phrase}'}.", hint)

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        """Tells of a property without which the document is illegal."""
        message = f'{shape.name} needs "{item.name}".'
        self.error("MISSING_PROPERTY", prefix + item.name, message, f"add it: {item.meaning}")


class Text(fields.Text):
    """A string; a number is taken for its digits, and what is longer than ``longest`` is cut off."""

    phrase: str = "a string"
    longest: int | None = None

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the text; half of a surrogate pair becomes a question mark."""
        if isinstance(value, str):
            text = value if value.isascii() else encodable(value)
        elif fields.is_number(value):
            text = shown(value)
            findings.coerced(self, prefix + name, value)
        else:
            findings.wrong(self, prefix + name, value)
            return None
        if self.longest is not None and len(text) > self.longest:
            message = f"More than {self.longest} characters: the rest is cut off."
            findings.warn("OUT_OF_RANGE", prefix + name, message)
            text = text[: self.longest]
        if not text and self.required:
            findings.empty(self, prefix + name)
        return text


class Integer(fields.Integer):
    """A whole number of 32 bits; what is below ``minimum`` is ignored, what is above ``maximum`` is lowered to it."""

    phrase: str = "an integer"
    over: str = "OUT_OF_RANGE"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> int | float | None:
        """Reads the number; a text of digits is taken for one."""
        number = value if type(value) is int else self.number(value, numerals=True)
        if number is None:
            findings.wrong(self, prefix + name, value)
            return None
        if number is not value:
            findings.coerced(self, prefix + name, value)
        if abs(number) > _LARGEST_INTEGER:
            findings.error("WRONG_TYPE", prefix + name, f"{shown(number)} does not fit into 32 bits.")
            return None
        if self.minimum is not None and number < self.minimum:
            message = f"{number} is below {self.minimum}: it is ignored."
            findings.warn("OUT_OF_RANGE", prefix + name, message, f"at least {self.minimum}")
            return None
        return number if self.maximum is None else self.within(name, number, prefix, findings)


class Flag(fields.Flag):
    """A boolean."""

    phrase: str = "a boolean"


class Choice(fields.Choice):
    """One of some words, in any case; another one is ignored unless something is required."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the word as the platform spells it."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            findings.wrong(self, prefix + name, value)
            return None
        text = value if isinstance(value, str) else shown(value)
        choice = self.folded(text)
        if choice is None:
            hint = did_you_mean(text, self.choices) or self.expected
            if self.required:
                findings.error("INVALID_VALUE", prefix + name, f"{shown(value)} is no {self.name}.", hint)
            else:
                findings.warn("INVALID_VALUE", prefix + name, f"{shown(value)} is unknown: it is ignored.", hint)
        return choice


class Country(Choice):
    """A country by its code; Norway's is a word that YAML takes for false."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the code."""
        if value is False:
            message = "false is no country: it is ignored. YAML turns an unquoted no (Norway) into false."
            findings.warn("INDICATION_BOOL", prefix + name, message, 'write "no" in quotes')
            return None
        return super().read(name, value, prefix, findings)


class Texts(fields.Entries):
    """A list of strings; a required one has elements."""

    of: Field = Text(default="")
    phrase: str = "an array of strings"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the strings."""
        if self.required and value == []:
            findings.empty(self, prefix + name)
        return fields.Entries.read(self, name, value, prefix, findings)


class Objects(Texts):
    """A list of objects; a required one has elements."""

    phrase: str = "an array of objects"


class Phone(Text):
    """A telephone number, as ``+digits``."""

    phrase: str = "a phone number"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number in the spelling that is used inside."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        number = None if text is None else normalise_number(text)
        if text is not None and number is None:
            message = f"{shown(text)} is no phone number."
            findings.error("INVALID_VALUE", prefix + name, message, "E.164: + and country code, as +14045550100")
        return number


class Tones(Text):
    """DTMF tones and pauses; whatever is neither is skipped."""

    phrase: str = "DTMF tones"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads what is sent of them."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        lower = text.lower()
        tones = _NOT_A_TONE.sub("", lower)
        if tones != lower:
            message = f"Only 0-9, # and w (a pause of 500 ms) are tones: {shown(tones)} is sent."
            findings.warn("DTMF_CHAR", prefix + name, message)
        elif "*" in tones:
            message = "* is sent, but is not among the documented tones 0-9, # and w."
            findings.warn("DTMF_CHAR", prefix + name, message)
        return tones


class Locale(Text):
    """A language, or the name of a voice."""

    phrase: str = "a locale or voice"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the platform's spelling; what it does not know is spoken in its fallback."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        known = known_locale(text)
        if known is None:
            message = f"{shown(text)} is no known locale or voice: {FALLBACK_LOCALE} is spoken."
            hint = did_you_mean(text, (*LOCALES, *VOICES)) or "as en-US, en-US/female or Joanna"
            findings.warn("LOCALE_UNKNOWN", prefix + name, message, hint)
        return known or FALLBACK_LOCALE


class Legacy(Field):
    """A property that is known from older documents, taken and without effect."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads nothing."""
        message = f'"{self.name}" is known from older documents and has no effect.'
        findings.info("LEGACY_PROPERTY", prefix + name, message)
        return None


def tell_long_conference_id(conference_id: str, path: str, findings: Findings) -> None:
    """Tells of a name of a room that is longer than what is documented, and taken all the same."""
    if len(conference_id) <= _LONGEST_CONFERENCE_ID:
        return
    limit = f"the documented limit is {_LONGEST_CONFERENCE_ID}: it is taken all the same."
    findings.warn("CONFERENCE_ID_LENGTH", path, f"{len(conference_id)} characters, {limit}", "a shorter id")
