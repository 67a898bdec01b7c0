"""What a property of a callout may hold: one class for each kind of value (docs/platform/rest.md#3).

Every callout comes through here. A usual value, which is a short text of ASCII, is taken at a glance; any other goes to
``Text.read``, which says what is wrong with it.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from sinch_simulator.core.addresses import Address, AddressKind, normalise_number, read_identity
from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.locales import FALLBACK_LOCALE, known_locale
from sinch_simulator.core.schema import fields
from sinch_simulator.core.schema.fields import Nested
from sinch_simulator.core.schema.shapes import Field, Findings, Shape
from sinch_simulator.core.schema.words import printable
from sinch_simulator.products.voice.svaml.model import Continue, Svaml, SvamlContext
from sinch_simulator.products.voice.svaml.reading import Reading, read_inline

LONGEST_CUSTOM_BYTES = 1024
_TONES = frozenset("0123456789#w*")
# The platform's samples capitalise these too (docs/platform/rest.md#1.5), so that is no unusual spelling.
_KINDS = {
    spelling: kind
    for kind in (AddressKind.NUMBER, AddressKind.USERNAME, AddressKind.SIP)
    for spelling in (kind.value, kind.value.capitalize())
}


class Text(fields.Text):
    """A string."""

    phrase: str = "a string"


class Cli(Text):
    """Whom the callee sees: E.164, ``private``, or any text for an app's user; a blank one counts as absent."""

    right: str = "an E.164 number such as +14045001000, or private"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads a number as ``+digits``; what is none stays, because the destination decides whether it may."""
        usual = isinstance(value, str) and value.isascii()
        text: Any = value if usual else Text.read(self, name, value, prefix, findings)
        if not text or text.isspace():
            return None
        return "private" if text.lower() == "private" else normalise_number(text) or text

    def check(self, cli: str | None, destination: Address | None, path: str, findings: Findings) -> None:
        """Refuses a caller id that a phone cannot show (docs/platform/rest.md#3.1)."""
        shows_any_text = destination is not None and destination.kind is AddressKind.USERNAME
        if cli not in (None, "private") and not shows_any_text and normalise_number(cli) is None:
            findings.wrong(self, path, cli)


class Tones(Text):
    """DTMF tones that are sent once the call is answered."""

    right: str = "only the characters 0-9 # w"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the tones as they are."""
        tones: str | None = Text.read(self, name, value, prefix, findings)
        if tones is None:
            return None
        if not _TONES.issuperset(tones):
            findings.wrong(self, prefix + name, tones)
            return None
        if "*" in tones:
            findings.warn("DTMF_CHAR", prefix + name, "'*' is sent, but the platform lists only 0-9 # w.")
        return tones


class Custom(Text):
    """What every callback of the call brings back."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the text, within its limit of bytes."""
        if isinstance(value, str) and value.isascii() and len(value) <= LONGEST_CUSTOM_BYTES:
            return value
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is not None and len(text.encode()) > LONGEST_CUSTOM_BYTES:
            findings.wrong(self, prefix + name, text, right=f"at most {LONGEST_CUSTOM_BYTES} bytes")
            return None
        return text


class Locale(Text):
    """A language, or the name of a voice; a blank one counts as absent."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the platform's spelling; an unknown one is spoken as en-US (docs/platform/svaml.md#7)."""
        known = known_locale(value) if isinstance(value, str) else None
        if known is not None:
            return known
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text and not text.isspace():
            message = f"'{printable(text)}' is unknown: {FALLBACK_LOCALE} is spoken."
            findings.warn("LOCALE_UNKNOWN", prefix + name, message)
        return None


class Ignored(Field):
    """A flag that other methods have, and that means nothing here."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> None:
        """Tells of it, and reads nothing."""
        message = f"A customCallout has no {self.name}: events go to the URLs that it or the app has."
        findings.warn("FLAG_IGNORED", prefix + name, message, f"leave {self.name} out")


# ---- the destination --------------------------------------------------------------------------------------------


class _Kind(Text):
    """Which kind of address a destination is."""

    right: str = "number, username or sip"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        kind = _KINDS.get(value) if isinstance(value, str) else None
        if kind is not None:
            return kind
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        kind = _KINDS.get(text.lower())
        if kind is None:
            findings.wrong(self, prefix + name, text)
        else:
            findings.unusual_case(prefix + name, kind.value)
        return kind

    def absent(self) -> None:
        """Returns nothing, although it is required: there is no kind to go by."""


class _Endpoint(Text):
    """An address of one kind."""

    kind: AddressKind

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Address | None:
        usual = isinstance(value, str) and value.isascii()
        text: Any = value if usual else Text.read(self, name, value, prefix, findings)
        address = None if text is None else read_identity(self.kind, text)
        if text is not None and address is None:
            findings.wrong(self, prefix + name, text)
        return address


_ENDPOINTS = {
    AddressKind.NUMBER: _Endpoint("endpoint", kind=AddressKind.NUMBER, right="an E.164 number such as +14045005000"),
    AddressKind.USERNAME: _Endpoint("endpoint", kind=AddressKind.USERNAME, right="a user name"),
    AddressKind.SIP: _Endpoint("endpoint", kind=AddressKind.SIP, right="a SIP address such as user@host"),
}
_DESTINATION = Shape(
    "a destination",
    (
        _Kind("type", "what kind of address it is", required=True),
        fields.Anything("endpoint", "the address"),
        fields.Anything("number", "older: the address"),
        fields.Anything("verified", "taken and without effect"),
    ),
)


class Destination(Nested):
    """Whom to call."""

    shape: Shape = _DESTINATION
    right: str = '{"type": "number", "endpoint": "+14045005000"}'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Address | None:
        """Reads the address; what kind it is decides what its endpoint may be."""
        if not isinstance(value, dict):
            findings.wrong(self, prefix + name, value, right="an object")
            return None
        prefix = f"{prefix}{name}."
        values = self.shape.read(value, prefix, findings)
        kind: AddressKind | None = values["type"]
        if kind is None:
            return None
        written, endpoint = "endpoint", values["endpoint"]
        if values["number"] is not None:
            fate = "is taken for endpoint." if endpoint is None else "is ignored beside endpoint."
            findings.warn("DESTINATION_NUMBER", f"{prefix}number", f"'number' {fate}", "write 'endpoint'")
            if endpoint is None:
                written, endpoint = "number", values["number"]
        if endpoint is None:
            findings.missing(self.shape, _ENDPOINTS[kind], prefix)
            return None
        return _ENDPOINTS[kind].read(written, endpoint, prefix, findings)

    def absent(self) -> None:
        """Returns nobody."""


# ---- what a customCallout brings for an event -------------------------------------------------------------------


class Reply(Text):
    """SVAML of its own for one event, or a URL to ask; blank and null count as absent (docs/platform/rest.md#3.4)."""

    right: str = "SVAML as a string that starts with {, or an http(s) URL"
    context: SvamlContext

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> object:
        """Reads the document, or the URL."""
        path = prefix + name
        if isinstance(value, dict):
            message = f"An object is taken for {name}; the platform documents a string of escaped JSON."
            findings.warn("SVAML_NOT_STRING", path, message, "send the document as a string")
            try:
                value = json.dumps(value)
            except RecursionError:
                findings.wrong(self, path, value)
                return None
        text: str | None = Text.read(self, name, value, prefix, findings)
        written = "" if text is None else text.strip()
        if written.startswith("{"):
            return _legal(path, read_inline(written, self.context), findings)
        if written and not (written.lower().startswith(("http://", "https://")) and _has_host(written)):
            findings.wrong(self, path, written)
            return None
        return written or None


def _has_host(url: str) -> bool:
    if " " in url or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _legal(path: str, reading: Reading, findings: Findings) -> Svaml | None:
    """Returns the document, or nothing after the error that says what is wrong with it, and where."""
    first = next((found for found in reading.diagnostics if _refusable(found)), None)
    if first is not None:
        place = f"{first.path}: " if first.path else ""
        why = first.message if first.severity is Severity.ERROR else "The document is not JSON."
        message = f"Invalid parameter '{path}': {place}{why}"
        findings.error(first.code, _moved(first, path).path, message, first.hint)
        return None
    findings.found.extend(_moved(found, path) for found in reading.diagnostics)
    # Nothing to obey, as in the reply to DiCE, is still a reply: no callback goes out for the event.
    return reading.svaml or Svaml(Continue())


def _refusable(found: Diagnostic) -> bool:
    """Tells whether a finding refuses a request. A reply to DiCE may be anything, an inline document must be JSON."""
    return found.severity is Severity.ERROR or found.code == "NOT_JSON"


def _moved(found: Diagnostic, path: str) -> Diagnostic:
    return evolve(found, path=f"{path}.{found.path}" if found.path else path)
