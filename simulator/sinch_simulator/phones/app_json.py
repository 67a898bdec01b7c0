"""Reads ``app`` and ``data`` of a PERSONA: what an app on the phone reports, and whose SIM carries its mobile data."""

import re
from typing import Any

from sinch_simulator.core.addresses import normalise_number
from sinch_simulator.core.schema.fields import BoundedText, Choice, Nested, Seconds, Text
from sinch_simulator.core.schema.shapes import Findings, Shape, Values
from sinch_simulator.phones.behaviour import CARRIER, WIFI, AppOnPhone
from sinch_simulator.phones.handset import INTERCEPTED, RIGHT, misspelt_secret

_SECRET = re.compile(r"[A-Za-z0-9+-]{1,32}")
_LONGEST_S = 86_400


class SecretField(BoundedText):
    """What is reported: ``right``, ``wrong``, or a code or number as it is."""

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads it."""
        text: str | None = BoundedText.read(self, name, value, prefix, findings)
        if text is not None and (hint := misspelt_secret(text)):
            findings.wrong(self, prefix + name, text, "is neither right nor wrong, and no code", hint=hint)
            return None
        return text


APP_SHAPE = Shape(
    "app",
    (
        SecretField(
            "reports",
            "what it reports: right, wrong, or this text",
            default=RIGHT,
            pattern=_SECRET,
            right='"right", "wrong", or what is reported, like "1234"',
        ),
        Seconds("after", "seconds after it has arrived", maximum=_LONGEST_S, default=3000),
        Choice("source", "intercepted: it declines flash calls", choices=("manual", INTERCEPTED), default="manual"),
    ),
)


class AppField(Nested):
    """What the customer's app on this phone does with a code, or with the number of a flash call."""

    shape: Shape = APP_SHAPE
    right: str = 'an object like {"reports": "right", "after": 3}'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> AppOnPhone | None:
        """Reads it; None after a mistake."""
        before = len(findings.found)
        values: Values | None = Nested.read(self, name, value, prefix, findings)
        if values is None or len(findings.found) > before:
            return None
        return AppOnPhone(values.text("reports"), values["after"], values.text("source"))


class DataField(Text):
    """Whose SIM carries the mobile data of this phone."""

    right: str = '"carrier" for its own, "wifi" for none, or another number like "+46700000009"'

    def read(self, name: str, value: object, prefix: str, findings: Findings) -> Any:
        """Reads it."""
        text: str | None = Text.read(self, name, value, prefix, findings)
        if text is None or text in (CARRIER, WIFI):
            return text
        number = normalise_number(text) if text.startswith("+") else None
        if number is None:
            findings.wrong(self, prefix + name, text)
        return number


def app_document(app: AppOnPhone) -> dict[str, Any]:
    """Writes the JSON that ``AppField`` reads this from, with the defaults spelled out."""
    return {"reports": app.reports, "after": app.after_ms / 1000, "source": app.source}
