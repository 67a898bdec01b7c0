"""Texts of a known form: URLs, telephone numbers, the credentials of an application."""

import re

from sinch_simulator.core.addresses import is_web_address, normalise_number
from sinch_simulator.core.schema.fields import Text
from sinch_simulator.core.schema.shapes import Findings


class Url(Text):
    """An absolute http or https URL."""

    phrase: str = "a URL"
    right: str = "http:// or https:// and a host"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the URL as it is written."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None or is_web_address(text):
            return text
        findings.wrong(self, prefix + name, text)
        return None


class PhoneNumber(Text):
    """A telephone number in any usual spelling, as ``+digits``."""

    phrase: str = "an E.164 number"
    right: str = "an E.164 number like +14045550100"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number in the spelling that is used inside."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        number = None if text is None else normalise_number(text)
        if text is not None and number is None:
            findings.wrong(self, prefix + name, text)
        return number


KEY = re.compile(r"[!-9;-~]{1,100}")
"""An application key: visible ASCII without a colon."""
