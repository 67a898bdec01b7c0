"""Texts of a known form: URLs, telephone numbers, the credentials of an application."""

import re
from urllib.parse import urlsplit

from sinch_simulator.core.addresses import is_web_address, normalise_number
from sinch_simulator.core.schema.fields import BoundedText, Text
from sinch_simulator.core.schema.shapes import Findings

E164 = re.compile(r"\+[1-9][0-9]{3,14}")
_WITHOUT_CREDENTIALS = "a URL without user name and password: the signature has the Authorization header"
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


class Url(Text):
    """An absolute http or https URL."""

    phrase: str = "a URL"
    right: str = "an http:// or https:// URL with a host"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the URL as it is written."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        if not is_web_address(text):
            findings.wrong(self, prefix + name, text)
            return None
        credentials, at, _ = urlsplit(text).netloc.rpartition("@")
        if at:
            # The Authorization header of what goes there is the signature's. No error shows a password.
            findings.wrong(self, prefix + name, text.replace(credentials, "..."), right=_WITHOUT_CREDENTIALS)
            return None
        return text


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


class OwnNumber(PhoneNumber):
    """A number that an application can have: E.164 has 4 digits at least."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number in the spelling that is used inside."""
        number = PhoneNumber.read(self, name, value, prefix, findings)
        if number is None or E164.fullmatch(number):
            return number
        findings.wrong(self, prefix + name, value)
        return None


class ApplicationKey(BoundedText):
    """The key of an application."""

    pattern: "re.Pattern[str] | None" = re.compile(r"[!-9;-~]{1,100}")
    phrase: str = "an application key"
    right: str = "visible ASCII without a colon, usually a GUID"


class Secret(Text):
    """The secret of an application: base64 text in either alphabet, with or without padding. No error shows it."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the secret as it is written."""
        if isinstance(value, str) and _BASE64.fullmatch(value) and len(value.rstrip("=")) % 4 != 1:
            return value
        hint = "write one as in c2luY2gtc2ltdWxhdG9yIQ=="
        findings.error("INVALID_VALUE", prefix + name, "the secret is not base64 text", hint)
        return None


class NumberPattern(BoundedText):
    """A number in which ``*`` stands for any digits."""

    pattern: "re.Pattern[str] | None" = re.compile(r"\+[0-9*]{1,20}|\*")
    right: str = "a number with a plus sign, * for any digits, like +46*"


class PathId(BoundedText):
    """An id that stands in paths, such as that of a project."""

    pattern: "re.Pattern[str] | None" = re.compile(r"[A-Za-z0-9._~-]{1,100}")
    phrase: str = "an id"
    right: str = "up to 100 letters, digits, or any of - . _ ~"


class AccessKeyId(BoundedText):
    """The id of a project's access key: what stands before the colon of Basic credentials."""

    pattern: "re.Pattern[str] | None" = re.compile(r"[!-9;-~]{1,100}")
    phrase: str = "the id of an access key"
    right: str = "visible ASCII without a colon, usually a GUID"


class VisibleSecret(Text):
    """A secret that people copy: visible ASCII. No error shows it."""

    phrase: str = "a secret"
    pattern: "re.Pattern[str]" = re.compile("[!-~]{1,200}")
    right: str = "up to 200 letters, digits and signs, without spaces"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the secret as it is written."""
        if isinstance(value, str) and self.pattern.fullmatch(value):
            return value
        findings.error("INVALID_VALUE", prefix + name, f"the value is not {self.phrase}", f"write {self.right}")
        return None


class ApiToken(VisibleSecret):
    """The token of a service plan, as it stands behind ``Bearer``."""

    phrase: str = "an API token"
    pattern: "re.Pattern[str]" = re.compile(r"[A-Za-z0-9._~+/-]{1,200}=*")
    right: str = "up to 200 letters, digits, or any of - . _ ~ + /"
