"""What the fields of XMS may hold: recipients, moments, bytes; and how a mistake in them is refused.

Source: docs/platform/sms.md#2 and #4.
"""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from attrs import field

from sinch_simulator.core.rest.platform_request import PlatformRequest
from sinch_simulator.core.schema.fields import (
    Choice,
    Entries,
    Flag,
    Mapping,
    Nested,
    Number,
    Text,
)
from sinch_simulator.core.schema.shapes import Field, Findings, Shape, Values
from sinch_simulator.core.schema.texts import Url
from sinch_simulator.core.schema.words import shown
from sinch_simulator.core.values import define
from sinch_simulator.products.sms.errors import CONSTRAINT, INVALID_FORMAT, INVALID_JSON, XmsError

_DECORATION = re.compile(r"[\s()\-.]")
_DIGITS = re.compile(r"[1-9][0-9]{4,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,6}")
_NUMBER_LIKE = re.compile(r"\+?[0-9]+")
_GROUP_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_BEGIN_OF_9999_MS = 253_370_764_800_000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?([Zz]|[+-][0-9]{2}:?([0-9]{2})?)?"
)


def msisdn(text: str) -> str | None:
    """Returns a number as ``+digits``; it may begin with ``+``, ``00`` or neither. None for what is none."""
    bare = _DECORATION.sub("", text)
    bare = bare.removeprefix("+") if bare[:1] == "+" else bare.removeprefix("00")
    return f"+{bare}" if _DIGITS.fullmatch(bare) else None


def sender_of(text: str) -> str:
    """Returns a sender as it is kept: a number with ``+``, a short code or a name as it is."""
    number = msisdn(text)
    if number is None or _SHORT_CODE.fullmatch(text) or not _NUMBER_LIKE.fullmatch(_DECORATION.sub("", text)):
        return text
    return number


def unix_ms(text: str) -> int | None:
    """Returns a moment of ISO 8601, with or without time, seconds and zone, as Unix milliseconds; None if wrong."""
    if not (_MOMENT.fullmatch(text) or _DATE.fullmatch(text)):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


class _Formed(Text):
    """A text of a certain form."""


class Listed(Entries):
    """A list of so many elements."""

    least: int = 0
    most: int = 1000

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads the elements."""
        if isinstance(value, list) and not self.least <= len(value) <= self.most:
            right = f"a list with {self.least} to {self.most} elements"
            findings.wrong(self, prefix + name, value, f"has {len(value)} elements", right=right)
            return None
        return Entries.read(self, name, value, prefix, findings)


class Recipient(_Formed):
    """A number, read as ``+digits``, or the id of a group, which has a letter."""

    phrase: str = "a valid MSISDN or group ID"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads whom a batch is for."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        number = msisdn(text)
        if number is not None or _GROUP_ID.fullmatch(text):
            return number or text
        findings.wrong(self, prefix + name, text)
        return None


class Msisdn(_Formed):
    """A number, read as ``+digits``; a JSON number is taken too."""

    phrase: str = "a valid MSISDN"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the number."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        text: str | None = Text.read(self, name, value, prefix, findings)
        number = None if text is None else msisdn(text)
        if text is not None and number is None:
            findings.wrong(self, prefix + name, text)
        return number


class GroupId(_Formed):
    """The id of a group."""

    phrase: str = "a valid group ID"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the id."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None or _GROUP_ID.fullmatch(text):
            return text
        findings.wrong(self, prefix + name, text)
        return None


class Sender(_Formed):
    """Who a text is from: a number, a short code or a name."""

    phrase: str = "a number, a short code or a name"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> str | None:
        """Reads the sender."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        if text.strip() and len(text) <= _LONGEST_SENDER:
            return sender_of(text)
        findings.wrong(self, prefix + name, text)
        return None


_LONGEST_SENDER = 40


class MomentField(_Formed):
    """A moment, read as Unix milliseconds; one before 1970 or after 9998 is refused, for no answer could show it."""

    phrase: str = "a valid ISO 8601 time"
    right: str = "a time from 1970 to 9998 as in 2014-10-02T09:34:28.542Z"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> int | None:
        """Reads the moment."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        moment = None if text is None else unix_ms(text)
        if moment is not None and 0 <= moment < _BEGIN_OF_9999_MS:
            return moment
        if text is not None:
            findings.wrong(self, prefix + name, text)
        return None


class Base64(_Formed):
    """Bytes in base64."""

    phrase: str = "valid base64"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> bytes | None:
        """Reads the bytes."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            findings.wrong(self, prefix + name, text)
            return None


class Hex(_Formed):
    """Bytes in hex."""

    phrase: str = "valid hex"

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> bytes | None:
        """Reads the bytes."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None:
            return None
        if _HEX.fullmatch(text):
            return bytes.fromhex(text)
        findings.wrong(self, prefix + name, text)
        return None


_FORMS = (_Formed, Url, Flag)
_TYPES: tuple[tuple[type[Field], type | tuple[type, ...]], ...] = (
    (Msisdn, (str, int)),
    (Text, str),
    (Choice, str),
    (Number, (int, float)),
    (Entries, list),
    (Nested, dict),
    (Mapping, dict),
)


@define
class XmsFindings(Findings):
    """What was found in a request; the first mistake is what it is refused for."""

    ignores_unknown: ClassVar[bool] = True

    refusal: XmsError | None = field(default=None, init=False)

    def refuse(self, error: XmsError) -> None:
        """Keeps the reason why the request cannot be taken."""
        self.refusal = self.refusal or error
        self.illegal = True

    def error(self, code: str, path: str, message: str, hint: str = "") -> None:
        """Refuses a value that is not possible."""
        self.refuse(XmsError(400, CONSTRAINT, f"{path}: {message}", hint=hint, path=path))

    def wrong(
        self, item: Field, path: str, value: object, problem: str = "", *, right: str = "", hint: str = ""
    ) -> None:
        """Refuses a value: of another JSON type, of another form, or beyond what the field may be."""
        expected = right or item.expected
        said = hint or f"expected {expected}"
        if _is_of_another_type(item, value):
            text = f"The parameter '{path}' has the wrong type; {shown(value)} is not {item.phrase}."
            self.refuse(XmsError(400, INVALID_JSON, text, hint=said, path=path))
        elif isinstance(item, _FORMS):
            text = f"The format of parameter '{path}' is invalid; value {shown(value)} is not {item.phrase}."
            self.refuse(XmsError(400, INVALID_FORMAT, text, hint=said, path=path))
        else:
            text = f"The parameter '{path}' is not possible: {shown(value)} {problem or f'is not {item.phrase}'}."
            self.refuse(XmsError(400, CONSTRAINT, text, hint=said, path=path))

    def missing(self, shape: Shape, item: Field, prefix: str) -> None:
        """Refuses a request in which a field is missing."""
        path = prefix + item.name
        text = f"The parameter '{path}' is missing."
        self.refuse(XmsError(400, CONSTRAINT, text, hint=f"expected {item.expected}", path=path))


def _is_of_another_type(item: Field, value: object) -> bool:
    for kind, expected in _TYPES:
        if isinstance(item, kind):
            return isinstance(value, bool) or not isinstance(value, expected)
    return False


def read_json(request: PlatformRequest) -> object:
    """Reads the body of a request; 415 when it does not say that it is JSON."""
    content_type = request.headers.get("Content-Type", "")
    if content_type != "application/json" and content_type.partition(";")[0].strip().lower() != "application/json":
        text = f"The content type {shown(content_type)} is not supported."
        raise XmsError(415, "unsupported_media_type", text, hint="send Content-Type: application/json")
    return request.json()


def read_object(shape: Shape, document: object, findings: XmsFindings) -> Values:
    """Reads the JSON object in a request. Raises ``XmsError``."""
    if not isinstance(document, dict):
        raise XmsError(400, INVALID_JSON, f"The body is {shown(document)}.", hint="expected a JSON object")
    values = shape.read(document, "", findings)
    if findings.refusal is not None:
        raise findings.refusal
    return values
