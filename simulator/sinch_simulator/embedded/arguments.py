"""Translates the arguments of Python calls into the words of the control API and of the platform."""

from collections.abc import Mapping
from typing import Any

from sinch_simulator.client.errors import SimulatorError
from sinch_simulator.core.schema.words import did_you_mean
from sinch_simulator.embedded.views import ApplicationView

__tracebackhide__ = True  # pytest shows the line of the test instead

Json = dict[str, Any]  # what goes out as JSON

PROPERTIES = (
    "ace",
    "cli",
    "conferenceDtmfOptions",
    "conferenceId",
    "custom",
    "destination",
    "dice",
    "domain",
    "dtmf",
    "enableAce",
    "enableDice",
    "enablePie",
    "greeting",
    "ice",
    "locale",
    "maxDuration",
    "mohClass",
    "pie",
    "prompts",
    "text",
)
"""What a callout may say, by the platform's names; a test compares it with the shapes that callouts are read by."""
_MATCHES = {"event": "event", "path": "path", "method": "method", "call_id": "callId", "product": "product"}
_DOES = {
    "status": "status",
    "error_code": "errorCode",
    "delay": "delay",
    "timeout": "timeout",
    "disconnect": "disconnect",
    "duplicate": "duplicate",
    "bad_signature": "badSignature",
    "drop": "drop",
}
_COUNTS = ("times", "probability")
_RULE = (*_MATCHES, *_DOES, *_COUNTS)
_ARGUMENTS = ("to", "text", "conference", "cli", "body")


def incoming_call(
    *,
    from_: str,
    to: str | None,
    origin: str | None = None,
    rdnis: str | None = None,
    custom: str | None = None,
    call_headers: Mapping[str, str] | None = None,
    caller: Mapping[str, object] | None = None,
) -> Json:
    """Writes the request for a call from outside."""
    return {
        "from": from_,
        "to": to,
        "origin": origin,
        "rdnis": rdnis,
        "custom": custom,
        "callHeaders": _headers(call_headers),
        "caller": None if caller is None else dict(caller),
    }


def in_app_call(
    *,
    user: str,
    to: str,
    conference: bool,
    cli: str | None,
    custom: str | None,
    call_headers: Mapping[str, str] | None,
) -> Json:
    """Writes the request for a call that an in-app user makes."""
    if not isinstance(to, str) or not to:
        raise SimulatorError(f"to: {to!r} is not possible; expected a number, a user name or the id of a conference")
    kind = "conference" if conference else "number" if to.startswith("+") else "username"
    target = {"type": kind, "endpoint": to}
    headers = _headers(call_headers)
    return {"from": user, "to": target, "origin": "mxp", "cli": cli, "custom": custom, "callHeaders": headers}


def callout_body(
    application: ApplicationView,
    to: str | None,
    *,
    text: str | None,
    conference: str | None,
    cli: str | None,
    body: Mapping[str, object] | None,
    properties: Mapping[str, object],
) -> Json:
    """Writes the body of ``POST /calling/v1/callouts``. The cli is the application's number, if not said."""
    if body is not None:
        if (to, text, conference, cli) != (None, None, None, None) or properties:
            raise SimulatorError("body: it is the whole request; leave the other arguments out")
        return dict(body)
    if text is not None and conference is not None:
        raise SimulatorError("text and conference exclude each other: the one is a ttsCallout, the other is not")
    method = "ttsCallout" if text is not None else "conferenceCallout" if conference is not None else "customCallout"
    _refuse_unknown(properties)
    fields: Json = {"cli": cli if cli is not None else next(iter(application.numbers), None)}
    if to is not None:
        fields["destination"] = {"type": _kind_of(to), "endpoint": to}
    fields |= {"text": text, "conferenceId": conference, **properties}
    return {"method": method, method: {name: value for name, value in fields.items() if value is not None}}


def _refuse_unknown(properties: Mapping[str, object]) -> None:
    """Raises ``TypeError`` for an argument that no callout has, as Python does; a whole ``body`` may have any."""
    for name in properties:
        if name not in PROPERTIES:
            meant = did_you_mean(name, (*_ARGUMENTS, *PROPERTIES)) or "body={...} sends whatever you like"
            raise TypeError(f"callout() has no argument {name!r}; {meant}")


def fault_rule(on: str, rule: Mapping[str, object]) -> Json:
    """Writes a fault rule. Raises ``TypeError`` for an argument that no rule has."""
    for name in rule:
        if name not in _RULE:
            meant = did_you_mean(name, _RULE) or f"known are {', '.join(_RULE)}"
            raise TypeError(f"fault() has no argument {name!r}; {meant}")
    match = {_MATCHES[name]: value for name, value in rule.items() if name in _MATCHES and value is not None}
    does = {_DOES[name]: value for name, value in rule.items() if name in _DOES and value not in (None, False)}
    counted = {name: rule[name] for name in _COUNTS if rule.get(name) is not None}
    return {"on": on, "match": match, "do": does, **counted}


def seconds_of(seconds: float, minutes: float, hours: float) -> float:
    """Adds up how many seconds that is; raises ``SimulatorError`` for what is no number."""
    for name, value in (("seconds", seconds), ("minutes", minutes), ("hours", hours)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SimulatorError(f"{name}: {value!r} is no number")
    return seconds + 60 * minutes + 3600 * hours


def _kind_of(to: object) -> str:
    if not isinstance(to, str):
        raise SimulatorError(f"to: {to!r} is no text; expected a number, a user name or a SIP address")
    if "@" in to:
        return "sip"
    return "number" if to.lstrip("+").isdigit() else "username"


def _headers(headers: Mapping[str, str] | None) -> list[dict[str, str]] | None:
    return None if headers is None else [{"key": key, "value": value} for key, value in headers.items()]
