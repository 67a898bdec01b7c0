"""What a customCallout brings for each event: SVAML of its own, or a URL to ask (docs/platform/rest.md#3.4)."""

import json
from urllib.parse import urlsplit

from attrs import evolve, field

from sinch_simulator.core.diagnostics import Diagnostic, Severity
from sinch_simulator.core.errors import ApiError, ErrorCode
from sinch_simulator.core.schema.request_fields import Properties, refused
from sinch_simulator.core.values import frozen
from sinch_simulator.products.voice.events import CallbackEvent
from sinch_simulator.products.voice.svaml.model import Continue, Svaml, SvamlContext
from sinch_simulator.products.voice.svaml.reading import Reading, read_inline

_EXPECTED = "SVAML as a string that starts with {, or an http(s) URL"
_CONTEXTS = {
    "ice": (CallbackEvent.ICE, SvamlContext.ICE),
    "ace": (CallbackEvent.ACE, SvamlContext.ACE),
    "pie": (CallbackEvent.PIE, SvamlContext.PIE),
    "dice": (CallbackEvent.DICE, SvamlContext.DICE),
}


@frozen
class Replies:
    """Per event the inline document, or the URL; an event in neither goes to the application's callback URL."""

    documents: dict[CallbackEvent, Svaml] = field(factory=dict)
    urls: dict[CallbackEvent, str] = field(factory=dict)


def read_replies(body: Properties) -> Replies:
    """The ``ice``, ``ace``, ``pie`` and ``dice`` of a customCallout; blank and null count as absent."""
    replies = Replies()
    for name, (event, context) in _CONTEXTS.items():
        value = body.values.get(name)
        if isinstance(value, dict):
            body.warn(
                "SVAML_NOT_STRING",
                name,
                f"An object is taken for {name}; the platform documents a string of escaped JSON.",
                "send the document as a string",
            )
            replies.documents[event] = _legal(body, name, read_inline(_escaped(body, name, value), context))
        elif (written := (body.text(name, _EXPECTED) or "").strip()).startswith("{"):
            replies.documents[event] = _legal(body, name, read_inline(written, context))
        elif written:
            replies.urls[event] = _url(body, name, written)
    return replies


def _escaped(body: Properties, name: str, document: dict[str, object]) -> str:
    """The text that the app should have sent in place of an object."""
    try:
        return json.dumps(document)
    except RecursionError:
        raise refused(body.within(name), document, _EXPECTED) from None


def _url(body: Properties, name: str, written: str) -> str:
    if written.lower().startswith(("http://", "https://")) and _has_host(written):
        return written
    raise refused(body.within(name), written, _EXPECTED)


def _has_host(url: str) -> bool:
    if " " in url or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _legal(body: Properties, name: str, reading: Reading) -> Svaml:
    """The document, or the 40001 that says what is wrong with it, and where."""
    path = body.within(name)
    first = next((found for found in reading.diagnostics if _refusable(found)), None)
    if first is not None:
        place = f"{first.path}: " if first.path else ""
        why = first.message if first.severity is Severity.ERROR else "The document is not JSON."
        message = f"Invalid parameter '{path}': {place}{why}"
        raise ApiError(ErrorCode.INVALID_PARAMETER, message, hint=first.hint, path=_moved(first, path).path)
    body.diagnostics.extend(_moved(found, path) for found in reading.diagnostics)
    # Nothing to obey, as in the reply to DiCE, is still a reply: no callback goes out for the event.
    return reading.svaml or Svaml(Continue())


def _refusable(found: Diagnostic) -> bool:
    """Whether a finding refuses a request. A reply to DiCE may be anything, but an inline document must be JSON."""
    return found.severity is Severity.ERROR or found.code == "NOT_JSON"


def _moved(found: Diagnostic, path: str) -> Diagnostic:
    return evolve(found, path=f"{path}.{found.path}" if found.path else path)
